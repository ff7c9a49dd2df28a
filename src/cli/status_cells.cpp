#include "cli/status_cells.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::cli {

Cell availability_cell(contract::Availability availability) {
  Cell shown = cell(availability);
  switch (availability) {
    case contract::Availability::Reachable: shown.tone = Tone::Good; break;
    case contract::Availability::Unknown: shown.tone = Tone::Faint; break;
    default: shown.tone = Tone::Bad;
  }
  return shown;
}

Cell result_cell(contract::TaskResult result) {
  Cell shown = cell(result);
  switch (result) {
    case contract::TaskResult::Succeeded: shown.tone = Tone::Good; break;
    case contract::TaskResult::Failed: shown.tone = Tone::Bad; break;
    case contract::TaskResult::PartlyFailed:
    case contract::TaskResult::Cancelled: shown.tone = Tone::Warning; break;
    case contract::TaskResult::Never: shown.tone = Tone::Faint; break;
    case contract::TaskResult::Running: break;
  }
  return shown;
}

std::string draw_task_outcomes(const contract::Task& task, const Style& style) {
  std::vector<Row> rows;
  for (const contract::TaskOutcome& outcome : task.outcomes) {
    const Duration took = outcome.ended_at - outcome.started_at;
    rows.push_back({cell(outcome.server), result_cell(outcome.result),
                    cell(fmt::format("{:.1f} s", std::chrono::duration<double>(std::max(took, Duration(0))).count())), cell(outcome.message)});
  }
  return draw_table({{"Server", Align::Left}, {"Result", Align::Left}, {"Took", Align::Right}, {"Message", Align::Left, Width::MayCut}}, rows, style);
}

}  // namespace ipam::cli
