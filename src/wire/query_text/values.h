// What a value of a query means, once the type of its field is known. Errors: InvalidArgument with the value's column. Thread rule: pure functions.
#pragma once

#include "base/result.h"
#include "ip/prefix.h"
#include "wire/query_text/expression.h"

namespace ipam::wire::query_text {

// "80", "80%", "-1.5".
Result<double> as_number(const Value& value);
Result<std::int64_t> as_integer(const Value& value);
// "2026-12-24" (its first instant in UTC), RFC 3339, "now+7d".
Result<Time> as_time(const Value& value, Time now);
// "7d", "12h".
Result<Duration> as_duration(const Value& value);
// A prefix, or an address as the prefix that holds it alone.
Result<ip::Prefix> as_prefix(const Value& value);
Result<bool> as_truth(const Value& value);

// Whether `text` is what `pattern` says: * stands for anything, ? for one character; without either, whether `text` contains it. The case of ASCII
// letters makes no difference.
bool matches(std::string_view pattern, std::string_view text);

}  // namespace ipam::wire::query_text
