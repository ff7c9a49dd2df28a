#include "wire/radius/detail_attribute.h"

#include "base/strings.h"
#include "wire/log_lines/text.h"

#include <array>

namespace ipam::wire::radius {
namespace {

struct TextField {
  std::string_view name;
  std::string Accounting::*field;
};
constexpr std::array<TextField, 7> kTexts{{{"User-Name", &Accounting::user_name},
                                           {"NAS-Identifier", &Accounting::nas_identifier},
                                           {"NAS-Port-Id", &Accounting::nas_port_id},
                                           {"Calling-Station-Id", &Accounting::calling_station},
                                           {"Called-Station-Id", &Accounting::called_station},
                                           {"Acct-Session-Id", &Accounting::session_id},
                                           {"Acct-Multi-Session-Id", &Accounting::multi_session_id}}};

struct NamedNumber {
  std::string_view name;
  std::uint32_t number;
};
constexpr std::array<NamedNumber, 7> kStatuses{
    {{"Start", 1}, {"Stop", 2}, {"Interim-Update", 3}, {"Alive", 3}, {"Accounting-On", 7}, {"Accounting-Off", 8}, {"Failed", 15}}};
// RFC 2866 section 5.10.
constexpr std::array<NamedNumber, 18> kCauses{{{"User-Request", 1},
                                               {"Lost-Carrier", 2},
                                               {"Lost-Service", 3},
                                               {"Idle-Timeout", 4},
                                               {"Session-Timeout", 5},
                                               {"Admin-Reset", 6},
                                               {"Admin-Reboot", 7},
                                               {"Port-Error", 8},
                                               {"NAS-Error", 9},
                                               {"NAS-Request", 10},
                                               {"NAS-Reboot", 11},
                                               {"Port-Unneeded", 12},
                                               {"Port-Preempted", 13},
                                               {"Port-Suspended", 14},
                                               {"Service-Unavailable", 15},
                                               {"Callback", 16},
                                               {"User-Error", 17},
                                               {"Host-Request", 18}}};

template <std::size_t n>
std::optional<std::uint32_t> number_of(std::string_view text, const std::array<NamedNumber, n>& names) {
  for (const NamedNumber& each : names) {
    if (each.name == text) return each.number;
  }
  return parse_integer<std::uint32_t>(text);
}

// "Nov 22 2026 23:13:53 UTC". Abbreviations of other zones mean several; then the server's own Timestamp must do.
std::optional<Time> read_event_time(std::string_view text) {
  static constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::vector<std::string_view> words;
  for (const std::string_view word : split(text, ' ')) {
    if (!word.empty()) words.push_back(word);
  }
  if (words.size() != 5 || (words[4] != "UTC" && words[4] != "GMT")) return std::nullopt;
  for (std::size_t month = 0; month < kMonths.size(); ++month) {
    if (kMonths[month] != words[0]) continue;
    const auto day = parse_integer<unsigned>(words[1], 1, 31);
    if (!day || words[2].size() != 4) return std::nullopt;
    const std::string time = std::string(words[2]) + (month < 9 ? "-0" : "-") + std::to_string(month + 1) + (*day < 10 ? "-0" : "-") +
                             std::to_string(*day) + "T" + std::string(words[3]) + "Z";
    const auto read = parse_time(time);
    return read.ok() ? std::optional<Time>(*read) : std::nullopt;
  }
  return std::nullopt;
}

// False: the name is none of these.
bool set_number(Accounting& accounting, std::string_view name, std::string_view text, std::string_view& problem) {
  const auto number = [&](std::optional<std::uint32_t>& field) {
    field = parse_integer<std::uint32_t>(text);
    if (!field) problem = "a number is none";
    return true;
  };
  const auto octets = [&](std::optional<std::uint64_t>& field, unsigned shift) {
    const auto read = parse_integer<std::uint32_t>(text);
    if (!read) problem = "a number is none";
    field = field.value_or(0) + (std::uint64_t{read.value_or(0)} << shift);
    return true;
  };
  if (name == "NAS-Port") return number(accounting.nas_port);
  if (name == "Acct-Delay-Time") return number(accounting.delay);
  if (name == "Acct-Session-Time") return number(accounting.session_time);
  if (name == "Acct-Input-Octets") return octets(accounting.input_octets, 0);
  if (name == "Acct-Output-Octets") return octets(accounting.output_octets, 0);
  if (name == "Acct-Input-Gigawords") return octets(accounting.input_octets, 32);
  if (name == "Acct-Output-Gigawords") return octets(accounting.output_octets, 32);
  if (name == "Acct-Terminate-Cause") {
    accounting.terminate_cause = number_of(text, kCauses);
    return accounting.terminate_cause.has_value();  // a vendor's name for a cause stays a text
  }
  return false;
}

bool set_address(Accounting& accounting, std::string_view name, std::string_view text, std::string_view& problem) {
  const bool prefix = name == "Framed-IPv6-Prefix" || name == "Delegated-IPv6-Prefix";
  const bool address = name == "NAS-IP-Address" || name == "NAS-IPv6-Address" || name == "Framed-IP-Address" || name == "Framed-IPv6-Address";
  if (prefix) {
    const auto read = ip::Prefix::parse(text);
    if (!read.ok()) return problem = "a prefix is none", true;
    (name == "Framed-IPv6-Prefix" ? accounting.framed_ipv6_prefixes : accounting.delegated_ipv6_prefixes).push_back(*read);
  } else if (address) {
    const auto read = ip::Address::parse(text);
    if (!read.ok()) return problem = "an address is none", true;
    if (name == "Framed-IPv6-Address") {
      accounting.framed_ipv6_addresses.push_back(*read);
    } else if (name == "Framed-IP-Address") {
      if (read->number() < 0xFFFFFFFE) accounting.framed_address = *read;
    } else {
      accounting.nas_address = *read;
    }
  }
  return prefix || address;
}

}  // namespace

std::optional<std::string> detail_text(std::string_view value) {
  value = trim(value);
  if (!value.starts_with('"')) return std::string(value);
  std::string text;
  for (std::size_t at = 1; at < value.size(); ++at) {
    if (value[at] == '"') return at + 1 == value.size() ? std::optional(text) : std::nullopt;
    if (value[at] != '\\') {
      text += value[at];
      continue;
    }
    if (++at == value.size()) return std::nullopt;
    switch (const char c = value[at]; c) {
      case 'n': text += '\n'; break;
      case 'r': text += '\r'; break;
      case 't': text += '\t'; break;
      default:
        // Octets that cannot be printed are written as three octal digits.
        if (c >= '0' && c <= '3' && value.size() - at > 2 && value[at + 1] >= '0' && value[at + 1] <= '7' && value[at + 2] >= '0' &&
            value[at + 2] <= '7') {
          text += static_cast<char>((c - '0') * 64 + (value[at + 1] - '0') * 8 + (value[at + 2] - '0'));
          at += 2;
        } else {
          text += c;
        }
    }
  }
  return std::nullopt;
}

std::string_view set_detail_attribute(DetailEntry& entry, std::string_view name, const std::string& text) {
  Accounting& accounting = entry.accounting;
  for (const TextField& each : kTexts) {
    if (each.name == name) return accounting.*each.field = log_lines::printable(text), std::string_view();
  }
  std::string_view problem;
  if (name == "Acct-Status-Type") {
    const auto status = number_of(text, kStatuses);
    if (!status) return "the status is none that is known";
    accounting.status = *status;
    return {};
  }
  if (name == "Timestamp" || name == "Done") {
    const auto seconds = parse_integer<std::int64_t>(text, 0, 253'402'300'799);
    if (!seconds) return "the time is none";
    entry.received = Time(std::chrono::seconds(*seconds));
    return {};
  }
  if (name == "Class") {
    auto octets = from_hex(std::string_view(text).substr(text.starts_with("0x") ? 2 : 0));
    accounting.classes.push_back(octets.ok() && text.starts_with("0x") ? std::move(octets).value() : Bytes(text.begin(), text.end()));
    return {};
  }
  if (name == "Acct-Unique-Session-Id") return entry.unique_id = log_lines::printable(text), std::string_view();
  if (name == "Packet-Src-IP-Address" || name == "Packet-Src-IPv6-Address")
    return entry.packet_source = log_lines::printable(text), std::string_view();
  if (set_number(accounting, name, text, problem) || set_address(accounting, name, text, problem)) return problem;
  if (name == "Event-Timestamp") accounting.event_time = read_event_time(text);
  if (name == "Event-Timestamp" && accounting.event_time) return {};
  accounting.texts.emplace_back(log_lines::printable(name), log_lines::printable(text));
  return {};
}

}  // namespace ipam::wire::radius
