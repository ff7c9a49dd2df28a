// KeaDriver: reads the DHCPv4 and the DHCPv6 server behind one control agent, or one of them through its own HTTP control channel (Kea 2.7 and
// later). Which of them there are is asked once; one that is configured and cannot be reached fails every call, for half of a server must not be
// taken for the whole. docs/servers/kea.md says which command is used for what, which hook brings it, and what was measured. Thread rule: as in
// driver.h.
#pragma once

#include "base/clock.h"
#include "driver/driver.h"
#include "driver/kea/kea_changer.h"
#include "driver/kea/kea_channel.h"
#include "driver/kea/kea_lease_database.h"
#include "driver/kea/kea_lease_files.h"
#include "driver/kea/kea_leases.h"
#include "driver/kea/kea_service.h"

#include <memory>
#include <string>
#include <vector>

namespace ipam::driver::kea {

// Pages of 250 to 1 000 leases are the fastest by the control agent; larger ones take Kea quadratic time, in which it serves no client.
inline constexpr std::size_t kLeasePage = 500;

class KeaDriver final : public Driver, private DhcpReader {
 public:
  // The clock tells which leases have expired; it, the resolver and the pool must outlive the driver. `lease_page` is at most 1 000. Without a pool
  // for calls that block neither lease database nor lease files are read. Errors: InvalidArgument.
  static Result<std::unique_ptr<Driver>> create(const Endpoint& endpoint, const Limits& limits, const Clock& clock, io::Resolver& resolver,
                                                std::size_t lease_page = kLeasePage, io::WorkerPool* blocking = nullptr);

  io::Task<Result<ProbeReport>> probe(io::Deadline deadline) override;
  DhcpReader* dhcp() override { return this; }
  DnsReader* dns() override { return nullptr; }
  Changer* changer() override { return &changer_; }

 private:
  KeaDriver(const Endpoint& endpoint, const Limits& limits, const Clock& clock, std::size_t lease_page, std::unique_ptr<Channel> channel,
            std::unique_ptr<LeaseDatabase> database, std::unique_ptr<LeaseFiles> files);

  io::Task<Result<ObservedConfiguration>> collect_configuration(io::Deadline deadline) override;
  io::Task<Result<std::vector<ObservedStatistics>>> collect_statistics(io::Deadline deadline) override;
  io::Task<Result<LeaseCollection>> collect_leases(LeaseSink& sink, io::Deadline deadline) override;

  struct FoundService {
    Service service = Service::Dhcp4;
    std::string version;
  };
  io::Task<Result<void>> find_services(io::Deadline deadline);
  io::Task<Result<std::optional<FoundService>>> find_service(Service service, io::Deadline deadline);
  io::Task<Result<ProbeReport>> probe_service(FoundService found, io::Deadline deadline);
  // How each access of the endpoint is, and what it adds to the capabilities.
  io::Task<Result<void>> probe_accesses(ProbeReport* report, io::Deadline deadline);
  io::Task<Result<void>> probe_access(model::AccessKind kind, ProbeReport* report, io::Deadline deadline);
  // Where the service's leases are in files: as the access says for the first service, else as its configuration says. Empty: they are in none.
  std::string lease_file_of(Service service, const ObservedConfiguration& configuration) const;
  // Whether the leases were read by an access; an access that fails before it told anything is noted and passed over, for there is the channel too.
  io::Task<Result<bool>> collect_by_access(Service service, LeaseSink& sink, LeaseCollection& collection, std::string* failure,
                                           io::Deadline deadline);
  io::Task<Result<ObservedConfiguration>> read_service(Service service, io::Deadline deadline);
  io::Task<Result<std::vector<ObservedStatistics>>> count_service(Service service, io::Deadline deadline);
  io::Task<Result<std::vector<std::string>>> ask_commands(Service service, io::Deadline deadline);
  // Each adds to the collection.
  io::Task<Result<void>> collect_by_pages(Service service, LeaseSink& sink, LeaseCollection& collection, io::Deadline deadline);
  io::Task<Result<void>> collect_by_scopes(Service service, LeaseSink& sink, LeaseCollection& collection, io::Deadline deadline);
  io::Task<Result<std::string>> ask(std::string question, io::Deadline deadline);
  // The same error, said of this server.
  Error of_server(Error error) const;

  const std::string server_name_;
  const Limits limits_;
  const Clock& clock_;
  const std::size_t lease_page_;
  const std::unique_ptr<Channel> channel_;
  const std::unique_ptr<LeaseDatabase> database_;  // null without such an access
  const std::unique_ptr<LeaseFiles> files_;        // null without such an access
  KeaChanger changer_;
  std::vector<FoundService> services_;  // empty until they were asked for
};

}  // namespace ipam::driver::kea
