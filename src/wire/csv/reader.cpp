#include "wire/csv/reader.h"

#include "base/strings.h"
#include "base/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace ipam::wire::csv {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::string_view kNotUtf8 = "holds bytes that are not UTF-8; save the file as CSV UTF-8";
constexpr std::string_view kHoldsNul = "holds a NUL character; a file in UTF-16 needs its byte order mark";

// Length of the character at the start, or 0 when there is none.
std::size_t character_at(std::string_view text) { return text.front() == '\0' ? 0 : utf8_character(text); }

// Where a byte is that belongs to no character of its own field.
std::size_t first_wrong(std::string_view text, const std::vector<std::size_t>& ends) {
  std::size_t at = 0;
  for (const std::size_t end : ends) {
    while (at < end) {
      const auto c = static_cast<unsigned char>(text[at]);
      const std::size_t length = c > 0 && c < 0x80 ? 1 : character_at(text.substr(at, end - at));
      if (length == 0) return at;
      at += length;
    }
  }
  return std::string_view::npos;
}

// Puts U+FFFD in place of each wrong byte, and moves the ends of the fields with it.
void make_well_formed(std::string& text, std::vector<std::size_t>& ends) {
  std::string good;
  std::size_t at = 0, field = 0;
  const auto move_ends = [&] {
    for (; field < ends.size() && ends[field] == at; ++field) ends[field] = good.size();
  };
  move_ends();
  while (at < text.size()) {
    const std::string_view rest = std::string_view(text).substr(at, field < ends.size() ? ends[field] - at : std::string_view::npos);
    const std::size_t length = character_at(rest);
    good += length > 0 ? rest.substr(0, length) : kReplacement;
    at += length > 0 ? length : 1;
    move_ends();
  }
  text = std::move(good);
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

char find_separator(std::string_view line) {
  constexpr std::array<char, 3> kCandidates{',', ';', '\t'};
  std::array<std::size_t, 3> counts{};
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') quoted = !quoted;
    const auto* candidate = std::find(kCandidates.begin(), kCandidates.end(), c);
    if (!quoted && candidate != kCandidates.end()) ++counts[static_cast<std::size_t>(candidate - kCandidates.begin())];
  }
  return kCandidates[static_cast<std::size_t>(std::max_element(counts.begin(), counts.end()) - counts.begin())];
}

}  // namespace

Error Reader::malformed(std::string_view why) const { return {ErrorCode::Malformed, fmt::format("row {} {}", number_, why)}; }

Result<void> Reader::feed(std::string_view piece) {
  decoded_.clear();
  decoder_.feed(piece, decoded_);
  return take(decoded_);
}

Result<void> Reader::finish() {
  decoded_.clear();
  decoder_.finish(decoded_);
  IPAM_TRY(take(decoded_));
  if (separator_ == 0 && !trim(start_).empty()) IPAM_TRY(begin_table(std::exchange(start_, {})));
  if (state_ == State::Quoted) refuse(fmt::format("the quote that opens in line {} is not closed", row_line_));
  if (!skipping_) IPAM_TRY(end_row());
  if (header_.names.empty()) return Error(ErrorCode::Malformed, "the file is empty; its first line must name the columns");
  return {};
}

Result<void> Reader::take(std::string_view text) {
  while (!text.empty()) {
    if (after_cr_ && text.front() == '\n') text.remove_prefix(1);
    after_cr_ = false;
    if (text.empty()) break;
    if (separator_ == 0) {
      IPAM_TRY(take_start(text.substr(0, 1)));
      text.remove_prefix(1);
      continue;
    }
    text.remove_prefix(take_run(text));
    if (text_.size() > limits_.row_bytes) IPAM_TRY(give_too_long());
    if (text.empty()) break;
    const char c = text.front();
    text.remove_prefix(1);
    const bool ends_line = c == '\r' || c == '\n';
    after_cr_ = c == '\r';
    if (ends_line && (skipping_ || state_ != State::Quoted)) {
      IPAM_TRY(end_line());
    } else if (!skipping_) {
      take_special(ends_line ? '\n' : c);
    }
  }
  return {};
}

// The first line as a whole: it says which separator the file has.
Result<void> Reader::take_start(std::string_view text) {
  const char c = text.front();
  if (c == '"') start_quoted_ = !start_quoted_;
  if ((c != '\r' && c != '\n') || start_quoted_) {
    if (start_.size() >= limits_.row_bytes) return malformed(fmt::format("is longer than {} bytes; is this a CSV file?", limits_.row_bytes));
    start_ += c;
    return {};
  }
  after_cr_ = c == '\r';
  const bool cr = after_cr_;
  if (trim(start_).empty()) {
    start_.clear();
    ++number_;
    row_line_ = ++line_;
    return {};
  }
  IPAM_TRY(begin_table(std::exchange(start_, {})));
  IPAM_TRY(end_line());
  after_cr_ = cr;
  return {};
}

Result<void> Reader::begin_table(std::string first_line) {
  constexpr std::string_view kSaid = "sep=";
  if (first_line.size() == kSaid.size() + 1 && first_line.starts_with(kSaid) && first_line.back() != '"') {
    separator_ = first_line.back();
    return {};
  }
  separator_ = find_separator(first_line);
  return take(first_line);
}

// Takes what has no meaning in the state; answers its length.
std::size_t Reader::take_run(std::string_view text) {
  std::size_t length = 0;
  if (skipping_) {
    while (length < text.size() && text[length] != '\r' && text[length] != '\n') ++length;
    return length;
  }
  if (state_ == State::Plain) {
    while (length < text.size() && text[length] != separator_ && text[length] != '\r' && text[length] != '\n') ++length;
  } else if (state_ == State::Quoted) {
    while (length < text.size() && text[length] != '"' && text[length] != '\r' && text[length] != '\n') ++length;
  }
  text_ += text.substr(0, std::min(length, limits_.row_bytes + 1 - std::min(text_.size(), limits_.row_bytes)));
  return length;
}

// A sign that has a meaning in the state; the end of a line is '\n', and stands within quotes.
void Reader::take_special(char c) {
  if (state_ == State::Quoted) {
    if (c == '\n') ++line_;
    if (c == '"') {
      state_ = State::AfterQuote;
    } else {
      text_ += c;
    }
    return;
  }
  if (c == separator_) return end_field();
  const bool is_closed = state_ == State::AfterQuote || state_ == State::Closed;
  if (is_closed) {
    if (c == '"' && state_ == State::AfterQuote) {
      text_ += c;
      state_ = State::Quoted;
      return;
    }
    state_ = State::Closed;
    if (is_blank(c)) return;
    refuse(fmt::format("has text after the closing quote of column {}; a quote within quotes is doubled", ends_.size() + 1));
    state_ = State::Plain;
  }
  const std::size_t begin = ends_.empty() ? 0 : ends_.back();
  if (state_ == State::FieldStart && c == '"') {
    text_.resize(begin);
    state_ = State::Quoted;
    quoted_ = true;
    return;
  }
  text_ += c;
  if (!is_blank(c)) state_ = State::Plain;
}

void Reader::end_field() {
  state_ = State::FieldStart;
  if (ends_.size() < limits_.columns) {
    ends_.push_back(text_.size());
  } else {
    refuse(fmt::format("has more than {} columns", limits_.columns));
    text_.resize(ends_.back());
  }
}

void Reader::refuse(std::string problem) {
  if (problem_.empty()) problem_ = std::move(problem);
}

// The row is over its limit: it is given without its content, and the rest of the line is left out.
Result<void> Reader::give_too_long() {
  if (header_.names.empty()) return malformed(fmt::format("is longer than {} bytes; is this a CSV file?", limits_.row_bytes));
  const std::string why = state_ == State::Quoted
                              ? fmt::format("the quote that opens in line {} is not closed within {} bytes", row_line_, limits_.row_bytes)
                              : fmt::format("is longer than {} bytes", limits_.row_bytes);
  text_.clear();
  ends_.clear();
  problem_.clear();
  refuse(why);
  IPAM_TRY(end_row());
  skipping_ = true;
  return {};
}

Result<void> Reader::end_line() {
  if (!skipping_) IPAM_TRY(end_row());
  skipping_ = false;
  ++number_;
  row_line_ = ++line_;
  return {};
}

Result<void> Reader::end_row() {
  const bool is_nothing = trim(text_).empty() && !quoted_ && problem_.empty();
  if (!is_nothing) {
    end_field();
    if (const std::size_t wrong = first_wrong(text_, ends_); wrong != std::string_view::npos) {
      refuse(std::string(text_[wrong] == '\0' ? kHoldsNul : kNotUtf8));
      if (!header_.names.empty()) make_well_formed(text_, ends_);
    }
    IPAM_TRY(header_.names.empty() ? give_header() : give_row());
  }
  state_ = State::FieldStart;
  text_.clear();
  ends_.clear();
  problem_.clear();
  quoted_ = false;
  return {};
}

Result<void> Reader::give_header() {
  if (!problem_.empty()) return malformed(problem_);
  header_.separator = separator_;
  header_.number = number_;
  std::size_t begin = 0;
  for (const std::size_t end : ends_) {
    header_.names.emplace_back(trim(std::string_view(text_).substr(begin, end - begin)));
    begin = end;
  }
  return takers_.on_header(header_);
}

Result<void> Reader::give_row() {
  row_.number = number_;
  row_.line = row_line_;
  row_.fields.clear();
  const std::string_view text = text_;
  std::size_t begin = 0, filled = 0;
  for (std::size_t i = 0; i < ends_.size(); ++i) {
    const std::string_view field = text.substr(begin, ends_[i] - begin);
    if (!trim(field).empty()) filled = i + 1;
    if (i < header_.names.size()) row_.fields.push_back(field);
    begin = ends_[i];
  }
  row_.fields.resize(header_.names.size());
  if (filled > header_.names.size()) refuse(fmt::format("has {} columns where the header has {}", filled, header_.names.size()));
  row_.problem = std::exchange(problem_, {});
  return takers_.on_row(row_);
}

}  // namespace ipam::wire::csv
