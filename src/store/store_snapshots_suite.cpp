// The contract, part four: a reader sees one instant, whatever is written meanwhile and by however many threads it is read.
#include "store/store_contract_suite.h"

#include <atomic>
#include <thread>

namespace ipam::store {
namespace {

Result<std::int64_t> value_of(Reader& reader, const std::string& name) {
  const auto counter = IPAM_TRY(find_where<Counter>(reader, {{"name", Comparison::Equal, name}}));
  return counter ? counter->value : -1;
}

WriteSet puts(const std::vector<Counter>& counters) {
  WriteSet writes;
  for (const Counter& counter : counters) writes.put(counter);
  return writes;
}

TEST_P(StoreSnapshots, AReaderSeesWhatWasThereWhenItWasOpened) {
  ASSERT_TRUE(store().commit(puts({{"a", 1}})).ok());
  const auto before = reader();
  ASSERT_TRUE(store().commit(puts({{"a", 2}, {"b", 2}})).ok());
  const auto after = reader();
  ASSERT_TRUE(store().commit(puts({{"a", 3}})).ok());
  // Not even its first query sees what was committed after it was opened.
  EXPECT_EQ(value_of(*before, "a").value(), 1);
  EXPECT_EQ(value_of(*before, "b").value(), -1);
  EXPECT_EQ(value_of(*after, "a").value(), 2);
  EXPECT_EQ(value_of(*reader(), "a").value(), 3);
  EXPECT_EQ(value_of(*before, "a").value(), 1);
}

TEST_P(StoreSnapshots, AReaderSeesNothingOfARefusedWriteSet) {
  WriteSet writes = puts({{"a", 1}});
  writes.update(Counter{"missing", 1}, 0);
  EXPECT_FALSE(store().commit(writes).ok());
  EXPECT_EQ(value_of(*reader(), "a").value(), -1);
}

TEST_P(StoreSnapshots, ALaterReaderOfTheSameThreadIsFresh) {
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(store().commit(puts({{"a", i}})).ok());
    EXPECT_EQ(value_of(*reader(), "a").value(), i);
  }
}

// The writer keeps two counters at a constant sum and a third at the number of rows of another table; every snapshot must agree.
TEST_P(StoreSnapshots, ManyReadersBesideAWriterSeeWholeWriteSetsOnly) {
  constexpr std::int64_t kSum = 1'000;
  constexpr std::int64_t kCommits = 300;
  ASSERT_TRUE(store().commit(puts({{"left", kSum}, {"right", 0}, {"leases", 0}})).ok());
  std::atomic<bool> done = false;
  std::atomic<std::size_t> reads = 0;
  std::vector<std::string> problems(6);
  const auto read = [&](std::string& problem) -> Result<void> {
    std::int64_t last = 0;
    while (!done) {
      const auto snapshot = IPAM_TRY(store().open_reader());
      const std::int64_t left = IPAM_TRY(value_of(*snapshot, "left")), right = IPAM_TRY(value_of(*snapshot, "right"));
      const std::int64_t expected = IPAM_TRY(value_of(*snapshot, "leases"));
      const auto rows = static_cast<std::int64_t>(IPAM_TRY(count(*snapshot, table<model::Lease>(), {})));
      if (left + right != kSum || rows != expected || right < last) problem = fmt::format("{} + {}, {} of {} rows", left, right, rows, expected);
      last = right;
      ++reads;
    }
    return {};
  };
  {
    std::vector<std::jthread> threads;
    for (std::string& problem : problems) {
      threads.emplace_back([&] {
        if (const auto result = read(problem); !result.ok()) problem = result.error().describe();
      });
    }
    model::Lease lease;
    for (std::int64_t i = 1; i <= kCommits; ++i) {
      WriteSet writes = puts({{"left", kSum - i}, {"right", i}});
      lease.address = ip::Address::v4(static_cast<std::uint32_t>(i));
      writes.insert(lease);
      writes.put(Counter{"leases", i});
      const auto committed = store().commit(writes);
      EXPECT_TRUE(committed.ok()) << committed.error().describe();
    }
    // On a busy machine the writer may be done before every reader had a turn.
    while (reads < problems.size()) std::this_thread::yield();
    done = true;
  }
  for (const std::string& problem : problems) EXPECT_EQ(problem, "");
}

TEST_P(StoreSnapshots, ManyWritersLoseNoUpdate) {
  std::atomic<int> failures = 0;
  {
    std::vector<std::jthread> threads;
    for (std::uint32_t thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&, thread] {
        for (std::uint32_t i = 0; i < 40; ++i) {
          model::Lease lease;
          lease.address = ip::Address::v4(thread * 1'000 + i);
          WriteSet writes;
          writes.insert(lease);
          if (!store().commit(writes).ok()) ++failures;
        }
      });
    }
  }
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(rows<model::Lease>().size(), 160U);
}

}  // namespace

// Test programs that link this without an engine of their own run none of it.
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(StoreSnapshots);

std::string StoreSnapshots::name(const testing::TestParamInfo<MakeStoreUnderTest>&) { return "Store"; }

}  // namespace ipam::store
