#include "service/operation/operation_runner.h"

#include "integration/house.h"

#include <gmock/gmock.h>

namespace ipam::test {
namespace {

using model::OperationState;
using service::OperationProgress;
using service::OperationRunner;
using testing::ElementsAre;
using testing::HasSubstr;

class Operations : public testing::Test {
 protected:
  // Two parts; the first waits until it may go on or is cancelled, the second fails when told.
  struct Script {
    io::Completion<void> gate;
    bool second_fails = false;
  };
  static io::Task<Result<std::string>> job(std::shared_ptr<Script> script, OperationProgress progress) {
    progress.begin_part(1);
    const auto opened = co_await script->gate.wait(progress.deadline());
    if (!opened.ok()) co_return opened.error();
    Result<std::string> first = std::string("7 scopes");
    co_await progress.end_part(1, first);
    progress.begin_part(2);
    Result<std::string> second = std::string("90 leases");
    if (script->second_fails) second = Error(ErrorCode::Unavailable, "no answer; look at its log", "secret detail");
    co_await progress.end_part(2, second);
    progress.set_result(R"({"a":1})");
    co_return std::string("done");
  }
  model::Operation begin(const std::shared_ptr<Script>& script) {
    const OperationRunner::Job work = [script](OperationProgress progress) { return job(script, std::move(progress)); };
    model::ChangeContext request;
    request.request_id = "r1";
    auto begun = house.run(house.operations->begin(administrator(), {"server_collection", "kea1", {"configuration", "leases"}}, request, work));
    EXPECT_TRUE(begun.ok()) << begun.error().describe();
    return *begun;
  }
  service::OperationView get(model::Id<model::Operation> id) { return house.operations->get(administrator(), id).value(); }
  void wait(model::Id<model::Operation> id) {
    house.run_until([&] { return house.operations->running() == 0; });
    EXPECT_TRUE(model::is_over(get(id).operation.state));
  }

  House house;
};

TEST_F(Operations, TellHowFarTheyAreAndWhatCameOfEachPart) {
  std::vector<int> told;
  house.operations->on_change([&](const service::OperationView& view) { told.push_back(view.operation.percent); });
  const auto script = std::make_shared<Script>();
  const auto begun = begin(script);
  house.settle();
  auto view = get(begun.id);
  EXPECT_EQ(view.operation.state, OperationState::Running);
  EXPECT_EQ(view.parts.at(0).state, OperationState::Running);
  EXPECT_EQ(view.parts.at(1).state, OperationState::Waiting);
  script->gate.complete(Result<void>());
  wait(begun.id);
  house.restart();
  view = get(begun.id);
  EXPECT_EQ(view.operation.state, OperationState::Succeeded);
  EXPECT_EQ(view.operation.percent, 100);
  EXPECT_EQ(view.operation.message, "done");
  EXPECT_EQ(view.operation.result, R"({"a":1})");
  EXPECT_EQ(view.operation.request_id, "r1");
  EXPECT_TRUE(view.operation.ended_at);
  EXPECT_EQ(view.parts.at(0).message, "7 scopes");
  EXPECT_EQ(view.parts.at(1).state, OperationState::Succeeded);
  EXPECT_THAT(told, testing::IsSupersetOf({0, 50, 100}));
}

TEST_F(Operations, FailInPartAndTellWhatOutsidersMayKnow) {
  const auto script = std::make_shared<Script>();
  script->second_fails = true;
  script->gate.complete(Result<void>());
  const auto begun = begin(script);
  wait(begun.id);
  const auto view = get(begun.id);
  EXPECT_EQ(view.operation.state, OperationState::PartlyFailed);
  EXPECT_EQ(view.parts.at(1).state, OperationState::Failed);
  EXPECT_EQ(view.parts.at(1).message, "no answer; look at its log");
}

TEST_F(Operations, AreCancelledByTheirCallerOrAnAdministrator) {
  const auto begun = begin(std::make_shared<Script>());
  auto other = member_of(model::Group::IpamMsmAdministrators, "other");
  other.user_id = {99};
  EXPECT_EQ(house.operations->cancel(other, begun.id).error().code, ErrorCode::PermissionDenied);
  EXPECT_TRUE(house.operations->cancel(administrator(), begun.id).ok());
  wait(begun.id);
  EXPECT_EQ(get(begun.id).operation.state, OperationState::Cancelled);
  EXPECT_EQ(get(begun.id).parts.at(1).state, OperationState::Cancelled);
  // Once more does no harm.
  EXPECT_EQ(house.operations->cancel(administrator(), begun.id)->operation.state, OperationState::Cancelled);
}

TEST_F(Operations, ThatRanWhenTheServerDiedAreInterrupted) {
  ASSERT_TRUE(house
                  .write([](ledger::Transaction& transaction) -> Result<void> {
                    transaction.put_row(model::Operation{.id = {5}, .kind = "batch", .state = OperationState::Running, .percent = 40});
                    transaction.put_row(model::OperationPart{.operation_id = {5}, .number = 1, .state = OperationState::Running});
                    transaction.put_row(model::Operation{.id = {6}, .kind = "batch", .node = "another node", .state = OperationState::Running});
                    return {};
                  })
                  .ok());
  // Nobody else has this database, whatever this server was called.
  EXPECT_EQ(house.operations->cancel(administrator(), {6}).error().code, ErrorCode::FailedPrecondition);
  house.restart();
  EXPECT_EQ(get({5}).operation.state, OperationState::Interrupted);
  EXPECT_EQ(get({5}).operation.percent, 40);
  EXPECT_EQ(get({5}).parts.at(0).state, OperationState::Interrupted);
  EXPECT_EQ(get({6}).operation.state, OperationState::Interrupted);
  EXPECT_TRUE(house.rows<store::NodePresence>().empty());
}

TEST_F(Operations, AreKeptForAWeek) {
  const auto script = std::make_shared<Script>();
  script->gate.complete(Result<void>());
  const auto begun = begin(script);
  wait(begun.id);
  house.clock.advance(std::chrono::hours(24 * 6));
  EXPECT_EQ(house.run(house.operations->clean()).value(), 0U);
  house.clock.advance(std::chrono::hours(25));
  EXPECT_EQ(house.run(house.operations->clean()).value(), 1U);
  EXPECT_EQ(house.operations->get(administrator(), begun.id).error().code, ErrorCode::NotFound);
  EXPECT_TRUE(house.rows<model::OperationPart>().empty());
}

}  // namespace
}  // namespace ipam::test
