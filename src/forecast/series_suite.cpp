#include "forecast/series_suite.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace ipam::forecast {

std::string_view to_string(SeriesKind kind) {
  switch (kind) {
    case SeriesKind::Steady: return "steady growth";
    case SeriesKind::Wandering: return "wandering growth";
    case SeriesKind::OfficeWeek: return "office week";
    case SeriesKind::Outliers: return "outliers";
    case SeriesKind::Gaps: return "gaps";
    case SeriesKind::Steps: return "steps";
    case SeriesKind::Bend: return "growth that changes";
    case SeriesKind::Flat: return "no growth";
    case SeriesKind::Shrinking: return "shrinking";
  }
  return "";
}

std::vector<DailyPeak> make_series(SeriesKind kind, int days, std::uint64_t seed) {
  std::mt19937_64 random(seed * 31 + static_cast<std::uint64_t>(kind));
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> any(0, 1);
  const double noise = 5 + 10 * any(random);
  double growth = 0.5 + 2 * any(random), level = 300 + 400 * any(random);
  if (kind == SeriesKind::Flat) growth = 0;
  if (kind == SeriesKind::Shrinking) growth = -growth / 2;
  const double wander = kind == SeriesKind::Wandering ? 3 + 5 * any(random) : 0;
  const int bend = static_cast<int>(days * (0.3 + 0.4 * any(random)));
  std::vector<DailyPeak> series;
  for (int day = 0; day < days; ++day) {
    if (kind == SeriesKind::Bend && day == bend) growth *= 0.3 + 1.4 * any(random);
    // A department moves in about once in five weeks; in between nothing changes.
    if (kind == SeriesKind::Steps) {
      if (any(random) < 1.0 / 35) level += growth * 35 * (0.5 + any(random));
    } else {
      level += growth + wander * normal(random);
    }
    double used = level + noise * normal(random);
    const int weekday = (day + 20'000) % 7;
    if (kind == SeriesKind::OfficeWeek && (weekday == 2 || weekday == 3)) used -= 0.35 * level;
    if (kind == SeriesKind::Outliers && any(random) < 0.04) used += (any(random) < 0.5 ? -1 : 1) * 150 * any(random);
    if (kind == SeriesKind::Gaps && any(random) < 0.3) continue;
    series.push_back({day + 20'000, std::max(0.0, std::round(used)), 4'000});
  }
  return series;
}

}  // namespace ipam::forecast
