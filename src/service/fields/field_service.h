// FieldService: custom fields, the values of choices and the associations between them: list, make, rename and remove them.
//
// Objects keep ids of fields and values, so a renamed one is renamed everywhere at once. The rules stand in field_rules.h.
// Errors: those of model/rules.h, of field_rules.h and of the ledger; PermissionDenied; NotFound; FailedPrecondition (the expected revision).
// Thread rule: any thread; the coroutines on an I/O executor; the reading functions may block on the database for one small read.
#pragma once

#include "base/guarded.h"
#include "ledger/ledger.h"
#include "service/access/principal.h"
#include "service/fields/field_catalog.h"

#include <memory>

namespace ipam::service {

template <class T>
concept FieldObject = std::is_same_v<T, model::CustomField> || std::is_same_v<T, model::CustomFieldValue> ||
    std::is_same_v<T, model::CustomFieldAssociation> || std::is_same_v<T, model::LogicalGroup>;

class FieldService {
 public:
  FieldService(store::Store& store, ledger::Ledger& ledger) : store_(store), ledger_(ledger) {}

  // Makes the built-in fields, values and logical groups that are not there yet. For the start, before there are coroutines.
  Result<void> create_built_in();

  // Everything that is known of fields now. It is kept in memory until something changes.
  Result<std::shared_ptr<const FieldCatalog>> catalog();

  template <FieldObject T>
  Result<T> get(const Principal& principal, model::Id<T> id);
  template <FieldObject T>
  Result<store::Page<T>> list(const Principal& principal, const store::Query& query);

  // Makes a field with its first values, in one step.
  io::Task<Result<ledger::Written<model::CustomField>>> create_field(Principal principal, model::CustomField field, std::vector<std::string> values,
                                                                     model::ChangeContext request);
  template <FieldObject T>
  io::Task<Result<ledger::Written<T>>> create(Principal principal, T object, model::ChangeContext request);
  // `change` edits the object in place; it may run more than once.
  template <FieldObject T>
  io::Task<Result<ledger::Written<T>>> update(Principal principal, model::Id<T> id, std::optional<std::uint64_t> expected_revision,
                                              std::function<Result<void>(T&)> change, model::ChangeContext request);
  // A field goes with its values.
  template <FieldObject T>
  io::Task<Result<std::uint64_t>> erase(Principal principal, model::Id<T> id, std::optional<std::uint64_t> expected_revision,
                                        model::ChangeContext request);

  // Another node has changed these tables (none named: any).
  void forget(const std::vector<std::string>& tables);

 private:
  struct Known {
    std::shared_ptr<const FieldCatalog> catalog;
    std::uint64_t generation = 0;  // grows with every change: what was read before one must not be kept after it
  };
  void forget_all();

  store::Store& store_;
  ledger::Ledger& ledger_;
  Guarded<Known> known_;
};

}  // namespace ipam::service
