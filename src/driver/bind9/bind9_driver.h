// Bind9Driver: a BIND 9 server through its statistics channel (what zones there are), DNS (records, health, changes) and, where it is given, its
// control channel. docs/servers/bind9.md tells what is read by which route. Thread rule: as driver::Driver.
#pragma once

#include "driver/bind9/access.h"
#include "driver/bind9/record_changer.h"
#include "driver/bind9/statistics.h"

namespace ipam::driver::bind9 {

class Bind9Driver final : public Driver, private DnsReader {
 public:
  // The clock and the resolver must outlive the driver. Errors: InvalidArgument (a URL or a key that cannot be).
  static Result<std::unique_ptr<Driver>> create(const Endpoint& endpoint, const Limits& limits, const Clock& clock, io::Resolver& resolver);

  io::Task<Result<ProbeReport>> probe(io::Deadline deadline) override;
  DhcpReader* dhcp() override { return nullptr; }
  DnsReader* dns() override { return this; }
  // Null without a DNS access.
  Changer* changer() override { return changer_.get(); }

 private:
  Bind9Driver(const Endpoint& endpoint, const Limits& limits) : server_name_(endpoint.server_name), limits_(limits) {}

  io::Task<Result<ObservedZones>> collect_zones(io::Deadline deadline) override;
  io::Task<Result<ZoneTransfer>> transfer_zone(ZoneRequest zone, RecordSink& sink, io::Deadline deadline) override;

  io::Task<Result<ServerStatus>> status(io::Deadline deadline);
  io::Task<Result<ListedZones>> list_zones(io::Deadline deadline);
  io::Task<void> probe_dns(const ListedZones* listed, ProbeReport* report, io::Deadline deadline);
  io::Task<void> probe_transfer(const ListedZone* zone, ProbeReport* report, io::Deadline deadline);
  io::Task<void> probe_control(ProbeReport* report, io::Deadline deadline);
  Error named(Error error) const { return located(std::move(error), server_name_); }

  std::string server_name_;
  Limits limits_;
  std::unique_ptr<StatisticsChannel> channel_;
  std::unique_ptr<client::dns::Client> dns_;       // null without a DNS access
  std::unique_ptr<client::rndc::Client> control_;  // null without a control access
  std::unique_ptr<RecordChanger> changer_;
};

}  // namespace ipam::driver::bind9
