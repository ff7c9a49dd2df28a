// Random changes of the plan, the whole state remembered after each: every moment is read back as it was, and undoing all requests, the newest first,
// leads back to the start.
#include "integration/house.h"
#include "service/history/history_service.h"
#include "service/planning/subnet_operations.h"

#include <fmt/format.h>

#include <map>
#include <random>
#include <set>

namespace ipam::test {
namespace {

template <class T>
using ById = std::map<std::uint64_t, T>;

struct State {
  std::uint64_t sequence = 0;
  ById<model::AddressSpace> spaces;
  ById<model::Block> blocks;
  ById<model::Subnet> subnets;
  ById<model::Range> ranges;
  ById<model::Address> addresses;

  bool operator==(const State&) const = default;
  template <class Act>
  void for_each_kind(Act&& act) {
    act(blocks), act(subnets), act(ranges), act(addresses), act(spaces);
  }
};

class RandomHistory : public testing::Test {
 protected:
  static constexpr int kOperations = 300;

  std::size_t pick(std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_); }
  template <class T>
  const T* any(const ById<T>& all) {
    return all.empty() ? nullptr : &std::next(all.begin(), static_cast<std::ptrdiff_t>(pick(all.size())))->second;
  }

  State state() {
    State now;
    now.sequence = house_.ledger->sequence();
    now.for_each_kind([&](auto& all) {
      using T = typename std::remove_cvref_t<decltype(all)>::mapped_type;
      for (const T& row : house_.rows<T>()) all.emplace(row.id.value, row);
    });
    return now;
  }

  model::ChangeContext context() {
    model::ChangeContext context;
    context.request_id = fmt::format("r{}", ++requests_);
    return context;
  }

  template <class T>
  void create(T object) {
    house_.run(house_.planning->create(administrator(), object, context())).ok();
  }
  template <class T>
  void edit(const T* object, std::function<Result<void>(T&)> change) {
    if (object != nullptr) house_.run(house_.planning->update<T>(administrator(), object->id, {}, std::move(change), context())).ok();
  }
  template <class T>
  void erase(const T* object, service::Below below = service::Below::Refuse) {
    if (object != nullptr) house_.run(house_.planning->erase<T>(administrator(), object->id, {}, context(), below)).ok();
  }

  std::string host(std::size_t hosts) { return fmt::format("10.0.{}.{}", pick(8), pick(hosts)); }

  // Many are refused by the rules, as those of people are.
  void change_something(const State& now) {
    const auto space = any(now.spaces)->id;
    const std::string text = fmt::format("t{}", pick(5));
    switch (pick(18)) {
      case 0: return create(model::Block{.space_id = space, .prefix = prefix(fmt::format("10.0.{}.0/{}", pick(2) * 4, 22 + pick(3))), .name = text});
      case 1:
      case 2: return create(model::Subnet{.space_id = space, .prefix = prefix(fmt::format("10.0.{}.0/24", pick(8))), .name = text, .vlans = {7}});
      case 3: {
        const auto* subnet = any(now.subnets);
        if (subnet == nullptr) return;
        const auto first = subnet->prefix.first().next()->next();
        return create(model::Range{.space_id = subnet->space_id, .first = *first, .last = *first->next()->next(), .name = text});
      }
      case 4:
      case 5:
      case 6: return create(model::Address{.space_id = space, .address = address(host(255)), .name = text, .owner = "o"});
      case 7:
        return edit<model::Subnet>(any(now.subnets), [=, this](model::Subnet& s) -> Result<void> {
          s.name = text;
          s.cooldown_seconds = text == "t1" ? std::optional<std::uint32_t>(60) : std::nullopt;
          s.custom[field_.to_string()] = text;
          return {};
        });
      case 8:
        return edit<model::Range>(any(now.ranges), [=](model::Range& r) -> Result<void> {
          r.description = text;
          r.dns_servers = {address("192.0.2.1")};
          return {};
        });
      case 9:
        return edit<model::Address>(any(now.addresses), [=](model::Address& a) -> Result<void> {
          a.name = text;
          a.hardware_address = ip::HardwareAddress::parse("02:00:00:00:00:07").value();
          a.assignment = model::Assignment::Vip;
          return {};
        });
      case 10:
        return edit<model::Block>(any(now.blocks), [=](model::Block& b) -> Result<void> {
          b.owner = text;
          return {};
        });
      case 11: return erase(any(now.addresses));
      case 12: return erase(any(now.ranges));
      case 13: return pick(2) == 0 ? erase(any(now.blocks)) : erase(any(now.subnets), service::Below::Remove);
      case 14: {
        if (const auto* subnet = any(now.subnets))
          house_.run(operations_.split(administrator(), {subnet->id, {}, 25 + static_cast<int>(pick(2)), {}}, context())).ok();
        return;
      }
      case 15: {
        service::SubnetMerge merge;
        for (int i = 0; i < 2; ++i) {
          if (const auto* subnet = any(now.subnets)) merge.ids.push_back(subnet->id);
        }
        house_.run(operations_.merge(administrator(), merge, context())).ok();
        return;
      }
      case 16: {
        if (const auto* subnet = any(now.subnets))
          house_.run(operations_.resize(administrator(), {subnet->id, {}, {}, 23 + static_cast<int>(pick(3))}, context())).ok();
        return;
      }
      default: {
        if (now.spaces.size() > 2) return erase(any(now.spaces));
        return create(model::AddressSpace{.name = text, .description = "made"});
      }
    }
  }

  template <class T>
  ById<T> listed(store::Reader& reader, const service::Moment& moment, const std::optional<ip::Prefix>& within) {
    ById<T> all;
    service::PastQuery query{.within = within, .limit = 1 + pick(20)};
    while (true) {
      const auto page = service::list_at<T>(reader, moment, query);
      EXPECT_TRUE(page.ok()) << page.error().describe();
      if (!page.ok()) return all;
      for (const T& item : page->items) EXPECT_TRUE(all.emplace(item.id.value, item).second) << display_name(item) << " is told twice";
      if (page->next_cursor.empty()) return all;
      query.after = store::read_cursor(page->next_cursor).value();
    }
  }

  void expect_read_back(State then) {
    const auto reader = house_.store->open_reader().value();
    const auto moment = service::read_moment(*reader, std::to_string(then.sequence), house_.clock.now());
    ASSERT_TRUE(moment.ok()) << moment.error().describe();
    const ip::Prefix within = prefix("10.0.2.0/23");
    then.for_each_kind([&](auto& all) {
      using T = typename std::remove_cvref_t<decltype(all)>::mapped_type;
      for (std::uint64_t id : ids_) {
        const auto past = service::find_at(*reader, model::Id<T>{id}, then.sequence);
        ASSERT_TRUE(past.ok()) << past.error().describe();
        const auto remembered = all.find(id);
        ASSERT_EQ(past->has_value(), remembered != all.end()) << model::type_name<T>() << " " << id << " as of " << then.sequence;
        if (*past) {
          EXPECT_EQ(**past, remembered->second) << display_name(**past) << " as of " << then.sequence;
        }
      }
      if constexpr (service::Placed<T>) {
        EXPECT_EQ(listed<T>(*reader, *moment, {}), all) << model::type_name<T>() << "s as of " << then.sequence;
        ById<T> inside;
        for (const auto& [id, object] : all) {
          if (lies_in(within, object)) inside.emplace(id, object);
        }
        EXPECT_EQ(listed<T>(*reader, *moment, within), inside) << model::type_name<T>() << "s within, as of " << then.sequence;
      }
    });
  }
  static bool lies_in(const ip::Prefix& within, const model::Block& object) { return within.contains(object.prefix); }
  static bool lies_in(const ip::Prefix& within, const model::Subnet& object) { return within.contains(object.prefix); }
  static bool lies_in(const ip::Prefix& within, const model::Range& object) { return within.contains(object.first); }
  static bool lies_in(const ip::Prefix& within, const model::Address& object) { return within.contains(object.address); }

  static State without_revisions(State state) {
    state.sequence = 0;
    state.for_each_kind([](auto& all) {
      for (auto& [id, object] : all) object.revision = 0;
    });
    return state;
  }

  void remember(const State& now) {
    State copy = now;
    copy.for_each_kind([&](auto& all) {
      for (const auto& [id, object] : all) ids_.insert(id);
    });
  }

  // The requests since `start`, the newest first, each by one of its records.
  std::vector<std::uint64_t> requests_since(std::uint64_t start) {
    std::map<std::string, std::uint64_t> last;
    for (const auto& record : house_.rows<model::JournalRecord>({{"sequence", store::Comparison::Greater, store::to_value(start)}})) {
      last[record.request_id] = record.sequence;
    }
    std::vector<std::uint64_t> sequences;
    for (const auto& [request, sequence] : last) sequences.push_back(sequence);
    std::sort(sequences.rbegin(), sequences.rend());
    return sequences;
  }

  House house_;
  service::SubnetOperations operations_{*house_.ledger};
  model::Id<model::CustomField> field_ = house_.put(model::CustomField{.name = "Building"}).id;
  std::mt19937 random_{20261128};
  std::set<std::uint64_t> ids_;
  int requests_ = 0;
};

TEST_F(RandomHistory, EveryMomentIsReadBackAndUndoingAllLeadsBackToTheStart) {
  create(model::AddressSpace{.name = "Second"});
  std::vector<State> states{state()};
  for (int i = 0; i < kOperations; ++i) {
    house_.clock.advance(std::chrono::seconds(1));
    change_something(states.back());
    states.push_back(state());
    remember(states.back());
  }
  EXPECT_GT(states.back().sequence, states.front().sequence + 150) << "too many changes were refused for a test";
  EXPECT_GT(ids_.size(), 60U);
  for (int i = 0; i < 25; ++i) expect_read_back(states[pick(states.size())]);

  service::HistoryService history(*house_.store, *house_.ledger, *house_.planning, *house_.database);
  for (const std::uint64_t sequence : requests_since(states.front().sequence)) {
    const auto undone = house_.run(history.undo(administrator(), sequence, service::UndoExtent::WholeRequest, context()));
    ASSERT_TRUE(undone.ok()) << sequence << ": " << undone.error().describe();
  }
  EXPECT_EQ(without_revisions(state()), without_revisions(states.front()));
  EXPECT_EQ(house_.index_defect(), "");
  EXPECT_TRUE(house_.verify_journal().ok());
  // The past before the undoing is still what it was.
  for (int i = 0; i < 5; ++i) expect_read_back(states[pick(states.size())]);
}

}  // namespace
}  // namespace ipam::test
