#include "cli/api.h"

#include "base/strings.h"
#include "contract/common.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::cli {
namespace {

constexpr std::uint64_t kPage = 1000;

// What a status says when the body is no problem document: a proxy in between, or no IPAM server at all.
Error bare_status(int status) {
  const auto code = [&] {
    switch (status) {
      case 401: return ErrorCode::Unauthenticated;
      case 403: return ErrorCode::PermissionDenied;
      case 404: return ErrorCode::NotFound;
      case 412: return ErrorCode::FailedPrecondition;
      case 429: return ErrorCode::Overloaded;
      case 501: return ErrorCode::Unsupported;
      case 502:
      case 503: return ErrorCode::Unavailable;
      case 504: return ErrorCode::DeadlineExceeded;
      default: return status < 500 ? ErrorCode::Malformed : ErrorCode::Internal;
    }
  }();
  return {code, fmt::format("the server answered with HTTP status {} and no explanation; is this the address of an IPAM server?", status)};
}

// RFC 9457, section 3.1: every member may be left out.
struct Problem {
  std::optional<std::string> title;
  std::optional<std::string> code;
  std::optional<std::string> detail;
  std::optional<std::vector<contract::ProblemField>> errors;
  std::optional<std::string> request_id;
};
BOOST_DESCRIBE_STRUCT(Problem, (), (title, code, detail, errors, request_id))

Error problem_error(const Reply& reply) {
  const auto json = json::parse(reply.body);
  if (!json.ok()) return bare_status(reply.status);
  const auto problem = json::read_value<Problem>(*json, json::UnknownFields::Ignore);
  if (!problem.ok() || !problem->code) return bare_status(reply.status);
  Error error(error_code_row(*problem->code).code, problem->detail ? *problem->detail : problem->title.value_or(*problem->code));
  if (problem->request_id) error.detail = "request " + *problem->request_id;
  for (const auto& field : problem->errors.value_or(std::vector<contract::ProblemField>())) error.fields.push_back({field.pointer, field.detail});
  return error;
}

}  // namespace

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool unreserved =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
    out += unreserved ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
  }
  return out;
}

std::string target_of(std::string_view path, const Query& query) {
  std::string target(path);
  char separator = '?';
  for (const auto& [name, value] : query) {
    target += separator + percent_encoded(name) + '=' + percent_encoded(value);
    separator = '&';
  }
  return target;
}

Result<boost::json::value> Api::exchange(Call call) {
  const Reply reply = IPAM_TRY(connection_->send(std::move(call)));
  if (reply.status < 200 || reply.status > 299) return problem_error(reply);
  if (reply.status == 204 || reply.body.empty()) return boost::json::value(nullptr);
  auto json = json::parse(reply.body);
  if (!json.ok()) return Error(ErrorCode::Malformed, "the server answered with something other than JSON; is this the address of an IPAM server?");
  return json;
}

Result<boost::json::value> Api::get(std::string_view path, const Query& query) { return exchange({"GET", target_of(path, query), {}, {}}); }

void Api::add_context(Call& call) const {
  const auto header = [&](const char* name, const std::string& value) {
    if (!value.empty()) call.headers.emplace_back(name, value);
  };
  header("X-Change-Reason", context_.reason);
  header("X-Change-Reference", context_.reference);
  header("X-On-Behalf-Of", context_.on_behalf_of);
  if (call.method == "POST") header("Idempotency-Key", context_.idempotency_key);
}

Result<boost::json::value> Api::try_out(Call call) {
  call.target += call.target.find('?') == std::string::npos ? "?dry_run=true" : "&dry_run=true";
  auto told = IPAM_TRY(exchange(std::move(call)));
  const auto* answer = told.if_object();
  // A server that knows no dry runs has done it.
  if (answer == nullptr || !answer->contains("result") || !answer->contains("dry_run")) {
    return Error(ErrorCode::Malformed, "the server's answer is not that of a dry run");
  }
  return told;
}

Result<boost::json::value> Api::write(std::string method, std::string_view path, std::string body) {
  Call call{std::move(method), std::string(path), std::move(body), {}};
  add_context(call);
  if (context_.effect == Effect::Write) return exchange(std::move(call));
  dry_runs_.push_back(IPAM_TRY(try_out(std::move(call))));
  return dry_runs_.back().at("result");
}

Result<boost::json::value> Api::upload(std::string_view path, const Query& query, FileBody file, std::string_view content_type) {
  Call call{"POST", target_of(path, query), {}, {{"Content-Type", std::string(content_type)}}, std::move(file)};
  add_context(call);
  if (context_.effect == Effect::Write) return exchange(std::move(call));
  const auto told = IPAM_TRY(try_out(std::move(call)));
  return told.at("result");
}

Result<void> Api::stream(std::string_view path, const Query& query, const std::optional<std::string>& last_id,
                         const std::function<Result<bool>(std::string_view)>& take) {
  Call call{"GET", target_of(path, query), {}, {}};
  if (last_id) call.headers.emplace_back("Last-Event-ID", *last_id);
  const Reply reply = IPAM_TRY(connection_->stream(std::move(call), take));
  if (reply.status < 200 || reply.status > 299) return problem_error(reply);
  return {};
}

Result<Api::ListResult> Api::list(std::string_view path, Query query, std::optional<std::uint64_t> limit,
                                  const std::function<Result<void>(const boost::json::value&)>& take) {
  ListResult result;
  const std::size_t own = query.size();
  std::string cursor;
  while (true) {
    query.resize(own);
    const std::uint64_t wanted = limit ? std::min(kPage, *limit - result.shown) : kPage;
    query.emplace_back("limit", std::to_string(std::max<std::uint64_t>(wanted, 1)));
    if (!cursor.empty()) query.emplace_back("cursor", cursor);
    const boost::json::value json = IPAM_TRY(get(path, query));
    const auto* object = json.if_object();
    const auto* items = object != nullptr ? object->if_contains("items") : nullptr;
    if (items == nullptr || !items->is_array()) return Error(ErrorCode::Malformed, "the server's answer is not a list");
    if (const auto* total = object->if_contains("total"); total != nullptr && total->is_int64()) {
      result.total = static_cast<std::uint64_t>(total->get_int64());
    }
    for (const auto& item : items->get_array()) {
      if (limit && result.shown == *limit) return result;
      IPAM_TRY(take(item));
      ++result.shown;
    }
    const auto* next = object->if_contains("next_cursor");
    if (next == nullptr || !next->is_string() || (limit && result.shown >= *limit)) return result;
    if (std::string_view(next->get_string()) == cursor)
      return Error(ErrorCode::Malformed, "the server's list does not end: it gave the same cursor twice");
    cursor = std::string_view(next->get_string());
  }
}

}  // namespace ipam::cli
