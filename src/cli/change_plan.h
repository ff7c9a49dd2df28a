// What would be sent to managed servers, as a person reads it. Thread rule: pure functions.
#pragma once

#include "contract/change.h"

#include <boost/json/value.hpp>

#include <optional>

namespace ipam::cli {

// The plan in the answer to a dry run, or nothing when the write was one of the database alone.
std::optional<contract::ChangePlan> plan_in(const boost::json::value& dry_run);
std::string plan_text(const contract::ChangePlan& plan);

}  // namespace ipam::cli
