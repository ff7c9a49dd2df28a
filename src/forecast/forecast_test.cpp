#include "forecast/forecast.h"

#include "forecast/series_suite.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

namespace ipam::forecast {
namespace {

using ::testing::HasSubstr;

std::vector<DailyPeak> line(int days, double start, double growth, double capacity = 1'000) {
  std::vector<DailyPeak> peaks;
  for (int i = 0; i < days; ++i) peaks.push_back({20'000 + i, start + growth * i, capacity});
  return peaks;
}

Time at(std::int64_t day, int hour) { return Time(std::chrono::days(day) + std::chrono::hours(hour)); }

TEST(DailyPeaks, AreTheHighestOfEachDay) {
  const double none = std::numeric_limits<double>::quiet_NaN();
  const std::vector<Sample> samples{{at(3, 5), 7, 10}, {at(1, 2), 4, 10}, {at(1, 23), 6, 11}, {at(1, 12), 5, 10}, {at(2, 0), none, 10}};
  const auto peaks = daily_peaks(samples);
  ASSERT_EQ(peaks.size(), 2U);
  EXPECT_EQ(peaks[0].day, 1);
  EXPECT_EQ(peaks[0].used, 6);
  EXPECT_EQ(peaks[0].capacity, 11);
  EXPECT_EQ(peaks[1].day, 3);
}

TEST(Forecast, TooLittleDataIsSaid) {
  EXPECT_EQ(forecast({}).answer, Answer::TooLittleData);
  EXPECT_EQ(forecast(line(27, 10, 1)).answer, Answer::TooLittleData);
  EXPECT_THAT(describe(forecast(line(9, 10, 1))), HasSubstr("too little data: 9 of 14 days"));
  std::vector<DailyPeak> sparse;
  for (int i = 0; i < 13; ++i) sparse.push_back({20'000 + 7 * i, 10.0 * i, 1'000});
  EXPECT_EQ(forecast(sparse).answer, Answer::TooLittleData);
}

TEST(Forecast, WhatIsFullIsReached) {
  auto peaks = line(5, 995, 2);
  const Forecast now = forecast(peaks);
  EXPECT_EQ(now.answer, Answer::Reached);
  EXPECT_EQ(now.earliest, peaks.back().day);
  EXPECT_EQ(describe(now), "reached already");
}

TEST(Forecast, ALineIsHitOnItsDay) {
  // 500 + 2 a day: 1 000 on day 250; 900 on day 200.
  const auto peaks = line(100, 500, 2);
  const Forecast full = forecast(peaks), most = forecast(peaks, {.level = 0.9});
  ASSERT_EQ(full.answer, Answer::Within);
  EXPECT_NEAR(static_cast<double>(*full.expected), 20'250, 2);
  EXPECT_NEAR(static_cast<double>(*most.expected), 20'200, 2);
  EXPECT_LE(full.earliest, *full.expected);
  EXPECT_LE(*full.expected, *full.latest);
  EXPECT_LE(*full.latest - full.earliest, 3);
  EXPECT_NEAR(full.growth_a_week, 14, 0.01);
  EXPECT_THAT(describe(full), HasSubstr("between " + day_text(full.earliest) + " and "));
}

TEST(Forecast, ALargerCapacityPutsItOff) {
  auto peaks = line(100, 500, 2);
  const auto before = *forecast(peaks).expected;
  for (std::size_t i = 90; i < peaks.size(); ++i) peaks[i].capacity = 1'100;
  EXPECT_NEAR(static_cast<double>(*forecast(peaks).expected - before), 50, 2);
}

TEST(Forecast, WhatDoesNotGrowIsNotReachedWithinTheHorizon) {
  for (const double growth : {0.0, -1.0}) {
    const Forecast result = forecast(line(100, 500, growth));
    EXPECT_EQ(result.answer, Answer::NotWithinHorizon);
    EXPECT_EQ(result.probability, 0);
    EXPECT_EQ(result.horizon, 20'099 + 365);
    EXPECT_EQ(describe(result), "not before " + day_text(20'099 + 365));
  }
  EXPECT_EQ(forecast(line(100, 100, 0.1), {.horizon_days = 30}).answer, Answer::NotWithinHorizon);
}

TEST(Forecast, TheDayOfTheWeekCounts) {
  // 100 more on each seventh day: the limit is reached on one of those, long before the other days do.
  auto peaks = line(120, 500, 2);
  for (DailyPeak& peak : peaks) peak.used += peak.day % 7 == 3 ? 100 : 0;
  const Forecast result = forecast(peaks);
  ASSERT_EQ(result.answer, Answer::Within);
  EXPECT_EQ(*result.expected % 7, 3);
  EXPECT_NEAR(static_cast<double>(*result.expected), 20'200, 7);
}

TEST(Forecast, DaysWithoutUseDoNotMoveIt) {
  auto peaks = line(100, 500, 2);
  for (const std::size_t day : {20U, 60U, 61U, 95U}) peaks[day].used = 0;
  const Forecast result = forecast(peaks);
  ASSERT_EQ(result.answer, Answer::Within);
  EXPECT_NEAR(static_cast<double>(*result.expected), 20'250, 3);
}

TEST(Forecast, APeakThatCameOnceMayComeAgain) {
  auto peaks = line(100, 500, 2);
  peaks[20].used += 150;
  const Forecast result = forecast(peaks);
  ASSERT_EQ(result.answer, Answer::Within);
  // The level alone gets there on day 250; with such a peak from day 175 on.
  EXPECT_GE(result.earliest, 20'170);
  EXPECT_LT(*result.expected, 20'250);
  EXPECT_NEAR(result.growth_a_week, 14, 0.1);
}

TEST(Forecast, AnOpenEndIsSaidAsSuch) {
  const auto peaks = make_series(SeriesKind::Wandering, 100, 3);
  auto near = peaks;
  for (DailyPeak& peak : near) peak.capacity = peaks.back().used + 150;
  const Forecast result = forecast(near, {.horizon_days = 60});
  ASSERT_EQ(result.answer, Answer::Within);
  ASSERT_FALSE(result.latest);
  EXPECT_LT(result.probability, 0.9);
  EXPECT_THAT(describe(result), HasSubstr("probable by " + day_text(result.horizon)));
}

TEST(Forecast, TheSameInputGivesTheSameAnswer) {
  const auto peaks = make_series(SeriesKind::Wandering, 200, 7);
  const Forecast a = forecast(peaks), b = forecast(peaks);
  EXPECT_EQ(a.earliest, b.earliest);
  EXPECT_EQ(a.latest, b.latest);
  EXPECT_EQ(a.probability, b.probability);
}

TEST(Forecast, DaysAreWritten) {
  EXPECT_EQ(day_text(0), "1970-01-01");
  EXPECT_EQ(day_text(20'819), "2027-01-01");
}

// Of weeks that were held out the stated share is hit, and not by saying nothing: the ranges are narrower than the weeks.
class BackTested : public testing::TestWithParam<SeriesKind> {};

TEST_P(BackTested, CoversWhatItStates) {
  constexpr int kWeeks = 8;
  BackTest result;
  for (std::uint64_t seed = 1'000; seed < 1'012; ++seed) result += back_test(make_series(GetParam(), 300, seed), kWeeks);
  ASSERT_GT(result.forecasts, 100U);
  EXPECT_GE(result.coverage(), 0.70) << to_string(GetParam());
  EXPECT_LE(result.mean_width(), GetParam() == SeriesKind::Steps ? 50 : 40);
  if (GetParam() == SeriesKind::Steady) {
    EXPECT_LE(result.mean_width(), 20);
  }
}

INSTANTIATE_TEST_SUITE_P(MadeSeries, BackTested, testing::ValuesIn(kAllSeries));

TEST(ForecastBackTest, AllTogetherAreNearTheStatedCoverage) {
  for (const double stated : {0.5, 0.8}) {
    BackTest result;
    for (const SeriesKind kind : kAllSeries) {
      for (std::uint64_t seed = 2'000; seed < 2'006; ++seed) result += back_test(make_series(kind, 300, seed), 8, stated);
    }
    EXPECT_NEAR(result.coverage(), stated, 0.10);
  }
}

TEST(ForecastBackTest, SeriesThatAreTooShortGiveNoForecast) {
  EXPECT_EQ(back_test(line(60, 10, 1), 8).forecasts, 0U);
  EXPECT_EQ(back_test({}, 8).forecasts, 0U);
}

}  // namespace
}  // namespace ipam::forecast
