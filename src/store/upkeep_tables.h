// The table of model/expiry_notice.h. Thread rule: as store/table.h.
#pragma once

#include "model/expiry_notice.h"
#include "store/table.h"

namespace ipam::store {

template <>
struct TableInfo<model::ExpiryNotice> {
  static constexpr std::string_view name = "expiry_notice";
  static constexpr std::size_t key_columns = 1;
  static constexpr bool versioned = false;
};

}  // namespace ipam::store
