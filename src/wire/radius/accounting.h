// Accounting: what an accounting request or an entry of a detail file says of a session (RFC 2865, 2866, 2869, 3162, 4818, 6911). Thread rule: plain
// values.
#pragma once

#include "base/clock.h"
#include "ip/address.h"
#include "ip/hardware_address.h"
#include "ip/prefix.h"
#include "wire/radius/packet.h"

#include <optional>
#include <string>
#include <utility>

namespace ipam::wire::radius {

// Acct-Status-Type, RFC 2866 section 5.1.
enum class Status : std::uint32_t { Start = 1, Stop = 2, Interim = 3, AccountingOn = 7, AccountingOff = 8 };

struct VendorAttribute {
  std::uint32_t vendor = 0;  // its private enterprise number
  std::uint8_t type = 0;
  Bytes value;

  bool operator==(const VendorAttribute&) const = default;
};

// Texts are printable UTF-8.
struct Accounting {
  std::uint32_t status = 0;  // mostly a Status
  std::string user_name;
  std::optional<ip::Address> nas_address;
  std::string nas_identifier;
  std::optional<std::uint32_t> nas_port;
  std::string nas_port_id;
  std::string calling_station, called_station;
  // Who has them: what of this a client got is often first said by an interim.
  std::optional<ip::Address> framed_address;  // IPv4; 255.255.255.254 and .255 mean "chosen elsewhere" and are left out
  std::vector<ip::Address> framed_ipv6_addresses;
  std::vector<ip::Prefix> framed_ipv6_prefixes, delegated_ipv6_prefixes;
  std::optional<std::uint64_t> framed_interface_id;
  std::string session_id, multi_session_id;
  std::optional<Time> event_time;             // Event-Timestamp: when it happened, by the clock of the NAS
  std::optional<std::uint32_t> delay;         // seconds since then, while the NAS tried to send it
  std::optional<std::uint32_t> session_time;  // seconds
  std::optional<std::uint64_t> input_octets, output_octets;
  std::optional<std::uint32_t> terminate_cause;
  std::vector<Bytes> classes;
  std::vector<VendorAttribute> vendor_attributes;
  std::vector<Attribute> others;                           // of a packet
  std::vector<std::pair<std::string, std::string>> texts;  // of a detail file: what has no field here, vendors' attributes included

  bool operator==(const Accounting&) const = default;
};

// Errors: Malformed (no status, an attribute of a wrong size).
Result<Accounting> read_accounting(const Packet& packet);

// The hardware address in a Calling-Station-Id or Called-Station-Id ("AA-BB-CC-DD-EE-01", "aabb.ccdd.ee01", "AABBCCDDEE01:office"), or nothing.
std::optional<ip::HardwareAddress> station_address(std::string_view station);

// When it happened: the event's time, else when it was received less the delay.
Time moment_of(const Accounting& accounting, Time received);

}  // namespace ipam::wire::radius
