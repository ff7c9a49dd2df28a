// The tasks that this version has, as Microsoft IPAM names them and with its periods (DnsConfiguration: our choice). docs/collection.md says what
// each does for each product. Thread rule: for the wiring at start.
#pragma once

#include "service/collection/collector.h"
#include "service/upkeep/upkeep.h"
#include "service/utilization/utilization_sampler.h"
#include "tasks/scheduler.h"

namespace ipam::tasks {

// What the tasks stand on; all of it outlives the scheduler that runs them.
struct TaskServices {
  service::Collector& collector;
  service::Upkeep& upkeep;
  service::UtilizationSampler& utilization;
  // Of ServerDiscovery.
  WholeJob discover;
};

std::vector<TaskDefinition> collection_tasks(const TaskServices& services);

}  // namespace ipam::tasks
