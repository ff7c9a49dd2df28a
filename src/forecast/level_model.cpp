#include "forecast/level_model.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace ipam::forecast {
namespace {

// The median of distances as a standard deviation, were they normal.
constexpr double kMadToDeviation = 1.4826;
// A difference over so many weeks tells wandering from noise.
constexpr std::size_t kLongWeeks = 4;

double square(double value) { return value * value; }

// Theil and Sen: the median of the slopes of all pairs.
double slope_of(const std::vector<std::pair<double, double>>& points) {
  std::vector<double> slopes;
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (std::size_t j = i + 1; j < points.size(); ++j) slopes.push_back((points[j].second - points[i].second) / (points[j].first - points[i].first));
  }
  return slopes.empty() ? 0 : median(std::move(slopes));
}

// What each weekday differs from the days around it, by the median of its weeks.
std::array<double, 7> weekday_effects(std::span<const DailyPeak> peaks) {
  std::array<std::vector<double>, 7> differences;
  for (std::size_t i = 0; i < peaks.size(); ++i) {
    std::vector<double> around;
    for (std::size_t j = i >= 3 ? i - 3 : 0; j < peaks.size() && peaks[j].day <= peaks[i].day + 3; ++j) {
      if (peaks[j].day >= peaks[i].day - 3) around.push_back(peaks[j].used);
    }
    // At an end the days on one side alone would lend the trend to the weekday.
    if (around.size() == 7) differences[static_cast<std::size_t>(((peaks[i].day % 7) + 7) % 7)].push_back(peaks[i].used - median(around));
  }
  std::array<double, 7> effects{};
  for (std::size_t i = 0; i < 7; ++i) {
    if (differences[i].size() >= 3) effects[i] = median(differences[i]);
  }
  return effects;
}

struct Week {
  double place = 0;  // in weeks before the last day, negative: the middle of its days
  double level = 0;
};

// The variance of what k weeks differ by, beyond the trend; nothing when there are too few pairs.
std::optional<double> variance_over(const std::map<int, Week>& weeks, std::size_t k, double growth) {
  std::vector<double> distances;
  for (const auto& [number, week] : weeks) {
    const auto later = weeks.find(number + static_cast<int>(k));
    if (later != weeks.end()) distances.push_back(std::abs(later->second.level - week.level - growth * (later->second.place - week.place)));
  }
  if (distances.size() < 3) return std::nullopt;
  // The mean beside the median: levels that mostly stand still and sometimes jump have a median of nothing.
  double sum = 0;
  for (const double distance : distances) sum += square(distance);
  const double robust = square(kMadToDeviation * median(distances));
  return std::max(robust, std::min(sum / static_cast<double>(distances.size()), 4 * robust + 0.25 * sum / static_cast<double>(distances.size())));
}

}  // namespace

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

LevelModel learn(std::span<const DailyPeak> peaks) {
  LevelModel model;
  model.last_day = peaks.back().day;
  model.weekdays = weekday_effects(peaks);

  std::map<int, std::vector<double>> values, places;
  for (const DailyPeak& peak : peaks) {
    const auto age = model.last_day - peak.day;
    const int week = -static_cast<int>(age / 7);
    values[week].push_back(peak.used - model.weekday(peak.day));
    places[week].push_back(-static_cast<double>(age) / 7);
  }
  std::map<int, Week> weeks;
  std::vector<std::pair<double, double>> points;
  for (const auto& [number, of_week] : values) {
    const std::vector<double>& days = places[number];
    double place = 0;
    for (const double each : days) place += each / static_cast<double>(days.size());
    weeks[number] = {place, median(of_week)};
    points.emplace_back(place, weeks[number].level);
  }
  const double growth = slope_of(points);
  const double count = static_cast<double>(points.size());
  // Differences over one week hold twice the noise and one week of wandering; over four weeks twice the noise and four weeks of it.
  const double near = variance_over(weeks, 1, growth).value_or(0), far = variance_over(weeks, kLongWeeks, growth).value_or(near);
  const double wander = std::max(0.0, (far - near) / static_cast<double>(kLongWeeks - 1)), noise = std::max(0.0, (near - wander) / 2);
  // Few weeks know their own spread badly.
  const double doubt = (count + 2) / std::max(1.0, count - 2);
  // Growth itself is not the same for ever: what it changed by between the halves of the weeks is part of its error.
  const std::size_t half = points.size() / 2;
  const double change = slope_of({points.begin(), points.begin() + static_cast<std::ptrdiff_t>(half)}) -
                        slope_of({points.begin() + static_cast<std::ptrdiff_t>(half), points.end()});
  const double growth_variance = doubt * (wander / count + 12 * noise / (count * square(count))) + square(change) / 16;

  std::vector<double> recent;
  for (std::size_t i = points.size() > 3 ? points.size() - 3 : 0; i < points.size(); ++i) {
    recent.push_back(points[i].second - growth * points[i].first);
  }
  model.level = median(recent);
  model.level_error = std::sqrt(doubt * (noise + wander) / 2);
  model.growth = growth / 7;
  model.growth_error = std::sqrt(growth_variance) / 7;
  model.wander = std::sqrt(doubt * wander / 7);
  for (const DailyPeak& peak : peaks) {
    const auto age = model.last_day - peak.day;
    const Week& week = weeks[-static_cast<int>(age / 7)];
    model.residuals.push_back(peak.used - model.weekday(peak.day) - week.level - growth * (-static_cast<double>(age) / 7 - week.place));
  }
  return model;
}

std::optional<std::int64_t> draw_day(const LevelModel& model, double limit, int days, std::mt19937_64& random) {
  std::normal_distribution<double> normal;
  std::uniform_int_distribution<std::size_t> any(0, model.residuals.size() - 1);
  double level = model.level + model.level_error * normal(random);
  const double growth = model.growth + model.growth_error * normal(random);
  for (int i = 1; i <= days; ++i) {
    level += growth;
    if (model.wander > 0) level += model.wander * normal(random);
    const std::int64_t day = model.last_day + i;
    if (level + model.weekday(day) + model.residuals[any(random)] >= limit) return day;
  }
  return std::nullopt;
}

}  // namespace ipam::forecast
