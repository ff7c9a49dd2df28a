// Door: what every request passes before its route and after its answer: limits of how often a client may come, and the audit of refusals.
//
// An address is counted before it is known who calls, a user after that. Refused for its rate means 429 with Retry-After. Requests from the machine
// itself are not counted unless told otherwise: whoever is there can do worse. Thread rule: any thread; it outlives the HTTP server.
#pragma once

#include "http_server/server.h"
#include "service/access/rate_limiter.h"
#include "service/access/refusal_log.h"

#include <functional>

namespace ipam::api {

struct DoorOptions {
  service::Rate per_address{20'000, 80'000};
  service::Rate per_user{20'000, 80'000};
  bool limit_loopback = false;
};

class Door {
 public:
  using Admission = std::function<io::Task<Result<void>>(http_server::RequestContext&)>;

  Door(const Clock& clock, service::RefusalLog& refusals, const DoorOptions& options);

  // The limits around `inner`, which tells who calls.
  Admission admission(Admission inner);
  // For ServerOptions::on_finished.
  void finished(const http_server::FinishedRequest& request);

 private:
  static io::Task<Result<void>> admit(Door* door, const Admission* inner, http_server::RequestContext* context);

  service::RefusalLog& refusals_;
  const DoorOptions options_;
  service::RateLimiter addresses_;
  service::RateLimiter users_;
};

}  // namespace ipam::api
