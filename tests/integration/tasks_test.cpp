#include "integration/house.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ipam::test {
namespace {

using namespace std::chrono_literals;
using model::TaskResult;
using testing::HasSubstr;

constexpr Duration kPeriod = 6h;

// What the jobs of a test do and have done.
struct Jobs {
  std::vector<std::string> calls;
  std::map<std::string, Error> failures;  // by server name
  bool gated = false;                     // each job waits for open()
  std::vector<io::Completion<void>> waiting;

  void open() {
    gated = false;
    for (const auto& each : std::exchange(waiting, {})) each.complete(Result<void>());
  }
};

io::Task<Result<std::string>> do_job(std::shared_ptr<Jobs> jobs, model::ManagedServer server, io::Deadline deadline) {
  jobs->calls.push_back(server.name);
  if (jobs->gated) {
    const io::Completion<void> gate;
    jobs->waiting.push_back(gate);
    IPAM_CO_CHECK(co_await gate.wait(deadline));
  }
  if (const auto failure = jobs->failures.find(server.name); failure != jobs->failures.end()) co_return failure->second;
  co_return server.name + " done";
}

io::Task<void> disable(tasks::Scheduler* scheduler, bool* done) {
  const auto view = co_await scheduler->change(administrator(), "ServerConfiguration", Duration(10min), false);
  EXPECT_TRUE(view.ok());
  *done = true;
}

std::vector<tasks::TaskDefinition> definitions(const std::shared_ptr<Jobs>& jobs) {
  const auto job = [jobs](model::ManagedServer server, io::Deadline deadline) { return do_job(jobs, std::move(server), std::move(deadline)); };
  return {{"ServerConfiguration", "A task of the tests.", kPeriod, job}};
}

class Tasks : public testing::Test {
 protected:
  std::shared_ptr<Jobs> jobs_ = std::make_shared<Jobs>();  // shared with the jobs
  House house_{{}, definitions(jobs_)};
  static constexpr const char* kTask = "ServerConfiguration";

  void SetUp() override {
    for (const char* name : {"kea1", "kea2"}) {
      house_.put(model::ManagedServer{.name = name, .url = "http://" + std::string(name) + "/", .space_id = house_.default_space().id});
    }
  }
  tasks::TaskView view() { return house_.scheduler->get(administrator(), kTask).value(); }
  void run() { house_.run(house_.scheduler->run(kTask)); }
  // Lets what was started come to its end and answers how many jobs it did.
  std::size_t jobs_after(const std::function<void()>& start) {
    const std::size_t before = jobs_->calls.size();
    start();
    for (int i = 0; i < 3; ++i) house_.settle();
    house_.run_until([&] { return !view().running; });
    return jobs_->calls.size() - before;
  }
  std::size_t jobs_due_now() {
    return jobs_after([&] { house_.scheduler->start_due(); });
  }
  Result<ledger::Written<tasks::TaskView>> change(std::optional<Duration> period, std::optional<bool> enabled) {
    return house_.run(house_.scheduler->change(administrator(), kTask, period, enabled));
  }
};

TEST_F(Tasks, ATaskThatNeverRanIsDueAtTheStart) {
  EXPECT_EQ(jobs_after([&] { EXPECT_TRUE(house_.scheduler->start().ok()); }), 2U);
  EXPECT_EQ(view().state.runs, 1U);
}

TEST_F(Tasks, ATaskIsDueAgainAfterItsPeriodGiveOrTakeAFewPercent) {
  run();
  house_.clock.advance(kPeriod * 94 / 100);
  EXPECT_EQ(jobs_due_now(), 0U);
  house_.clock.advance(kPeriod * 12 / 100);
  EXPECT_EQ(jobs_due_now(), 2U);
  EXPECT_EQ(jobs_due_now(), 0U);
}

TEST_F(Tasks, ARunLeavesAnOutcomeForEachServer) {
  run();
  const auto now = view();
  EXPECT_EQ(now.state.last_result, TaskResult::Succeeded);
  EXPECT_EQ(now.state.last_message, "2 servers");
  ASSERT_EQ(now.outcomes.size(), 2U);
  EXPECT_EQ(now.outcomes[0].message, "kea1 done");
  EXPECT_EQ(now.outcomes[1].result, TaskResult::Succeeded);
}

TEST_F(Tasks, AServerThatFailsFailsAlone) {
  jobs_->failures["kea1"] = Error(ErrorCode::Unavailable, "kea1: nothing answers");
  run();
  const auto now = view();
  EXPECT_EQ(now.state.last_result, TaskResult::PartlyFailed);
  EXPECT_EQ(now.state.last_message, "1 of 2 servers failed");
  EXPECT_EQ(now.outcomes[0].result, TaskResult::Failed);
  EXPECT_EQ(now.outcomes[0].message, "kea1: nothing answers");
  EXPECT_EQ(now.outcomes[1].result, TaskResult::Succeeded);
  house_.clock.advance(kPeriod / 2);
  EXPECT_EQ(jobs_due_now(), 0U) << "one of two is no reason to hurry";
}

TEST_F(Tasks, ARunInWhichEveryServerFailedIsRepeatedAfterAFifthOfThePeriod) {
  jobs_->failures = {{"kea1", Error(ErrorCode::Unavailable, "x")}, {"kea2", Error(ErrorCode::Unavailable, "x")}};
  run();
  EXPECT_EQ(view().state.last_result, TaskResult::Failed);
  house_.clock.advance(kPeriod / 5 * 94 / 100);
  EXPECT_EQ(jobs_due_now(), 0U);
  house_.clock.advance(kPeriod / 5 * 12 / 100);
  EXPECT_EQ(jobs_due_now(), 2U);
}

TEST_F(Tasks, TheOutcomesOfTheRunBeforeAreReplaced) {
  run();
  const auto server = house_.inventory->find_server(administrator(), "kea2").value();
  ASSERT_TRUE(house_.run(house_.inventory->erase_server(administrator(), server.id, std::nullopt, {})).ok());
  run();
  ASSERT_EQ(view().outcomes.size(), 1U);
  EXPECT_EQ(view().outcomes[0].server_name, "kea1");
}

TEST_F(Tasks, RunNowTellsWhichRunToWaitFor) {
  const auto ticket = house_.scheduler->run_now(administrator(), "server-configuration").value();
  EXPECT_EQ(ticket.name, kTask);
  EXPECT_EQ(ticket.run, 1U);
  EXPECT_FALSE(ticket.already_running);
  house_.run_until([&] { return view().state.runs >= ticket.run && !view().running; });
  EXPECT_EQ(jobs_->calls.size(), 2U);
  EXPECT_EQ(house_.scheduler->run_now(administrator(), "no such").error().code, ErrorCode::NotFound);
  EXPECT_EQ(house_.scheduler->run_now(member_of(model::Group::IpamUsers), kTask).error().code, ErrorCode::PermissionDenied);
}

TEST_F(Tasks, RunsThatAreAskedForDuringOneFollowItOnce) {
  jobs_->gated = true;
  ASSERT_TRUE(house_.scheduler->run_now(administrator(), kTask).ok());
  house_.run_until([&] { return jobs_->calls.size() == 2; });
  EXPECT_TRUE(view().running);
  for (int i = 0; i < 3; ++i) {
    const auto ticket = house_.scheduler->run_now(administrator(), kTask).value();
    EXPECT_TRUE(ticket.already_running);
    EXPECT_EQ(ticket.run, 2U);
  }
  house_.settle();
  jobs_->open();
  house_.run_until([&] { return !view().running; });
  EXPECT_EQ(view().state.runs, 2U);
  EXPECT_EQ(jobs_->calls.size(), 4U);
}

TEST_F(Tasks, ARestartNeitherForgetsNorHurries) {
  run();
  const auto before = view();
  house_.restart();
  ASSERT_TRUE(house_.scheduler->start().ok());
  EXPECT_EQ(view().state, before.state);
  EXPECT_EQ(view().outcomes, before.outcomes);
  EXPECT_EQ(jobs_due_now(), 0U);
}

TEST_F(Tasks, ARunThatAStopCutOffIsToldAsSuchAndDueAtOnce) {
  jobs_->gated = true;
  ASSERT_TRUE(house_.scheduler->run_now(administrator(), kTask).ok());
  house_.run_until([&] { return jobs_->calls.size() == 2; });
  house_.restart();
  jobs_->open();
  jobs_->calls.clear();
  ASSERT_TRUE(house_.scheduler->start().ok());
  EXPECT_EQ(view().state.last_result, TaskResult::Cancelled);
  EXPECT_THAT(view().state.last_message, HasSubstr("stopped during the run"));
  EXPECT_EQ(jobs_after([] {}), 2U);
  EXPECT_EQ(view().state.last_result, TaskResult::Succeeded);
}

TEST_F(Tasks, ANewPeriodCountsFromTheLastStartAndIsKept) {
  run();
  ASSERT_TRUE(change(10min, std::nullopt).ok());
  house_.clock.advance(9min);
  EXPECT_EQ(jobs_due_now(), 0U);
  house_.clock.advance(1min);
  EXPECT_EQ(jobs_due_now(), 2U);
  house_.restart();
  ASSERT_TRUE(house_.scheduler->start().ok());
  EXPECT_EQ(view().state.period_seconds, 600);
}

TEST_F(Tasks, APeriodOutOfBoundsAndACallerWhoMayNotAreRefused) {
  EXPECT_EQ(change(59s, std::nullopt).error().fields.front().pointer, "/period_seconds");
  EXPECT_EQ(change(24h * 366, std::nullopt).error().code, ErrorCode::InvalidArgument);
  const auto refused = house_.run(house_.scheduler->change(member_of(model::Group::IpamMsmAdministrators), kTask, 10min, std::nullopt));
  EXPECT_EQ(refused.error().code, ErrorCode::PermissionDenied);
}

TEST_F(Tasks, ADisabledTaskIsNeverDueButCanBeRun) {
  ASSERT_TRUE(change(std::nullopt, false).ok());
  house_.clock.advance(24h * 30);
  EXPECT_EQ(jobs_due_now(), 0U);
  run();
  EXPECT_EQ(jobs_->calls.size(), 2U);
  ASSERT_TRUE(change(std::nullopt, true).ok());
  house_.clock.advance(7h);
  EXPECT_EQ(jobs_due_now(), 2U);
}

TEST_F(Tasks, WhoWatchesIsToldOfEachRunsBeginningAndEndAndOfChanges) {
  std::vector<std::string> told;
  house_.scheduler->on_change([&](const tasks::TaskView& view) {
    told.push_back(fmt::format("{} {} {} {} {}", view.running ? "running" : "idle", model::enum_to_text(view.state.last_result), view.state.runs,
                               view.state.period_seconds, view.state.last_message));
  });
  jobs_->failures["kea2"] = Error(ErrorCode::Unavailable, "no answer");
  run();
  ASSERT_TRUE(change(10min, std::nullopt).ok());
  EXPECT_THAT(told, testing::ElementsAre("running running 0 21600 ", "idle partly_failed 1 21600 1 of 2 servers failed",
                                         "idle partly_failed 1 600 1 of 2 servers failed"));
}

TEST_F(Tasks, AChangeDuringARunOutlivesItsEnd) {
  jobs_->gated = true;
  ASSERT_TRUE(house_.scheduler->run_now(administrator(), kTask).ok());
  house_.run_until([&] { return jobs_->calls.size() == 2; });
  ASSERT_TRUE(change(10min, false).ok());
  jobs_->open();
  house_.run_until([&] { return !view().running; });
  EXPECT_EQ(view().state.period_seconds, 600);
  EXPECT_FALSE(view().state.enabled);
}

// While the run's result is on its way to the database.
TEST_F(Tasks, AChangeAtTheVeryEndOfARunOutlivesItToo) {
  jobs_->gated = true;
  ASSERT_TRUE(house_.scheduler->run_now(administrator(), kTask).ok());
  house_.run_until([&] { return jobs_->calls.size() == 2; });
  house_.store->hold_commits();
  jobs_->open();
  auto wait = [&] { house_.store->await_commit(); };
  EXPECT_TRUE(house_.run(house_.database->run(wait)).ok());
  bool changed = false;
  io::spawn(house_.loop.executor(), disable(house_.scheduler.get(), &changed), "the change");
  house_.settle();
  house_.store->release();
  house_.run_until([&] { return changed && !view().running; });
  house_.restart();
  ASSERT_TRUE(house_.scheduler->start().ok());
  EXPECT_EQ(view().state.period_seconds, 600);
  EXPECT_FALSE(view().state.enabled);
  EXPECT_EQ(view().state.runs, 1U);
  EXPECT_EQ(view().state.last_result, TaskResult::Succeeded);
}

}  // namespace
}  // namespace ipam::test
