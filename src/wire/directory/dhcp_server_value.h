// One value of the attribute dhcpServers of a dHCPClass object, by which Active Directory authorizes a DHCP server:
// "i10.0.0.5$rcn=dhcp1.contoso.test$f0x00000000$sdhcp1.contoso.test$". Fields end with '$' and begin with a letter: i address, r name in the
// directory, f flags, s host name; others are passed over. Microsoft publishes no grammar; the form is that of its own tools. Thread rule: a plain
// value.
#pragma once

#include "ip/address.h"

#include <optional>
#include <string>
#include <string_view>

namespace ipam::wire::directory {

struct DhcpServerValue {
  std::optional<ip::Address> address;
  std::string host;  // as it is written, without a final dot; empty when it is not told

  // Errors: Malformed (longer than 4 KiB, not text, or neither address nor host).
  static Result<DhcpServerValue> parse(std::string_view text);

  bool operator==(const DhcpServerValue&) const = default;
};

}  // namespace ipam::wire::directory
