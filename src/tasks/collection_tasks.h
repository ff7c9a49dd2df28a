// The tasks that this version has, as Microsoft IPAM names them and with its periods. Thread rule: for the wiring at start.
#pragma once

#include "service/collection/collector.h"
#include "tasks/scheduler.h"

namespace ipam::tasks {

// The collector must outlive the scheduler that runs them.
std::vector<TaskDefinition> collection_tasks(service::Collector& collector);

}  // namespace ipam::tasks
