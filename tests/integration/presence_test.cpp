// Operations of two nodes on one PostgreSQL: what a node runs that lives is left to it, what one ran that is gone is interrupted.
#include "io/blocking.h"
#include "service/operation/operation_runner.h"
#include "store/postgres/postgres_database_suite.h"

#include <gmock/gmock.h>

namespace ipam::test {
namespace {

using model::OperationState;
using service::OperationProgress;
using service::OperationRunner;
using service::OperationView;
using store::NodePresence;
using store::postgres::PostgresDatabase;
using store::postgres::PostgresStore;
using testing::UnorderedElementsAre;

const service::Principal kAdministrator{{}, "tester", model::Group::IpamAdministrators};

io::Task<Result<std::string>> wait_at(io::Completion<void> gate, OperationProgress progress) {
  progress.begin_part(1);
  const auto opened = co_await gate.wait(progress.deadline());
  if (!opened.ok()) co_return opened.error();
  co_return std::string("done");
}

io::Task<void> stay_present(OperationRunner* operations, std::stop_token stop, bool* ended) {
  co_await operations->run_presence(std::move(stop));
  *ended = true;
}

struct Node {
  Node(const PostgresDatabase& database, const std::string& name) : store(PostgresStore::open(database.options(name)).value()) {
    ledger::load_index(*store, index).value();
    ledger = ledger::Ledger::open(*store, index, clock).value();
    service::OperationOptions options;
    options.node = store->node();
    options.presence_period = std::chrono::milliseconds(1);
    operations = std::make_unique<OperationRunner>(*store, *ledger, clock, loop.executor(), options);
    operations->on_change([this](const OperationView& view) { told.push_back(view.operation.state); });
  }
  // What still runs is asked to end, and awaited.
  ~Node() {
    operations->stop();
    gate.complete(Result<void>());
    await_operations();
    ledger->stop();
  }

  void await_operations() {
    while (operations->running() > 0) loop.run(sleep_a_moment());
  }
  static io::Task<void> sleep_a_moment() {
    const io::Completion<void> none;
    (void)co_await none.wait(io::Deadline::after(std::chrono::milliseconds(1)));
  }
  model::Id<model::Operation> begin() {
    const OperationRunner::Job job = [this](OperationProgress progress) { return wait_at(gate, std::move(progress)); };
    auto begun = loop.run(operations->begin(kAdministrator, {"batch", "a list", {"all"}}, {}, job));
    EXPECT_TRUE(begun.ok()) << begun.error().describe();
    return begun.ok() ? begun->id : model::Id<model::Operation>();
  }
  OperationView stored(model::Id<model::Operation> id) { return operations->get(kAdministrator, id).value(); }
  std::vector<std::string> present() {
    std::vector<std::string> nodes;
    const auto reader = store->open_reader().value();
    EXPECT_TRUE(store::for_each<NodePresence>(*reader, {}, [&](const NodePresence& row) -> Result<bool> {
                  nodes.push_back(row.node);
                  return true;
                }).ok());
    return nodes;
  }

  SystemClock clock;
  io::BlockingLoop loop;
  io::Completion<void> gate;
  std::vector<OperationState> told;
  std::unique_ptr<PostgresStore> store;
  occupancy::Index index;
  std::unique_ptr<ledger::Ledger> ledger;
  std::unique_ptr<OperationRunner> operations;
};

class SharedOperations : public testing::Test {
 protected:
  // As when the node was not heard of for longer than its term.
  void let_run_out(const std::string& node) { database_.run("UPDATE node_presence SET until = 0 WHERE node = '" + node + "'"); }

  PostgresDatabase database_;
  Node one_{database_, "one"};
};

TEST_F(SharedOperations, OfANodeThatLivesAreLeftToIt) {
  ASSERT_TRUE(one_.operations->start().ok());
  const auto id = one_.begin();
  Node two(database_, "two");
  ASSERT_TRUE(two.operations->start().ok());
  EXPECT_THAT(two.present(), UnorderedElementsAre("one", "two"));
  EXPECT_EQ(two.stored(id).operation.state, OperationState::Running);
  EXPECT_EQ(two.stored(id).operation.node, "one");
  EXPECT_EQ(two.operations->cancel(kAdministrator, id).error().code, ErrorCode::FailedPrecondition);
  one_.gate.complete(Result<void>());
  one_.await_operations();
  EXPECT_EQ(two.stored(id).operation.state, OperationState::Succeeded);
}

TEST_F(SharedOperations, OfANodeThatIsGoneAreInterrupted) {
  ASSERT_TRUE(one_.operations->start().ok());
  const auto id = one_.begin();
  let_run_out("one");
  Node two(database_, "two");
  ASSERT_TRUE(two.operations->start().ok());
  EXPECT_THAT(two.present(), UnorderedElementsAre("two"));
  const auto view = two.stored(id);
  EXPECT_EQ(view.operation.state, OperationState::Interrupted);
  EXPECT_TRUE(view.operation.ended_at);
  EXPECT_EQ(view.parts.at(0).state, OperationState::Interrupted);
  EXPECT_THAT(two.told, testing::ElementsAre(OperationState::Interrupted));
  // It was asleep: the end that it stores is what came of it.
  one_.gate.complete(Result<void>());
  one_.await_operations();
  EXPECT_EQ(two.stored(id).operation.state, OperationState::Succeeded);
}

TEST_F(SharedOperations, OfANodeThatTookLeaveAreInterruptedAtOnce) {
  ASSERT_TRUE(one_.operations->start().ok());
  const auto id = one_.begin();
  one_.loop.run(one_.operations->leave());
  EXPECT_TRUE(one_.present().empty());
  Node two(database_, "two");
  ASSERT_TRUE(two.operations->start().ok());
  EXPECT_EQ(two.stored(id).operation.state, OperationState::Interrupted);
}

TEST_F(SharedOperations, EachNodeStaysPresentAndLooksAfterThoseThatHaveGone) {
  Node two(database_, "two");
  ASSERT_TRUE(one_.operations->start().ok());
  ASSERT_TRUE(two.operations->start().ok());
  const auto own = one_.begin();
  const auto theirs = two.begin();
  let_run_out("one");
  let_run_out("two");
  std::stop_source stop;
  bool ended = false;
  io::spawn(one_.loop.executor(), stay_present(one_.operations.get(), stop.get_token(), &ended), "the presence of a node");
  while (one_.stored(theirs).operation.state == OperationState::Running) one_.loop.run(Node::sleep_a_moment());
  stop.request_stop();
  while (!ended) one_.loop.run(Node::sleep_a_moment());
  EXPECT_EQ(one_.stored(theirs).operation.state, OperationState::Interrupted);
  EXPECT_EQ(two.stored(own).operation.state, OperationState::Running);
  EXPECT_THAT(one_.present(), UnorderedElementsAre("one"));
}

}  // namespace
}  // namespace ipam::test
