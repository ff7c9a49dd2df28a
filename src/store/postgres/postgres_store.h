// PostgresStore: one PostgreSQL database, shared by any number of nodes. Readers and writers are connections of two bounded pools; one more listens
// for the commits of other nodes. A server that goes away costs the calls that meet it; the next one connects anew. Thread rule: as Store.
#pragma once

#include "client/sql/pool.h"
#include "store/change_feed.h"
#include "store/postgres/write_statements.h"

#include <atomic>

namespace ipam::store::postgres {

struct PostgresOptions {
  std::string url;            // postgresql://user@host:port/name; never with a password
  Secret password = {};       // empty: what libpq finds (PGPASSFILE, a certificate, peer)
  std::string node = "node";  // names this process in the feed: no two processes may have the same
  std::string schema = {};    // whose tables are meant; empty: as the database says
  std::size_t max_readers = 16;
  std::size_t max_writers = 4;
  Duration read_timeout = std::chrono::seconds(5);    // of one statement
  Duration write_timeout = std::chrono::seconds(20);  // of one statement of a commit, waiting for other nodes included
  Duration patience = std::chrono::seconds(5);        // to connect, to get a connection of a pool, and for a lost commit to be looked for
  std::uint64_t feed_entries = 100'000;               // older ones are removed
  Duration feed_age = std::chrono::hours(24);
};

class PostgresStore final : public Store, public ChangeFeed {
 public:
  // Connects and brings the schema to this version. Errors: Unavailable; FailedPrecondition (the user is refused, the database is missing, its schema
  // is of a newer version); InvalidArgument (URL).
  static Result<std::unique_ptr<PostgresStore>> open(const PostgresOptions& options);

  Result<std::unique_ptr<Reader>> open_reader() override;
  Result<void> commit(const WriteSet& writes) override;
  Result<std::uint64_t> size_on_disk() override;
  ChangeFeed* feed() override { return this; }

  const std::string& node() const override { return options_.node; }
  Result<void> commit(const WriteSet& writes, const FeedEntry& entry) override;
  Result<std::unique_ptr<Turn>> take_turn() override;
  Result<std::optional<std::uint64_t>> wait_for_news(Duration at_most, const std::stop_token& stop) override;
  Result<Time> now() override;

 private:
  friend class PostgresTurn;
  using Connection = client::sql::Connection;
  using Lease = client::sql::Pool::Lease;

  explicit PostgresStore(PostgresOptions options);

  // Applies and commits in one transaction; `connection` is in one already when `turn`.
  Result<void> write(Connection& connection, const WriteSet& writes, const FeedEntry* entry, bool in_turn);
  Result<void> apply(Connection& connection, const std::vector<WriteStatement>& planned, const FeedEntry* entry, bool begun);
  // Whether the entry was committed after all, when the connection was lost meanwhile.
  Result<void> look_for(const FeedEntry& entry, Error lost);
  void prune(Connection& connection, std::uint64_t position);
  io::Deadline patience() const { return io::Deadline::after(options_.patience); }
  io::Deadline write_deadline() const { return io::Deadline::after(options_.write_timeout + options_.patience); }

  const PostgresOptions options_;
  client::sql::Pool readers_;
  client::sql::Pool writers_;
  std::unique_ptr<Connection> listener_;  // of the one thread that waits for news
};

}  // namespace ipam::store::postgres
