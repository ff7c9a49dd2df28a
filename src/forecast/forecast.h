// Forecast: when a measure that is followed day by day reaches a level, as a range of dates that holds the truth with a stated probability.
//
//   const auto peaks = daily_peaks(samples);
//   const Forecast when = forecast(peaks, {.level = 0.9});
//
// Days are counted from 1970-01-01 (UTC). Used and capacity are in the same unit, whatever that is (addresses, /64s). The method is described in
// docs/forecast.md. Thread rule: pure functions; the same input gives the same answer.
#pragma once

#include "base/clock.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ipam::forecast {

struct Sample {
  Time at{};
  double used = 0;
  double capacity = 0;
};

struct DailyPeak {
  std::int64_t day = 0;
  double used = 0;
  double capacity = 0;  // at that time
};

// The highest use of each day, in order of the days; a day without a sample is left out. Of samples that are no numbers nothing is taken.
std::vector<DailyPeak> daily_peaks(std::span<const Sample> samples);

struct Options {
  double level = 1.0;     // the share of the newest capacity that is asked about
  double coverage = 0.8;  // how probable it is that the truth lies within the range
  int horizon_days = 365;
};

enum class Answer {
  TooLittleData,     // fewer than kLeastDays days, or they span less than kLeastSpan
  Reached,           // on the last day
  NotWithinHorizon,  // it is less probable than (1 - coverage) / 2 that the level is reached within the horizon
  Within,            // between `earliest` and `latest`
};

struct Forecast {
  Answer answer = Answer::TooLittleData;
  std::int64_t earliest = 0;             // of Within: a day
  std::optional<std::int64_t> expected;  // as probable before as after; nothing: beyond the horizon
  std::optional<std::int64_t> latest;    // nothing: beyond the horizon, or never
  double coverage = 0;                   // what was asked for
  double growth_a_week = 0;              // the trend, in units of use
  double probability = 0;                // of reaching the level within the horizon
  std::size_t days = 0;                  // that were looked at
  std::int64_t horizon = 0;              // the last day that was looked at
};

inline constexpr std::size_t kLeastDays = 14;
inline constexpr std::int64_t kLeastSpan = 28;
// Older days say little of what comes.
inline constexpr std::int64_t kMostSpan = 26 * 7;

// `peaks` in order of their days.
Forecast forecast(std::span<const DailyPeak> peaks, const Options& options = {});

// "between 2027-01-03 and 2027-02-11 (80 %)", "not before 2027-12-01", …: for people.
std::string describe(const Forecast& forecast);
// "2027-01-03".
std::string day_text(std::int64_t day);

// What came of forecasts that were made without the last weeks and then compared with them.
struct BackTest {
  std::size_t forecasts = 0;
  std::size_t covered = 0;      // the truth lay within the range
  std::size_t not_reached = 0;  // the truth: not within the weeks held out
  double width_days = 0;        // sum of the widths; an open end counts up to the horizon
  double coverage() const { return forecasts == 0 ? 0 : static_cast<double>(covered) / static_cast<double>(forecasts); }
  double mean_width() const { return forecasts == 0 ? 0 : width_days / static_cast<double>(forecasts); }
  BackTest& operator+=(const BackTest& other);
};

// Makes a forecast at the end of each week but the last `held_out_weeks` (as long as there is enough before it) and asks when a level is reached that
// the trend would reach in the middle of the weeks held out. The level is chosen without a look at those.
BackTest back_test(std::span<const DailyPeak> peaks, int held_out_weeks, double coverage = 0.8);

}  // namespace ipam::forecast
