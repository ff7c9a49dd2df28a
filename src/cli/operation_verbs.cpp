#include "base/strings.h"
#include "cli/document.h"
#include "cli/lookup.h"
#include "cli/output.h"
#include "cli/progress_line.h"
#include "cli/special_verbs.h"
#include "contract/long_work.h"

#include <algorithm>

namespace ipam::cli {
namespace {

using contract::OperationState;

constexpr Duration kFirstPause = std::chrono::milliseconds(100);
constexpr Duration kLongestPause = std::chrono::seconds(2);

bool is_over(OperationState state) { return state != OperationState::Waiting && state != OperationState::Running; }

// "kea1: leases", or what it works on when no part runs.
std::string what_runs(const contract::Operation& operation) {
  for (const contract::OperationPart& part : operation.parts) {
    if (part.state == OperationState::Running) return operation.subject + ": " + part.name;
  }
  return operation.subject;
}

}  // namespace

Result<boost::json::value> wait_for_operation(Session& session, const std::string& id) {
  const Duration timeout = IPAM_TRY(parse_duration(session.invocation().timeout));
  Api* api = IPAM_TRY(session.api());
  ProgressLine progress(session);
  const Time begin = session.host().now();
  Duration pause = kFirstPause;
  while (true) {
    auto json = IPAM_TRY(api->get("/api/v1/operations/" + percent_encoded(id)));
    const auto operation = IPAM_TRY(decode<contract::Operation>(json));
    if (is_over(operation.state)) return json;
    if (session.host().now() - begin >= timeout) {
      return Error(ErrorCode::DeadlineExceeded,
                   fmt::format("operation {} has not ended after {}; it goes on at the server, see `ipam operation show {}`", id,
                               format_duration(timeout), id));
    }
    progress.show(operation.percent, what_runs(operation));
    session.host().pause(pause);
    pause = std::min(pause * 3 / 2, kLongestPause);
  }
}

namespace {

// The end of an operation: for people its parts, for programs the operation. Exit status 1 when it did not succeed.
Result<int> tell_end(Session& session, const Noun& operations, const boost::json::value& json) {
  const auto operation = IPAM_TRY(decode<contract::Operation>(json));
  if (session.is(Format::Table)) {
    const std::string state = json::detail::snake(boost::describe::enum_to_string(operation.state, "unknown"));
    session.say(fmt::format("{}: {}{}", operation.subject, state, operation.message.empty() ? "" : ", " + operation.message));
    if (operations.details) session.print(operations.details(json, session.style()));
  } else {
    IPAM_TRY(print_record(session, operations, json));
  }
  return operation.state == OperationState::Succeeded ? 0 : 1;
}

}  // namespace

Result<int> run_operation_wait(Session& session, const Noun& operations) {
  return tell_end(session, operations, IPAM_TRY(wait_for_operation(session, session.invocation().subject)));
}

Result<int> run_operation_cancel(Session& session, const Noun& operations) {
  const std::string path = operations.path + '/' + percent_encoded(session.invocation().subject) + ":cancel";
  const auto json = IPAM_TRY(IPAM_TRY(session.api())->write("POST", path, {}));
  const auto operation = IPAM_TRY(decode<contract::Operation>(json));
  print_written(session, operations, json,
                is_over(operation.state) ? fmt::format("Operation {} was over already.", operation.id.to_string())
                                         : fmt::format("Asked operation {} to end.", operation.id.to_string()));
  return 0;
}

Result<int> run_server_collect(Session& session, const Noun& servers) {
  Api* api = IPAM_TRY(session.api());
  const auto server = IPAM_TRY(find_object(*api, servers, session.invocation().subject, {}));
  return follow_operation(session, IPAM_TRY(api->write("POST", object_path(servers, server) + ":collect", {})));
}

Result<int> follow_operation(Session& session, const boost::json::value& started) {
  const auto operation = IPAM_TRY(decode<contract::Operation>(started));
  const std::vector<Noun> nouns = operation_nouns();
  if (session.invocation().waiting == Waiting::DoNotWait) {
    print_written(
        session, nouns.front(), started,
        fmt::format("Started operation {}; `ipam operation wait {}` waits for its end.", operation.id.to_string(), operation.id.to_string()));
    return 0;
  }
  return tell_end(session, nouns.front(), IPAM_TRY(wait_for_operation(session, operation.id.to_string())));
}

Result<int> run_server_config_get(Session& session, const Noun& config) {
  IPAM_TRY(print_record(session, config, IPAM_TRY(IPAM_TRY(session.api())->get(config.path))));
  return 0;
}

Result<int> run_server_config_set(Session& session, const Noun& config) {
  if (session.invocation().given.empty()) return Error(ErrorCode::InvalidArgument, "nothing to change: name at least one setting; --help lists them");
  const auto body = IPAM_TRY(make_body(*config.edit, session.invocation().given, session.host().now()));
  const auto json = IPAM_TRY(IPAM_TRY(session.api())->write("PATCH", config.path, compact_json(body)));
  print_written(session, config, json, "Changed the configuration of the IPAM server, until it ends.");
  return 0;
}

}  // namespace ipam::cli
