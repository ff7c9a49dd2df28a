// A line of events to an Event. Thread rule: pure functions.
#pragma once

#include "wire/dhcp_audit_log/columns.h"
#include "wire/dhcp_audit_log/legend.h"

namespace ipam::wire::dhcp_audit_log {

using log_lines::DateOrder;

struct RowSettings {
  const Columns& columns;
  const Legend& legend;
  std::optional<std::chrono::local_days> expected_day;
};

// Whether the line may be an event: its id is a number, or its date begins with one.
bool looks_like_row(std::string_view line, const Columns& columns);

// Fills `event` (all but its place) from the line. Answers what is wrong with it, a literal, or nothing. `order`: see read_date.
//
// The server does not quote: a comma in a name makes a column too many. Then the column that holds it is found by what fits into the others; where
// two would fit, the line is refused, so that no client can choose which hardware address is believed. A line with fewer columns than the header is
// taken when it goes beyond everything that says who had which address; its last column may be cut and is left out.
std::string_view read_row(std::string_view line, const RowSettings& settings, DateOrder& order, Event& event);

}  // namespace ipam::wire::dhcp_audit_log
