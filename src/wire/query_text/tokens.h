// Token: the next word of a query. Thread rule: plain values.
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>

namespace ipam::wire::query_text {

// Sign: one of ( ) , = != < <= > >= ~ !~.
enum class TokenKind { Word, Quoted, Sign, End };

struct Token {
  TokenKind kind = TokenKind::End;
  std::string text;        // without quotes
  std::size_t column = 0;  // in characters, from 1

  bool is_sign(std::string_view sign) const { return kind == TokenKind::Sign && text == sign; }
  // A key word that is not quoted, in either case.
  bool is_word(std::string_view word) const;
};

// As an error names it: "the end", "'and'".
std::string describe(const Token& token);
bool is_key_word(std::string_view text);
// Whether the character has a meaning, so that a text with it must be quoted.
bool is_sign_character(char c);
Error at_column(std::size_t column, std::string_view message);

class Tokens {
 public:
  // `text` is well-formed and outlives this.
  explicit Tokens(std::string_view text) : rest_(text) {}
  // Errors: InvalidArgument (a quote that is not closed; a sign that there is not).
  Result<Token> next();

 private:
  void advance(std::size_t bytes);
  Result<Token> quoted();
  Result<Token> sign();

  std::string_view rest_;
  std::size_t column_ = 1;
};

}  // namespace ipam::wire::query_text
