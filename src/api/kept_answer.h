// Requests with an Idempotency-Key: the glue between a route and service/idempotency. Thread rule: an I/O executor.
#pragma once

#include "api/route.h"

namespace ipam::api {

// Errors: Unsupported (not a POST; its answer holds a secret).
Result<void> check_takes_key(const Route& route);

// Serves the call, or answers what was answered before, with X-Ipam-Repeated: true. While the first one is under way: Conflict, with the time to wait
// in the call's note.
io::Task<Result<Reply>> answer_once(const Route* route, service::AnswerKeeper* keeper, Call call, std::string key);

}  // namespace ipam::api
