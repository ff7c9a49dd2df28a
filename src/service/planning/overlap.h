// Overlap: how the ranges of an address space lie over each other. Ranges of one service must stay apart; ranges of different services may overlap,
// which is flagged, since both would hand out the same addresses. Failover partners serve the same addresses on purpose, and what one range leaves
// out as an exclusion it does not share. In sums one of the ranges that overlap counts: the one that was there first.
//
// Specification: MS-IPAMM2, sections 3.1.4.5 and 3.1.4.7. Errors: those of the store. Thread rule: as the functions say.
#pragma once

#include "ledger/transaction.h"
#include "occupancy/index.h"
#include "store/store.h"

#include <map>

namespace ipam::service {

enum class Overlap : std::uint8_t { None, Overlapping, FailoverPartners };
BOOST_DESCRIBE_ENUM(Overlap, None, Overlapping, FailoverPartners)

struct RangeOverlap {
  Overlap overlap = Overlap::None;
  bool use_for_utilization = true;  // false: an older range that it overlaps counts in its place
  std::vector<model::Range> with;   // what it overlaps, by address; at most kMaxOverlaps
};
inline constexpr std::size_t kMaxOverlaps = 256;

// Whether the same service hands out both; Cadastre itself is one, whatever the instance is called.
bool are_of_one_service(const model::Range& one, const model::Range& other);
// Whether both hand out the same address: exclusions of either are left out.
bool share_addresses(const model::Range& one, const model::Range& other);
// Whether two servers serve the same addresses on purpose, by what their products say of their partners (model::DhcpServer::high_availability): one
// relationship with the same peers. Anything unreadable is none.
bool are_partners(std::string_view one, std::string_view other);
// A range of the same service and instance with which this one shares an address: that must not be. Thread rule: the ledger's writer thread.
Result<std::optional<model::Range>> find_rival(ledger::Transaction& transaction, const occupancy::SpaceIndex& space, const model::Range& range);

// Answers for many ranges; remembers what it read of servers. Thread rule: one thread that may block on the database.
class OverlapReader {
 public:
  OverlapReader(store::Store& store, const occupancy::Index& index) : store_(store), index_(index) {}

  // As the index knows the range: at once where nothing overlaps it, else with a look at the others.
  Result<RangeOverlap> read(const model::Range& range);

 private:
  Result<bool> partners(store::Reader& reader, const model::Range& one, const model::Range& other);
  // What the server of a range says of its partners; empty when no server serves it.
  Result<std::string> partners_of(store::Reader& reader, const model::Range& range);

  store::Store& store_;
  const occupancy::Index& index_;
  std::map<std::uint64_t, std::string> by_scope_;
};

}  // namespace ipam::service
