// What a restore of a backup would do, for people. Thread rule: pure functions.
#pragma once

#include "contract/backup.h"

#include <boost/json/value.hpp>

#include <optional>

namespace ipam::cli {

// The plan in the answer to a dry run; nothing when it is another dry run's.
std::optional<contract::RestorePlan> restore_plan_in(const boost::json::value& dry_run);
// Its sentences, a line each.
std::string restore_plan_text(const contract::RestorePlan& plan);

}  // namespace ipam::cli
