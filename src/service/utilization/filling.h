// What will be full soon: the objects of a kind that are, or more probably than not will be, at a level of use within a time.
// Errors: those of UtilizationHistory. Thread rule: any thread that may block on the database.
#pragma once

#include "service/utilization/utilization_history.h"

namespace ipam::service {

struct FillingQuestion {
  model::MeasuredKind kind = model::MeasuredKind::Subnet;
  std::int64_t days = 7;  // from today on
  double level = 1.0;     // the share of the capacity
  std::optional<model::Id<model::AddressSpace>> space;
  std::uint64_t after_id = 0;  // objects behind this one
  std::size_t limit = 50;
};

struct FillingObject {
  std::uint64_t id = 0;
  std::string name;
  model::Id<model::AddressSpace> space_id;
  forecast::Forecast when;
};

struct FillingPage {
  std::vector<FillingObject> items;  // in the order of their ids
  std::uint64_t next_after = 0;      // 0: that were all
};

// Objects that one page looks at, at most; it may end there before `limit`.
inline constexpr std::size_t kMaxForecasts = 2'000;

Result<FillingPage> find_filling(store::Store& store, UtilizationHistory& history, const Principal& principal, const FillingQuestion& question,
                                 Time now);

}  // namespace ipam::service
