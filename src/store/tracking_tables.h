// The tables of model/tracking.h. Thread rule: as store/table.h.
#pragma once

#include "model/tracking.h"
#include "store/table.h"

namespace ipam::store {

template <>
struct TableInfo<model::LeaseInterval> {
  static constexpr std::string_view name = "lease_interval";
  static constexpr std::size_t key_columns = 3;
  static constexpr bool versioned = false;
};
template <>
struct TableInfo<model::TrackingQuery> {
  static constexpr std::string_view name = "tracking_query";
  static constexpr std::size_t key_columns = 1;
  static constexpr bool versioned = false;
};

}  // namespace ipam::store
