// Reads fields of JSON objects that a server wrote: every type and every bound is checked, and an error names the field and what stands there.
// Thread rule: pure functions.
#pragma once

#include "base/result.h"

#include <boost/json/value.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace ipam::driver::kea {

// How much of a server's text an error may quote.
inline constexpr std::size_t kQuotedBytes = 120;

// The object's field, or null when there is none.
const boost::json::value* find_field(const boost::json::object& object, std::string_view name);
// A whole number within [low, high]. Errors: Malformed.
Result<std::uint64_t> integer_field(const boost::json::object& object, std::string_view name, std::uint64_t low, std::uint64_t high);
// Errors: Malformed.
Result<std::string_view> text_field(const boost::json::object& object, std::string_view name);
// Empty when the field is missing. Errors: Malformed (it is there, and is no text).
Result<std::string_view> optional_text_field(const boost::json::object& object, std::string_view name);
// An empty array when the field is missing. Errors: Malformed (it is there, and is no array).
Result<const boost::json::array*> array_field(const boost::json::object& object, std::string_view name);
// Errors: Malformed.
Result<const boost::json::object*> as_object(const boost::json::value& value, std::string_view what);

// The same error, said of a place: "scope 7: field \"id\" is missing".
Error located(Error error, std::string_view place);

}  // namespace ipam::driver::kea
