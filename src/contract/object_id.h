// ObjectId: how the API writes the identity of an object: a decimal string, to be passed back unread. Thread rule: a plain value.
#pragma once

#include "base/result.h"
#include "base/strings.h"

#include <cstdint>
#include <string>

namespace ipam::contract {

struct ObjectId {
  std::uint64_t value = 0;

  // Errors: InvalidArgument.
  static Result<ObjectId> parse(std::string_view text) {
    const auto value = parse_integer<std::uint64_t>(text, 1, (1ULL << 63U) - 1);
    if (!value)
      return Error(ErrorCode::InvalidArgument, "'" + shorten(text, 40) + "' is not an id; ids are decimal numbers as this server gave them");
    return ObjectId{*value};
  }
  std::string to_string() const { return std::to_string(value); }
  auto operator<=>(const ObjectId&) const = default;
};

}  // namespace ipam::contract
