// LeaseFreshness: how old the lease data is that an allocation relies on, and what happens when it is too old: the request is refused as Stale, or
// the DHCP servers are asked first. Thread rule: set_collector at the start; the rest on an I/O executor.
#pragma once

#include "io/task.h"
#include "ledger/ledger.h"

#include <functional>

namespace ipam::service {

enum class WhenStale { Refuse, CollectFirst };

class LeaseFreshness {
 public:
  // Reads the leases of a server now.
  using Collect = std::function<io::Task<Result<std::string>>(model::ManagedServer, io::Deadline)>;
  // For all servers of a request together.
  static constexpr Duration kCollectingPatience = std::chrono::seconds(60);

  LeaseFreshness(store::Store& store, const occupancy::Index& index) : store_(store), index_(index) {}
  // How leases are collected, and the clock by which they age; without it ensure() answers Unsupported.
  void set_collector(const Clock& clock, Collect collect) { clock_ = &clock, collect_ = std::move(collect); }

  // When the oldest lease data of the servers of these subnets was collected; nothing when no DHCP server serves them or none was read.
  Result<std::optional<Time>> oldest(model::Id<model::AddressSpace> space, const std::vector<ip::Prefix>& subnets) const;
  // That no server of these subnets was read longer ago than `most`, or never. Errors: Stale, naming the server; Unsupported; those of the store.
  io::Task<Result<void>> ensure(model::Id<model::AddressSpace> space, std::vector<ip::Prefix> subnets, Duration most, WhenStale when_stale) const;
  // The subnets of the places that some DHCP server may serve.
  Result<std::vector<ip::Prefix>> served(model::Id<model::AddressSpace> space, const std::vector<ip::Address>& places) const;

 private:
  struct Source {
    model::Id<model::ManagedServer> server;
    std::optional<Time> collected_at;
  };
  Result<std::vector<Source>> sources(model::Id<model::AddressSpace> space, const std::vector<ip::Prefix>& subnets) const;
  Result<std::vector<Source>> stale(model::Id<model::AddressSpace> space, const std::vector<ip::Prefix>& subnets, Duration most) const;
  Error refusal(const Source& source, const std::string& name, Duration most) const;

  store::Store& store_;
  const occupancy::Index& index_;
  const Clock* clock_ = nullptr;
  Collect collect_;
};

}  // namespace ipam::service
