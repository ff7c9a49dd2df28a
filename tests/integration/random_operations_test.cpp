// Random operations on the address plan against a model that is as simple as can be: subnets are numbers with a length, addresses a set of numbers.
// What an operation answers is foretold each time, and every so often everything that is stored and counted is compared.
//
// IPAM_RANDOM_OPERATIONS=1000000 makes it the nightly form; IPAM_RANDOM_SEED repeats one run.
#include "integration/house.h"
#include "service/history/history_service.h"
#include "service/interchange/import_service.h"
#include "service/planning/subnet_operations.h"

#include <fmt/format.h>

#include <cstdlib>
#include <map>
#include <random>
#include <set>

namespace ipam::test {
namespace {

using service::AllocationRequest;

constexpr std::uint32_t kBase = 0x0A000000;  // 10.0.0.0/21
constexpr int kBaseLength = 21;
constexpr int kShortest = 23;
constexpr int kLongest = 28;
constexpr std::size_t kBetweenComparisons = 500;

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

ip::Address address_of(std::uint32_t number) { return {ip::Family::V4, number}; }
std::uint32_t number_of(const ip::Address& address) { return static_cast<std::uint32_t>(address.number()); }
std::uint32_t size_of(int length) { return std::uint32_t{1} << static_cast<unsigned>(32 - length); }
ip::Prefix prefix_of(std::uint32_t base, int length) { return ip::Prefix::containing(address_of(base), length); }

class RandomOperations : public testing::Test {
 protected:
  RandomOperations()
      : imports_(*house_.store, *house_.ledger, *house_.planning, house_.clock,
                 service::ImportOptions{.folder = house_.folder.file("imports"), .max_bytes = 1U << 20U}),
        seed_(number_from("IPAM_RANDOM_SEED", std::random_device{}())),
        random_(seed_) {}

  std::uint32_t below(std::uint32_t count) { return std::uniform_int_distribution<std::uint32_t>(0, count - 1)(random_); }

  // ---- the model ----
  using Subnets = std::map<std::uint32_t, int>;  // first address → length
  Subnets subnets_;
  std::set<std::uint32_t> taken_;

  Subnets::iterator any_subnet() { return std::next(subnets_.begin(), below(static_cast<std::uint32_t>(subnets_.size()))); }
  bool overlaps(std::uint32_t base, int length, std::uint32_t except = 0) const {
    return std::any_of(subnets_.begin(), subnets_.end(), [&](const auto& subnet) {
      return subnet.first != except && subnet.first < base + size_of(length) && base < subnet.first + size_of(subnet.second);
    });
  }
  bool is_taken_within(std::uint32_t first, std::uint32_t end) const {
    const auto found = taken_.lower_bound(first);
    return found != taken_.end() && *found < end;
  }
  // Neither the network nor the broadcast address.
  std::uint32_t any_host(const Subnets::value_type& subnet) { return subnet.first + 1 + below(size_of(subnet.second) - 2); }
  std::vector<std::uint32_t> free_hosts(const Subnets::value_type& subnet) const {
    std::vector<std::uint32_t> free;
    for (std::uint32_t host = subnet.first + 1; host < subnet.first + size_of(subnet.second) - 1; ++host) {
      if (!taken_.contains(host)) free.push_back(host);
    }
    return free;
  }

  // ---- the operations: each answers what it did, for the message of a failure ----
  model::Subnet stored(const Subnets::value_type& subnet) {
    const auto rows = house_.rows<model::Subnet>({{"prefix", store::Comparison::Equal, store::to_value(prefix_of(subnet.first, subnet.second))}});
    return rows.empty() ? model::Subnet{} : rows.front();
  }
  void expect(bool foretold, bool ok, const std::string& what, const std::string& message) {
    ASSERT_EQ(foretold, ok) << "operation " << done_ << ", seed " << seed_ << ": " << what << ": " << message;
  }
  model::ChangeContext context() const {
    model::ChangeContext context;
    context.request_id = fmt::format("request-{}", done_);
    return context;
  }
  template <class T>
  static std::string message_of(const Result<T>& result) {
    return result.ok() ? "done" : result.error().describe();
  }

  void add_subnet() {
    const int length = kShortest + static_cast<int>(below(kLongest - kShortest + 1));
    const std::uint32_t base = kBase + below(size_of(kBaseLength) / size_of(length)) * size_of(length);
    model::Subnet subnet;
    subnet.space_id = space_;
    subnet.prefix = prefix_of(base, length);
    const bool foretold = !overlaps(base, length);
    const auto made = house_.run(house_.planning->create(administrator(), subnet, context()));
    expect(foretold, made.ok(), "add " + subnet.prefix.to_string(), message_of(made));
    if (foretold) subnets_.emplace(base, length);
  }

  void remove_subnet() {
    const auto subnet = any_subnet();
    const bool cascades = below(4) == 0;
    const bool foretold = cascades || !is_taken_within(subnet->first, subnet->first + size_of(subnet->second));
    const auto below_it = cascades ? service::Below::Remove : service::Below::Refuse;
    const auto gone = house_.run(house_.planning->erase<model::Subnet>(administrator(), stored(*subnet).id, {}, context(), below_it));
    expect(foretold, gone.ok(), "remove " + prefix_of(subnet->first, subnet->second).to_string(), message_of(gone));
    if (!foretold) return;
    taken_.erase(taken_.lower_bound(subnet->first), taken_.lower_bound(subnet->first + size_of(subnet->second)));
    subnets_.erase(subnet);
  }

  void allocate() {
    const auto subnet = any_subnet();
    const auto free = free_hosts(*subnet);
    AllocationRequest request;
    request.fields.space_id = space_;
    request.from = {ip::Range(prefix_of(subnet->first, subnet->second))};
    request.count = 1 + below(5);
    const bool in_order = below(2) == 0;
    request.strategy = in_order ? occupancy::AddressStrategy::First : occupancy::AddressStrategy::Random;
    const std::uint32_t count = request.count;
    const bool foretold = free.size() >= count;
    const auto made = house_.run(house_.allocation->allocate(administrator(), std::move(request), context()));
    expect(foretold, made.ok(), fmt::format("allocate {} of {}", count, prefix_of(subnet->first, subnet->second).to_string()), message_of(made));
    if (!foretold || !made.ok()) return;
    ASSERT_EQ(made->value.addresses.size(), count);
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint32_t host = number_of(made->value.addresses[i].address);
      const bool right = in_order ? host == free[i] : std::binary_search(free.begin(), free.end(), host);
      ASSERT_TRUE(right && taken_.insert(host).second) << "seed " << seed_ << ": allocated " << address_of(host).to_string();
    }
  }

  void add_address() {
    const std::uint32_t host = any_host(*any_subnet());
    model::Address object;
    object.space_id = space_;
    object.address = address_of(host);
    const bool foretold = !taken_.contains(host);
    const auto made = house_.run(house_.planning->create(administrator(), object, context()));
    expect(foretold, made.ok(), "add " + object.address.to_string(), message_of(made));
    taken_.insert(host);
  }

  void free_address() {
    if (taken_.empty()) return;
    const auto host = std::next(taken_.begin(), below(static_cast<std::uint32_t>(taken_.size())));
    const auto rows = house_.rows<model::Address>({{"address", store::Comparison::Equal, store::to_value(address_of(*host))}});
    ASSERT_EQ(rows.size(), 1U) << "seed " << seed_;
    const auto gone = house_.run(house_.planning->erase<model::Address>(administrator(), rows.front().id, {}, context()));
    expect(true, gone.ok(), "free " + rows.front().address.to_string(), message_of(gone));
    taken_.erase(host);
  }

  void split() {
    const auto subnet = any_subnet();
    const auto [base, length] = *subnet;
    if (length >= kLongest) return;
    const std::uint32_t middle = base + size_of(length + 1);
    const bool foretold = !taken_.contains(middle) && !taken_.contains(middle - 1);
    const auto made = house_.run(operations_.split(administrator(), {stored(*subnet).id, {}, length + 1, {}}, context()));
    expect(foretold, made.ok(), "split " + prefix_of(base, length).to_string(), message_of(made));
    if (!foretold) return;
    subnet->second = length + 1;
    subnets_.emplace(middle, length + 1);
  }

  void merge() {
    const auto subnet = any_subnet();
    const auto [base, length] = *subnet;
    if (length <= kShortest) return;
    const std::uint32_t other = base ^ size_of(length);
    const auto buddy = subnets_.find(other);
    if (buddy == subnets_.end() || buddy->second != length) return;
    const auto made = house_.run(operations_.merge(administrator(), {{stored(*subnet).id, stored(*buddy).id}}, context()));
    expect(true, made.ok(), "merge " + prefix_of(base, length).to_string(), message_of(made));
    const std::uint32_t lower = std::min(base, other);
    subnets_.erase(std::max(base, other));
    subnets_[lower] = length - 1;
  }

  void resize() {
    const auto subnet = any_subnet();
    const auto [base, length] = *subnet;
    const bool grows = below(2) == 0;
    const int wanted = grows ? length - 1 : length + 1;
    if (wanted < kShortest || wanted > kLongest) return;
    const std::uint32_t new_base = grows ? base & ~(size_of(wanted) - 1) : base;
    const std::uint32_t new_end = new_base + size_of(wanted);
    // Made larger, nothing else may lie there; made smaller, no address outside, and none that becomes the broadcast address.
    const bool foretold = grows ? !overlaps(new_base, wanted, base) : !is_taken_within(new_end - 1, base + size_of(length));
    const auto made = house_.run(operations_.resize(administrator(), {stored(*subnet).id, {}, prefix_of(new_base, wanted), {}}, context()));
    expect(foretold, made.ok(), fmt::format("resize {} to {}", prefix_of(base, length).to_string(), prefix_of(new_base, wanted).to_string()),
           message_of(made));
    if (!foretold) return;
    subnets_.erase(subnet);
    subnets_.emplace(new_base, wanted);
  }

  // A file of addresses, of which some are there already, stand twice or are none.
  void import() {
    std::string file = "IP Address,Device Name\n";
    std::set<std::uint32_t> made;
    std::uint64_t created = 0, failed = 0;
    const std::uint32_t rows = 1 + below(20);
    for (std::uint32_t i = 0; i < rows; ++i) {
      if (below(10) == 0) {
        file += "10.0.0.256,none\n";
        ++failed;
        continue;
      }
      const std::uint32_t host = any_host(*any_subnet());
      file += address_of(host).to_string() + ",imported\n";
      if (!taken_.contains(host) && made.insert(host).second) ++created;
    }
    const auto spool = imports_.receive().value();
    ASSERT_TRUE(spool->write(file).ok());
    const auto wanted = imports_.create(administrator(), {.kind = model::ImportKind::Address}, {}, *spool).value();
    const auto done = imports_.run(administrator(), wanted.id, {7}, {}, [](int) { return true; });
    ASSERT_TRUE(done.ok()) << done.error().describe();
    const auto told = imports_.get(administrator(), wanted.id).value();
    ASSERT_EQ(told.created, created) << "seed " << seed_ << "\n" << file;
    ASSERT_EQ(told.failed, failed) << "seed " << seed_ << "\n" << file;
    taken_.insert(made.begin(), made.end());
  }

  // Now and then an operation is taken back at once, and all is as it was before it.
  void operate_and_perhaps_undo() {
    const Subnets subnets = subnets_;
    const std::set<std::uint32_t> taken = taken_;
    const std::uint64_t before = house_.ledger->sequence();
    operate();
    if (HasFatalFailure() || house_.ledger->sequence() == before || below(20) != 0) return;
    if (subnets == subnets_ && taken == taken_) return;
    model::ChangeContext why = context();
    why.request_id += "-undone";
    const auto undone = house_.run(history_.undo(administrator(), house_.ledger->sequence(), service::UndoExtent::WholeRequest, why));
    expect(true, undone.ok(), "undo", message_of(undone));
    subnets_ = subnets;
    taken_ = taken;
  }

  void operate() {
    if (subnets_.empty()) return add_subnet();
    const std::uint32_t chosen = below(100);
    if (chosen < 8) return add_subnet();
    if (chosen < 12) return remove_subnet();
    if (chosen < 40) return allocate();
    if (chosen < 55) return add_address();
    if (chosen < 80) return free_address();
    if (chosen < 86) return split();
    if (chosen < 92) return merge();
    return resize();
  }

  // Everything that is stored, and every counter.
  void compare() {
    std::set<std::uint32_t> addresses;
    for (const auto& row : house_.rows<model::Address>()) addresses.insert(number_of(row.address));
    ASSERT_EQ(addresses, taken_) << "after " << done_ << " operations, seed " << seed_;
    Subnets subnets;
    for (const auto& row : house_.rows<model::Subnet>()) {
      subnets.emplace(number_of(row.prefix.first()), row.prefix.length());
      const auto first = taken_.lower_bound(number_of(row.prefix.first())), end = taken_.upper_bound(number_of(row.prefix.last()));
      const auto usage = house_.planning->usage(row);
      ASSERT_EQ(usage.used, static_cast<ip::U128>(std::distance(first, end))) << row.prefix.to_string() << ", seed " << seed_;
      ASSERT_EQ(usage.capacity, size_of(row.prefix.length()) - 2) << row.prefix.to_string() << ", seed " << seed_;
    }
    ASSERT_EQ(subnets, subnets_) << "after " << done_ << " operations, seed " << seed_;
    ASSERT_EQ(house_.index_defect(), "") << "after " << done_ << " operations, seed " << seed_;
  }

  House house_;
  service::SubnetOperations operations_{*house_.ledger};
  service::ImportService imports_;
  service::HistoryService history_{*house_.store, *house_.ledger, *house_.planning, *house_.database};
  model::Id<model::AddressSpace> space_ = house_.default_space().id;
  const std::uint64_t seed_;
  std::mt19937_64 random_;
  std::uint64_t done_ = 0;
};

TEST_F(RandomOperations, AgreeWithANaiveModel) {
  const std::uint64_t operations = number_from("IPAM_RANDOM_OPERATIONS", 20'000);
  for (done_ = 0; done_ < operations; ++done_) {
    if (!subnets_.empty() && below(50) == 0) {
      import();
    } else {
      operate_and_perhaps_undo();
    }
    if (HasFatalFailure()) return;
    if (done_ % kBetweenComparisons == 0) compare();
    if (HasFatalFailure()) return;
  }
  compare();
  EXPECT_TRUE(house_.verify_journal().ok());
}

}  // namespace
}  // namespace ipam::test
