// Columns: where each field of a line stands, by the header of the file. Thread rule: plain values.
#pragma once

#include "ip/address.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ipam::wire::dhcp_audit_log {

enum class Field : std::uint8_t {
  Id,
  Date,
  Time,
  Description,
  Address,
  HostName,
  Client,  // "MAC Address", or "Duid Bytes(Hex)"
  UserName,
  TransactionId,
  QuarantineResult,
  ProbationTime,
  CorrelationId,
  Dhcid,
  VendorClass,
  VendorClassText,
  UserClass,
  UserClassText,
  RelayAgentInformation,
  Error,  // "DnsRegError", or "Error Code"
  DuidLength,
  SubnetPrefix,
};
inline constexpr std::size_t kFields = 21;
inline constexpr std::size_t kMaxColumns = 64;

struct Columns {
  ip::Family family = ip::Family::V4;
  std::size_t count = 0;
  std::array<int, kFields> place{};  // -1: there is none

  int operator[](Field field) const { return place[static_cast<std::size_t>(field)]; }

  // Nothing when the line is no header: one has at least "ID", "Date", "Time" and a column of addresses. Names may come in any order, with
  // spaces and in any case; names that are not known are left alone. A header in another language that begins with "ID" and has as many columns as a
  // server writes (7, 13 or 19, IPv6: 12) is read by its places.
  static std::optional<Columns> read(std::string_view line);
};

}  // namespace ipam::wire::dhcp_audit_log
