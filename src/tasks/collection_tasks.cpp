#include "tasks/collection_tasks.h"

namespace ipam::tasks {
namespace {

io::Task<Result<std::string>> configuration_job(service::Collector* collector, model::ManagedServer server, io::Deadline deadline) {
  return collector->collect_configuration(std::move(server), "task/ServerConfiguration", std::move(deadline));
}

io::Task<Result<std::string>> utilization_job(service::Collector* collector, model::ManagedServer server, io::Deadline deadline) {
  return collector->collect_utilization(std::move(server), "task/AddressUtilization", std::move(deadline));
}

}  // namespace

std::vector<TaskDefinition> collection_tasks(service::Collector& collector) {
  // The functions are no coroutines themselves: they only bind the collector, which outlives every run.
  const auto configuration = [&collector](model::ManagedServer server, io::Deadline deadline) {
    return configuration_job(&collector, std::move(server), std::move(deadline));
  };
  const auto utilization = [&collector](model::ManagedServer server, io::Deadline deadline) {
    return utilization_job(&collector, std::move(server), std::move(deadline));
  };
  return {
      {"ServerConfiguration", "Reads the DHCP scopes, pools and reservations of every managed server.", std::chrono::hours(6), configuration},
      {"AddressUtilization", "Reads the leases of every managed server and measures how full its scopes are.", std::chrono::hours(2), utilization},
  };
}

}  // namespace ipam::tasks
