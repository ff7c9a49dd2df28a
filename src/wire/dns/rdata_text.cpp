// Long because every kind of field is printed and parsed side by side here.
#include "base/strings.h"
#include "wire/dns/escape.h"
#include "wire/dns/loc.h"
#include "wire/dns/rdata.h"
#include "wire/dns/rdata_layout.h"
#include "wire/dns/service_parameters.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>

namespace ipam::wire::dns {
namespace {

constexpr std::string_view kBase32Hex = "0123456789ABCDEFGHIJKLMNOPQRSTUV";
constexpr std::size_t kMaxText = 4 * 0x10000 + 1024;

std::string upper_hex(ByteView bytes) {
  std::string text = to_hex(bytes);
  for (char& c : text) c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c;
  return text;
}

// RFC 4648 section 7 without padding.
std::string to_base32hex(ByteView bytes) {
  std::string text;
  unsigned group = 0;
  int bits = 0;
  for (const std::uint8_t byte : bytes) {
    group = (group << 8 | byte) & 0xFFFFU;
    for (bits += 8; bits >= 5; bits -= 5) text += kBase32Hex[group >> (bits - 5) & 31U];
  }
  if (bits > 0) text += kBase32Hex[group << (5 - bits) & 31U];
  return text;
}

std::optional<Bytes> from_base32hex(std::string_view text) {
  Bytes bytes;
  unsigned group = 0;
  int bits = 0;
  for (const char c : text) {
    const auto digit = kBase32Hex.find(static_cast<char>(c >= 'a' && c <= 'v' ? c - 32 : c));
    if (digit == std::string_view::npos) return std::nullopt;
    group = (group << 5 | static_cast<unsigned>(digit)) & 0xFFFFU;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push_back(static_cast<std::uint8_t>(group >> bits));
  }
  if (bits >= 5 || (group & ((1U << bits) - 1U)) != 0) return std::nullopt;
  return bytes;
}

std::string quoted(ByteView octets) {
  std::string text = "\"";
  for (const std::uint8_t octet : octets) append_escaped(text, octet, EscapeFor::QuotedText);
  return text + '"';
}

std::string time_text(std::uint32_t seconds) {
  const std::chrono::sys_seconds time{std::chrono::seconds(seconds)};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::optional<std::uint32_t> time_of(std::string_view text) {
  if (text.size() != 14) return parse_integer<std::uint32_t>(text);
  const auto part = [&](std::size_t at, std::size_t count) { return parse_integer<unsigned>(text.substr(at, count)); };
  const auto year = part(0, 4), month = part(4, 2), day = part(6, 2), hour = part(8, 2), minute = part(10, 2), second = part(12, 2);
  if (!year || !month || !day || !hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(*year)), std::chrono::month(*month), std::chrono::day(*day));
  if (!date.ok()) return std::nullopt;
  const auto seconds = std::chrono::sys_days(date).time_since_epoch() / std::chrono::seconds(1) + *hour * 3600 + *minute * 60 + *second;
  if (seconds < 0 || seconds > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
  return static_cast<std::uint32_t>(seconds);
}

std::string types_text(Reader& reader) {
  std::string text;
  while (reader.ok() && reader.remaining() > 0) {
    const unsigned window = reader.u8();
    const ByteView bits = reader.bytes(reader.u8());
    for (std::size_t i = 0; i < bits.size() * 8; ++i) {
      if ((bits[i / 8] >> (7 - i % 8) & 1) == 0) continue;
      if (!text.empty()) text += ' ';
      text += to_string(static_cast<RecordType>(window * 256 + i));
    }
  }
  return text;
}

std::string field_text(Reader& reader, Field field) {
  switch (field) {
    case Field::U8: return std::to_string(reader.u8());
    case Field::U16: return std::to_string(reader.u16());
    case Field::U32: return std::to_string(reader.u32());
    case Field::Type: return to_string(static_cast<RecordType>(reader.u16()));
    case Field::Time: return time_text(reader.u32());
    case Field::Ipv4: return ip::Address::v4(reader.u32()).to_string();
    case Field::Ipv6: {
      const ByteView bytes = reader.bytes(16);
      return bytes.empty() ? "" : ip::Address::from_network_bytes(bytes).value().to_string();
    }
    case Field::OldName:
    case Field::Name: return reader.name().to_string();
    case Field::Text: return quoted(reader.bytes(reader.u8()));
    case Field::Texts: {
      std::string text;
      while (reader.ok() && reader.remaining() > 0) text += (text.empty() ? "" : " ") + quoted(reader.bytes(reader.u8()));
      return text;
    }
    case Field::Hex: return upper_hex(reader.bytes(reader.remaining()));
    case Field::Base64: return to_base64(reader.bytes(reader.remaining()));
    case Field::Types: return types_text(reader);
    case Field::Salt: {
      const ByteView salt = reader.bytes(reader.u8());
      return salt.empty() ? "-" : upper_hex(salt);
    }
    case Field::Hash: return to_base32hex(reader.bytes(reader.u8()));
    case Field::Tag: return std::string(as_text(reader.bytes(reader.u8())));
    case Field::Value: return quoted(reader.bytes(reader.remaining()));
    case Field::Loc: return loc_text(reader.bytes(16));
    case Field::Parameters: return service_parameters_text(reader.bytes(reader.remaining())).value_or("");
  }
  return "";
}

// What stands between spaces, or between quotation marks (without them); escapes are still in it.
struct Token {
  std::string_view text;
  bool quoted = false;
};

Error bad(std::string_view why) { return {ErrorCode::InvalidArgument, std::string(why)}; }

// Moves past a text in quotation marks of which the first is at `at`; false when the last one is missing.
bool pass_quoted(std::string_view text, std::size_t& at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return at++ < text.size();
}

// `parameters`: a value after "key=" may be in quotation marks, which then stay in the token (RFC 9460 section 2.1).
enum class Parameters { No, Allowed };

Result<std::vector<Token>> tokens_of(std::string_view text, Parameters parameters) {
  if (text.size() > kMaxText) return bad("the data is longer than a record can hold");
  std::vector<Token> tokens;
  std::size_t at = 0;
  while (true) {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
    if (at == text.size()) return tokens;
    const bool in_quotes = text[at] == '"';
    const std::size_t start = at += in_quotes ? 1 : 0;
    while (at < text.size() && (in_quotes ? text[at] != '"' : text[at] != ' ' && text[at] != '\t')) {
      const auto octet = static_cast<std::uint8_t>(text[at]);
      if (octet < 0x20 || octet == 0x7F) return bad("a control character is written as \\DDD");
      if (!in_quotes && octet == '"' && parameters == Parameters::Allowed && at > start && text[at - 1] == '=') {
        if (!pass_quoted(text, at)) return bad("a closing quotation mark is missing");
        continue;
      }
      if (!in_quotes && (octet == '"' || octet == '(' || octet == ')' || octet == ';'))
        return bad("one of \" ( ) ; stands outside of quotation marks");
      at += octet == '\\' && at + 1 < text.size() ? 2 : 1;
    }
    if (in_quotes && at >= text.size()) return bad("a closing quotation mark is missing");
    tokens.push_back({text.substr(start, std::min(at, text.size()) - start), in_quotes});
    at = std::min(at + (in_quotes ? 1 : 0), text.size());
  }
}

// The tokens of a record's data in turn.
class Tokens {
 public:
  explicit Tokens(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  bool at_end() const { return next_ == tokens_.size(); }
  const Token& peek() const { return tokens_[next_]; }
  std::vector<std::string_view> rest() {
    std::vector<std::string_view> texts;
    while (!at_end()) texts.push_back(tokens_[next_++].text);
    return texts;
  }
  Result<std::string_view> plain(std::string_view what) {
    if (at_end()) return bad(fmt::format("{} is missing", what));
    if (tokens_[next_].quoted) return bad(fmt::format("{} stands without quotation marks", what));
    return tokens_[next_++].text;
  }
  // Escapes resolved.
  Result<Bytes> octets(std::string_view what) {
    if (at_end()) return bad(fmt::format("{} is missing", what));
    const std::string_view text = tokens_[next_++].text;
    Bytes bytes;
    for (std::size_t at = 0; at < text.size();) {
      const auto octet = take_octet(text, at);
      if (!octet) return bad("after a backslash stand three digits up to 255 or one character");
      bytes.push_back(*octet);
    }
    return bytes;
  }
  template <class T>
  Result<T> number() {
    const std::string what = fmt::format("a number from 0 to {}", std::numeric_limits<T>::max());
    const std::string_view text = IPAM_TRY(plain(what));
    const auto value = parse_integer<T>(text);
    if (!value) return bad(fmt::format("'{}' stands where {} is expected", shorten(printable(text), 60), what));
    return *value;
  }

 private:
  std::vector<Token> tokens_;
  std::size_t next_ = 0;
};

Result<void> write_counted(Writer& writer, ByteView octets, std::string_view what) {
  if (octets.size() > 255) return bad(fmt::format("{} is longer than 255 octets; divide it into several", what));
  writer.u8(static_cast<std::uint8_t>(octets.size()));
  writer.bytes(octets);
  return {};
}

Result<Bytes> hex_of(const std::vector<std::string_view>& parts) {
  std::string joined;
  for (const std::string_view part : parts) joined += part;
  for (const char c : joined) {
    if (hex_value(c) < 0) return bad("hexadecimal digits are expected at the end");
  }
  auto bytes = from_hex(joined);
  if (!bytes.ok()) return bad("hexadecimal digits come in pairs");
  return bytes;
}

Result<void> parse_types(Tokens& tokens, Writer& writer) {
  std::map<unsigned, Bytes> windows;
  for (const std::string_view text : tokens.rest()) {
    const auto type = record_type_of(text);
    if (!type) return bad(fmt::format("'{}' is not a record type", shorten(printable(text), 60)));
    const auto number = static_cast<unsigned>(*type);
    Bytes& bits = windows[number / 256];
    const std::size_t at = number % 256 / 8;
    if (bits.size() <= at) bits.resize(at + 1);
    bits[at] = static_cast<std::uint8_t>(bits[at] | 0x80U >> number % 8);
  }
  for (const auto& [window, bits] : windows) {
    writer.u8(static_cast<std::uint8_t>(window));
    writer.u8(static_cast<std::uint8_t>(bits.size()));
    writer.bytes(bits);
  }
  return {};
}

Result<ip::Address> parse_address(Tokens& tokens, ip::Family family) {
  const std::string_view what = family == ip::Family::V4 ? "an IPv4 address" : "an IPv6 address";
  const std::string_view text = IPAM_TRY(tokens.plain(what));
  const auto address = ip::Address::parse(text);
  if (!address.ok() || address->family() != family) return bad(fmt::format("'{}' is not {}", shorten(printable(text), 60), what));
  return *address;
}

Result<void> parse_field(Tokens& tokens, Field field, Writer& writer) {
  switch (field) {
    case Field::U8: return writer.u8(IPAM_TRY(tokens.number<std::uint8_t>())), Result<void>();
    case Field::U16: return writer.u16(IPAM_TRY(tokens.number<std::uint16_t>())), Result<void>();
    case Field::U32: return writer.u32(IPAM_TRY(tokens.number<std::uint32_t>())), Result<void>();
    case Field::Type: {
      const auto type = record_type_of(IPAM_TRY(tokens.plain("a record type")));
      if (!type) return bad("a record type is expected");
      return writer.u16(static_cast<std::uint16_t>(*type)), Result<void>();
    }
    case Field::Time: {
      const auto time = time_of(IPAM_TRY(tokens.plain("a time")));
      if (!time) return bad("a time is written as YYYYMMDDHHmmSS");
      return writer.u32(*time), Result<void>();
    }
    case Field::Ipv4: return writer.bytes(rdata_of(IPAM_TRY(parse_address(tokens, ip::Family::V4)))), Result<void>();
    case Field::Ipv6: return writer.bytes(rdata_of(IPAM_TRY(parse_address(tokens, ip::Family::V6)))), Result<void>();
    case Field::OldName:
    case Field::Name: {
      const std::string_view text = IPAM_TRY(tokens.plain("a domain name"));
      return writer.in_full(IPAM_TRY(Name::parse(text))), Result<void>();
    }
    case Field::Text: return write_counted(writer, IPAM_TRY(tokens.octets("a text")), "a text");
    case Field::Texts:
      do IPAM_TRY(write_counted(writer, IPAM_TRY(tokens.octets("a text")), "a text"));
      while (!tokens.at_end());
      return {};
    case Field::Hex: {
      const Bytes bytes = IPAM_TRY(hex_of(tokens.rest()));
      if (bytes.empty()) return bad("hexadecimal digits are expected at the end");
      return writer.bytes(bytes), Result<void>();
    }
    case Field::Base64: {
      std::string joined;
      for (const std::string_view part : tokens.rest()) joined += part;
      const auto bytes = from_base64(joined);
      if (!bytes.ok() || bytes->empty()) return bad("base64 text is expected at the end");
      return writer.bytes(*bytes), Result<void>();
    }
    case Field::Types: return parse_types(tokens, writer);
    case Field::Salt: {
      const std::string_view text = IPAM_TRY(tokens.plain("a salt (\"-\" for none)"));
      const Bytes salt = text == "-" ? Bytes() : IPAM_TRY(hex_of({text}));
      return write_counted(writer, salt, "a salt");
    }
    case Field::Hash: {
      const auto hash = from_base32hex(IPAM_TRY(tokens.plain("a hash in base32hex")));
      if (!hash || hash->empty()) return bad("a hash in base32hex is expected");
      return write_counted(writer, *hash, "a hash");
    }
    case Field::Tag: return write_counted(writer, as_bytes(IPAM_TRY(tokens.plain("a property tag"))), "a property tag");
    case Field::Value: return writer.bytes(IPAM_TRY(tokens.octets("a value"))), Result<void>();
    case Field::Loc: return writer.bytes(IPAM_TRY(loc_from_text(tokens.rest()))), Result<void>();
    case Field::Parameters: return writer.bytes(IPAM_TRY(service_parameters_from_text(tokens.rest()))), Result<void>();
  }
  return bad("this type has no text form");
}

// RFC 3597 section 5: \# LENGTH HEX.
Result<Bytes> parse_octets(Tokens& tokens) {
  (void)IPAM_TRY(tokens.plain("\\#"));
  const auto length = IPAM_TRY(tokens.number<std::uint16_t>());
  Bytes bytes = IPAM_TRY(hex_of(tokens.rest()));
  if (bytes.size() != length) return bad(fmt::format("after \\# {} stand {} octets", length, bytes.size()));
  return bytes;
}

std::string octets_text(ByteView rdata) { return rdata.empty() ? std::string("\\# 0") : fmt::format("\\# {} {}", rdata.size(), upper_hex(rdata)); }

}  // namespace

std::string rdata_to_text(RecordType type, ByteView rdata) {
  const auto layout = layout_of(type);
  if (layout.empty() || !check_rdata(type, rdata).ok()) return octets_text(rdata);
  if (type == RecordType::Loc && !is_known_loc(rdata)) return octets_text(rdata);
  Reader reader(rdata);
  reader.allow_compression(false);
  if (layout.back() == Field::Parameters) {
    Reader parts(rdata, 2);
    parts.allow_compression(false);
    parts.skip_name();
    if (!service_parameters_text(rdata.subspan(parts.at()))) return octets_text(rdata);
  }
  std::string text;
  for (const Field field : layout) {
    const std::string part = field_text(reader, field);
    if (!text.empty() && !part.empty()) text += ' ';
    text += part;
  }
  return text;
}

Result<Bytes> rdata_from_text(RecordType type, std::string_view text) {
  const auto in_type = [&](Error error) {
    error.message = fmt::format("the data of a record of type {}: {}", to_string(type), error.message);
    return error;
  };
  const auto layout = layout_of(type);
  const bool has_parameters = !layout.empty() && layout.back() == Field::Parameters;
  auto split_text = tokens_of(text, has_parameters ? Parameters::Allowed : Parameters::No);
  if (!split_text.ok()) return in_type(std::move(split_text).error());
  Tokens tokens(std::move(split_text).value());
  Bytes rdata;
  if (!tokens.at_end() && !tokens.peek().quoted && tokens.peek().text == "\\#") {
    auto octets = parse_octets(tokens);
    if (!octets.ok()) return in_type(std::move(octets).error());
    rdata = std::move(octets).value();
  } else if (layout.empty()) {
    return in_type(bad("it is written as octets: \\# LENGTH HEX"));
  } else {
    Writer writer;
    for (const Field field : layout) {
      if (auto parsed = parse_field(tokens, field, writer); !parsed.ok()) return in_type(std::move(parsed).error());
    }
    if (!tokens.at_end()) return in_type(bad(fmt::format("'{}' is too much", shorten(printable(tokens.peek().text), 60))));
    rdata = std::move(writer).take();
  }
  const auto fits = check_rdata(type, rdata);
  if (!fits.ok()) return in_type(bad(fits.error().message));
  return rdata;
}

}  // namespace ipam::wire::dns
