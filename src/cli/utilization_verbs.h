// How full one object was and will be: verbs of block, subnet, range and DHCP scope. Thread rule: one thread.
#pragma once

#include "cli/invocation.h"
#include "cli/noun.h"
#include "cli/session.h"

#include <CLI/CLI.hpp>

namespace ipam::cli {

// A list; with --full-within of what will be full.
Result<int> run_measured_list(Session& session, const Noun& noun);
// Its options beside those of every list, where the noun is measured.
void add_utilization_options(CLI::App& list, Invocation& invocation, const Noun& noun);
// The periods of an answer, and the options that say which.
Result<int> print_periods(Session& session, const boost::json::value& answer);
void add_period_options(CLI::App& command, Invocation& invocation);
// `trend` and `forecast`, for a noun whose utilization is measured; of the others nothing.
void add_utilization_verbs(CLI::App& noun_app, Invocation& invocation, const Noun& noun);
// `ipam utilization purge`.
void add_utilization_command(CLI::App& app, Invocation& invocation);

}  // namespace ipam::cli
