#include "base/assert.h"
#include "io/blocking.h"
#include "io/io_pool.h"
#include "io/sleep.h"
#include "io/task_group.h"
#include "io/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <set>

namespace ipam::io {
namespace {

using namespace std::chrono_literals;

TEST(BlockingLoop, AnswersTheValueOfATask) {
  struct Local {
    static Task<int> forty_two() { co_return 42; }
    static Task<int> throwing() {
      throw LogicError("a bug");
      co_return 0;
    }
  };
  BlockingLoop loop;
  EXPECT_EQ(loop.run(Local::forty_two()), 42);
  EXPECT_THROW(loop.run(Local::throwing()), LogicError);
  EXPECT_EQ(loop.run(Local::forty_two()), 42);
}

TEST(Deadline, EndsEveryLaterWaitOnceItsTokenIsStopped) {
  std::stop_source source;
  const Deadline deadline = Deadline::after(1h).with(source.get_token());
  EXPECT_TRUE(deadline.check("x").ok());
  source.request_stop();
  EXPECT_EQ(deadline.check("x").error().code, ErrorCode::Cancelled);
  EXPECT_EQ(deadline.at_most(1s).check("x").error().code, ErrorCode::Cancelled);
  EXPECT_EQ(Deadline::after(0s).check("x").error().code, ErrorCode::DeadlineExceeded);
  EXPECT_TRUE(Deadline::never().check("x").ok());
  EXPECT_TRUE(Deadline::after(Duration::max()).check("x").ok());
}

TEST(Sleep, IsEndedByItsTokenFromAnotherThread) {
  std::stop_source source;
  BlockingLoop loop;
  std::thread stopper([&] { source.request_stop(); });
  const auto slept = loop.run(sleep_for(1h, Deadline::never().with(source.get_token())));
  stopper.join();
  EXPECT_EQ(slept.error().code, ErrorCode::Cancelled);
  EXPECT_TRUE(loop.run(sleep_for(1ms, Deadline::after(1h))).ok());
  EXPECT_EQ(loop.run(sleep_for(1h, Deadline::after(1ms))).error().code, ErrorCode::DeadlineExceeded);
}

TEST(WorkerPool, AnswersValuesResultsAndNothing) {
  BlockingLoop loop;
  WorkerPool pool("the test", 2, 10);
  auto value = [] { return 7; };
  auto nothing = [] {};
  auto failing = []() -> Result<int> { return Error(ErrorCode::NotFound, "none"); };
  EXPECT_EQ(loop.run(pool.run(value)).value(), 7);
  EXPECT_TRUE(loop.run(pool.run(nothing)).ok());
  EXPECT_EQ(loop.run(pool.run(failing)).error().code, ErrorCode::NotFound);
}

TEST(WorkerPool, TurnsAnExceptionIntoAnInternalErrorAndLivesOn) {
  BlockingLoop loop;
  WorkerPool pool("the test", 1, 10);
  auto throwing = []() -> int { throw LogicError("a bug"); };
  auto value = [] { return 1; };
  const auto thrown = loop.run(pool.run(throwing));
  EXPECT_EQ(thrown.error().code, ErrorCode::Internal);
  EXPECT_EQ(thrown.error().detail, "a bug");
  EXPECT_EQ(loop.run(pool.run(value)).value(), 1);
}

// A job that holds its thread until it is let go.
struct Blocker {
  std::promise<void> entered, leave;
  std::shared_future<void> left = leave.get_future().share();

  auto job() {
    return [this, end = left] {
      entered.set_value();
      end.wait();
    };
  }
};

Task<void> run_and_note(WorkerPool* pool, Blocker* blocker, Deadline deadline, std::vector<std::string>* outcomes) {
  auto nothing = [] {};
  Result<void> done;
  if (blocker != nullptr) {
    auto job = blocker->job();
    done = co_await pool->run(job, deadline);
  } else {
    done = co_await pool->run(nothing, deadline);
  }
  outcomes->emplace_back(done.ok() ? "done" : to_string(done.error().code));
}

TEST(WorkerPool, AnswersOverloadedWhenItsQueueIsFullAndTheDeadlineToWhoWaitsTooLong) {
  BlockingLoop loop;
  WorkerPool pool("the test", 1, 1);
  Blocker blocker;
  TaskGroup group(loop.executor(), 10);
  std::vector<std::string> outcomes;
  // The first holds the only thread, the second waits in the queue until its deadline, and the third finds the queue full.
  group.start(run_and_note(&pool, &blocker, Deadline::never(), &outcomes));
  (void)loop.run(sleep_for(0s, Deadline::never()));
  blocker.entered.get_future().wait();
  loop.run(run_and_note(&pool, nullptr, Deadline::after(5ms), &outcomes));
  loop.run(run_and_note(&pool, nullptr, Deadline::never(), &outcomes));
  blocker.leave.set_value();
  EXPECT_TRUE(loop.run(group.wait()).ok());
  EXPECT_EQ(outcomes, (std::vector<std::string>{"deadline_exceeded", "overloaded", "done"}));
}

TEST(WorkerPool, CancelsWhatIsQueuedWhenItStops) {
  BlockingLoop loop;
  WorkerPool pool("the test", 1, 10);
  Blocker blocker;
  TaskGroup group(loop.executor(), 10);
  std::vector<std::string> outcomes;
  group.start(run_and_note(&pool, &blocker, Deadline::never(), &outcomes));
  group.start(run_and_note(&pool, nullptr, Deadline::never(), &outcomes));
  (void)loop.run(sleep_for(0s, Deadline::never()));
  blocker.entered.get_future().wait();
  std::thread stopper([&] { pool.stop(); });  // returns only when the first job has ended, which it does after the second was answered
  while (outcomes.empty()) (void)loop.run(sleep_for(0s, Deadline::never()));
  blocker.leave.set_value();
  EXPECT_TRUE(loop.run(group.wait()).ok());
  stopper.join();
  EXPECT_EQ(outcomes, (std::vector<std::string>{"cancelled", "done"}));
}

TEST(Completion, AnswersManyCoroutinesOfSeveralThreadsInOneBatch) {
  struct Local {
    static Task<void> wait(Completion<int> completion, std::atomic<int>* sum, std::atomic<int>* arrived, std::promise<void>* all) {
      auto value = co_await completion.wait();
      *sum += std::move(value).value_or(0);
      if (++*arrived == 1000) all->set_value();
    }
  };
  IoPool pool(3);
  std::atomic<int> sum = 0, arrived = 0;
  std::promise<void> all;
  std::vector<Completion<int>> completions(1000);
  for (const auto& completion : completions) spawn(pool.executor(), Local::wait(completion, &sum, &arrived, &all), "waiting");
  CompletionBatch batch;
  for (const auto& completion : completions) batch.complete(completion, Result<int>(2));
  batch.flush();
  all.get_future().wait();
  EXPECT_EQ(sum, 2000);
}

TEST(Completion, GivesTheFirstAnswerEvenIfItCameBeforeTheWait) {
  const Completion<int> completion;
  completion.complete(1);
  completion.complete(2);
  EXPECT_EQ(BlockingLoop().run(completion.wait(Deadline::after(1h))).value(), 1);
}

TEST(Completion, LeavesAtTheDeadlineAndLosesALateAnswer) {
  const Completion<int> completion;
  EXPECT_EQ(BlockingLoop().run(completion.wait(Deadline::after(2ms))).error().code, ErrorCode::DeadlineExceeded);
  completion.complete(1);
}

TEST(TaskGroup, RunsNoMoreThanItsLimitAtATimeAndWaitsForAll) {
  struct Counter {
    int now = 0, most = 0, total = 0;
  };
  struct Local {
    static Task<void> work(Counter* counter) {
      counter->most = std::max(counter->most, ++counter->now);
      const auto slept = co_await sleep_for(1ms, Deadline::never());
      EXPECT_TRUE(slept.ok());
      --counter->now;
      ++counter->total;
    }
    static Task<void> all(Executor executor, Counter* counter) {
      TaskGroup group(executor, 4);
      for (int i = 0; i < 30; ++i) group.start(work(counter));
      const auto waited = co_await group.wait();
      EXPECT_TRUE(waited.ok());
      EXPECT_EQ(group.running(), 0U);
    }
  };
  BlockingLoop loop;
  Counter counter;
  loop.run(Local::all(loop.executor(), &counter));
  EXPECT_EQ(counter.most, 4);
  EXPECT_EQ(counter.total, 30);
}

TEST(TaskGroup, CancelsItsTasksAndReportsAThrowingOne) {
  struct Local {
    static Task<void> sleeper(Deadline deadline, int* cancelled) {
      const auto slept = co_await sleep_for(1h, deadline);
      if (!slept.ok() && slept.error().code == ErrorCode::Cancelled) ++*cancelled;
    }
    static Task<void> throwing() {
      throw LogicError("a bug");
      co_return;
    }
    static Task<Result<void>> all(Executor executor, int* cancelled) {
      TaskGroup group(executor, 2);
      for (int i = 0; i < 5; ++i) group.start(sleeper(group.deadline(1h), cancelled));
      group.start(throwing());
      group.cancel();
      co_return co_await group.wait();
    }
  };
  BlockingLoop loop;
  int cancelled = 0;
  const auto waited = loop.run(Local::all(loop.executor(), &cancelled));
  EXPECT_EQ(cancelled, 5);
  EXPECT_EQ(waited.error().code, ErrorCode::Internal);
}

TEST(IoPool, SpreadsWorkOverItsThreads) {
  struct Local {
    static Task<void> note(Guarded<std::set<std::thread::id>>* ids, std::promise<void>* done) {
      ids->lock()->insert(std::this_thread::get_id());
      done->set_value();
      co_return;
    }
  };
  Guarded<std::set<std::thread::id>> ids;
  IoPool pool(3);
  std::vector<std::promise<void>> done(6);
  for (auto& promise : done) spawn(pool.executor(), Local::note(&ids, &promise), "note");
  for (auto& promise : done) promise.get_future().wait();
  EXPECT_EQ(ids.lock()->size(), 3U);
}

}  // namespace
}  // namespace ipam::io
