// Expression: what a query asks for, as a tree. Which fields there are, and of what type, is not known here.
//
// Thread rule: plain values.
#pragma once

#include "base/clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ipam::wire::query_text {

enum class Operator { Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual, Matches, MatchesNot, In, NotIn, Within, IsEmpty, IsNotEmpty };

struct Value {
  std::string text;                       // as it was written, without quotes
  std::optional<Duration> from_now = {};  // of "now", "now+7d": then there is no text
  std::size_t column = 0;                 // where it stands, in characters from 1

  // Where it stands makes no difference.
  bool operator==(const Value& other) const { return text == other.text && from_now == other.from_now; }
};

struct Comparison {
  std::string field;  // as it was written; empty: the object's own place (of Within alone)
  Operator op = Operator::Equal;
  std::vector<Value> values;  // In and NotIn: one or more; IsEmpty and IsNotEmpty: none; others: one
  std::size_t column = 0;

  bool operator==(const Comparison& other) const { return field == other.field && op == other.op && values == other.values; }
};

enum class Kind { Comparison, Not, And, Or };

struct Expression {
  Kind kind = Kind::Comparison;
  Comparison comparison;          // of a comparison
  std::vector<Expression> parts;  // Not: one; And, Or: two or more, none of which is of the same kind

  bool operator==(const Expression&) const = default;
};

}  // namespace ipam::wire::query_text
