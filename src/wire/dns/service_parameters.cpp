#include "wire/dns/service_parameters.h"

#include "base/strings.h"
#include "ip/address.h"
#include "wire/dns/escape.h"
#include "wire/dns/reader.h"
#include "wire/dns/writer.h"

#include <fmt/format.h>

#include <array>
#include <map>

namespace ipam::wire::dns {
namespace {

constexpr std::uint16_t kMandatory = 0, kAlpn = 1, kNoDefaultAlpn = 2, kPort = 3, kIpv4Hint = 4, kEch = 5, kIpv6Hint = 6;
constexpr std::array<std::string_view, 8> kNames{"mandatory", "alpn", "no-default-alpn", "port", "ipv4hint", "ech", "ipv6hint", "dohpath"};

Error bad(std::string message) { return {ErrorCode::InvalidArgument, std::move(message)}; }

std::string key_name(std::uint16_t key) { return key < kNames.size() ? std::string(kNames[key]) : fmt::format("key{}", key); }

std::optional<std::uint16_t> key_of(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<std::uint16_t>(i);
  }
  if (!name.starts_with("key")) return std::nullopt;
  const auto number = parse_integer<std::uint16_t>(name.substr(3));
  return number && fmt::format("key{}", *number) == name ? number : std::nullopt;
}

std::string quoted(ByteView octets) {
  std::string text = "\"";
  for (const std::uint8_t octet : octets) append_escaped(text, octet, EscapeFor::QuotedText);
  return text + '"';
}

// A list whose items may hold commas, which then have a backslash before them; the whole is escaped once more (appendix A.1).
std::optional<std::string> protocols_text(ByteView value) {
  Bytes list;
  Reader reader(value);
  while (reader.ok() && reader.remaining() > 0) {
    const ByteView item = reader.bytes(reader.u8());
    if (item.empty()) return std::nullopt;
    if (!list.empty()) list.push_back(',');
    for (const std::uint8_t octet : item) {
      if (octet == ',' || octet == '\\') list.push_back('\\');
      list.push_back(octet);
    }
  }
  return reader.ok() && !list.empty() ? std::optional("=" + quoted(list)) : std::nullopt;
}

std::optional<std::string> addresses_text(ByteView value, std::size_t size) {
  if (value.empty() || value.size() % size != 0) return std::nullopt;
  std::string text;
  for (std::size_t at = 0; at < value.size(); at += size) {
    text += (at == 0 ? "=" : ",") + ip::Address::from_network_bytes(value.subspan(at, size)).value().to_string();
  }
  return text;
}

std::optional<std::string> keys_text(ByteView value) {
  if (value.empty() || value.size() % 2 != 0) return std::nullopt;
  Reader reader(value);
  std::string text;
  int last = -1;
  while (reader.remaining() > 0) {
    const std::uint16_t key = reader.u16();
    if (key <= last) return std::nullopt;
    last = key;
    text += (text.empty() ? "=" : ",") + key_name(key);
  }
  return text;
}

// With its "=", or empty for a key that has no value.
std::optional<std::string> value_text(std::uint16_t key, ByteView value) {
  switch (key) {
    case kMandatory: return keys_text(value);
    case kAlpn: return protocols_text(value);
    case kNoDefaultAlpn: return value.empty() ? std::optional(std::string()) : std::nullopt;
    case kPort: return value.size() == 2 ? std::optional(fmt::format("={}", value[0] << 8 | value[1])) : std::nullopt;
    case kIpv4Hint: return addresses_text(value, 4);
    case kIpv6Hint: return addresses_text(value, 16);
    case kEch: return value.empty() ? std::nullopt : std::optional("=" + to_base64(value));
    default: return value.empty() ? std::string() : "=" + quoted(value);
  }
}

Result<Bytes> unescaped(std::string_view text) {
  Bytes octets;
  for (std::size_t at = 0; at < text.size();) {
    const auto octet = take_octet(text, at);
    if (!octet) return bad("after a backslash stand three digits up to 255 or one character");
    octets.push_back(*octet);
  }
  return octets;
}

Result<Bytes> protocols_of(ByteView list) {
  Writer writer;
  Bytes item;
  for (std::size_t at = 0; at <= list.size(); ++at) {
    if (at < list.size() && list[at] != ',') {
      if (list[at] == '\\' && ++at == list.size()) return bad("a list ends with a backslash");
      item.push_back(list[at]);
      continue;
    }
    if (item.empty() || item.size() > 255) return bad("alpn is a list of names of 1 to 255 octets, as in alpn=\"h2,h3\"");
    writer.u8(static_cast<std::uint8_t>(item.size()));
    writer.bytes(item);
    item.clear();
  }
  return std::move(writer).take();
}

Result<Bytes> addresses_of(std::string_view text, ip::Family family) {
  Bytes octets;
  for (const std::string_view part : split(text, ',')) {
    const auto address = ip::Address::parse(part);
    if (!address.ok() || address->family() != family) {
      return bad(fmt::format("'{}' is not an IPv{} address", shorten(printable(part), 60), family == ip::Family::V4 ? 4 : 6));
    }
    const Bytes bytes = address->network_bytes();
    octets.insert(octets.end(), bytes.begin(), bytes.end());
  }
  return octets;
}

Result<Bytes> keys_in(std::string_view text) {
  std::map<std::uint16_t, bool> keys;
  for (const std::string_view part : split(text, ',')) {
    const auto key = key_of(part);
    if (!key || !keys.emplace(*key, true).second) return bad("mandatory is a list of keys, each once");
  }
  Writer writer;
  for (const auto& entry : keys) writer.u16(entry.first);
  return std::move(writer).take();
}

Result<Bytes> value_of(std::uint16_t key, const std::optional<Bytes>& given) {
  const bool may_be_bare = key == kNoDefaultAlpn || key >= kNames.size() || key == 7;
  if (!given && !may_be_bare) return bad(key_name(key) + " has a value");
  if (given && key == kNoDefaultAlpn) return bad("no-default-alpn has no value");
  const Bytes value = given.value_or(Bytes());
  const std::string_view text = as_text(value);
  switch (key) {
    case kMandatory: return keys_in(text);
    case kAlpn: return protocols_of(value);
    case kPort: {
      const auto port = parse_integer<std::uint16_t>(text);
      if (!port) return bad("port is a number from 0 to 65535");
      return Bytes{static_cast<std::uint8_t>(*port >> 8), static_cast<std::uint8_t>(*port)};
    }
    case kIpv4Hint: return addresses_of(text, ip::Family::V4);
    case kIpv6Hint: return addresses_of(text, ip::Family::V6);
    case kEch: {
      auto octets = from_base64(text);
      if (!octets.ok() || octets->empty()) return bad("ech is base64 text");
      return octets;
    }
    default: return value;
  }
}

}  // namespace

bool are_service_parameters(ByteView octets) {
  Reader reader(octets);
  int last = -1;
  while (reader.ok() && reader.remaining() > 0) {
    const std::uint16_t key = reader.u16();
    if (key <= last) return false;
    last = key;
    reader.skip(reader.u16());
  }
  return reader.ok();
}

std::optional<std::string> service_parameters_text(ByteView octets) {
  Reader reader(octets);
  std::string text;
  while (reader.remaining() > 0) {
    const std::uint16_t key = reader.u16();
    const auto value = value_text(key, reader.bytes(reader.u16()));
    if (!value) return std::nullopt;
    if (!text.empty()) text += ' ';
    text += key_name(key) + *value;
  }
  return text;
}

Result<Bytes> service_parameters_from_text(const std::vector<std::string_view>& parts) {
  std::map<std::uint16_t, Bytes> parameters;
  for (const std::string_view part : parts) {
    const auto equals = part.find('=');
    const auto key = key_of(part.substr(0, equals));
    if (!key) return bad(fmt::format("'{}' is not a key; keys are {} and key123", shorten(printable(part), 60), fmt::join(kNames, ", ")));
    std::optional<Bytes> given;
    if (equals != std::string_view::npos) {
      std::string_view text = part.substr(equals + 1);
      if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
      given = IPAM_TRY(unescaped(text));
    }
    if (!parameters.emplace(*key, IPAM_TRY(value_of(*key, given))).second) return bad(key_name(*key) + " stands twice");
  }
  Writer writer;
  for (const auto& [key, value] : parameters) {
    if (value.size() > 0xFFFF) return bad("a value is longer than 65535 octets");
    writer.u16(key);
    writer.u16(static_cast<std::uint16_t>(value.size()));
    writer.bytes(value);
  }
  return std::move(writer).take();
}

}  // namespace ipam::wire::dns
