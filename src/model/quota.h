// Quota: how much of a place one user, or all users of a group together, may take. Thread rule: plain values.
#pragma once

#include "model/access.h"
#include "model/address_plan.h"

namespace ipam::model {

enum class QuotaSubject : std::uint8_t { User, Group };
BOOST_DESCRIBE_ENUM(QuotaSubject, User, Group)

// Of the quotas that apply to somebody in a place the innermost counts, that of a user before that of a group. What was taken before a quota was made
// is not charged to it.
struct Quota {
  Id<Quota> id;
  std::uint64_t revision = 0;
  Id<AddressSpace> space_id;
  ip::Prefix prefix;
  QuotaSubject subject_kind = QuotaSubject::User;
  std::string subject;  // name of a user, or a group as text ("ipam_asm_administrators")
  std::optional<std::uint64_t> most_addresses;
  std::optional<std::uint64_t> most_subnets;
  std::string description;

  bool operator==(const Quota&) const = default;
};
BOOST_DESCRIBE_STRUCT(Quota, (), (id, revision, space_id, prefix, subject_kind, subject, most_addresses, most_subnets, description))

}  // namespace ipam::model
