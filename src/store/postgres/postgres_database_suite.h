// A database of its own on the cluster that the tests of one program share. Thread rule: one thread.
#pragma once

#include "store/postgres/postgres_store.h"

#include <string>

namespace ipam::store::postgres {

class PostgresDatabase {
 public:
  // Empty, or with the newest schema at once: a copy of one that was migrated, which is quicker.
  enum class Content { Empty, Schema };
  explicit PostgresDatabase(Content content = Content::Schema);
  ~PostgresDatabase();
  PostgresDatabase(const PostgresDatabase&) = delete;
  PostgresDatabase& operator=(const PostgresDatabase&) = delete;

  const std::string& name() const { return name_; }
  PostgresOptions options(const std::string& node = "node-1") const;
  // A session of another program.
  std::unique_ptr<client::sql::Connection> connect() const;
  // Runs statements as another program.
  void run(const std::string& sql) const;

 private:
  std::string name_;
};

}  // namespace ipam::store::postgres
