// The routes of history beside ?as_of=, which plan_routes.cpp has. Thread rule: as api.h.
#pragma once

#include "api/api.h"

namespace ipam::api {

void add_history_routes(Routes& routes, Services& services);

}  // namespace ipam::api
