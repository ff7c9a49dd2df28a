// What the address-space index costs: is the search for the next free address flat (P2), how many bytes does an address take (P7), what do the
// other operations cost. One JSON object a line.
//
//   next_free_bench [rounds]     rounds: 7 or more, 11 if not given
//
// All cases lie in one index that also holds 1 M subnets with 10 M IPv4 addresses, 1 M IPv6 addresses and 32 k pools and exclusions. An IPv4 case is
// a subnet as the server has it: its network and broadcast address are held as boundaries.
//
// One case is no subnet: where nothing at all is held near by, the trie ends at its top and the search is quicker than in any subnet. It is shown
// because ratios to it would be larger.
//
// Every case runs in every round, one after the other, so
// that noise of the machine meets them alike; a ratio is taken within its round.
#include "occupancy/free_search.h"
#include "occupancy/index.h"
#include "occupancy/overlay.h"

#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <random>

namespace {

using namespace ipam::occupancy;  // NOLINT: a program of one file
using ipam::ip::Address;
using ipam::ip::Prefix;
using ipam::ip::Range;
using ipam::ip::U128;

Range range(const char* text) { return Range::parse(text).value(); }

double now_ns() { return static_cast<double>(std::chrono::steady_clock::now().time_since_epoch().count()); }

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

std::size_t heap_bytes() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

void print(std::string_view line) {
  fmt::print("{}\n", line);
  std::fflush(stdout);
}

// Mean nanoseconds of one call.
double time_of(std::size_t calls, const std::function<void(std::size_t)>& work) {
  const double begin = now_ns();
  for (std::size_t i = 0; i < calls; ++i) work(i);
  return (now_ns() - begin) / static_cast<double>(calls);
}

void fill(SpaceIndex& index, Address first, U128 count, Holder holder) {
  for (U128 i = 0; i < count; ++i) index.acquire(Address(first.family(), first.number() + i), holder);
}

// 2^20 subnets of /24 from 16.0.0.0 on, each with both boundaries and ten addresses: 1 M prefixes and 10 M used addresses.
constexpr std::uint32_t kEstate = 16U << 24;
constexpr std::uint32_t kSubnets = 1U << 20;

void load_v4_estate(SpaceIndex& index, std::mt19937& random) {
  for (std::uint32_t subnet = 0; subnet < kSubnets; ++subnet) {
    const std::uint32_t base = kEstate + (subnet << 8);
    index.acquire(Address::v4(base), Holder::Blocked);
    index.acquire(Address::v4(base + 255), Holder::Blocked);
    for (int taken = 0; taken < 10;) {
      const Address address = Address::v4(base + 1 + static_cast<std::uint32_t>(random() % 254));
      if (index.is_held(address)) continue;
      index.acquire(address, taken < 3 ? Holder::Static : taken < 5 ? Holder::Reservation : Holder::Lease);
      ++taken;
    }
  }
}

void load_prefixes(SpaceIndex& index) {
  for (std::uint32_t subnet = 0; subnet < kSubnets; ++subnet) {
    index.insert(Prefix::containing(Address::v4(kEstate + (subnet << 8)), 24), PrefixKind::Subnet, subnet + 1);
    if (subnet % 256 == 0) index.insert(Prefix::containing(Address::v4(kEstate + (subnet << 8)), 16), PrefixKind::Block, kSubnets + subnet);
  }
}

// A pool and an exclusion in every 64th subnet: enough that the search has range trees of a realistic depth to look into.
void load_ranges(SpaceIndex& index) {
  for (std::uint32_t subnet = 0; subnet < kSubnets; subnet += 64) {
    const std::uint32_t base = kEstate + (subnet << 8);
    index.insert_range(2 * subnet + 1, Range::create(Address::v4(base + 100), Address::v4(base + 200)).value(), RangeKind::DhcpPool);
    index.insert_range(2 * subnet + 2, Range::create(Address::v4(base + 150), Address::v4(base + 159)).value(), RangeKind::Exclusion);
  }
}

// 2 000 subnets of /64 with 500 addresses each, half of them low, half random.
constexpr U128 kV6Estate = ipam::ip::make_u128(0x2001'0db8'0000'0000ULL, 0);

std::vector<Address> v6_estate(std::mt19937_64& random) {
  std::vector<Address> addresses;
  for (U128 subnet = 0; subnet < 2'000; ++subnet) {
    for (unsigned i = 1; i <= 250; ++i) {
      addresses.push_back(Address::v6(kV6Estate + (subnet << 64) + i));
      addresses.push_back(Address::v6(kV6Estate + (subnet << 64) + (random() | 1ULL << 32)));
    }
  }
  std::shuffle(addresses.begin(), addresses.end(), random);
  return addresses;
}

template <class Load>
void measure_memory(std::string_view what, double addresses, Load&& load) {
  malloc_trim(0);
  const std::size_t before = heap_bytes();
  SpaceIndex index;
  const double begin = now_ns();
  load(index);
  const double nanoseconds = now_ns() - begin;
  const auto bytes = static_cast<double>(heap_bytes() - before);
  print(fmt::format(R"({{"memory":"{}","addresses":{:.0f},"bytes_per_address":{:.1f},"load_ns_per_address":{:.0f}}})", what, addresses,
                    bytes / addresses, nanoseconds / addresses));
}

void measure_memories() {
  std::mt19937 random(1);
  measure_memory("ipv4: 1 M subnets of /24 with 10 addresses each, addresses and prefixes", 10.0 * kSubnets, [&](SpaceIndex& index) {
    load_v4_estate(index, random);
    load_prefixes(index);
  });
  measure_memory("ipv4: the addresses alone", 10.0 * kSubnets, [&](SpaceIndex& index) { load_v4_estate(index, random); });
  measure_memory("ipv4: 16 dense /16", 16.0 * 65'536, [&](SpaceIndex& index) { fill(index, Address::v4(kEstate), 16 * 65'536, Holder::Lease); });
  measure_memory("ipv4: 16 dense /16, two leases an address (failover)", 16.0 * 65'536, [&](SpaceIndex& index) {
    fill(index, Address::v4(kEstate), 16 * 65'536, Holder::Lease);
    fill(index, Address::v4(kEstate), 16 * 65'536, Holder::Lease);
  });
  std::mt19937_64 wide_random(2);
  const std::vector<Address> v6 = v6_estate(wide_random);
  measure_memory("ipv6: 1 M addresses in 2 000 /64, half low, half random, in random order", static_cast<double>(v6.size()), [&](SpaceIndex& index) {
    for (const Address& address : v6) {
      if (!index.is_held(address)) index.acquire(address, Holder::Lease);
    }
  });
}

struct Case {
  const char* name;
  Range within;
  std::vector<double> rounds;
};

void measure_cases(const char* work_name, std::size_t rounds, const std::function<void(const Range&)>& work) {
  constexpr std::size_t kSlices = 25;
  constexpr std::size_t kCalls = 2'000;
  std::vector<Case> cases = {{"ipv4 /24, empty", range("9.9.9.0/24"), {}},
                             {"ipv4 /24, no subnet, nothing held near it", range("5.5.5.0/24"), {}},
                             {"ipv4 /8, empty", range("11.0.0.0/8"), {}},
                             {"ipv4 /8, one address free", range("12.0.0.0/8"), {}},
                             {"ipv4 /16, first 60 000 used", range("13.1.0.0/16"), {}},
                             {"ipv4 /16, 60 000 used, the free ones scattered", range("13.2.0.0/16"), {}},
                             {"ipv6 /64, empty", range("2001:db9::/64"), {}},
                             {"ipv6 /64, 250 low and 250 random used", range("2001:db8:0:5::/64"), {}},
                             {"ipv6 /64, first 60 000 used", range("2001:dba::/64"), {}}};
  for (std::size_t round = 0; round <= rounds; ++round) {
    // The cases take turns in slices so short that most are not interrupted; the median of a round's slices is its time.
    std::vector<std::vector<double>> slices(cases.size());
    for (std::size_t slice = 0; slice < kSlices; ++slice) {
      for (std::size_t i = 0; i < cases.size(); ++i) slices[i].push_back(time_of(kCalls, [&](std::size_t) { work(cases[i].within); }));
    }
    if (round == 0) continue;  // it only warms up
    for (std::size_t i = 0; i < cases.size(); ++i) cases[i].rounds.push_back(median(slices[i]));
  }
  for (const Case& each : cases) {
    std::vector<double> ratios;
    for (std::size_t i = 0; i < rounds; ++i) ratios.push_back(each.rounds[i] / cases[0].rounds[i]);
    print(fmt::format(
        R"({{"figure":"P2","work":"{}","case":"{}","median_ns":{:.1f},"ratio":{:.2f},"ratio_min":{:.2f},"ratio_max":{:.2f},"rounds":{}}})", work_name,
        each.name, median(each.rounds), median(ratios), *std::min_element(ratios.begin(), ratios.end()),
        *std::max_element(ratios.begin(), ratios.end()), rounds));
  }
}

void load_cases(SpaceIndex& index) {
  for (const char* subnet : {"9.9.9.0/24", "11.0.0.0/8", "12.0.0.0/8", "13.1.0.0/16", "13.2.0.0/16", "13.3.0.0/16"}) {
    index.acquire(range(subnet).first(), Holder::Blocked);
    index.acquire(range(subnet).last(), Holder::Blocked);
  }
  fill(index, Address::v4(12U << 24), U128{1} << 24, Holder::Lease);
  index.release(Address::v4((12U << 24) + 9'876'543), Holder::Lease);
  fill(index, range("13.1.0.0/16").first(), 60'000, Holder::Lease);
  std::mt19937 random(3);
  fill(index, range("13.2.0.0/16").first(), 65'536, Holder::Lease);
  for (int freed = 0; freed < 5'536;) {
    const Address address =
        Address::v4(static_cast<std::uint32_t>(range("13.2.0.0/16").first().number()) + static_cast<std::uint32_t>(random() % 65'536));
    if (index.holders(address).of(Holder::Lease) == 0) continue;
    index.release(address, Holder::Lease);
    ++freed;
  }
  fill(index, range("2001:dba::/64").first(), 60'000, Holder::Lease);
}

std::uint64_t sink = 0;  // what is computed must be used

void print_cost(const char* operation, const std::vector<double>& rounds) {
  print(fmt::format(R"({{"cost":"{}","median_ns":{:.0f},"min_ns":{:.0f},"max_ns":{:.0f}}})", operation, median(rounds),
                    *std::min_element(rounds.begin(), rounds.end()), *std::max_element(rounds.begin(), rounds.end())));
}

void measure_costs(SpaceIndex& index, const std::vector<Address>& v6, std::size_t rounds) {
  std::mt19937 random(4);
  constexpr std::size_t kCalls = 100'000;
  std::vector<Address> v4;
  for (std::size_t i = 0; i < kCalls; ++i) v4.push_back(Address::v4(kEstate + static_cast<std::uint32_t>(random() % (kSubnets << 8))));
  const auto each = [&](const char* name, std::size_t calls, const std::function<void(std::size_t)>& work) {
    std::vector<double> taken;
    for (std::size_t round = 0; round < rounds; ++round) taken.push_back(time_of(calls, work));
    print_cost(name, taken);
  };
  const auto usage_of = [&](int length) {
    return [&index, &v4, length](std::size_t i) { sink += static_cast<std::uint64_t>(index.usage(Prefix::containing(v4[i], length)).used); };
  };
  each("ipv4 acquire and release, random places", kCalls,
       [&](std::size_t i) { index.acquire(v4[i], Holder::Static), index.release(v4[i], Holder::Static); });
  each("ipv6 acquire and release, random places", kCalls,
       [&](std::size_t i) { index.acquire(v6[i], Holder::Static), index.release(v6[i], Holder::Static); });
  each("ipv4 usage of a /24", kCalls, usage_of(24));
  each("ipv4 usage of a /20", kCalls, usage_of(20));
  each("ipv4 usage of a /16", kCalls, usage_of(16));
  each("ipv4 usage of a /8", kCalls, usage_of(8));
  each("ipv6 usage of a /64", kCalls, [&](std::size_t i) { sink += static_cast<std::uint64_t>(index.usage(Prefix::containing(v6[i], 64)).used); });
  each("next free in a /24, random places", kCalls, [&](std::size_t i) { sink += index.next_free(Prefix::containing(v4[i], 24)).has_value(); });
  each("longest match", kCalls, [&](std::size_t i) { sink += index.longest_match(v4[i])->id; });
  each("ranges that contain an address", kCalls, [&](std::size_t i) { sink += index.ranges_containing(v4[i]).size(); });
  const Prefix estate = Prefix::parse("0.0.0.0/2").value();
  std::mt19937_64 draws(6);
  const RandomSource random_below = [&draws](U128 limit) { return static_cast<U128>(draws()) % limit; };
  const auto chosen = [&](const char* name, const Range& within, AddressStrategy strategy) {
    each(name, kCalls, [&index, &within, &random_below, strategy](std::size_t) {
      sink += choose_address(index, within, {strategy, within.first(), random_below}).has_value();
    });
  };
  const Range scattered = range("13.2.0.0/16");
  const Range v6_subnet = range("2001:db8:0:5::/64");
  chosen("a random address of a /16, 60 000 used", scattered, AddressStrategy::Random);
  chosen("the middle of the largest gap of a /16, 60 000 used", scattered, AddressStrategy::Sparse);
  chosen("a random address of an ipv6 /64, 500 used", v6_subnet, AddressStrategy::Random);
  chosen("the middle of the largest gap of an ipv6 /64, 500 used", v6_subnet, AddressStrategy::Sparse);
  each("the first 6 free addresses side by side in a /16, 60 000 used", kCalls,
       [&](std::size_t) { sink += choose_run(index, scattered, 6, {}).has_value(); });
  const Prefix all = Prefix::parse("0.0.0.0/2").value();
  each("the best fit of a /25, among 1 M subnets", kCalls, [&](std::size_t) {
    sink += choose_prefix(index, all, 25, {PrefixStrategy::BestFit, {}, {}}).has_value();
  });
  each("the largest gap for a /25, among 1 M subnets", kCalls, [&](std::size_t) {
    sink += choose_prefix(index, all, 25, {PrefixStrategy::Sparse, {}, {}}).has_value();
  });
  each("next free /24, behind 1 M subnets", kCalls, [&](std::size_t) { sink += index.next_free_prefix(estate, 24).has_value(); });
}

void measure_overlay(SpaceIndex loaded, std::size_t rounds) {
  Index index;
  index.edit(1, [&](SpaceIndex& space) { space = std::move(loaded); });
  const Range within = range("13.3.0.0/16");
  std::mt19937 random(5);
  const auto each = [&](const char* name, std::size_t batch, const std::function<Range()>& where) {
    std::vector<double> taken;
    for (std::size_t round = 0; round < rounds; ++round) {
      const double begin = now_ns();
      Overlay overlay(index);
      for (std::size_t i = 0; i < batch; ++i) overlay.apply(1, AddressAcquired{*overlay.find_space(1)->next_free(where()), Holder::Static});
      index.publish(overlay);
      taken.push_back((now_ns() - begin) / static_cast<double>(batch));
    }
    print_cost(name, taken);
  };
  const auto anywhere = [&] { return Range(Prefix::containing(Address::v4(kEstate + static_cast<std::uint32_t>(random() % (kSubnets << 8))), 24)); };
  each("allocation in a batch of 1, the same /16, published", 1, [&] { return within; });
  each("allocation in a batch of 64, the same /16, published", 64, [&] { return within; });
  each("allocation in a batch of 512, the same /16, published", 512, [&] { return within; });
  each("allocation in a batch of 64, anywhere among 1 M subnets, published", 64, anywhere);
  each("allocation in a batch of 20 000, anywhere among 1 M subnets, published", 20'000, anywhere);
}

}  // namespace

int main(int argc, char** argv) {
  const auto rounds = static_cast<std::size_t>(std::max(7, argc > 1 ? std::atoi(argv[1]) : 11));
  measure_memories();

  SpaceIndex index;
  std::mt19937 random(1);
  std::mt19937_64 wide_random(2);
  load_v4_estate(index, random);
  load_prefixes(index);
  load_ranges(index);
  const std::vector<Address> v6 = v6_estate(wide_random);
  for (const Address& address : v6) index.acquire(address, Holder::Lease);
  load_cases(index);

  measure_cases("find", rounds, [&](const Range& within) { sink += static_cast<std::uint64_t>(index.next_free(within)->number()); });
  measure_cases("find, take, give back", rounds, [&](const Range& within) {
    const Address found = *index.next_free(within);
    index.acquire(found, Holder::Static);
    index.release(found, Holder::Static);
  });
  measure_costs(index, v6, rounds);
  measure_overlay(std::move(index), rounds);
  return sink == 1 ? 1 : 0;
}
