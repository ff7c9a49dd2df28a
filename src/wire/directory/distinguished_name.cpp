#include "wire/directory/distinguished_name.h"

#include "base/bytes.h"
#include "base/strings.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::wire::directory {
namespace {

constexpr std::size_t kLongest = 16U << 10U;
constexpr std::size_t kMostParts = 256;
constexpr std::string_view kSpecial = ",+\"\\<>;=";

Error malformed(std::string_view text, std::string_view why) {
  return {ErrorCode::Malformed, fmt::format("'{}' is no distinguished name: {}", is_clean_text(text) ? shorten(text, 80) : "(octets)", why)};
}

bool is_digit(char each) { return each >= '0' && each <= '9'; }
bool is_letter(char each) { return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z'); }
bool is_hex(char each) { return is_digit(each) || (each >= 'a' && each <= 'f') || (each >= 'A' && each <= 'F'); }

// What is left of the text, read from the front.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text), rest_(text) {}

  bool done() const { return rest_.empty(); }
  bool take(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void skip_spaces() {
    while (take(' ')) {
    }
  }

  Result<std::string> type() {
    skip_spaces();
    std::size_t size = 0;
    while (size < rest_.size() && (is_letter(rest_[size]) || is_digit(rest_[size]) || rest_[size] == '-' || rest_[size] == '.')) ++size;
    if (size == 0) return malformed(text_, "a part has no type");
    std::string found(rest_.substr(0, size));
    rest_.remove_prefix(size);
    skip_spaces();
    if (!take('=')) return malformed(text_, "a part has no '='");
    return found;
  }

  Result<std::string> value() {
    skip_spaces();
    std::string found;
    std::size_t kept = 0;  // spaces behind this are not the value's
    while (!rest_.empty() && rest_.front() != ',' && rest_.front() != '+' && rest_.front() != ';') {
      const char each = rest_.front();
      rest_.remove_prefix(1);
      if (each == '"' || each == '<' || each == '>') return malformed(text_, "a value holds a character that must be escaped");
      if (each == '\0') return malformed(text_, "a value holds a zero octet");
      if (each != '\\') {
        found += each;
        if (each != ' ') kept = found.size();
        continue;
      }
      found += IPAM_TRY(escaped());
      kept = found.size();
    }
    found.resize(kept);
    return found;
  }

 private:
  Result<char> escaped() {
    if (rest_.size() >= 2 && is_hex(rest_[0]) && is_hex(rest_[1])) {
      const Bytes octet = IPAM_TRY(from_hex(rest_.substr(0, 2)));
      rest_.remove_prefix(2);
      return static_cast<char>(octet.front());
    }
    if (rest_.empty() || (kSpecial.find(rest_.front()) == std::string_view::npos && rest_.front() != ' ' && rest_.front() != '#'))
      return malformed(text_, "a backslash stands before nothing that is escaped");
    const char each = rest_.front();
    rest_.remove_prefix(1);
    return each;
  }

  std::string_view text_;
  std::string_view rest_;
};

bool same(const DistinguishedName::Part& one, const DistinguishedName::Part& other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(), [](const auto& left, const auto& right) {
    return equals_ignoring_case(left.type, right.type) && equals_ignoring_case(left.value, right.value);
  });
}

}  // namespace

Result<DistinguishedName> DistinguishedName::parse(std::string_view text) {
  if (text.size() > kLongest) return malformed(text, "it is too long");
  DistinguishedName name;
  if (trim(text).empty()) return name;
  Reader reader(text);
  do {
    if (name.parts_.size() == kMostParts) return malformed(text, "it has too many parts");
    Part part;
    do {
      Attribute attribute;
      attribute.type = IPAM_TRY(reader.type());
      attribute.value = IPAM_TRY(reader.value());
      part.push_back(std::move(attribute));
    } while (reader.take('+'));
    name.parts_.push_back(std::move(part));
  } while (reader.take(',') || reader.take(';'));  // the semicolon is RFC 1779's
  return name;
}

std::string DistinguishedName::to_string() const {
  std::string text;
  for (const Part& part : parts_) {
    if (!text.empty()) text += ',';
    for (std::size_t at = 0; at < part.size(); ++at) {
      if (at > 0) text += '+';
      text += part[at].type + "=" + escape_name_value(part[at].value);
    }
  }
  return text;
}

std::string_view DistinguishedName::value(std::size_t above) const {
  return above < parts_.size() ? std::string_view(parts_[above].front().value) : std::string_view();
}

DistinguishedName DistinguishedName::parent() const {
  DistinguishedName above;
  if (!parts_.empty()) above.parts_.assign(parts_.begin() + 1, parts_.end());
  return above;
}

bool DistinguishedName::within(const DistinguishedName& other) const {
  if (other.parts_.size() > parts_.size()) return false;
  return std::equal(other.parts_.rbegin(), other.parts_.rend(), parts_.rbegin(), same);
}

std::string DistinguishedName::domain() const {
  auto first = parts_.end();
  while (first != parts_.begin() && equals_ignoring_case((first - 1)->front().type, "DC")) --first;
  std::string domain;
  for (; first != parts_.end(); ++first) domain += (domain.empty() ? "" : ".") + first->front().value;
  return domain;
}

bool DistinguishedName::operator==(const DistinguishedName& other) const { return parts_.size() == other.parts_.size() && within(other); }

std::string escape_name_value(std::string_view value) {
  std::string escaped;
  for (std::size_t at = 0; at < value.size(); ++at) {
    const char each = value[at];
    const bool edge_space = each == ' ' && (at == 0 || at + 1 == value.size());
    if (static_cast<unsigned char>(each) < 0x20 || each == 0x7F) {
      escaped += "\\" + to_hex(as_bytes(value.substr(at, 1)));
      continue;
    }
    if (kSpecial.find(each) != std::string_view::npos || edge_space || (each == '#' && at == 0)) escaped += '\\';
    escaped += each;
  }
  return escaped;
}

}  // namespace ipam::wire::directory
