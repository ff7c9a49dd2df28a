// The custom fields, values and logical groups that are there from the first start: Microsoft's own, under their numbers (MS-IPAMM2, sections
// 3.1.1.1.14 to 3.1.1.1.16). Thread rule: constants.
#pragma once

#include "model/custom_field.h"

#include <span>
#include <string_view>
#include <vector>

namespace ipam::service {

struct BuiltInFieldRow {
  std::uint32_t number = 0;
  std::string_view name;
  std::string_view description;
  std::span<const std::string_view> values;
};
std::span<const BuiltInFieldRow> built_in_fields();

struct BuiltInGroupRow {
  std::string_view name;
  model::GroupedKind kind = model::GroupedKind::Subnet;
  std::vector<std::uint32_t> fields;  // numbers, the top first
  std::string_view description;
};
const std::vector<BuiltInGroupRow>& built_in_groups();

}  // namespace ipam::service
