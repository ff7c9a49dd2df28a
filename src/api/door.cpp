#include "api/door.h"

#include "ip/loopback.h"
#include "service/access/sign_in_guard.h"

namespace ipam::api {
namespace {

bool is_of_this_machine(const std::string& text) {
  const auto address = ip::Address::parse(text);
  return address.ok() && ip::is_loopback(address->unmapped());
}

}  // namespace

Door::Door(const Clock& clock, service::RefusalLog& refusals, const DoorOptions& options)
    : refusals_(refusals), options_(options), addresses_(clock, options.per_address, "this address"), users_(clock, options.per_user, "this user") {}

Door::Admission Door::admission(Admission inner) {
  auto shared = std::make_shared<const Admission>(std::move(inner));  // shared with the server, which copies what it is given
  return [this, shared](http_server::RequestContext& context) { return admit(this, shared.get(), &context); };
}

io::Task<Result<void>> Door::admit(Door* door, const Admission* inner, http_server::RequestContext* context) {
  const std::string& address = context->peer.address;
  const bool limited = door->options_.limit_loopback || !is_of_this_machine(address);
  if (limited) {
    IPAM_CO_CHECK(door->addresses_.take(service::counted_address(address), &context->note->retry_after_seconds));
  }
  IPAM_CO_CHECK(co_await (*inner)(*context));
  if (limited && !context->note->name.empty()) {
    IPAM_CO_CHECK(door->users_.take(context->note->name, &context->note->retry_after_seconds));
  }
  co_return Result<void>();
}

void Door::finished(const http_server::FinishedRequest& request) {
  const bool refused = request.status == 401 || request.status == 403 || request.status == 429;
  if (!refused || request.failure == nullptr) return;
  refusals_.record(
      {request.status, request.caller, request.peer.address, request.method, request.route, request.failure->message, request.request_id});
}

}  // namespace ipam::api
