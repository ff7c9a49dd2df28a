// The table of model/saved_search.h. Thread rule: as store/table.h.
#pragma once

#include "model/saved_search.h"
#include "store/table.h"

namespace ipam::store {

template <>
struct TableInfo<model::SavedSearch> {
  static constexpr std::string_view name = "saved_search";
  static constexpr std::size_t key_columns = 1;
  static constexpr bool versioned = false;
};

}  // namespace ipam::store
