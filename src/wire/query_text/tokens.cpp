#include "wire/query_text/tokens.h"

#include "base/strings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace ipam::wire::query_text {
namespace {

constexpr std::array<std::string_view, 7> kKeyWords{"and", "or", "not", "in", "within", "is", "empty"};

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n'; }
bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

}  // namespace

bool Token::is_word(std::string_view word) const { return kind == TokenKind::Word && equals_ignoring_case(text, word); }

bool is_key_word(std::string_view text) {
  return std::any_of(kKeyWords.begin(), kKeyWords.end(), [&](std::string_view word) { return equals_ignoring_case(word, text); });
}

bool is_sign_character(char c) { return std::string_view("(),'\"=<>~!").find(c) != std::string_view::npos; }

std::string describe(const Token& token) {
  if (token.kind == TokenKind::End) return "the end";
  return fmt::format("'{}'", shorten(token.text, 40));
}

Error at_column(std::size_t column, std::string_view message) { return {ErrorCode::InvalidArgument, fmt::format("column {}: {}", column, message)}; }

void Tokens::advance(std::size_t bytes) {
  column_ += static_cast<std::size_t>(std::count_if(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(bytes), begins_character));
  rest_.remove_prefix(bytes);
}

Result<Token> Tokens::next() {
  while (!rest_.empty() && is_blank(rest_.front())) advance(1);
  if (rest_.empty()) return Token{TokenKind::End, {}, column_};
  if (rest_.front() == '"' || rest_.front() == '\'') return quoted();
  if (is_sign_character(rest_.front())) return sign();
  std::size_t length = 0;
  while (length < rest_.size() && !is_blank(rest_[length]) && !is_sign_character(rest_[length])) ++length;
  Token token{TokenKind::Word, std::string(rest_.substr(0, length)), column_};
  advance(length);
  return token;
}

Result<Token> Tokens::quoted() {
  const char quote = rest_.front();
  Token token{TokenKind::Quoted, {}, column_};
  advance(1);
  while (!rest_.empty()) {
    const char c = rest_.front();
    const bool escapes = c == '\\' && rest_.size() > 1 && (rest_[1] == '\\' || rest_[1] == '"' || rest_[1] == '\'');
    if (c == quote) {
      advance(1);
      return token;
    }
    token.text += escapes ? rest_[1] : c;
    advance(escapes ? 2 : 1);
  }
  return at_column(token.column, "the quote that opens here is not closed");
}

Result<Token> Tokens::sign() {
  constexpr std::array<std::string_view, 11> kSigns{"!=", "<=", ">=", "!~", "(", ")", ",", "=", "<", ">", "~"};
  const auto* found = std::find_if(kSigns.begin(), kSigns.end(), [&](std::string_view each) { return rest_.starts_with(each); });
  if (found == kSigns.end()) return at_column(column_, "'!' stands before '=' or '~' alone; write not in front of a comparison");
  Token token{TokenKind::Sign, std::string(*found), column_};
  advance(found->size());
  return token;
}

}  // namespace ipam::wire::query_text
