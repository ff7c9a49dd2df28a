#include "service/fields/field_service.h"

#include "model/rules.h"
#include "service/fields/built_in_fields.h"
#include "service/fields/field_rules.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::service {
namespace {

using ledger::Priority;
using ledger::Transaction;
using ledger::Written;
using model::CustomField;
using model::CustomFieldAssociation;
using model::CustomFieldValue;
using model::Id;
using model::LogicalGroup;
using store::Comparison;

Result<std::vector<CustomFieldValue>> values_in(Transaction& transaction, Id<CustomField> field) {
  return transaction.list<CustomFieldValue>(
      {{"field_id", Comparison::Equal, store::to_value(field)}}, [&](const CustomFieldValue& value) { return value.field_id == field; },
      store::kEveryRow);
}

template <FieldObject T>
Result<T> create_in(Transaction& transaction, T object) {
  IPAM_TRY(place(transaction, object));
  return transaction.create(std::move(object));
}

Result<void> check_rename(const CustomField& before, const CustomField& after) {
  if (before.built_in == 0 || before.name == after.name) return {};
  return Error::field("/name", fmt::format("field {} is built in and keeps its name", before.name));
}
Result<void> check_rename(const CustomFieldValue& before, const CustomFieldValue& after) {
  if (!before.built_in || before.text == after.text) return {};
  return Error::field("/text", fmt::format("value {} is built in and keeps its name", before.text));
}
Result<void> check_rename(const CustomFieldAssociation& /*before*/, const CustomFieldAssociation& /*after*/) { return {}; }
Result<void> check_rename(const LogicalGroup& before, const LogicalGroup& /*after*/) {
  if (!before.built_in) return {};
  return Error(ErrorCode::FailedPrecondition, fmt::format("logical group {} is built in and stays as it is; make one of your own", before.name));
}

Result<void> erase_in(Transaction& transaction, const CustomField& field) {
  IPAM_TRY(check_unused(transaction, field));
  for (const CustomFieldValue& value : IPAM_TRY(values_in(transaction, field.id))) IPAM_TRY(transaction.erase(value.id));
  return transaction.erase(field.id);
}
Result<void> erase_in(Transaction& transaction, const CustomFieldValue& value) {
  IPAM_TRY(check_unused(transaction, value));
  return transaction.erase(value.id);
}
Result<void> erase_in(Transaction& transaction, const CustomFieldAssociation& association) { return transaction.erase(association.id); }
Result<void> erase_in(Transaction& transaction, const LogicalGroup& group) {
  IPAM_TRY(check_rename(group, group));
  return transaction.erase(group.id);
}

// What of the built-in fields, values and groups is not there yet.
Result<void> complete_built_in(Transaction& transaction) {
  std::map<std::uint32_t, Id<CustomField>> ids;
  for (const BuiltInFieldRow& row : built_in_fields()) {
    const auto same = [&](const CustomField& field) { return field.built_in == row.number; };
    auto field = IPAM_TRY(transaction.find_where<CustomField>({}, same));
    if (!field) {
      CustomField made;
      made.name = row.name;
      made.kind = model::CustomFieldKind::Choice;
      made.built_in = row.number;
      made.description = row.description;
      field = IPAM_TRY(create_in(transaction, std::move(made)));
      for (const std::string_view text : row.values) {
        CustomFieldValue value;
        value.field_id = field->id;
        value.text = text;
        value.built_in = true;
        IPAM_TRY(transaction.create(std::move(value)));
      }
    }
    ids[row.number] = field->id;
  }
  for (const BuiltInGroupRow& row : built_in_groups()) {
    const auto same = [&](const LogicalGroup& group) { return to_lower(group.name) == to_lower(row.name); };
    if (IPAM_TRY(transaction.find_where<LogicalGroup>({}, same))) continue;
    LogicalGroup group;
    group.name = row.name;
    group.kind = row.kind;
    group.built_in = true;
    group.description = row.description;
    for (const std::uint32_t number : row.fields) group.fields.push_back(ids.at(number));
    IPAM_TRY(transaction.create(std::move(group)));
  }
  return {};
}

}  // namespace

Result<void> FieldService::create_built_in() {
  model::ChangeContext context;
  context.actor = "server/first start";
  IPAM_TRY(ledger_.commit_and_wait(context, Priority::Interactive, complete_built_in));
  forget_all();
  return {};
}

Result<std::shared_ptr<const FieldCatalog>> FieldService::catalog() {
  std::uint64_t generation = 0;
  {
    const auto known = known_.lock();
    if (known->catalog) return known->catalog;
    generation = known->generation;
  }
  const auto reader = IPAM_TRY(store_.open_reader());
  auto catalog = std::make_shared<const FieldCatalog>(IPAM_TRY(FieldCatalog::load(*reader)));
  const auto known = known_.lock();
  if (known->generation == generation) known->catalog = catalog;
  return catalog;
}

template <FieldObject T>
Result<T> FieldService::get(const Principal& principal, Id<T> id) {
  IPAM_TRY(authorize(principal, Operation::ReadAddressPlan));
  const auto reader = IPAM_TRY(store_.open_reader());
  auto object = IPAM_TRY(store::find(*reader, id));
  if (!object) return Error(ErrorCode::NotFound, fmt::format("there is no {} with id {}", Transaction::spoken_name<T>(), id.to_string()));
  return *std::move(object);
}

template <FieldObject T>
Result<store::Page<T>> FieldService::list(const Principal& principal, const store::Query& query) {
  IPAM_TRY(authorize(principal, Operation::ReadAddressPlan));
  const auto reader = IPAM_TRY(store_.open_reader());
  return store::list<T>(*reader, query);
}

io::Task<Result<Written<CustomField>>> FieldService::create_field(Principal principal, CustomField field, std::vector<std::string> values,
                                                                  model::ChangeContext request) {
  IPAM_CO_CHECK(authorize(principal, Operation::ChangeCustomFields));
  IPAM_CO_CHECK(model::check(field));
  if (!values.empty() && field.kind != model::CustomFieldKind::Choice) co_return Error::field("/values", "are for a field of kind choice alone");
  std::function<Result<CustomField>(Transaction&)> work = [field, values](Transaction& transaction) -> Result<CustomField> {
    CustomField made = IPAM_TRY(create_in(transaction, field));
    for (const std::string& text : values) {
      CustomFieldValue value;
      value.field_id = made.id;
      value.text = text;
      IPAM_TRY(model::check(value));
      IPAM_TRY(create_in(transaction, std::move(value)));
    }
    return made;
  };
  const model::ChangeContext context = change_context(principal, request);
  auto written = co_await ledger_.write<CustomField>(context, Priority::Interactive, work);
  forget_all();
  co_return written;
}

template <FieldObject T>
io::Task<Result<Written<T>>> FieldService::create(Principal principal, T object, model::ChangeContext request) {
  IPAM_CO_CHECK(authorize(principal, Operation::ChangeCustomFields));
  IPAM_CO_CHECK(model::check(object));
  std::function<Result<T>(Transaction&)> work = [object](Transaction& transaction) { return create_in(transaction, object); };
  const model::ChangeContext context = change_context(principal, request);
  auto written = co_await ledger_.write<T>(context, Priority::Interactive, work);
  forget_all();
  co_return written;
}

template <FieldObject T>
io::Task<Result<Written<T>>> FieldService::update(Principal principal, Id<T> id, std::optional<std::uint64_t> expected_revision,
                                                  std::function<Result<void>(T&)> change, model::ChangeContext request) {
  IPAM_CO_CHECK(authorize(principal, Operation::ChangeCustomFields));
  std::function<Result<T>(Transaction&)> work = [id, expected_revision, change = std::move(change)](Transaction& transaction) -> Result<T> {
    const T before = IPAM_TRY(transaction.get(id, expected_revision));
    T object = before;
    IPAM_TRY(change(object));
    if (object != before) IPAM_TRY(check_rename(before, object));
    IPAM_TRY(model::check(object));
    IPAM_TRY(place(transaction, object));
    return transaction.update(std::move(object));
  };
  const model::ChangeContext context = change_context(principal, request);
  auto written = co_await ledger_.write<T>(context, Priority::Interactive, work);
  forget_all();
  co_return written;
}

template <FieldObject T>
io::Task<Result<std::uint64_t>> FieldService::erase(Principal principal, Id<T> id, std::optional<std::uint64_t> expected_revision,
                                                    model::ChangeContext request) {
  IPAM_CO_CHECK(authorize(principal, Operation::ChangeCustomFields));
  ledger::Work work = [id, expected_revision](Transaction& transaction) -> Result<void> {
    const T object = IPAM_TRY(transaction.get(id, expected_revision));
    return erase_in(transaction, object);
  };
  const model::ChangeContext context = change_context(principal, request);
  const auto receipt = co_await ledger_.commit(context, Priority::Interactive, work);
  forget_all();
  if (!receipt.ok()) co_return receipt.error();
  co_return receipt->sequence;
}

void FieldService::forget(const std::vector<std::string>& tables) {
  const auto of_fields = [](const std::string& name) { return name.starts_with("custom_field"); };
  if (tables.empty() || std::any_of(tables.begin(), tables.end(), of_fields)) forget_all();
}

void FieldService::forget_all() {
  const auto known = known_.lock();
  known->catalog.reset();
  ++known->generation;
}

#define IPAM_FIELD_OBJECT(T)                                                                                                                  \
  template Result<T> FieldService::get(const Principal&, Id<T>);                                                                              \
  template Result<store::Page<T>> FieldService::list<T>(const Principal&, const store::Query&);                                               \
  template io::Task<Result<Written<T>>> FieldService::create(Principal, T, model::ChangeContext);                                             \
  template io::Task<Result<Written<T>>> FieldService::update(Principal, Id<T>, std::optional<std::uint64_t>, std::function<Result<void>(T&)>, \
                                                             model::ChangeContext);                                                           \
  template io::Task<Result<std::uint64_t>> FieldService::erase(Principal, Id<T>, std::optional<std::uint64_t>, model::ChangeContext)
IPAM_FIELD_OBJECT(CustomField);
IPAM_FIELD_OBJECT(CustomFieldValue);
IPAM_FIELD_OBJECT(CustomFieldAssociation);
IPAM_FIELD_OBJECT(LogicalGroup);
#undef IPAM_FIELD_OBJECT

}  // namespace ipam::service
