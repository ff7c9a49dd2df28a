// Body: the fields of a request as options of a command. The options of `add` and `edit` come from the contract's request struct by reflection, so
// that a new field of the API is an option of the command line by itself. Thread rule: plain values and pure functions.
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "json/codec.h"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace ipam::cli {

// Texts, Numbers: a list, typed with commas between. Gateways: the same of ADDRESS or ADDRESS@METRIC. Named: NAME=VALUE, with semicolons between, as
// Microsoft's CustomConfiguration is written. Pairs: the same, for lists of two texts each.
enum class FieldKind { Text, Integer, Boolean, Choice, Seconds, Instant, Secret, Texts, Numbers, Gateways, Named, Pairs };

struct Field {
  std::string name;  // as in the API
  FieldKind kind = FieldKind::Text;
  bool required = false;
  bool clearable = false;  // "" on the command line becomes null
  std::vector<std::string> choices;
};

struct Body {
  std::vector<Field> fields;
  // Whether the object is one that the contract can read: names every wrong field.
  std::function<Result<void>(const boost::json::value&)> check;
};

// How a field appears on the command line.
struct FieldOption {
  std::string flags;  // "--mac,--hardware-address"
  std::string placeholder;
  std::string help;
};
FieldOption field_option(const Field& field);

// What was typed, by field name → the request. Lists are typed with commas between, seconds as "6h", instants as RFC 3339 or as "90d" from `now`;
// choices in any case, with '-' or
// '_'. Errors: InvalidArgument, with the option's name in place of the pointer.
using GivenFields = std::map<std::string, std::string>;
Result<boost::json::object> make_body(const Body& body, const GivenFields& given, Time now);

namespace detail {

template <class T>
struct Unwrapped {
  using type = T;
};
template <class T>
struct Unwrapped<std::optional<T>> : Unwrapped<T> {};

template <class T>
Field field_of(std::string name) {
  using Value = typename Unwrapped<T>::type;
  Field field{std::move(name), FieldKind::Text, !json::detail::IsOptional<T>::value, false, {}};
  if constexpr (json::detail::IsOptional<T>::value) field.clearable = json::detail::IsOptional<typename T::value_type>::value;
  if constexpr (std::is_same_v<Value, bool>) {
    field.kind = FieldKind::Boolean;
  } else if constexpr (std::is_integral_v<Value>) {
    field.kind = field.name.ends_with("_seconds") ? FieldKind::Seconds : FieldKind::Integer;
  } else if constexpr (std::is_same_v<Value, Time>) {
    field.kind = FieldKind::Instant;
  } else if constexpr (json::detail::IsMap<Value>::value) {
    field.kind = FieldKind::Named;
  } else if constexpr (json::detail::IsVector<Value>::value) {
    using Item = typename Value::value_type;
    field.kind = json::detail::IsVector<Item>::value               ? FieldKind::Pairs
                 : std::is_integral_v<Item>                        ? FieldKind::Numbers
                 : json::Described<Item> && !json::TextValue<Item> ? FieldKind::Gateways
                                                                   : FieldKind::Texts;
  } else if constexpr (json::DescribedEnum<Value>) {
    field.kind = FieldKind::Choice;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<Value>>(
        [&](auto enumerator) { field.choices.push_back(json::detail::snake(enumerator.name)); });
  } else if (field.name == "password" || field.name == "secret") {
    field.kind = FieldKind::Secret;
  }
  return field;
}

}  // namespace detail

template <class T>
Body body_of() {
  Body body;
  boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>>([&](auto member) {
    body.fields.push_back(detail::field_of<std::remove_reference_t<decltype(std::declval<T&>().*member.pointer)>>(member.name));
  });
  body.check = [](const boost::json::value& json) -> Result<void> {
    auto value = json::read_value<T>(json);
    if (!value.ok()) return std::move(value).error();
    return {};
  };
  return body;
}

}  // namespace ipam::cli
