// Conditions of the store about where an object lies. Thread rule: pure functions.
#pragma once

#include "base/result.h"
#include "ip/prefix.h"
#include "store/query.h"

#include <string_view>

namespace ipam::service {

// A column with a prefix, or with an address.
enum class Place { Prefix, Address };

// The object's prefix (or address) lies within `prefix`.
void add_within(std::vector<store::Condition>& where, std::string_view column, Place place, const ip::Prefix& prefix);
// What lies in address space of that category ("private"). Errors: InvalidArgument, with the categories that there are.
Result<store::Condition> in_category(std::string_view column, Place place, std::string_view category);
// What contains `inside` (or is the same): prefixes are compared with each of its parents, so that an index finds them.
store::Condition containing(std::string_view column, const ip::Prefix& inside);

}  // namespace ipam::service
