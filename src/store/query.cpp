#include "store/query.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::store {
namespace {

constexpr char kEscape = '\\';
// Room for the longest description and name of an object as base64, and some more.
constexpr std::size_t kMaxCursor = 16 * 1024;

bool is_pattern(Comparison comparison) { return comparison == Comparison::Contains || comparison == Comparison::StartsWith; }

// A value of another type would be compared by SQLite's order of types and refused by PostgreSQL; null equals nothing in both.
Result<void> check_value(const Table& table, const Condition& condition) {
  if (condition.comparison == Comparison::Holds) {
    IPAM_ASSERT(std::count(condition.column.begin(), condition.column.end(), '?') == static_cast<std::ptrdiff_t>(condition.values.size()),
                "a condition in SQL has another number of values than it has places for them");
    return {};
  }
  const int column = table.find_column(condition.column);
  if (column < 0) return Error::field("/" + condition.column, fmt::format("{} has no such field", table.name));
  if (condition.comparison == Comparison::IsNull || condition.comparison == Comparison::IsNotNull) return {};
  const CellType type = table.types[static_cast<std::size_t>(column)].cell;
  const bool fits = condition.comparison == Comparison::In
                        ? std::all_of(condition.values.begin(), condition.values.end(), [&](const Value& value) { return holds(value, type); })
                        : holds(condition.value, type) && (!is_pattern(condition.comparison) || type == CellType::Text);
  if (!fits) return Error::field("/" + condition.column, "cannot be compared with this value");
  return {};
}

std::string pattern_of(std::string_view text) {
  std::string pattern;
  for (const char c : text) {
    if (c == '%' || c == '_' || c == kEscape) pattern += kEscape;
    pattern += c;
  }
  return pattern + "%";
}

std::string like_pattern(const Value& value, bool anywhere) {
  const auto* text = std::get_if<std::string>(&value);
  return (anywhere ? "%" : "") + pattern_of(text != nullptr ? std::string_view(*text) : std::string_view());
}

class SqlBuilder {
 public:
  std::string bind(Value value) {
    text_.parameters.push_back(std::move(value));
    return fmt::format("${}", text_.parameters.size());
  }

  Result<void> where(const Table& table, const std::vector<Condition>& conditions) {
    for (const Condition& condition : conditions) {
      IPAM_TRY(check_value(table, condition));
      add_clause(clause(condition));
    }
    return {};
  }

  // Rows that come after `cells` in the total order: (a > x) or (a = x and b > y) or …, each column in its own direction.
  Result<void> after(const Table& table, const std::vector<SortKey>& order, const std::vector<Value>& cells) {
    const Error foreign = Error::field("/cursor", "does not belong to this list; start again without it");
    if (cells.size() != order.size()) return foreign;
    std::string any;
    std::string equal;
    std::string columns;
    std::string parameters;
    bool one_direction = true;
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (!holds(cells[i], table.types[static_cast<std::size_t>(table.find_column(order[i].column))].cell)) return foreign;
      const std::string parameter = bind(cells[i]);
      columns += (i == 0 ? "" : ", ") + order[i].column;
      parameters += (i == 0 ? "" : ", ") + parameter;
      one_direction = one_direction && order[i].descending == order[0].descending;
      any += fmt::format("{}({}{} {} {})", i == 0 ? "" : " OR ", equal, order[i].column, order[i].descending ? "<" : ">", parameter);
      equal += fmt::format("{} = {} AND ", order[i].column, parameter);
    }
    // Row values let the database start at the right place of an index over all the columns.
    if (one_direction) {
      add_clause(fmt::format("({}) {} ({})", columns, order[0].descending ? "<" : ">", parameters));
      return {};
    }
    // The first column alone lets it start in its index at least.
    add_clause(fmt::format("{} {} ${}", order[0].column, order[0].descending ? "<=" : ">=", text_.parameters.size() - order.size() + 1));
    add_clause("(" + any + ")");
    return {};
  }

  SqlText finish(std::string head, const std::string& tail) {
    text_.sql = std::move(head) + (clauses_.empty() ? "" : " WHERE " + clauses_) + tail;
    return std::move(text_);
  }

 private:
  void add_clause(const std::string& clause) { clauses_ += (clauses_.empty() ? "" : " AND ") + clause; }

  // Each ? of the SQL as the parameter of the next value.
  std::string with_values(std::string_view sql, const std::vector<Value>& values) {
    std::string text;
    auto value = values.begin();
    for (const char c : sql) {
      if (c == '?') {
        text += bind(*value++);
      } else {
        text += c;
      }
    }
    return text;
  }

  std::string clause(const Condition& condition) {
    const auto compare = [&](std::string_view sign) { return fmt::format("{} {} {}", condition.column, sign, bind(condition.value)); };
    switch (condition.comparison) {
      case Comparison::Equal: return compare("=");
      case Comparison::NotEqual: return compare("<>");
      case Comparison::Less: return compare("<");
      case Comparison::LessOrEqual: return compare("<=");
      case Comparison::Greater: return compare(">");
      case Comparison::GreaterOrEqual: return compare(">=");
      case Comparison::Contains: return fmt::format("{} LIKE {} ESCAPE '{}'", condition.column, bind(like_pattern(condition.value, true)), kEscape);
      case Comparison::StartsWith:
        return fmt::format("{} LIKE {} ESCAPE '{}'", condition.column, bind(like_pattern(condition.value, false)), kEscape);
      case Comparison::IsNull: return condition.column + " IS NULL";
      case Comparison::IsNotNull: return condition.column + " IS NOT NULL";
      case Comparison::Holds: return "(" + with_values(condition.column, condition.values) + ")";
      case Comparison::In: break;
    }
    if (condition.values.empty()) return "1 = 0";
    std::string list;
    for (const Value& value : condition.values) list += (list.empty() ? "" : ", ") + bind(value);
    return fmt::format("{} IN ({})", condition.column, list);
  }

  SqlText text_;
  std::string clauses_;
};

// Whether no row that matches has null there.
bool leaves_no_null(const std::vector<Condition>& where, std::string_view column) {
  return std::any_of(where.begin(), where.end(),
                     [&](const Condition& condition) { return condition.column == column && condition.comparison != Comparison::IsNull; });
}

std::string column_list(const Table& table) {
  std::string list;
  for (const std::string_view column : table.columns) list += (list.empty() ? "" : ", ") + std::string(column);
  return list;
}

}  // namespace

int Table::find_column(std::string_view column) const {
  const auto found = std::find(columns.begin(), columns.end(), column);
  return found == columns.end() ? -1 : static_cast<int>(found - columns.begin());
}

std::vector<SortKey> total_order(const Table& table, const Query& query) {
  std::vector<SortKey> order = query.sort;
  for (std::size_t i = 0; i < table.key_columns; ++i) {
    const bool there = std::any_of(order.begin(), order.end(), [&](const SortKey& key) { return key.column == table.columns[i]; });
    if (!there) order.push_back({std::string(table.columns[i]), !query.sort.empty() && query.sort.front().descending});
  }
  return order;
}

std::string contains_pattern(std::string_view text) { return "%" + pattern_of(text); }

Result<SqlText> select_sql(const Table& table, const Query& query) {
  SqlBuilder builder;
  IPAM_TRY(builder.where(table, query.where));
  const std::vector<SortKey> order = total_order(table, query);
  std::string order_by;
  for (const SortKey& key : order) {
    const int column = table.find_column(key.column);
    if (column < 0) return Error::field("/sort", fmt::format("{} has no field '{}'", table.name, shorten(key.column, 40)));
    if (table.types[static_cast<std::size_t>(column)].nullable && !leaves_no_null(query.where, key.column))
      return Error::field("/sort", fmt::format("'{}' may be empty and gives no order", key.column));
    order_by += fmt::format("{}{}{}", order_by.empty() ? "" : ", ", key.column, key.descending ? " DESC" : "");
  }
  if (!query.after.empty()) IPAM_TRY(builder.after(table, order, query.after));
  return builder.finish(fmt::format("SELECT {} FROM {}", column_list(table), table.name),
                        fmt::format(" ORDER BY {} LIMIT {}", order_by, query.limit));
}

Result<SqlText> count_sql(const Table& table, const std::vector<Condition>& where) {
  SqlBuilder builder;
  IPAM_TRY(builder.where(table, where));
  return builder.finish(fmt::format("SELECT COUNT(*) FROM {}", table.name), "");
}

// A cell is one letter for its type, then for text and blobs the length, so that no separator can be forged.
std::string write_cursor(const std::vector<Value>& cells) {
  std::string text;
  for (const Value& cell : cells) {
    if (const auto* integer = std::get_if<std::int64_t>(&cell)) {
      text += fmt::format("i{};", *integer);
    } else if (const auto* string = std::get_if<std::string>(&cell)) {
      text += fmt::format("t{};{}", string->size(), *string);
    } else if (const auto* bytes = std::get_if<Bytes>(&cell)) {
      text += fmt::format("b{};{}", bytes->size(), as_text(*bytes));
    } else {
      text += "n0;";
    }
  }
  return to_base64url(as_bytes(text));
}

Result<std::vector<Value>> read_cursor(std::string_view cursor) {
  const Error bad = Error::field("/cursor", "is not a cursor of this server; start again without it");
  if (cursor.size() > kMaxCursor) return bad;
  const auto decoded = from_base64(cursor);
  if (!decoded.ok()) return bad;
  std::string_view rest = as_text(*decoded);
  std::vector<Value> cells;
  while (!rest.empty()) {
    const char type = rest.front();
    const auto end = rest.find(';');
    if (end == std::string_view::npos) return bad;
    const auto number = parse_integer<std::int64_t>(rest.substr(1, end - 1));
    if (!number) return bad;
    rest.remove_prefix(end + 1);
    if (type == 'i') {
      cells.emplace_back(*number);
    } else if (type == 'n') {
      cells.emplace_back();
    } else if ((type == 't' || type == 'b') && *number >= 0 && static_cast<std::uint64_t>(*number) <= rest.size()) {
      const std::string_view content = rest.substr(0, static_cast<std::size_t>(*number));
      rest.remove_prefix(content.size());
      if (type == 't') {
        cells.emplace_back(std::string(content));
      } else {
        cells.emplace_back(Bytes(as_bytes(content).begin(), as_bytes(content).end()));
      }
    } else {
      return bad;
    }
  }
  // Other spellings of the same cells (base64 with padding, "i007;") are not ours.
  if (cells.empty() || write_cursor(cells) != cursor) return bad;
  return cells;
}

}  // namespace ipam::store
