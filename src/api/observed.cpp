#include "api/observed.h"

#include "api/api.h"

#include <sys/statvfs.h>
#include <unistd.h>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace ipam::api {
namespace {

using metrics::TextWriter;
using metrics::Type;

// A page costs some milliseconds: whoever asks more often gets the last one.
constexpr auto kPageAge = std::chrono::seconds(1);
constexpr std::uint64_t kFewBytes = 100U << 20U;

double seconds_of(Time time) { return std::chrono::duration<double>(time.time_since_epoch()).count(); }

// Of /proc/self: text after "VmRSS:" and the like, in its unit.
std::optional<double> status_number(std::string_view key) {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(key)) continue;
    const auto digits = line.find_first_of("0123456789");
    const auto end = line.find_first_not_of("0123456789", digits);
    if (const auto number = parse_integer<std::int64_t>(std::string_view(line).substr(digits, end - digits))) return static_cast<double>(*number);
  }
  return std::nullopt;
}

double cpu_seconds() {
  timespec used{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

double open_descriptors() {
  std::error_code error;
  double count = 0;
  for (auto entry = std::filesystem::directory_iterator("/proc/self/fd", error); !error && entry != std::filesystem::directory_iterator();
       entry.increment(error))
    ++count;
  return count;
}

void write_process(TextWriter& page, Time started) {
  page.single("process_start_time_seconds", Type::Gauge, "When the program started, in seconds since 1970.", seconds_of(started));
  page.single("process_cpu_seconds_total", Type::Counter, "Processor time used.", cpu_seconds());
  page.single("process_resident_memory_bytes", Type::Gauge, "Memory in use.", status_number("VmRSS:").value_or(0) * 1024);
  page.single("process_open_fds", Type::Gauge, "Open file descriptors.", open_descriptors());
  page.single("process_threads", Type::Gauge, "Threads.", status_number("Threads:").value_or(0));
}

void write_ledger(TextWriter& page, Services& services) {
  const ledger::LedgerStatistics statistics = services.ledger.statistics();
  page.single("ipamd_ledger_requests_total", Type::Counter, "Changes that were answered.", static_cast<double>(statistics.requests));
  page.single("ipamd_ledger_commits_total", Type::Counter, "Commits of the database.", static_cast<double>(statistics.commits));
  page.single("ipamd_ledger_failed_commits_total", Type::Counter, "Commits that the database refused.",
              static_cast<double>(statistics.failed_commits));
  page.single("ipamd_journal_sequence", Type::Gauge, "Sequence of the newest durable journal record.",
              static_cast<double>(services.ledger.sequence()));
}

void write_index(TextWriter& page, Services& services) {
  double used = 0, leased = 0, reserved = 0, assigned = 0;
  const auto spaces = services.index.spaces();
  for (const std::uint64_t id : spaces) {
    const auto space = services.index.snapshot(id);
    if (!space) continue;
    for (const char* all : {"0.0.0.0/0", "::/0"}) {
      const auto usage = space->usage(ip::Prefix::parse(all).value());
      used += static_cast<double>(usage.used);
      leased += static_cast<double>(usage.leased);
      reserved += static_cast<double>(usage.reserved);
      assigned += static_cast<double>(usage.assigned);
    }
  }
  page.single("ipamd_address_spaces", Type::Gauge, "Address spaces.", static_cast<double>(spaces.size()));
  page.family("ipamd_addresses", Type::Gauge, "Addresses in the index, by why they are held; used counts each once.");
  page.sample({{"held", "used"}}, used);
  page.sample({{"held", "assigned"}}, assigned);
  page.sample({{"held", "reserved"}}, reserved);
  page.sample({{"held", "leased"}}, leased);
}

Result<void> write_tasks(TextWriter& page, Services& services, const service::Principal& reader, Time now) {
  const auto tasks = IPAM_TRY(services.scheduler.list(reader));
  page.family("ipamd_task_runs_total", Type::Counter, "Ended runs of a scheduled task.");
  for (const auto& task : tasks) page.sample({{"task", task.name}}, static_cast<double>(task.state.runs));
  page.family("ipamd_task_last_success", Type::Gauge, "Whether the last run succeeded at every server: 1, at some: 0.5, at none: 0.");
  for (const auto& task : tasks) {
    const auto result = task.state.last_result;
    if (result == model::TaskResult::Never) continue;
    const double value = result == model::TaskResult::Succeeded ? 1 : result == model::TaskResult::PartlyFailed ? 0.5 : 0;
    page.sample({{"task", task.name}}, value);
  }
  page.family("ipamd_task_last_end_age_seconds", Type::Gauge, "How long ago the last run ended.");
  for (const auto& task : tasks) {
    if (task.state.last_ended_at) page.sample({{"task", task.name}}, std::chrono::duration<double>(now - *task.state.last_ended_at).count());
  }
  page.family("ipamd_task_running", Type::Gauge, "Whether it runs.");
  for (const auto& task : tasks) page.sample({{"task", task.name}}, task.running ? 1 : 0);
  return {};
}

Result<void> write_servers(TextWriter& page, store::Reader& reader) {
  std::map<std::string, double> by_availability;
  for (const auto& entry : model::enum_names<model::ServerAvailability>()) by_availability[entry.name] = 0;
  IPAM_TRY(store::for_each<model::ServerStatus>(reader, {}, [&](model::ServerStatus status) -> Result<bool> {
    ++by_availability[model::enum_to_text(status.availability)];
    return true;
  }));
  page.family("ipamd_managed_servers", Type::Gauge, "Managed servers by what the last contact with them taught.");
  for (const auto& [availability, count] : by_availability) page.sample({{"availability", availability}}, count);
  return {};
}

// Of the newest sample of each scope: as fresh as the task AddressUtilization.
Result<void> write_scopes(TextWriter& page, store::Reader& reader) {
  double scopes = 0, capacity = 0, used = 0, over = 0, full = 0;
  IPAM_TRY(reader.query(
      "SELECT s.capacity, s.used FROM scope_utilization AS s JOIN (SELECT scope_id, MAX(at) AS newest FROM scope_utilization GROUP BY scope_id) AS n "
      "ON s.scope_id = n.scope_id AND s.at = n.newest",
      {}, [&](const store::Row& row) -> Result<bool> {
        const auto of = static_cast<double>(row.integer(0)), taken = static_cast<double>(row.integer(1));
        ++scopes;
        capacity += of;
        used += taken;
        if (of > 0 && taken >= of * 0.8) ++over;
        if (taken >= of) ++full;
        return true;
      }));
  page.single("ipamd_dhcp_scopes", Type::Gauge, "DHCP scopes that were measured.", scopes);
  page.single("ipamd_dhcp_scopes_over_80_percent", Type::Gauge, "DHCP scopes that are at least 80 % full.", over);
  page.single("ipamd_dhcp_scopes_full", Type::Gauge, "DHCP scopes without a free address.", full);
  page.single("ipamd_dhcp_pool_addresses", Type::Gauge, "Addresses in the pools of the DHCP scopes.", capacity);
  page.single("ipamd_dhcp_pool_addresses_used", Type::Gauge, "Those of them that are in use.", used);
  return {};
}

}  // namespace

void Observed::finished(const http_server::FinishedRequest& request) {
  // Paths that no route has are one: their number has no bound.
  const std::string_view route = request.route.empty() ? std::string_view("none") : request.route;
  const std::string_view method = request.route.empty() ? std::string_view("any") : request.method;
  auto routes = routes_.lock();
  auto found = routes->find(route);
  if (found == routes->end()) found = routes->try_emplace(std::string(route)).first;
  found->second.seconds.observe(std::chrono::duration<double>(request.duration).count());
  ++found->second.answers[{std::string(method), request.status}];
}

bool Observed::may_read_metrics(const std::string& text) const {
  const auto address = ip::Address::parse(text);
  if (!address.ok()) return false;
  const ip::Address unmapped = address->unmapped();
  return std::any_of(options_.metrics_readers.begin(), options_.metrics_readers.end(),
                     [&](const ip::Prefix& prefix) { return prefix.family() == unmapped.family() && prefix.contains(unmapped); });
}

void Observed::write_requests(TextWriter& page) const {
  const auto routes = routes_.lock();
  page.family("ipamd_http_requests_total", Type::Counter, "Answered requests, by route, method and status.");
  for (const auto& [route, of] : *routes) {
    for (const auto& [key, count] : of.answers) {
      const std::string status = std::to_string(key.second);
      page.sample({{"route", route}, {"method", key.first}, {"status", status}}, static_cast<double>(count));
    }
  }
  page.family("ipamd_http_request_seconds", Type::Histogram, "From the complete header of a request to the last byte of its answer.");
  for (const auto& [route, of] : *routes) page.histogram({{"route", route}}, of.seconds.read());
}

Result<std::string> Observed::page(Services& services) {
  const MonotonicTime now = clock_.monotonic();
  {
    const auto last = page_.lock();
    if (!last->text.empty() && now - last->made < kPageAge) return last->text;
  }
  std::string made = IPAM_TRY(make_page(services));
  auto last = page_.lock();
  *last = {made, now};
  return made;
}

Result<std::string> Observed::make_page(Services& services) {
  TextWriter page;
  const service::Principal reader{{}, "metrics", model::Group::IpamAdministrators};
  page.family("ipamd_build_info", Type::Gauge, "The version, as a label.");
  page.sample({{"version", services.version}}, 1);
  write_requests(page);
  write_ledger(page, services);
  write_index(page, services);
  for (const auto& write : figures_) write(page);
  page.single("ipamd_refused_requests_total", Type::Counter, "Requests that were answered 401, 403 or 429.",
              static_cast<double>(services.refusals.recorded()));
  if (const auto size = services.store.size_on_disk(); size.ok())
    page.single("ipamd_database_bytes", Type::Gauge, "What the database takes on disk.", static_cast<double>(*size));
  IPAM_TRY(write_tasks(page, services, reader, clock_.now()));
  const auto snapshot = IPAM_TRY(services.store.open_reader());
  IPAM_TRY(write_servers(page, *snapshot));
  IPAM_TRY(write_scopes(page, *snapshot));
  write_process(page, started_);
  return page.take();
}

HealthCheck disk_check(std::string folder) {
  return {"disk", [folder = std::move(folder)]() -> Result<std::string> {
            struct statvfs disk {};
            if (statvfs(folder.c_str(), &disk) != 0) return Error(ErrorCode::Unavailable, "the data folder's disk cannot be examined");
            const std::uint64_t free = std::uint64_t{disk.f_bavail} * disk.f_frsize;
            const std::string told = fmt::format("{} MiB free", free >> 20U);
            if (free < kFewBytes) return Error(ErrorCode::Unavailable, told + " for the database; make room");
            return told;
          }};
}

HealthCheck database_check(store::Store& store) {
  return {"database", [&store]() -> Result<std::string> {
            const auto reader = IPAM_TRY(store.open_reader());
            return std::string("readable");
          }};
}

HealthCheck ledger_check(ledger::Ledger& ledger) {
  struct Seen {
    std::uint64_t commits = 0;
    std::uint64_t failed = 0;
    bool failing = false;
  };
  auto seen = std::make_shared<Guarded<Seen>>();  // shared by the copies of the check
  return {"ledger", [&ledger, seen]() -> Result<std::string> {
            const ledger::LedgerStatistics now = ledger.statistics();
            auto last = seen->lock();
            if (now.commits > last->commits) {
              last->failing = false;
            } else if (now.failed_commits > last->failed) {
              last->failing = true;
            }
            last->commits = now.commits;
            last->failed = now.failed_commits;
            if (last->failing) return Error(ErrorCode::Unavailable, "the database takes no commits; the log says why (IPAM-3002)");
            return fmt::format("newest sequence {}", ledger.sequence());
          }};
}

}  // namespace ipam::api
