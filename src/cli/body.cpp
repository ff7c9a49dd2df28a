#include "cli/body.h"

#include "base/strings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace ipam::cli {
namespace {

struct OptionRow {
  std::string_view field, flags, placeholder, help;
};

// Fields that are not simply "--their-name TEXT".
constexpr std::array<OptionRow, 95> kOptions{{
    {"space", "--space", "NAME", "Address space, by name or id (Default)"},
    {"name", "--name", "NAME", "Name"},
    {"description", "--description", "TEXT", "Description"},
    {"owner", "--owner", "TEXT", "Who answers for it"},
    {"vlans", "--vlan,--vlans", "NUMBERS", "VLAN identifiers, with commas between"},
    {"subnet", "--subnet", "PREFIX", "The subnet that it lies in: made, where there is none around it"},
    {"vsid", "--vsid", "NUMBER", "Virtual subnet identifier"},
    {"cooldown_seconds", "--cooldown", "DURATION", "For how long a released address is not given again, such as 4h"},
    {"under_percent", "--under", "PERCENT", "From which utilization on it is underutilized"},
    {"over_percent", "--over", "PERCENT", "From which utilization on it is overutilized"},
    {"received_at", "--received", "WHEN", "When it came from its registry, such as 2020-01-31T00:00:00Z"},
    {"custom_fields", "--custom", "NAME=VALUE", "Custom fields, with semicolons between: 'Region=Emea;Tenant=ACME'; an empty value clears one"},
    {"provider", "--provider", "NAME", "Provider address space that carries a customer one"},
    {"assignment", "--assignment", "", "How addresses are given out"},
    {"gateways", "--gateway,--gateways", "ADDRESSES", "Default gateways, with commas between, each perhaps with its metric: 10.2.3.1@10"},
    {"dns_servers", "--dns-server,--dns-servers", "ADDRESSES", "DNS servers, with commas between"},
    {"dns_suffixes", "--dns-suffix,--dns-suffixes", "NAMES", "DNS suffixes, with commas between"},
    {"connection_suffix", "--connection-suffix", "NAME", "Connection-specific DNS suffix"},
    {"wins_servers", "--wins-server,--wins-servers", "ADDRESSES", "WINS servers, with commas between"},
    {"reserved", "--reserved", "RANGES", "Parts kept for a purpose, with commas between: 10.2.3.10-10.2.3.19"},
    {"vips", "--vip,--vips", "RANGES", "Virtual addresses of clusters, with commas between"},
    {"exclusions", "--exclude,--exclusions", "RANGES", "Parts that the range does not offer, with commas between"},
    {"reverse_zone", "--reverse-zone", "NAME", "Reverse lookup zone of its addresses"},
    {"assigned_at", "--assigned", "WHEN", "When the range was put to use"},
    {"stated_used", "--stated-used", "NUMBER", "Addresses in use as you state it, in place of what is counted"},
    {"asset_tag", "--asset-tag", "TEXT", "Asset tag of the device"},
    {"serial_number", "--serial-number", "TEXT", "Serial number of the device"},
    {"operating_system", "--operating-system,--os", "TEXT", "Operating system, name and version"},
    {"client_id", "--client-id", "HEX", "DHCP client identifier"},
    {"duid", "--duid", "HEX", "DUID of a DHCPv6 client"},
    {"iaid", "--iaid", "NUMBER", "Identity association of the DHCPv6 client"},
    {"field", "--field", "NAME", "Custom field"},
    {"text", "--text", "TEXT", "What it is called"},
    {"first_field", "--first-field", "NAME", "One custom field of kind choice"},
    {"second_field", "--second-field", "NAME", "The other"},
    {"pairs", "--pairs", "FIRST=SECOND", "Values that go together, with semicolons between"},
    {"values", "--values", "TEXTS", "What it may be, with commas between; makes it a choice"},
    {"fields", "--fields", "NAMES", "Custom fields of kind choice with commas between, the top of the tree first"},
    {"kind", "--kind", "", "Kind"},
    {"reserve", "--reserve", "MAC", "Make its DHCP reservation for this client too; all of it is undone where a part fails"},
    {"dhcp_server", "--dhcp-server", "NAME", "The DHCP server, where several have a scope there"},
    {"dns", "--dns", "", "Make the A or AAAA record of the name too, and its PTR record; all of it is undone where a part fails"},
    {"ptr", "--ptr,!--no-ptr", "", "Make the PTR record of the address too, or not"},
    {"zone", "--zone", "NAME", "The zone of the name, where several hold it"},
    {"dns_server", "--dns-server", "NAME", "The name server, where several are primary of the zone"},
    {"query", "--query", "QUERY", "What it asks for, such as 'utilization > 80 and site = London'"},
    {"words", "--words", "WORDS", "Words that must all be found"},
    {"columns", "--columns", "FIELDS", "The columns to show, with commas between"},
    {"sort", "--sort", "FIELDS", "Fields to sort by, with - before one to turn it round"},
    {"sharing", "--sharing", "", "Who sees it"},
    {"state", "--state", "", "Address state"},
    {"hardware_address", "--mac,--hardware-address", "MAC", "Hardware address"},
    {"range_id", "--range-id", "ID", "Range it is meant for; an address outside it is refused"},
    {"count", "--count", "N", "How many: all or none"},
    {"length", "--length", "N", "Prefix length of each new subnet"},
    {"prefixes", "--prefixes", "PREFIXES", "The parts, with commas between; what they leave out must be empty and is free afterwards"},
    {"prefix", "--prefix", "PREFIX", "Its new prefix"},
    {"max_lease_age_seconds", "--max-lease-age", "DURATION", "Refuse when leases that are relied on were read longer ago, such as 15m"},
    {"refresh", "--refresh,!--no-refresh", "", "Read such leases from their DHCP server first, instead of refusing"},
    {"map", "--map", "COLUMNS", "What its columns are here: 'Hostname=Device Name; Remarks='; nothing behind the sign leaves one out"},
    {"check_ping", "--check-ping,!--no-check-ping", "", "Pass over addresses that answer ping, though nothing is recorded of them"},
    {"check_dns", "--check-dns,!--no-check-dns", "", "Pass over addresses that DNS has a name for"},
    {"subject_kind", "--subject-kind", "", "Whether the subject is a user or a group (user)"},
    {"most_addresses", "--most-addresses", "N", "How many addresses it may take"},
    {"most_subnets", "--most-subnets", "N", "How many subnets it may make"},
    {"hold_seconds", "--hold", "DURATION", "Only hold it for so long, such as 15m: free again unless it is confirmed by then"},
    {"size", "--size", "N", "How many addresses each range has, side by side"},
    {"strategy", "--strategy", "", "How a free place is chosen (first)"},
    {"then_from", "--then-from", "PLACES", "More places, with commas between: where one is full, the next one is taken from"},
    {"managed_by", "--managed-by", "", "What manages the range"},
    {"service_instance", "--service-instance", "NAME", "Which instance of that"},
    {"url", "--url", "URL", "Where its management interface answers"},
    {"product", "--product", "", "What it is"},
    {"tls_trust", "--tls-trust", "", "Whose certificates to trust"},
    {"credential", "--credential", "NAME", "Credential to sign in with"},
    {"user_name", "--user", "NAME", "User name to sign in with"},
    {"password", "--password-file", "FILE", "File that holds the password; - asks, or reads standard input"},
    {"secret", "--secret-file", "FILE", "File that holds the secret; - asks, or reads standard input"},
    {"tls_fingerprint", "--fingerprint", "SHA256", "Trust exactly the certificate with this SHA-256 fingerprint"},
    {"access_group", "--group", "", "Access group"},
    {"period_seconds", "--period", "DURATION", "Time between two runs, such as 30m or 6h"},
    {"expires_at", "--expires", "WHEN", "End of validity: a duration such as 90d, or a time such as 2027-01-01T00:00:00Z"},
    {"note", "--note", "TEXT", "What it is made for"},
    {"keep", "--keep", "N", "Afterwards delete all but so many of the newest"},
    {"kea_ports", "--kea-ports", "PORTS", "Ports of Kea's control agents (8000), with commas between; '' for none"},
    {"dns_ports", "--dns-ports", "PORTS", "Ports of name servers (53), with commas between; '' for none"},
    {"statistics_ports", "--statistics-ports", "PORTS", "Ports of BIND's statistics channels (8053), with commas between; '' for none"},
    {"controllers", "--controllers", "HOSTS", "Domain controllers to ask, with commas between: dc1.contoso.test,dc2.contoso.test=10.0.0.11"},
    {"protection", "--protection", "", "How they are reached (kerberos)"},
    {"domain_controllers", "--domain-controllers,!--no-domain-controllers", "", "Look for domain controllers, or not"},
    {"dhcp_servers", "--dhcp-servers,!--no-dhcp-servers", "", "Look for authorized DHCP servers, or not"},
    {"dns_servers", "--dns-servers,!--no-dns-servers", "", "Look for DNS servers, or not"},
    {"policy_servers", "--policy-servers,!--no-policy-servers", "", "Look for network policy servers, or not"},
    {"manageability", "--manageability", "", "Whether it is managed from now on (managed)"},
    {"enabled", "--enable,!--disable", "", "Turn it on or off"},
}};

boost::json::value integer_value(const std::string& text) {
  if (const auto number = parse_integer<std::int64_t>(text)) return *number;
  return boost::json::value(text);  // the contract says what is wrong with it
}

// "10.2.3.1@10": a gateway and its metric.
boost::json::value gateway_value(std::string_view text) {
  const auto at = text.find('@');
  boost::json::object gateway{{"address", std::string(trim(text.substr(0, at)))}};
  if (at != std::string_view::npos) gateway["metric"] = integer_value(std::string(trim(text.substr(at + 1))));
  return gateway;
}

boost::json::value list_value(FieldKind kind, std::string_view text) {
  boost::json::array list;
  for (const std::string_view part : split(text, ',')) {
    const std::string item(trim(part));
    if (item.empty()) continue;
    if (kind == FieldKind::Numbers) {
      list.push_back(integer_value(item));
    } else if (kind == FieldKind::Gateways) {
      list.push_back(gateway_value(item));
    } else {
      list.push_back(boost::json::value(item));
    }
  }
  return list;
}

// "NAME=VALUE; NAME=VALUE".
Result<std::vector<std::pair<std::string, std::string>>> split_pairs(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string_view part : split(text, ';')) {
    if (trim(part).empty()) continue;
    const auto equals = part.find('=');
    if (equals == std::string_view::npos || trim(part.substr(0, equals)).empty()) {
      return Error(ErrorCode::InvalidArgument, "'" + shorten(part, 40) + "' is not NAME=VALUE");
    }
    pairs.emplace_back(trim(part.substr(0, equals)), trim(part.substr(equals + 1)));
  }
  return pairs;
}

Result<boost::json::value> named_value(std::string_view text) {
  boost::json::object named;
  for (const auto& [name, value] : IPAM_TRY(split_pairs(text))) named[name] = value;
  return boost::json::value(named);
}

Result<boost::json::value> pairs_value(std::string_view text) {
  boost::json::array pairs;
  for (const auto& [first, second] : IPAM_TRY(split_pairs(text)))
    pairs.push_back(boost::json::array{boost::json::value(first), boost::json::value(second)});
  return boost::json::value(pairs);
}

Result<boost::json::value> field_value(const Field& field, const std::string& text, Time now) {
  if (text.empty() && field.clearable) return boost::json::value(nullptr);
  switch (field.kind) {
    case FieldKind::Integer: return integer_value(text);
    case FieldKind::Boolean: return boost::json::value(text == "true");
    case FieldKind::Seconds: {
      const Duration period = IPAM_TRY(parse_duration(text));
      return boost::json::value(std::chrono::duration_cast<std::chrono::seconds>(period).count());
    }
    case FieldKind::Instant: {
      if (parse_time(text).ok()) return boost::json::value(text);
      const auto duration = parse_duration(text);
      if (!duration.ok()) return Error(ErrorCode::InvalidArgument, "'" + shorten(text, 40) + "' is neither a duration (90d) nor a time in RFC 3339");
      return boost::json::value(format_time(std::chrono::floor<std::chrono::seconds>(now + *duration)));
    }
    case FieldKind::Choice: {
      std::string choice = to_lower(text);
      std::replace(choice.begin(), choice.end(), '-', '_');
      return boost::json::value(choice);
    }
    case FieldKind::Texts:
    case FieldKind::Numbers:
    case FieldKind::Gateways: return list_value(field.kind, text);
    case FieldKind::Named: return named_value(text);
    case FieldKind::Pairs: return pairs_value(text);
    case FieldKind::Text:
    case FieldKind::Secret: break;
  }
  return boost::json::value(text);
}

std::string first_flag(const Field& field) {
  const std::string flags = field_option(field).flags;
  return flags.substr(0, flags.find(','));
}

}  // namespace

FieldOption field_option(const Field& field) {
  // Some names are a switch of one object and a list of another.
  const auto fits = [&](const OptionRow& r) { return r.field == field.name && (field.kind != FieldKind::Boolean || r.placeholder.empty()); };
  const auto* row = std::find_if(kOptions.begin(), kOptions.end(), fits);
  FieldOption option;
  if (row == kOptions.end()) {
    std::string flag = field.name;
    std::replace(flag.begin(), flag.end(), '_', '-');
    option = {"--" + flag, "TEXT", field.name};
  } else {
    option = {std::string(row->flags), std::string(row->placeholder), std::string(row->help)};
  }
  if (!field.choices.empty()) {
    option.placeholder = "CHOICE";
    option.help += ": " + join(field.choices, ", ");
  }
  return option;
}

Result<boost::json::object> make_body(const Body& body, const GivenFields& given, Time now) {
  boost::json::object object;
  for (const Field& field : body.fields) {
    const auto text = given.find(field.name);
    if (text == given.end()) continue;
    auto value = field_value(field, text->second, now);
    if (!value.ok()) return Error(ErrorCode::InvalidArgument, first_flag(field) + ": " + value.error().message);
    object[field.name] = std::move(value).value();
  }
  const auto checked = body.check(object);
  if (checked.ok()) return object;
  std::vector<std::string> wrong;
  for (const FieldError& error : checked.error().fields) {
    const auto field = std::find_if(body.fields.begin(), body.fields.end(), [&](const Field& f) {
      const std::string pointer = "/" + f.name;
      return error.pointer == pointer || error.pointer.starts_with(pointer + "/");  // an entry of a list too
    });
    wrong.push_back((field == body.fields.end() ? error.pointer : first_flag(*field)) + ": " + error.message);
  }
  return Error(ErrorCode::InvalidArgument, join(wrong, "; "));
}

}  // namespace ipam::cli
