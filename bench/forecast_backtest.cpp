// How often the truth lies within the range of dates that the forecast says, and how wide the range is: made series of known truth, weeks held out.
//
//   forecast_backtest [series of each kind]
#include "base/strings.h"
#include "forecast/series_suite.h"

#include <fmt/format.h>

int main(int argc, char** argv) {
  using namespace ipam;            // NOLINT: a program of one file
  using namespace ipam::forecast;  // NOLINT
  const auto count = argc > 1 ? parse_integer<std::uint64_t>(argv[1], 1, 100'000) : std::optional<std::uint64_t>(200);
  if (!count) {
    fmt::print(stderr, "usage: forecast_backtest [series of each kind]\n");
    return 2;
  }
  constexpr int kDays = 400;
  for (const int weeks : {4, 8, 13}) {
    for (const double stated : {0.8, 0.9}) {
      BackTest all;
      fmt::print("{} weeks held out, {:.0f} % stated\n", weeks, stated * 100);
      for (const SeriesKind kind : kAllSeries) {
        BackTest of_kind;
        for (std::uint64_t seed = 0; seed < *count; ++seed) of_kind += back_test(make_series(kind, kDays, seed), weeks, stated);
        fmt::print("  {:<22} {:>7} forecasts  coverage {:5.1f} %  mean width {:5.1f} days  not reached {:4.1f} %\n", to_string(kind),
                   of_kind.forecasts, of_kind.coverage() * 100, of_kind.mean_width(),
                   100.0 * static_cast<double>(of_kind.not_reached) / static_cast<double>(of_kind.forecasts));
        all += of_kind;
      }
      fmt::print("  {:<22} {:>7} forecasts  coverage {:5.1f} %  mean width {:5.1f} days\n", "all", all.forecasts, all.coverage() * 100,
                 all.mean_width());
    }
  }
  return 0;
}
