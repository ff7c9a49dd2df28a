// Every object of the domain is described (Boost.Describe): one list of its fields serves the database columns, the journal's field differences and
// the change feed, so that a field is never known to one of them and not to the others. Enumerators are written in snake_case outside the program.
#pragma once

#include "base/strings.h"

#include <boost/describe.hpp>
#include <boost/mp11.hpp>

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace ipam::model {

template <class E>
concept DescribedEnum = std::is_enum_v<E> && boost::describe::has_describe_enumerators<E>::value;

template <class T>
concept DescribedStruct = boost::describe::has_describe_members<T>::value;

template <DescribedEnum E>
struct EnumName {
  E value;
  std::string name;
};

// All enumerators of E with their outside names, in order of declaration.
template <DescribedEnum E>
const auto& enum_names() {
  using Enumerators = boost::describe::describe_enumerators<E>;
  static const auto names = [] {
    std::array<EnumName<E>, boost::mp11::mp_size<Enumerators>::value> list;
    std::size_t i = 0;
    boost::mp11::mp_for_each<Enumerators>([&](auto d) { list[i++] = {d.value, to_snake_case(d.name)}; });
    return list;
  }();
  return names;
}

template <DescribedEnum E>
const std::string& enum_to_text(E value) {
  for (const auto& entry : enum_names<E>()) {
    if (entry.value == value) return entry.name;
  }
  static const std::string unknown = "unknown";
  return unknown;
}

template <DescribedEnum E>
std::optional<E> enum_from_text(std::string_view text) {
  for (const auto& entry : enum_names<E>()) {
    if (entry.name == text) return entry.value;
  }
  return std::nullopt;
}

// "in_use, reserved, inactive": for messages that refuse another word.
template <DescribedEnum E>
std::string enum_choices() {
  std::string text;
  for (const auto& entry : enum_names<E>()) text += (text.empty() ? "" : ", ") + entry.name;
  return text;
}

}  // namespace ipam::model
