#include "service/collection/server_locks.h"

#include "io/blocking.h"
#include "io/sleep.h"

#include <gmock/gmock.h>

namespace ipam::test {
namespace {

using namespace std::chrono_literals;
using service::ServerLocks;
using testing::ElementsAre;

// What jobs that want one server's lock have done.
struct Scene {
  io::BlockingLoop loop;
  ServerLocks locks;
  std::vector<std::string> order;
  std::size_t ended = 0;

  static io::Task<void> job(Scene* scene, std::string name, std::uint64_t server, io::Deadline deadline, io::Completion<void> gate) {
    const auto held = co_await scene->locks.acquire({server}, std::move(deadline));
    if (held.ok()) {
      scene->order.push_back(name);
      EXPECT_TRUE((co_await gate.wait()).ok());
    } else {
      scene->order.push_back(name + " left: " + std::string(to_string(held.error().code)));
    }
    ++scene->ended;
  }
  io::Completion<void> start(const std::string& name, std::uint64_t server, const io::Deadline& deadline = io::Deadline::never()) {
    io::Completion<void> gate;
    io::spawn(loop.executor(), job(this, name, server, deadline, gate), name);
    return gate;
  }
  void run_until(std::size_t jobs) {
    while (ended < jobs) step();
  }
  // Lets everything that is ready run.
  void step() {
    for (int i = 0; i < 10; ++i) loop.run(turn());
  }

 private:
  static io::Task<void> turn() {
    const auto slept = co_await io::sleep_for(Duration(0), io::Deadline::never());
    EXPECT_TRUE(slept.ok());
  }
};

TEST(ServerLocks, GivesTheLockInTheOrderOfComing) {
  Scene scene;
  auto first = scene.start("first", 1), second = scene.start("second", 1), third = scene.start("third", 1);
  scene.step();
  EXPECT_THAT(scene.order, ElementsAre("first"));
  for (auto* gate : {&first, &second, &third}) gate->complete(Result<void>());
  scene.run_until(3);
  EXPECT_THAT(scene.order, ElementsAre("first", "second", "third"));
}

TEST(ServerLocks, ServersDoNotWaitForEachOther) {
  Scene scene;
  auto first = scene.start("first", 1), other = scene.start("other", 2);
  scene.step();
  EXPECT_THAT(scene.order, ElementsAre("first", "other"));
  first.complete(Result<void>());
  other.complete(Result<void>());
  scene.run_until(2);
}

TEST(ServerLocks, AWaiterThatLeavesIsPassedOver) {
  Scene scene;
  std::stop_source stop;
  auto first = scene.start("first", 1);
  auto second = scene.start("second", 1, io::Deadline::never().with(stop.get_token()));
  auto third = scene.start("third", 1);
  scene.step();
  stop.request_stop();
  scene.run_until(1);
  first.complete(Result<void>());
  third.complete(Result<void>());
  scene.run_until(3);
  EXPECT_THAT(scene.order, ElementsAre("first", "second left: cancelled", "third"));
}

TEST(ServerLocks, ATurnThatComesJustAsItsWaiterLeavesIsHandedOn) {
  Scene scene;
  std::stop_source stop;
  auto first = scene.start("first", 1);
  auto second = scene.start("second", 1, io::Deadline::never().with(stop.get_token()));
  auto third = scene.start("third", 1);
  scene.step();
  // Both happen before the loop runs again.
  first.complete(Result<void>());
  stop.request_stop();
  second.complete(Result<void>());
  third.complete(Result<void>());
  scene.run_until(3);
  EXPECT_EQ(scene.order.back(), "third");
}

TEST(ServerLocks, AnEmptyDeadlineLeavesAtOnceAndTheLockIsFreeAgain) {
  Scene scene;
  auto first = scene.start("first", 1);
  auto late = scene.start("late", 1, io::Deadline::after(Duration(0)));
  scene.run_until(1);
  first.complete(Result<void>());
  scene.run_until(2);
  auto next = scene.start("next", 1);
  next.complete(Result<void>());
  scene.run_until(3);
  EXPECT_THAT(scene.order, ElementsAre("first", "late left: deadline_exceeded", "next"));
}

}  // namespace
}  // namespace ipam::test
