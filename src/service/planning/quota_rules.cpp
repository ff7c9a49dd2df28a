#include "service/planning/quota_rules.h"

#include <fmt/format.h>

#include <map>

namespace ipam::service {
namespace {

using ledger::Transaction;
using model::Id;
using model::Quota;
using model::QuotaSubject;
using store::Comparison;

// What one batch knows of quotas.
struct Known {
  bool is_read = false;
  std::vector<Quota> quotas;
  std::uint64_t first_new_id = 0;                                             // what the batch makes has ids from here on
  std::map<std::string, std::optional<model::Group>> groups;                  // of users
  std::map<std::pair<std::string_view, std::uint64_t>, std::uint64_t> taken;  // by table and quota, committed
};

Result<void> read(Transaction& transaction, Known& known) {
  if (known.is_read) return {};
  IPAM_TRY(store::for_each<Quota>(transaction.committed(), {}, [&](Quota quota) -> Result<bool> {
    known.quotas.push_back(std::move(quota));
    return true;
  }));
  known.first_new_id = transaction.next_id();
  known.is_read = true;
  return {};
}

Result<bool> applies_to(Transaction& transaction, Known& known, const Quota& quota, const std::string& actor) {
  if (quota.subject_kind == QuotaSubject::User) return quota.subject == actor;
  const auto [group, is_new] = known.groups.try_emplace(actor);
  if (is_new) {
    const auto user = IPAM_TRY(store::find_where<model::User>(transaction.committed(), {{"name", Comparison::Equal, actor}}));
    if (user) group->second = user->access_group;
  }
  return group->second && model::enum_to_text(*group->second) == quota.subject;
}

// The innermost, that of a user before that of a group.
Result<const Quota*> quota_for(Transaction& transaction, Known& known, Id<model::AddressSpace> space, const ip::Prefix& place,
                               std::optional<std::uint64_t> Quota::*most) {
  const std::string& actor = transaction.context().actor;
  const Quota* innermost = nullptr;
  for (const Quota& quota : known.quotas) {
    if (quota.space_id != space || !(quota.*most) || !quota.prefix.contains(place)) continue;
    const bool is_nearer = innermost == nullptr || quota.prefix.length() > innermost->prefix.length() ||
                           (quota.prefix == innermost->prefix && quota.subject_kind == QuotaSubject::User);
    if (is_nearer && IPAM_TRY(applies_to(transaction, known, quota, actor))) innermost = &quota;
  }
  return innermost;
}

template <class T>
Result<std::uint64_t> taken_of(Transaction& transaction, Known& known, Id<Quota> quota) {
  const auto [committed, is_new] = known.taken.try_emplace({store::table<T>().name, quota.value});
  if (is_new) {
    committed->second = IPAM_TRY(store::count(transaction.committed(), store::table<T>(), {{"quota_id", Comparison::Equal, store::to_value(quota)}}));
  }
  std::uint64_t taken = committed->second;
  transaction.for_each_changed([&](const model::Object& changed) {
    const T* object = std::get_if<T>(&changed);
    if (object != nullptr && object->quota_id == quota && object->id.value >= known.first_new_id) ++taken;
  });
  return taken;
}

template <class T>
Result<void> charge_to(Transaction& transaction, T& object, const ip::Prefix& place, std::optional<std::uint64_t> Quota::*most,
                       std::string_view noun) {
  Known& known = transaction.memo<Known>();
  IPAM_TRY(read(transaction, known));
  object.quota_id.reset();
  if (known.quotas.empty()) return {};
  const Quota* quota = IPAM_TRY(quota_for(transaction, known, object.space_id, place, most));
  if (quota == nullptr) return {};
  const std::uint64_t limit = *(quota->*most);
  const std::uint64_t taken = IPAM_TRY(taken_of<T>(transaction, known, quota->id));
  if (taken >= limit) {
    return Error(ErrorCode::Exhausted,
                 fmt::format("the quota of {} {} in {} is {}, of which {} are taken; give some back, or ask for a larger quota",
                             model::enum_to_text(quota->subject_kind), quota->subject, quota->prefix.to_string(), count_of(limit, noun), taken));
  }
  object.quota_id = quota->id;
  return {};
}

}  // namespace

Result<void> charge(Transaction& transaction, model::Address& object) {
  const ip::Prefix place = ip::Prefix::containing(object.address, ip::bit_count(object.address.family()));
  return charge_to(transaction, object, place, &Quota::most_addresses, "address");
}

Result<void> charge(Transaction& transaction, model::Subnet& object) {
  return charge_to(transaction, object, object.prefix, &Quota::most_subnets, "subnet");
}

}  // namespace ipam::service
