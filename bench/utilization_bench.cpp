// P5: what one change of an address costs in a tree of 1 M prefixes over 10 M addresses, counted in nodes of the index that are made anew, and
// whether every counter is right afterwards. One JSON object a line.
//
//   utilization_bench [changes]     20 000 if not given
//
// The tree: 2^20 subnets of /24, above them blocks of /22, /20, … /10, so that 8 prefixes hold each address. A change takes a free address or gives
// one back, alone in its batch, and is published; then the utilization of each of its 8 prefixes is asked for and must have moved by one. Nodes are
// counted by the program's own operator new: copy on write makes every touched node anew. At the end the index recounts itself from its leaves.
#include "occupancy/index.h"
#include "occupancy/overlay.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <new>
#include <random>

namespace {
std::atomic<std::uint64_t> made_objects = 0;  // by operator new
}  // namespace

void* operator new(std::size_t size) {
  made_objects.fetch_add(1, std::memory_order_relaxed);
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

using namespace ipam::occupancy;  // NOLINT: a program of one file
using ipam::ip::Address;
using ipam::ip::Prefix;

constexpr std::uint32_t kEstate = 16U << 24;
constexpr std::uint32_t kSubnets = 1U << 20;
constexpr int kLengths[] = {24, 22, 20, 18, 16, 14, 12, 10};

void load(SpaceIndex& index, std::mt19937& random) {
  std::uint64_t id = 0;
  for (std::uint32_t subnet = 0; subnet < kSubnets; ++subnet) {
    const std::uint32_t base = kEstate + (subnet << 8);
    for (int taken = 0; taken < 10;) {
      const Address address = Address::v4(base + 1 + static_cast<std::uint32_t>(random() % 254));
      if (index.is_held(address)) continue;
      index.acquire(address, Holder::Static);
      ++taken;
    }
    for (const int length : kLengths) {
      const Prefix prefix = Prefix::containing(Address::v4(base), length);
      if (prefix.first() == Address::v4(base)) index.insert(prefix, length == 24 ? PrefixKind::Subnet : PrefixKind::Block, ++id);
    }
  }
  fmt::print(R"({{"prefixes":{},"addresses":{},"levels":{}}})"
             "\n",
             id, 10 * kSubnets, std::size(kLengths));
}

}  // namespace

int main(int argc, char** argv) {
  const int changes = std::max(1, argc > 1 ? std::atoi(argv[1]) : 20'000);
  std::mt19937 random(1);
  Index index;
  index.edit(1, [&](SpaceIndex& space) { load(space, random); });
  std::vector<std::uint64_t> nodes;
  std::uint64_t wrong = 0;
  double nanoseconds = 0;
  for (int i = 0; i < changes; ++i) {
    const Address address = Address::v4(kEstate + static_cast<std::uint32_t>(random() % (kSubnets << 8)));
    const SpaceIndex before = *index.snapshot(1);
    const bool held = before.is_held(address);
    const auto begun = std::chrono::steady_clock::now();
    {
      SpaceIndex draft = before;
      const std::uint64_t made = made_objects;
      held ? draft.release(address, Holder::Static) : draft.acquire(address, Holder::Static);
      nodes.push_back(made_objects - made);
      index.edit(1, [&](SpaceIndex& space) { space = std::move(draft); });
    }
    nanoseconds += static_cast<double>((std::chrono::steady_clock::now() - begun).count());
    const SpaceIndex after = *index.snapshot(1);
    for (const int length : kLengths) {
      const Prefix prefix = Prefix::containing(address, length);
      const auto expected = before.usage(prefix).used + (held ? ipam::ip::U128{0} : ipam::ip::U128{2}) - 1;
      if (after.usage(prefix).used != expected) ++wrong;
    }
  }
  std::sort(nodes.begin(), nodes.end());
  std::uint64_t sum = 0;
  for (const std::uint64_t count : nodes) sum += count;
  fmt::print(R"({{"figure":"P5","changes":{},"levels":{},"nodes_median":{},"nodes_max":{},"nodes_mean":{:.2f},"wrong_utilizations":{},"ns":{:.0f}}})"
             "\n",
             changes, std::size(kLengths), nodes[nodes.size() / 2], nodes.back(), static_cast<double>(sum) / static_cast<double>(nodes.size()), wrong,
             nanoseconds / changes);
  const auto differences = index.snapshot(1)->recount();
  fmt::print(R"({{"recount_differences":{}}})"
             "\n",
             differences.size());
  return wrong == 0 && differences.empty() ? 0 : 1;
}
