// `ipam logical-group nodes`: the tree of a logical group, level by level.
#include "cli/cells.h"
#include "cli/commands.h"
#include "cli/document.h"
#include "cli/lookup.h"
#include "cli/output.h"
#include "cli/utilization_verbs.h"
#include "contract/custom_field.h"

namespace ipam::cli {
namespace {

Noun node_noun() {
  using T = contract::GroupNode;
  Noun noun{"logical-group", {}, "node", "nodes", "/api/v1/logical_groups", {"value"}};
  noun.table = view_of(
      std::vector<Column<T>>{computed<T>("Node",
                                         [](const T& node) {
                                           return node.value.empty() ? Cell{"(nothing said)", Tone::Faint, {}} : Cell{node.value, Tone::Plain, {}};
                                         }),
                             field("Objects", &T::objects),
                             computed<T>("Utilization",
                                         [](const T& node) {
                                           return node.utilization ? utilization_cell(*node.utilization) : Cell{"-", Tone::Faint, {}};
                                         }),
                             computed<T>(
                                 "Used",
                                 [](const T& node) {
                                   return node.utilization ? cell(node.utilization->used) : Cell{"-", Tone::Faint, {}};
                                 },
                                 Align::Right),
                             computed<T>(
                                 "Capacity",
                                 [](const T& node) {
                                   return node.utilization ? cell(node.utilization->capacity) : Cell{"-", Tone::Faint, {}};
                                 },
                                 Align::Right)});
  noun.csv = csv_columns_of<T>();
  return noun;
}

Result<int> run_nodes(Session& session, const Noun& groups) {
  Api* api = IPAM_TRY(session.api());
  const auto group = IPAM_TRY(find_object(*api, groups, session.invocation().subject, {}));
  Query query;
  for (const std::string& value : session.invocation().conditions) query.emplace_back("node", value);
  const auto json = IPAM_TRY(api->get(groups.path + '/' + text_field(group, "id") + "/nodes", query));
  const auto& list = json.at("items").as_array();
  const Noun nodes = node_noun();
  ListWriter writer(session, nodes);
  for (const auto& node : list) IPAM_TRY(writer.add(node));
  writer.finish({list.size(), std::nullopt});
  return 0;
}

Result<int> run_trend(Session& session, const Noun& groups) {
  Api* api = IPAM_TRY(session.api());
  const auto group = IPAM_TRY(find_object(*api, groups, session.invocation().subject, {}));
  Query query = session.invocation().query;
  for (const std::string& value : session.invocation().conditions) query.emplace_back("node", value);
  return print_periods(session, IPAM_TRY(api->get(groups.path + '/' + text_field(group, "id") + "/trend", query)));
}

void add_node(CLI::App& command, Invocation& invocation) {
  command.add_option("NAME", invocation.subject, "The logical group: its name or id")->required()->type_name("");
  command.add_option("--node", invocation.conditions, "A value on the way from the top to the node; once for each level")->type_name("VALUE");
}

}  // namespace

void add_group_verbs(CLI::App& noun_app, Invocation& invocation, const Noun& noun) {
  const VerbHelp help{"Show what lies at the top of a logical group, or below one of its nodes.",
                      "ipam logical-group nodes 'By site' --node Europe --node Berlin", "Get-IpamRange by logical group in the console"};
  add_node(add_verb(noun_app, invocation, noun, "nodes", help, run_nodes), invocation);
  const VerbHelp trend{"Show how full a node of a logical group of subnets or ranges was over time: the sums of what lies below it.",
                       "ipam logical-group trend 'By site' --node Europe --period 90d", "the utilization trend of a range group in the console"};
  CLI::App& showing = add_verb(noun_app, invocation, noun, "trend", trend, run_trend);
  add_node(showing, invocation);
  add_period_options(showing, invocation);
}

}  // namespace ipam::cli
