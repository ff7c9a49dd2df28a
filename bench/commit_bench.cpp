// How many durable commits of one row a second the SQLite of this machine makes on this disk, as the server's database is set (WAL,
// synchronous=FULL). Prints one JSON object.
//
//   commit_bench FILE SECONDS      FILE is made when it is not there; more calls add to it
#include <fmt/format.h>
#include <sqlite3.h>

#include <chrono>
#include <cstdlib>

namespace {

void check(sqlite3* database, int code) {
  if (code == SQLITE_OK || code == SQLITE_DONE) return;
  fmt::print(stderr, "commit_bench: {}\n", sqlite3_errmsg(database));
  std::exit(1);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  using Clock = std::chrono::steady_clock;
  const std::chrono::duration<double> wanted(std::atof(argv[2]));
  sqlite3* database = nullptr;
  check(database, sqlite3_open(argv[1], &database));
  check(database, sqlite3_exec(database,
                               "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16000;"
                               "CREATE TABLE IF NOT EXISTS item (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT",
                               nullptr, nullptr, nullptr));
  sqlite3_stmt* insert = nullptr;
  check(database,
        sqlite3_prepare_v2(database, "INSERT INTO item (text) VALUES ('one row of about forty bytes, as they come')", -1, &insert, nullptr));
  std::size_t commits = 0;
  const auto begin = Clock::now();
  while (Clock::now() - begin < wanted) {
    check(database, sqlite3_step(insert));
    check(database, sqlite3_reset(insert));
    ++commits;
  }
  const std::chrono::duration<double> seconds = Clock::now() - begin;
  sqlite3_finalize(insert);
  check(database, sqlite3_close(database));
  fmt::print(R"({{"commits":{},"seconds":{:.3f},"rate":{:.1f}}})"
             "\n",
             commits, seconds.count(), static_cast<double>(commits) / seconds.count());
}
