// The type, of those that can be undone, that the journal calls so, as a call of `act` with std::type_identity<T>. Thread rule: pure.
#pragma once

#include "service/planning/planning_service.h"

#include <string_view>
#include <type_traits>

namespace ipam::service {

template <class... Types>
struct TypeList {};
// What a person changes: the plan, and the custom fields of its objects.
template <class T>
concept Undoable = Planned<T> || FieldObject<T>;
using FieldTypes = TypeList<model::CustomField, model::CustomFieldValue, model::CustomFieldAssociation, model::LogicalGroup>;
using PlannedTypes = TypeList<model::AddressSpace, model::Block, model::Subnet, model::Range, model::Address>;

namespace detail {

template <class Act, class... Types>
bool with_type(std::string_view name, Act& act, TypeList<Types...>) {
  return ((model::type_name<Types>() == name && (act(std::type_identity<Types>{}), true)) || ...);
}

}  // namespace detail

// Whether there is one.
template <class Act>
bool with_undoable_type(std::string_view name, Act&& act) {
  return detail::with_type(name, act, PlannedTypes{}) || detail::with_type(name, act, FieldTypes{});
}

}  // namespace ipam::service
