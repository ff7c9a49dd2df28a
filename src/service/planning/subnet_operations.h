// SubnetOperations: split, merge and resize subnets, each in one transaction. What lies inside follows: ranges belong to their new subnet, addresses
// to the subnet that holds them. Refused, naming the object that is in the way: a range across a cut or outside, an address outside or one that would
// become the network or broadcast address, a sibling that would be overlapped, a block that would lie inside. A dry run (the context's exchange) is
// the preview. Errors: InvalidArgument, Conflict, NotFound, FailedPrecondition (another revision), PermissionDenied, those of the ledger. Thread
// rule: an I/O executor.
#pragma once

#include "service/planning/planning_service.h"

namespace ipam::service {

struct SubnetSplit {
  static constexpr std::size_t kMaxParts = 1'024;

  model::Id<model::Subnet> id;
  std::optional<std::uint64_t> expected_revision;
  // All prefixes of a length, or these; what these leave out is free afterwards and must be empty.
  std::optional<int> length;
  std::vector<ip::Prefix> parts;
};

struct SubnetMerge {
  static constexpr std::size_t kMaxSubnets = 1'024;

  std::vector<model::Id<model::Subnet>> ids;  // two or more; the lowest stays and grows to the prefix that holds all
};

struct SubnetResize {
  model::Id<model::Subnet> id;
  std::optional<std::uint64_t> expected_revision;
  // The new prefix, which holds the old one or lies inside it: this one, or the one of this length at the same place.
  std::optional<ip::Prefix> prefix;
  std::optional<int> length;
};

class SubnetOperations {
 public:
  using Subnets = std::vector<model::Subnet>;

  explicit SubnetOperations(ledger::Ledger& ledger) : ledger_(ledger) {}

  // The parts in address order; the first keeps the id of the subnet, the others are as it was but for their prefix.
  io::Task<Result<ledger::Written<Subnets>>> split(Principal principal, SubnetSplit request, model::ChangeContext context);
  // The one subnet that is left.
  io::Task<Result<ledger::Written<Subnets>>> merge(Principal principal, SubnetMerge request, model::ChangeContext context);
  io::Task<Result<ledger::Written<Subnets>>> resize(Principal principal, SubnetResize request, model::ChangeContext context);

 private:
  io::Task<Result<ledger::Written<Subnets>>> run(Principal principal, std::function<Result<Subnets>(ledger::Transaction&)> work,
                                                 model::ChangeContext context);

  ledger::Ledger& ledger_;
};

}  // namespace ipam::service
