#include "service/access/rate_limiter.h"

#include <gtest/gtest.h>

namespace ipam::service {
namespace {

class Limiting : public testing::Test {
 protected:
  int seconds_ = 0;
  ManualClock clock_{parse_time("2026-11-23T08:00:00Z").value()};
  RateLimiter limiter_{clock_, {10, 40}, "this address"};

  int take_all(const std::string& key) {
    int taken = 0;
    while (limiter_.take(key, &seconds_).ok()) ++taken;
    return taken;
  }
};

TEST_F(Limiting, GivesABurstAndThenSoManyASecond) {
  EXPECT_EQ(take_all("a"), 40);
  clock_.advance(std::chrono::seconds(1));
  EXPECT_EQ(take_all("a"), 10);
  clock_.advance(std::chrono::hours(1));
  EXPECT_EQ(take_all("a"), 40);
}

TEST_F(Limiting, KeepsThemApart) {
  take_all("a");
  EXPECT_EQ(take_all("b"), 40);
}

TEST_F(Limiting, SaysWhenToComeAgain) {
  RateLimiter slow(clock_, {0.1, 1}, "this user");
  EXPECT_TRUE(slow.take("a", &seconds_).ok());
  const auto refused = slow.take("a", &seconds_);
  EXPECT_EQ(refused.error().code, ErrorCode::Overloaded);
  EXPECT_EQ(seconds_, 10);
}

TEST_F(Limiting, NoRateIsNoLimit) {
  RateLimiter none(clock_, {0, 0}, "this user");
  for (int i = 0; i < 10'000; ++i) EXPECT_TRUE(none.take("a", &seconds_).ok());
}

TEST_F(Limiting, ABoundedNumberIsRememberedAndWhoIsOverTheLimitStaysSo) {
  take_all("a");
  for (std::size_t i = 0; i < RateLimiter::kMaxBuckets / 2; ++i) {
    ASSERT_TRUE(limiter_.take("x" + std::to_string(i), &seconds_).ok());
  }
  EXPECT_FALSE(limiter_.take("a", &seconds_).ok());
}

}  // namespace
}  // namespace ipam::service
