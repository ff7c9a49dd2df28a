// PostgresReader: one snapshot, as one read-only transaction. Thread rule: as Reader.
#pragma once

#include "client/sql/pool.h"
#include "store/store.h"

namespace ipam::store::postgres {

class PostgresReader final : public Reader {
 public:
  // Begins the transaction and takes the snapshot.
  static Result<std::unique_ptr<Reader>> begin(client::sql::Pool& pool, Duration patience, Duration statement_timeout);
  ~PostgresReader() override;
  PostgresReader(const PostgresReader&) = delete;
  PostgresReader& operator=(const PostgresReader&) = delete;

  Result<void> query(std::string_view sql, std::span<const Value> parameters, const OnRow& on_row) override;

 private:
  PostgresReader(client::sql::Pool::Lease connection, Duration statement_time)
      : connection_(std::move(connection)), statement_time_(statement_time) {}
  // An answer that may be long comes in pieces through a cursor, so that `on_row` may itself query this reader meanwhile.
  Result<void> query_by_cursor(const std::string& sql, std::span<const client::sql::Parameter> parameters, const OnRow& on_row);
  io::Deadline deadline() const { return io::Deadline::after(statement_time_); }

  client::sql::Pool::Lease connection_;
  const Duration statement_time_;
  std::size_t depth_ = 0;         // queries that are under way
  std::size_t cursors_open_ = 0;  // cursors 0 … n-1 were left open
};

}  // namespace ipam::store::postgres
