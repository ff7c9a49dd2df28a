// How full one object was and will be: verbs of block, subnet, range and DHCP scope. Thread rule: one thread.
#pragma once

#include "cli/invocation.h"
#include "cli/noun.h"

#include <CLI/CLI.hpp>

namespace ipam::cli {

// `trend` and `forecast`, for a noun whose utilization is measured; of the others nothing.
void add_utilization_verbs(CLI::App& noun_app, Invocation& invocation, const Noun& noun);

}  // namespace ipam::cli
