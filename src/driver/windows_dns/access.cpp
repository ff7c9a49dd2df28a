#include "driver/windows_dns/access.h"

#include "base/strings.h"
#include "ip/address.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace ipam::driver::windows_dns {
namespace {

constexpr std::string_view kScheme = "dcerpc://";

Error bad(std::string_view why) {
  return {ErrorCode::InvalidArgument, fmt::format("the URL of a Windows DNS server is written as dcerpc://dc1.contoso.test, with ?kdc=HOST where DNS "
                                                  "does not tell the key distribution center; {}",
                                                  why)};
}

bool is_host(std::string_view text) {
  return !text.empty() && text.size() <= 255 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
  });
}

std::optional<std::uint16_t> port_of(std::string_view text) { return parse_integer<std::uint16_t>(text, 1); }

// "10.0.0.10", "kdc.contoso.test:88", "[2001:db8::1]:88", as krb5.conf has it too.
bool is_kdc(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos || !ip::Address::parse(text.substr(1, end - 1)).ok()) return false;
    const std::string_view rest = text.substr(end + 1);
    return rest.empty() || (rest.starts_with(':') && port_of(rest.substr(1)));
  }
  const std::size_t colon = text.find(':');
  return is_host(text.substr(0, colon)) && (colon == std::string_view::npos || port_of(text.substr(colon + 1)));
}

Result<void> take_option(std::string_view option, Access& access) {
  const std::size_t equals = option.find('=');
  const std::string_view name = option.substr(0, equals);
  const std::string_view value = equals == std::string_view::npos ? std::string_view() : option.substr(equals + 1);
  if (name == "kdc") {
    if (!is_kdc(value)) return bad("kdc is a host or an address, with a port or without");
    access.kdcs.emplace_back(value);
  } else if (name == "address") {
    if (!ip::Address::parse(value).ok()) return bad("address is an IP address");
    access.target.address = value;
  } else if (name == "port") {
    const auto port = port_of(value);
    if (!port) return bad("port is a number from 1 to 65535");
    access.target.port = *port;
  } else {
    return bad("kdc, address and port are the options that there are");
  }
  return {};
}

}  // namespace

Result<Access> parse_url(std::string_view url) {
  if (!url.starts_with(kScheme)) return bad("it begins otherwise");
  std::string_view rest = url.substr(kScheme.size());
  const std::size_t question = rest.find('?');
  const std::string_view options = question == std::string_view::npos ? std::string_view() : rest.substr(question + 1);
  rest = rest.substr(0, question);
  if (rest.ends_with('/')) rest.remove_suffix(1);
  const std::size_t colon = rest.find(':');
  Access access;
  access.target.host = to_lower(rest.substr(0, colon));
  if (!is_host(access.target.host)) return bad("the host's name is missing, or holds what no name has");
  if (ip::Address::parse(access.target.host).ok()) {
    return bad("it must have the host's name as the domain knows it, for Kerberos knows no addresses; the address may stand in ?address=");
  }
  if (colon != std::string_view::npos) {
    const auto port = port_of(rest.substr(colon + 1));
    if (!port) return bad("a port is a number from 1 to 65535");
    access.target.mapper_port = *port;
  }
  if (question != std::string_view::npos) {
    for (const std::string_view option : split(options, '&')) IPAM_TRY(take_option(option, access));
  }
  return access;
}

Result<std::shared_ptr<client::kerberos::Credential>> make_credential(const Endpoint& endpoint, const Access& access) {
  if (endpoint.user_name.empty()) {
    return Error(ErrorCode::InvalidArgument,
                 "a Windows DNS server needs a credential: an account of its domain (reader@CONTOSO.TEST) with its password or a keytab");
  }
  client::kerberos::CredentialOptions options;
  options.user_name = endpoint.user_name;
  options.kdcs = access.kdcs;
  if (endpoint.credential_kind == model::CredentialKind::Keytab) {
    options.keytab = endpoint.password;
  } else {
    options.password = endpoint.password;
  }
  return client::kerberos::Credential::create(std::move(options));
}

}  // namespace ipam::driver::windows_dns
