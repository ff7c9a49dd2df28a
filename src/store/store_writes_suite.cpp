// The contract, part two: a write set is applied whole or not at all.
#include "store/store_contract_suite.h"

namespace ipam::store {
namespace {

using model::AddressSpace;
using model::Block;

AddressSpace space(std::uint64_t id, const std::string& name, std::uint64_t revision = 1) {
  AddressSpace row;
  row.id.value = id;
  row.revision = revision;
  row.name = name;
  return row;
}

Block block(std::uint64_t id, std::uint64_t space_id, const char* prefix, std::uint64_t revision = 1) {
  Block row;
  row.id.value = id;
  row.revision = revision;
  row.space_id.value = space_id;
  row.prefix = ip::Prefix::parse(prefix).value();
  return row;
}

model::Address address(std::uint64_t id, std::uint64_t space_id, std::uint32_t number) {
  model::Address row;
  row.id.value = id;
  row.revision = 1;
  row.space_id.value = space_id;
  row.address = ip::Address::v4(number);
  return row;
}

template <class... Rows>
WriteSet inserts(const Rows&... row) {
  WriteSet writes;
  (writes.insert(row), ...);
  return writes;
}

ErrorCode code_of(const Result<void>& result) { return result.ok() ? ErrorCode::Internal : result.error().code; }

template <Stored T>
std::vector<std::vector<Value>> cells_of(const std::vector<T>& objects) {
  std::vector<std::vector<Value>> cells;
  for (const T& object : objects) cells.push_back(to_cells(object));
  return cells;
}

TEST_P(StoreWrites, AnEmptyWriteSetIsFine) { EXPECT_TRUE(store().commit({}).ok()); }

TEST_P(StoreWrites, ARowThatIsAllKeyIsPutAndErased) {
  const model::CustomUse use{{7}, "R1", "address", 9};
  WriteSet writes;
  writes.put(use);
  writes.put(use);
  writes.put(model::CustomUse{{7}, "R2", "address", 9});
  ASSERT_TRUE(store().commit(writes).ok());
  EXPECT_EQ(rows<model::CustomUse>().size(), 2U);
  WriteSet erasing;
  erasing.erase<model::CustomUse>({std::int64_t{7}, std::string("R2"), std::string("address"), std::int64_t{9}});
  ASSERT_TRUE(store().commit(erasing).ok());
  EXPECT_EQ(rows<model::CustomUse>(), cells_of<model::CustomUse>({use}));
}

TEST_P(StoreWrites, ATakenKeyIsAlreadyThere) {
  ASSERT_TRUE(store().commit(inserts(space(1, "a"), Counter{"next", 5})).ok());
  EXPECT_EQ(code_of(store().commit(inserts(space(1, "b")))), ErrorCode::AlreadyExists);
  EXPECT_EQ(code_of(store().commit(inserts(Counter{"next", 6}))), ErrorCode::AlreadyExists);
  EXPECT_EQ(rows<AddressSpace>(), cells_of<AddressSpace>({space(1, "a")}));
  EXPECT_EQ(rows<Counter>(), cells_of<Counter>({{"next", 5}}));
}

TEST_P(StoreWrites, NamesAddressesAndPrefixesAreTakenOnce) {
  ASSERT_TRUE(store().commit(inserts(space(1, "a"), space(2, "b"), block(3, 1, "10.0.0.0/8"), address(4, 1, 100))).ok());
  EXPECT_EQ(code_of(store().commit(inserts(space(9, "a")))), ErrorCode::AlreadyExists);
  EXPECT_EQ(code_of(store().commit(inserts(block(9, 1, "10.0.0.0/8")))), ErrorCode::AlreadyExists);
  EXPECT_EQ(code_of(store().commit(inserts(address(9, 1, 100)))), ErrorCode::AlreadyExists);
  // By put and update too: replacing by the primary key must not push another row out.
  WriteSet put;
  put.put(address(9, 1, 100));
  EXPECT_EQ(code_of(store().commit(put)), ErrorCode::AlreadyExists);
  WriteSet update;
  update.update(space(2, "a", 2), 1);
  EXPECT_EQ(code_of(store().commit(update)), ErrorCode::AlreadyExists);
  EXPECT_TRUE(store().commit(inserts(block(9, 2, "10.0.0.0/8"), block(10, 1, "10.0.0.0/9"), address(9, 2, 100), address(10, 1, 101))).ok());
}

TEST_P(StoreWrites, AnObjectThatOthersReferToStays) {
  ASSERT_TRUE(store().commit(inserts(space(1, "a"), block(2, 1, "10.0.0.0/8"))).ok());
  WriteSet erase;
  erase.erase<AddressSpace>({std::int64_t{1}}, 1);
  EXPECT_EQ(code_of(store().commit(erase)), ErrorCode::Conflict);
  EXPECT_EQ(code_of(store().commit(inserts(block(3, 77, "10.0.0.0/8")))), ErrorCode::Conflict);
  EXPECT_EQ(rows<AddressSpace>().size(), 1U);
  EXPECT_EQ(rows<Block>().size(), 1U);
}

TEST_P(StoreWrites, AnUpdateReplacesTheExpectedRevision) {
  ASSERT_TRUE(store().commit(inserts(space(1, "a", 7), space(2, "b", 7))).ok());
  WriteSet writes;
  writes.update(space(1, "renamed", 8), 7);
  ASSERT_TRUE(store().commit(writes).ok());
  EXPECT_EQ(rows<AddressSpace>(), cells_of<AddressSpace>({space(1, "renamed", 8), space(2, "b", 7)}));
}

TEST_P(StoreWrites, AnotherRevisionIsAConflictAndNothingIsApplied) {
  ASSERT_TRUE(store().commit(inserts(space(1, "a", 7), space(2, "b", 7))).ok());
  const auto before = rows<AddressSpace>();
  const auto refused = [&](const std::function<void(WriteSet&)>& add) {
    WriteSet writes = inserts(space(3, "c"), Counter{"next", 1});
    writes.update(space(1, "x", 8), 7);
    add(writes);
    writes.insert(space(4, "d"));
    EXPECT_EQ(code_of(store().commit(writes)), ErrorCode::Conflict);
    EXPECT_EQ(rows<AddressSpace>(), before);
    EXPECT_TRUE(rows<Counter>().empty());
  };
  refused([](WriteSet& writes) { writes.update(space(2, "y", 9), 6); });
  refused([](WriteSet& writes) { writes.update(space(2, "y", 9), 8); });
  refused([](WriteSet& writes) { writes.update(space(5, "missing", 9), 7); });
  refused([](WriteSet& writes) { writes.erase<AddressSpace>({std::int64_t{2}}, 6); });
  refused([](WriteSet& writes) { writes.erase<AddressSpace>({std::int64_t{5}}, 7); });
  // The first update of this very set has raised the revision.
  refused([](WriteSet& writes) { writes.update(space(1, "z", 9), 7); });
}

TEST_P(StoreWrites, EraseTakesTheExpectedRevisionAway) {
  ASSERT_TRUE(store().commit(inserts(space(1, "a", 7), space(2, "b", 7))).ok());
  WriteSet writes;
  writes.erase<AddressSpace>({std::int64_t{1}}, 7);
  ASSERT_TRUE(store().commit(writes).ok());
  EXPECT_EQ(rows<AddressSpace>(), cells_of<AddressSpace>({space(2, "b", 7)}));
}

TEST_P(StoreWrites, WithoutRevisionsAMissingRowMayBeErasedButNotUpdated) {
  ASSERT_TRUE(store().commit(inserts(Counter{"a", 1}, Counter{"b", 2})).ok());
  WriteSet erase;
  erase.erase<Counter>({std::string("missing")});
  erase.erase<Counter>({std::string("a")});
  erase.erase<model::TaskOutcome>({std::string("Audit"), std::int64_t{1}});
  EXPECT_TRUE(store().commit(erase).ok());
  WriteSet update;
  update.update(Counter{"b", 3}, 0);
  EXPECT_TRUE(store().commit(update).ok());
  update.update(Counter{"a", 3}, 0);
  EXPECT_EQ(code_of(store().commit(update)), ErrorCode::Conflict);
  EXPECT_EQ(rows<Counter>(), cells_of<Counter>({{"b", 3}}));
}

TEST_P(StoreWrites, PutInsertsAndReplacesByTheWholeKey) {
  model::TaskOutcome first, second;
  first.task = second.task = "ServerAvailability";
  first.server_id.value = 1;
  second.server_id.value = 2;
  WriteSet writes;
  writes.put(first);
  writes.put(second);
  first.message = "reached";
  writes.put(first);
  writes.put(Counter{"next", 1});
  writes.put(Counter{"next", 2});
  ASSERT_TRUE(store().commit(writes).ok());
  EXPECT_EQ(rows<model::TaskOutcome>(), cells_of<model::TaskOutcome>({first, second}));
  EXPECT_EQ(rows<Counter>(), cells_of<Counter>({{"next", 2}}));
}

TEST_P(StoreWrites, APutOfAnObjectWithReferencesKeepsThem) {
  ASSERT_TRUE(store().commit(inserts(space(1, "a"), block(2, 1, "10.0.0.0/8"))).ok());
  WriteSet writes;
  writes.put(space(1, "b", 2));  // a replace by delete and insert would break the block's reference, or cascade
  ASSERT_TRUE(store().commit(writes).ok());
  EXPECT_EQ(rows<AddressSpace>(), cells_of<AddressSpace>({space(1, "b", 2)}));
  EXPECT_EQ(rows<Block>().size(), 1U);
}

TEST_P(StoreWrites, OperationsApplyInTheirOrder) {
  WriteSet writes = inserts(space(1, "a", 1));
  writes.update(space(1, "b", 2), 1);
  writes.erase<AddressSpace>({std::int64_t{1}}, 2);
  writes.insert(space(1, "c", 3));
  writes.insert(space(2, "a", 3));
  ASSERT_TRUE(store().commit(writes).ok());
  EXPECT_EQ(rows<AddressSpace>(), cells_of<AddressSpace>({space(1, "c", 3), space(2, "a", 3)}));
}

TEST_P(StoreWrites, ALongWriteSetWhoseLastOperationFailsLeavesNothing) {
  ASSERT_TRUE(store().commit(inserts(space(1, "a"), address(1, 1, 0))).ok());
  WriteSet writes;
  for (std::uint32_t i = 2; i <= 10'000; ++i) writes.insert(address(i, 1, i));
  WriteSet failing = writes;
  failing.insert(address(20'000, 1, 5'000));
  EXPECT_EQ(code_of(store().commit(failing)), ErrorCode::AlreadyExists);
  EXPECT_EQ(rows<model::Address>().size(), 1U);
  EXPECT_TRUE(store().commit(writes).ok());
  EXPECT_EQ(rows<model::Address>().size(), 10'000U);
}

TEST_P(StoreWrites, EverythingIsThereAfterReopening) {
  ASSERT_TRUE(store().commit(inserts(space(1, "a"), block(2, 1, "10.0.0.0/8"))).ok());
  WriteSet writes;
  writes.update(space(1, "b", 2), 1);
  writes.put(Counter{"next", 3});
  ASSERT_TRUE(store().commit(writes).ok());
  EXPECT_FALSE(store().commit(inserts(space(1, "c"))).ok());
  reopen();
  EXPECT_EQ(rows<AddressSpace>(), cells_of<AddressSpace>({space(1, "b", 2)}));
  EXPECT_EQ(rows<Block>().size(), 1U);
  EXPECT_EQ(rows<Counter>(), cells_of<Counter>({{"next", 3}}));
  EXPECT_GT(store().size_on_disk().value(), 4096U);
}

}  // namespace

// Test programs that link this without an engine of their own run none of it.
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(StoreWrites);

std::string StoreWrites::name(const testing::TestParamInfo<MakeStoreUnderTest>&) { return "Store"; }

}  // namespace ipam::store
