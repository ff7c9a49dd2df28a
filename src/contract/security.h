// Who is signed in and who was refused: /api/v1/sessions, lockouts, refusals. Thread rule: plain values.
#pragma once

#include "contract/common.h"

namespace ipam::contract {

// A session as a list tells it; what signs in with it is told once, by Session.
struct OpenSession {
  ObjectId id;
  std::string user_name;
  std::string address;
  Time created_at{};
  Time last_used_at{};  // to within about a minute
  Time expires_at{};
};
BOOST_DESCRIBE_STRUCT(OpenSession, (), (id, user_name, address, created_at, last_used_at, expires_at))

enum class LockoutKind { UserName, ClientAddress };
BOOST_DESCRIBE_ENUM(LockoutKind, UserName, ClientAddress)

struct Lockout {
  ObjectId id;
  LockoutKind kind = LockoutKind::UserName;
  std::string name;  // the user name, of a user or not, or the address; of IPv6 the /64
  std::uint64_t failures = 0;
  Time last_failure_at{};
  std::optional<Time> blocked_until;  // null: the next attempt is looked at
};
BOOST_DESCRIBE_STRUCT(Lockout, (), (id, kind, name, failures, last_failure_at, blocked_until))

struct Refusal {
  ObjectId id;
  Time first_at{};
  Time last_at{};
  std::uint64_t count = 0;
  int status = 0;
  std::string user_name;
  std::string address;
  std::string method;
  std::string route;
  std::string detail;
  std::string request_id;
};
BOOST_DESCRIBE_STRUCT(Refusal, (), (id, first_at, last_at, count, status, user_name, address, method, route, detail, request_id))

}  // namespace ipam::contract
