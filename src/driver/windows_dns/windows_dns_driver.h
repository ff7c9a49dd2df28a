// WindowsDnsDriver: the DNS service of a Windows Server, and Samba's, read by MS-DNSP over DCE/RPC with Kerberos. docs/servers/windows_dns.md tells
// what is read and how it is set up. Thread rule: as driver::Driver.
#pragma once

#include "base/clock.h"
#include "driver/windows_dns/dns_service.h"

namespace ipam::driver::windows_dns {

class WindowsDnsDriver final : public Driver, private DnsReader {
 public:
  // Clock, resolver and pool (on which signing in blocks) must outlive the driver. Errors: InvalidArgument (a URL, account or keytab that cannot be).
  static Result<std::unique_ptr<Driver>> create(const Endpoint& endpoint, const Limits& limits, const Clock& clock, io::Resolver& resolver,
                                                io::WorkerPool& blocking);

  io::Task<Result<ProbeReport>> probe(io::Deadline deadline) override;
  DhcpReader* dhcp() override { return nullptr; }
  DnsReader* dns() override { return this; }
  Changer* changer() override { return nullptr; }

 private:
  WindowsDnsDriver(std::string server_name, const Limits& limits, const Clock& clock, DnsService service)
      : server_name_(std::move(server_name)), limits_(limits), clock_(clock), service_(std::move(service)) {}

  io::Task<Result<ObservedZones>> collect_zones(io::Deadline deadline) override;
  io::Task<Result<ZoneTransfer>> transfer_zone(ZoneRequest zone, RecordSink& sink, io::Deadline deadline) override;

  // A zone that the account may not read is Unknown, with a finding.
  ObservedZone unread(const wire::dnsp::Zone& zone, const std::optional<wire::dns::Soa>& soa, const Error& why,
                      std::vector<std::string>* findings) const;
  io::Task<Result<ObservedZone>> observe(wire::dnsp::Zone zone, std::vector<std::string>* findings, io::Deadline deadline);
  Error named(Error error) const;

  std::string server_name_;
  Limits limits_;
  const Clock& clock_;
  DnsService service_;
};

}  // namespace ipam::driver::windows_dns
