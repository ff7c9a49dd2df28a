#include "driver/kea/kea_answer.h"

#include "base/strings.h"
#include "driver/kea/json_fields.h"

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

namespace ipam::driver::kea {
namespace json = boost::json;

namespace {

// Result codes: section "Data Syntax"; 401 and 403 are the control agent's own.
constexpr std::int64_t kSuccess = 0;
constexpr std::int64_t kUnsupported = 2;
constexpr std::int64_t kEmpty = 3;
constexpr std::int64_t kUnauthorized = 401;
constexpr std::int64_t kForbidden = 403;

Error not_an_answer(std::string_view command, std::string_view why, std::string_view body) {
  return {ErrorCode::Malformed, fmt::format("{}: the answer is not one of Kea: {}; it begins with \"{}\"", command, why,
                                            is_clean_text(shorten(body, kQuotedBytes)) ? shorten(body, kQuotedBytes) : "(bytes that are no text)")};
}

Error refusal(Service service, std::string_view command, std::int64_t result, std::string_view text) {
  const std::string quoted = shorten(text, 2 * kQuotedBytes);
  if (result == kUnsupported) {
    return {ErrorCode::Unsupported,
            fmt::format("{}: the server does not offer this command (\"{}\"); {}", command, quoted, remedy_for_missing(command))};
  }
  if (result == kUnauthorized) return {ErrorCode::Unauthenticated, fmt::format("{}: the server refuses the credential (\"{}\")", command, quoted)};
  if (result == kForbidden) return {ErrorCode::PermissionDenied, fmt::format("{}: the server forbids this command (\"{}\")", command, quoted)};
  // Kea has no code for these two; its words have been the same since control agents exist.
  if (text.starts_with("unable to forward command")) {
    return {ErrorCode::Unavailable, fmt::format("{}: the control agent answers, but it cannot reach the {} server (\"{}\"); start {}, or correct "
                                                "its socket in the agent's \"control-sockets\"; take it out of there if this server has no {}",
                                                command, protocol_of(service), quoted, program_of(service), protocol_of(service))};
  }
  if (text.starts_with("forwarding socket is not configured")) {
    return {ErrorCode::Unsupported, fmt::format("{}: the control agent serves no {} server (\"{}\"); add \"{}\" to its \"control-sockets\"", command,
                                                protocol_of(service), quoted, name_of(service))};
  }
  return {ErrorCode::FailedPrecondition, fmt::format("{}: the server refuses (result {}): \"{}\"", command, result, quoted)};
}

}  // namespace

std::string question(Service service, std::string_view command, std::string_view arguments) {
  if (arguments.empty()) return fmt::format(R"({{"command":"{}","service":["{}"]}})", command, name_of(service));
  return fmt::format(R"({{"command":"{}","service":["{}"],"arguments":{}}})", command, name_of(service), arguments);
}

Result<Answer> open_answer(Service service, std::string_view command, std::string_view body) {
  json::error_code error;
  json::parse_options options;
  options.max_depth = 32;  // a configuration nests about ten deep, and user contexts are the administrator's own
  // The answer's values hold the resource: it lives as long as the last of them.
  json::value root = json::parse(body, error, json::make_shared_resource<json::monotonic_resource>(), options);
  if (error) return not_an_answer(command, "no JSON (" + error.message() + ")", body);
  json::value* item = &root;
  if (json::array* items = root.if_array()) {
    if (items->size() != 1) return not_an_answer(command, fmt::format("one item is expected, not {}", items->size()), body);
    item = &items->front();
  }
  json::object* object = item->if_object();
  if (object == nullptr) return not_an_answer(command, "an object is expected", body);
  const json::value* result = find_field(*object, "result");
  if (result == nullptr || !result->is_int64()) return not_an_answer(command, "there is no result code", body);
  const auto text = optional_text_field(*object, "text");
  if (!text.ok()) return located(text.error(), command);
  if (result->get_int64() != kSuccess && result->get_int64() != kEmpty) return refusal(service, command, result->get_int64(), *text);
  Answer answer{result->get_int64() == kEmpty ? Outcome::Empty : Outcome::Success, std::string(*text), json::value(object->storage())};
  if (json::value* arguments = object->if_contains("arguments")) answer.arguments = std::move(*arguments);
  return answer;
}

std::string_view remedy_for_missing(std::string_view command) {
  if (command.starts_with("lease4-")) return "load the hook library libdhcp_lease_cmds.so in kea-dhcp4's \"hooks-libraries\"";
  if (command.starts_with("lease6-")) return "load the hook library libdhcp_lease_cmds.so in kea-dhcp6's \"hooks-libraries\"";
  if (command.starts_with("stat-lease4-")) return "load the hook library libdhcp_stat_cmds.so in kea-dhcp4's \"hooks-libraries\"";
  if (command.starts_with("stat-lease6-")) return "load the hook library libdhcp_stat_cmds.so in kea-dhcp6's \"hooks-libraries\"";
  return "Kea 1.9 or later has it; if roles restrict the user, allow it this command";
}

}  // namespace ipam::driver::kea
