// Managed servers in memory, for tests of what uses drivers: a test scripts what a server holds, how it fails and how long it takes, and counts
// calls.
//
//   FakeFactory factory;
//   factory.server("http://kea1/").with([](FakeServer& server) { server.leases = …; server.lease_error = Error(ErrorCode::Unavailable, "…"); });
//
// Thread rule: any thread may script a server while drivers read it; each call reads its state at one instant.
#pragma once

#include "base/guarded.h"
#include "driver/driver.h"

#include <functional>
#include <map>
#include <memory>

namespace ipam::driver {

struct FakeServer {
  ProbeReport probe{.version = "1.0", .capabilities = {"configuration", "leases", "statistics"}};
  ObservedConfiguration configuration;
  std::vector<ObservedStatistics> statistics;
  std::vector<ObservedLease> leases;  // in any order
  std::string password;               // what the endpoint must say; empty: anything

  std::vector<ObservedZone> zones;
  std::map<std::string, std::vector<ObservedRecord>> records;        // by zone
  std::map<std::string, std::vector<RecordDifference>> differences;  // by zone: told instead of the whole zone to who knows a serial
  std::uint64_t generation = 0;                                      // grows with every change that is applied

  bool has_dhcp = true;
  bool has_dns = false;
  bool has_changer = true;
  Duration delay{};            // every call takes so long
  std::optional<Error> error;  // of every call
  std::optional<Error> configuration_error;
  std::optional<Error> statistics_error;
  std::optional<Error> zone_error;
  std::optional<Error> record_error;   // of a transfer
  std::size_t record_error_after = 0;  // that many records are told before it
  std::optional<Error> change_error;   // of apply
  std::string change_unknown;          // why apply does not learn what became of it; nothing was done
  bool change_is_lost = false;         // with that: it was done
  std::function<void()> before_apply;  // called at the begin of apply
  std::optional<Error> lease_error;
  std::size_t lease_error_after = 0;  // that many leases are told before it
  std::size_t chunk = 1000;

  std::size_t probes = 0;
  std::size_t collections = 0;  // calls of the reader
};

using SharedFakeServer = std::shared_ptr<Guarded<FakeServer>>;  // shared: by the test and by every driver to the server

class FakeDriver final : public Driver, private DhcpReader, private DnsReader, private Changer {
 public:
  // Without a server every call is answered Unavailable, as by a host that is off.
  FakeDriver(SharedFakeServer server, Endpoint endpoint, Limits limits);

  io::Task<Result<ProbeReport>> probe(io::Deadline deadline) override;
  DhcpReader* dhcp() override;
  DnsReader* dns() override;
  Changer* changer() override;

 private:
  io::Task<Result<ObservedConfiguration>> collect_configuration(io::Deadline deadline) override;
  io::Task<Result<std::vector<ObservedStatistics>>> collect_statistics(io::Deadline deadline) override;
  io::Task<Result<LeaseCollection>> collect_leases(LeaseSink& sink, io::Deadline deadline) override;
  io::Task<Result<ObservedZones>> collect_zones(io::Deadline deadline) override;
  // The whole zone, unless its serial is the known one or there are differences.
  io::Task<Result<ZoneTransfer>> transfer_zone(ZoneRequest zone, RecordSink& sink, io::Deadline deadline) override;
  io::Task<Result<Plan>> plan(std::vector<Change> changes, io::Deadline deadline) override;
  io::Task<Result<Applied>> apply(Plan plan, io::Deadline deadline) override;
  // Waits, and answers the server's state at its end or why there is none.
  io::Task<Result<FakeServer>> arrive(io::Deadline deadline);
  Error failure(Error error) const;

  SharedFakeServer server_;
  Endpoint endpoint_;
  Limits limits_;
};

class FakeFactory final : public Factory {
 public:
  // The server at this URL, made when there is none yet.
  Guarded<FakeServer>& server(const std::string& url);
  Result<std::unique_ptr<Driver>> create(model::Product product, const Endpoint& endpoint, const Limits& limits) const override;

 private:
  Guarded<std::map<std::string, SharedFakeServer>> servers_;
};

// Keeps the records that it takes, and fails when told to.
class CollectingRecordSink final : public RecordSink {
 public:
  io::Task<Result<void>> begin(Content content, std::uint32_t serial) override;
  io::Task<Result<void>> accept(std::vector<RecordDifference> chunk) override;

  std::optional<Content> content;
  std::uint32_t serial = 0;
  std::vector<RecordDifference> differences;
  std::size_t largest_chunk = 0;
  std::optional<Error> error;
};

// Keeps what it takes, and fails when told to.
class CollectingSink final : public LeaseSink {
 public:
  io::Task<Result<void>> accept(std::vector<ObservedLease> chunk) override;

  std::vector<ObservedLease> leases;
  std::size_t chunks = 0;
  std::size_t largest_chunk = 0;
  std::optional<Error> error;
};

}  // namespace ipam::driver
