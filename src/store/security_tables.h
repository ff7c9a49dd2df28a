// The tables of model/security.h. Thread rule: as store/table.h.
#pragma once

#include "model/security.h"
#include "store/table.h"

namespace ipam::store {

template <>
struct TableInfo<model::SessionUse> {
  static constexpr std::string_view name = "session_use";
  static constexpr std::size_t key_columns = 1;
  static constexpr bool versioned = false;
};
template <>
struct TableInfo<model::Lockout> {
  static constexpr std::string_view name = "lockout";
  static constexpr std::size_t key_columns = 1;
  static constexpr bool versioned = false;
};
template <>
struct TableInfo<model::Refusal> {
  static constexpr std::string_view name = "refusal";
  static constexpr std::size_t key_columns = 1;
  static constexpr bool versioned = false;
};

}  // namespace ipam::store
