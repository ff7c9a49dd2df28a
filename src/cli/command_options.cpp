// The options that commands share.
#include "base/strings.h"
#include "cli/commands.h"

namespace ipam::cli {
namespace {

constexpr const char* kCommon = "Common options";
constexpr const char* kJournal = "For the journal";

Format format_named(const std::string& name) {
  if (equals_ignoring_case(name, "table")) return Format::Table;
  if (equals_ignoring_case(name, "json")) return Format::Json;
  if (equals_ignoring_case(name, "csv")) return Format::Csv;
  if (equals_ignoring_case(name, "plain")) return Format::Plain;
  throw CLI::ValidationError("--output", "'" + name + "' is not one of table, json, csv, plain");
}

}  // namespace

CLI::App& add_verb(CLI::App& noun_app, Invocation& invocation, const Noun& noun, const std::string& name, const VerbHelp& help, Verb verb) {
  CLI::App& command = *noun_app.add_subcommand(name, help.sentence);
  add_help(command, help);
  add_common_options(command, invocation);
  command.callback([&invocation, &noun, verb] { invocation.action = [&noun, verb](Session& session) { return verb(session, noun); }; });
  return command;
}

std::uint64_t count_named(const std::string& option, const std::string& text) {
  const auto count = parse_integer<std::uint64_t>(text, 1);
  if (!count) throw CLI::ValidationError(option, "'" + shorten(text, 40) + "' is not a number from 1 on");
  return *count;
}

void add_limit_option(CLI::App& command, Invocation& invocation, const std::string& help) {
  command
      .add_option_function<std::string>(
          "--limit", [&invocation](const std::string& text) { invocation.limit = count_named("--limit", text); }, help)
      ->type_name("N");
}

void add_query_option(CLI::App& command, Invocation& invocation, const Filter& filter) {
  command
      .add_option_function<std::string>(
          filter.flags, [&invocation, query = filter.query](const std::string& value) { invocation.query.emplace_back(query, value); }, filter.help)
      ->type_name(filter.placeholder);
}

void add_yes_option(CLI::App& command, Invocation& invocation) {
  command.add_flag_function(
      "-y,--yes", [&invocation](std::int64_t) { invocation.confirmation = Confirmation::Given; }, "Do not ask");
}

void add_write_options(CLI::App& command, Invocation& invocation) {
  command.add_option("--reason", invocation.context.reason, "Why, for the journal")->type_name("TEXT")->group(kJournal);
  command.add_option("--reference", invocation.context.reference, "Change or ticket it belongs to")->type_name("TEXT")->group(kJournal);
  command.add_option("--on-behalf-of", invocation.context.on_behalf_of, "For whom")->type_name("NAME")->group(kJournal);
  command.add_flag_function(
      "--dry-run", [&invocation](std::int64_t) { invocation.context.effect = Effect::DryRun; }, "Say what would change, and change nothing");
}

// Of what makes something: repeating it with the same key makes nothing twice.
void add_key_option(CLI::App& command, Invocation& invocation) {
  command
      .add_option("--idempotency-key", invocation.context.idempotency_key,
                  "A text of your own, new for each request: repeated with it, the command gets the same answer and does nothing twice")
      ->type_name("KEY");
}

void add_waiting_options(CLI::App& command, Invocation& invocation) {
  command.add_flag_function(
      "--wait,!--no-wait", [&invocation](std::int64_t count) { invocation.waiting = count > 0 ? Waiting::Wait : Waiting::DoNotWait; },
      "Wait for the end, which is what happens anyway, or do not");
  command.add_option("--timeout", invocation.timeout, "How long to wait for the end")->type_name("DURATION")->capture_default_str();
}

void add_help(CLI::App& command, const VerbHelp& help) {
  std::string footer = "\nExample:\n  " + help.example;
  if (!help.replaces.empty()) footer += "\n\nIn Microsoft's IPAM: " + help.replaces;
  command.footer(footer);
}

void add_common_options(CLI::App& command, Invocation& invocation) {
  command
      .add_option_function<std::string>(
          "-o,--output", [&invocation](const std::string& name) { invocation.format = format_named(name); },
          "How objects are written: table, json, csv, or plain: what each is called, one a line")
      ->type_name("FORMAT")
      ->group(kCommon);
  command
      .add_flag_function(
          "-q,--quiet", [&invocation](std::int64_t) { invocation.format = Format::Plain; }, "The same as -o plain")
      ->group(kCommon);
  command.add_option("--ipam-server", invocation.server, "IPAM server to speak to (IPAM_SERVER)")->type_name("URL")->group(kCommon);
  command.add_option("--profile", invocation.profile, "Profile to use (IPAM_PROFILE)")->type_name("NAME")->group(kCommon);
  command.add_option("--config", invocation.config, "File that keeps the profiles (IPAM_CONFIG)")->type_name("FILE")->group(kCommon);
}

}  // namespace ipam::cli
