// Id<T>: the identity of one object of type T. 64 bits, given by the ledger, the same on every node, never reused; 0 stands for "none".
// In JSON an id is a decimal string, because JSON readers lose integers above 2^53. Thread rule: a plain value.
#pragma once

#include "base/result.h"
#include "base/strings.h"

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace ipam::model {

template <class T>
struct Id {
  std::uint64_t value = 0;

  explicit operator bool() const { return value != 0; }
  auto operator<=>(const Id&) const = default;
  std::string to_string() const { return std::to_string(value); }
  // Errors: InvalidArgument.
  static Result<Id> parse(std::string_view text) {
    if (const auto number = parse_integer<std::uint64_t>(text)) return Id{*number};
    return Error(ErrorCode::InvalidArgument, "'" + shorten(text, 40) + "' is not an id");
  }

  template <typename H>
  friend H AbslHashValue(H state, Id id) {
    return H::combine(std::move(state), id.value);
  }
};

}  // namespace ipam::model

template <class T>
struct std::hash<ipam::model::Id<T>> {
  std::size_t operator()(ipam::model::Id<T> id) const noexcept { return std::hash<std::uint64_t>()(id.value); }
};
