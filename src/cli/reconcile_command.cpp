// `ipam reconcile`: a spreadsheet beside the plan and the network: what each has alone, where they differ, and taking it over in bulk.
#include "base/strings.h"
#include "cli/commands.h"
#include "cli/document.h"
#include "cli/output.h"
#include "cli/special_verbs.h"
#include "cli/text.h"
#include "wire/csv/reader.h"
#include "wire/csv/writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace ipam::cli {
namespace {

// The groups in which rows are shown, by their outcome; `word` is how --accept names them.
struct Group {
  const char* outcome;
  const char* heading;
  std::string_view word;
};
constexpr std::array<Group, 5> kGroups{{{"created", "Only in the file", "new"},
                                        {"updated", "Different here", "changed"},
                                        {"removed", "Only here", "missing"},
                                        {"seen", "Only in the network", "seen"},
                                        {"conflict", "The network says something else", ""}}};

struct ResultRow {
  std::string number, outcome, object, reason;
};

// "new, changed" of a person as the API's outcomes.
Result<std::string> outcomes_of(const std::string& accepted) {
  std::vector<std::string> outcomes;
  for (const std::string_view part : split(accepted, ',')) {
    const std::string_view word = trim(part);
    const auto* const group = std::find_if(kGroups.begin(), kGroups.end(), [&](const Group& each) { return !word.empty() && each.word == word; });
    if (group == kGroups.end()) {
      return Error(ErrorCode::InvalidArgument, "--accept: '" + shorten(word, 40) + "' is not one of new, changed, missing, seen");
    }
    outcomes.emplace_back(group->outcome);
  }
  return join(outcomes, ",");
}

// "Row,Outcome,Object,Reason", read as it comes.
Result<std::vector<ResultRow>> read_results(Api& api, const std::string& id) {
  std::vector<ResultRow> rows;
  const auto take_header = [](const wire::csv::Header& header) -> Result<void> {
    if (header.names.size() == 4) return {};
    return Error(ErrorCode::Malformed, "the server's results are not as expected; is it older than this ipam?");
  };
  const auto take_row = [&](const wire::csv::Row& row) -> Result<void> {
    const auto cell = [&](std::size_t i) { return std::string(wire::csv::unguard(row.fields[i])); };
    if (row.fields.size() == 4) rows.push_back({cell(0), cell(1), cell(2), cell(3)});
    return {};
  };
  wire::csv::Reader reader({take_header, take_row});
  IPAM_TRY(api.stream("/api/v1/imports/" + id + "/results", {}, std::nullopt, [&](std::string_view piece) -> Result<bool> {
    IPAM_TRY(reader.feed(piece));
    return true;
  }));
  IPAM_TRY(reader.finish());
  return rows;
}

void show(Session& session, const std::vector<ResultRow>& rows) {
  const auto failed = std::count_if(rows.begin(), rows.end(), [](const ResultRow& row) { return row.outcome == "failed"; });
  for (const Group& group : kGroups) {
    std::string lines;
    std::size_t count = 0;
    for (const ResultRow& row : rows) {
      if (row.outcome != group.outcome) continue;
      ++count;
      lines += "  " + printable(fmt::format("{}{}{}", row.object, row.reason.empty() ? "" : "  ", row.reason)) + '\n';
    }
    if (count > 0) session.print(fmt::format("{} ({}):\n{}", group.heading, count, lines));
  }
  if (failed > 0) {
    session.print(fmt::format("Not understood ({}):\n", failed));
    for (const ResultRow& row : rows) {
      if (row.outcome == "failed") session.print("  " + printable(fmt::format("row {}  {}", row.number, row.reason)) + '\n');
    }
  }
}

Result<int> run_reconcile(Session& session, const Noun& imports) {
  const std::string kind = session.invocation().given.at("kind");
  const auto accepted = session.invocation().given.find("accept");
  if (accepted != session.invocation().given.end()) {
    return run_reconcile_import(session, imports, kind, IPAM_TRY(outcomes_of(accepted->second)));
  }
  const std::string id = IPAM_TRY(run_reconcile_check(session, imports, kind));
  const auto rows = IPAM_TRY(read_results(*IPAM_TRY(session.api()), id));
  switch (session.invocation().format) {
    case Format::Table: show(session, rows); break;
    case Format::Json:
      for (const ResultRow& row : rows) {
        session.print(compact_json(boost::json::object{{"outcome", row.outcome}, {"object", row.object}, {"reason", row.reason}}) + '\n');
      }
      break;
    case Format::Csv:
    case Format::Plain:
      if (session.is(Format::Csv)) session.print("outcome,object,reason\n");
      for (const ResultRow& row : rows) {
        if (session.is(Format::Plain)) {
          if (row.outcome != "unchanged") session.print(fmt::format("{} {}\n", row.outcome, row.object));
        } else {
          session.print(printable_lines(csv_record({row.outcome, row.object, row.reason})));
        }
      }
  }
  return 0;
}

}  // namespace

void add_reconcile_command(CLI::App& app, Invocation& invocation, const Noun& imports) {
  const VerbHelp help{
      "Compare a spreadsheet with the plan, and for addresses with what DHCP and DNS servers say: what each has alone, and where they differ. "
      "--accept takes it over in bulk.",
      "ipam reconcile addresses sheet.csv --within 10.2.0.0/16 --map 'Hostname=Device Name'", "Import-IpamAddress, after looking"};
  CLI::App& command = *app.add_subcommand("reconcile", help.sentence);
  add_help(command, help);
  add_common_options(command, invocation);
  command
      .add_option_function<std::string>(
          "KIND",
          [&invocation](const std::string& text) {
            for (const auto& [kinds, kind] : {std::pair("addresses", "address"), std::pair("subnets", "subnet"), std::pair("blocks", "block")}) {
              if (text == kinds || text == kind) {
                invocation.given["kind"] = kind;
                return;
              }
            }
            throw CLI::ValidationError("KIND", "'" + shorten(text, 40) + "' is not one of addresses, subnets, blocks");
          },
          "What the file holds: addresses, subnets, blocks")
      ->required()
      ->type_name("");
  command.add_option("FILE", invocation.subject, "The file")->required()->type_name("");
  add_query_option(command, invocation, {"--within", "PREFIX", "within", "The prefix whose objects the file holds"});
  add_query_option(command, invocation, {"--space", "SPACE", "space", "The address space of the file"});
  add_query_option(command, invocation, {"--map", "COLUMNS", "map", "What columns of the file are here: 'Hostname=Device Name; Remarks='"});
  add_query_option(command, invocation,
                   {"--import-profile", "NAME", "profile", "Columns as this import profile says; netbox and phpipam are built in"});
  command
      .add_option_function<std::string>(
          "--accept", [&invocation](const std::string& value) { invocation.given["accept"] = value; },
          "Take over, with commas between: new (only in the file), changed (as the file says), missing (remove what it lacks), seen (record what the "
          "network has)")
      ->type_name("WHAT");
  add_write_options(command, invocation);
  add_waiting_options(command, invocation);
  command.callback([&invocation, &imports] { invocation.action = [&imports](Session& session) { return run_reconcile(session, imports); }; });
}

}  // namespace ipam::cli
