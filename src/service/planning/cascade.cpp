#include "service/planning/cascade.h"

#include "service/planning/placement.h"

#include <fmt/format.h>

namespace ipam::service {
namespace {

using ledger::Transaction;
using model::Id;
using occupancy::PrefixEntry;
using occupancy::PrefixKind;
using store::Comparison;

Error too_many(const std::string& what) {
  return {ErrorCode::FailedPrecondition, fmt::format("{} holds more than {} objects; remove what is inside it in parts first", what, kMaxCascade)};
}

// Counts what is removed.
class Remover {
 public:
  Remover(Transaction& transaction, std::string what) : transaction_(transaction), what_(std::move(what)) {}

  template <class T>
  Result<void> erase(const T& object) {
    if (++count_ > kMaxCascade) return too_many(what_);
    IPAM_TRY(check_unused(transaction_, object));
    return transaction_.erase(object.id);
  }

  Result<void> erase_inside(const model::Subnet& subnet) {
    const auto in_subnet = [&](const model::Range& range) { return range.subnet_id == subnet.id; };
    const auto ranges =
        IPAM_TRY(transaction_.list<model::Range>({{"subnet_id", Comparison::Equal, store::to_value(subnet.id)}}, in_subnet, kMaxCascade + 1));
    for (const model::Range& range : ranges) IPAM_TRY(erase(range));
    const auto inside = [&](const model::Address& address) { return address.space_id == subnet.space_id && subnet.prefix.contains(address.address); };
    const auto addresses =
        IPAM_TRY(transaction_.list<model::Address>({{"space_id", Comparison::Equal, store::to_value(subnet.space_id)},
                                                    {"address", Comparison::GreaterOrEqual, store::to_value(subnet.prefix.first())},
                                                    {"address", Comparison::LessOrEqual, store::to_value(subnet.prefix.last())}},
                                                   inside, kMaxCascade + 1));
    for (const model::Address& address : addresses) IPAM_TRY(erase(address));
    return {};
  }

 private:
  Transaction& transaction_;
  std::string what_;
  std::size_t count_ = 0;
};

}  // namespace

Result<void> erase_below(Transaction& transaction, const model::Subnet& object) {
  return Remover(transaction, "subnet " + object.prefix.to_string()).erase_inside(object);
}

Result<void> erase_below(Transaction& transaction, const model::Block& object) {
  const std::string what = "block " + object.prefix.to_string();
  Remover remover(transaction, what);
  // What lies around it comes first: at most a block and a subnet of each length.
  constexpr std::size_t kMostAround = 2 * 129;
  const auto entries = IPAM_TRY(transaction.space(object.space_id))->overlapping(object.prefix, kMaxCascade + kMostAround);
  if (entries.size() == kMaxCascade + kMostAround) return too_many(what);
  for (const PrefixEntry& entry : entries) {
    const bool itself = entry.kind == PrefixKind::Block && entry.id == object.id.value;
    if (itself || !object.prefix.contains(entry.prefix)) continue;
    if (entry.kind == PrefixKind::Subnet) {
      const auto subnet = IPAM_TRY(transaction.get(Id<model::Subnet>{entry.id}));
      IPAM_TRY(remover.erase_inside(subnet));
      IPAM_TRY(remover.erase(subnet));
    } else {
      IPAM_TRY(remover.erase(IPAM_TRY(transaction.get(Id<model::Block>{entry.id}))));
    }
  }
  return {};
}

}  // namespace ipam::service
