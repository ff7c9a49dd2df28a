#include "integration/house.h"

#include "base/log.h"

#include <fmt/format.h>

namespace ipam::test {
namespace {

// The cheapest that argon2id allows: what a password costs is tested where it is hashed.
constexpr crypto::PasswordCost kCheap{.passes = 1, .memory_bytes = 8192};

std::string entries_text(const occupancy::SpaceIndex& space) {
  std::string text;
  for (const char* all : {"0.0.0.0/0", "::/0"}) {
    const ip::Prefix family = prefix(all);
    for (const auto& entry : space.overlapping(family, occupancy::kNoLimit)) {
      const auto usage = space.usage(entry.prefix);
      text += fmt::format("{} {} {} used {} of {}\n", entry.prefix.to_string(), static_cast<int>(entry.kind), entry.id, ip::to_decimal(usage.used),
                          ip::to_decimal(usage.capacity));
      const auto free = space.next_free(entry.prefix);
      text += "  free " + (free ? free->to_string() : "none") + "\n";
    }
    for (const auto& entry : space.ranges_overlapping(family)) {
      const auto usage = space.usage(entry.range);
      text += fmt::format("{} {} {} {} {}\n", entry.id, entry.range.to_string(), static_cast<int>(entry.kind), ip::to_decimal(usage.assigned),
                          ip::to_decimal(usage.leased));
    }
    const auto usage = space.usage(family);
    text += fmt::format("{} {} {} {} {} {}\n", all, ip::to_decimal(usage.used), ip::to_decimal(usage.assigned), ip::to_decimal(usage.reserved),
                        ip::to_decimal(usage.leased), ip::to_decimal(usage.capacity));
  }
  return text;
}

}  // namespace

io::Task<Result<std::string>> FakeReachability::sign_of_life(ip::Address address, service::Checks /*checks*/, io::Deadline /*deadline*/) {
  ++asked;
  if (failure) co_return *failure;
  const auto sign = signs.find(address.to_string());
  co_return sign == signs.end() ? std::string() : sign->second;
}

House::House(const ledger::LedgerOptions& ledger_options, std::vector<tasks::TaskDefinition> task_definitions)
    : ledger_options_(ledger_options), task_definitions_(std::move(task_definitions)) {
  log::set_level(log::Level::Error);
  open();
}

void House::open() {
  sealer = std::make_unique<crypto::Sealer>(crypto::MasterKey::load_or_create(folder.file("master.key")).value());
  sqlite = store::sqlite::SqliteStore::open({.path = folder.file("ipam.db")}).value();
  store = std::make_unique<FaultyStore>(*sqlite);
  index = std::make_unique<occupancy::Index>();
  ledger::load_index(*store, *index).value();
  database = std::make_unique<io::WorkerPool>("the database readers", 2, 1'000);
  hashing = std::make_unique<io::WorkerPool>("the password check", 2, 100);
  ledger = ledger::Ledger::open(*store, *index, clock, ledger_options_).value();
  access = std::make_unique<service::AccessService>(*store, *ledger, *hashing, clock, crypto::PasswordHasher::create(kCheap).value());
  access->load_lockouts().value();
  refusals = std::make_unique<service::RefusalLog>(*store, *ledger, clock);
  planning = std::make_unique<service::PlanningService>(*store, *ledger, *index);
  allocation = std::make_unique<service::AllocationService>(*store, *ledger, *index);
  inventory = std::make_unique<service::InventoryService>(*store, *ledger, *sealer);
  accesses = std::make_unique<service::ServerAccesses>(*store, *ledger);
  collector = std::make_unique<service::Collector>(*store, *ledger, *index, *inventory, drivers, *database, clock);
  allocation->leases().set_collector(clock, [this](model::ManagedServer server, io::Deadline deadline) {
    return collector->collect_utilization(std::move(server), "server/allocation", std::move(deadline));
  });
  dhcp = std::make_unique<service::DhcpView>(*store, *index);
  dns = std::make_unique<service::DnsView>(*store);
  upkeep = std::make_unique<service::Upkeep>(*store, *ledger, *index, *database, clock);
  sampler = std::make_unique<service::UtilizationSampler>(*store, *ledger, *index, *database, clock);
  utilization = std::make_unique<service::UtilizationHistory>(*store, *ledger, *database, clock);
  search = std::make_unique<service::SearchService>(*store, *planning, clock);
  saved_searches = std::make_unique<service::SavedSearches>(*store, *ledger, *search, clock);
  changes = std::make_unique<service::ChangeService>(*store, *ledger, *collector);
  provision = std::make_unique<service::ProvisionService>(*store, *planning, *allocation, *changes, *database, reachability);
  discovery = std::make_unique<service::DiscoveryService>(*store, *ledger, *inventory);
  domains = std::make_unique<service::DomainService>(*store, *ledger);
  scheduler = std::make_unique<tasks::Scheduler>(
      *store, *ledger, *inventory, clock, loop.executor(),
      task_definitions_.empty() ? tasks::collection_tasks({*collector, *upkeep, *sampler, {}}) : task_definitions_);
  answers = std::make_unique<service::AnswerKeeper>(*store, *ledger, *sealer, clock);
  events = std::make_unique<service::EventHub>(*store, *ledger, *database, loop.executor());
  operations = std::make_unique<service::OperationRunner>(*store, *ledger, clock, loop.executor());
  operations->start().value();
  planning->create_default_space().value();
}

void House::close() {
  store->release();
  operations->stop();
  events->stop();
  ledger->stop();
  scheduler->stop();
  const auto idle = [this] {
    const auto views = scheduler->list(administrator());
    return !views.ok() || std::none_of(views->begin(), views->end(), [](const tasks::TaskView& view) { return view.running; });
  };
  settle();
  run_until(idle);
  run_until([this] { return operations->running() == 0; });
  settle();
  hashing->stop();
  database->stop();
}

void House::restart() {
  close();
  operations.reset();
  events.reset();
  answers.reset();
  scheduler.reset();
  changes.reset();
  collector.reset();
  ledger.reset();
  store.reset();
  sqlite.reset();
  open();
}

void House::settle() {
  // Whatever was posted to the loop before the answer of another thread is done before it.
  const auto nothing = [] { return 0; };
  auto step = nothing;
  EXPECT_TRUE(run(database->run(step)).ok());
}

void House::run_until(const std::function<bool()>& done) {
  while (!done()) settle();
}

Result<ledger::Receipt> House::write(ledger::Work work, const std::string& actor) {
  model::ChangeContext context;
  context.actor = actor;
  return ledger->commit_and_wait(context, ledger::Priority::Interactive, std::move(work));
}

std::string House::index_defect() {
  occupancy::Index fresh;
  if (const auto loaded = ledger::load_index(*store, fresh); !loaded.ok()) return loaded.error().describe();
  std::string defect;
  auto spaces = index->spaces(), fresh_spaces = fresh.spaces();
  std::sort(spaces.begin(), spaces.end());
  std::sort(fresh_spaces.begin(), fresh_spaces.end());
  if (spaces != fresh_spaces) defect += "the spaces differ\n";
  for (const std::uint64_t id : fresh_spaces) {
    const auto live = index->snapshot(id), loaded = fresh.snapshot(id);
    if (!live || !loaded) continue;
    for (const std::string& line : live->recount()) defect += "recount: " + line + "\n";
    const std::string was = entries_text(*live), is = entries_text(*loaded);
    if (was != is) defect += "live:\n" + was + "loaded:\n" + is;
    std::vector<ip::Address> held;
    for (const auto& row : rows<model::Address>()) held.push_back(row.address);
    for (const auto& row : rows<model::Lease>()) held.push_back(row.address);
    for (const auto& row : rows<model::DhcpReservation>()) held.push_back(row.address);
    for (const ip::Address& each : held) {
      if (live->holders(each) != loaded->holders(each)) defect += "holders of " + each.to_string() + " differ\n";
    }
  }
  return defect;
}

Result<void> House::verify_journal() { return ledger::verify_journal(*IPAM_TRY(store->open_reader())); }

std::string House::journal_text() {
  std::string text;
  for (const auto& record : rows<model::JournalRecord>()) {
    text += fmt::format("{} {} {} {} {}\n", record.sequence, record.actor, record.object_type, record.object_name, record.differences);
  }
  return text;
}

model::AddressSpace House::default_space() { return planning->find_space(administrator(), "Default").value(); }

model::Subnet House::add_subnet(const std::string& text) {
  model::Subnet subnet;
  subnet.space_id = default_space().id;
  subnet.prefix = prefix(text);
  return put(subnet);
}

model::DhcpScope House::add_scope(const std::string& text) {
  const auto space = default_space().id;
  const auto server = put(model::ManagedServer{.name = "dhcp of " + text, .url = "http://dhcp/", .space_id = space});
  return put(model::DhcpScope{.server_id = server.id, .space_id = space, .key = "1", .prefix = prefix(text)});
}

service::Principal member_of(model::Group group, const std::string& name) { return {{}, name, group}; }

ip::Address address(const std::string& text) { return ip::Address::parse(text).value(); }
ip::Prefix prefix(const std::string& text) { return ip::Prefix::parse(text).value(); }
ip::Range range(const std::string& text) { return ip::Range::parse(text).value(); }

}  // namespace ipam::test
