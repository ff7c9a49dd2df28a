// Who may sign in, and as what. Thread rule: plain values.
#pragma once

#include "model/address_plan.h"

namespace ipam::model {

// The five built-in groups of Microsoft IPAM. IpamAdministrators includes the three administrators' groups, each of which includes IpamUsers.
enum class Group : std::uint8_t { IpamUsers, IpamMsmAdministrators, IpamAsmAdministrators, IpamIpAuditAdministrators, IpamAdministrators };
BOOST_DESCRIBE_ENUM(Group, IpamUsers, IpamMsmAdministrators, IpamAsmAdministrators, IpamIpAuditAdministrators, IpamAdministrators)

struct User {
  Id<User> id;
  std::uint64_t revision = 0;
  std::string name;
  std::string password_hash;  // argon2id in PHC form
  Group access_group = Group::IpamUsers;
  bool enabled = true;
  std::string description;

  bool operator==(const User&) const = default;
};
BOOST_DESCRIBE_STRUCT(User, (), (id, revision, name, password_hash, access_group, enabled, description))

// A long-lived bearer token of a user for scripts. Only its hash is stored. It never gives more than `access_group`, nor more than its user has.
struct Token {
  Id<Token> id;
  std::uint64_t revision = 0;
  Id<User> user_id;
  std::string name;
  Bytes hash;
  Group access_group = Group::IpamUsers;
  Time created_at{};
  std::optional<Time> expires_at;

  bool operator==(const Token&) const = default;
};
BOOST_DESCRIBE_STRUCT(Token, (), (id, revision, user_id, name, hash, access_group, created_at, expires_at))

// A sign-in. Bookkeeping, keyed by the hash of its bearer token.
struct Session {
  Bytes hash;
  Id<User> user_id;
  Time created_at{};
  Time expires_at{};

  bool operator==(const Session&) const = default;
};
BOOST_DESCRIBE_STRUCT(Session, (), (hash, user_id, created_at, expires_at))

}  // namespace ipam::model
