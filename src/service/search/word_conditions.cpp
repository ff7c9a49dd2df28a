#include "service/search/word_conditions.h"

#include "base/strings.h"
#include "service/planning/place_conditions.h"

#include <fmt/format.h>

namespace ipam::service::search {
namespace {

using store::Comparison;
using store::Condition;

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (const std::string_view part : split(text, ' ')) {
    if (!trim(part).empty()) words.push_back(trim(part));
  }
  return words;
}

// "10.2" or "10.2.": whole numbers with dots between them, fewer than an address has.
std::optional<ip::Prefix> beginning_of_address(std::string_view text) {
  if (text.find('.') == std::string_view::npos) return std::nullopt;
  if (text.ends_with('.')) text.remove_suffix(1);
  const auto parts = split(text, '.');
  constexpr std::size_t kParts = 4;
  if (parts.size() >= kParts) return std::nullopt;
  std::string whole(text);
  for (std::size_t i = parts.size(); i < kParts; ++i) whole += ".0";
  const auto prefix = ip::Prefix::parse(fmt::format("{}/{}", whole, 8 * parts.size()));
  if (!prefix.ok()) return std::nullopt;
  return *prefix;
}

Condition word_condition(std::string_view word, const WordColumns& columns) {
  Condition condition{{}, Comparison::Holds, {}};
  const auto add = [&](const std::string& sql, std::vector<store::Value> values) {
    condition.column += (condition.column.empty() ? "" : " OR ") + sql;
    condition.values.insert(condition.values.end(), values.begin(), values.end());
  };
  const std::string pattern = store::contains_pattern(word);
  for (const std::string_view column : columns.texts) add(fmt::format("{} LIKE ? ESCAPE '\\'", column), {pattern});
  if (!columns.type.empty()) {
    constexpr std::string_view kInCustom =
        "id IN (SELECT object_id FROM custom_use WHERE object_type = ? AND (value LIKE ? ESCAPE '\\' OR (field_id IN (SELECT id FROM custom_field "
        "WHERE "
        "kind = 'choice') AND value IN (SELECT CAST(id AS TEXT) FROM custom_field_value WHERE text LIKE ? ESCAPE '\\'))))";
    add(std::string(kInCustom), {std::string(columns.type), pattern, pattern});
  }
  if (const auto place = columns.first.empty() ? std::nullopt : place_meant(word)) {
    std::vector<Condition> bounds;
    add_within(bounds, columns.first, columns.first == "prefix" ? Place::Prefix : Place::Address, *place);
    add(fmt::format("({} >= ? AND {} <= ?)", columns.first, columns.last), {bounds[0].value, bounds[1].value});
  }
  if (const auto address = columns.hardware_address.empty() ? std::nullopt : hardware_address_meant(word)) {
    add(fmt::format("({0} IS NOT NULL AND {0} = ?)", columns.hardware_address), {store::to_value(*address)});
  }
  if (condition.column.empty()) condition.column = "1 = 0";
  return condition;
}

}  // namespace

std::optional<ip::Prefix> place_meant(std::string_view text) {
  if (const auto address = ip::Address::parse(text); address.ok()) return ip::Prefix::containing(*address, ip::bit_count(address->family()));
  if (const auto prefix = ip::Prefix::parse(text); prefix.ok()) return *prefix;
  return beginning_of_address(text);
}

std::optional<ip::HardwareAddress> hardware_address_meant(std::string_view text) {
  constexpr std::size_t kMac = 6;  // bytes; shorter ones are words
  const auto address = ip::HardwareAddress::parse(text);
  if (!address.ok() || address->bytes().size() < kMac) return std::nullopt;
  return *address;
}

Result<std::vector<Condition>> word_conditions(std::string_view text, const WordColumns& columns) {
  if (!is_clean_text(text)) return Error(ErrorCode::InvalidArgument, "must be text in UTF-8, without control characters");
  const auto words = words_of(text);
  if (words.empty()) return Error(ErrorCode::InvalidArgument, "there is nothing to search for");
  if (words.size() > kMaxWords) return Error(ErrorCode::InvalidArgument, fmt::format("takes at most {} words", kMaxWords));
  std::vector<Condition> where;
  for (const std::string_view word : words) where.push_back(word_condition(word, columns));
  return where;
}

}  // namespace ipam::service::search
