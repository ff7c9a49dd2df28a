// LevelModel: what is learnt of a series of daily peaks: weekday effects, the level now, the trend, and how far things stray. Thread rule: pure
// functions.
#pragma once

#include "forecast/forecast.h"

#include <array>
#include <random>

namespace ipam::forecast {

struct LevelModel {
  std::int64_t last_day = 0;
  double level = 0;        // on the last day, without the weekday
  double level_error = 0;  // of that, one standard deviation
  double growth = 0;       // a day
  double growth_error = 0;
  double wander = 0;                 // how far the level strays from the trend in one day, one standard deviation
  std::array<double, 7> weekdays{};  // what each adds; day 0 is that of 1970-01-01
  std::vector<double> residuals;     // of single days, as they were

  double weekday(std::int64_t day) const { return weekdays[static_cast<std::size_t>(((day % 7) + 7) % 7)]; }
};

// Needs kLeastDays peaks over kLeastSpan days, in order.
LevelModel learn(std::span<const DailyPeak> peaks);

// The day on which `limit` is reached in one future that the model thinks possible; nothing within `days`.
std::optional<std::int64_t> draw_day(const LevelModel& model, double limit, int days, std::mt19937_64& random);

double median(std::vector<double> values);

}  // namespace ipam::forecast
