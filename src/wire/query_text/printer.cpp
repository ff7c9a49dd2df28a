#include "wire/query_text/printer.h"

#include "base/strings.h"
#include "wire/query_text/tokens.h"

#include <algorithm>

namespace ipam::wire::query_text {
namespace {

bool is_plain(std::string_view text) {
  const auto breaks = [](char c) { return c == ' ' || c == '\t' || c == '\n' || is_sign_character(c); };
  return !text.empty() && !is_key_word(text) && std::none_of(text.begin(), text.end(), breaks);
}

std::string quoted(std::string_view text) {
  std::string made = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') made += '\\';
    made += c;
  }
  return made + '"';
}

// To the second; format_duration is for people and leaves out what is small.
std::string print_duration(Duration duration) {
  std::string text;
  auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration).count();
  for (const auto& [unit, length] : {std::pair{'d', 86'400}, {'h', 3'600}, {'m', 60}, {'s', 1}}) {
    while (seconds >= length) {
      constexpr std::int64_t kMostAtOnce = 36'500;  // that is read as one number
      const std::int64_t count = std::min<std::int64_t>(seconds / length, kMostAtOnce);
      text += std::to_string(count) + unit;
      seconds -= count * length;
    }
  }
  return text;
}

std::string print_value(const Value& value) {
  if (!value.from_now) return is_plain(value.text) && !to_lower(value.text).starts_with("now") ? value.text : quoted(value.text);
  if (*value.from_now == Duration{}) return "now";
  const bool before = *value.from_now < Duration{};
  return (before ? "now-" : "now+") + print_duration(before ? -*value.from_now : *value.from_now);
}

std::string print_comparison(const Comparison& comparison) {
  std::string text = comparison.field.empty() ? std::string() : (is_plain(comparison.field) ? comparison.field : quoted(comparison.field)) + " ";
  text += to_string(comparison.op);
  if (comparison.op == Operator::IsEmpty || comparison.op == Operator::IsNotEmpty) return text;
  if (comparison.op != Operator::In && comparison.op != Operator::NotIn) return text + " " + print_value(comparison.values.front());
  text += " (";
  for (std::size_t i = 0; i < comparison.values.size(); ++i) text += (i > 0 ? ", " : "") + print_value(comparison.values[i]);
  return text + ")";
}

// In parentheses where the part binds less closely than what it is part of.
std::string print_part(const Expression& part, Kind of) {
  const bool needs = (of == Kind::Not && (part.kind == Kind::And || part.kind == Kind::Or)) || (of == Kind::And && part.kind == Kind::Or);
  return needs ? "(" + print(part) + ")" : print(part);
}

}  // namespace

std::string_view to_string(Operator op) {
  switch (op) {
    case Operator::Equal: return "=";
    case Operator::NotEqual: return "!=";
    case Operator::Less: return "<";
    case Operator::LessOrEqual: return "<=";
    case Operator::Greater: return ">";
    case Operator::GreaterOrEqual: return ">=";
    case Operator::Matches: return "~";
    case Operator::MatchesNot: return "!~";
    case Operator::In: return "in";
    case Operator::NotIn: return "not in";
    case Operator::Within: return "within";
    case Operator::IsEmpty: return "is empty";
    case Operator::IsNotEmpty: return "is not empty";
  }
  return "";
}

std::string print(const Expression& expression) {
  if (expression.kind == Kind::Comparison) return print_comparison(expression.comparison);
  if (expression.kind == Kind::Not) return "not " + print_part(expression.parts.front(), Kind::Not);
  std::string text;
  for (const Expression& part : expression.parts) {
    if (!text.empty()) text += expression.kind == Kind::And ? " and " : " or ";
    text += print_part(part, expression.kind);
  }
  return text;
}

}  // namespace ipam::wire::query_text
