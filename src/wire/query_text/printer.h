// print: an expression in the one way in which it is written; parse(print(x)) == x. Thread rule: a pure function.
#pragma once

#include "wire/query_text/expression.h"

#include <string>
#include <string_view>

namespace ipam::wire::query_text {

std::string print(const Expression& expression);
std::string_view to_string(Operator op);

}  // namespace ipam::wire::query_text
