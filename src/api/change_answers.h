// Changes of managed servers as the API tells them. Thread rule: pure functions.
#pragma once

#include "contract/change.h"
#include "service/change/change_service.h"

namespace ipam::api {

contract::ServerChange to_answer(const model::ServerChange& change);
contract::ServerPlan to_answer(const service::ServerPlan& plan);

}  // namespace ipam::api
