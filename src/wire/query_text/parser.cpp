#include "wire/query_text/parser.h"

#include "base/strings.h"
#include "wire/query_text/printer.h"
#include "wire/query_text/tokens.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace ipam::wire::query_text {
namespace {

constexpr std::array kSignOperators{Operator::Equal,   Operator::NotEqual,       Operator::Less,    Operator::LessOrEqual,
                                    Operator::Greater, Operator::GreaterOrEqual, Operator::Matches, Operator::MatchesNot};

class Parser {
 public:
  explicit Parser(std::string_view text) : tokens_(text) {}

  Result<Expression> whole() {
    IPAM_TRY(step());
    Expression expression = IPAM_TRY(any_of());
    if (token_.kind != TokenKind::End) return expected("and, or, or the end");
    return expression;
  }

 private:
  Result<void> step() {
    token_ = IPAM_TRY(tokens_.next());
    return {};
  }

  Error expected(std::string_view what) const { return at_column(token_.column, fmt::format("expected {}, found {}", what, describe(token_))); }

  // Parts of one kind, those of a part of the same kind in its place.
  static void add(Expression& whole, Expression part) {
    if (part.kind != whole.kind) {
      whole.parts.push_back(std::move(part));
      return;
    }
    for (Expression& each : part.parts) whole.parts.push_back(std::move(each));
  }

  Result<Expression> chain(Kind kind, std::string_view word, Result<Expression> (Parser::*part)()) {
    Expression first = IPAM_TRY((this->*part)());
    if (!token_.is_word(word)) return first;
    Expression whole;
    whole.kind = kind;
    add(whole, std::move(first));
    while (token_.is_word(word)) {
      IPAM_TRY(step());
      add(whole, IPAM_TRY((this->*part)()));
    }
    return whole;
  }

  Result<Expression> any_of() { return chain(Kind::Or, "or", &Parser::all_of); }
  Result<Expression> all_of() { return chain(Kind::And, "and", &Parser::one); }

  Result<Expression> one() {
    if (depth_ >= kMaxDepth) return at_column(token_.column, fmt::format("is nested deeper than {} levels", kMaxDepth));
    ++depth_;
    auto found = token_.is_word("not") ? negation() : token_.is_sign("(") ? group() : comparison();
    --depth_;
    return found;
  }

  Result<Expression> negation() {
    IPAM_TRY(step());
    Expression whole;
    whole.kind = Kind::Not;
    whole.parts.push_back(IPAM_TRY(one()));
    return whole;
  }

  Result<Expression> group() {
    const std::size_t column = token_.column;
    IPAM_TRY(step());
    Expression inner = IPAM_TRY(any_of());
    if (!token_.is_sign(")")) return expected(fmt::format("and, or, or the ')' of column {}", column));
    IPAM_TRY(step());
    return inner;
  }

  Result<Expression> comparison() {
    if (++comparisons_ > kMaxComparisons) return at_column(token_.column, fmt::format("there are more than {} comparisons", kMaxComparisons));
    Expression whole;
    Comparison& made = whole.comparison;
    made.column = token_.column;
    if (token_.is_word("within")) {
      IPAM_TRY(step());
      made.op = Operator::Within;
      made.values.push_back(IPAM_TRY(value("within")));
      return whole;
    }
    if (!is_name()) return expected("a field, not, within or '('");
    if (token_.text.empty()) return at_column(token_.column, "a field has a name");
    made.field = token_.text;
    IPAM_TRY(step());
    IPAM_TRY(rest_of(made));
    return whole;
  }

  // What follows the field.
  Result<void> rest_of(Comparison& made) {
    for (const Operator op : kSignOperators) {
      if (!token_.is_sign(to_string(op))) continue;
      IPAM_TRY(step());
      made.op = op;
      made.values.push_back(IPAM_TRY(value(to_string(op))));
      return {};
    }
    if (token_.is_word("within")) {
      IPAM_TRY(step());
      made.op = Operator::Within;
      made.values.push_back(IPAM_TRY(value("within")));
      return {};
    }
    if (token_.is_word("is")) return emptiness(made);
    const bool is_not = token_.is_word("not");
    if (is_not) IPAM_TRY(step());
    if (!token_.is_word("in")) return expected(is_not ? "in" : "an operator (= != < <= > >= ~ !~ in, within, is)");
    IPAM_TRY(step());
    made.op = is_not ? Operator::NotIn : Operator::In;
    return list(made);
  }

  Result<void> emptiness(Comparison& made) {
    IPAM_TRY(step());
    made.op = token_.is_word("not") ? Operator::IsNotEmpty : Operator::IsEmpty;
    if (made.op == Operator::IsNotEmpty) IPAM_TRY(step());
    if (!token_.is_word("empty")) return expected("empty");
    return step();
  }

  Result<void> list(Comparison& made) {
    if (!token_.is_sign("(")) return expected("'(' after in");
    do {
      IPAM_TRY(step());
      made.values.push_back(IPAM_TRY(value(made.values.empty() ? "(" : ",")));
    } while (token_.is_sign(","));
    if (!token_.is_sign(")")) return expected("',' or ')'");
    return step();
  }

  bool is_name() const { return token_.kind == TokenKind::Quoted || (token_.kind == TokenKind::Word && !is_key_word(token_.text)); }

  Result<Value> value(std::string_view after) {
    if (!is_name()) return expected(fmt::format("a value after {}", after == "within" ? "within" : fmt::format("'{}'", after)));
    if (++values_ > kMaxValues) return at_column(token_.column, fmt::format("there are more than {} values", kMaxValues));
    const Token token = token_;
    IPAM_TRY(step());
    if (token.kind == TokenKind::Word && to_lower(token.text).starts_with("now")) {
      if (const auto offset = IPAM_TRY(offset_of(token))) return Value{{}, *offset, token.column};
    }
    return Value{token.text, std::nullopt, token.column};
  }

  // "now", "now+7d", "now - 12h"; nothing for a word that only begins so.
  Result<std::optional<Duration>> offset_of(const Token& token) {
    std::string text = token.text.substr(3);
    if (!text.empty() && text.front() != '+' && text.front() != '-') return std::optional<Duration>{};
    const auto begins = [](const Token& next) { return next.kind == TokenKind::Word && (next.text.front() == '+' || next.text.front() == '-'); };
    if (text.empty() && begins(token_)) {
      text = token_.text;
      IPAM_TRY(step());
    }
    if (text.empty()) return std::optional(Duration{});
    if (text.size() == 1 && token_.kind == TokenKind::Word) {
      text += token_.text;
      IPAM_TRY(step());
    }
    const auto duration = parse_duration(std::string_view(text).substr(1));
    if (!duration.ok())
      return at_column(token.column, fmt::format("expected a duration as 7d or 12h after now, found '{}'", shorten(text.substr(1), 40)));
    return std::optional(text.front() == '-' ? -*duration : *duration);
  }

  Tokens tokens_;
  Token token_;
  std::size_t depth_ = 0, comparisons_ = 0, values_ = 0;
};

}  // namespace

Result<Expression> parse(std::string_view text) {
  if (text.size() > kMaxBytes) return Error(ErrorCode::InvalidArgument, fmt::format("a query has at most {} bytes", kMaxBytes));
  if (!is_clean_text(text)) return Error(ErrorCode::InvalidArgument, "a query is UTF-8 text without control characters");
  return Parser(text).whole();
}

}  // namespace ipam::wire::query_text
