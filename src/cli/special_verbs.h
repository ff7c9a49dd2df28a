// Commands that only one noun has, or that do more than the shared verb. Each returns the exit status, or what went wrong. Thread rule: one thread.
#pragma once

#include "cli/noun.h"
#include "cli/session.h"

namespace ipam::cli {

// Of what stands on a managed server (record, reservation): the change is shown before it is made.
Result<int> run_change_add(Session& session, const Noun& noun);
Result<int> run_change_edit(Session& session, const Noun& noun);
Result<int> run_change_delete(Session& session, const Noun& noun);
Result<int> run_change_undo(Session& session, const Noun& changes);

// Finds and takes free addresses, subnets or ranges: POST …:allocate of the noun. `nouns` names what is called by name.
Result<int> run_allocate(Session& session, const Noun& noun, const std::vector<Noun>& nouns);
Body allocate_body(const Noun& noun);
// The block or the prefix that subnets are cut from, as the API takes it: prefixes and ids as they are, anything else is the name of a block.
Result<std::string> place_for_subnets(Api& api, const std::vector<Noun>& nouns, const std::string& text, const Query& qualifiers);

// Takes an address that is held.
Result<int> run_confirm(Session& session, const Noun& addresses);

// Whole subnets: into parts, several into one (`conditions` name them), larger or smaller, many of different sizes (`conditions`: SIZE[=NAME]).
Result<int> run_subnet_split(Session& session, const Noun& subnets);
Result<int> run_subnet_merge(Session& session, const Noun& subnets);
Result<int> run_subnet_resize(Session& session, const Noun& subnets);
Result<int> run_subnet_plan(Session& session, const Noun& subnets, const std::vector<Noun>& nouns);
Body subnet_split_body();
Body subnet_resize_body();

// Adds a managed server, signs in to it and says what was found. Not reached: the exit status of the reason, though the server stays added.
Result<int> run_server_add(Session& session, const Noun& servers);
Result<int> run_server_verify(Session& session, const Noun& servers);

// Makes a server that was found a managed one.
Result<int> run_accept(Session& session, const Noun& found);
Body accept_body();

// Starts a scheduled task and waits for its end, unless told not to. Exit status 1 when the run did not succeed everywhere.
Result<int> run_task(Session& session, const Noun& tasks);

// Reads everything of a server as an operation, and waits for its end unless told not to. Exit status 1 when a part failed.
Result<int> run_server_collect(Session& session, const Noun& servers);

// Waits for the end of an operation that was started, unless told not to, and says what came of it. Exit status 1 when it did not succeed.
Result<int> follow_operation(Session& session, const boost::json::value& started);

// The operation with this id once it is over, its progress shown meanwhile.
Result<boost::json::value> wait_for_operation(Session& session, const std::string& id);

// Sends a file of such objects ("address") and waits for its import, unless told not to. Exit status 1 when a row failed or it did not end well.
Result<int> run_import(Session& session, const Noun& imports, const std::string& kind);
// A file beside the plan: the id of a dry run that tells it, and taking over the rows with these outcomes ("created,updated").
Result<std::string> run_reconcile_check(Session& session, const Noun& imports, const std::string& kind);
Result<int> run_reconcile_import(Session& session, const Noun& imports, const std::string& kind, const std::string& outcomes);
Result<int> run_import_resume(Session& session, const Noun& imports);
// Writes the rows that failed ("errors"), or what came of each row ("results"), as they come.
Result<int> run_import_rows(Session& session, const Noun& imports, const std::string& what);
// Writes all objects of a kind ("addresses") as they come.
Result<int> run_export(Session& session, const Noun& exports, const std::string& kinds);

// Makes a backup, checks one: operations. Puts one in the place of the database: what it costs is shown first; waits for the server to come back.
Result<int> run_backup_create(Session& session, const Noun& backups);
Result<int> run_backup_verify(Session& session, const Noun& backups);
Result<int> run_backup_restore(Session& session, const Noun& backups);

// Exit status 1 when the operation did not succeed.
Result<int> run_operation_wait(Session& session, const Noun& operations);
Result<int> run_operation_cancel(Session& session, const Noun& operations);

// The one configuration of the server: shows it, or changes what can be changed while it runs.
Result<int> run_server_config_get(Session& session, const Noun& config);
Result<int> run_server_config_set(Session& session, const Noun& config);

// Writes events as they come; comes back by itself when the connection breaks.
Result<int> run_events_tail(Session& session, const Noun& events);

// The new token alone goes to standard output.
Result<int> run_token_add(Session& session, const Noun& tokens);

}  // namespace ipam::cli
