#include "cli/commands.h"

#include "base/strings.h"
#include "cli/history_verbs.h"
#include "cli/security_nouns.h"
#include "cli/special_verbs.h"
#include "cli/utilization_verbs.h"
#include "cli/verbs.h"

#include <algorithm>
#include <cctype>

namespace ipam::cli {
namespace {

void add_subject(CLI::App& command, Invocation& invocation, const std::string& name, const std::string& help) {
  command.add_option(name, invocation.subject, help)->required()->type_name("");
}

void add_field_options(CLI::App& command, Invocation& invocation, const Body& body, const std::vector<std::string>& given_by_subject) {
  for (const Field& field : body.fields) {
    if (std::find(given_by_subject.begin(), given_by_subject.end(), field.name) != given_by_subject.end()) continue;
    const FieldOption option = field_option(field);
    if (field.kind == FieldKind::Boolean) {
      command.add_flag_function(
          option.flags, [&invocation, name = field.name](std::int64_t count) { invocation.given[name] = count > 0 ? "true" : "false"; }, option.help);
      continue;
    }
    auto* added = command.add_option_function<std::string>(
        option.flags, [&invocation, name = field.name](const std::string& value) { invocation.given[name] = value; }, option.help);
    added->type_name(option.placeholder);
    if (field.required && field.kind != FieldKind::Secret) added->required();
  }
}

void add_list(CLI::App& noun_app, Invocation& invocation, const Noun& noun) {
  CLI::App& command = add_verb(noun_app, invocation, noun, "list", *noun.list_help, run_measured_list);
  add_utilization_options(command, invocation, noun);
  if (noun.within) command.add_option("WITHIN", invocation.subject, "Only what lies within this prefix")->type_name("");
  for (const Filter& filter : noun.filters) add_query_option(command, invocation, filter);
  command.add_option("--filter", invocation.conditions, "Any filter of the API, such as name__startswith=app; may be repeated")
      ->type_name("FIELD=VALUE");
  command.add_option("--sort", invocation.sort, "Fields to sort by, with - before one to turn it round")->type_name("FIELDS");
  add_limit_option(command, invocation, "Stop after so many; otherwise all are listed");
}

CLI::App& add_add(CLI::App& noun_app, Invocation& invocation, const Noun& noun) {
  const Verb verb = noun.on_server ? run_change_add : noun.name == "server" ? run_server_add : noun.name == "token" ? run_token_add : run_add;
  CLI::App& command = add_verb(noun_app, invocation, noun, "add", *noun.add_help, verb);
  add_subject(command, invocation, noun.name == "record" ? "NAME" : noun.subject, "The new " + noun.one);
  std::vector<std::string> positional = noun.subject_fields;
  if (noun.name == "record") {
    for (const auto& [field, heading] : {std::pair{"type", "TYPE"}, std::pair{"data", "DATA"}}) {
      command
          .add_option_function<std::string>(
              heading, [&invocation, name = std::string(field)](const std::string& value) { invocation.given[name] = value; },
              heading == std::string("TYPE") ? "A, AAAA, PTR, …" : "What it says: an address, a name")
          ->type_name("")
          ->required();
      positional.emplace_back(field);
    }
  }
  add_field_options(command, invocation, *noun.add, positional);
  if (noun.on_server) add_yes_option(command, invocation);
  add_write_options(command, invocation);
  // The server does not keep answers that tell a secret.
  if (noun.name != "token") add_key_option(command, invocation);
  return command;
}

std::string subject_help(const Noun& noun) {
  if (noun.subject == "ID") return "The " + noun.one + ", by id";
  std::vector<std::string> ways;
  for (const Key key : noun.keys)
    ways.push_back(key == Key::Prefix ? "prefix" : key == Key::Range ? "range" : key == Key::Address ? "address" : "name");
  ways.push_back(noun.keys.empty() ? "name" : "id");
  return "The " + noun.one + ", by " + join(ways, ", ");
}

void add_object_verbs(CLI::App& noun_app, Invocation& invocation, const Noun& noun) {
  const auto add = [&](const char* name, const VerbHelp& help, Verb verb) -> CLI::App& {
    CLI::App& command = add_verb(noun_app, invocation, noun, name, help, verb);
    add_subject(command, invocation, noun.subject, subject_help(noun));
    for (const Filter& qualifier : noun.qualifiers) add_query_option(command, invocation, qualifier);
    return command;
  };
  if (noun.show_help) add("show", *noun.show_help, run_show);
  if (noun.edit_help) {
    CLI::App& command = add("edit", *noun.edit_help, noun.on_server ? run_change_edit : run_edit);
    add_field_options(command, invocation, *noun.edit, {});
    if (noun.on_server) add_yes_option(command, invocation);
    add_write_options(command, invocation);
  }
  if (noun.delete_help) {
    CLI::App& command = add(removal_words(noun).verb.c_str(), *noun.delete_help, noun.on_server ? run_change_delete : run_delete);
    add_yes_option(command, invocation);
    if (noun.name == "address") {
      command.add_flag_function(
          "--now", [&invocation](std::int64_t) { invocation.given["force"] = "true"; }, "Delete it at once, though it would cool down first");
    }
    if (noun.name == "record") {
      command.add_flag_function(
          "--ptr", [&invocation](std::int64_t) { invocation.given["ptr"] = "true"; }, "Remove the PTR record of its address too");
    }
    add_write_options(command, invocation);
  }
}

void add_allocate(CLI::App& noun_app, Invocation& invocation, const Noun& noun, const std::vector<Noun>& nouns) {
  const std::string where = noun.name == "subnet"  ? "Where to look: a prefix, or the name or id of a block"
                            : noun.name == "range" ? "Where to look: a prefix, a range (first-last) or the name or id of a subnet"
                                                   : "Where to look: a prefix, a range (first-last, name or id) or the name of a subnet";
  const VerbHelp& help = *noun.allocate_help;
  CLI::App& command = *noun_app.add_subcommand("allocate", help.sentence);
  add_help(command, help);
  add_common_options(command, invocation);
  add_subject(command, invocation, "FROM", where);
  add_field_options(command, invocation, allocate_body(noun), {"from"});
  add_write_options(command, invocation);
  add_key_option(command, invocation);
  command.callback(
      [&invocation, &noun, &nouns] { invocation.action = [&noun, &nouns](Session& session) { return run_allocate(session, noun, nouns); }; });
}

void add_confirm(CLI::App& noun_app, Invocation& invocation, const Noun& noun) {
  const VerbHelp help{"Take an address that is held, and say what it is for.", "ipam address confirm 10.2.3.17 --name app7", ""};
  CLI::App& command = add_verb(noun_app, invocation, noun, "confirm", help, run_confirm);
  add_subject(command, invocation, noun.subject, subject_help(noun));
  for (const Filter& qualifier : noun.qualifiers) add_query_option(command, invocation, qualifier);
  add_field_options(command, invocation, *noun.edit, {});
  add_write_options(command, invocation);
  add_key_option(command, invocation);
}

// Of whole subnets. Where several are named, or sizes, they stand in `conditions`.
void add_subnet_verbs(CLI::App& noun_app, Invocation& invocation, const Noun& noun, const std::vector<Noun>& nouns) {
  const auto add = [&](const char* name, const VerbHelp& help, Verb verb) -> CLI::App& {
    CLI::App& command = add_verb(noun_app, invocation, noun, name, help, verb);
    for (const Filter& qualifier : noun.qualifiers) add_query_option(command, invocation, qualifier);
    add_write_options(command, invocation);
    add_key_option(command, invocation);
    return command;
  };
  CLI::App& split =
      add("split",
          {"Split a subnet; ranges and addresses follow their new subnet. --dry-run is a preview.", "ipam subnet split 10.2.3.0/24 --length 26", ""},
          run_subnet_split);
  add_subject(split, invocation, noun.subject, subject_help(noun));
  add_field_options(split, invocation, subnet_split_body(), {});
  CLI::App& resize = add("resize", {"Make a subnet larger or smaller where nothing is in the way.", "ipam subnet resize 10.2.2.0/24 --length 23", ""},
                         run_subnet_resize);
  add_subject(resize, invocation, noun.subject, subject_help(noun));
  add_field_options(resize, invocation, subnet_resize_body(), {});
  CLI::App& merge =
      add("merge", {"Make one subnet of several; the lowest keeps its name.", "ipam subnet merge 10.2.2.0/24 10.2.3.0/24", ""}, run_subnet_merge);
  merge.add_option("SUBNETS", invocation.conditions, "The subnets, by prefix, name or id")->required()->type_name("");
  CLI::App& plan = add("plan",
                       {"Make subnets of different sizes in one place, packed as tightly as can be: all or none.",
                        "ipam subnet plan 10.2.0.0/16 --subnet /24=web --subnet 50=desks", ""},
                       nullptr);
  add_subject(plan, invocation, "FROM", "Where: a prefix, or the name or id of a block");
  plan.add_option("--subnet", invocation.conditions, "A length or a number of hosts, and perhaps a name; may be repeated")
      ->required()
      ->type_name("/LENGTH|HOSTS[=NAME]");
  plan.callback(
      [&invocation, &noun, &nouns] { invocation.action = [&noun, &nouns](Session& session) { return run_subnet_plan(session, noun, nouns); }; });
}

void add_operation_verbs(CLI::App& noun_app, Invocation& invocation, const Noun& noun) {
  const VerbHelp wait{"Wait for the end of an operation, and say what came of it.", "ipam operation wait 131077 --timeout 1h", ""};
  CLI::App& waiting = add_verb(noun_app, invocation, noun, "wait", wait, run_operation_wait);
  add_subject(waiting, invocation, noun.subject, subject_help(noun));
  waiting.add_option("--timeout", invocation.timeout, "How long to wait for the end")->type_name("DURATION")->capture_default_str();
  const VerbHelp cancel{"Ask an operation to end. What it has done stays.", "ipam operation cancel 131077", ""};
  add_subject(add_verb(noun_app, invocation, noun, "cancel", cancel, run_operation_cancel), invocation, noun.subject, subject_help(noun));
}

void add_change_verbs(CLI::App& noun_app, Invocation& invocation, const Noun& noun) {
  const VerbHelp undo{"Take back a change, and those that were made with it. Refused when the server holds something else now.",
                      "ipam change undo 131099", ""};
  CLI::App& command = add_verb(noun_app, invocation, noun, "undo", undo, run_change_undo);
  add_subject(command, invocation, noun.subject, subject_help(noun));
  add_yes_option(command, invocation);
  add_write_options(command, invocation);
}

void add_server_config_verbs(CLI::App& noun_app, Invocation& invocation, const Noun& noun) {
  const VerbHelp get{"Show how the IPAM server is set up: port, database, versions, keys.", "ipam server-config get",
                     "Get-IpamConfiguration, Get-IpamDatabase"};
  add_verb(noun_app, invocation, noun, "get", get, run_server_config_get);
  const VerbHelp set{"Change what the server can change while it runs; of the rest, say where it is set.", "ipam server-config set --log-level debug",
                     "Set-IpamConfiguration"};
  add_field_options(add_verb(noun_app, invocation, noun, "set", set, run_server_config_set), invocation, *noun.edit, {});
}

void add_event_verbs(CLI::App& noun_app, Invocation& invocation, const Noun& noun) {
  const VerbHelp help{"Show changes and the progress of operations as they happen, until it is interrupted.",
                      "ipam events tail --from 1 --object-type subnet -o json", "Get-IpamConfigurationEvent, again and again"};
  CLI::App& command = add_verb(noun_app, invocation, noun, "tail", help, run_events_tail);
  command
      .add_option_function<std::string>(
          "--from", [&invocation](const std::string& text) { invocation.from = count_named("--from", text); },
          "Begin with the change of this sequence number; otherwise with what comes from now on")
      ->type_name("SEQUENCE");
  add_limit_option(command, invocation, "Stop after so many events");
  for (const Filter& filter : noun.filters) add_query_option(command, invocation, filter);
}

void add_server_verbs(CLI::App& noun_app, Invocation& invocation, const Noun& noun) {
  const VerbHelp collect{"Read the configuration and the leases of a managed server now, and wait for what comes of it.", "ipam server collect kea1",
                         "Update-IpamServer, and Retrieve All Server Data in the console"};
  CLI::App& collecting = add_verb(noun_app, invocation, noun, "collect", collect, run_server_collect);
  add_subject(collecting, invocation, noun.subject, subject_help(noun));
  add_waiting_options(collecting, invocation);
  const VerbHelp help{"Sign in to a managed server now and say what was found.", "ipam server verify kea1",
                      "the server access status of Get-IpamServerInventory"};
  CLI::App& command = add_verb(noun_app, invocation, noun, "verify", help, run_server_verify);
  add_subject(command, invocation, noun.subject, subject_help(noun));
}

void add_discovery_verbs(CLI::App& noun_app, Invocation& invocation, const Noun& noun) {
  const VerbHelp help{"Make a server that was found a managed one.",
                      "ipam discovered-server accept 10.2.3.5 --port 8000 --name kea1 --user ipam --password-file kea.password",
                      "Set-IpamServerInventory -ManageabilityStatus"};
  CLI::App& command = add_verb(noun_app, invocation, noun, "accept", help, run_accept);
  add_subject(command, invocation, noun.subject, subject_help(noun));
  for (const Filter& qualifier : noun.qualifiers) add_query_option(command, invocation, qualifier);
  add_field_options(command, invocation, accept_body(), {});
  add_write_options(command, invocation);
  add_key_option(command, invocation);
}

void add_task_verbs(CLI::App& noun_app, Invocation& invocation, const Noun& noun) {
  const VerbHelp help{"Run a scheduled task now and wait for what comes of it.", "ipam task run server-configuration",
                      "Start-ScheduledTask on the tasks of \\Microsoft\\Windows\\IPAM"};
  CLI::App& command = add_verb(noun_app, invocation, noun, "run", help, run_task);
  add_subject(command, invocation, noun.subject, subject_help(noun));
  add_waiting_options(command, invocation);
}

void add_backup_verbs(CLI::App& noun_app, Invocation& invocation, const Noun& noun) {
  const VerbHelp create{
      "Copy the database while the server works, read the copy once, and keep it in the server's backup folder. The master key is "
      "not in it: keep that apart.",
      "ipam backup create --note 'before the migration' --keep 14", ""};
  CLI::App& creating = add_verb(noun_app, invocation, noun, "create", create, run_backup_create);
  add_field_options(creating, invocation, *noun.add, {});
  add_waiting_options(creating, invocation);
  add_key_option(creating, invocation);
  const VerbHelp verify{"Read all of a backup: its digest, the database in it, and the chain of its journal.",
                        "ipam backup verify 20261127T170102Z-48213", ""};
  CLI::App& verifying = add_verb(noun_app, invocation, noun, "verify", verify, run_backup_verify);
  add_subject(verifying, invocation, noun.subject, subject_help(noun));
  add_waiting_options(verifying, invocation);
  const VerbHelp restore{
      "Put a backup in the place of the database. What was handed out since is kept, what else came since is listed. "
      "Where the server does not start, use ipamd --restore.",
      "ipam backup restore 20261127T170102Z-48213 --dry-run", ""};
  CLI::App& restoring = add_verb(noun_app, invocation, noun, "restore", restore, run_backup_restore);
  add_subject(restoring, invocation, noun.subject, subject_help(noun));
  add_yes_option(restoring, invocation);
  add_write_options(restoring, invocation);
  restoring.add_option("--timeout", invocation.timeout, "How long to wait for the server to come back")->type_name("DURATION")->capture_default_str();
}

// "Subnets: list, add, show, edit, delete", once its verbs are there.
void describe_noun(CLI::App& noun_app, const Noun& noun) {
  std::string title = noun.many;
  title.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(title.front())));
  std::vector<std::string> verbs;
  for (const CLI::App* verb : noun_app.get_subcommands({})) verbs.push_back(verb->get_name());
  noun_app.description(title + ": " + join(verbs, ", "));
  noun_app.footer("\nHelp of a command: ipam " + noun.name + " VERB --help");
}

void add_noun(CLI::App& app, Invocation& invocation, const Noun& noun, const std::vector<Noun>& nouns) {
  CLI::App& noun_app = *app.add_subcommand(noun.name, noun.many);
  for (const std::string& alias : noun.aliases) noun_app.alias(alias);
  noun_app.require_subcommand(1);
  if (noun.list_help) add_list(noun_app, invocation, noun);
  if (noun.allocate_help) add_allocate(noun_app, invocation, noun, nouns);
  if (noun.add_help) {
    CLI::App& command = add_add(noun_app, invocation, noun);
    if (noun.name == "server")
      command.add_flag_function(
          "--no-verify", [&invocation](std::int64_t) { invocation.verification = Verification::Skip; }, "Do not sign in to it now");
  }
  add_object_verbs(noun_app, invocation, noun);
  if (noun.name == "address") add_confirm(noun_app, invocation, noun);
  if (noun.name == "subnet") add_subnet_verbs(noun_app, invocation, noun, nouns);
  add_utilization_verbs(noun_app, invocation, noun);
  add_history_verbs(noun_app, invocation, noun);
  add_reclaim_verbs(noun_app, invocation, noun);
  if (noun.name == "server") add_server_verbs(noun_app, invocation, noun);
  if (noun.name == "discovered-server") add_discovery_verbs(noun_app, invocation, noun);
  if (noun.name == "task") add_task_verbs(noun_app, invocation, noun);
  if (noun.name == "operation") add_operation_verbs(noun_app, invocation, noun);
  if (noun.name == "change") add_change_verbs(noun_app, invocation, noun);
  if (noun.name == "server-config") add_server_config_verbs(noun_app, invocation, noun);
  if (noun.name == "backup") add_backup_verbs(noun_app, invocation, noun);
  if (noun.name == "events") add_event_verbs(noun_app, invocation, noun);
  if (noun.name == "saved-search") add_saved_search_verbs(noun_app, invocation, noun, nouns);
  if (noun.name == "logical-group") add_group_verbs(noun_app, invocation, noun);
  if (noun.name == "import") add_import_verbs(noun_app, invocation, noun);
  if (noun.name == "export") add_export_verbs(noun_app, invocation, noun);
  describe_noun(noun_app, noun);
}

}  // namespace

void add_commands(CLI::App& app, Invocation& invocation, const std::vector<Noun>& nouns) {
  add_search_command(app, invocation);
  add_tracking_commands(app, invocation);
  add_session_commands(app, invocation);
  add_completion_command(app, invocation);
  const auto imports = std::find_if(nouns.begin(), nouns.end(), [](const Noun& noun) { return noun.name == "import"; });
  if (imports != nouns.end()) add_reconcile_command(app, invocation, *imports);
  add_utilization_command(app, invocation);
  for (const Noun& noun : nouns) add_noun(app, invocation, noun, nouns);
}

}  // namespace ipam::cli
