#include "api/change_answers.h"

#include "api/convert.h"

namespace ipam::api {

contract::ServerChange to_answer(const model::ServerChange& change) {
  contract::ServerChange answer;
  answer.id = to_id(change.id);
  answer.server_id = to_id(change.server_id);
  answer.server = change.server;
  answer.state = convert_enum<contract::ServerChangeState>(change.state);
  for (const std::string_view line : split(change.what, '\n')) answer.what.emplace_back(line);
  answer.problem = change.problem;
  answer.actor = change.actor;
  answer.reason = change.reason;
  answer.change_reference = change.change_reference;
  answer.announced_at = change.announced_at;
  answer.ended_at = change.ended_at;
  if (!change.parts.empty()) {
    for (const std::string_view part : split(change.parts, ' ')) {
      if (const auto id = contract::ObjectId::parse(std::string(part)); id.ok()) answer.parts.push_back(*id);
    }
  }
  if (change.undoes) answer.undoes = to_id(*change.undoes);
  if (change.undone_by) answer.undone_by = to_id(*change.undone_by);
  answer.changes.text = change.changes;
  return answer;
}

contract::ServerPlan to_answer(const service::ServerPlan& plan) {
  contract::ServerPlan answer;
  answer.server_id = to_id(plan.server.id);
  answer.server = plan.server.name;
  answer.state = plan.plan.state;
  for (const driver::Change& change : plan.plan.changes) answer.changes.push_back(driver::describe(change));
  for (const driver::PlannedStep& step : plan.plan.steps) answer.steps.push_back({step.what, step.request});
  answer.losses = plan.plan.losses;
  answer.warnings = plan.plan.warnings;
  answer.pause_seconds = std::chrono::duration<double>(plan.plan.pause).count();
  return answer;
}

}  // namespace ipam::api
