// The commands as CLI11 knows them: every noun with its verbs, and the options of each. What is parsed lands in the invocation, the command itself in
// its `action`. Thread rule: one thread; all three arguments outlive the parsing and the action.
#pragma once

#include "cli/invocation.h"
#include "cli/noun.h"

#include <CLI/CLI.hpp>

namespace ipam::cli {

void add_commands(CLI::App& app, Invocation& invocation, const std::vector<Noun>& nouns);

// The options that every command has, in a group of their own in its help. For the file that adds the commands.
void add_common_options(CLI::App& command, Invocation& invocation);
void add_help(CLI::App& command, const VerbHelp& help);
using Verb = Result<int> (*)(Session&, const Noun&);
// A command of a noun that does what `verb` does.
CLI::App& add_verb(CLI::App& noun_app, Invocation& invocation, const Noun& noun, const std::string& name, const VerbHelp& help, Verb verb);
// A number of at least 1, for this option. Throws CLI::ValidationError.
std::uint64_t count_named(const std::string& option, const std::string& text);
// --limit.
void add_limit_option(CLI::App& command, Invocation& invocation, const std::string& help);
// An option that becomes a parameter of the API.
void add_query_option(CLI::App& command, Invocation& invocation, const Filter& filter);
// The options of every write (why, for whom, --dry-run), of what makes something, and of what is waited for.
void add_write_options(CLI::App& command, Invocation& invocation);
void add_key_option(CLI::App& command, Invocation& invocation);
// Of what would otherwise be asked about.
void add_yes_option(CLI::App& command, Invocation& invocation);
void add_waiting_options(CLI::App& command, Invocation& invocation);
// The verbs of `ipam import` and `ipam export` beyond list and show.
void add_import_verbs(CLI::App& noun_app, Invocation& invocation, const Noun& noun);
void add_export_verbs(CLI::App& noun_app, Invocation& invocation, const Noun& noun);
// `ipam logical-group nodes`.
void add_group_verbs(CLI::App& noun_app, Invocation& invocation, const Noun& noun);
// `ipam saved-search run`; `nouns` are what it may list.
void add_saved_search_verbs(CLI::App& noun_app, Invocation& invocation, const Noun& noun, const std::vector<Noun>& nouns);
// `ipam address reclaimable`, `reclaim`, `duplicates`; `ipam range overlaps`.
void add_reclaim_verbs(CLI::App& noun_app, Invocation& invocation, const Noun& noun);
// `ipam reconcile`; `imports` is the noun of imports.
void add_reconcile_command(CLI::App& app, Invocation& invocation, const Noun& imports);
// `ipam who`, `ipam track`.
void add_tracking_commands(CLI::App& app, Invocation& invocation);
// `ipam search`.
void add_search_command(CLI::App& app, Invocation& invocation);
void add_session_commands(CLI::App& app, Invocation& invocation);
// `ipam completion bash|zsh|fish`: the script is made of the commands that `app` has when it runs.
void add_completion_command(CLI::App& app, Invocation& invocation);

}  // namespace ipam::cli
