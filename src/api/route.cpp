#include "api/route.h"

#include "api/dry_run.h"
#include "api/kept_answer.h"
#include "api/session_cookie.h"

#include <fmt/format.h>

namespace ipam::api {
namespace {

constexpr std::size_t kMaxHeaderText = 1'000;
// How long a read waits for a change of another node.
constexpr Duration kAtLeastPatience = std::chrono::seconds(1);

std::string header(const wire::http1::Headers& headers, std::string_view name) {
  const auto value = headers.find(name);
  return value ? std::string(trim(*value)) : std::string();
}

// "Bearer …" (RFC 6750, section 2.1). Errors: Unauthenticated.
Result<Secret> bearer_of(const wire::http1::Headers& headers) {
  const std::string text = header(headers, "Authorization");
  constexpr std::string_view kScheme = "bearer ";
  if (text.size() <= kScheme.size() || !equals_ignoring_case(std::string_view(text).substr(0, kScheme.size()), kScheme)) {
    return Error(ErrorCode::Unauthenticated, "sign in first: POST /api/v1/sessions gives a token for \"Authorization: Bearer …\"");
  }
  return Secret(std::string(trim(std::string_view(text).substr(kScheme.size()))));
}

// The bearer, or else the session of a browser. Errors: Unauthenticated, PermissionDenied.
Result<Secret> session_of(const wire::http1::Request& request) {
  if (!request.headers.contains("Authorization")) {
    if (auto cookie = IPAM_TRY(cookie_session(request))) return *std::move(cookie);
  }
  return bearer_of(request.headers);
}

Result<model::ChangeContext> change_of(const http_server::RequestContext& context) {
  model::ChangeContext change;
  change.request_id = context.request_id;
  const wire::http1::Headers& headers = context.request.headers;
  for (const auto& [name, field] :
       {std::pair{"X-Change-Reason", &change.reason}, {"X-Change-Reference", &change.change_reference}, {"X-On-Behalf-Of", &change.on_behalf_of}}) {
    *field = header(headers, name);
    if (field->size() > kMaxHeaderText || !is_clean_text(*field)) {
      return Error(ErrorCode::InvalidArgument, fmt::format("header {} must be UTF-8 text of at most {} bytes", name, kMaxHeaderText));
    }
  }
  return change;
}

// The change that a read must have seen, as a write on any server answered it in X-Ipam-Sequence; 0 for none. Errors: InvalidArgument.
Result<std::uint64_t> at_least_of(const http_server::RequestContext& context) {
  if (context.request.method != "GET") return std::uint64_t{0};
  const std::string text = header(context.request.headers, "At-Least");
  if (text.empty()) return std::uint64_t{0};
  const auto sequence = parse_integer<std::uint64_t>(text);
  if (!sequence) return Error(ErrorCode::InvalidArgument, "header At-Least must be a number as X-Ipam-Sequence gave it");
  return *sequence;
}

http_server::Response to_response(Reply reply) {
  http_server::Response response;
  response.status = reply.status;
  for (wire::http1::Field& field : reply.headers) response.headers.add(std::move(field.name), std::move(field.value));
  if (!reply.body.empty() && !response.headers.contains("Content-Type")) response.headers.set("Content-Type", "application/json");
  response.body = std::move(reply.body);
  response.source = std::move(reply.source);
  return response;
}

io::Task<Result<http_server::Response>> serve_stream(const Route* route, Call call) {
  IPAM_CO_TRY(auto source, co_await route->stream(std::move(call)));
  http_server::Response response;
  response.headers.set("Content-Type", "text/event-stream");
  // Proxies that gather an answer before they pass it on would make a stream useless.
  response.headers.set("X-Accel-Buffering", "no");
  response.source = std::move(source);
  co_return response;
}

io::Task<Result<http_server::Response>> serve(const Route* route, service::AnswerKeeper* keeper, Call call) {
  if (route->stream) co_return co_await serve_stream(route, std::move(call));
  const std::string key = header(call.request.headers, "Idempotency-Key");
  if (!key.empty() && !call.exchange) {
    IPAM_CO_TRY(Reply kept, co_await answer_once(route, keeper, std::move(call), key));
    co_return to_response(std::move(kept));
  }
  const auto exchange = call.exchange;
  IPAM_CO_TRY(Reply reply, co_await route->handler(std::move(call)));
  if (exchange && exchange->mode() == ledger::Exchange::Mode::DryRun) reply = dry_run_reply(reply, exchange->would_be());
  co_return to_response(std::move(reply));
}

// Held by the call until it is answered.
Result<std::shared_ptr<void>> take_place(const Route& route) {
  if (route.options.at_once == 0) return std::shared_ptr<void>();
  auto served = route.served;
  if (served->fetch_add(1) >= route.options.at_once) {
    served->fetch_sub(1);
    return Error(ErrorCode::Overloaded, fmt::format("{} {} serves {} requests at once; nothing was changed. Try again in a moment", route.method,
                                                    route.path, route.options.at_once));
  }
  return std::shared_ptr<void>(served.get(), [served](void*) { served->fetch_sub(1); });
}

// Who calls is decided when the header is there, before a body is read: nobody can make the server keep one without a valid bearer.
Result<Call> admitted(const Route& route, service::AccessService& access, const http_server::RequestContext& context) {
  Call call;
  call.peer = context.peer.address;
  call.note = context.note;
  call.change = IPAM_TRY(change_of(context));
  // Whoever sends it relies on it: passing over it would make two of what is wanted once.
  if (context.request.headers.contains("Idempotency-Key")) IPAM_TRY(check_takes_key(route));
  if (IPAM_TRY(asks_for_dry_run(route, context.request.query))) {
    call.exchange = std::make_shared<ledger::Exchange>(ledger::Exchange::Mode::DryRun);
    call.change.exchange = call.exchange;
  }
  if (route.options.caller == Caller::SignedIn) {
    call.bearer = IPAM_TRY(session_of(context.request));
    call.principal = IPAM_TRY(access.authenticate(call.bearer));
    call.note->name = call.principal.user_name;
  }
  call.place = IPAM_TRY(take_place(route));
  return call;
}

}  // namespace

std::string Call::path(std::string_view name) const {
  for (const auto& [parameter, value] : parameters) {
    if (parameter == name) return value;
  }
  return {};
}

Result<Secret> Call::read_bearer() const { return bearer_of(request.headers); }

Result<std::optional<std::uint64_t>> Call::expected_revision() const {
  const auto value = request.headers.find("If-Match");
  if (!value) return std::optional<std::uint64_t>{};
  std::string_view text = trim(*value);
  if (text == "*") return std::optional<std::uint64_t>{};
  if (text.size() > 2 && text.front() == '"' && text.back() == '"') {
    if (const auto revision = parse_integer<std::uint64_t>(text.substr(1, text.size() - 2))) return revision;
  }
  return Error(ErrorCode::InvalidArgument, "header If-Match must be an ETag as this server gave it, in quotes");
}

void Routes::add(std::string method, std::string path, CallHandler handler, const RouteOptions& options) {
  routes_.push_back({std::move(method), std::move(path), options, std::move(handler), {}});
}

void Routes::add_upload(std::string method, std::string path, OpenUpload open, CallHandler handler, const RouteOptions& options) {
  routes_.push_back({std::move(method), std::move(path), options, std::move(handler), {}, std::move(open)});
}

void Routes::add_stream(std::string path, StreamHandler handler) { routes_.push_back({"GET", std::move(path), {}, {}, std::move(handler)}); }

void Routes::add(std::string method, std::string path, CallHandler handler, Caller caller) {
  RouteOptions options;
  options.caller = caller;
  add(std::move(method), std::move(path), std::move(handler), options);
}

http_server::Router Routes::router() const {
  http_server::Router router;
  for (const Route& route : routes_) {
    http_server::Handler handler = [&route, keeper = keeper_](http_server::RequestContext& context) {
      Call call = std::any_cast<Call>(std::move(context.caller));
      call.request = std::move(context.request);
      call.parameters = std::move(context.parameters);
      if (call.upload) call.request.body = call.upload->fingerprint();
      return serve(&route, keeper, std::move(call));
    };
    std::vector<std::string> media_types{"application/json"};
    if (route.open_upload) media_types.clear();
    if (route.method == "PATCH") media_types.emplace_back("application/merge-patch+json");
    router.add({.method = route.method,
                .path = route.path,
                .handler = std::move(handler),
                .body_limit = route.options.body_bytes,
                .media_types = std::move(media_types)});
  }
  return router;
}

std::function<io::Task<Result<void>>(http_server::RequestContext&)> Routes::admission(service::AccessService& access, ledger::Ledger& ledger) const {
  return [this, &access, &ledger](http_server::RequestContext& context) { return admit(this, &access, &ledger, &context); };
}

io::Task<Result<void>> Routes::admit(const Routes* routes, service::AccessService* access, ledger::Ledger* ledger,
                                     http_server::RequestContext* context) {
  const Route* route = routes->find(context->route->method, context->route->path);
  IPAM_ASSERT(route != nullptr, "the router serves a route that the API does not know");
  IPAM_CO_TRY(Call call, admitted(*route, *access, *context));
  if (route->open_upload) {
    IPAM_CO_TRY(call.upload, route->open_upload(call, context->request.query));
    context->sink = call.upload;
  }
  context->caller = std::move(call);
  IPAM_CO_TRY(const std::uint64_t at_least, at_least_of(*context));
  if (at_least > 0) co_return co_await ledger->wait_for(at_least, io::Deadline::after(kAtLeastPatience));
  co_return Result<void>();
}

const Route* Routes::find(std::string_view method, std::string_view path) const {
  for (const Route& route : routes_) {
    if (route.method == method && route.path == path) return &route;
  }
  return nullptr;
}

}  // namespace ipam::api
