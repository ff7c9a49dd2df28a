#include "cli/document.h"
#include "cli/output.h"
#include "cli/progress_line.h"
#include "cli/special_verbs.h"
#include "cli/status_cells.h"
#include "cli/text.h"
#include "contract/operation.h"

#include <fmt/format.h>

namespace ipam::cli {
namespace {

constexpr Duration kFirstPause = std::chrono::milliseconds(100);
constexpr Duration kLongestPause = std::chrono::seconds(2);

Result<boost::json::value> wait_for_run(Session& session, const std::string& path, const contract::TaskRunAnswer& started, Duration timeout) {
  Api* api = IPAM_TRY(session.api());
  ProgressLine progress(session);
  const Time begin = session.host().now();
  Duration pause = kFirstPause;
  while (true) {
    auto json = IPAM_TRY(api->get(path));
    const auto task = IPAM_TRY(decode<contract::Task>(json));
    if (task.runs >= started.run) return json;
    const Duration elapsed = session.host().now() - begin;
    if (elapsed >= timeout) {
      return Error(ErrorCode::DeadlineExceeded, fmt::format("{} has not ended after {}; it goes on at the server, see `ipam task show {}`",
                                                            started.name, format_duration(timeout), session.invocation().subject));
    }
    progress.show(started.name, elapsed);
    session.host().pause(pause);
    pause = std::min(pause * 3 / 2, kLongestPause);
  }
}

}  // namespace

Result<int> run_task(Session& session, const Noun& tasks) {
  const Invocation& asked = session.invocation();
  const Duration timeout = IPAM_TRY(parse_duration(asked.timeout));
  const std::string path = tasks.path + '/' + percent_encoded(asked.subject);
  Api* api = IPAM_TRY(session.api());
  const auto answer = IPAM_TRY(api->write("POST", path + ":run", {}));
  const auto started = IPAM_TRY(decode<contract::TaskRunAnswer>(answer));
  if (asked.waiting == Waiting::DoNotWait) {
    if (session.is(Format::Json)) session.print(pretty_json(answer) + '\n');
    session.say(fmt::format("{} {}.", started.name, started.already_running ? "was running; it will run once more" : "has started"));
    return 0;
  }
  const auto json = IPAM_TRY(wait_for_run(session, path, started, timeout));
  const auto task = IPAM_TRY(decode<contract::Task>(json));
  if (session.is(Format::Table)) {
    const Style style = session.style();
    const Cell result = result_cell(task.last_result);
    std::string text = printable(task.name) + ": " + coloured(result.text, result.tone, style);
    if (!task.last_message.empty()) text += ", " + printable(task.last_message);
    session.print(text + '\n');
    if (!task.outcomes.empty()) session.print(draw_task_outcomes(task, style));
  } else {
    IPAM_TRY(print_record(session, tasks, json));
  }
  return task.last_result == contract::TaskResult::Succeeded ? 0 : 1;
}

}  // namespace ipam::cli
