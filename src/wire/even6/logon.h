// Logon: who proved from where who they are, by the events of Windows that tell it: Security 4768, 4769, 4770, 4624, and 6272, 6273, 6278 of the
// Network Policy Server (provider Microsoft-Windows-Security-Auditing). Names of their data: Microsoft's pages on each event. Thread rule: plain
// values.
#pragma once

#include "ip/address.h"
#include "wire/even6/event.h"

namespace ipam::wire::even6 {

enum class LogonKind : std::uint8_t {
  KerberosLogon,         // 4768: a ticket-granting ticket was asked for
  KerberosTicket,        // 4769: a ticket for a service
  KerberosRenewal,       // 4770
  Logon,                 // 4624: a session began on the computer
  NetworkAccess,         // 6272 and 6278: NPS let somebody in
  NetworkAccessRefused,  // 6273
};

struct Logon {
  LogonKind kind = LogonKind::Logon;
  bool success = true;
  Time time;
  std::string computer;  // that tells it: domain controller, NPS server, or where somebody logged on
  std::uint64_t record_id = 0;
  std::string account, domain;  // "alice", "CONTOSO"; a realm behind '@' is taken for the domain where there is no other
  std::string sid;
  bool machine = false;                                                                // the account is a computer's: its name ends with '$'
  std::optional<ip::Address> address;                                                  // of the client; an IPv4-mapped address is IPv4, "-" is none
  std::string workstation;                                                             // as the client says (4624)
  std::uint32_t logon_type = 0;                                                        // 4624: 2 interactive, 3 network, 10 remote …
  std::string service;                                                                 // 4768 to 4770
  std::string calling_station, called_station, nas_identifier, nas_port, client_name;  // NPS: mostly hardware addresses, and the RADIUS client
  std::optional<ip::Address> nas_address;
  std::string session_id;  // NPS: joins with accounting
  std::string status;      // "0x0"; of NPS the number of the reason

  bool operator==(const Logon&) const = default;
};

// Nothing when the event is none of these, or lacks its time or the account.
std::optional<Logon> read_logon(const Event& event);

// The ids of these events, for a query of the channel Security.
std::vector<std::uint32_t> logon_event_ids();

}  // namespace ipam::wire::even6
