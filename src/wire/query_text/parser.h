// parse: a query as a person types it.
//
//   utilization > 80 and (site = London or "cost center" in (10, 20)) and not name ~ "test*"
//   expires_at < now+7d            within 10.0.0.0/8            vlan is empty
//
// "not" binds closer than "and", that closer than "or". Key words (and or not in within is empty) are written in either case; a field or value of
// such a name, or with blanks or one of ( ) , ' " = < > ~ !, is quoted, in " or ', where \ stands before a quote or itself.
// Errors: InvalidArgument: "column 15: expected a value after '>', found the end". Thread rule: a pure function.
#pragma once

#include "base/result.h"
#include "wire/query_text/expression.h"

#include <string_view>

namespace ipam::wire::query_text {

inline constexpr std::size_t kMaxBytes = 4'096;
inline constexpr std::size_t kMaxDepth = 32;
inline constexpr std::size_t kMaxComparisons = 200;
inline constexpr std::size_t kMaxValues = 500;  // of all comparisons together

Result<Expression> parse(std::string_view text);

}  // namespace ipam::wire::query_text
