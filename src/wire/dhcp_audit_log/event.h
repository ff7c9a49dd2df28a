// Event: one line of an audit log of the Windows DHCP server (DhcpSrvLog-*.log for IPv4, DhcpV6SrvLog-*.log for IPv6).
//
// Times are what the server's clock showed: time_zone/time_zone.h makes them instants. Thread rule: plain values.
#pragma once

#include "base/bytes.h"
#include "ip/address.h"
#include "time_zone/time_zone.h"
#include "wire/log_lines/date.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ipam::wire::dhcp_audit_log {

// What a line tells. Both families share a kind where they mean the same.
enum class EventKind : std::uint8_t {
  Other,  // neither the legend of the file nor the list of known ids has it
  LogStarted,
  LogStopped,
  LogPaused,
  NewLease,
  Renewal,
  Release,
  AddressInUse,
  PoolExhausted,
  Denial,
  Deletion,
  Expiry,         // the DNS records stay
  ExpiryWithDns,  // the DNS records were deleted
  BootpLease,
  DynamicBootpLease,
  BootpPoolExhausted,
  BootpDeletion,
  CleanupBegun,
  CleanupEnded,
  DnsUpdateRequested,
  DnsUpdateFailed,
  DnsUpdateMade,
  DnsQueueFull,
  Dropped,  // by network access protection, or because the failover partner answers
  Authorization,
  Solicit,
  Advertise,
  Confirm,
  Rebind,
  Decline,
  InformationRequest,
  StatelessRequest,
  StatelessPurge,
  StatelessExpiry,
};
std::string_view to_string(EventKind kind);

// What the event does to the lease of its address.
enum class LeaseEffect : std::uint8_t { None, Begins, GoesOn, Ends };
LeaseEffect lease_effect(EventKind kind);

using log_lines::DateReading;

struct Event {
  std::uint64_t offset = 0;  // of the line, in bytes
  std::uint64_t size = 0;    // with its end
  std::uint16_t id = 0;
  EventKind kind = EventKind::Other;
  time_zone::LocalTime time;
  DateReading date = DateReading::Certain;
  std::optional<ip::Address> address;  // IPv4: of some kinds the scope's
  Bytes client;                        // IPv4: hardware address, or an identifier of up to 255 octets; IPv6: the DUID
  // Printable UTF-8, whatever the client sent (wire/log_lines/text.h).
  std::string description, host_name, user_name;
  std::optional<std::uint32_t> transaction_id;
  std::optional<std::uint32_t> quarantine_result;  // 0 none, 1 quarantine, 2 dropped, 3 probation, 6 no information
  std::string probation_time, correlation_id, dhcid;
  Bytes vendor_class, user_class;
  std::string vendor_class_text, user_class_text, relay_agent_information;
  std::optional<std::uint32_t> error;        // IPv4: of the DNS registration; IPv6: the error code
  std::optional<ip::Address> subnet_prefix;  // IPv6; the length does not stand in the log

  bool operator==(const Event&) const = default;
};

}  // namespace ipam::wire::dhcp_audit_log
