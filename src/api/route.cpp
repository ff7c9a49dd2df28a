#include "api/route.h"

#include <fmt/format.h>

namespace ipam::api {
namespace {

constexpr std::size_t kMaxHeaderText = 1'000;

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

wire::http1::Response to_response(Reply reply) {
  wire::http1::Response response;
  response.status = reply.status;
  for (wire::http1::Field& field : reply.headers) response.headers.add(std::move(field.name), std::move(field.value));
  if (!reply.body.empty()) response.headers.set("Content-Type", "application/json");
  response.body = std::move(reply.body);
  return response;
}

io::Task<Result<Reply>> call_handler(const Route* route, service::AccessService* access, http_server::RequestContext context) {
  Call call;
  IPAM_CO_TRY(call.change, change_of(context));
  if (route->caller == Caller::SignedIn) {
    IPAM_CO_TRY(call.bearer, bearer_of(context.request.headers));
    IPAM_CO_TRY(call.principal, access->authenticate(call.bearer));
  }
  call.context = std::move(context);
  co_return co_await route->handler(std::move(call));
}

io::Task<wire::http1::Response> serve(const Route* route, service::AccessService* access, http_server::RequestContext context) {
  const std::string request_id = context.request_id;
  auto reply = co_await call_handler(route, access, std::move(context));
  if (reply.ok()) co_return to_response(std::move(*reply));
  wire::http1::Response response = http_server::problem_response(reply.error(), request_id);
  if (reply.error().code == ErrorCode::Unauthenticated) response.headers.set("WWW-Authenticate", "Bearer");
  co_return response;
}

}  // namespace

std::string Call::path(std::string_view name) const {
  const auto found = context.path.find(std::string(name));
  return found == context.path.end() ? std::string() : found->second;
}

Result<std::optional<std::uint64_t>> Call::expected_revision() const {
  const auto value = context.request.headers.find("If-Match");
  if (!value) return std::optional<std::uint64_t>{};
  std::string_view text = trim(*value);
  if (text == "*") return std::optional<std::uint64_t>{};
  if (text.size() > 2 && text.front() == '"' && text.back() == '"') {
    if (const auto revision = parse_integer<std::uint64_t>(text.substr(1, text.size() - 2))) return revision;
  }
  return Error(ErrorCode::InvalidArgument, "header If-Match must be an ETag as this server gave it, in quotes");
}

Result<void> Call::check_content_type() const {
  const auto type = context.request.headers.find("Content-Type");
  if (!type) return {};
  const std::string media = to_lower(trim(type->substr(0, type->find(';'))));
  if (media == "application/json" || media == "application/merge-patch+json") return {};
  return Error(ErrorCode::InvalidArgument, fmt::format("the body must be application/json, not {}", shorten(media, 60)));
}

void Routes::add(std::string method, std::string path, CallHandler handler, Caller caller) {
  routes_.push_back({std::move(method), std::move(path), caller, std::move(handler)});
}

void Routes::install(http_server::Router& router, service::AccessService& access) const {
  for (const Route& route : routes_) {
    http_server::RouteOptions options;
    options.body_bytes = route.body_bytes;
    router.add(
        route.method, route.path, [&route, &access](http_server::RequestContext context) { return serve(&route, &access, std::move(context)); },
        options);
  }
}

}  // namespace ipam::api
