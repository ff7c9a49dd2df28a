#include "service/planning/registry_rules.h"

#include "model/address_category.h"

#include <fmt/format.h>

namespace ipam::service {
namespace {

using ledger::Transaction;
using model::AddressCategory;
using model::Block;
using model::Id;
using store::Comparison;

constexpr const char* kPointer = "/custom_fields/RIR";

Result<std::optional<model::CustomField>> registry_field(Transaction& transaction) {
  constexpr auto kNumber = static_cast<std::uint32_t>(model::BuiltInField::Rir);
  return transaction.find_where<model::CustomField>({{"built_in", Comparison::Equal, store::to_value(kNumber)}},
                                                    [](const model::CustomField& field) { return field.built_in == kNumber; });
}

}  // namespace

Result<void> check_registry(Transaction& transaction, const Block& object) {
  const AddressCategory category = model::category_of(object.prefix);
  const bool granted = category == AddressCategory::Public || category == AddressCategory::GlobalUnicast;
  if (!granted && object.received_at) {
    return Error::field("/received_at", fmt::format("{} addresses come from no registry", model::enum_to_text(category)));
  }
  const auto field = IPAM_TRY(registry_field(transaction));
  if (!field) return {};
  const bool says = model::find_custom(object.custom, field->id) != nullptr;
  if (!granted && says) return Error::field(kPointer, fmt::format("{} addresses come from no registry", model::enum_to_text(category)));
  if (!granted || says) return {};
  const occupancy::SpaceIndex& space = *IPAM_TRY(transaction.space(object.space_id));
  for (const occupancy::PrefixEntry& around : space.chain(object.prefix, occupancy::EqualPrefix::DoesNotCount)) {
    if (around.kind != occupancy::PrefixKind::Block) continue;
    const auto block = IPAM_TRY(transaction.find(Id<Block>{around.id}));
    if (block && model::find_custom(block->custom, field->id) != nullptr) return {};
  }
  return Error::field(kPointer, fmt::format("{} is {} address space: say which registry it came from, such as RIR=RIPE, here or at a block around it",
                                            object.prefix.to_string(), category == AddressCategory::Public ? "public" : "global unicast"));
}

}  // namespace ipam::service
