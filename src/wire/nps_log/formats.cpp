#include "wire/nps_log/formats.h"

#include "base/bytes.h"
#include "base/strings.h"

#include <array>
#include <charconv>

namespace ipam::wire::nps_log {
namespace {

constexpr std::array<std::string_view, 66> kColumns{"Computer-Name",
                                                    "Event-Source",
                                                    "Record-Date",
                                                    "Record-Time",
                                                    "Packet-Type",
                                                    "User-Name",
                                                    "Fully-Qualified-Distinguished-Name",
                                                    "Called-Station-Id",
                                                    "Calling-Station-Id",
                                                    "Callback-Number",
                                                    "Framed-IP-Address",
                                                    "NAS-Identifier",
                                                    "NAS-IP-Address",
                                                    "NAS-Port",
                                                    "Client-Vendor",
                                                    "Client-IP-Address",
                                                    "Client-Friendly-Name",
                                                    "Event-Timestamp",
                                                    "Port-Limit",
                                                    "NAS-Port-Type",
                                                    "Connect-Info",
                                                    "Framed-Protocol",
                                                    "Service-Type",
                                                    "Authentication-Type",
                                                    "NP-Policy-Name",
                                                    "Reason-Code",
                                                    "Class",
                                                    "Session-Timeout",
                                                    "Idle-Timeout",
                                                    "Termination-Action",
                                                    "EAP-Friendly-Name",
                                                    "Acct-Status-Type",
                                                    "Acct-Delay-Time",
                                                    "Acct-Input-Octets",
                                                    "Acct-Output-Octets",
                                                    "Acct-Session-Id",
                                                    "Acct-Authentic",
                                                    "Acct-Session-Time",
                                                    "Acct-Input-Packets",
                                                    "Acct-Output-Packets",
                                                    "Acct-Terminate-Cause",
                                                    "Acct-Multi-Session-Id",
                                                    "Acct-Link-Count",
                                                    "Acct-Interim-Interval",
                                                    "Tunnel-Type",
                                                    "Tunnel-Medium-Type",
                                                    "Tunnel-Client-Endpt",
                                                    "Tunnel-Server-Endpt",
                                                    "Acct-Tunnel-Connection",
                                                    "Tunnel-Pvt-Group-ID",
                                                    "Tunnel-Assignment-ID",
                                                    "Tunnel-Preference",
                                                    "MS-Acct-Auth-Type",
                                                    "MS-Acct-EAP-Type",
                                                    "MS-RAS-Version",
                                                    "MS-RAS-Vendor",
                                                    "MS-CHAP-Error",
                                                    "MS-CHAP-Domain",
                                                    "MS-MPPE-Encryption-Types",
                                                    "MS-MPPE-Encryption-Policy",
                                                    "Proxy-Policy-Name",
                                                    "Provider-Type",
                                                    "Provider-Name",
                                                    "Remote-Server-Address",
                                                    "MS-RAS-Client-Name",
                                                    "MS-RAS-Client-Version"};

struct Number {
  std::uint32_t number;
  std::string_view name;
};
// RFC 2865, 2866, 2869, and the server's own.
constexpr std::array<Number, 34> kNumbers{{{1, "User-Name"},
                                           {4, "NAS-IP-Address"},
                                           {5, "NAS-Port"},
                                           {6, "Service-Type"},
                                           {7, "Framed-Protocol"},
                                           {8, "Framed-IP-Address"},
                                           {25, "Class"},
                                           {30, "Called-Station-Id"},
                                           {31, "Calling-Station-Id"},
                                           {32, "NAS-Identifier"},
                                           {40, "Acct-Status-Type"},
                                           {41, "Acct-Delay-Time"},
                                           {42, "Acct-Input-Octets"},
                                           {43, "Acct-Output-Octets"},
                                           {44, "Acct-Session-Id"},
                                           {45, "Acct-Authentic"},
                                           {46, "Acct-Session-Time"},
                                           {49, "Acct-Terminate-Cause"},
                                           {50, "Acct-Multi-Session-Id"},
                                           {55, "Event-Timestamp"},
                                           {61, "NAS-Port-Type"},
                                           {64, "Tunnel-Type"},
                                           {65, "Tunnel-Medium-Type"},
                                           {95, "NAS-IPv6-Address"},
                                           {4108, "Client-IP-Address"},
                                           {4116, "Client-Vendor"},
                                           {4127, "Authentication-Type"},
                                           {4128, "Client-Friendly-Name"},
                                           {4129, "SAM-Account-Name"},
                                           {4130, "Fully-Qualified-User-Name"},
                                           {4136, "Packet-Type"},
                                           {4142, "Reason-Code"},
                                           {4149, "NP-Policy-Name"},
                                           {4154, "Proxy-Policy-Name"}}};

bool read_moment(std::string_view date_text, std::string_view time_text, log_lines::DateOrder& order, Record& record) {
  const auto date = log_lines::read_date(trim(date_text), std::nullopt, order);
  const auto time = log_lines::read_time_of_day(trim(time_text));
  if (!date || !time) return false;
  record.time = date->day_number() + *time;
  record.date = date->reading;
  return true;
}

// Appends what an entity or a character reference ("&#x41;") stands for. False: it stands for nothing.
bool append_reference(std::string& plain, std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, char>, 5> kEntities{
      {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}}};
  for (const auto& [entity, character] : kEntities) {
    if (entity == name) return plain += character, true;
  }
  if (!name.starts_with('#')) return false;
  const bool hexadecimal = name.starts_with("#x");
  name.remove_prefix(hexadecimal ? 2 : 1);
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number, hexadecimal ? 16 : 10);
  if (error != std::errc() || end != name.data() + name.size() || number == 0 || number > 0xFFFF || (number >= 0xD800 && number <= 0xDFFF))
    return false;
  if (number < 0x80) {
    plain += static_cast<char>(number);
  } else if (number < 0x800) {
    plain += static_cast<char>(0xC0U | number >> 6U);
    plain += static_cast<char>(0x80U | (number & 0x3FU));
  } else {
    plain += static_cast<char>(0xE0U | number >> 12U);
    plain += static_cast<char>(0x80U | (number >> 6U & 0x3FU));
    plain += static_cast<char>(0x80U | (number & 0x3FU));
  }
  return true;
}

std::optional<std::string> unescaped(std::string_view text) {
  std::string plain;
  while (!text.empty()) {
    const auto ampersand = text.find('&');
    plain += text.substr(0, ampersand);
    if (ampersand == std::string_view::npos) return plain;
    const auto semicolon = text.find(';', ampersand);
    if (semicolon == std::string_view::npos || !append_reference(plain, text.substr(ampersand + 1, semicolon - ampersand - 1))) return std::nullopt;
    text.remove_prefix(semicolon + 1);
  }
  return plain;
}

// data_type 2: hexadecimal digits. As text where they are the digits of one, as many clients send sessions and classes.
std::string text_of_hex(std::string_view digits) {
  const auto bytes = from_hex(digits);
  if (!bytes.ok() || !is_clean_text(as_text(*bytes))) return std::string(digits);
  return std::string(as_text(*bytes));
}

// The fields of a line with quotes. False: a quote that does not close, or more fields than `fields` has place for.
bool split_quoted(std::string_view line, std::array<std::string, 80>& fields, std::size_t& count) {
  count = 0;
  while (true) {
    if (count == fields.size()) return false;
    std::string& field = fields[count++];
    field.clear();
    if (line.starts_with('"')) {
      line.remove_prefix(1);
      while (true) {
        const auto quote = line.find('"');
        if (quote == std::string_view::npos) return false;
        field += line.substr(0, quote);
        line.remove_prefix(quote + 1);
        if (!line.starts_with('"')) break;
        field += '"';
        line.remove_prefix(1);
      }
      if (!line.empty() && line.front() != ',') return false;
    } else {
      const auto comma = std::min(line.find(','), line.size());
      field = line.substr(0, comma);
      line.remove_prefix(comma);
    }
    if (line.empty()) return true;
    line.remove_prefix(1);
  }
}

}  // namespace

std::string_view read_dts(std::string_view text, log_lines::DateOrder& order, Record& record) {
  constexpr std::string_view kBegin = "<Event>", kEnd = "</Event>";
  text = trim(text);
  if (!text.starts_with(kBegin) || !text.ends_with(kEnd) || text.size() < kBegin.size() + kEnd.size()) return "it is not one <Event>";
  text = text.substr(kBegin.size(), text.size() - kBegin.size() - kEnd.size());
  bool has_time = false;
  for (text = trim(text); !text.empty(); text = trim(text)) {
    const auto close = text.find('>');
    if (text.front() != '<' || close == std::string_view::npos) return "it is not well-formed";
    const std::string_view tag = text.substr(1, close - 1);
    text.remove_prefix(close + 1);
    const std::string_view name = tag.substr(0, tag.find_first_of(" /\t"));
    if (name.empty()) return "it is not well-formed";
    if (tag.ends_with('/')) continue;
    const auto end = text.find('<');
    if (end == std::string_view::npos) return "it is not well-formed";
    const auto value = unescaped(text.substr(0, end));
    text.remove_prefix(end);
    if (!value || !text.starts_with("</") || text.substr(2, name.size()) != name) return "it is not well-formed";
    text.remove_prefix(2 + name.size());
    if (!text.starts_with('>')) return "it is not well-formed";
    text.remove_prefix(1);
    if (name == "Timestamp") {
      const auto space = value->find(' ');
      if (space == std::string::npos || !read_moment(value->substr(0, space), value->substr(space + 1), order, record)) return "the time is none";
      has_time = true;
    } else {
      const bool hexadecimal = tag.find("data_type=\"2\"") != std::string_view::npos;
      const auto problem = set_attribute(record, name, hexadecimal ? text_of_hex(*value) : *value);
      if (!problem.empty()) return problem;
    }
  }
  return has_time ? std::string_view() : "it has no time";
}

std::string_view read_database(std::string_view line, log_lines::DateOrder& order, Record& record) {
  std::array<std::string, 80> fields;
  std::size_t count = 0;
  if (!split_quoted(line, fields, count)) return "a quote does not end, or there are too many columns";
  if (count < 27) return "it is cut off";  // up to Class, which every entry of a server has
  if (!read_moment(fields[2], fields[3], order, record)) return "the time is none";
  for (std::size_t i = 0; i < std::min(count, kColumns.size()); ++i) {
    if (i == 2 || i == 3 || fields[i].empty()) continue;
    if (const auto problem = set_attribute(record, kColumns[i], fields[i]); !problem.empty()) return problem;
  }
  return {};
}

std::string_view read_ias(std::string_view line, log_lines::DateOrder& order, Record& record) {
  const auto fields = split(line, ',');
  if (fields.size() < 6) return "it is no entry of a log of NPS";
  if (!read_moment(fields[2], fields[3], order, record)) return "the time is none";
  if (fields.size() % 2 != 0) return "a number without a text stands at its end";
  if (const auto problem = set_attribute(record, "NAS-IP-Address", fields[0]); !problem.empty()) return problem;
  set_attribute(record, "Event-Source", fields[4]);
  set_attribute(record, "Computer-Name", fields[5]);
  for (std::size_t i = 6; i < fields.size(); i += 2) {
    const auto number = parse_integer<std::uint32_t>(trim(fields[i]));
    if (!number) return "an attribute has no number; is there a comma in a text?";
    std::string_view name;
    for (const Number& each : kNumbers) {
      if (each.number == *number) name = each.name;
    }
    const std::string_view text = fields[i + 1];
    const std::string value = text.starts_with("0x") ? text_of_hex(text.substr(2)) : std::string(text);
    const auto problem = set_attribute(record, name.empty() ? fields[i] : name, value);
    if (!problem.empty()) return problem;
  }
  if (record.user_name.empty()) set_attribute(record, "User-Name", fields[1]);
  return {};
}

}  // namespace ipam::wire::nps_log
