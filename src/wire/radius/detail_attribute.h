// One line of an entry of a detail file. Thread rule: pure functions.
#pragma once

#include "wire/radius/detail_reader.h"

namespace ipam::wire::radius {

// The text of a value: quotes and backslashes taken away. Nothing when a quote does not close.
std::optional<std::string> detail_text(std::string_view value);
// Puts the attribute into its field. Answers what is wrong with it, a literal, or nothing.
std::string_view set_detail_attribute(DetailEntry& entry, std::string_view name, const std::string& text);

}  // namespace ipam::wire::radius
