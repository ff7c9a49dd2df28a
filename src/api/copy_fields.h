// Copies fields of the same name between the structs of the contract and those of the model, so that a new field is written once on each side and
// nowhere else. What has no counterpart, or another meaning, is the caller's. Thread rule: pure functions.
#pragma once

#include "contract/object_id.h"
#include "json/codec.h"
#include "model/id.h"

#include <boost/describe.hpp>
#include <boost/mp11.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace ipam::api {

namespace detail {

template <class T>
struct IsId : std::false_type {};
template <class T>
struct IsId<model::Id<T>> : std::true_type {};

template <class T>
using Members = boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;

}  // namespace detail

template <class To, class From>
void copy_fields(To& to, const From& from);

// One value: equal types, enumerations with the same enumerators, ids, lists of these, and described structs.
template <class To, class From>
void copy_value(To& to, const From& from) {
  if constexpr (std::is_same_v<To, From>) {
    to = from;
  } else if constexpr (std::is_enum_v<To> && std::is_enum_v<From>) {
    to = static_cast<To>(from);
  } else if constexpr (std::is_same_v<To, contract::ObjectId>) {
    to = {from.value};
  } else if constexpr (detail::IsId<To>::value) {
    to = {from.value};
  } else if constexpr (json::detail::IsVector<To>::value) {
    to.clear();
    for (const auto& item : from) copy_value(to.emplace_back(), item);
  } else if constexpr (json::detail::IsOptional<To>::value) {
    to.reset();
    if (from) copy_value(to.emplace(), *from);
  } else {
    copy_fields(to, from);
  }
}

// A field of a request: absent leaves what is there, null empties it.
template <class To, class From>
void patch_value(To& to, const From& from) {
  if constexpr (!json::detail::IsOptional<From>::value) {
    copy_value(to, from);
  } else {
    if (!from) return;
    using Inner = typename From::value_type;
    if constexpr (json::detail::IsOptional<Inner>::value && !json::detail::IsOptional<To>::value) {
      if (*from) {
        copy_value(to, **from);
      } else {
        to = To{};
      }
    } else if constexpr (json::detail::IsOptional<To>::value && !json::detail::IsOptional<Inner>::value) {
      copy_value(to.emplace(), *from);
    } else {
      copy_value(to, *from);
    }
  }
}

namespace detail {

// Calls `act(to member, from member)` for each pair of fields of one name.
template <class To, class From, class Act>
void for_each_pair(To& to, const From& from, Act&& act) {
  boost::mp11::mp_for_each<Members<From>>([&](auto source) {
    using Source = decltype(source);
    boost::mp11::mp_for_each<Members<To>>([&](auto target) {
      using Target = decltype(target);
      if constexpr (std::string_view(Source::name) == std::string_view(Target::name)) act(to.*Target::pointer, from.*Source::pointer);
    });
  });
}

}  // namespace detail

template <class To, class From>
void copy_fields(To& to, const From& from) {
  detail::for_each_pair(to, from, [](auto& target, const auto& source) { copy_value(target, source); });
}

template <class To, class From>
void patch_fields(To& to, const From& from) {
  detail::for_each_pair(to, from, [](auto& target, const auto& source) { patch_value(target, source); });
}

}  // namespace ipam::api
