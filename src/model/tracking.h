// Who held an address, over time. Facts: not journaled, and they stay when the server that told them goes. Thread rule: plain values.
#pragma once

#include "model/dhcp.h"

namespace ipam::model {

// Open: not known to have ended. Released: the client gave it back. Replaced: another client has the address. Declined: the client found it in use.
// Gone: the server had it no more, though its time had not run out (it was released or deleted).
enum class LeaseEnding : std::uint8_t { Open, Expired, Released, Replaced, Declined, Gone };
BOOST_DESCRIBE_ENUM(LeaseEnding, Open, Expired, Released, Replaced, Declined, Gone)

// One client held one address by DHCP, as one server told it. Its parts that were not seen are not known: see service/tracking.
struct LeaseInterval {
  ip::Address address;
  Id<ManagedServer> server_id;
  Time began_at{};  // the first transaction that is known
  Id<AddressSpace> space_id;
  std::string server;  // its name then
  std::string scope_key;
  std::optional<ip::HardwareAddress> hardware_address;
  std::optional<ip::ClientId> client_id;  // IPv6: the DUID
  std::string hostname;                   // the newest
  Time renewed_at{};                      // the last transaction that is known
  Time expires_at{};                      // until when the server gave it in that
  std::optional<Time> ended_at;           // of Released, Replaced and Gone: not later than that
  LeaseEnding ending = LeaseEnding::Open;
  Time seen_at{};                                // when a collection last saw it changed
  std::optional<std::uint8_t> delegated_length;  // as in Lease

  bool operator==(const LeaseInterval&) const = default;
};
BOOST_DESCRIBE_STRUCT(LeaseInterval, (),
                      (address, server_id, began_at, space_id, server, scope_key, hardware_address, client_id, hostname, renewed_at, expires_at,
                       ended_at, ending, seen_at, delegated_length))

// That somebody asked who held an address.
struct TrackingQuery {
  Id<TrackingQuery> id;
  Time at{};
  std::string user_name;
  std::string question;    // "who had 10.1.2.34 at 2026-11-27T13:23:00Z"
  std::string purpose;     // as it was given
  std::string request_id;  // as in the journal and the log
  std::uint64_t answers = 0;

  bool operator==(const TrackingQuery&) const = default;
};
BOOST_DESCRIBE_STRUCT(TrackingQuery, (), (id, at, user_name, question, purpose, request_id, answers))

}  // namespace ipam::model
