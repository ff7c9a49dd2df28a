#include "service/fields/field_rules.h"

#include "model/rules.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::service {
namespace {

using ledger::Transaction;
using model::CustomField;
using model::CustomFieldAssociation;
using model::CustomFieldKind;
using model::CustomFieldValue;
using model::CustomUse;
using model::Id;
using model::LogicalGroup;
using store::Comparison;

Result<CustomField> choice_field(Transaction& transaction, Id<CustomField> id, std::string_view pointer) {
  const auto field = IPAM_TRY(transaction.find(id));
  if (!field) return Error::field(std::string(pointer), "there is no custom field with id " + id.to_string());
  if (field->kind != CustomFieldKind::Choice) {
    return Error::field(std::string(pointer),
                        fmt::format("field {} is of kind {}; only a choice has values", field->name, model::enum_to_text(field->kind)));
  }
  return *field;
}

// Whether the object as the batch sees it uses the field; with `value`, that value of it.
bool uses(const model::Object& object, Id<CustomField> field, const std::string* value) {
  return std::visit(
      [&](const auto& each) {
        if constexpr (model::HasCustomValues<std::remove_cvref_t<decltype(each)>>) {
          const std::string* found = model::find_custom(each.custom, field);
          return found != nullptr && (value == nullptr || *found == *value);
        } else {
          return false;
        }
      },
      object);
}

struct User {
  std::string type;
  std::string name;
  std::uint64_t id = 0;
};

template <class T>
Result<std::optional<User>> find_user(Transaction& transaction, const CustomUse& use, Id<CustomField> field, const std::string* value) {
  const auto object = IPAM_TRY(transaction.find(Id<T>{use.object_id}));
  if (!object || !uses(model::Object(*object), field, value)) return std::optional<User>{};
  return std::optional<User>(User{Transaction::spoken_name<T>(), display_name(*object), use.object_id});
}

// An object that uses the field, or the value of it, if there is one: first of those that this batch has changed, then of the stored ones.
Result<std::optional<User>> first_user(Transaction& transaction, Id<CustomField> field, const std::string* value) {
  std::optional<User> user;
  transaction.for_each_changed([&](const model::Object& object) {
    if (user || !uses(object, field, value)) return;
    std::visit(
        [&](const auto& each) {
          using T = std::remove_cvref_t<decltype(each)>;
          user = User{Transaction::spoken_name<T>(), display_name(each), each.id.value};
        },
        object);
  });
  if (user) return user;
  std::vector<store::Condition> where{{"field_id", Comparison::Equal, store::to_value(field)}};
  if (value != nullptr) where.push_back({"value", Comparison::Equal, *value});
  IPAM_TRY(store::for_each<CustomUse>(transaction.committed(), {.where = std::move(where)}, [&](CustomUse use) -> Result<bool> {
    boost::mp11::mp_for_each<boost::mp11::mp_transform<boost::mp11::mp_identity, model::ObjectTypes>>([&](auto type) {
      using T = typename decltype(type)::type;
      if constexpr (model::HasCustomValues<T>) {
        if (user || use.object_type != model::type_name<T>()) return;
        // An object that cannot be read is one that is there.
        user = find_user<T>(transaction, use, field, value).value_or(std::optional<User>(User{use.object_type, "?", use.object_id}));
      }
    });
    return !user;
  }));
  return user;
}

Result<void> check_pairs(Transaction& transaction, const CustomFieldAssociation& object) {
  for (const model::ValuePair& pair : object.pairs) {
    const auto first = IPAM_TRY(transaction.find(pair.first));
    const auto second = IPAM_TRY(transaction.find(pair.second));
    if (!first || first->field_id != object.first_field_id) return Error::field("/pairs", "a first value is none of the first field");
    if (!second || second->field_id != object.second_field_id) return Error::field("/pairs", "a second value is none of the second field");
  }
  return {};
}

}  // namespace

Result<void> place(Transaction& transaction, const CustomField& object) {
  const std::string name = to_lower(object.name);
  std::size_t added = 0;
  // There are at most a few hundred.
  const auto others = IPAM_TRY(transaction.list<CustomField>(
      {}, [](const CustomField&) { return true; }, store::kEveryRow));
  for (const CustomField& other : others) {
    if (other.id == object.id) continue;
    if (to_lower(other.name) == name) return Error(ErrorCode::AlreadyExists, fmt::format("there is a custom field {} already", other.name));
    if (other.built_in == 0) ++added;
  }
  if (object.built_in == 0 && added >= model::kMaxCustomFields) {
    return Error(ErrorCode::FailedPrecondition, fmt::format("there are {} custom fields already, the most there can be", added));
  }
  return {};
}

Result<void> place(Transaction& transaction, const CustomFieldValue& object) {
  const CustomField field = IPAM_TRY(choice_field(transaction, object.field_id, "/field"));
  const std::string text = to_lower(object.text);
  const auto same = [&](const CustomFieldValue& other) {
    return other.field_id == object.field_id && other.id != object.id && to_lower(other.text) == text;
  };
  if (const auto other =
          IPAM_TRY(transaction.find_where<CustomFieldValue>({{"field_id", Comparison::Equal, store::to_value(object.field_id)}}, same))) {
    return Error(ErrorCode::AlreadyExists, fmt::format("field {} has a value {} already", field.name, other->text));
  }
  return {};
}

Result<void> place(Transaction& transaction, const CustomFieldAssociation& object) {
  IPAM_TRY(choice_field(transaction, object.first_field_id, "/first_field"));
  IPAM_TRY(choice_field(transaction, object.second_field_id, "/second_field"));
  const auto same = [&](const CustomFieldAssociation& other) {
    const bool straight = other.first_field_id == object.first_field_id && other.second_field_id == object.second_field_id;
    const bool crossed = other.first_field_id == object.second_field_id && other.second_field_id == object.first_field_id;
    return other.id != object.id && (straight || crossed);
  };
  if (IPAM_TRY(transaction.find_where<CustomFieldAssociation>({}, same))) {
    return Error(ErrorCode::AlreadyExists, "these two fields are associated already; change that association");
  }
  return check_pairs(transaction, object);
}

Result<void> place(Transaction& transaction, const LogicalGroup& object) {
  for (const Id<CustomField> field : object.fields) IPAM_TRY(choice_field(transaction, field, "/fields"));
  const std::string name = to_lower(object.name);
  const auto same = [&](const LogicalGroup& other) { return other.id != object.id && to_lower(other.name) == name; };
  if (IPAM_TRY(transaction.find_where<LogicalGroup>({}, same))) {
    return Error(ErrorCode::AlreadyExists, fmt::format("there is a logical group {} already", object.name));
  }
  return {};
}

Result<void> check_unused(Transaction& transaction, const CustomField& object) {
  if (object.built_in != 0) return Error(ErrorCode::FailedPrecondition, fmt::format("field {} is built in and stays", object.name));
  if (const auto user = IPAM_TRY(first_user(transaction, object.id, nullptr))) {
    return Error(ErrorCode::FailedPrecondition,
                 fmt::format("field {} is used, by {} {} among others perhaps; clear it there first", object.name, user->type, user->name));
  }
  const auto grouped = [&](const LogicalGroup& group) {
    return std::find(group.fields.begin(), group.fields.end(), object.id) != group.fields.end();
  };
  if (const auto group = IPAM_TRY(transaction.find_where<LogicalGroup>({}, grouped))) {
    return Error(ErrorCode::FailedPrecondition, fmt::format("field {} makes the logical group {}; change that first", object.name, group->name));
  }
  const auto associated = [&](const CustomFieldAssociation& each) { return each.first_field_id == object.id || each.second_field_id == object.id; };
  if (IPAM_TRY(transaction.find_where<CustomFieldAssociation>({}, associated))) {
    return Error(ErrorCode::FailedPrecondition, fmt::format("field {} is associated with another; delete that association first", object.name));
  }
  return {};
}

Result<void> check_unused(Transaction& transaction, const CustomFieldValue& object) {
  if (object.built_in) return Error(ErrorCode::FailedPrecondition, fmt::format("value {} is built in and stays", object.text));
  const std::string id = object.id.to_string();
  if (const auto user = IPAM_TRY(first_user(transaction, object.field_id, &id))) {
    return Error(ErrorCode::FailedPrecondition,
                 fmt::format("value {} is used, by {} {} among others perhaps; give them another first", object.text, user->type, user->name));
  }
  const auto paired = [&](const CustomFieldAssociation& each) {
    return std::any_of(each.pairs.begin(), each.pairs.end(),
                       [&](const model::ValuePair& pair) { return pair.first == object.id || pair.second == object.id; });
  };
  if (IPAM_TRY(transaction.find_where<CustomFieldAssociation>({}, paired))) {
    return Error(ErrorCode::FailedPrecondition, fmt::format("value {} stands in an association; take it out of that first", object.text));
  }
  return {};
}

Result<void> check_custom_values(Transaction& transaction, const model::CustomValues& values) {
  for (const auto& [digits, value] : values) {
    const Id<CustomField> id{parse_integer<std::uint64_t>(digits).value_or(0)};
    const auto field = IPAM_TRY(transaction.find(id));
    if (!field) return Error::field("/custom_fields", "a custom field was deleted meanwhile; read the list of fields again");
    if (field->kind != CustomFieldKind::Choice) continue;
    const auto choice = IPAM_TRY(transaction.find(Id<CustomFieldValue>{parse_integer<std::uint64_t>(value).value_or(0)}));
    if (!choice || choice->field_id != id) {
      return Error::field("/custom_fields", fmt::format("a value of field {} was deleted meanwhile; read the list of fields again", field->name));
    }
  }
  return {};
}

}  // namespace ipam::service
