// Made series of daily peaks whose future is known. The same seed makes the same series.
#pragma once

#include "forecast/forecast.h"

#include <string_view>

namespace ipam::forecast {

enum class SeriesKind { Steady, Wandering, OfficeWeek, Outliers, Gaps, Steps, Bend, Flat, Shrinking };
std::string_view to_string(SeriesKind kind);
inline constexpr SeriesKind kAllSeries[] = {SeriesKind::Steady, SeriesKind::Wandering, SeriesKind::OfficeWeek, SeriesKind::Outliers, SeriesKind::Gaps,
                                            SeriesKind::Steps,  SeriesKind::Bend,      SeriesKind::Flat,       SeriesKind::Shrinking};

std::vector<DailyPeak> make_series(SeriesKind kind, int days, std::uint64_t seed);

}  // namespace ipam::forecast
