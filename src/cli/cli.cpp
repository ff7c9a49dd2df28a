#include "cli/cli.h"

#include "base/strings.h"
#include "cli/commands.h"
#include "cli/noun.h"
#include "cli/output.h"
#include "cli/report.h"
#include "cli/session.h"
#include "cli/text.h"

#include <algorithm>
#include <sstream>

namespace ipam::cli {
namespace {

constexpr int kWrongUsage = 2;

constexpr const char* kFooter =
    "\nHelp of a command: ipam NOUN VERB --help\n"
    "First steps:       ipam login, then ipam subnet list\n\n"
    "Exit status: 0 done; 1 what was asked about is not well; 2 wrong usage; 3 and above as ipam(1) lists.";

// CLI11 says of a word that is no command only that a command is missing.
std::optional<std::string> unknown_command(const CLI::App& app, const std::vector<std::string>& arguments) {
  const CLI::App* at = &app;
  for (const std::string& argument : arguments) {
    std::vector<std::string> known;
    const CLI::App* next = nullptr;
    for (const CLI::App* command : at->get_subcommands({})) {
      if (command->check_name(argument)) next = command;
      known.push_back(command->get_name());
    }
    if (known.empty() || argument.starts_with('-')) return std::nullopt;
    if (next == nullptr) return "'" + argument + "' is not a command here; there are " + join(known, ", ") + '\n';
    at = next;
  }
  return std::nullopt;
}

// CLI11 leaves two empty lines between the groups of a help text.
std::string without_gaps(std::string text) {
  for (auto gap = text.find("\n\n\n"); gap != std::string::npos; gap = text.find("\n\n\n")) text.erase(gap, 1);
  return text;
}

// Parses; a help text is output, a mistake is an error that shows how the command is used.
std::optional<int> parse(CLI::App& app, std::vector<std::string> arguments, Host& host) {
  if (const auto unknown = unknown_command(app, arguments)) {
    host.write_error("ipam: " + printable_lines(*unknown));
    return kWrongUsage;
  }
  std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the back
  try {
    app.parse(std::move(arguments));
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    std::ostringstream out, wrong;
    const int status = app.exit(error, out, wrong);
    host.write_output(without_gaps(out.str()));
    if (status == 0) return 0;
    host.write_error("ipam: " + printable_lines(wrong.str()));
    return kWrongUsage;
  }
}

}  // namespace

int run(const std::vector<std::string>& arguments, Host& host, Connector& connector) {
  const std::vector<Noun> nouns = all_nouns();
  Invocation invocation;
  CLI::App app("The command line of Cadastre, an IP address management server.", "ipam");
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);
  app.footer(kFooter);
  app.set_version_flag("--version", "ipam 0.1.0");
  app.failure_message(CLI::FailureMessage::simple);
  add_commands(app, invocation, nouns);
  if (const auto status = parse(app, arguments, host)) return *status;

  Session session(host, connector, std::move(invocation));
  const auto result = session.invocation().action(session);
  if (result.ok()) {
    print_dry_runs(session);
    return *result;
  }
  host.write_error(report(result.error(), session.needs_session() ? Advice::SignIn : Advice::None));
  return error_code_row(result.error().code).exit_status;
}

}  // namespace ipam::cli
