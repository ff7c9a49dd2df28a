// What in the plan wants a look: `ipam address reclaimable`, `reclaim` and `duplicates`, `ipam range overlaps`.
#include "base/strings.h"
#include "cli/cells.h"
#include "cli/commands.h"
#include "cli/document.h"
#include "cli/lookup.h"
#include "cli/output.h"
#include "cli/text.h"
#include "contract/reclaim.h"

#include <fmt/format.h>

namespace ipam::cli {
namespace {

const Filter kSpace{"--space", "NAME", "space", "Only in this address space"};

// "+ was given until then, 3 days ago"; − what speaks against.
std::string evidence_text(const contract::Evidence& evidence) {
  return fmt::format("{} {}{}", evidence.speaks_for_reclaim ? "+" : "-", evidence.text,
                     evidence.at ? " (" + cell(*evidence.at).text + ")" : std::string());
}

Noun candidate_noun() {
  using T = contract::ReclaimCandidate;
  Noun noun{"reclaim-candidate", {}, "reclaim candidate", "reclaim candidates", "/api/v1/reclaim_candidates", {"address"}};
  noun.table =
      view_of(std::vector<Column<T>>{field("Address", &T::address), field("Name", &T::name), field("Owner", &T::owner), field("Space", &T::space),
                                     computed<T>("Because", [](const T& candidate) { return cell(candidate.reasons); }),
                                     computed<T>(
                                         "Evidence",
                                         [](const T& candidate) {
                                           std::vector<std::string> texts;
                                           for (const contract::Evidence& evidence : candidate.evidence) texts.push_back(evidence_text(evidence));
                                           return cell(join(texts, "; "));
                                         },
                                         Align::Left, Width::MayCut)});
  noun.csv = {"address", "name", "owner", "space", "state", "expires_at", "reasons", "evidence", "id"};
  return noun;
}

std::string claim_text(const contract::Claim& claim) {
  std::string text = cell(claim.kind).text;
  if (!claim.server.empty()) text += " of " + claim.server;
  if (claim.hardware_address) {
    text += " " + claim.hardware_address->to_string();
  } else if (claim.client_id) {
    text += " " + claim.client_id->to_string();
  }
  return claim.name.empty() ? text : fmt::format("{} ({})", text, claim.name);
}

Noun duplicate_noun() {
  using T = contract::DuplicateAddress;
  Noun noun{"duplicate", {}, "duplicate address", "duplicate addresses", "/api/v1/duplicate_addresses", {"address"}};
  noun.table = view_of(std::vector<Column<T>>{field("Address", &T::address), field("Space", &T::space), computed<T>("Claims", [](const T& duplicate) {
                                                std::vector<std::string> texts;
                                                for (const contract::Claim& claim : duplicate.claims) texts.push_back(claim_text(claim));
                                                return cell(join(texts, "; "));
                                              })});
  noun.csv = {"address", "space", "claims"};
  return noun;
}

Result<int> list_of(Session& session, const Noun& shown, const std::string& path, Query query) {
  Api* api = IPAM_TRY(session.api());
  ListWriter writer(session, shown);
  const auto result = IPAM_TRY(api->list(path, std::move(query), session.invocation().limit, [&](const auto& item) { return writer.add(item); }));
  writer.finish(result);
  return 0;
}

Query within(const Invocation& asked) {
  Query query = asked.query;
  if (!asked.subject.empty()) query.emplace_back("within", asked.subject);
  return query;
}

Result<int> run_reclaimable(Session& session, const Noun& /*addresses*/) {
  const Noun shown = candidate_noun();
  return list_of(session, shown, shown.path, within(session.invocation()));
}

Result<int> run_duplicates(Session& session, const Noun& /*addresses*/) {
  const Noun shown = duplicate_noun();
  return list_of(session, shown, shown.path, within(session.invocation()));
}

Result<int> run_overlaps(Session& session, const Noun& ranges) {
  Api* api = IPAM_TRY(session.api());
  const auto range = IPAM_TRY(find_object(*api, ranges, session.invocation().subject, session.invocation().query));
  const auto json = IPAM_TRY(api->get(object_path(ranges, range) + "/overlaps", {}));
  ListWriter writer(session, ranges);
  const auto& items = json.at("items").as_array();
  for (const auto& item : items) IPAM_TRY(writer.add(item));
  writer.finish({items.size(), std::nullopt});
  return 0;
}

void tell_reclaimed(Session& session, const contract::ReclaimAnswer& answer) {
  std::vector<std::string> addresses;
  for (const ip::Address& address : answer.addresses) addresses.push_back(address.to_string());
  session.say(fmt::format("Reclaimed {}.", join(addresses, ", ")));
  for (const contract::ServerChange& change : answer.changes) {
    for (const std::string& what : change.what) session.say(printable(fmt::format("{}: {}", change.server, what)));
  }
  for (const contract::LeftOnServer& left : answer.left_on_servers) {
    session.say(printable(fmt::format("{} still has on a server: {}", left.address.to_string(), left.text)));
  }
}

Result<int> run_reclaim(Session& session, const Noun& addresses) {
  const Invocation& asked = session.invocation();
  Api* api = IPAM_TRY(session.api());
  boost::json::array ids;
  for (const std::string& text : asked.conditions) {
    ids.emplace_back(text_field(IPAM_TRY(find_object(*api, addresses, text, asked.query)), "id"));
  }
  boost::json::object body;
  body["addresses"] = std::move(ids);
  if (asked.given.contains("remove_from_servers")) body["remove_from_servers"] = true;
  if (asked.given.contains("force")) body["force"] = true;
  const auto json = IPAM_TRY(api->write("POST", addresses.path + ":reclaim", compact_json(body)));
  if (session.dry_run()) return 0;
  const auto answer = IPAM_TRY(decode<contract::ReclaimAnswer>(json));
  switch (asked.format) {
    case Format::Table: tell_reclaimed(session, answer); break;
    case Format::Json: session.print(pretty_json(json) + '\n'); break;
    case Format::Csv:
    case Format::Plain:
      if (session.is(Format::Csv)) session.print("address\n");
      for (const ip::Address& address : answer.addresses) session.print(address.to_string() + '\n');
  }
  return 0;
}

void add_flag(CLI::App& command, Invocation& invocation, const char* flag, const char* field, const char* help) {
  command.add_flag_function(
      flag, [&invocation, field](std::int64_t) { invocation.given[field] = "true"; }, help);
}

}  // namespace

void add_reclaim_verbs(CLI::App& noun_app, Invocation& invocation, const Noun& noun) {
  if (noun.name == "range") {
    CLI::App& overlaps =
        add_verb(noun_app, invocation, noun, "overlaps",
                 {"List the ranges of other services that share addresses with this one.", "ipam range overlaps Printers", ""}, run_overlaps);
    overlaps.add_option("RANGE", invocation.subject, "The range: FIRST-LAST, its name or its id")->required()->type_name("");
    add_query_option(overlaps, invocation, kSpace);
    return;
  }
  if (noun.name != "address") return;
  CLI::App& reclaimable =
      add_verb(noun_app, invocation, noun, "reclaimable",
               {"List addresses that may no longer be needed, with what speaks for that (+) and what against (-): such that have expired, are marked "
                "inactive, or whose last lease ended long ago.",
                "ipam address reclaimable 10.2.0.0/16 --unused-for 180d", "Get-IpamAddress -ExpiryStatus, before reclaiming"},
               run_reclaimable);
  reclaimable.add_option("WITHIN", invocation.subject, "Only what lies within this prefix")->type_name("");
  add_query_option(reclaimable, invocation, kSpace);
  add_query_option(reclaimable, invocation, {"--unused-for", "DURATION", "unused_for", "How long ago the last lease ended, at least (90d)"});
  add_limit_option(reclaimable, invocation, "Stop after so many; otherwise all are listed");

  CLI::App& reclaim =
      add_verb(noun_app, invocation, noun, "reclaim",
               {"Give addresses back, all or none, and with --remove-from-servers also their reservations and DNS records.",
                "ipam address reclaim 10.2.3.17 10.2.3.18 --remove-from-servers --reason 'gone since August'", "Reclaim IP Addresses"},
               run_reclaim);
  reclaim.add_option("ADDRESSES", invocation.conditions, "The addresses, by themselves, their names or ids")->required()->type_name("");
  add_query_option(reclaim, invocation, kSpace);
  add_flag(reclaim, invocation, "--remove-from-servers", "remove_from_servers", "Also their reservations and their A, AAAA and PTR records");
  add_flag(reclaim, invocation, "--force", "force", "Free at once, without cooling down");
  add_write_options(reclaim, invocation);
  add_key_option(reclaim, invocation);

  CLI::App& duplicates = add_verb(noun_app, invocation, noun, "duplicates",
                                  {"List addresses for which the plan, reservations and leases name different clients.",
                                   "ipam address duplicates 10.2.0.0/16", "Get-IpamAddress, column Duplicate"},
                                  run_duplicates);
  duplicates.add_option("WITHIN", invocation.subject, "Only what lies within this prefix")->type_name("");
  add_query_option(duplicates, invocation, kSpace);
  add_limit_option(duplicates, invocation, "Stop after so many; otherwise all are listed");
}

}  // namespace ipam::cli
