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
  EXPECT_EQ(run_blocking(Local::forty_two()), 42);
  EXPECT_THROW(run_blocking(Local::throwing()), LogicError);
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
  WorkerPool pool("the test", 2, 10);
  EXPECT_EQ(run_blocking(pool.run([] { return 7; })).value(), 7);
  EXPECT_TRUE(run_blocking(pool.run([] {})).ok());
  const auto failed = run_blocking(pool.run([]() -> Result<int> { return Error(ErrorCode::NotFound, "none"); }));
  EXPECT_EQ(failed.error().code, ErrorCode::NotFound);
}

TEST(WorkerPool, TurnsAnExceptionIntoAnInternalErrorAndLivesOn) {
  WorkerPool pool("the test", 1, 10);
  const auto thrown = run_blocking(pool.run([]() -> int { throw LogicError("a bug"); }));
  EXPECT_EQ(thrown.error().code, ErrorCode::Internal);
  EXPECT_EQ(thrown.error().detail, "a bug");
  EXPECT_EQ(run_blocking(pool.run([] { return 1; })).value(), 1);
}

TEST(WorkerPool, AnswersOverloadedWhenItsQueueIsFullAndTheDeadlineToWhoWaitsTooLong) {
  WorkerPool pool("the test", 1, 1);
  std::promise<void> entered, leave;
  auto left = leave.get_future().share();
  BlockingLoop loop;
  TaskGroup group(loop.executor(), 10);
  std::vector<ErrorCode> codes;
  struct Local {
    static Task<void> job(WorkerPool* workers, std::promise<void>* begun, std::shared_future<void> end) {
      EXPECT_TRUE((co_await workers->run([begun, end] {
                    begun->set_value();
                    end.wait();
                  })).ok());
    }
    static Task<void> nothing() { co_return; }
    static Task<void> refused(WorkerPool* workers, Duration patience, std::vector<ErrorCode>* out) {
      const auto done = co_await workers->run([] {}, Deadline::after(patience));
      out->push_back(done.ok() ? ErrorCode::Internal : done.error().code);
    }
  };
  group.start(Local::job(&pool, &entered, left));
  // The job holds the only thread; a second one waits in the queue until its deadline, and a third finds the queue full.
  loop.run(Local::nothing());
  entered.get_future().wait();
  loop.run(Local::refused(&pool, 5ms, &codes));
  loop.run(Local::refused(&pool, 1h, &codes));
  leave.set_value();
  EXPECT_TRUE(loop.run(group.wait()).ok());
  EXPECT_EQ(codes, (std::vector{ErrorCode::DeadlineExceeded, ErrorCode::Overloaded}));
}

TEST(WorkerPool, CancelsWhatIsQueuedWhenItStops) {
  auto pool = std::make_unique<WorkerPool>("the test", 1, 10);
  std::promise<void> entered, leave;
  BlockingLoop loop;
  TaskGroup group(loop.executor(), 10);
  std::vector<bool> outcomes;
  struct Local {
    static Task<void> hold(WorkerPool* workers, std::promise<void>* begun, std::shared_future<void> end, std::vector<bool>* out) {
      const auto done = co_await workers->run([begun, end] {
        begun->set_value();
        end.wait();
      });
      out->push_back(done.ok());
    }
    static Task<void> queue(WorkerPool* workers, std::vector<bool>* out) {
      out->push_back((co_await workers->run([] {})).ok());
    }
  };
  group.start(Local::hold(pool.get(), &entered, leave.get_future().share(), &outcomes));
  group.start(Local::queue(pool.get(), &outcomes));
  std::thread stopper([&, begun = entered.get_future()] {
    begun.wait();
    // The stop waits for the running job, which ends only once the queued one was answered.
    pool->stop();
  });
  while (outcomes.empty()) (void)loop.run(sleep_for(1ms, Deadline::never()));
  leave.set_value();
  EXPECT_TRUE(loop.run(group.wait()).ok());
  stopper.join();
  EXPECT_EQ(outcomes, (std::vector<bool>{false, true}));
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
  EXPECT_EQ(run_blocking(completion.wait(Deadline::after(1h))).value(), 1);
}

TEST(Completion, LeavesAtTheDeadlineAndLosesALateAnswer) {
  const Completion<int> completion;
  EXPECT_EQ(run_blocking(completion.wait(Deadline::after(2ms))).error().code, ErrorCode::DeadlineExceeded);
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
