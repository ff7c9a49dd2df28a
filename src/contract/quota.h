// Quotas in the API: /api/v1/quotas. Thread rule: plain values.
#pragma once

#include "contract/common.h"

namespace ipam::contract {

enum class QuotaSubject { User, Group };
BOOST_DESCRIBE_ENUM(QuotaSubject, User, Group)

// How much of a place one user, or all users of a group together, may take. Of those that apply the innermost counts, that of a user before that of a
// group.
struct Quota {
  ObjectId id;
  ObjectId space_id;
  std::string space;
  ip::Prefix prefix;
  QuotaSubject subject_kind = QuotaSubject::User;
  std::string subject;
  std::optional<std::uint64_t> most_addresses;
  std::optional<std::uint64_t> most_subnets;
  std::uint64_t addresses_taken = 0;
  std::uint64_t subnets_taken = 0;
  std::string description;
};
BOOST_DESCRIBE_STRUCT(Quota, (),
                      (id, space_id, space, prefix, subject_kind, subject, most_addresses, most_subnets, addresses_taken, subnets_taken, description))

struct QuotaCreate {
  std::optional<std::string> space;
  ip::Prefix prefix;
  std::optional<QuotaSubject> subject_kind;  // default user
  std::string subject;                       // name of a user, or a group such as ipam_asm_administrators
  std::optional<std::uint64_t> most_addresses;
  std::optional<std::uint64_t> most_subnets;
  std::optional<std::string> description;
};
BOOST_DESCRIBE_STRUCT(QuotaCreate, (), (space, prefix, subject_kind, subject, most_addresses, most_subnets, description))

struct QuotaPatch {
  Patch<std::uint64_t> most_addresses;
  Patch<std::uint64_t> most_subnets;
  Patch<std::string> description;
};
BOOST_DESCRIBE_STRUCT(QuotaPatch, (), (most_addresses, most_subnets, description))

}  // namespace ipam::contract
