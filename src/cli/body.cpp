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
constexpr std::array<OptionRow, 36> kOptions{{
    {"space", "--space", "NAME", "Address space, by name or id (Default)"},
    {"name", "--name", "NAME", "Name"},
    {"description", "--description", "TEXT", "Description"},
    {"owner", "--owner", "TEXT", "Who answers for it"},
    {"vlan", "--vlan", "NUMBER", "VLAN identifier"},
    {"kind", "--kind", "", "Kind"},
    {"state", "--state", "", "Address state"},
    {"hardware_address", "--mac,--hardware-address", "MAC", "Hardware address"},
    {"range_id", "--range-id", "ID", "Range it is meant for; an address outside it is refused"},
    {"count", "--count", "N", "How many: all or none"},
    {"length", "--length", "N", "Prefix length of each new subnet"},
    {"prefixes", "--prefixes", "PREFIXES", "The parts, with commas between; what they leave out must be empty and is free afterwards"},
    {"prefix", "--prefix", "PREFIX", "Its new prefix"},
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
    {"manageability", "--manageability", "", "Whether it is managed from now on (managed)"},
    {"enabled", "--enable,!--disable", "", "Turn it on or off"},
}};

boost::json::value integer_value(const std::string& text) {
  if (const auto number = parse_integer<std::int64_t>(text)) return *number;
  return boost::json::value(text);  // the contract says what is wrong with it
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
    case FieldKind::List: {
      boost::json::array items;
      for (const std::string_view item : split(text, ',')) items.emplace_back(trim(item));
      return boost::json::value(std::move(items));
    }
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
  const auto* row = std::find_if(kOptions.begin(), kOptions.end(), [&](const OptionRow& r) { return r.field == field.name; });
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
    const auto field = std::find_if(body.fields.begin(), body.fields.end(), [&](const Field& f) { return "/" + f.name == error.pointer; });
    wrong.push_back((field == body.fields.end() ? error.pointer : first_flag(*field)) + ": " + error.message);
  }
  return Error(ErrorCode::InvalidArgument, join(wrong, "; "));
}

}  // namespace ipam::cli
