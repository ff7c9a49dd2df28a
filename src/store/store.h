// Store: the durable state of Cadastre behind one small interface, so that SQLite and PostgreSQL are interchangeable and a faulty one can be made.
//
// Reading: a Reader is one snapshot. Writing: one call, commit(WriteSet): all of it or nothing, durable when it answers. What a batch has changed but
// not committed is kept by the ledger, not by the store; so the store has no open write transaction between calls.
//
// Errors: AlreadyExists (a unique key is taken), Conflict (a row to be updated or erased is not there with the expected revision),
// Unavailable (disk full, locked, damaged, lost: the message says what to do; the next call may succeed), Internal (a bug).
// Thread rule: Store may be used from any thread; a Reader by one thread at a time, and never for longer than five seconds (it holds back the
// database's housekeeping).
#pragma once

#include "store/query.h"

#include <functional>
#include <memory>
#include <span>

namespace ipam::store {

struct RowOperation {
  enum class Kind {
    Insert,  // the key must be free
    Update,  // the row must be there, with the expected revision if the table is versioned
    Put,     // insert or replace by primary key
    Erase,   // as Update; `cells` are the key columns alone. A missing row of a table that is not versioned is no error
  };

  Kind kind = Kind::Put;
  const Table* table = nullptr;
  std::vector<Value> cells;
  std::uint64_t expected_revision = 0;
};

// What one commit changes, applied in order.
struct WriteSet {
  std::vector<RowOperation> operations;

  template <Stored T>
  void insert(const T& row) {
    operations.push_back({RowOperation::Kind::Insert, &table<T>(), to_cells(row), 0});
  }
  template <Stored T>
  void update(const T& row, std::uint64_t expected_revision) {
    operations.push_back({RowOperation::Kind::Update, &table<T>(), to_cells(row), expected_revision});
  }
  template <Stored T>
  void put(const T& row) {
    operations.push_back({RowOperation::Kind::Put, &table<T>(), to_cells(row), 0});
  }
  template <Stored T>
  void erase(std::vector<Value> key, std::uint64_t expected_revision = 0) {
    operations.push_back({RowOperation::Kind::Erase, &table<T>(), std::move(key), expected_revision});
  }
};

// As a limit: all.
inline constexpr std::size_t kEveryRow = static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max());

class Reader {
 public:
  virtual ~Reader() = default;
  // Calls `on_row` for each row; it ends the query by answering false or an error, and may itself query this reader. `sql` is a constant of this
  // program or comes from select_sql.
  using OnRow = std::function<Result<bool>(const Row&)>;
  virtual Result<void> query(std::string_view sql, std::span<const Value> parameters, const OnRow& on_row) = 0;
};

class ChangeFeed;

class Store {
 public:
  virtual ~Store() = default;
  virtual Result<std::unique_ptr<Reader>> open_reader() = 0;
  virtual Result<void> commit(const WriteSet& writes) = 0;
  // Bytes that the database takes on disk.
  virtual Result<std::uint64_t> size_on_disk() = 0;
  // How several nodes share it (change_feed.h); null when it belongs to this process alone. It lives as long as the store.
  virtual ChangeFeed* feed() { return nullptr; }
};

// ---- typed reading -------------------------------------------------------------------------------------------------------------------------

template <class T>
struct Page {
  std::vector<T> items;
  std::string next_cursor;  // empty on the last page
};

// Every row that matches, in the query's order, without its limit. For a bounded number of rows, or rows that `on_item` does not keep.
template <Stored T>
Result<void> for_each(Reader& reader, Query query, const std::function<Result<bool>(T)>& on_item) {
  query.limit = kEveryRow;
  const SqlText text = IPAM_TRY(select_sql(table<T>(), query));
  return reader.query(text.sql, text.parameters, [&](const Row& row) -> Result<bool> { return on_item(IPAM_TRY(from_row<T>(row))); });
}

// One page of at most query.limit rows.
template <Stored T>
Result<Page<T>> list(Reader& reader, const Query& query) {
  Query one_more = query;
  one_more.limit = query.limit + 1;
  const SqlText text = IPAM_TRY(select_sql(table<T>(), one_more));
  Page<T> page;
  bool more = false;
  IPAM_TRY(reader.query(text.sql, text.parameters, [&](const Row& row) -> Result<bool> {
    if (page.items.size() == query.limit) {
      more = true;
      return false;
    }
    page.items.push_back(IPAM_TRY(from_row<T>(row)));
    return true;
  }));
  if (more && !page.items.empty()) {
    const std::vector<Value> cells = to_cells(page.items.back());
    std::vector<Value> last;
    for (const SortKey& key : total_order(table<T>(), query)) last.push_back(cells[static_cast<std::size_t>(table<T>().find_column(key.column))]);
    page.next_cursor = write_cursor(last);
  }
  return page;
}

// The first row that matches, if any.
template <Stored T>
Result<std::optional<T>> find_where(Reader& reader, std::vector<Condition> where) {
  auto page = IPAM_TRY(list<T>(reader, {.where = std::move(where), .limit = 1}));
  if (page.items.empty()) return std::optional<T>{};
  return std::optional<T>(std::move(page.items.front()));
}

template <Stored T>
Result<std::optional<T>> find(Reader& reader, model::Id<T> id) {
  return find_where<T>(reader, {{"id", Comparison::Equal, to_value(id)}});
}

Result<std::uint64_t> count(Reader& reader, const Table& table, const std::vector<Condition>& where);

}  // namespace ipam::store
