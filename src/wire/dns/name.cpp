#include "wire/dns/name.h"

#include "base/strings.h"
#include "wire/dns/escape.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace ipam::wire::dns {
namespace {

constexpr std::size_t kMaxLabels = 128;

// Where each label begins in the wire form; the root's octet is not counted.
struct Labels {
  std::array<std::uint8_t, kMaxLabels> starts;
  std::size_t count = 0;
};

Labels labels_of(ByteView wire) {
  Labels labels;
  for (std::size_t at = 0; wire[at] != 0; at += wire[at] + 1U) labels.starts[labels.count++] = static_cast<std::uint8_t>(at);
  return labels;
}

Error not_a_name(std::string_view text, std::string_view why) {
  return {ErrorCode::InvalidArgument, fmt::format("'{}' is not a domain name: {}", shorten(printable(text), 100), why)};
}

std::string label_text(ByteView label) {
  std::string text;
  for (const std::uint8_t octet : label) append_escaped(text, octet, EscapeFor::Label);
  return text;
}

}  // namespace

Result<Name> Name::parse(std::string_view text) {
  if (text.empty()) return not_a_name(text, "it is empty; the root is written \".\"");
  if (text == ".") return Name();
  std::string wire;
  std::string label;
  const auto end_label = [&](bool last) -> std::string_view {
    if (label.empty()) return last ? "" : "a label between two dots is empty";
    if (label.size() > kMaxLabelSize) return "a label is longer than 63 octets";
    wire += static_cast<char>(label.size());
    wire += label;
    label.clear();
    return wire.size() + 1 > kMaxWireSize ? "it is longer than 255 octets" : "";
  };
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '.') {
      if (label.empty()) return not_a_name(text, "a label between two dots is empty");
      if (const auto wrong = end_label(false); !wrong.empty()) return not_a_name(text, wrong);
      ++at;
      continue;
    }
    const auto octet = static_cast<std::uint8_t>(text[at]);
    if (octet >= 0x80) return not_a_name(text, "a letter outside ASCII is written in its \"xn--\" form");
    if (octet <= 0x20 || octet == 0x7F) return not_a_name(text, "a space or control character is written as \\DDD");
    if (octet == '"' || octet == '(' || octet == ')' || octet == ';')
      return not_a_name(text, "one of \" ( ) ; is written with a backslash before it");
    const auto taken = take_octet(text, at);
    if (!taken) return not_a_name(text, "after a backslash stand three digits up to 255 or one character");
    label += static_cast<char>(*taken);
    // Checked at once, so that a text of megabytes is not copied first.
    if (label.size() > kMaxLabelSize) return not_a_name(text, "a label is longer than 63 octets");
  }
  if (const auto wrong = end_label(true); !wrong.empty()) return not_a_name(text, wrong);
  wire += '\0';
  return Name(std::move(wire));
}

Result<Name> Name::from_wire(ByteView bytes) {
  std::size_t at = 0;
  while (at < bytes.size() && bytes[at] != 0) {
    if (bytes[at] > kMaxLabelSize) return Error(ErrorCode::Malformed, "a domain name has a label longer than 63 octets");
    at += bytes[at] + 1U;
  }
  if (at + 1 != bytes.size() || bytes.size() > kMaxWireSize) return Error(ErrorCode::Malformed, "a domain name does not end where it should");
  return Name(std::string(as_text(bytes)));
}

Name Name::reverse_of(const ip::Address& address) {
  std::string text;
  const Bytes bytes = address.network_bytes();
  for (auto byte = bytes.rbegin(); byte != bytes.rend(); ++byte) {
    text += address.family() == ip::Family::V4 ? fmt::format("{}.", *byte) : fmt::format("{:x}.{:x}.", *byte & 15U, *byte >> 4U);
  }
  text += address.family() == ip::Family::V4 ? "in-addr.arpa" : "ip6.arpa";
  return parse(text).value();
}

std::string Name::to_string() const {
  if (is_root()) return ".";
  std::string text;
  text.reserve(wire_.size());
  const ByteView bytes = wire();
  for (std::size_t at = 0; bytes[at] != 0; at += bytes[at] + 1U) {
    for (const std::uint8_t octet : bytes.subspan(at + 1, bytes[at])) append_escaped(text, octet, EscapeFor::Label);
    text += '.';
  }
  return text;
}

std::size_t Name::label_count() const {
  std::size_t count = 0;
  const ByteView bytes = wire();
  for (std::size_t at = 0; bytes[at] != 0; at += bytes[at] + 1U) ++count;
  return count;
}

Name Name::parent() const { return is_root() ? *this : Name(wire_.substr(static_cast<std::uint8_t>(wire_[0]) + 1U)); }

bool Name::is_within(const Name& ancestor) const {
  if (wire_.size() < ancestor.wire_.size()) return false;
  const std::size_t skipped = wire_.size() - ancestor.wire_.size();
  const ByteView bytes = wire();
  std::size_t at = 0;
  while (at < skipped) at += bytes[at] + 1U;
  if (at != skipped) return false;
  const ByteView tail = bytes.subspan(skipped);
  return std::equal(tail.begin(), tail.end(), ancestor.wire().begin(),
                    [](std::uint8_t a, std::uint8_t b) { return lower_octet(a) == lower_octet(b); });
}

Name Name::lowered() const {
  // A length octet is at most 63, below the letters.
  std::string lower = wire_;
  for (char& octet : lower) octet = static_cast<char>(lower_octet(static_cast<std::uint8_t>(octet)));
  return Name(std::move(lower));
}

std::optional<ip::Address> Name::reversed_address() const {
  static const Name kIpv4 = parse("in-addr.arpa").value();
  static const Name kIpv6 = parse("ip6.arpa").value();
  const bool v4 = is_within(kIpv4);
  if (!v4 && !is_within(kIpv6)) return std::nullopt;
  const Labels labels = labels_of(wire());
  if (labels.count != (v4 ? 4U : 32U) + 2U) return std::nullopt;
  ip::U128 number = 0;
  for (std::size_t i = labels.count - 2; i-- > 0;) {
    const std::size_t start = labels.starts[i];
    const std::string text = label_text(wire().subspan(start + 1, wire()[start]));
    if (v4) {
      const auto part = parse_integer<unsigned>(text, 0, 255);
      if (!part || std::to_string(*part) != text) return std::nullopt;
      number = number << 8 | *part;
    } else {
      const auto digit = text.size() == 1 ? hex_value(text[0]) : -1;
      if (digit < 0) return std::nullopt;
      number = number << 4 | static_cast<unsigned>(digit);
    }
  }
  return ip::Address(v4 ? ip::Family::V4 : ip::Family::V6, number);
}

bool operator==(const Name& a, const Name& b) { return a.wire_.size() == b.wire_.size() && a.is_within(b); }

std::strong_ordering operator<=>(const Name& a, const Name& b) {
  const Labels of_a = labels_of(a.wire()), of_b = labels_of(b.wire());
  for (std::size_t i = 1; i <= std::min(of_a.count, of_b.count); ++i) {
    const std::size_t at_a = of_a.starts[of_a.count - i], at_b = of_b.starts[of_b.count - i];
    const ByteView label_a = a.wire().subspan(at_a + 1, a.wire()[at_a]), label_b = b.wire().subspan(at_b + 1, b.wire()[at_b]);
    for (std::size_t j = 0; j < std::min(label_a.size(), label_b.size()); ++j) {
      if (const auto order = lower_octet(label_a[j]) <=> lower_octet(label_b[j]); order != 0) return order;
    }
    if (const auto order = label_a.size() <=> label_b.size(); order != 0) return order;
  }
  return of_a.count <=> of_b.count;
}

}  // namespace ipam::wire::dns
