// SqliteStore: the embedded database, one file in WAL mode with synchronous=FULL. One connection writes, a bounded pool of read-only connections
// reads; readers never wait for the writer, nor the writer for them. Thread rule: as Store.
#pragma once

#include "base/guarded.h"
#include "store/sqlite/connection.h"

namespace ipam::store::sqlite {

struct SqliteOptions {
  std::string path;
  std::string vfs = {};          // for tests that inject faults
  std::size_t max_readers = 64;  // a further reader is refused with Overloaded
  int checkpoint_pages = 1'000;  // WAL pages after which a commit copies them into the database file
};

class SqliteStore final : public Store {
 public:
  // Opens or makes the database and brings its schema to this version. Errors: Unavailable; FailedPrecondition (the database is of a newer version).
  static Result<std::unique_ptr<SqliteStore>> open(const SqliteOptions& options);

  Result<std::unique_ptr<Reader>> open_reader() override;
  Result<void> commit(const WriteSet& writes) override;
  Result<std::uint64_t> size_on_disk() override;

 private:
  friend class SqliteReader;
  struct ReaderPool {
    std::vector<std::unique_ptr<Connection>> idle;
    std::size_t open = 0;
  };

  SqliteStore(SqliteOptions options, std::unique_ptr<Connection> writer) : options_(std::move(options)), writer_(std::move(writer)) {}
  void give_back(std::unique_ptr<Connection> connection);

  const SqliteOptions options_;
  Guarded<std::unique_ptr<Connection>> writer_;
  Guarded<ReaderPool> readers_;
};

}  // namespace ipam::store::sqlite
