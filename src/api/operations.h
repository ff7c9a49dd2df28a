// What routes that start long work share: the answer 202 and the operation as an answer. Thread rule: pure functions.
#pragma once

#include "api/api.h"
#include "contract/long_work.h"

namespace ipam::api {

contract::Operation convert(const model::Operation& operation, const std::vector<model::OperationPart>& parts);
// 202 with the operation and its Location.
Reply accepted(const model::Operation& operation);
// Whether the client asks to be answered at once: "Prefer: respond-async" (RFC 7240, section 4.1).
bool wants_operation(const Call& call);

}  // namespace ipam::api
