// The tables of model/interchange.h and model/import_profile.h. Thread rule: as store/table.h.
#pragma once

#include "model/import_profile.h"
#include "store/table.h"

namespace ipam::store {

template <>
struct TableInfo<model::Import> {
  static constexpr std::string_view name = "import";
  static constexpr std::size_t key_columns = 1;
  static constexpr bool versioned = false;
};
template <>
struct TableInfo<model::ImportRow> {
  static constexpr std::string_view name = "import_row";
  static constexpr std::size_t key_columns = 2;
  static constexpr bool versioned = false;
};

template <>
struct TableInfo<model::ImportProfile> {
  static constexpr std::string_view name = "import_profile";
  static constexpr std::size_t key_columns = 1;
  static constexpr bool versioned = false;
};

}  // namespace ipam::store
