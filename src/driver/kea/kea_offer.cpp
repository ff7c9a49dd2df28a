#include "driver/kea/kea_offer.h"

#include "base/strings.h"
#include "driver/kea/json_fields.h"
#include "driver/kea/kea_answer.h"

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <iterator>

namespace ipam::driver::kea {
namespace json = boost::json;

namespace {

constexpr std::size_t kMaxCommands = 4096;
constexpr std::size_t kMaxCommandBytes = 128;
constexpr std::size_t kMaxFindings = 20;

Result<std::vector<std::string>> command_list(const Answer& answer) {
  const json::array* items = answer.arguments.if_array();
  if (items == nullptr || items->size() > kMaxCommands) return Error(ErrorCode::Malformed, "there is no list of commands");
  std::vector<std::string> commands;
  commands.reserve(items->size());
  for (const json::value& item : *items) {
    const json::string* name = item.if_string();
    if (name == nullptr || name->size() > kMaxCommandBytes) return Error(ErrorCode::Malformed, "a command's name is no text");
    commands.emplace_back(name->data(), name->size());
  }
  std::sort(commands.begin(), commands.end());
  return commands;
}

}  // namespace

Result<std::vector<std::string>> read_commands(Service service, std::string_view answer) {
  constexpr std::string_view kCommand = "list-commands";
  auto commands = command_list(IPAM_TRY(open_answer(service, kCommand, answer)));
  if (!commands.ok()) return located(std::move(commands).error(), kCommand);
  return commands;
}

Result<std::string> read_version(Service service, std::string_view answer) {
  const Answer opened = IPAM_TRY(open_answer(service, "version-get", answer));
  const std::string_view version = trim(opened.text);
  if (version.empty() || version.size() > 100 || !is_clean_text(version))
    return Error(ErrorCode::Malformed, "version-get: the answer names no version");
  return std::string(version);
}

Result<std::vector<std::string>> read_status(Service service, std::string_view answer) {
  const Answer opened = IPAM_TRY(open_answer(service, "status-get", answer));
  std::vector<std::string> findings;
  const json::object* status = opened.arguments.if_object();
  const json::value* sockets = status == nullptr ? nullptr : find_field(*status, "sockets");
  if (sockets == nullptr || !sockets->is_object()) return findings;  // Kea before 2.0 does not tell
  const auto errors = array_field(sockets->get_object(), "errors");
  if (!errors.ok()) return located(errors.error(), "status-get");
  for (const json::value& item : **errors) {
    const json::string* text = item.if_string();
    if (text == nullptr || findings.size() == kMaxFindings) continue;
    findings.push_back(fmt::format("{} does not listen everywhere (\"{}\"); correct its \"interfaces-config\"", program_of(service),
                                   shorten(std::string_view(text->data(), text->size()), kQuotedBytes)));
  }
  return findings;
}

bool is_alone(std::string_view answer) { return trim(answer).starts_with('{'); }

Result<bool> has_statistic(Service service, std::string_view answer, std::string_view name) {
  const Answer opened = IPAM_TRY(open_answer(service, "statistic-get", answer));
  const json::object* arguments = opened.arguments.if_object();
  return arguments != nullptr && find_field(*arguments, name) != nullptr;
}

bool offers(const std::vector<std::string>& commands, std::string_view command) {
  return std::binary_search(commands.begin(), commands.end(), command, std::less<>());
}

ProbeReport report_on(Service service, const std::vector<std::string>& commands) {
  ProbeReport report;
  const auto capability = [&](bool present, std::string name, std::string finding) {
    if (present) {
      report.capabilities.push_back(std::move(name));
    } else {
      report.findings.push_back(fmt::format("{}: {}", name_of(service), finding));
    }
  };
  const auto command = [&](std::string_view pattern) { return command_of(service, pattern); };
  capability(offers(commands, "config-get"), "configuration", "config-get is not offered: scopes cannot be read; allow the user this command");
  capability(offers(commands, command("lease{}-get-page")) || offers(commands, command("lease{}-get-all")), "leases",
             fmt::format("leases cannot be read; {}", remedy_for_missing(command("lease{}-get-page"))));
  capability(offers(commands, "statistic-get-all") || offers(commands, command("stat-lease{}-get")), "statistics",
             "statistic-get-all is not offered: the server's own counters cannot be read; allow the user this command");
  capability(offers(commands, command("stat-lease{}-get")), "statistics_recount",
             fmt::format("counters are those that this server keeps, which other servers of a shared lease database do not add to; {}",
                         remedy_for_missing(command("stat-lease{}-get"))));
  const std::vector<std::string_view> writing{"config-get", "config-test", "config-set", "config-write"};
  const bool can_change = std::all_of(writing.begin(), writing.end(), [&](std::string_view each) { return offers(commands, each); });
  capability(can_change, "reservation-changes", "reservations cannot be changed: config-test, config-set and config-write are needed; allow them");
  std::sort(report.capabilities.begin(), report.capabilities.end());
  return report;
}

ProbeReport join_reports(ProbeReport first, ProbeReport second) {
  std::vector<std::string> both;
  std::set_intersection(first.capabilities.begin(), first.capabilities.end(), second.capabilities.begin(), second.capabilities.end(),
                        std::back_inserter(both));
  first.capabilities = std::move(both);
  first.findings.insert(first.findings.end(), std::make_move_iterator(second.findings.begin()), std::make_move_iterator(second.findings.end()));
  if (!second.high_availability.empty()) {
    if (!first.high_availability.empty()) first.high_availability = "DHCPv4: " + first.high_availability + "; ";
    first.high_availability += "DHCPv6: " + second.high_availability;
  }
  return first;
}

}  // namespace ipam::driver::kea
