#include "model/dns_name.h"

#include "base/strings.h"

#include <fmt/format.h>

namespace ipam::model {
namespace {

constexpr std::size_t kMaxLabel = 63;
constexpr std::size_t kMaxName = 255;    // on the wire: a length octet before each label, and the root's
constexpr std::size_t kMaxText = 1'024;  // every octet written as \DDD
constexpr std::string_view kV4Suffix = "in-addr.arpa";
constexpr std::string_view kV6Suffix = "ip6.arpa";
constexpr std::size_t kV4Labels = 4;
constexpr std::size_t kV6Labels = 32;

Error no_name(std::string_view text, const std::string& why) {
  return {ErrorCode::InvalidArgument, fmt::format("'{}' is not a domain name: {}", shorten(text, 80), why)};
}

// The octet that is written at `at`, which moves behind it. Errors: InvalidArgument, as the reason alone.
struct Octet {
  std::uint8_t value = 0;
  bool escaped = false;
};
std::optional<Octet> read_octet(std::string_view text, std::size_t& at) {
  const char first = text[at++];
  if (first != '\\') return Octet{static_cast<std::uint8_t>(first), false};
  if (at >= text.size()) return std::nullopt;
  const bool digit = text[at] >= '0' && text[at] <= '9';
  if (!digit) return Octet{static_cast<std::uint8_t>(text[at++]), true};
  if (at + 3 > text.size()) return std::nullopt;
  const auto value = parse_integer<std::uint8_t>(text.substr(at, 3));
  if (!value) return std::nullopt;
  at += 3;
  return Octet{*value, true};
}

void append_octet(std::string& out, std::uint8_t octet) {
  const char c = static_cast<char>(octet >= 'A' && octet <= 'Z' ? octet + ('a' - 'A') : octet);
  if (octet <= ' ' || octet >= 0x7F) {
    out += fmt::format("\\{:03}", octet);
  } else {
    // What has a meaning of its own in a zone file (RFC 1035, section 5.1).
    if (std::string_view("\".;\\()@$").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
}

}  // namespace

Result<std::string> parse_domain_name(std::string_view text) {
  if (text == ".") return std::string(".");
  if (text.empty()) return no_name(text, "it is empty");
  if (text.size() > kMaxText) return no_name(text, "it is too long");
  std::string name;
  std::size_t label = 0, wire = 1;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '.') {
      if (label == 0) return no_name(text, "it has an empty label (two dots, or one at the beginning)");
      label = 0;
      ++at;
      if (at < text.size()) name += '.';
      continue;
    }
    const auto octet = read_octet(text, at);
    if (!octet) return no_name(text, "a backslash stands before a character or three digits up to 255");
    if (!octet->escaped && octet->value >= 0x80) return no_name(text, "write names of other alphabets in their ASCII form (xn--…)");
    if (!octet->escaped && octet->value <= ' ') return no_name(text, "it has a space or a control character");
    append_octet(name, octet->value);
    wire += label == 0 ? 2 : 1;
    if (++label > kMaxLabel) return no_name(text, fmt::format("a label is longer than {} octets", kMaxLabel));
    if (wire > kMaxName) return no_name(text, fmt::format("it is longer than {} octets", kMaxName));
  }
  return name;
}

std::vector<std::string_view> labels_of(std::string_view name) {
  std::vector<std::string_view> labels;
  if (name.empty() || name == ".") return labels;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < name.size(); ++at) {
    if (name[at] == '\\') {
      ++at;
    } else if (name[at] == '.') {
      labels.push_back(name.substr(begin, at - begin));
      begin = at + 1;
    }
  }
  labels.push_back(name.substr(begin));
  return labels;
}

bool lies_in_zone(std::string_view name, std::string_view zone) {
  if (zone == ".") return true;
  if (!name.ends_with(zone)) return false;
  if (name.size() == zone.size()) return true;
  // The end must begin at a label: a dot before it that is none of a label's own.
  const std::string_view before = name.substr(0, name.size() - zone.size());
  if (!before.ends_with('.')) return false;
  std::size_t backslashes = 0;
  for (std::size_t at = before.size() - 1; at > 0 && before[at - 1] == '\\'; --at) ++backslashes;
  return backslashes % 2 == 0;
}

std::vector<std::string> names_above(std::string_view name) {
  std::vector<std::string> names;
  for (const std::string_view label : labels_of(name)) names.emplace_back(name.substr(static_cast<std::size_t>(label.data() - name.data())));
  names.emplace_back(".");
  return names;
}

std::string reverse_name(const ip::Address& address) {
  std::string name;
  const Bytes octets = address.network_bytes();
  for (auto octet = octets.rbegin(); octet != octets.rend(); ++octet) {
    name += address.family() == ip::Family::V4 ? fmt::format("{}.", *octet) : fmt::format("{:x}.{:x}.", *octet & 0xFU, *octet >> 4U);
  }
  return name.append(address.family() == ip::Family::V4 ? kV4Suffix : kV6Suffix);
}

std::optional<ip::Address> address_of_reverse_name(std::string_view name) {
  const bool v4 = name.ends_with(kV4Suffix);
  if (!v4 && !name.ends_with(kV6Suffix)) return std::nullopt;
  const std::string_view suffix = v4 ? kV4Suffix : kV6Suffix;
  if (name.size() <= suffix.size() || name[name.size() - suffix.size() - 1] != '.') return std::nullopt;
  const auto labels = split(name.substr(0, name.size() - suffix.size() - 1), '.');
  if (labels.size() != (v4 ? kV4Labels : kV6Labels)) return std::nullopt;
  ip::U128 number = 0;
  for (auto label = labels.rbegin(); label != labels.rend(); ++label) {
    if (v4) {
      const auto octet = parse_integer<std::uint8_t>(*label);
      if (!octet || (label->size() > 1 && label->front() == '0')) return std::nullopt;
      number = number << 8U | *octet;
    } else {
      constexpr std::string_view kDigits = "0123456789abcdef";
      const auto digit = label->size() == 1 ? kDigits.find(label->front()) : std::string_view::npos;
      if (digit == std::string_view::npos) return std::nullopt;
      number = number << 4U | digit;
    }
  }
  return ip::Address(v4 ? ip::Family::V4 : ip::Family::V6, number);
}

}  // namespace ipam::model
