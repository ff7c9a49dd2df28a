#include "tasks/collection_tasks.h"

namespace ipam::tasks {
namespace {

using model::ManagedServer;
using model::Product;
using service::Collector;
using service::Upkeep;

using CollectorJob = io::Task<Result<std::string>> (Collector::*)(ManagedServer, std::string, io::Deadline);
using UpkeepJob = io::Task<Result<std::string>> (Upkeep::*)(io::Deadline);

constexpr std::size_t kProbesAtOnce = 2'000;
// A dead server costs no more than this.
constexpr Duration kProbeDeadline = std::chrono::seconds(10);

bool serves_dhcp(const ManagedServer& server) { return model::serves_dhcp(server.product); }
bool serves_dns(const ManagedServer& server) { return server.product == Product::Bind9 || server.product == Product::WindowsDns; }
bool any_server(const ManagedServer&) { return true; }

// The functions are no coroutines themselves: they only bind what outlives every run.
ServerJob bind_job(Collector& collector, CollectorJob job, std::string task) {
  return [&collector, job, actor = "task/" + task](ManagedServer server, io::Deadline deadline) {
    return (collector.*job)(std::move(server), actor, std::move(deadline));
  };
}

WholeJob bind_job(Upkeep& upkeep, UpkeepJob job) {
  return [&upkeep, job](io::Deadline deadline) { return (upkeep.*job)(std::move(deadline)); };
}

struct Sentence {
  std::string name;
  std::string description;
};

TaskDefinition of_servers(Sentence what, Duration period, std::function<bool(const ManagedServer&)> concerns, Collector& collector,
                          CollectorJob job) {
  TaskDefinition definition;
  definition.job = bind_job(collector, job, what.name);
  definition.name = std::move(what.name);
  definition.description = std::move(what.description);
  definition.default_period = period;
  definition.concerns = std::move(concerns);
  return definition;
}

TaskDefinition of_the_whole(Sentence what, Duration period, WholeJob job) {
  TaskDefinition definition;
  definition.name = std::move(what.name);
  definition.description = std::move(what.description);
  definition.default_period = period;
  definition.whole = std::move(job);
  return definition;
}

}  // namespace

std::vector<TaskDefinition> collection_tasks(const TaskServices& services) {
  using std::chrono::hours;
  using std::chrono::minutes;
  std::vector<TaskDefinition> tasks;
  tasks.push_back(of_the_whole({"AddressExpiry", "Tells which addresses and API tokens have expired or soon will."}, hours(24),
                               bind_job(services.upkeep, &Upkeep::expire)));
  tasks.push_back(
      of_servers({"AddressUtilization", "Reads the leases of every DHCP server and measures how full its scopes and the address plan are."}, hours(2),
                 serves_dhcp, services.collector, &Collector::collect_utilization));
  tasks.back().whole = [&sampler = services.utilization](io::Deadline deadline) { return sampler.run(std::move(deadline)); };
  tasks.push_back(of_the_whole({"Audit", "Verifies the journal's chain, and the index against a recount and the store."}, hours(24),
                               bind_job(services.upkeep, &Upkeep::audit)));
  tasks.push_back(of_servers({"DnsConfiguration", "Reads the zones and records of every DNS server."}, hours(6), serves_dns, services.collector,
                             &Collector::collect_zones));
  tasks.push_back(of_servers({"ServerAvailability", "Signs in to every managed server and each of its accesses."}, minutes(15), any_server,
                             services.collector, &Collector::check_availability));
  tasks.back().servers_at_once = kProbesAtOnce;
  tasks.back().job_deadline = kProbeDeadline;
  tasks.push_back(of_servers({"ServerConfiguration", "Reads the scopes, pools, reservations and options of every DHCP server."}, hours(6),
                             serves_dhcp, services.collector, &Collector::collect_configuration));
  if (services.discover) {
    tasks.push_back(
        of_the_whole({"ServerDiscovery", "Looks for servers in the discovery domains and at the discovery targets."}, hours(24), services.discover));
  }
  tasks.push_back(of_servers({"ServiceMonitoring", "Asks how the DHCP services and the DNS zones of every server are."}, minutes(30), any_server,
                             services.collector, &Collector::monitor_services));
  return tasks;
}

}  // namespace ipam::tasks
