#include "service/idempotency/answer_keeper.h"

#include "integration/house.h"

#include <gmock/gmock.h>

namespace ipam::test {
namespace {

using service::Answer;
using service::AnswerKeeper;
using testing::HasSubstr;
using testing::Not;

const Answer kAnswer{201, {{"Location", "/api/v1/subnets/7"}, {"ETag", "\"3\""}}, R"({"name":"ä"})"};

class AnswerKeeping : public testing::Test {
 protected:
  Result<AnswerKeeper::Begun> begin(const std::string& key, const std::string& body = "{}", const std::string& path = "/api/v1/subnets",
                                    std::uint64_t user = 1) {
    service::Principal principal = administrator();
    principal.user_id = {user};
    return house.answers->begin(principal, "POST", path, key, body);
  }
  // A request that makes a subnet under the key; the answer is kept only when `finish` says so.
  void make_subnet(const std::string& key, const std::string& text, bool finish = true) {
    auto begun = begin(key);
    ASSERT_TRUE(begun.ok()) << begun.error().describe();
    ASSERT_FALSE(begun->answer);
    model::Subnet subnet;
    subnet.space_id = house.default_space().id;
    subnet.prefix = prefix(text);
    model::ChangeContext context;
    context.exchange = begun->request;
    const auto written = house.run(house.planning->create(administrator(), subnet, context));
    ASSERT_TRUE(written.ok()) << written.error().describe();
    sequence = written->sequence;
    if (finish) house.run(finish_with(begun->request));
  }
  io::Task<void> finish_with(std::shared_ptr<AnswerKeeper::Request> request) { co_await house.answers->finish(request, kAnswer); }

  House house;
  std::uint64_t sequence = 0;
};

TEST_F(AnswerKeeping, TheSameRequestGetsTheSameAnswerAlsoAfterARestart) {
  make_subnet("k1", "10.1.0.0/24");
  EXPECT_EQ(begin("k1")->answer, kAnswer);
  house.restart();
  EXPECT_EQ(begin("k1")->answer, kAnswer);
  house.clock.advance(std::chrono::hours(23));
  EXPECT_EQ(begin("k1")->answer, kAnswer);
}

TEST_F(AnswerKeeping, ARequestThatWasCutOffAfterItsCommitIsNotDoneTwice) {
  make_subnet("k1", "10.1.0.0/24", false);
  const auto first = sequence;
  house.restart();
  make_subnet("k1", "10.1.0.0/24");
  EXPECT_EQ(sequence, first);
  EXPECT_EQ(house.rows<model::Subnet>().size(), 1U);
  EXPECT_EQ(begin("k1")->answer, kAnswer);
}

TEST_F(AnswerKeeping, AUserWhoseMakingWasCutOffIsTheSameOneWhenItIsRepeated) {
  const auto make = [this] {
    auto begun = begin("k1", "{}", "/api/v1/users").value();
    EXPECT_FALSE(begun.answer);
    model::User user;
    user.name = "alice";
    model::ChangeContext context;
    context.exchange = begun.request;
    return house.run(house.access->create_user(administrator(), user, Secret("correct horse"), context));
  };
  const auto first = make();
  ASSERT_TRUE(first.ok()) << first.error().describe();
  house.restart();
  const auto again = make();
  ASSERT_TRUE(again.ok()) << again.error().describe();
  EXPECT_EQ(again->value.id, first->value.id);
  EXPECT_EQ(again->value.name, "alice");
  EXPECT_EQ(again->value.revision, first->value.revision);
  EXPECT_EQ(again->sequence, first->sequence);
  EXPECT_EQ(house.rows<model::User>().size(), 1U);
  EXPECT_TRUE(house.run(house.access->log_in("alice", Secret("correct horse"), {})).ok());
}

TEST_F(AnswerKeeping, AKeyBelongsToCallerPathAndBody) {
  make_subnet("k1", "10.1.0.0/24");
  EXPECT_EQ(begin("k1", "{ }").error().code, ErrorCode::InvalidArgument);
  EXPECT_FALSE(begin("k1", "{}", "/api/v1/blocks")->answer);
  EXPECT_FALSE(begin("k1", "{}", "/api/v1/subnets", 2)->answer);
}

TEST_F(AnswerKeeping, ASecondRequestWaitsItsTurnAndAFailedOneLeavesNothing) {
  {
    const auto first = begin("k1");
    ASSERT_TRUE(first.ok());
    EXPECT_EQ(begin("k1").error().code, ErrorCode::Conflict);
  }
  const auto again = begin("k1");
  ASSERT_TRUE(again.ok());
  EXPECT_FALSE(again->answer);
  EXPECT_TRUE(house.rows<model::KeptAnswer>().empty());
}

TEST_F(AnswerKeeping, OfTwoNodesOneCommits) {
  const auto here = begin("k1").value();
  // What the other node does meanwhile: it knows nothing of this one's requests.
  AnswerKeeper other(*house.store, *house.ledger, *house.sealer, house.clock);
  service::Principal principal = administrator();
  principal.user_id = {1};
  const auto there = other.begin(principal, "POST", "/api/v1/subnets", "k1", "{}").value();
  const auto create = [&](const std::shared_ptr<AnswerKeeper::Request>& request, const std::string& text) {
    model::Subnet subnet;
    subnet.space_id = house.default_space().id;
    subnet.prefix = prefix(text);
    model::ChangeContext context;
    context.exchange = request;
    return house.run(house.planning->create(administrator(), subnet, context));
  };
  EXPECT_TRUE(create(there.request, "10.1.0.0/24").ok());
  const auto late = create(here.request, "10.2.0.0/24");
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(house.answers->explained(*here.request, late.error()).code, ErrorCode::Conflict);
  EXPECT_EQ(house.rows<model::Subnet>().size(), 1U);
}

TEST_F(AnswerKeeping, IsForgottenAfterADayAndErased) {
  make_subnet("k1", "10.1.0.0/24");
  house.clock.advance(std::chrono::hours(25));
  EXPECT_FALSE(begin("k1")->answer);
  EXPECT_EQ(house.run(house.answers->clean()).value(), 1U);
  EXPECT_TRUE(house.rows<model::KeptAnswer>().empty());
  // The key is free again, whether its row was erased or not.
  make_subnet("k1", "10.2.0.0/24");
  house.clock.advance(std::chrono::hours(25));
  make_subnet("k1", "10.3.0.0/24");
  EXPECT_EQ(begin("k1")->answer, kAnswer);
}

TEST_F(AnswerKeeping, IsBoundedForEachUser) {
  AnswerKeeper keeper(*house.store, *house.ledger, *house.sealer, house.clock, {.answers_per_user = 1});
  make_subnet("k1", "10.1.0.0/24");
  service::Principal principal = administrator();
  principal.user_id = {1};
  EXPECT_EQ(keeper.begin(principal, "POST", "/", "k2", "").error().code, ErrorCode::Overloaded);
  EXPECT_TRUE(keeper.begin(principal, "POST", "/api/v1/subnets", "k1", "{}")->answer);
  principal.user_id = {2};
  EXPECT_TRUE(keeper.begin(principal, "POST", "/", "k2", "").ok());
}

TEST_F(AnswerKeeping, RefusesWhatIsNoKey) {
  for (const std::string& key : {std::string(), std::string("a b"), std::string("ä"), std::string(201, 'k')}) {
    EXPECT_EQ(begin(key).error().code, ErrorCode::InvalidArgument) << key;
  }
  EXPECT_TRUE(begin(std::string(200, 'k')).ok());
}

TEST_F(AnswerKeeping, ABodyLeavesNothingThatCouldBeGuessedAt) {
  make_subnet("k1", "10.1.0.0/24");
  const auto row = house.rows<model::KeptAnswer>().front();
  EXPECT_THAT(row.fingerprint, Not(HasSubstr(to_hex(crypto::sha256(as_bytes("{}"))))));
}

}  // namespace
}  // namespace ipam::test
