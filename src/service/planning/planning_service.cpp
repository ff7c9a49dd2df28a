#include "service/planning/planning_service.h"

#include "service/planning/plan_steps.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::service {
namespace {

using ledger::Priority;
using ledger::Transaction;
using ledger::Written;
using model::Id;
using store::Comparison;

}  // namespace

Result<void> PlanningService::create_default_space() {
  model::ChangeContext context;
  context.actor = "server/first start";
  IPAM_TRY(ledger_.commit_and_wait(context, Priority::Interactive, [](Transaction& transaction) -> Result<void> {
    const auto is_default = [](const model::AddressSpace& space) { return space.name == kDefaultSpace; };
    if (IPAM_TRY(transaction.find_where<model::AddressSpace>({{"name", Comparison::Equal, std::string(kDefaultSpace)}}, is_default))) return {};
    model::AddressSpace space;
    space.name = kDefaultSpace;
    space.description = "the provider address space that is there from the start";
    IPAM_TRY(transaction.create(space));
    return {};
  }));
  return {};
}

Result<model::AddressSpace> PlanningService::find_space(const Principal& principal, std::string_view name_or_id) {
  IPAM_TRY(authorize(principal, Operation::ReadAddressPlan));
  auto space = IPAM_TRY(look_up([&](const model::AddressSpace& each) { return each.name == name_or_id; }));
  if (!space) space = IPAM_TRY(look_up([&](const model::AddressSpace& each) { return each.id.to_string() == name_or_id; }));
  if (!space) return Error::field("/space", fmt::format("there is no address space '{}'", shorten(name_or_id, 60)));
  return *std::move(space);
}

std::string PlanningService::space_name(Id<model::AddressSpace> id) {
  const auto space = look_up([&](const model::AddressSpace& each) { return each.id == id; });
  return space.ok() && *space ? (*space)->name : std::string();
}

Result<std::optional<model::AddressSpace>> PlanningService::look_up(const std::function<bool(const model::AddressSpace&)>& matches) {
  const auto search = [&](const std::map<std::uint64_t, model::AddressSpace>& spaces) -> std::optional<model::AddressSpace> {
    for (const auto& [id, space] : spaces) {
      if (matches(space)) return space;
    }
    return std::nullopt;
  };
  std::uint64_t generation = 0;
  {
    const auto known = spaces_.lock();
    if (known->complete) return search(known->by_id);
    generation = known->generation;
  }
  std::map<std::uint64_t, model::AddressSpace> spaces;
  const auto reader = IPAM_TRY(store_.open_reader());
  IPAM_TRY(store::for_each<model::AddressSpace>(*reader, {}, [&](model::AddressSpace space) -> Result<bool> {
    spaces[space.id.value] = std::move(space);
    return true;
  }));
  auto found = search(spaces);
  const auto known = spaces_.lock();
  if (known->generation == generation) {
    known->by_id = std::move(spaces);
    known->complete = true;
  }
  return found;
}

void PlanningService::forget(const std::vector<std::string>& tables) {
  fields_.forget(tables);
  if (tables.empty() || std::find(tables.begin(), tables.end(), store::table<model::AddressSpace>().name) != tables.end()) forget_spaces();
}

void PlanningService::forget_spaces() {
  const auto known = spaces_.lock();
  known->by_id.clear();
  known->complete = false;
  ++known->generation;
}

template <Planned T>
Result<T> PlanningService::get(const Principal& principal, Id<T> id) {
  IPAM_TRY(authorize(principal, Operation::ReadAddressPlan));
  const auto reader = IPAM_TRY(store_.open_reader());
  auto object = IPAM_TRY(store::find(*reader, id));
  if (!object) return Error(ErrorCode::NotFound, fmt::format("there is no {} with id {}", Transaction::spoken_name<T>(), id.to_string()));
  return *std::move(object);
}

template <Planned T>
Result<store::Page<T>> PlanningService::list(const Principal& principal, const store::Query& query) {
  IPAM_TRY(authorize(principal, Operation::ReadAddressPlan));
  const auto reader = IPAM_TRY(store_.open_reader());
  return store::list<T>(*reader, query);
}

template <Planned T>
Result<std::uint64_t> PlanningService::count(const Principal& principal, const std::vector<store::Condition>& where) {
  IPAM_TRY(authorize(principal, Operation::ReadAddressPlan));
  const auto reader = IPAM_TRY(store_.open_reader());
  return store::count(*reader, store::table<T>(), where);
}

template <Planned T>
io::Task<Result<Written<T>>> PlanningService::create(Principal principal, T object, model::ChangeContext request) {
  IPAM_CO_CHECK(authorize(principal, change_operation<T>()));
  IPAM_CO_CHECK(model::check(object));
  std::function<Result<T>(Transaction&)> work = [object](Transaction& transaction) { return create_in(transaction, object); };
  const model::ChangeContext context = change_context(principal, request);
  auto written = co_await ledger_.write<T>(context, Priority::Interactive, work);
  if constexpr (std::is_same_v<T, model::AddressSpace>) forget_spaces();
  co_return written;
}

io::Task<Result<Written<model::Address>>> PlanningService::create_in_range(Principal principal, model::Address object, Id<model::Range> range,
                                                                           model::ChangeContext request) {
  IPAM_CO_CHECK(authorize(principal, Operation::ChangeAddress));
  IPAM_CO_CHECK(model::check(object));
  std::function<Result<model::Address>(Transaction&)> work = [object, range](Transaction& transaction) {
    return service::create_in_range(transaction, object, range);
  };
  const model::ChangeContext context = change_context(principal, request);
  co_return co_await ledger_.write<model::Address>(context, Priority::Interactive, work);
}

io::Task<Result<Written<model::Range>>> PlanningService::create_with_subnet(Principal principal, model::Range object, ip::Prefix subnet,
                                                                            model::ChangeContext request) {
  IPAM_CO_CHECK(authorize(principal, Operation::ChangeRange));
  IPAM_CO_CHECK(model::check(object));
  std::function<Result<model::Range>(Transaction&)> work = [principal, object, subnet](Transaction& transaction) -> Result<model::Range> {
    const auto around = IPAM_TRY(transaction.space(object.space_id))->longest_match(object.first, occupancy::PrefixKind::Subnet);
    if (!around) {
      IPAM_TRY(authorize(principal, Operation::ChangeSubnet));
      model::Subnet made;
      made.space_id = object.space_id;
      made.prefix = subnet;
      IPAM_TRY(model::check(made));
      IPAM_TRY(create_in(transaction, std::move(made)));
    } else if (around->prefix != subnet) {
      return Error::field("/subnet", fmt::format("{} lies in subnet {}", object.first.to_string(), around->prefix.to_string()));
    }
    return create_in(transaction, object);
  };
  const model::ChangeContext context = change_context(principal, request);
  co_return co_await ledger_.write<model::Range>(context, Priority::Interactive, work);
}

template <Planned T>
io::Task<Result<Written<T>>> PlanningService::update(Principal principal, Id<T> id, std::optional<std::uint64_t> expected_revision,
                                                     std::function<Result<void>(T&)> change, model::ChangeContext request) {
  IPAM_CO_CHECK(authorize(principal, change_operation<T>()));
  std::function<Result<T>(Transaction&)> work = [id, expected_revision, change = std::move(change)](Transaction& transaction) {
    return update_in<T>(transaction, id, expected_revision, change);
  };
  const model::ChangeContext context = change_context(principal, request);
  auto written = co_await ledger_.write<T>(context, Priority::Interactive, work);
  if constexpr (std::is_same_v<T, model::AddressSpace>) forget_spaces();
  co_return written;
}

template <Planned T>
io::Task<Result<std::uint64_t>> PlanningService::erase(Principal principal, Id<T> id, std::optional<std::uint64_t> expected_revision,
                                                       model::ChangeContext request, Below below, ReleaseMode mode) {
  IPAM_CO_CHECK(authorize(principal, change_operation<T>()));
  if (below == Below::Remove) {
    IPAM_CO_CHECK(authorize(principal, Operation::ChangeSubnet));
    IPAM_CO_CHECK(authorize(principal, Operation::ChangeRange));
    IPAM_CO_CHECK(authorize(principal, Operation::ChangeAddress));
  }
  const Removal removal{below, {release_.cooldown, mode}};
  ledger::Work work = [id, expected_revision, removal](Transaction& transaction) { return erase_in<T>(transaction, id, expected_revision, removal); };
  const model::ChangeContext context = change_context(principal, request);
  const auto receipt = co_await ledger_.commit(context, Priority::Interactive, work);
  if constexpr (std::is_same_v<T, model::AddressSpace>) forget_spaces();
  if (!receipt.ok()) co_return receipt.error();
  co_return receipt->sequence;
}

occupancy::Usage PlanningService::usage(Id<model::AddressSpace> space, const ip::Range& range) const {
  return index_.with(space.value, [&](const occupancy::SpaceIndex& now) { return now.usage(range); }).value_or(occupancy::Usage{});
}

template <class T>
occupancy::Usage PlanningService::usage_now(const T& object) const {
  return index_.with(object.space_id.value, [&](const occupancy::SpaceIndex& now) { return usage_of(now, object); }).value_or(occupancy::Usage{});
}

occupancy::Usage PlanningService::usage(const model::Block& block) const { return usage_now(block); }
occupancy::Usage PlanningService::usage(const model::Range& range) const { return usage_now(range); }
occupancy::Usage PlanningService::usage(const model::Subnet& subnet) const { return usage_now(subnet); }

std::optional<Id<model::Block>> PlanningService::block_around(Id<model::AddressSpace> space, const ip::Prefix& prefix,
                                                              Id<model::Block> except) const {
  const auto found = index_.with(space.value, [&](const occupancy::SpaceIndex& now) {
    auto block = now.longest_match(prefix, occupancy::EqualPrefix::Counts, occupancy::PrefixKind::Block);
    if (block && block->id == except.value) {
      block = now.longest_match(prefix, occupancy::EqualPrefix::DoesNotCount, occupancy::PrefixKind::Block);
    }
    return block;
  });
  if (!found.ok() || !*found) return std::nullopt;
  return Id<model::Block>{(*found)->id};
}

std::optional<Id<model::Subnet>> PlanningService::subnet_around(Id<model::AddressSpace> space, const ip::Address& address) const {
  const auto found =
      index_.with(space.value, [&](const occupancy::SpaceIndex& now) { return now.longest_match(address, occupancy::PrefixKind::Subnet); });
  if (!found.ok() || !*found) return std::nullopt;
  return Id<model::Subnet>{(*found)->id};
}

bool PlanningService::is_mapped(const model::Block& block) const { return block_around(block.space_id, block.prefix, block.id).has_value(); }
bool PlanningService::is_mapped(const model::Subnet& subnet) const { return block_around(subnet.space_id, subnet.prefix, {}).has_value(); }
bool PlanningService::is_mapped(const model::Range& range) const {
  const ip::Prefix first = ip::Prefix::containing(range.first, ip::bit_count(range.first.family()));
  return block_around(range.space_id, first, {}).has_value();
}
bool PlanningService::is_mapped(const model::Address& address) const {
  return index_.with(address.space_id.value, [&](const occupancy::SpaceIndex& now) { return !now.ranges_containing(address.address).empty(); })
      .value_or(false);
}

std::optional<Id<model::Range>> PlanningService::range_around(const model::Address& address) const {
  const auto around = index_.with(address.space_id.value, [&](const occupancy::SpaceIndex& now) { return now.ranges_containing(address.address); });
  if (!around.ok() || around->empty()) return std::nullopt;
  std::vector<occupancy::RangeEntry> entries = *around;
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.range.size() < b.range.size(); });
  // A range of Cadastre's own is told by its kind; of the others the index does not tell them from pools and from parts of ranges.
  if (address.managed_by == model::ManagedBy::Ipam) {
    for (const occupancy::RangeEntry& entry : entries) {
      if (entry.kind == occupancy::RangeKind::Static) return Id<model::Range>{entry.id};
    }
  }
  const auto reader = store_.open_reader();
  if (!reader.ok()) return std::nullopt;
  std::optional<Id<model::Range>> found;
  for (const occupancy::RangeEntry& entry : entries) {
    const auto range = store::find(**reader, Id<model::Range>{entry.id});
    if (!range.ok() || !*range) continue;
    if ((*range)->managed_by == address.managed_by && (*range)->service_instance == address.service_instance) return (*range)->id;
    if (!found) found = (*range)->id;
  }
  return found;
}

std::uint64_t PlanningService::count_subnets(Id<model::AddressSpace> space) {
  auto reader = store_.open_reader();
  if (!reader.ok()) return 0;
  return store::count(**reader, store::table<model::Subnet>(), {{"space_id", Comparison::Equal, store::to_value(space)}}).value_or(std::uint64_t{0});
}

#define IPAM_PLANNED(T)                                                                                                                          \
  template Result<T> PlanningService::get(const Principal&, Id<T>);                                                                              \
  template Result<store::Page<T>> PlanningService::list<T>(const Principal&, const store::Query&);                                               \
  template Result<std::uint64_t> PlanningService::count<T>(const Principal&, const std::vector<store::Condition>&);                              \
  template io::Task<Result<Written<T>>> PlanningService::create(Principal, T, model::ChangeContext);                                             \
  template io::Task<Result<Written<T>>> PlanningService::update(Principal, Id<T>, std::optional<std::uint64_t>, std::function<Result<void>(T&)>, \
                                                                model::ChangeContext);                                                           \
  template io::Task<Result<std::uint64_t>> PlanningService::erase(Principal, Id<T>, std::optional<std::uint64_t>, model::ChangeContext, Below,   \
                                                                  ReleaseMode)
IPAM_PLANNED(model::AddressSpace);
IPAM_PLANNED(model::Block);
IPAM_PLANNED(model::Subnet);
IPAM_PLANNED(model::Range);
IPAM_PLANNED(model::Address);
#undef IPAM_PLANNED

}  // namespace ipam::service
