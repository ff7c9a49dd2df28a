#include "service/allocation/takes.h"
#include "service/planning/plan_steps.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::service {
namespace {

using ledger::Transaction;
using model::Id;
using occupancy::PrefixKind;
using occupancy::PrefixStrategy;
using occupancy::SpaceIndex;

// Networks that are in use without being in the plan are passed over one by one, on the ledger's writer: not without end.
constexpr int kMostPassedOver = 10'000;

Result<ip::Prefix> place_of(Transaction& transaction, const std::variant<ip::Prefix, Id<model::Block>>& from, Id<model::AddressSpace> space_id,
                            const SpaceIndex& space) {
  std::optional<ip::Prefix> within;
  if (const auto* prefix = std::get_if<ip::Prefix>(&from)) {
    within = *prefix;
  } else {
    const auto id = std::get<Id<model::Block>>(from);
    const auto block = IPAM_TRY(transaction.find(id));
    if (!block || block->space_id != space_id) return Error::field("/from", "there is no block with id " + id.to_string() + " in this address space");
    within = block->prefix;
  }
  if (const auto subnet = space.longest_match(*within, occupancy::EqualPrefix::Counts, PrefixKind::Subnet)) {
    return Error::field("/from", fmt::format("{} {} subnet {}; subnets do not nest. Split it instead", within->to_string(),
                                             subnet->prefix == *within ? "is" : "lies in", subnet->prefix.to_string()));
  }
  return *within;
}

Result<void> check_length(int length, const ip::Prefix& within, std::string_view pointer) {
  const int bits = ip::bit_count(within.family());
  if (length >= within.length() && length <= bits) return {};
  return Error::field(std::string(pointer), fmt::format("must be within {} and {} in {}", within.length(), bits, within.to_string()));
}

// What is in use in a free prefix without being in the plan: a DHCP pool (also one of delegated prefixes), a lease, a reservation. Answers how much
// may be passed over with it.
std::optional<ip::Prefix> use_of(const SpaceIndex& space, const ip::Prefix& free, const ip::Prefix& within) {
  const auto ranges = space.ranges_overlapping(free, 1);
  if (ranges.empty()) return space.usage(free).used != 0 ? std::optional(free) : std::nullopt;
  ip::Prefix whole = free;
  while (whole.length() > within.length()) {
    const ip::Prefix wider = ip::Prefix::containing(whole.first(), whole.length() - 1);
    if (!ranges.front().range.contains(ip::Range(wider))) break;
    whole = wider;
  }
  return whole;
}

std::string largest_gap(const SpaceIndex& space, const ip::Prefix& within) {
  const auto largest = space.prefix_gap(within, ip::bit_count(within.family()), occupancy::PrefixTrie::GapSize::Largest);
  return largest ? "the largest free prefix is " + largest->to_string() : std::string("nothing in it is free");
}

// Finds places one after the other, each of which is then taken in a draft of the index.
class Search {
 public:
  Search(const SpaceIndex& space, const ip::Prefix& within) : space_(space), draft_(space), within_(within) {}

  std::optional<ip::Prefix> take(int length, occupancy::Choice<PrefixStrategy>& choice) {
    while (passed_over_ < kMostPassedOver) {
      const auto free = occupancy::choose_prefix(draft_, within_, length, choice);
      if (!free) return std::nullopt;
      const auto use = use_of(space_, *free, within_);
      draft_.insert(use.value_or(*free), PrefixKind::Subnet, 0);
      if (use) {
        ++passed_over_;
        continue;
      }
      choice.after = free->last();
      return free;
    }
    return std::nullopt;
  }
  const SpaceIndex& draft() const { return draft_; }

 private:
  const SpaceIndex& space_;
  SpaceIndex draft_;
  const ip::Prefix within_;
  int passed_over_ = 0;
};

// The longest length whose subnets have room for so many hosts.
std::optional<int> length_for(std::uint64_t hosts, ip::Family family) {
  const int bits = ip::bit_count(family);
  for (int length = bits; length > 0; --length) {
    const ip::Prefix example = ip::Prefix::containing(ip::Address(family, 0), length);
    if (example.size() - ledger::boundary_of(example).size() >= hosts) return length;
  }
  return std::nullopt;
}

Result<std::vector<int>> lengths_of(const SubnetPlanRequest& request, const ip::Prefix& within) {
  std::vector<int> lengths;
  for (const SubnetPlanRequest::Wanted& wanted : request.subnets) {
    const std::string pointer = fmt::format("/subnets/{}", lengths.size());
    if (wanted.length.has_value() == wanted.hosts.has_value()) return Error::field(pointer, "give either the length or the number of hosts");
    const std::optional<int> length = wanted.length ? wanted.length : length_for(*wanted.hosts, within.family());
    if (!length || (wanted.hosts && *wanted.hosts == 0)) return Error::field(pointer + "/hosts", "must be at least 1 and fit into a subnet");
    IPAM_TRY(check_length(*length, within, pointer + (wanted.length ? "/length" : "/hosts")));
    lengths.push_back(*length);
  }
  return lengths;
}

}  // namespace

Result<std::vector<model::Subnet>> take_subnets(Transaction& transaction, const SubnetAllocationRequest& request,
                                                const occupancy::RandomSource& random) {
  const Id<model::AddressSpace> space_id = request.fields.space_id;
  const SpaceIndex& space = *IPAM_TRY(transaction.space(space_id));
  const ip::Prefix within = IPAM_TRY(place_of(transaction, request.from, space_id, space));
  IPAM_TRY(check_length(request.length, within, "/length"));
  occupancy::Choice<PrefixStrategy> choice{request.strategy, {}, random};
  if (request.strategy == PrefixStrategy::Next) choice.after = IPAM_TRY(last_taken(transaction, space_id, within));
  Search search(space, within);
  std::vector<model::Subnet> subnets;
  while (subnets.size() < request.count) {
    const auto free = search.take(request.length, choice);
    if (!free) {
      return Error(ErrorCode::Exhausted, fmt::format("{} has room for {} subnets of /{}, {} were asked for; {}", within.to_string(), subnets.size(),
                                                     request.length, request.count, largest_gap(search.draft(), within)));
    }
    model::Subnet subnet = request.fields;
    subnet.prefix = *free;
    IPAM_TRY(model::check(subnet));
    subnets.push_back(std::move(subnet));
  }
  if (request.strategy == PrefixStrategy::Next) remember_taken(transaction, space_id, within, *choice.after);
  for (model::Subnet& subnet : subnets) subnet = IPAM_TRY(create_in(transaction, std::move(subnet)));
  return subnets;
}

Result<std::vector<model::Subnet>> take_plan(Transaction& transaction, const SubnetPlanRequest& request) {
  const SpaceIndex& space = *IPAM_TRY(transaction.space(request.space_id));
  const ip::Prefix within = IPAM_TRY(place_of(transaction, request.from, request.space_id, space));
  const std::vector<int> lengths = IPAM_TRY(lengths_of(request, within));
  // Aligned powers of two, the largest first, each into the smallest gap that holds it, waste nothing: if they do not fit so, they do not fit.
  std::vector<std::size_t> order(lengths.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return lengths[a] < lengths[b]; });
  Search search(space, within);
  occupancy::Choice<PrefixStrategy> choice{PrefixStrategy::BestFit, {}, {}};
  std::vector<model::Subnet> subnets(lengths.size());
  for (const std::size_t at : order) {
    const auto free = search.take(lengths[at], choice);
    if (!free) {
      return Error(ErrorCode::Exhausted, fmt::format("{} has no room for all {} subnets: not for subnet {}, of /{}; {}", within.to_string(),
                                                     lengths.size(), at, lengths[at], largest_gap(search.draft(), within)));
    }
    subnets[at] = request.subnets[at].fields;
    subnets[at].space_id = request.space_id;
    subnets[at].prefix = *free;
    IPAM_TRY(model::check(subnets[at]));
  }
  for (model::Subnet& subnet : subnets) subnet = IPAM_TRY(create_in(transaction, std::move(subnet)));
  return subnets;
}

}  // namespace ipam::service
