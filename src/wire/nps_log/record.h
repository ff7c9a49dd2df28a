// Record: one entry of a log of Microsoft's Network Policy Server (NPS, once IAS), whatever the format of the file. Thread rule: plain values.
#pragma once

#include "ip/address.h"
#include "time_zone/time_zone.h"
#include "wire/log_lines/date.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ipam::wire::nps_log {

enum class Format : std::uint8_t { Dts, Database, Ias };

// Packet-Type.
enum class PacketType : std::uint8_t { Unknown = 0, Request = 1, Accept = 2, Reject = 3, Accounting = 4, Challenge = 11 };

// Name and text, printable UTF-8. Names are those of DTS files; attributes that have none here are called by their number.
using Attribute = std::pair<std::string, std::string>;

struct Record {
  std::uint64_t offset = 0, size = 0;  // in the file, with line ends
  Format format = Format::Dts;
  time_zone::LocalTime time;  // by the server's clock
  log_lines::DateReading date = log_lines::DateReading::Certain;
  std::string computer;  // the NPS server
  PacketType packet_type = PacketType::Unknown;
  std::string user_name;        // as the client says
  std::string account;          // as the server understood it: "CONTOSO\alice", "contoso.test/Users/alice"
  std::string calling_station;  // mostly a hardware address
  std::string called_station;
  std::optional<ip::Address> framed_address;
  std::optional<ip::Address> nas_address;
  std::string nas_identifier, nas_port;
  std::optional<ip::Address> client_address;  // of the RADIUS client that sent the request
  std::string client_name;
  std::optional<std::uint32_t> reason_code;        // 0: success
  std::string class_value;                         // joins the request with its answer
  std::optional<std::uint32_t> accounting_status;  // 1 start, 2 stop, 3 interim
  std::string session_id, multi_session_id;
  std::string policy;
  std::vector<Attribute> attributes;  // everything else

  bool operator==(const Record&) const = default;
};

// Puts one attribute into its field, or among the others. `name`: see Attribute. What is wrong with it, or nothing.
std::string_view set_attribute(Record& record, std::string_view name, std::string_view text);

}  // namespace ipam::wire::nps_log
