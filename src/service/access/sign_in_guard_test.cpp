#include "service/access/sign_in_guard.h"

#include <gtest/gtest.h>

namespace ipam::service {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class Guarding : public testing::Test {
 protected:
  ManualClock clock_{parse_time("2026-11-23T08:00:00Z").value()};
  SignInLimits limits_;
  SignInGuard guard_{clock_, limits_};
  int seconds_ = 0;

  bool free(const std::string& name, const std::string& address, bool at_home = false) {
    const auto begun = guard_.begin(
        name, address, [=] { return at_home; }, &seconds_);
    if (begun.ok()) guard_.abandoned(name, address);
    return begun.ok();
  }
  // Fails as soon as it may; answers how long it waited.
  Duration fail(const std::string& name, const std::string& address) {
    const Time start = clock_.now();
    while (!guard_
                .begin(
                    name, address, [] { return false; }, &seconds_)
                .ok())
      clock_.advance(seconds(1));
    guard_.failed(name, address);
    return clock_.now() - start;
  }
};

TEST_F(Guarding, AFewFailuresCostNothingThenTheWaitDoublesUpToItsLimit) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(fail("alice", "10.0.0.1"), seconds(0)) << i;
  for (const Duration wait : {Duration(seconds(5)), Duration(seconds(10)), Duration(seconds(20)), Duration(seconds(40))})
    EXPECT_EQ(fail("alice", "10.0.0.1"), wait);
  for (int i = 0; i < 10; ++i) fail("alice", "10.0.0.1");
  EXPECT_EQ(fail("alice", "10.0.0.1"), minutes(15));
}

TEST_F(Guarding, TellsHowLongToWait) {
  for (int i = 0; i < 5; ++i) fail("alice", "10.0.0.1");
  const auto refused = guard_.begin(
      "alice", "10.0.0.2", [] { return false; }, &seconds_);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::Overloaded);
  EXPECT_EQ(seconds_, 5);
  EXPECT_EQ(refused.error().message, "too many sign-ins have failed; try again in 5s");
}

TEST_F(Guarding, ANameWaitsFromEveryAddressButWhereItsUserIsSignedIn) {
  for (int i = 0; i < 5; ++i) fail("alice", "10.0.0.1");
  EXPECT_FALSE(free("alice", "10.9.9.9"));
  EXPECT_TRUE(free("alice", "10.9.9.9", true));
  EXPECT_TRUE(free("bob", "10.0.0.1"));
}

TEST_F(Guarding, AnAddressThatTriesManyNamesWaitsForAllOfThem) {
  for (int i = 0; i < 25; ++i) fail("name" + std::to_string(i), "2001:db8::" + std::to_string(i + 1));
  EXPECT_FALSE(free("fresh", "2001:db8::ffff")) << "the /64 is one client";
  EXPECT_FALSE(free("fresh", "2001:db8::ffff", true));
  EXPECT_TRUE(free("fresh", "2001:db8:0:1::1"));
}

TEST_F(Guarding, ARightPasswordForgetsTheNameButNotTheAddress) {
  for (int i = 0; i < 4; ++i) fail("alice", "10.0.0.1");
  ASSERT_TRUE(guard_
                  .begin(
                      "alice", "10.0.0.1", [] { return false; }, &seconds_)
                  .ok());
  guard_.succeeded("alice", "10.0.0.1");
  const auto changes = guard_.take_changes();
  ASSERT_EQ(changes.changed.size(), 1U);
  EXPECT_EQ(changes.changed.front().subject, "10.0.0.1");
  EXPECT_EQ(changes.erased.size(), 1U);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(fail("alice", "10.0.0.1"), seconds(0));
}

TEST_F(Guarding, GuessesSideBySideAreNotManyForThePriceOfOne) {
  std::size_t begun = 0;
  for (int i = 0; i < 100; ++i)
    begun += guard_.begin(
                       "alice", "10.0.0." + std::to_string(i), [] { return false; }, &seconds_)
                     .ok()
                 ? 1
                 : 0;
  EXPECT_EQ(begun, SignInGuard::kMaxUnderWay);
  for (std::size_t i = 0; i < begun; ++i) guard_.failed("alice", "10.0.0." + std::to_string(i));
  clock_.advance(hours(1));
  EXPECT_TRUE(guard_
                  .begin(
                      "alice", "10.0.1.1", [] { return false; }, &seconds_)
                  .ok());
  EXPECT_FALSE(guard_
                   .begin(
                       "alice", "10.0.1.2", [] { return false; }, &seconds_)
                   .ok())
      << "once there are failures, one at a time";
}

TEST_F(Guarding, ForgetsWithTime) {
  for (int i = 0; i < 5; ++i) fail("alice", "10.0.0.1");
  guard_.take_changes();
  clock_.advance(hours(24));
  EXPECT_EQ(guard_.take_changes().erased.size(), 2U);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(fail("alice", "10.0.0.1"), seconds(0));
}

TEST_F(Guarding, KeepsItsCountOverARestart) {
  for (int i = 0; i < 5; ++i) fail("alice", "10.0.0.1");
  SignInGuard after(clock_, limits_);
  after.load(guard_.take_changes().changed);
  EXPECT_FALSE(after
                   .begin(
                       "alice", "10.0.0.2", [] { return false; }, &seconds_)
                   .ok());
}

TEST_F(Guarding, IsLifted) {
  for (int i = 0; i < 5; ++i) fail("alice", "10.0.0.1");
  for (const auto& row : guard_.take_changes().changed) {
    if (row.kind == model::LockoutKind::UserName) guard_.lift(row.id);
  }
  EXPECT_TRUE(free("alice", "10.0.0.2"));
}

TEST_F(Guarding, WhatItKeepsIsBoundedAndTheLongestForgottenGoes) {
  for (int i = 0; i < 5; ++i) fail("alice", "10.0.0.1");
  clock_.advance(seconds(1));
  std::vector<model::Lockout> before;
  for (std::uint64_t i = 1; i < SignInGuard::kMaxSubjects; ++i)
    before.push_back({{i}, model::LockoutKind::UserName, "of-before-" + std::to_string(i), 1, clock_.now(), {}});
  guard_.load(std::move(before));
  for (int i = 0; i < 100; ++i) {
    clock_.advance(seconds(1));
    fail("made-up-" + std::to_string(i), "10.1." + std::to_string(i / 250 % 250) + "." + std::to_string(i % 250));
  }
  std::size_t stored = 0;
  const auto changes = guard_.take_changes();
  stored += changes.changed.size();
  EXPECT_LE(stored, SignInGuard::kMaxSubjects);
  EXPECT_TRUE(free("alice", "10.0.0.1"));
}

TEST_F(Guarding, WhoFailedTheLongestAgoAndHasNoAttemptUnderWayGoesFirst) {
  std::vector<model::Lockout> before;
  for (std::uint64_t i = 1; i <= SignInGuard::kMaxSubjects; ++i) {
    const Time at = clock_.now() - minutes(1) + std::chrono::milliseconds(i);
    before.push_back({{i}, model::LockoutKind::UserName, "n" + std::to_string(i), 1, at, {}});
  }
  guard_.load(std::move(before));
  const auto begin = [&](const std::string& name) {
    ASSERT_TRUE(guard_
                    .begin(
                        name, "10.0.0.1", [] { return false; }, &seconds_)
                    .ok());
  };
  const auto gone = [&] {
    std::vector<std::uint64_t> ids;
    for (const auto id : guard_.take_changes().erased) ids.push_back(id.value);
    return ids;
  };
  using Ids = std::vector<std::uint64_t>;
  // Room is needed for its address; it itself has an attempt under way.
  begin("n1");
  EXPECT_EQ(gone(), Ids{2});
  // Who fails again goes to the end of the line.
  begin("n3");
  guard_.failed("n3", "10.0.0.1");
  begin("fresh");
  EXPECT_EQ(gone(), Ids{4});
  guard_.abandoned("n1", "10.0.0.1");
  begin("fresher");
  EXPECT_EQ(gone(), Ids{1});
  begin("freshest");
  EXPECT_EQ(gone(), Ids{5});
}

}  // namespace
}  // namespace ipam::service
