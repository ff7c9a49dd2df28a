// Long because every part of the server is made, wired and stopped in this one place.
#include "app/ipamd/daemon.h"

#include "api/api.h"
#include "api/door.h"
#include "api/observed.h"
#include "app/ipamd/driver_list.h"
#include "app/ipamd/folder_lock.h"
#include "app/ipamd/housekeeper.h"
#include "app/ipamd/restoring.h"
#include "app/ipamd/store_list.h"
#include "app/ipamd/taking_leave.h"
#include "app/ipamd/web_console.h"
#include "base/file.h"
#include "base/strings.h"
#include "base/version.h"
#include "crypto/certificate.h"
#include "http_server/server.h"
#include "io/io_pool.h"
#include "service/allocation/hold_sweeper.h"
#include "service/discovery/discover.h"
#include "store/sqlite/migrations.h"
#include "tasks/collection_tasks.h"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fmt/format.h>

#include <future>
#include <thread>

namespace ipam::app {
namespace {

constexpr auto kCertificateValidity = std::chrono::hours(24 * 825);
constexpr Duration kStopPatience = std::chrono::seconds(5);
constexpr std::size_t kDatabaseThreads = 4;
constexpr std::size_t kBlockingThreads = 8;  // of clients that wait for a managed server
constexpr std::size_t kHashingThreads = 2;   // of 64 MiB each

Result<void> make_folder(const std::filesystem::path& folder) {
  std::error_code failed;
  if (std::filesystem::create_directories(folder, failed)) std::filesystem::permissions(folder, std::filesystem::perms::owner_all, failed);
  if (failed) return Error(ErrorCode::Unavailable, fmt::format("folder {} cannot be made: {}", folder.string(), failed.message()));
  return {};
}

// The certificate of the first start names what clients will call this server.
crypto::ServerNames certificate_names(const Settings& settings) {
  crypto::ServerNames names;
  for (const std::string& name : settings.names) {
    (ip::Address::parse(name).ok() ? names.ip_addresses : names.dns_names).push_back(name);
  }
  char host[256] = {};
  if (gethostname(host, sizeof host - 1) == 0 && host[0] != 0) names.dns_names.emplace_back(host);
  names.dns_names.emplace_back("localhost");
  names.ip_addresses.emplace_back("127.0.0.1");
  names.ip_addresses.emplace_back("::1");
  const bool particular = settings.listen.address != "0.0.0.0" && settings.listen.address != "::" && settings.listen.address != "127.0.0.1";
  if (particular) names.ip_addresses.push_back(settings.listen.address);
  return names;
}

// One's own certificate, or the one that is made at the first start.
Result<io::TlsServerOptions> tls_identity(const Settings& settings, Time now) {
  constexpr std::size_t kMaxFile = 1U << 20U;
  if (settings.tls_certificate.empty() != settings.tls_key.empty())
    return Error(ErrorCode::InvalidArgument, "tls_certificate and tls_key belong together: give both, or neither");
  if (!settings.tls_certificate.empty()) {
    return io::TlsServerOptions{IPAM_TRY(read_file(settings.tls_certificate, kMaxFile)), IPAM_TRY(read_private_file(settings.tls_key, kMaxFile))};
  }
  auto own = IPAM_TRY(crypto::load_or_create_server_identity(settings.data_folder, certificate_names(settings), now, kCertificateValidity));
  return io::TlsServerOptions{std::move(own.certificate_pem), std::move(own.key_pem)};
}

service::AccessOptions access_options(const Settings& settings) {
  service::AccessOptions options;
  options.session_lifetime = settings.session_lifetime;
  options.session_idle = settings.session_idle;
  options.sign_in.failures_of_name = static_cast<std::uint64_t>(settings.sign_in_failures_of_name);
  options.sign_in.failures_of_address = static_cast<std::uint64_t>(settings.sign_in_failures_of_address);
  options.sign_in.first_delay = settings.lockout_first;
  options.sign_in.longest_delay = settings.lockout_longest;
  options.sign_in.forgotten_after = settings.lockout_forgotten;
  return options;
}

api::DoorOptions door_options(const Settings& settings) {
  constexpr double kBurst = 4;  // of so many seconds
  const auto rate = [](std::int64_t per_second) {
    const auto number = static_cast<double>(per_second);
    return service::Rate{number, number * kBurst};
  };
  return {rate(settings.rate_of_address), rate(settings.rate_of_user), settings.rate_of_loopback};
}

void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

io::Task<void> sign_of_life(std::shared_ptr<std::promise<void>> answered) {
  answered->set_value();
  co_return;
}

}  // namespace

// In the order of their making; destroyed in the opposite order.
struct Daemon::Parts {
  SystemClock clock;
  std::unique_ptr<FolderLock> lock;
  std::unique_ptr<store::BackupEngine> backup_engine;
  std::unique_ptr<store::Store> store;
  occupancy::Index index;
  std::unique_ptr<crypto::Sealer> sealer;
  std::unique_ptr<io::IoPool> io;
  std::unique_ptr<io::WorkerPool> database;
  std::unique_ptr<io::WorkerPool> hashing;
  std::unique_ptr<io::WorkerPool> blocking;
  std::unique_ptr<io::WorkerPool> copying;
  std::unique_ptr<io::Resolver> resolver;
  std::unique_ptr<ledger::Ledger> ledger;
  std::unique_ptr<DriverList> drivers;
  std::unique_ptr<service::AccessService> access;
  std::unique_ptr<service::RefusalLog> refusals;
  std::unique_ptr<service::PlanningService> planning;
  std::unique_ptr<service::AllocationService> allocation;
  std::unique_ptr<service::HoldSweeper> sweeper;
  std::unique_ptr<service::InventoryService> inventory;
  std::unique_ptr<service::ServerAccesses> accesses;
  std::unique_ptr<service::Collector> collector;
  std::unique_ptr<service::DhcpView> dhcp;
  std::unique_ptr<service::DnsView> dns;
  std::unique_ptr<service::Upkeep> upkeep;
  std::unique_ptr<service::UtilizationSampler> sampler;
  std::unique_ptr<service::UtilizationHistory> utilization;
  std::unique_ptr<service::Reachability> reachability;
  std::unique_ptr<service::ProvisionService> provision;
  std::unique_ptr<service::SearchService> search;
  std::unique_ptr<service::SavedSearches> saved_searches;
  std::unique_ptr<service::ChangeService> changes;
  std::unique_ptr<service::DiscoveryService> discovery;
  std::unique_ptr<service::Discovery> discoverer;
  std::unique_ptr<service::DomainService> domains;
  std::unique_ptr<driver::EstateReader> directories;
  std::unique_ptr<service::DomainDiscovery> domain_discoverer;
  std::unique_ptr<tasks::Scheduler> scheduler;
  std::unique_ptr<service::AnswerKeeper> answers;
  std::unique_ptr<service::EventHub> events;
  std::unique_ptr<service::OperationRunner> operations;
  std::unique_ptr<service::BackupService> backups;
  std::unique_ptr<service::ImportService> imports;
  std::atomic<bool> restart_wanted = false;
  std::stop_source housekeeping;
  Guarded<api::ServerFacts> facts;
  std::unique_ptr<api::Observed> observed;
  std::unique_ptr<api::Services> services;
  api::Routes routes;
  std::unique_ptr<Housekeeper> housekeeper;
  std::unique_ptr<api::Door> door;
  std::optional<console::Console> web_console;
  std::unique_ptr<http_server::Server> http;
  Guarded<std::string> fingerprint;
  std::filesystem::path first_password_file;
  bool stopped = false;

  Result<void> open(const Settings& settings);
  Result<void> observe(const Settings& settings);
  Result<void> serve(const Settings& settings, std::optional<int> listening_socket);
  // Wakes the main thread, which ends this server and starts another.
  void restart() {
    restart_wanted = true;
    kill(getpid(), SIGUSR1);
  }
};

Result<void> Daemon::Parts::open(const Settings& settings) {
  const std::filesystem::path& folder = settings.data_folder;
  IPAM_TRY(make_folder(folder));
  lock = IPAM_TRY(FolderLock::take(folder));
  const std::string node = new_node_name();
  backup_engine = IPAM_TRY(make_backup_engine(settings, node));
  const service::BackupFolder backup_folder(folder_of_backups(settings));
  IPAM_TRY(restore_what_was_asked(settings, *backup_engine, backup_folder, clock, node));
  store = IPAM_TRY(open_store(settings, node));
  auto master_key = IPAM_TRY(load_master_key(settings, *store));
  {
    auto known = facts.lock();
    known->node = store->feed() != nullptr ? node_name(*store) : "";
    known->master_key_id = master_key.id();
    known->listen_address = settings.listen.address;
    known->database = settings.database.empty() ? "sqlite" : "postgresql";
    known->schema_version = static_cast<std::uint32_t>(std::size(store::sqlite::kMigrations));  // PostgreSQL has the same numbers
    known->log_level = log_level(settings);
  }
  sealer = std::make_unique<crypto::Sealer>(std::move(master_key));
  IPAM_TRY(ledger::load_index(*store, index));
  io = std::make_unique<io::IoPool>(static_cast<std::size_t>(settings.io_threads));
  database = std::make_unique<io::WorkerPool>("the database readers", kDatabaseThreads, 1'000);
  hashing = std::make_unique<io::WorkerPool>("the password check", kHashingThreads, 100);
  ledger = IPAM_TRY(ledger::Ledger::open(*store, index, clock));
  resolver = std::make_unique<io::Resolver>();
  blocking = std::make_unique<io::WorkerPool>("the clients of managed servers", kBlockingThreads, 1'000);
  copying = std::make_unique<io::WorkerPool>("the copying of backups", 1, 100);
  drivers = std::make_unique<DriverList>(clock, *resolver, *blocking);
  access = std::make_unique<service::AccessService>(*store, *ledger, *hashing, clock, IPAM_TRY(crypto::PasswordHasher::create({})),
                                                    access_options(settings));
  IPAM_TRY(access->load_lockouts());
  refusals = std::make_unique<service::RefusalLog>(*store, *ledger, clock);
  planning = std::make_unique<service::PlanningService>(*store, *ledger, index);
  planning->set_release_cooldown(settings.release_cooldown);
  planning->set_expiry_alert(settings.expiry_alert);
  planning->set_thresholds({static_cast<model::Percent>(settings.utilization_under), static_cast<model::Percent>(settings.utilization_over)});
  search = std::make_unique<service::SearchService>(*store, *planning, clock);
  saved_searches = std::make_unique<service::SavedSearches>(*store, *ledger, *search, clock);
  allocation = std::make_unique<service::AllocationService>(*store, *ledger, index);
  sweeper = std::make_unique<service::HoldSweeper>(*store, *ledger, *database, clock);
  inventory = std::make_unique<service::InventoryService>(*store, *ledger, *sealer);
  accesses = std::make_unique<service::ServerAccesses>(*store, *ledger);
  collector = std::make_unique<service::Collector>(*store, *ledger, index, *inventory, *drivers, *database, clock);
  allocation->leases().set_collector(clock, [this](model::ManagedServer server, io::Deadline deadline) {
    return collector->collect_utilization(std::move(server), "server/allocation", std::move(deadline));
  });
  dhcp = std::make_unique<service::DhcpView>(*store, index);
  dns = std::make_unique<service::DnsView>(*store);
  changes = std::make_unique<service::ChangeService>(*store, *ledger, *collector);
  reachability = std::make_unique<service::Reachability>(*resolver);
  provision = std::make_unique<service::ProvisionService>(*store, *planning, *allocation, *changes, *database, *reachability);
  const auto expiry_log = settings.expiry_log == "every_run" ? service::ExpiryLog::EveryRun : service::ExpiryLog::Once;
  upkeep = std::make_unique<service::Upkeep>(*store, *ledger, index, *database, clock,
                                             service::UpkeepOptions{settings.expiry_alert, expiry_log, settings.tracking_retention});
  sampler = std::make_unique<service::UtilizationSampler>(*store, *ledger, index, *database, clock, planning->thresholds());
  utilization = std::make_unique<service::UtilizationHistory>(*store, *ledger, *database, clock);
  discovery = std::make_unique<service::DiscoveryService>(*store, *ledger, *inventory);
  discoverer = std::make_unique<service::Discovery>(*store, *ledger, *resolver, clock);
  domains = std::make_unique<service::DomainService>(*store, *ledger);
  directories = drivers->create_estate_reader();
  domain_discoverer = std::make_unique<service::DomainDiscovery>(*store, *ledger, *inventory, *directories, clock);
  const auto discover = [this](io::Deadline deadline) {
    return service::discover(domain_discoverer.get(), discoverer.get(), "task/ServerDiscovery", std::move(deadline));
  };
  scheduler = std::make_unique<tasks::Scheduler>(*store, *ledger, *inventory, clock, io->executor_at(0),
                                                 tasks::collection_tasks({*collector, *upkeep, *sampler, discover}));
  ledger->on_foreign_commit([this](const std::vector<std::string>& tables) {
    access->forget(tables);
    planning->forget(tables);
    scheduler->forget(tables);
  });
  answers = std::make_unique<service::AnswerKeeper>(*store, *ledger, *sealer, clock);
  events = std::make_unique<service::EventHub>(*store, *ledger, *database, io->executor_at(0));
  service::OperationOptions operation_options;
  operation_options.node = node_name(*store);
  operations = std::make_unique<service::OperationRunner>(*store, *ledger, clock, io->executor_at(0), std::move(operation_options));
  const api::ServerFacts known = *facts.lock();
  const service::BackupOptions backup_options{kVersion, known.schema_version, known.master_key_id};
  backups = std::make_unique<service::BackupService>(*store, *backup_engine, backup_folder, clock, backup_options, [this] { restart(); });
  service::ImportOptions import_options{folder / "imports", static_cast<std::uint64_t>(settings.import_limit) << 20U, node_name(*store)};
  imports = std::make_unique<service::ImportService>(*store, *ledger, *planning, clock, std::move(import_options));
  IPAM_TRY(planning->create_default_space());
  IPAM_TRY(planning->fields().create_built_in());
  if (IPAM_TRY(access->create_first_administrator(folder / "first-password"))) first_password_file = folder / "first-password";
  return {};
}

Result<void> Daemon::Parts::observe(const Settings& settings) {
  api::ObservedOptions options;
  for (const std::string& text : settings.metrics_readers) options.metrics_readers.push_back(IPAM_TRY(ip::Prefix::parse(text)));
  observed = std::make_unique<api::Observed>(clock, std::move(options));
  observed->add_check(api::database_check(*store));
  observed->add_check(api::ledger_check(*ledger));
  observed->add_check(api::disk_check(settings.data_folder.string()));
  observed->add_figures([this](metrics::TextWriter& page) {
    using metrics::Type;
    page.single("ipamd_http_connections", Type::Gauge, "Open connections.", static_cast<double>(http->connection_count()));
    page.family("ipamd_pool_queue", Type::Gauge, "Jobs that wait for a thread of a pool.");
    page.sample({{"pool", "database"}}, static_cast<double>(database->queued()));
    page.sample({{"pool", "password"}}, static_cast<double>(hashing->queued()));
    if (const auto made = backups->newest()) {
      page.single("ipamd_last_backup_age_seconds", Type::Gauge, "Since the newest backup of this server was made.",
                  std::chrono::duration<double>(clock.now() - *made).count());
    }
  });
  return {};
}

Result<void> Daemon::Parts::serve(const Settings& settings, std::optional<int> listening_socket) {
  IPAM_TRY(observe(settings));
  services = std::make_unique<api::Services>(api::Services{.store = *store,
                                                           .ledger = *ledger,
                                                           .access = *access,
                                                           .planning = *planning,
                                                           .allocation = *allocation,
                                                           .inventory = *inventory,
                                                           .accesses = *accesses,
                                                           .collector = *collector,
                                                           .dhcp = *dhcp,
                                                           .dns = *dns,
                                                           .changes = *changes,
                                                           .discovery = *discovery,
                                                           .domains = *domains,
                                                           .scheduler = *scheduler,
                                                           .index = index,
                                                           .database = *database,
                                                           .answers = *answers,
                                                           .events = *events,
                                                           .operations = *operations,
                                                           .facts = facts,
                                                           .version = kVersion,
                                                           .refusals = *refusals,
                                                           .observed = *observed,
                                                           .backups = *backups,
                                                           .backup_pool = *copying,
                                                           .utilization = *utilization,
                                                           .clock = clock,
                                                           .provision = *provision,
                                                           .search = *search,
                                                           .saved_searches = *saved_searches,
                                                           .imports = *imports});
  routes = api::make_routes(*services);
  web_console = IPAM_TRY(read_web_console(settings.console_folder));
  door = std::make_unique<api::Door>(clock, *refusals, door_options(settings));
  http_server::ServerOptions options;
  options.address = settings.listen.address;
  options.port = settings.listen.port;
  options.descriptor = listening_socket.value_or(-1);
  options.connections = static_cast<std::size_t>(settings.max_connections);
  const io::TlsServerOptions identity = IPAM_TRY(tls_identity(settings, clock.now()));
  options.tls = IPAM_TRY(io::TlsServerContext::create(identity));
  *fingerprint.lock() = IPAM_TRY(crypto::certificate_fingerprint(identity.certificate_pem));
  options.admit = door->admission(routes.admission(*access, *ledger));
  if (web_console) options.otherwise = [this](const http_server::Request& request) { return web_console->answer(request); };
  options.on_finished = [this](const http_server::FinishedRequest& request) {
    observed->finished(request);
    door->finished(request);
  };
  http = IPAM_TRY(http_server::Server::create(*io, routes.router(), std::move(options)));
  {
    auto known = facts.lock();
    known->listen_port = http->local().port;
    known->started_at = clock.now();
  }
  IPAM_TRY(operations->start());
  events->start();
  io::spawn(io->executor_at(0), answers->run_cleaning(housekeeping.get_token()), "cleaning of kept answers");
  io::spawn(io->executor_at(0), operations->run_cleaning(housekeeping.get_token()), "cleaning of operations");
  io::spawn(io->executor_at(0), sweeper->run(housekeeping.get_token()), "freeing of lapsed holds");
  io::spawn(io->executor_at(0), imports->run_cleaning(housekeeping.get_token()), "cleaning of imports");
  io::spawn(io->executor_at(0), operations->run_presence(housekeeping.get_token()), "the presence of this node");
  housekeeper = std::make_unique<Housekeeper>(*access, *refusals);
  housekeeper->start(io->executor_at(0));
  IPAM_TRY(scheduler->start());
  http->start();
  return {};
}

Daemon::Daemon(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Daemon::~Daemon() { stop(); }

Result<std::unique_ptr<Daemon>> Daemon::start(const Settings& settings, std::optional<int> listening_socket) {
  raise_descriptor_limit();
  log::set_level(log_level(settings));
  std::unique_ptr<Daemon> daemon(new Daemon(std::make_unique<Parts>()));
  IPAM_TRY(daemon->parts_->open(settings));
  IPAM_TRY(daemon->parts_->serve(settings, listening_socket));
  return daemon;
}

bool Daemon::wants_restart() const { return parts_->restart_wanted; }
std::uint16_t Daemon::port() const { return parts_->http->local().port; }
std::string Daemon::fingerprint() const { return *parts_->fingerprint.lock(); }
ledger::LedgerStatistics Daemon::ledger_statistics() const { return parts_->ledger->statistics(); }
const std::filesystem::path& Daemon::first_password_file() const { return parts_->first_password_file; }

bool Daemon::is_alive(Duration patience) const {
  const io::IoPool& pool = *parts_->io;
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (std::size_t i = 0; i < pool.size(); ++i) {
    auto answered = std::make_shared<std::promise<void>>();  // shared: it may answer after this has given up
    auto answer = answered->get_future();
    io::spawn(pool.executor_at(i), sign_of_life(std::move(answered)), "a sign of life");
    if (answer.wait_until(deadline) != std::future_status::ready) return false;
  }
  return true;
}

Result<void> Daemon::reload(const Settings& settings) {
  log::set_level(log_level(settings));
  const io::TlsServerOptions identity = IPAM_TRY(tls_identity(settings, parts_->clock.now()));
  auto tls = IPAM_TRY(io::TlsServerContext::create(identity));
  *parts_->fingerprint.lock() = IPAM_TRY(crypto::certificate_fingerprint(identity.certificate_pem));
  parts_->http->set_tls(std::move(tls));
  return {};
}

void Daemon::stop() {
  Parts& parts = *parts_;
  if (std::exchange(parts.stopped, true)) return;
  if (parts.scheduler) parts.scheduler->stop();
  parts.housekeeping.request_stop();
  if (parts.operations) parts.operations->stop();
  if (parts.http) {
    if (const auto stopped = parts.http->stop(kStopPatience); !stopped.ok())
      log::warning("IPAM-1006 stopped with requests under way", {{"error", stopped.error().describe()}});
  }
  if (parts.housekeeper) parts.housekeeper->stop();
  if (parts.events) parts.events->stop();
  if (parts.operations) {
    await_operations(*parts.operations);
    take_leave(*parts.operations, parts.io->executor_at(0));
  }
  // The ledger finishes what is queued while the I/O threads still run to tell it; then whatever completes coroutines stops before their threads do.
  if (parts.ledger) parts.ledger->stop();
  if (parts.hashing) parts.hashing->stop();
  if (parts.blocking) parts.blocking->stop();
  if (parts.copying) parts.copying->stop();
  if (parts.imports) parts.imports->stop();
  if (parts.database) parts.database->stop();
  if (parts.resolver) parts.resolver->stop();
  if (parts.io) parts.io->stop();
}

}  // namespace ipam::app
