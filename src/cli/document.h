// JSON and CSV as programs read them. Thread rule: pure functions.
#pragma once

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace ipam::cli {

// The value as the API gave it, indented by two spaces. Characters that could steer a terminal are written as JSON escapes, which mean the same.
std::string pretty_json(const boost::json::value& value, std::size_t depth = 0);
std::string compact_json(const boost::json::value& value);

// One record of RFC 4180, with its CRLF. A field is quoted when it has a comma, a quote, a line end, or a space at either end.
std::string csv_record(const std::vector<std::string>& fields);

// The value at "name" or "outer.inner" as CSV holds it: text bare, null and what is absent empty, lists joined by a space, objects as JSON.
std::string csv_value(const boost::json::value& item, std::string_view path);

}  // namespace ipam::cli
