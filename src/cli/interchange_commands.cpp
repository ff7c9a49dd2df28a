// The verbs of `ipam import` and `ipam export`.
#include "cli/commands.h"
#include "cli/special_verbs.h"

#include <algorithm>
#include <array>

namespace ipam::cli {
namespace {

struct Kind {
  const char* verb;  // "addresses"
  const char* kind;  // as the API calls one
  const char* import_replaces;
  const char* export_replaces;
};
constexpr std::array<Kind, 4> kKinds{{{"blocks", "block", "Import IP Address Blocks in the console", "Export in the console"},
                                      {"subnets", "subnet", "Import-IpamSubnet", "Export-IpamSubnet"},
                                      {"ranges", "range", "Import-IpamRange", "Export-IpamRange"},
                                      {"addresses", "address", "Import-IpamAddress", "Export-IpamAddress"}}};

void add_choice(CLI::App& command, Invocation& invocation, const std::string& option, const char* query, std::vector<std::string> choices,
                const std::string& help) {
  command
      .add_option_function<std::string>(
          option,
          [&invocation, query, option, choices](const std::string& text) {
            std::string value = text;
            std::replace(value.begin(), value.end(), '-', '_');
            if (std::find(choices.begin(), choices.end(), value) == choices.end()) {
              throw CLI::ValidationError(option, "'" + text + "' is not one of " + CLI::detail::join(choices, ", "));
            }
            invocation.query.emplace_back(query, value);
          },
          help)
      ->type_name("WORD");
}

void add_query(CLI::App& command, Invocation& invocation, const std::string& option, const char* placeholder, const char* query,
               const std::string& help) {
  command
      .add_option_function<std::string>(
          option, [&invocation, query](const std::string& value) { invocation.query.emplace_back(query, value); }, help)
      ->type_name(placeholder);
}

void add_import(CLI::App& noun_app, Invocation& invocation, const Noun& noun, const Kind& kind) {
  const std::string verb = kind.verb;
  const VerbHelp help{"Import " + verb +
                          " from a file: CSV as Microsoft's IPAM and spreadsheets write it, or JSON lines. Rows that are there already are "
                          "changed where the file has a column; a bad row costs itself alone.",
                      "ipam import " + verb + " plan.csv --error-file bad.csv --reason 'New site'", kind.import_replaces};
  CLI::App& command = *noun_app.add_subcommand(verb, help.sentence);
  add_help(command, help);
  add_common_options(command, invocation);
  command.add_option("FILE", invocation.subject, "The file")->required()->type_name("");
  add_choice(command, invocation, "--format", "format", {"csv", "json_lines"}, "csv or json-lines; left out, the file's name says it");
  add_choice(command, invocation, "--mode", "mode", {"add_or_update", "synchronize"},
             "add-or-update, or synchronize: also remove what the file does not name, within the scope that is given");
  add_query(command, invocation, "--space", "SPACE", "space", "Address space of rows that name none");
  add_query(command, invocation, "--map", "COLUMNS", "map",
            "What columns of the file are here: 'Hostname=Device Name; Remarks='; nothing behind the sign leaves one out");
  add_query(command, invocation, "--import-profile", "NAME", "profile",
            "Columns as this import profile says; netbox and phpipam are built in, for their exports");
  if (std::string(kind.kind) == "range") {
    add_choice(command, invocation, "--managed-by", "managed_by", {"ipam", "ms_dhcp", "non_ms_dhcp", "vm_manager", "other"},
               "To synchronize: whose ranges the file holds");
    add_query(command, invocation, "--service-instance", "NAME", "service_instance", "To synchronize: of which instance of that");
    command.add_flag_function(
        "--delete-mapped-addresses", [&invocation](std::int64_t) { invocation.query.emplace_back("delete_mapped_addresses", "true"); },
        "To synchronize: a range that goes takes the addresses of its service along");
    command.add_flag_function(
        "--create-subnets", [&invocation](std::int64_t) { invocation.query.emplace_back("create_subnets", "true"); },
        "Make the subnet that a row names where it is missing");
  } else {
    add_query(command, invocation, "--within", "PREFIX", "within", "To synchronize: the prefix whose objects the file holds");
  }
  command
      .add_option_function<std::string>(
          "--error-file", [&invocation](const std::string& value) { invocation.given["error_file"] = value; },
          "Write the rows that failed there, with the reason behind each")
      ->type_name("FILE");
  add_waiting_options(command, invocation);
  add_write_options(command, invocation);
  add_key_option(command, invocation);
  command.callback(
      [&invocation, &noun, &kind] { invocation.action = [&noun, &kind](Session& session) { return run_import(session, noun, kind.kind); }; });
}

CLI::App& add_import_verb(CLI::App& noun_app, Invocation& invocation, const std::string& verb, const VerbHelp& help,
                          const std::function<Result<int>(Session&)>& action) {
  CLI::App& command = *noun_app.add_subcommand(verb, help.sentence);
  add_help(command, help);
  add_common_options(command, invocation);
  command.add_option("ID", invocation.subject, "The import, by id")->required()->type_name("");
  command.callback([&invocation, action] { invocation.action = action; });
  return command;
}

void add_export(CLI::App& noun_app, Invocation& invocation, const Noun& noun, const Kind& kind) {
  const std::string verb = kind.verb;
  const VerbHelp help{"Write all " + verb + " to standard output, as CSV that can be imported again or as JSON lines (-o json).",
                      "ipam export " + verb + " 10.0.0.0/8 > plan.csv", kind.export_replaces};
  CLI::App& command = *noun_app.add_subcommand(verb, help.sentence);
  add_help(command, help);
  add_common_options(command, invocation);
  command.add_option("WITHIN", invocation.subject, "Only what lies within this prefix")->type_name("");
  add_query(command, invocation, "--space", "SPACE", "space", "Only in this address space");
  command.add_option("--filter", invocation.conditions, "Any filter of the API, such as name__startswith=app; may be repeated")
      ->type_name("FIELD=VALUE");
  command.add_option("--sort", invocation.sort, "Fields to sort by, with - before one to turn it round")->type_name("FIELDS");
  add_choice(command, invocation, "--formulas", "formulas", {"guarded", "plain"},
             "guarded, or plain: whether values that a spreadsheet would take for a formula get an apostrophe, which importing takes away");
  command.callback([&invocation, &noun, verb] { invocation.action = [&noun, verb](Session& session) { return run_export(session, noun, verb); }; });
}

}  // namespace

void add_import_verbs(CLI::App& noun_app, Invocation& invocation, const Noun& noun) {
  for (const Kind& kind : kKinds) add_import(noun_app, invocation, noun, kind);
  const VerbHelp errors{"Write the rows that failed, as they were given and with the reason behind each.", "ipam import errors 131077 > bad.csv",
                        "the error file of Import-Ipam…"};
  add_import_verb(noun_app, invocation, "errors", errors, [&noun](Session& session) { return run_import_rows(session, noun, "errors"); });
  const VerbHelp results{"Write what came of each row of a dry run.", "ipam import results 131077", ""};
  add_import_verb(noun_app, invocation, "results", results, [&noun](Session& session) { return run_import_rows(session, noun, "results"); });
  const VerbHelp resume{"Go on with an import that was cut off, behind the rows that are done.", "ipam import resume 131077", ""};
  CLI::App& resuming =
      add_import_verb(noun_app, invocation, "resume", resume, [&noun](Session& session) { return run_import_resume(session, noun); });
  add_waiting_options(resuming, invocation);
}

void add_export_verbs(CLI::App& noun_app, Invocation& invocation, const Noun& noun) {
  for (const Kind& kind : kKinds) add_export(noun_app, invocation, noun, kind);
}

}  // namespace ipam::cli
