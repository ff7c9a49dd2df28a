// The nouns of what goes on at the server, and of the server itself: operation, events, server-config.
#include "cli/cells.h"
#include "cli/noun.h"
#include "contract/long_work.h"
#include "contract/operation.h"
#include "contract/server_config.h"

namespace ipam::cli {
namespace {

Cell state_cell(contract::OperationState state) {
  Cell shown = cell(state);
  using enum contract::OperationState;
  if (state == Succeeded) shown.tone = Tone::Good;
  if (state == PartlyFailed || state == Cancelled) shown.tone = Tone::Warning;
  if (state == Failed || state == Interrupted) shown.tone = Tone::Bad;
  return shown;
}

std::string draw_parts(const boost::json::value& json, const Style& style) {
  const auto operation = decode<contract::Operation>(json);
  if (!operation.ok() || operation->parts.empty()) return {};
  std::vector<Row> rows;
  for (const contract::OperationPart& part : operation->parts) rows.push_back({cell(part.name), state_cell(part.state), cell(part.message)});
  return '\n' + draw_table({{"Part"}, {"State"}, {"Message", Align::Left, Width::MayCut}}, rows, style);
}

Noun operation_noun() {
  using T = contract::Operation;
  Noun noun{"operation", {}, "operation", "operations", "/api/v1/operations", {"id"}};
  const auto state = computed<T>("State", [](const T& operation) { return state_cell(operation.state); });
  const auto percent = computed<T>(
      "Done", [](const T& operation) { return cell(std::to_string(operation.percent) + " %"); }, Align::Right);
  noun.table = view_of(std::vector<Column<T>>{field("Id", &T::id), field("Kind", &T::kind), field("Subject", &T::subject), state, percent,
                                              field("By", &T::actor), field("Started (UTC)", &T::started_at), field("Message", &T::message)});
  noun.record = view_of(std::vector<Column<T>>{field("Id", &T::id), field("Kind", &T::kind), field("Subject", &T::subject), state, percent,
                                               field("Message", &T::message), field("By", &T::actor), field("Request", &T::request_id),
                                               field("Node", &T::node), field("Started (UTC)", &T::started_at), field("Ended (UTC)", &T::ended_at)});
  noun.details = draw_parts;
  noun.csv = csv_columns_of<T>();
  noun.filters = {{"--kind", "KIND", "kind", "Only of this kind, such as server_collection"},
                  {"--state", "STATE", "state", "Only in this state: running, succeeded, partly_failed, failed, cancelled, interrupted"},
                  {"--actor", "NAME", "actor", "Only of this user"}};
  noun.subject = "ID";
  noun.list_help = {"List the operations of the last week, the newest first.", "ipam operation list --state running", ""};
  noun.show_help = {"Show one operation and what came of its parts.", "ipam operation show 131077", ""};
  return noun;
}

Noun events_noun() {
  Noun noun{"events", {"event"}, "event", "events", "/api/v1/events", {"sequence"}};
  noun.filters = {{"--type", "TYPE", "type", "Only events of this type: change, operation, task; several with commas"},
                  {"--object-type", "TYPE", "object_type", "Only changes of objects of this type; several with commas"},
                  {"--object-id", "ID", "object_id", "Only changes of this object"},
                  {"--kind", "KIND", "kind", "Only changes of this kind: created, updated, deleted"},
                  {"--actor", "NAME", "actor", "Only changes by this user"}};
  return noun;
}

Noun server_config_noun() {
  using T = contract::ServerConfig;
  Noun noun{"server-config", {}, "configuration of the IPAM server", "configuration of the IPAM server", "/api/v1/server_config", {"version"}};
  noun.record = view_of(std::vector<Column<T>>{
      field("Version", &T::version), field("Node", &T::node), field("Listen address", &T::listen_address),
      computed<T>("Port", [](const T& config) { return cell(std::to_string(config.listen_port)); }), field("Database", &T::database),
      computed<T>("Schema", [](const T& config) { return cell(std::to_string(config.schema_version)); }), field("Master key", &T::master_key_id),
      field("Log level", &T::log_level), field("Started (UTC)", &T::started_at)});
  noun.csv = csv_columns_of<T>();
  noun.edit = body_of<contract::ServerConfigPatch>();
  return noun;
}

}  // namespace

std::vector<Noun> operation_nouns() { return {operation_noun(), events_noun(), server_config_noun()}; }

}  // namespace ipam::cli
