// The nouns of operation and access: task, user, token, journal.
#include "cli/cells.h"
#include "cli/noun.h"
#include "cli/status_cells.h"
#include "contract/operation.h"

namespace ipam::cli {
namespace {

template <class T>
Column<T> period(std::string heading, std::int64_t T::*member) {
  return computed<T>(
      std::move(heading), [member](const T& task) { return cell(format_duration(std::chrono::seconds(task.*member))); }, Align::Right);
}

Cell outcomes_cell(const contract::Task& task) {
  std::size_t fine = 0;
  for (const auto& outcome : task.outcomes) fine += outcome.result == contract::TaskResult::Succeeded ? 1 : 0;
  return task.outcomes.empty() ? Cell{} : cell(std::to_string(fine) + " of " + std::to_string(task.outcomes.size()) + " servers succeeded");
}

std::string draw_outcomes(const boost::json::value& json, const Style& style) {
  const auto task = decode<contract::Task>(json);
  return task.ok() && !task->outcomes.empty() ? '\n' + draw_task_outcomes(*task, style) : std::string();
}

Noun task_noun() {
  using T = contract::Task;
  Noun noun{"task", {}, "task", "tasks", "/api/v1/tasks", {"name"}};
  const auto result =
      computed<T>("Last result", [](const T& task) { return result_cell(task.running ? contract::TaskResult::Running : task.last_result); });
  noun.table = view_of(std::vector<Column<T>>{field("Name", &T::name), period("Period", &T::period_seconds), field("Enabled", &T::enabled), result,
                                              field("Last end (UTC)", &T::last_ended_at), field("Next due (UTC)", &T::next_due_at),
                                              field("Message", &T::last_message)});
  noun.record = view_of(std::vector<Column<T>>{field("Name", &T::name), field("Description", &T::description), period("Period", &T::period_seconds),
                                               period("Default period", &T::default_period_seconds), field("Enabled", &T::enabled),
                                               field("Running", &T::running), field("Runs", &T::runs), result, field("Message", &T::last_message),
                                               field("Last start (UTC)", &T::last_started_at), field("Last end (UTC)", &T::last_ended_at),
                                               field("Next due (UTC)", &T::next_due_at), computed<T>("Outcome", outcomes_cell)});
  noun.details = draw_outcomes;
  noun.csv = csv_columns_of<T>();
  noun.subject = "TASK";
  noun.edit = body_of<contract::TaskPatch>();
  noun.list_help = {"List the scheduled tasks.", "ipam task list", ""};
  noun.show_help = {"Show one scheduled task and its last run.", "ipam task show server-configuration", ""};
  noun.edit_help = {"Give a task another period, or turn it on or off.", "ipam task edit address-utilization --period 30m", ""};
  return noun;
}

Noun user_noun() {
  using T = contract::User;
  Noun noun{"user", {}, "user", "users", "/api/v1/users", {"name"}};
  const std::vector<Column<T>> columns{field("Name", &T::name), field("Group", &T::access_group), field("Enabled", &T::enabled),
                                       field("Description", &T::description)};
  noun.table = view_of(columns);
  noun.record = view_of(std::vector<Column<T>>{field("Id", &T::id)} + columns);
  noun.table_sort = "name";
  noun.csv = csv_columns_of<T>();
  noun.keys = {Key::Name};
  noun.subject = "NAME";
  noun.subject_fields = {"name"};
  noun.add = body_of<contract::UserCreate>();
  noun.edit = body_of<contract::UserPatch>();
  noun.list_help = {"List the users of this IPAM server.", "ipam user list", ""};
  noun.show_help = {"Show one user.", "ipam user show alice", ""};
  noun.add_help = {"Add a user.", "ipam user add alice --group ipam_asm_administrators", ""};
  noun.edit_help = {"Change a user's group, password or description, or lock the user out.", "ipam user edit alice --disable", ""};
  noun.delete_help = {"Delete a user.", "ipam user delete alice", ""};
  return noun;
}

Noun token_noun() {
  using T = contract::Token;
  Noun noun{"token", {}, "API token", "API tokens", "/api/v1/tokens", {"name"}};
  noun.table = view_of(std::vector<Column<T>>{field("Name", &T::name), field("User", &T::user_name), field("Group", &T::access_group),
                                              field("Created (UTC)", &T::created_at), field("Expires (UTC)", &T::expires_at)});
  noun.record = noun.table;
  noun.table_sort = "name";
  noun.csv = csv_columns_of<T>();
  noun.keys = {Key::Name};
  noun.subject = "NAME";
  noun.subject_fields = {"name"};
  noun.add = body_of<contract::TokenCreate>();
  noun.list_help = {"List the API tokens: your own, or all for an administrator.", "ipam token list", ""};
  noun.add_help = {"Make an API token for a script. It is told this once: the token alone goes to standard output.",
                   "ipam token add backup --group ipam_users --expires 90d > backup.token", ""};
  noun.delete_help = {"Revoke an API token.", "ipam token delete backup", ""};
  return noun;
}

Noun journal_noun() {
  using T = contract::Change;
  Noun noun{"journal", {}, "change", "changes", "/api/v1/journal", {"sequence"}};
  noun.table = view_of(std::vector<Column<T>>{field("Sequence", &T::sequence), field("At (UTC)", &T::at), field("Actor", &T::actor),
                                              field("Kind", &T::kind), field("Object", &T::object_type), field("Name", &T::object_name),
                                              field("Reason", &T::reason), field("Reference", &T::change_reference)});
  noun.csv = csv_columns_of<T>();
  noun.filters = {{"--actor", "NAME", "actor", "Only by this user"},
                  {"--object-type", "TYPE", "object_type", "Only of objects of this type"},
                  {"--object-id", "ID", "object_id", "Only of this object"},
                  {"--request", "ID", "request_id", "Only of this request"},
                  {"--after", "SEQUENCE", "sequence__gt", "Only after this sequence number"}};
  noun.list_help = {"List who changed what, when and why.", "ipam journal list --sort -sequence --limit 20", "Get-IpamConfigurationEvent"};
  return noun;
}

}  // namespace

std::vector<Noun> access_nouns() { return {task_noun(), user_noun(), token_noun(), journal_noun()}; }

}  // namespace ipam::cli
