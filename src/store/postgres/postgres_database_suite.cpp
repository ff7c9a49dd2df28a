#include "store/postgres/postgres_database_suite.h"

#include "store/postgres/schema.h"
#include "support/postgres_cluster.h"

namespace ipam::store::postgres {
namespace {

using client::sql::Connection;

io::Deadline patience() { return io::Deadline::after(std::chrono::seconds(60)); }

std::unique_ptr<Connection> connect_to(const std::string& database) {
  client::sql::ConnectOptions options;
  options.url = test::shared_postgres_cluster().url(database);
  options.statement_timeout = std::chrono::seconds(60);
  return Connection::open(options, patience()).value();
}

void run_at_server(const std::string& sql) { connect_to("postgres")->run(sql, patience()).value(); }

const std::string& template_database() {
  static const std::string name = [] {
    run_at_server("CREATE DATABASE migrated");
    migrate(*connect_to("migrated")).value();
    return std::string("migrated");
  }();
  return name;
}

}  // namespace

PostgresDatabase::PostgresDatabase(Content content) {
  static int number = 0;
  name_ = "test_" + std::to_string(++number);
  run_at_server("CREATE DATABASE " + name_ + " TEMPLATE " + (content == Content::Schema ? template_database() : "template1"));
}

PostgresDatabase::~PostgresDatabase() {
  const auto dropped = connect_to("postgres")->run("DROP DATABASE " + name_ + " WITH (FORCE)", patience());
  (void)dropped;  // a server that a test left stopped takes its databases with it
}

PostgresOptions PostgresDatabase::options(const std::string& node) const {
  PostgresOptions options;
  options.url = test::shared_postgres_cluster().url(name_);
  options.node = node;
  return options;
}

std::unique_ptr<Connection> PostgresDatabase::connect() const { return connect_to(name_); }
void PostgresDatabase::run(const std::string& sql) const { connect()->run(sql, patience()).value(); }

}  // namespace ipam::store::postgres
