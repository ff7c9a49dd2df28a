#include "store/postgres/postgres_reader.h"

#include "base/strings.h"

#include <fmt/format.h>

namespace ipam::store::postgres {
namespace {

using client::sql::Parameter;
using client::sql::Rows;
using client::sql::Statement;

// Answers of at most so many rows are read at once: a page of a list, and the row that tells whether there is more.
constexpr std::uint64_t kAtOnce = 10'001;
constexpr int kPiece = 1'000;
// What the network and a busy machine may take beyond the statement's own time.
constexpr Duration kMargin = std::chrono::seconds(2);

class RowOfRows final : public Row {
 public:
  RowOfRows(const Rows& rows, std::size_t at) : rows_(rows), at_(at) {}
  bool is_null(int column) const override { return rows_.is_null(at_, column); }
  std::int64_t integer(int column) const override { return rows_.integer(at_, column); }
  std::string_view text(int column) const override { return rows_.text(at_, column); }
  ByteView blob(int column) const override { return rows_.blob(at_, column); }

 private:
  const Rows& rows_;
  std::size_t at_;
};

// Whether `on_row` wants more.
Result<bool> hand_out(const Rows& rows, const Reader::OnRow& on_row) {
  for (std::size_t i = 0; on_row && i < rows.size(); ++i) {
    if (!IPAM_TRY(on_row(RowOfRows(rows, i)))) return false;
  }
  return true;
}

// A statement that can only answer few rows: it ends in a small LIMIT, or counts.
bool is_short(std::string_view sql) {
  if (sql.starts_with("SELECT COUNT(*)")) return true;
  const auto at = sql.rfind(" LIMIT ");
  if (at == std::string_view::npos) return false;
  const auto limit = parse_integer<std::uint64_t>(sql.substr(at + 7));
  return limit && *limit <= kAtOnce;
}

// LIKE of SQLite passes over the case of ASCII letters; here ILIKE does, in the columns' collation "C". The text is a constant of this program or
// comes from select_sql; values are bound.
std::string in_dialect(std::string_view sql) {
  std::string text(sql);
  for (std::size_t at = 0; (at = text.find(" LIKE $", at)) != std::string::npos; at += 8) text.insert(at + 1, 1, 'I');
  return text;
}

}  // namespace

Result<std::unique_ptr<Reader>> PostgresReader::begin(client::sql::Pool& pool, Duration patience, Duration statement_timeout) {
  auto connection = IPAM_TRY(pool.take(io::Deadline::after(patience)));
  // BEGIN alone takes no snapshot, the first query does.
  const std::vector<Statement> begin{{"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}, {"SELECT 1"}};
  IPAM_TRY(connection->execute_together(begin, io::Deadline::after(statement_timeout + kMargin)));
  return std::unique_ptr<Reader>(new PostgresReader(std::move(connection), statement_timeout + kMargin));
}

PostgresReader::~PostgresReader() {
  // A connection that could not end its transaction is closed by the pool.
  if (!connection_->broken()) (void)connection_->query("COMMIT", {}, deadline());
}

Result<void> PostgresReader::query(std::string_view sql, std::span<const Value> parameters, const OnRow& on_row) {
  std::vector<Parameter> encoded;
  encoded.reserve(parameters.size());
  for (const Value& value : parameters) encoded.push_back(Parameter::of(value));
  const std::string text = in_dialect(sql);
  if (!is_short(text)) return query_by_cursor(text, encoded, on_row);
  const Rows rows = IPAM_TRY(connection_->query(text, encoded, deadline()));
  IPAM_TRY(hand_out(rows, on_row));
  return {};
}

Result<void> PostgresReader::query_by_cursor(const std::string& sql, std::span<const Parameter> parameters, const OnRow& on_row) {
  const std::string name = fmt::format("c{}", depth_);
  std::vector<Statement> statements;
  if (cursors_open_ > depth_) statements.push_back({"CLOSE " + name});
  statements.push_back({fmt::format("DECLARE {} NO SCROLL CURSOR FOR {}", name, sql), {parameters.begin(), parameters.end()}});
  const std::string fetch = fmt::format("FETCH {} FROM {}", kPiece, name);
  statements.push_back({fetch});
  Rows rows = std::move(IPAM_TRY(connection_->execute_together(statements, deadline())).back());
  cursors_open_ = std::max(cursors_open_, depth_ + 1);
  ++depth_;
  auto more = hand_out(rows, on_row);
  while (more.ok() && *more && rows.size() == kPiece) {
    auto next = connection_->query(fetch, {}, deadline());
    if (!next.ok()) {
      more = std::move(next).error();
      break;
    }
    rows = std::move(next).value();
    more = hand_out(rows, on_row);
  }
  --depth_;
  if (!more.ok()) return std::move(more).error();
  return {};
}

}  // namespace ipam::store::postgres
