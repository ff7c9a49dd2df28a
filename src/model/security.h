// What is kept of sessions beside what signs in with them, of failed sign-ins, and of requests that were refused. Bookkeeping. Thread rule: plain
// values.
#pragma once

#include "model/access.h"

namespace ipam::model {

// By what a session is listed and revoked, and when it was used. It goes with its session; by itself it lets nobody in.
struct SessionUse {
  Bytes hash;  // of its session
  Id<SessionUse> id;
  std::string address;  // of the client that signed in
  Time last_used_at{};  // to within about a minute

  bool operator==(const SessionUse&) const = default;
};
BOOST_DESCRIBE_STRUCT(SessionUse, (), (hash, id, address, last_used_at))

enum class LockoutKind : std::uint8_t { UserName, ClientAddress };
BOOST_DESCRIBE_ENUM(LockoutKind, UserName, ClientAddress)

// Failed sign-ins under a name (of a user or not) or from an address, and until when the next is refused unseen.
struct Lockout {
  Id<Lockout> id;
  LockoutKind kind = LockoutKind::UserName;
  std::string subject;  // the name, or the address (of IPv6 the /64)
  std::uint64_t failures = 0;
  Time last_failure_at{};
  Time blocked_until{};  // in the past: the next attempt is looked at

  bool operator==(const Lockout&) const = default;
};
BOOST_DESCRIBE_STRUCT(Lockout, (), (id, kind, subject, failures, last_failure_at, blocked_until))

// Requests that were refused for who sent them or how many they were (401, 403, 429), alike ones of an hour in one row.
struct Refusal {
  Id<Refusal> id;
  Time first_at{};
  Time last_at{};
  std::uint64_t count = 0;
  std::int32_t status = 0;  // of the answer
  std::string user_name;    // who it was, or claimed to be; empty: not known
  std::string address;      // of the client; empty: many
  std::string method;
  std::string route;       // its template; empty: many
  std::string detail;      // what the latest was told: names the operation
  std::string request_id;  // of the latest

  bool operator==(const Refusal&) const = default;
};
BOOST_DESCRIBE_STRUCT(Refusal, (), (id, first_at, last_at, count, status, user_name, address, method, route, detail, request_id))

}  // namespace ipam::model
