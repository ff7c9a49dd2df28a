// A child process commits as fast as it can and acknowledges each write set over a pipe; it is killed at random instants. What it acknowledged is
// there whole, and nothing is there in part. With IPAM_NIGHTLY=1 there are more kills.
#include "store/sqlite/sqlite_store.h"
#include "store/workload_suite.h"
#include "support/temporary_folder.h"

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <random>

namespace ipam::store::sqlite {
namespace {

constexpr std::chrono::seconds kLongEnough{12};

struct Pipe {
  Pipe() { EXPECT_EQ(pipe(ends), 0); }
  ~Pipe() {
    close(ends[0]);
    if (ends[1] >= 0) close(ends[1]);
  }
  int ends[2] = {-1, -1};
};

[[noreturn]] void commit_until_killed(const SqliteOptions& options, std::uint64_t number, int acknowledgements) {
  const auto store = SqliteStore::open(options);
  if (!store.ok()) _exit(1);
  while ((*store)->commit(numbered_write_set(number)).ok()) {
    if (write(acknowledgements, &number, sizeof(number)) != sizeof(number)) break;
    ++number;
  }
  _exit(2);
}

// One child's life of about `acknowledged` write sets and a little more; answers the last number that it acknowledged.
std::uint64_t kill_one(const SqliteOptions& options, std::uint64_t next, std::mt19937& random) {
  Pipe pipe;
  const pid_t child = fork();
  if (child == 0) commit_until_killed(options, next, pipe.ends[1]);
  close(pipe.ends[1]);
  pipe.ends[1] = -1;
  std::uint64_t last = next - 1;
  const std::uint64_t enough = last + random() % 8;
  while (last < enough && read(pipe.ends[0], &last, sizeof(last)) == sizeof(last)) {
  }
  // Into the middle of a commit: they take some hundred microseconds. With `enough` at 0 this is the opening and its recovery.
  const auto instant = std::chrono::steady_clock::now() + std::chrono::microseconds(random() % 3'000);
  while (std::chrono::steady_clock::now() < instant) {
  }
  kill(child, SIGKILL);
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the child gave up with exit status " << WEXITSTATUS(status);
  while (read(pipe.ends[0], &last, sizeof(last)) == sizeof(last)) {
  }
  return last;
}

void expect_ok(Reader& reader) {
  ASSERT_TRUE(reader.query("PRAGMA integrity_check", {}, [&](const Row& row) -> Result<bool> {
    EXPECT_EQ(row.text(0), "ok");
    return true;
  }));
}

void kill_often(const SqliteOptions& options, int kills) {
  std::mt19937 random(4711);
  std::uint64_t there = 0, acknowledged_in_all = 0;
  int done = 0;
  const auto end = std::chrono::steady_clock::now() + kLongEnough;
  for (; done < kills && std::chrono::steady_clock::now() < end; ++done) {
    const std::uint64_t acknowledged = kill_one(options, there + 1, random);
    ASSERT_FALSE(testing::Test::HasFailure());
    const auto store = SqliteStore::open(options).value();
    const auto reader = store->open_reader().value();
    const auto whole = whole_write_sets(*reader, there > 10 ? there - 10 : 1);
    ASSERT_TRUE(whole.ok()) << whole.error().describe();
    ASSERT_GE(*whole, acknowledged);
    ASSERT_LE(*whole, acknowledged + 1);
    acknowledged_in_all += acknowledged - there;
    there = *whole;
  }
  EXPECT_GT(acknowledged_in_all, 0U);
  const auto store = SqliteStore::open(options).value();
  const auto reader = store->open_reader().value();
  EXPECT_EQ(whole_write_sets(*reader).value(), there);
  expect_ok(*reader);
  std::printf("%d kills, %llu write sets\n", done, static_cast<unsigned long long>(there));
}

TEST(Kill, AtAnyInstantLosesNothingThatWasAcknowledged) {
  const test::TemporaryFolder folder;
  const int kills = std::getenv("IPAM_NIGHTLY") != nullptr ? 400 : 150;
  kill_often({.path = folder.file("production.db")}, kills);
  // Often in the middle of a checkpoint.
  kill_often({.path = folder.file("small.db"), .checkpoint_pages = 20}, kills);
}

}  // namespace
}  // namespace ipam::store::sqlite
