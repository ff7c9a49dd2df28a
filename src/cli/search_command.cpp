// `ipam search`: one text looked for in everything.
#include "cli/cells.h"
#include "cli/commands.h"
#include "cli/document.h"
#include "cli/output.h"
#include "cli/text.h"
#include "contract/search.h"

#include <fmt/format.h>

namespace ipam::cli {
namespace {

Noun hit_noun(const std::string& one, const std::string& many) {
  using T = contract::SearchHit;
  Noun noun{"search", {}, one, many, "/api/v1/search", {"name"}};
  noun.table = view_of(std::vector<Column<T>>{field("Name", &T::name), field("Kind", &T::kind), field("Known as", &T::detail),
                                              field("Space", &T::space), field("Server", &T::server), field("Id", &T::id)});
  noun.csv = csv_columns_of<T>();
  return noun;
}

Result<void> print_hits(Session& session, const Noun& noun, const boost::json::value& answer, std::string_view key) {
  ListWriter writer(session, noun);
  const auto& list = answer.at(key).as_array();
  for (const auto& hit : list) IPAM_TRY(writer.add(hit));
  writer.finish({list.size(), std::nullopt});
  return {};
}

Result<int> run_search(Session& session) {
  Query query{{"q", join(session.invocation().conditions, " ")}};
  if (session.invocation().limit) query.emplace_back("limit", std::to_string(*session.invocation().limit));
  Api* api = IPAM_TRY(session.api());
  const auto json = IPAM_TRY(api->get("/api/v1/search", query));
  if (session.is(Format::Json)) {
    session.print(pretty_json(json) + '\n');
    return 0;
  }
  const auto answer = IPAM_TRY(decode<contract::SearchAnswer>(json));
  // A place that nothing has leads to what it lies in.
  const bool leads_on = answer.items.empty() && !answer.parents.empty();
  if (!leads_on || !session.is(Format::Table)) IPAM_TRY(print_hits(session, hit_noun("hit", "hits"), json, "items"));
  if (session.is(Format::Table) && !answer.parents.empty()) {
    session.say(leads_on ? "Nothing has it. It lies in:" : "It lies in:");
    IPAM_TRY(print_hits(session, hit_noun("parent", "parents"), json, "parents"));
  }
  if (session.is(Format::Table) && !answer.more_of.empty()) {
    session.say(fmt::format("There is more of: {}. --limit shows more of each kind; the list of a kind takes --search.", join(answer.more_of, ", ")));
  }
  return 0;
}

}  // namespace

void add_search_command(CLI::App& app, Invocation& invocation) {
  const VerbHelp help{
      "Find whatever has a name or an address: an address, a prefix (10.2. is one), a MAC in any spelling, words, or a query such as "
      "'utilization > 80 and site = London'. An address that nothing has leads to what it lies in.",
      "ipam search app7", "Find in the console, and Where-Object on the Get-Ipam… cmdlets"};
  CLI::App& command = *app.add_subcommand("search", help.sentence);
  add_help(command, help);
  add_common_options(command, invocation);
  command.add_option("TEXT", invocation.conditions, "What to look for")->required()->type_name("");
  add_limit_option(command, invocation, "At most so many of each kind");
  command.callback([&invocation] { invocation.action = run_search; });
}

}  // namespace ipam::cli
