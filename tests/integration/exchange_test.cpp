// Dry runs, kept steps, parts of a request and observers of the sequence: what a request and the ledger agree on beyond the change.
#include "ledger/exchange.h"

#include "integration/house.h"

#include <gmock/gmock.h>

namespace ipam::test {
namespace {

using ledger::Exchange;
using ledger::Priority;
using ledger::Step;
using ledger::Transaction;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

model::ChangeContext context_with(std::shared_ptr<Exchange> exchange) {
  model::ChangeContext context;
  context.actor = "tester";
  context.exchange = std::move(exchange);
  return context;
}

model::Subnet subnet_of(House& house, const std::string& text) {
  model::Subnet subnet;
  subnet.space_id = house.default_space().id;
  subnet.prefix = prefix(text);
  return subnet;
}

// Keeps its steps in memory, as a request that came with a key keeps them in the database.
class Kept final : public Exchange {
 public:
  explicit Kept(std::deque<Step> known = {}) : Exchange(Mode::Write, std::move(known)) {}
  bool keeps() const override { return true; }
  void keep(Transaction& transaction, const Step& step) override {
    transaction.put_row(model::TaskState{.name = "kept", .last_message = step.value});
  }
  void kept(const Step& step) override { steps.push_back(step); }

  std::deque<Step> steps;
};

TEST(DryRun, TellsWhatWouldBeWrittenAndWritesNothing) {
  House house;
  const auto dry = std::make_shared<Exchange>(Exchange::Mode::DryRun);
  const auto sequence = house.ledger->sequence();
  const auto commits = house.store->commits();
  const auto written = house.run(house.planning->create(administrator(), subnet_of(house, "10.1.0.0/24"), context_with(dry)));
  ASSERT_TRUE(written.ok()) << written.error().describe();
  EXPECT_EQ(written->value.prefix, prefix("10.1.0.0/24"));
  const auto records = dry->would_be();
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records.front().object_name, "10.1.0.0/24");
  EXPECT_EQ(records.front().sequence, 0U);
  EXPECT_TRUE(records.front().chain.empty());
  EXPECT_EQ(house.ledger->sequence(), sequence);
  EXPECT_EQ(house.store->commits(), commits);
  EXPECT_TRUE(house.rows<model::Subnet>().empty());
  EXPECT_EQ(house.index_defect(), "");
  // And the same thing can be done afterwards.
  ASSERT_TRUE(house.run(house.planning->create(administrator(), subnet_of(house, "10.1.0.0/24"), {})).ok());
  EXPECT_EQ(house.ledger->sequence(), sequence + 1);
  EXPECT_TRUE(house.verify_journal().ok());
}

TEST(DryRun, RefusesWhatTheChangeItselfWouldBeRefused) {
  House house;
  house.add_subnet("10.1.0.0/24");
  const auto dry = std::make_shared<Exchange>(Exchange::Mode::DryRun);
  const auto written = house.run(house.planning->create(administrator(), subnet_of(house, "10.1.0.0/25"), context_with(dry)));
  EXPECT_EQ(written.error().code, ErrorCode::Conflict);
  EXPECT_TRUE(dry->would_be().empty());
}

TEST(DryRun, OfTheEndOfAServerTellsEverythingThatGoesWithIt) {
  House house;
  const auto scope = house.add_scope("10.2.0.0/24");
  const auto dry = std::make_shared<Exchange>(Exchange::Mode::DryRun);
  const auto erased = house.run(house.inventory->erase_server(administrator(), scope.server_id, std::nullopt, context_with(dry)));
  ASSERT_TRUE(erased.ok()) << erased.error().describe();
  std::vector<std::string> types;
  for (const auto& record : dry->would_be()) types.push_back(record.object_type);
  EXPECT_THAT(types, ElementsAre("dhcp_scope", "managed_server"));
  EXPECT_EQ(house.rows<model::ManagedServer>().size(), 1U);
}

TEST(Steps, AreKeptWithTheirCommitAndAnsweredAgainWithoutTheirWork) {
  House house;
  const auto first = std::make_shared<Kept>();
  const auto made = house.run(house.planning->create(administrator(), subnet_of(house, "10.1.0.0/24"), context_with(first)));
  ASSERT_TRUE(made.ok()) << made.error().describe();
  ASSERT_EQ(first->steps.size(), 1U);
  EXPECT_EQ(house.rows<model::TaskState>({{"name", store::Comparison::Equal, std::string("kept")}}).front().last_message, first->steps[0].value);
  const auto sequence = house.ledger->sequence();
  const auto again = std::make_shared<Kept>(first->steps);
  const auto repeated = house.run(house.planning->create(administrator(), subnet_of(house, "10.1.0.0/24"), context_with(again)));
  ASSERT_TRUE(repeated.ok()) << repeated.error().describe();
  EXPECT_EQ(repeated->value, made->value);
  EXPECT_EQ(repeated->sequence, made->sequence);
  EXPECT_EQ(house.ledger->sequence(), sequence);
}

TEST(Steps, OfAFailedWorkAreNotKept) {
  House house;
  house.add_subnet("10.1.0.0/24");
  const auto kept = std::make_shared<Kept>();
  EXPECT_FALSE(house.run(house.planning->create(administrator(), subnet_of(house, "10.1.0.0/24"), context_with(kept))).ok());
  EXPECT_TRUE(kept->steps.empty());
  EXPECT_TRUE(house.rows<model::TaskState>({{"name", store::Comparison::Equal, std::string("kept")}}).empty());
}

TEST(Steps, KeepEveryFieldButSecrets) {
  model::User user{.id = {7}, .revision = 8, .name = "a;b\n", .password_hash = "$argon2id$", .description = "ä"};
  const auto text = ledger::StepText<model::User>::write(user);
  EXPECT_THAT(text, Not(HasSubstr("argon2id")));
  user.password_hash.clear();
  EXPECT_EQ(ledger::StepText<model::User>::read(text).value(), user);
  const model::Token token{.id = {1}, .user_id = {2}, .name = "t", .hash = {1, 2, 3}};
  EXPECT_TRUE(ledger::StepText<model::Token>::read(ledger::StepText<model::Token>::write(token)).value().hash.empty());
  const std::vector<model::Address> addresses{{.id = {3}, .address = address("2001:db8::1")}, {.id = {4}, .address = address("10.0.0.1")}};
  EXPECT_EQ(ledger::StepText<std::vector<model::Address>>::read(ledger::StepText<std::vector<model::Address>>::write(addresses)).value(), addresses);
  for (const char* damaged : {"x", "i", "t5;abc", "b3;zzz", "i1;", "t-1;"}) {
    EXPECT_FALSE(ledger::StepText<model::Address>::read(damaged).ok()) << damaged;
  }
}

TEST(Attempt, UndoesAPartAndLeavesTheRequestToGoOn) {
  House house;
  const auto receipt = house.write([&](Transaction& transaction) -> Result<void> {
    IPAM_TRY(transaction.create(subnet_of(house, "10.1.0.0/24")));
    const auto failed = transaction.attempt([&]() -> Result<void> {
      IPAM_TRY(transaction.create(subnet_of(house, "10.2.0.0/24")));
      const auto inner = transaction.attempt([&]() -> Result<void> {
        IPAM_TRY(transaction.create(subnet_of(house, "10.3.0.0/24")));
        return {};
      });
      if (!inner.ok()) return inner;
      return Error(ErrorCode::Exhausted, "both are undone");
    });
    EXPECT_EQ(failed.error().code, ErrorCode::Exhausted);
    IPAM_TRY(transaction.create(subnet_of(house, "10.4.0.0/24")));
    return {};
  });
  ASSERT_TRUE(receipt.ok()) << receipt.error().describe();
  std::vector<std::string> names;
  for (const auto& subnet : house.rows<model::Subnet>()) names.push_back(subnet.prefix.to_string());
  EXPECT_THAT(names, ElementsAre("10.1.0.0/24", "10.4.0.0/24"));
  EXPECT_EQ(house.index_defect(), "");
  EXPECT_TRUE(house.verify_journal().ok());
}

TEST(SequenceObserver, IsToldOfEveryMoveAfterItIsPublished) {
  House house;
  std::vector<std::uint64_t> told;
  bool published = true;
  house.ledger->on_sequence([&](std::uint64_t sequence) {
    told.push_back(sequence);
    published = published && house.ledger->sequence() == sequence;
  });
  const auto start = house.ledger->sequence();
  house.add_subnet("10.1.0.0/24");
  ASSERT_TRUE(house
                  .write([](Transaction& transaction) -> Result<void> {
                    transaction.put_row(model::TaskState{.name = "no journal record"});
                    return {};
                  })
                  .ok());
  house.add_subnet("10.2.0.0/24");
  EXPECT_THAT(told, ElementsAre(start + 1, start + 2));
  EXPECT_TRUE(published);
}

}  // namespace
}  // namespace ipam::test
