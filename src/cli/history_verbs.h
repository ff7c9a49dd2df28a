// The past of the address plan: `history` of an object, --as-of of `show` and `list`, `ipam journal undo`. Thread rule: one thread.
#pragma once

#include "cli/noun.h"
#include "cli/session.h"

#include <CLI/CLI.hpp>

namespace ipam::cli {

// What a noun of the address plan has of these, and that of the journal; of the others nothing. After its other verbs.
void add_history_verbs(CLI::App& noun_app, Invocation& invocation, const Noun& noun);

// Whether --as-of was given, and the noun as its objects are shown then: without what is not known of the past.
bool asks_for_past(const Invocation& invocation);
Noun past_noun(const Noun& noun);
// The subject of the command as it was. Errors: NotFound.
Result<boost::json::value> find_past(Session& session, const Noun& noun);

}  // namespace ipam::cli
