#include "driver/kea/kea_high_availability.h"

#include "base/strings.h"
#include "driver/kea/json_fields.h"
#include "driver/kea/kea_answer.h"

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <array>

namespace ipam::driver::kea {
namespace json = boost::json;

namespace {

constexpr std::string_view kCommand = "status-get";
constexpr std::size_t kMostRelationships = 16;
constexpr std::size_t kMostScopes = 8;
constexpr std::size_t kMostNameBytes = 60;

// What a state that is none of everyday work means to an operator; the manual, "Server States".
struct StateFinding {
  std::string_view state;
  std::string_view finding;
};
constexpr std::array kStates{
    StateFinding{"partner-down", "the partner is down and this server serves alone; start the partner's DHCP server, or repair the way to it"},
    StateFinding{"communication-recovery",
                 "the partner does not answer; repair the way between the partners before this server takes over its clients"},
    StateFinding{"terminated",
                 "the partners no longer work together, for their clocks differ too much or they refuse each other's leases; set both "
                 "clocks, then restart both DHCP servers"},
    StateFinding{"waiting", "this server waits for its partner and serves no client; start the partner's DHCP server"},
    StateFinding{"in-maintenance", "this server is in maintenance and serves no client; end it with ha-maintenance-cancel"},
    StateFinding{"partner-in-maintenance", "the partner is in maintenance and this server serves alone; end it with ha-maintenance-cancel"},
};

std::string clean(std::string_view text) {
  const std::string name = shorten(text, kMostNameBytes);
  return is_clean_text(name) ? name : "(a name that is no text)";
}

Result<std::string> scopes_text(const json::object& server, std::string_view field) {
  std::vector<std::string> names;
  const json::array* scopes = IPAM_TRY(array_field(server, field));
  for (const json::value& item : *scopes) {
    if (names.size() == kMostScopes) break;
    if (const json::string* name = item.if_string()) names.push_back(clean(std::string_view(name->data(), name->size())));
  }
  if (names.empty()) return std::string("serves nothing");
  return "serves " + join(names, " and ") + (scopes->size() > names.size() ? " and more" : "");
}

// The state, as the manual names it.
Result<std::string> read_local(const json::object& server, std::string& text) {
  std::string state = clean(IPAM_TRY(text_field(server, "state")));
  text += fmt::format("{} in state {}, {}", clean(IPAM_TRY(optional_text_field(server, "role"))), state, IPAM_TRY(scopes_text(server, "scopes")));
  return state;
}

// Whether the partner is heard of.
Result<bool> read_remote(const json::object& server, std::string& text) {
  const std::string state = clean(IPAM_TRY(optional_text_field(server, "last-state")));
  text += fmt::format("; partner: {} in state {}, {}", clean(IPAM_TRY(optional_text_field(server, "role"))), state.empty() ? "unknown" : state,
                      IPAM_TRY(scopes_text(server, "last-scopes")));
  const json::value* interrupted = find_field(server, "communication-interrupted");
  const json::value* in_touch = find_field(server, "in-touch");
  const bool lost = interrupted != nullptr && interrupted->is_bool() && interrupted->get_bool();
  return !lost && (in_touch == nullptr || !in_touch->is_bool() || in_touch->get_bool());
}

Result<void> read_relationship(Service service, const json::value& item, HighAvailability& read) {
  const json::object* relationship = IPAM_TRY(as_object(item, "a relationship"));
  const json::value* servers = find_field(*relationship, "ha-servers");
  if (servers == nullptr) return Error(ErrorCode::Malformed, "field \"ha-servers\" is missing");
  const json::object* both = IPAM_TRY(as_object(*servers, "\"ha-servers\""));
  const json::value* local = find_field(*both, "local");
  if (local == nullptr) return Error(ErrorCode::Malformed, "field \"local\" is missing");
  std::string text = clean(IPAM_TRY(optional_text_field(*relationship, "ha-mode"))) + ": ";
  const std::string state = IPAM_TRY(read_local(*IPAM_TRY(as_object(*local, "\"local\"")), text));
  bool heard = true;
  // A server with backups alone has no partner.
  if (const json::value* remote = find_field(*both, "remote")) heard = IPAM_TRY(read_remote(*IPAM_TRY(as_object(*remote, "\"remote\"")), text));
  if (!heard) text += ", not heard of";
  if (!read.state.empty()) read.state += "; ";
  read.state += text;
  const auto known = std::find_if(kStates.begin(), kStates.end(), [&](const StateFinding& entry) { return entry.state == state; });
  if (known != kStates.end()) {
    read.findings.push_back(fmt::format("{}: high availability: state {}: {}", name_of(service), state, known->finding));
  } else if (!heard) {
    read.findings.push_back(fmt::format("{}: high availability: the partner does not answer; repair the way between the partners", name_of(service)));
  }
  return {};
}

Result<HighAvailability> read(Service service, const Answer& answer) {
  HighAvailability read;
  const json::object* status = answer.arguments.if_object();
  if (status == nullptr) return read;
  const json::array* relationships = IPAM_TRY(array_field(*status, "high-availability"));
  if (relationships->size() > kMostRelationships) return Error(ErrorCode::Malformed, "there are more partners than are read");
  for (const json::value& item : *relationships) IPAM_TRY(read_relationship(service, item, read));
  return read;
}

}  // namespace

Result<HighAvailability> read_high_availability_status(Service service, std::string_view answer) {
  auto status = read(service, IPAM_TRY(open_answer(service, kCommand, answer)));
  if (!status.ok()) return located(std::move(status).error(), kCommand);
  return status;
}

}  // namespace ipam::driver::kea
