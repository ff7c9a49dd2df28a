#include "driver/kea/kea_configuration.h"

#include "base/strings.h"
#include "driver/kea/json_fields.h"
#include "driver/kea/kea_answer.h"
#include "driver/kea/kea_scopes.h"
#include "driver/kea/kea_secrets.h"

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <iterator>

namespace ipam::driver::kea {
namespace json = boost::json;

namespace {

constexpr std::string_view kCommand = "config-get";
constexpr std::string_view kEmptyArray = "[]";

// "memfile /var/lib/kea/kea-leases4.csv", "postgresql kea@db1:5432".
Result<std::string> read_lease_database(const json::object& server) {
  const json::value* value = find_field(server, "lease-database");
  if (value == nullptr) return std::string("memfile");
  const json::object* database = IPAM_TRY(as_object(*value, "\"lease-database\""));
  std::string text(IPAM_TRY(optional_text_field(*database, "type")));
  const std::string_view name = IPAM_TRY(optional_text_field(*database, "name"));
  const std::string_view host = IPAM_TRY(optional_text_field(*database, "host"));
  if (!name.empty()) text += fmt::format(" {}", name);
  if (text.starts_with("memfile")) {
    const json::value* persist = find_field(*database, "persist");
    if (persist != nullptr && persist->is_bool() && !persist->get_bool()) text = "memfile without a file";
  } else {
    text += fmt::format("@{}", host.empty() ? "localhost" : host);
    const json::value* port = find_field(*database, "port");
    if (port != nullptr && port->is_int64() && port->get_int64() > 0) text += fmt::format(":{}", port->get_int64());
  }
  if (!is_clean_text(text)) return Error(ErrorCode::Malformed, "\"lease-database\" has control characters");
  return shorten(text, 2 * kQuotedBytes);
}

// The parameter "high-availability" of the hook library libdhcp_ha.so: an array of one relationship (Kea 2.5 and later: several).
Result<std::string> read_high_availability(const json::object& server) {
  for (const json::value& item : *IPAM_TRY(array_field(server, "hooks-libraries"))) {
    const json::object* hook = IPAM_TRY(as_object(item, "a hook library"));
    if (IPAM_TRY(optional_text_field(*hook, "library")).find("libdhcp_ha.") == std::string_view::npos) continue;
    const json::value* parameters = find_field(*hook, "parameters");
    if (parameters == nullptr || !parameters->is_object()) continue;
    return json::serialize(*IPAM_TRY(array_field(parameters->get_object(), "high-availability")));
  }
  return std::string();
}

Result<ObservedDhcpServer> read_server(const json::object& server) {
  ObservedDhcpServer observed;
  observed.options = json::serialize(*IPAM_TRY(array_field(server, "option-data")));
  observed.option_definitions = json::serialize(*IPAM_TRY(array_field(server, "option-def")));
  observed.client_classes = json::serialize(*IPAM_TRY(array_field(server, "client-classes")));
  observed.high_availability = IPAM_TRY(read_high_availability(server));
  observed.lease_database = IPAM_TRY(read_lease_database(server));
  return observed;
}

Result<ObservedConfiguration> read(Service service, const json::object& server, const Limits& limits) {
  ObservedConfiguration configuration;
  configuration.server = IPAM_TRY(read_server(server));
  ScopeReader reader(service, limits);
  IPAM_TRY(reader.read_server(server));
  configuration.scopes = IPAM_TRY(reader.take_scopes());
  configuration.findings = reader.take_findings();
  return configuration;
}

// Both are what json::serialize makes of an array.
std::string join_arrays(const std::string& a, const std::string& b) {
  if (a.empty() || a == kEmptyArray) return b;
  if (b.empty() || b == kEmptyArray) return a;
  return a.substr(0, a.size() - 1) + "," + b.substr(1);
}

}  // namespace

Result<ObservedConfiguration> read_configuration(Service service, std::string_view answer, const Limits& limits) {
  Answer opened = IPAM_TRY(open_answer(service, kCommand, answer));
  json::object* arguments = opened.arguments.if_object();
  const std::string_view root = root_of(service);
  json::value* server = arguments == nullptr ? nullptr : arguments->if_contains(json::string_view(root));
  if (server == nullptr || !server->is_object()) {
    return Error(ErrorCode::Malformed,
                 fmt::format("{}: the answer has no \"{}\": it is not that of a Kea {} server", kCommand, root, protocol_of(service)));
  }
  // Before anything is read: neither the document nor an option can hold a secret then.
  remove_secrets(*server);
  auto configuration = read(service, server->get_object(), limits);
  if (!configuration.ok()) return located(std::move(configuration).error(), kCommand);
  // Kea's own hash (2.4 and later) beside the root is left out: it covers the secrets, and so would tell of their changes.
  configuration->document = fmt::format(R"({{"{}":{}}})", root, json::serialize(*server));
  return configuration;
}

Result<ObservedConfiguration> join_configurations(ObservedConfiguration version4, ObservedConfiguration version6, const Limits& limits) {
  const auto reservations = [](const ObservedConfiguration& configuration) {
    std::size_t count = 0;
    for (const ObservedScope& scope : configuration.scopes) count += scope.reservations.size();
    return count;
  };
  if (version4.scopes.size() + version6.scopes.size() > limits.scopes || reservations(version4) + reservations(version6) > limits.reservations) {
    return Error(ErrorCode::Malformed,
                 fmt::format("{}: the server has more than {} subnets or {} reservations, which is more than is read from one server", kCommand,
                             limits.scopes, limits.reservations));
  }
  ObservedConfiguration both = std::move(version4);
  both.server.options = join_arrays(both.server.options, version6.server.options);
  both.server.option_definitions = join_arrays(both.server.option_definitions, version6.server.option_definitions);
  both.server.client_classes = join_arrays(both.server.client_classes, version6.server.client_classes);
  both.server.high_availability = join_arrays(both.server.high_availability, version6.server.high_availability);
  both.server.lease_database += "; DHCPv6: " + version6.server.lease_database;
  both.scopes.insert(both.scopes.end(), std::make_move_iterator(version6.scopes.begin()), std::make_move_iterator(version6.scopes.end()));
  both.findings.insert(both.findings.end(), std::make_move_iterator(version6.findings.begin()), std::make_move_iterator(version6.findings.end()));
  // {"Dhcp4": …} and {"Dhcp6": …} become one object.
  both.document = both.document.substr(0, both.document.size() - 1) + "," + version6.document.substr(1);
  return both;
}

}  // namespace ipam::driver::kea
