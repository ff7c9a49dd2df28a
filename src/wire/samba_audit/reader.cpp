#include "wire/samba_audit/reader.h"

#include "base/strings.h"
#include "json/codec.h"
#include "wire/log_lines/text.h"

#include <fmt/format.h>
#include <boost/json/value.hpp>

namespace ipam::wire::samba_audit {
namespace {

using boost::json::object;

// Empty when it is missing, null or no string.
std::string_view text_in(const object& fields, std::string_view name) {
  const auto* value = fields.if_contains(name);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

std::string printable_in(const object& fields, std::string_view name) { return log_lines::printable(text_in(fields, name)); }

std::uint32_t number_in(const object& fields, std::string_view name) {
  const auto* value = fields.if_contains(name);
  if (value == nullptr || !value->is_int64() || value->get_int64() < 0 || value->get_int64() > 0xFFFFFFFF) return 0;
  return static_cast<std::uint32_t>(value->get_int64());
}

// "2026-11-22T23:06:19.862461+0000": RFC 3339 but for the colon of the offset.
Result<Time> read_time(std::string_view text) {
  if (text.size() < 5 || (text[text.size() - 5] != '+' && text[text.size() - 5] != '-')) return parse_time(text);
  return parse_time(fmt::format("{}:{}", text.substr(0, text.size() - 2), text.substr(text.size() - 2)));
}

// "ipv4:192.0.2.1:1234", "ipv6:2001:db8::1:1234", "unix:/path". False: an address that is none.
bool read_address(std::string_view text, Logon& logon) {
  if (!text.starts_with("ipv4:") && !text.starts_with("ipv6:")) return true;
  text.remove_prefix(5);
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return false;
  const auto port = parse_integer<std::uint16_t>(text.substr(colon + 1));
  text = text.substr(0, colon);
  const auto address = ip::Address::parse(text.substr(0, text.find('%')));
  if (!port || !address.ok()) return false;
  logon.port = *port;
  logon.address = address->unmapped();
  return true;
}

void take_apart(std::string_view account, std::string_view domain, Logon& logon) {
  if (const auto backslash = account.find('\\'); backslash != std::string_view::npos) {
    domain = account.substr(0, backslash);
    account = account.substr(backslash + 1);
  } else if (const auto at = account.rfind('@'); at != std::string_view::npos) {
    domain = account.substr(at + 1);
    account = account.substr(0, at);
  }
  logon.account = log_lines::printable(account);
  logon.domain = log_lines::printable(domain);
}

// What is wrong, or nothing.
std::string_view read_logon(std::string_view type, const object& fields, Logon& logon) {
  const bool authentication = type == "Authentication";
  logon.kind = authentication ? Kind::Authentication : Kind::Authorization;
  logon.status = printable_in(fields, "status");
  if (authentication && logon.status.empty()) return "it has no status";
  logon.success = !authentication || logon.status == "NT_STATUS_OK";
  logon.event_id = number_in(fields, "eventId");
  logon.logon_type = number_in(fields, "logonType");
  if (!read_address(text_in(fields, "remoteAddress"), logon)) return "the remote address is none";
  logon.service = printable_in(fields, "serviceDescription");
  logon.method = printable_in(fields, authentication ? "authDescription" : "authType");
  logon.workstation = printable_in(fields, "workstation");
  logon.password_type = printable_in(fields, "passwordType");
  if (!authentication) {
    take_apart(text_in(fields, "account"), text_in(fields, "domain"), logon);
    logon.sid = printable_in(fields, "sid");
  } else {
    logon.sid = printable_in(fields, "becameSid");
    // A Kerberos failure names the account that was found for the name as "became", too.
    if (const auto became = text_in(fields, "becameAccount"); !became.empty()) {
      logon.account = log_lines::printable(became);
      logon.domain = printable_in(fields, "becameDomain");
    } else {
      take_apart(text_in(fields, "clientAccount"), text_in(fields, "clientDomain"), logon);
    }
  }
  return {};
}

}  // namespace

std::string deduplication_key(const Logon& logon) {
  return fmt::format("{}|{}|{}|{}", to_lower(logon.account), logon.address ? logon.address->to_string() : "-",
                     std::chrono::floor<std::chrono::seconds>(logon.time).time_since_epoch().count(), logon.success ? 1 : 0);
}

Reader::Reader(Takers takers, std::uint64_t offset)
    : takers_(std::move(takers)),
      lines_({.on_line = [this](const log_lines::Line& line) { return take_line(line); }, .on_bad = takers_.on_bad}, offset, kMaxLine) {}

Result<void> Reader::take_line(const log_lines::Line& line) {
  const std::string_view text = trim(line.text);
  if (text.empty()) return {};
  const auto bad = [&](std::string_view why) { return takers_.on_bad(log_lines::make_bad_line(line, std::string(why))); };
  const auto json = json::parse(text);
  if (!json.ok() || !json->is_object()) return bad("it is no JSON object");
  const object& outer = json->get_object();
  const std::string_view type = text_in(outer, "type");
  if (type.empty()) return bad("it does not say of what kind it is");
  if (type != "Authentication" && type != "Authorization") {
    ++others_;
    return {};
  }
  const auto* inner = outer.if_contains(type);
  if (inner == nullptr || !inner->is_object()) return bad("it does not have what its kind says");
  Logon logon;
  logon.offset = line.offset;
  logon.size = line.size;
  const auto time = read_time(text_in(outer, "timestamp"));
  if (!time.ok()) return bad("the time is none");
  logon.time = *time;
  if (const auto problem = read_logon(type, inner->get_object(), logon); !problem.empty()) return bad(problem);
  return takers_.on_logon(logon);
}

}  // namespace ipam::wire::samba_audit
