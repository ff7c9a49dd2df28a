#include "service/search/query_leaf.h"

#include "base/strings.h"
#include "service/planning/claims.h"
#include "service/planning/place_conditions.h"
#include "wire/query_text/printer.h"
#include "wire/query_text/tokens.h"
#include "wire/query_text/values.h"

#include <fmt/format.h>

#include <array>

namespace ipam::service::search {
namespace {

using wire::query_text::at_column;
using wire::query_text::Comparison;
using wire::query_text::Operator;
using wire::query_text::Value;

constexpr Duration kDay = std::chrono::hours(24);
constexpr std::size_t kDayLength = 10;  // "2026-12-24"

// What people call a field beside its own name.
struct Alias {
  std::string_view said;
  std::string_view field;
};
constexpr std::array<Alias, 6> kAliases{
    {{"mac", "hardware_address"}, {"vlan", "vlans"}, {"host", "name"}, {"hostname", "name"}, {"expiry", "expires_at"}, {"site", "Network Site"}}};

std::string_view meant_by(std::string_view said) {
  for (const Alias& alias : kAliases) {
    if (equals_ignoring_case(alias.said, said)) return alias.field;
  }
  return said;
}

// Each negative operator as the contrary of a positive one.
struct Positive {
  Operator op;
  bool negated;
};
Positive positive(Operator op) {
  switch (op) {
    case Operator::NotEqual: return {Operator::Equal, true};
    case Operator::MatchesNot: return {Operator::Matches, true};
    case Operator::NotIn: return {Operator::In, true};
    case Operator::IsNotEmpty: return {Operator::IsEmpty, true};
    default: return {op, false};
  }
}

bool is_choice(Operator op) { return op == Operator::Equal || op == Operator::In; }

std::string_view sign_of(Operator op) {
  switch (op) {
    case Operator::Less: return "<";
    case Operator::LessOrEqual: return "<=";
    case Operator::Greater: return ">";
    case Operator::GreaterOrEqual: return ">=";
    default: return {};
  }
}

Error cannot(const Comparison& comparison, std::string_view what) {
  return at_column(comparison.column,
                   fmt::format("{} {} cannot be used with '{}'", what, shorten(comparison.field, 40), wire::query_text::to_string(comparison.op)));
}

// * stands for anything, ? for one character; without either the text may stand anywhere.
std::string like_pattern(std::string_view text) {
  const bool is_pattern = text.find_first_of("*?") != std::string_view::npos;
  if (!is_pattern) return store::contains_pattern(text);
  std::string pattern;
  for (const char c : text) {
    if (c == '*' || c == '?') {
      pattern += c == '*' ? '%' : '_';
      continue;
    }
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern;
}

std::string places(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += i == 0 ? "?" : ", ?";
  return text;
}

}  // namespace

Result<Leaf> LeafReader::read(const Comparison& comparison) const {
  if (comparison.field.empty()) return read_place(comparison);
  const std::string_view name = meant_by(comparison.field);
  const auto field = std::find_if(kind_.fields.begin(), kind_.fields.end(), [&](const QueryField& f) { return equals_ignoring_case(f.name, name); });
  if (field != kind_.fields.end()) {
    if (field->kind == QueryKind::Computed) return read_computed(*field, comparison);
    if (field->kind == QueryKind::Category) return read_category(*field, comparison);
    if (field->kind == QueryKind::Expiry) return read_expiry(*field, comparison);
    if (field->kind == QueryKind::Duplicate) return read_duplicate(*field, comparison);
    if (field->kind == QueryKind::Numbers || field->kind == QueryKind::Texts) return read_list(*field, comparison);
    return read_stored(*field, comparison);
  }
  std::string custom(name);
  if (words_.fields->find_field(custom) == nullptr) std::replace(custom.begin(), custom.end(), '_', ' ');
  if (const model::CustomField* found = words_.fields->find_field(custom)) return read_custom(*found, comparison);
  return unknown_field(comparison);
}

Error LeafReader::unknown_field(const Comparison& comparison) const {
  std::string known;
  for (const QueryField& field : kind_.fields) known += (known.empty() ? "" : ", ") + std::string(field.name);
  return at_column(comparison.column,
                   fmt::format("there is no field '{}'; there are {}, and the custom fields", shorten(comparison.field, 40), known));
}

Result<Leaf> LeafReader::read_place(const Comparison& comparison) const {
  if (!kind_.has_place) return at_column(comparison.column, "such an object does not lie in a prefix");
  const ip::Prefix prefix = IPAM_TRY(wire::query_text::as_prefix(comparison.values.front()));
  const Place place = kind_.first_column == "prefix" ? Place::Prefix : Place::Address;
  std::vector<store::Condition> bounds;
  add_within(bounds, kind_.first_column, place, prefix);
  return Leaf{false, fmt::format("{} >= ? AND {} <= ?", kind_.first_column, kind_.last_column), {bounds[0].value, bounds[1].value}, {}};
}

Result<Leaf> LeafReader::read_computed(const QueryField& field, const Comparison& comparison) const {
  const auto [op, negated] = positive(comparison.op);
  ComputedTest test{field.computed, op, {}, {}};
  if (is_word(field.computed)) {
    test.words = IPAM_TRY(read_words(field, comparison, op));
  } else {
    if (op == Operator::Matches || op == Operator::Within || op == Operator::IsEmpty) return cannot(comparison, "the number");
    for (const Value& value : comparison.values) test.numbers.push_back(IPAM_TRY(wire::query_text::as_number(value)));
  }
  return Leaf{negated, {}, {}, std::move(test)};
}

Result<std::vector<std::string>> LeafReader::read_words(const QueryField& field, const Comparison& comparison, Operator op) const {
  if (!is_choice(op)) return cannot(comparison, "the field");
  std::vector<std::string> words;
  for (const Value& value : comparison.values) {
    if (!field.is_choice(value.text)) {
      return at_column(value.column, fmt::format("expected one of {}, found '{}'", field.choices(), shorten(value.text, 40)));
    }
    words.push_back(value.text);
  }
  return words;
}

Result<Leaf> LeafReader::read_expiry(const QueryField& field, const Comparison& comparison) const {
  const auto [op, negated] = positive(comparison.op);
  Leaf leaf;
  leaf.negated = negated;
  if (op == Operator::IsEmpty) {
    leaf.sql = "expires_at IS NULL";
    return leaf;
  }
  for (const std::string& word : IPAM_TRY(read_words(field, comparison, op))) {
    const store::Condition condition = with_expiry(*model::enum_from_text<ExpiryStatus>(word), words_.now, words_.expiry_alert);
    leaf.sql += (leaf.sql.empty() ? "(" : " OR (") + condition.column + ")";
    leaf.values.insert(leaf.values.end(), condition.values.begin(), condition.values.end());
  }
  return leaf;
}

Result<Leaf> LeafReader::read_duplicate(const QueryField& field, const Comparison& comparison) const {
  const auto [op, negated] = positive(comparison.op);
  const std::vector<std::string> words = IPAM_TRY(read_words(field, comparison, op));
  if (words.size() > 1 && words[0] != words[1]) return Leaf{negated, "1 = 1", {}, {}};
  return Leaf{negated == (words.front() == "true"), has_rival_claim().column, {}, {}};
}

Result<Leaf> LeafReader::read_category(const QueryField& field, const Comparison& comparison) const {
  const auto [op, negated] = positive(comparison.op);
  if (!is_choice(op)) return cannot(comparison, "the field");
  Leaf leaf;
  leaf.negated = negated;
  for (const Value& value : comparison.values) {
    auto condition = in_category(field.column, field.column == "prefix" ? Place::Prefix : Place::Address, value.text);
    if (!condition.ok()) return at_column(value.column, condition.error().message);
    leaf.sql += (leaf.sql.empty() ? "(" : " OR (") + condition->column + ")";
    leaf.values.insert(leaf.values.end(), condition->values.begin(), condition->values.end());
  }
  return leaf;
}

// A list is the text of its JSON: [10,20], ["a","b"], ["10.0.0.1"].
Result<Leaf> LeafReader::read_list(const QueryField& field, const Comparison& comparison) const {
  const auto [op, negated] = positive(comparison.op);
  Leaf leaf;
  leaf.negated = negated;
  if (op == Operator::IsEmpty) {
    leaf.sql = fmt::format("{} = ''", field.column);
    return leaf;
  }
  if (op != Operator::Equal && op != Operator::In && op != Operator::Matches) return cannot(comparison, "the list");
  for (const Value& value : comparison.values) {
    if (!leaf.sql.empty()) leaf.sql += " OR ";
    if (field.kind == QueryKind::Numbers) {
      const std::int64_t number = IPAM_TRY(wire::query_text::as_integer(value));
      leaf.sql += fmt::format("replace(replace({}, '[', ','), ']', ',') LIKE ? ESCAPE '\\'", field.column);
      leaf.values.emplace_back(fmt::format("%,{},%", number));
    } else {
      leaf.sql += fmt::format("{} LIKE ? ESCAPE '\\'", field.column);
      leaf.values.emplace_back(op == Operator::Matches ? like_pattern(value.text) : store::contains_pattern('"' + value.text + '"'));
    }
  }
  return leaf;
}

Result<store::Value> LeafReader::value_of(const QueryField& field, const Value& value) const {
  const auto wrong = [&](std::string_view message) { return at_column(value.column, message); };
  const auto parsed = [&](auto result) -> Result<store::Value> {
    if (!result.ok()) return wrong(result.error().message);
    return store::to_value(*result);
  };
  switch (field.kind) {
    case QueryKind::Word:
      if (!field.is_choice(value.text)) return wrong(fmt::format("expected one of {}, found '{}'", field.choices(), shorten(value.text, 40)));
      return store::Value(value.text);
    case QueryKind::Integer:
    case QueryKind::Id: return store::Value(IPAM_TRY(wire::query_text::as_integer(value)));
    case QueryKind::Space: {
      auto id = words_.space(value.text);
      if (!id.ok()) return wrong(id.error().message);
      return store::Value(*id);
    }
    case QueryKind::Time: return store::to_value(IPAM_TRY(wire::query_text::as_time(value, words_.now)));
    case QueryKind::Address: return parsed(ip::Address::parse(value.text));
    case QueryKind::Prefix: return parsed(ip::Prefix::parse(value.text));
    case QueryKind::HardwareAddress: return parsed(ip::HardwareAddress::parse(value.text));
    case QueryKind::ClientId: return parsed(ip::ClientId::parse(value.text));
    default: return store::Value(value.text);
  }
}

Result<Leaf> LeafReader::read_stored(const QueryField& field, const Comparison& comparison) const {
  const auto [op, negated] = positive(comparison.op);
  Leaf leaf;
  leaf.negated = negated;
  const std::string guard = field.nullable ? fmt::format("{} IS NOT NULL AND ", field.column) : std::string();
  if (op == Operator::IsEmpty) {
    leaf.sql = field.nullable                  ? fmt::format("{} IS NULL", field.column)
               : field.kind == QueryKind::Text ? fmt::format("{} = ''", field.column)
                                               : "1 = 0";
    return leaf;
  }
  if (op == Operator::Matches) {
    if (field.kind != QueryKind::Text) return cannot(comparison, "patterns are of text;");
    leaf.sql = fmt::format("{} LIKE ? ESCAPE '\\'", field.column);
    leaf.values.emplace_back(like_pattern(comparison.values.front().text));
    return leaf;
  }
  if (op == Operator::Within) {
    const bool is_address = field.kind == QueryKind::Address;
    if (!is_address && field.kind != QueryKind::Prefix) return cannot(comparison, "only addresses and prefixes lie in something;");
    const ip::Prefix prefix = IPAM_TRY(wire::query_text::as_prefix(comparison.values.front()));
    std::vector<store::Condition> bounds;
    add_within(bounds, field.column, is_address ? Place::Address : Place::Prefix, prefix);
    leaf.sql = guard + fmt::format("{0} >= ? AND {0} <= ?", field.column);
    leaf.values = {bounds[0].value, bounds[1].value};
    return leaf;
  }
  for (const Value& value : comparison.values) leaf.values.push_back(IPAM_TRY(value_of(field, value)));
  if (is_choice(op)) {
    const Value& first = comparison.values.front();
    // A day is all of its instants.
    if (field.kind == QueryKind::Time && op == Operator::Equal && !first.from_now && first.text.size() == kDayLength) {
      leaf.sql = guard + fmt::format("{0} >= ? AND {0} < ?", field.column);
      leaf.values.emplace_back(std::get<std::int64_t>(leaf.values.front()) + kDay.count());
      return leaf;
    }
    leaf.sql = guard + fmt::format("{} IN ({})", field.column, places(leaf.values.size()));
    return leaf;
  }
  const bool has_order = field.kind != QueryKind::Word && field.kind != QueryKind::Space && field.kind != QueryKind::ClientId;
  if (!has_order) return cannot(comparison, "the field");
  leaf.sql = guard + fmt::format("{} {} ?", field.column, sign_of(op));
  return leaf;
}

Result<Leaf> LeafReader::read_custom(const model::CustomField& field, const Comparison& comparison) const {
  using model::CustomFieldKind;
  const auto [op, negated] = positive(comparison.op);
  Leaf leaf;
  leaf.negated = negated;
  leaf.values = {store::to_value(field.id), std::string(kind_.type)};
  const auto having = [](std::string_view condition) {
    return fmt::format("id IN (SELECT object_id FROM custom_use WHERE field_id = ? AND object_type = ?{})", condition);
  };
  if (op == Operator::IsEmpty) {
    leaf.negated = !negated;
    leaf.sql = having("");
    return leaf;
  }
  if (op == Operator::Within) return cannot(comparison, "the custom field");
  if (op == Operator::Matches) {
    const bool is_choice_field = field.kind == CustomFieldKind::Choice;
    leaf.sql = is_choice_field
                   ? having(" AND value IN (SELECT CAST(id AS TEXT) FROM custom_field_value WHERE field_id = ? AND text LIKE ? ESCAPE '\\')")
                   : having(" AND value LIKE ? ESCAPE '\\'");
    if (is_choice_field) leaf.values.push_back(store::to_value(field.id));
    leaf.values.emplace_back(like_pattern(comparison.values.front().text));
    return leaf;
  }
  std::vector<std::string> texts;
  for (const Value& value : comparison.values) {
    auto text = words_.fields->value_of(field, value.text);
    if (!text.ok()) return at_column(value.column, text.error().message);
    texts.push_back(std::move(text).value());
  }
  if (is_choice(op)) {
    leaf.sql = having(fmt::format(" AND value IN ({})", places(texts.size())));
    leaf.values.insert(leaf.values.end(), texts.begin(), texts.end());
    return leaf;
  }
  const bool is_number = field.kind == CustomFieldKind::Integer || field.kind == CustomFieldKind::Decimal;
  if (!is_number && field.kind != CustomFieldKind::Text && field.kind != CustomFieldKind::Date) return cannot(comparison, "the custom field");
  if (!is_number) {
    leaf.sql = having(fmt::format(" AND value {} ?", sign_of(op)));
  } else {
    // Values of other fields need not be numbers, and the database may look at them first.
    leaf.sql =
        having(fmt::format(" AND CASE WHEN field_id = ? THEN CAST(value AS DOUBLE PRECISION) END {} CAST(? AS DOUBLE PRECISION)", sign_of(op)));
    leaf.values.push_back(store::to_value(field.id));
  }
  leaf.values.emplace_back(texts.front());
  return leaf;
}

}  // namespace ipam::service::search
