#include "forecast/forecast.h"

#include "forecast/level_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ipam::forecast {
namespace {

constexpr std::size_t kFutures = 400;
constexpr std::uint64_t kSeed = 20'261'127;

std::int64_t day_of(Time at) { return std::chrono::floor<std::chrono::days>(at).time_since_epoch().count(); }

// The newest days that count.
std::span<const DailyPeak> newest(std::span<const DailyPeak> peaks) {
  if (peaks.empty()) return peaks;
  const std::int64_t from = peaks.back().day - kMostSpan + 1;
  const auto first = std::find_if(peaks.begin(), peaks.end(), [&](const DailyPeak& peak) { return peak.day >= from; });
  return peaks.subspan(static_cast<std::size_t>(first - peaks.begin()));
}

bool is_enough(std::span<const DailyPeak> peaks) { return peaks.size() >= kLeastDays && peaks.back().day - peaks.front().day + 1 >= kLeastSpan; }

// Whether no future that is worth drawing comes near the limit: saves the drawing for the many that are far from full.
bool is_far(const LevelModel& model, double limit, int days) {
  constexpr double kFar = 6;
  const double most = std::max(0.0, *std::max_element(model.residuals.begin(), model.residuals.end())) +
                      *std::max_element(model.weekdays.begin(), model.weekdays.end());
  const double growth = std::max(0.0, model.growth + kFar * model.growth_error) * days;
  return model.level + kFar * model.level_error + growth + kFar * model.wander * std::sqrt(days) + most < limit;
}

Forecast forecast_of(const LevelModel& model, double limit, const Options& options) {
  Forecast result;
  result.coverage = options.coverage;
  result.growth_a_week = model.growth * 7;
  result.horizon = model.last_day + options.horizon_days;
  result.answer = Answer::NotWithinHorizon;
  if (is_far(model, limit, options.horizon_days)) return result;
  std::mt19937_64 random(kSeed);
  std::vector<std::int64_t> days;
  for (std::size_t i = 0; i < kFutures; ++i) {
    if (const auto day = draw_day(model, limit, options.horizon_days, random)) days.push_back(*day);
  }
  std::sort(days.begin(), days.end());
  result.probability = static_cast<double>(days.size()) / static_cast<double>(kFutures);
  // Futures that do not reach the limit come after all that do.
  const auto at = [&](double share) -> std::optional<std::int64_t> {
    const auto place = static_cast<std::size_t>(share * static_cast<double>(kFutures));
    return place < days.size() ? std::optional(days[place]) : std::nullopt;
  };
  const auto earliest = at((1 - options.coverage) / 2);
  if (!earliest) return result;
  result.answer = Answer::Within;
  result.earliest = *earliest;
  result.expected = at(0.5);
  result.latest = at((1 + options.coverage) / 2);
  return result;
}

}  // namespace

std::vector<DailyPeak> daily_peaks(std::span<const Sample> samples) {
  std::vector<DailyPeak> peaks;
  for (const Sample& sample : samples) {
    if (std::isfinite(sample.used) && std::isfinite(sample.capacity)) peaks.push_back({day_of(sample.at), sample.used, sample.capacity});
  }
  // Of a day the highest comes first, and stays.
  std::stable_sort(peaks.begin(), peaks.end(),
                   [](const DailyPeak& a, const DailyPeak& b) { return a.day != b.day ? a.day < b.day : a.used > b.used; });
  peaks.erase(std::unique(peaks.begin(), peaks.end(), [](const DailyPeak& a, const DailyPeak& b) { return a.day == b.day; }), peaks.end());
  return peaks;
}

Forecast forecast(std::span<const DailyPeak> all, const Options& options) {
  const auto peaks = newest(all);
  Forecast result;
  if (!peaks.empty() && peaks.back().used >= options.level * peaks.back().capacity) {
    result.answer = Answer::Reached;
    result.earliest = peaks.back().day;
    result.expected = result.latest = result.earliest;
    result.probability = 1;
  } else if (is_enough(peaks)) {
    result = forecast_of(learn(peaks), options.level * peaks.back().capacity, options);
  }
  result.coverage = options.coverage;
  result.days = peaks.size();
  return result;
}

std::string day_text(std::int64_t day) {
  const std::chrono::sys_days days{std::chrono::days(day)};
  const std::chrono::year_month_day date(days);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::string describe(const Forecast& forecast) {
  const int percent = static_cast<int>(std::lround(forecast.coverage * 100));
  switch (forecast.answer) {
    case Answer::TooLittleData: return fmt::format("too little data: {} of {} days over 4 weeks", forecast.days, kLeastDays);
    case Answer::Reached: return "reached already";
    case Answer::NotWithinHorizon: return fmt::format("not before {}", day_text(forecast.horizon));
    case Answer::Within: break;
  }
  if (forecast.latest) return fmt::format("between {} and {} ({} %)", day_text(forecast.earliest), day_text(*forecast.latest), percent);
  const int probability = static_cast<int>(std::lround(forecast.probability * 100));
  return fmt::format("not before {} ({} %); {} % probable by {}", day_text(forecast.earliest), percent, probability, day_text(forecast.horizon));
}

BackTest& BackTest::operator+=(const BackTest& other) {
  forecasts += other.forecasts;
  covered += other.covered;
  not_reached += other.not_reached;
  width_days += other.width_days;
  return *this;
}

BackTest back_test(std::span<const DailyPeak> peaks, int held_out_weeks, double coverage) {
  BackTest result;
  const int horizon = held_out_weeks * 7;
  for (std::size_t end = peaks.size(); end > 0; --end) {
    const auto known = newest(peaks.first(end));
    const std::int64_t now = known.back().day;
    if (now + horizon > peaks.back().day || (peaks.back().day - horizon - now) % 7 != 0) continue;
    if (!is_enough(known)) break;
    const LevelModel model = learn(known);
    const double limit = std::max(model.level + model.growth * horizon / 2 + *std::max_element(model.weekdays.begin(), model.weekdays.end()),
                                  known.back().used * 1.0001);
    const Forecast made = forecast_of(model, limit, {.coverage = coverage, .horizon_days = horizon});
    std::optional<std::int64_t> truth;
    for (const DailyPeak& peak : peaks.subspan(end)) {
      if (!truth && peak.used >= limit && peak.day <= now + horizon) truth = peak.day;
    }
    const bool within = made.answer == Answer::Within;
    const bool soon_enough = truth ? within && made.earliest <= *truth : true;
    const bool late_enough = !within || !made.latest || (truth && *truth <= *made.latest);
    ++result.forecasts;
    result.covered += soon_enough && late_enough ? 1 : 0;
    result.not_reached += truth ? 0 : 1;
    result.width_days += within ? static_cast<double>(made.latest.value_or(now + horizon) - made.earliest) : 0;
  }
  return result;
}

}  // namespace ipam::forecast
