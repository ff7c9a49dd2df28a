// `ipam saved-search run`: a list as it was saved.
#include "cli/commands.h"
#include "cli/document.h"
#include "cli/lookup.h"
#include "cli/output.h"
#include "contract/saved_search.h"

#include <algorithm>

namespace ipam::cli {
namespace {

Result<int> run_saved(Session& session, const Noun& saved, const std::vector<Noun>& nouns) {
  Api* api = IPAM_TRY(session.api());
  const auto found = IPAM_TRY(find_object(*api, saved, session.invocation().subject, {}));
  const auto search = IPAM_TRY(decode<contract::SavedSearch>(found));
  const std::string name = search.kind == contract::ListedKind::AddressSpace ? "space" : text_field(found, "kind");
  const auto listed = std::find_if(nouns.begin(), nouns.end(), [&](const Noun& noun) { return noun.name == name; });
  if (listed == nouns.end()) return Error(ErrorCode::Unsupported, "this ipam cannot list objects of kind " + name + "; install a newer one");
  Query query;
  if (!search.query.empty()) query.emplace_back("query", search.query);
  if (!search.words.empty()) query.emplace_back("q", search.words);
  const std::string& sort = search.sort.empty() && session.is(Format::Table) ? listed->table_sort : search.sort;
  if (!sort.empty()) query.emplace_back("sort", sort);
  ListWriter writer(session, *listed);
  const auto result = IPAM_TRY(api->list(listed->path, query, session.invocation().limit, [&](const auto& item) { return writer.add(item); }));
  writer.finish(result);
  return 0;
}

}  // namespace

void add_saved_search_verbs(CLI::App& noun_app, Invocation& invocation, const Noun& noun, const std::vector<Noun>& nouns) {
  const VerbHelp help{"List what a saved search asks for.", "ipam saved-search run 'Nearly full'", ""};
  CLI::App& command = add_verb(noun_app, invocation, noun, "run", help, nullptr);
  command.add_option("NAME", invocation.subject, "The saved search: its name or id")->required()->type_name("");
  add_limit_option(command, invocation, "Stop after so many; otherwise all are listed");
  command.callback(
      [&invocation, &noun, &nouns] { invocation.action = [&noun, &nouns](Session& session) { return run_saved(session, noun, nouns); }; });
}

}  // namespace ipam::cli
