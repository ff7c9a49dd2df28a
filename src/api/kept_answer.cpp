#include "api/kept_answer.h"

#include <fmt/format.h>

namespace ipam::api {
namespace {

Reply to_reply(service::Answer answer) {
  Reply reply{answer.status, std::move(answer.body), {}};
  for (auto& [name, value] : answer.headers) reply.with(std::move(name), std::move(value));
  return reply;
}

service::Answer to_answer(const Reply& reply) {
  service::Answer answer{reply.status, {}, reply.body};
  for (const auto& field : reply.headers) answer.headers.emplace_back(field.name, field.value);
  return answer;
}

// What the keeper itself refuses: only that the same request is under way is a conflict, and that passes.
Error told(Error error, http_server::CallerNote& note) {
  if (error.code == ErrorCode::Conflict) note.retry_after_seconds = service::AnswerKeeper::kRepeatAfterSeconds;
  return error;
}

}  // namespace

Result<void> check_takes_key(const Route& route) {
  if (route.method != "POST") {
    return Error(ErrorCode::Unsupported,
                 fmt::format("{} takes no Idempotency-Key: repeating it does no harm, and If-Match keeps it to what you have seen", route.method));
  }
  if (route.options.key == RequestKey::Refused) {
    return Error(ErrorCode::Unsupported,
                 fmt::format("POST {} takes no Idempotency-Key: its answer holds a secret, which is kept nowhere", route.path));
  }
  return {};
}

io::Task<Result<Reply>> answer_once(const Route* route, service::AnswerKeeper* keeper, Call call, std::string key) {
  if (keeper == nullptr) co_return Error(ErrorCode::Unsupported, "this server keeps no answers; send the request without Idempotency-Key");
  const auto note = call.note;
  auto begun = keeper->begin(call.principal, call.request.method, call.request.target, key, call.request.body);
  if (!begun.ok()) co_return told(std::move(begun).error(), *note);
  if (begun->answer) {
    Reply again = to_reply(*std::move(begun->answer));
    co_return again.with("X-Ipam-Repeated", "true");
  }
  const auto request = begun->request;
  call.exchange = request;
  call.change.exchange = request;
  auto reply = co_await route->handler(std::move(call));
  if (!reply.ok()) {
    const ErrorCode why = reply.error().code;
    Error error = keeper->explained(*request, std::move(reply).error());
    if (error.code == why) co_return error;
    co_return told(std::move(error), *note);
  }
  co_await keeper->finish(request, to_answer(*reply));
  co_return reply;
}

}  // namespace ipam::api
