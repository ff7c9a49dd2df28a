// Cells whose colour says how a thing is. Thread rule: pure functions.
#pragma once

#include "cli/cells.h"
#include "contract/operation.h"
#include "contract/server.h"

namespace ipam::cli {

Cell availability_cell(contract::Availability availability);
Cell result_cell(contract::TaskResult result);
// What the last run of a task came to, a row a server.
std::string draw_task_outcomes(const contract::Task& task, const Style& style);

}  // namespace ipam::cli
