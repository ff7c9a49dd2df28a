#include "model/custom_field.h"

#include "ip/prefix.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace ipam::model {
namespace {

Error expected(std::string_view text, std::string_view what) {
  return {ErrorCode::InvalidArgument, fmt::format("'{}' is not {}", shorten(text, 40), what)};
}

Result<std::string> canonical_decimal(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) return expected(text, "a number, such as 12.5");
  return fmt::format("{}", number);
}

Result<std::string> canonical_date(std::string_view text) {
  const auto midnight = parse_time(std::string(text) + "T00:00:00Z");
  if (text.size() != 10 || !midnight.ok()) return expected(text, "a date, such as 2027-01-31");
  return std::string(text);
}

Result<std::string> canonical_url(std::string_view text) {
  const auto end_of_scheme = text.find("://");
  const bool fine = (text.starts_with("http://") || text.starts_with("https://")) && text.size() > end_of_scheme + 3;
  if (!fine || text.find_first_of(" <>\"") != std::string_view::npos) return expected(text, "a URL, such as https://wiki.example/page");
  return std::string(text);
}

}  // namespace

const std::string* find_custom(const CustomValues& values, Id<CustomField> field) {
  const auto found = values.find(field.to_string());
  return found == values.end() ? nullptr : &found->second;
}

void set_custom(CustomValues& values, Id<CustomField> field, std::string text) {
  if (text.empty()) {
    values.erase(field.to_string());
  } else {
    values[field.to_string()] = std::move(text);
  }
}

Result<std::string> canonical_custom_text(CustomFieldKind kind, std::string_view text) {
  switch (kind) {
    case CustomFieldKind::Integer: {
      const auto number = parse_integer<std::int64_t>(text);
      if (!number) return expected(text, "an integer");
      return std::to_string(*number);
    }
    case CustomFieldKind::Decimal: return canonical_decimal(text);
    case CustomFieldKind::Boolean: {
      const std::string word = to_lower(text);
      if (word == "true" || word == "yes" || word == "1") return std::string("true");
      if (word == "false" || word == "no" || word == "0") return std::string("false");
      return expected(text, "true or false");
    }
    case CustomFieldKind::Date: return canonical_date(text);
    case CustomFieldKind::Address: return IPAM_TRY(ip::Address::parse(text)).to_string();
    case CustomFieldKind::Prefix: return IPAM_TRY(ip::Prefix::parse(text)).to_string();
    case CustomFieldKind::Url: return canonical_url(text);
    case CustomFieldKind::Text:
    case CustomFieldKind::Choice: break;
  }
  return std::string(text);
}

}  // namespace ipam::model
