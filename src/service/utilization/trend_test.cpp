#include "service/utilization/trend.h"

#include <gtest/gtest.h>

namespace ipam::service {
namespace {

using std::chrono::hours;

const Time kStart = parse_time("2026-11-01T00:00:00Z").value();

model::UtilizationSample at(int hour, std::uint64_t used, std::uint64_t capacity = 100) {
  model::UtilizationSample sample;
  sample.at = kStart + hours(hour);
  sample.used = used;
  sample.capacity = capacity;
  return sample;
}

TEST(Trend, ASampleHoldsUntilTheNextOne) {
  const std::vector<model::UtilizationSample> samples{at(0, 10), at(6, 30)};
  const auto trend = trend_of(samples, kStart, kStart + hours(24), 2, kStart + hours(48));
  ASSERT_EQ(trend.size(), 2U);
  EXPECT_DOUBLE_EQ(trend[0].used, 20);  // six hours of 10, six of 30
  EXPECT_DOUBLE_EQ(trend[0].peak, 30);
  EXPECT_DOUBLE_EQ(trend[1].used, 30);
}

TEST(Trend, WhatWasNotMeasuredIsSaidToBeSo) {
  const std::vector<model::UtilizationSample> samples{at(13, 10)};
  const auto trend = trend_of(samples, kStart, kStart + hours(36), 3, kStart + hours(20));
  EXPECT_FALSE(trend[0].measured);
  EXPECT_TRUE(trend[1].measured);
  EXPECT_DOUBLE_EQ(trend[1].used, 10);
  EXPECT_FALSE(trend[2].measured);
}

TEST(Trend, TheSampleBeforeThePeriodHoldsIntoIt) {
  const std::vector<model::UtilizationSample> samples{at(-100, 7)};
  const auto trend = trend_of(samples, kStart, kStart + hours(12), 12, kStart + hours(12));
  for (const TrendBucket& bucket : trend) EXPECT_DOUBLE_EQ(bucket.used, 7);
}

TEST(Trend, ASampleOfThisMomentCounts) {
  const std::vector<model::UtilizationSample> samples{at(5, 42)};
  const auto trend = trend_of(samples, kStart, kStart + hours(24), 1, kStart + hours(5));
  EXPECT_TRUE(trend[0].measured);
  EXPECT_DOUBLE_EQ(trend[0].used, 42);
}

TEST(Peaks, AreTheMostOfEachDayAndDaysWithoutChangeHaveThem) {
  const std::vector<model::UtilizationSample> samples{at(1, 10), at(5, 50), at(6, 20), at(24 * 3 + 1, 5)};
  const auto peaks = peaks_of(samples, kStart + hours(24 * 4));
  ASSERT_EQ(peaks.size(), 5U);
  const std::vector<double> expected{50, 20, 20, 20, 5};
  for (std::size_t i = 0; i < 5; ++i) EXPECT_DOUBLE_EQ(peaks[i].used, expected[i]) << i;
}

TEST(Peaks, OfNothingAreNone) { EXPECT_TRUE(peaks_of({}, kStart).empty()); }

}  // namespace
}  // namespace ipam::service
