#include "driver/kea/kea_driver.h"

#include "driver/kea/json_fields.h"
#include "driver/kea/kea_answer.h"
#include "driver/kea/kea_configuration.h"
#include "driver/kea/kea_high_availability.h"
#include "driver/kea/kea_offer.h"
#include "driver/kea/kea_statistics.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace ipam::driver::kea {
namespace {

constexpr std::size_t kChunk = 1000;  // LeaseSink's
constexpr std::size_t kMostOnAPage = 1000;

Error too_many_leases(std::string_view command, std::size_t limit) {
  return {ErrorCode::Malformed, fmt::format("{}: the server has more than {} leases, which is more than is read from one server", command, limit)};
}

bool keeps_leases_in_postgresql(const ObservedConfiguration& configuration) { return configuration.server.lease_database.starts_with("postgresql"); }

// Leases can be read by it, with or without a hook library.
void add_lease_source(ProbeReport& report, std::string capability) {
  report.capabilities.push_back(std::move(capability));
  if (std::find(report.capabilities.begin(), report.capabilities.end(), "leases") != report.capabilities.end()) return;
  report.capabilities.emplace_back("leases");
  std::erase_if(report.findings, [](const std::string& finding) { return finding.find("leases cannot be read") != std::string::npos; });
}

model::ServerAvailability availability_of(const Error& error) {
  switch (error.code) {
    case ErrorCode::Unavailable:
    case ErrorCode::DeadlineExceeded: return model::ServerAvailability::Unreachable;
    case ErrorCode::Unauthenticated:
    case ErrorCode::PermissionDenied: return model::ServerAvailability::AccessDenied;
    default: return model::ServerAvailability::Faulty;
  }
}

}  // namespace

Result<std::unique_ptr<Driver>> KeaDriver::create(const Endpoint& endpoint, const Limits& limits, const Clock& clock, io::Resolver& resolver,
                                                  std::size_t lease_page, io::WorkerPool* blocking) {
  IPAM_ASSERT(lease_page >= 1 && lease_page <= kMostOnAPage, "a page has 1 to 1000 leases");
  auto channel = IPAM_TRY(Channel::create(endpoint, limits, resolver));
  std::unique_ptr<LeaseDatabase> database;
  const AccessEndpoint* access = endpoint.find(model::AccessKind::LeaseDatabase);
  if (access != nullptr && blocking != nullptr) database = IPAM_TRY(LeaseDatabase::create(*access, limits, *blocking));
  std::unique_ptr<LeaseFiles> files;
  const AccessEndpoint* file_access = endpoint.find(model::AccessKind::LeaseFile);
  if (file_access != nullptr && blocking != nullptr) files = IPAM_TRY(LeaseFiles::create(*file_access, limits, *blocking));
  return std::unique_ptr<Driver>(new KeaDriver(endpoint, limits, clock, lease_page, std::move(channel), std::move(database), std::move(files)));
}

KeaDriver::KeaDriver(const Endpoint& endpoint, const Limits& limits, const Clock& clock, std::size_t lease_page, std::unique_ptr<Channel> channel,
                     std::unique_ptr<LeaseDatabase> database, std::unique_ptr<LeaseFiles> files)
    : server_name_(endpoint.server_name),
      limits_(limits),
      clock_(clock),
      lease_page_(lease_page),
      channel_(std::move(channel)),
      database_(std::move(database)),
      files_(std::move(files)),
      changer_(server_name_, limits_, *channel_) {}

Error KeaDriver::of_server(Error error) const { return located(std::move(error), server_name_); }

io::Task<Result<std::string>> KeaDriver::ask(std::string question, io::Deadline deadline) {
  auto answer = co_await channel_->ask(std::move(question), deadline);
  if (!answer.ok()) co_return of_server(std::move(answer).error());
  co_return answer;
}

io::Task<Result<std::vector<std::string>>> KeaDriver::ask_commands(Service service, io::Deadline deadline) {
  IPAM_CO_TRY(const std::string answer, co_await ask(question(service, "list-commands"), deadline));
  auto commands = read_commands(service, answer);
  if (!commands.ok()) co_return of_server(std::move(commands).error());
  co_return commands;
}

// Nothing when the agent has no such service.
io::Task<Result<std::optional<KeaDriver::FoundService>>> KeaDriver::find_service(Service service, io::Deadline deadline) {
  IPAM_CO_TRY(const std::string answer, co_await ask(question(service, "version-get"), deadline));
  auto version = read_version(service, answer);
  if (!version.ok() && version.error().code == ErrorCode::Unsupported) co_return std::optional<FoundService>();
  if (!version.ok()) co_return of_server(std::move(version).error());
  const bool alone = is_alone(answer);
  if (alone) {
    // A server that is asked itself answers whatever the question calls it; only one of the two has this counter.
    const std::string_view counter = service == Service::Dhcp4 ? "pkt4-received" : "pkt6-received";
    std::string arguments = fmt::format(R"({{"name":"{}"}})", counter);
    IPAM_CO_TRY(const std::string counted, co_await ask(question(service, "statistic-get", arguments), deadline));
    const auto has = has_statistic(service, counted, counter);
    if (!has.ok()) co_return of_server(has.error());
    if (!*has) co_return std::optional<FoundService>();
  }
  co_return std::optional(FoundService{service, std::move(version).value()});
}

io::Task<Result<void>> KeaDriver::find_services(io::Deadline deadline) {
  if (!services_.empty()) co_return Result<void>();
  std::vector<FoundService> found;
  for (const Service service : {Service::Dhcp4, Service::Dhcp6}) {
    IPAM_CO_TRY(std::optional<FoundService> one, co_await find_service(service, deadline));
    if (one) found.push_back(std::move(*one));
  }
  if (found.empty()) {
    co_return of_server({ErrorCode::Unsupported,
                         "the control agent serves neither DHCPv4 nor DHCPv6; add \"dhcp4\" or \"dhcp6\" to its "
                         "\"control-sockets\""});
  }
  services_ = std::move(found);
  co_return Result<void>();
}

io::Task<Result<ProbeReport>> KeaDriver::probe_service(FoundService found, io::Deadline deadline) {
  const Service service = found.service;
  IPAM_CO_TRY(const std::vector<std::string> commands, co_await ask_commands(service, deadline));
  ProbeReport report = report_on(service, commands);
  report.version = std::move(found.version);
  if (offers(commands, "status-get")) {
    IPAM_CO_TRY(const std::string status_answer, co_await ask(question(service, "status-get"), deadline));
    const auto status = read_status(service, status_answer);
    if (!status.ok()) co_return of_server(status.error());
    report.findings.insert(report.findings.end(), status->begin(), status->end());
    auto partners = read_high_availability_status(service, status_answer);
    if (!partners.ok()) co_return of_server(std::move(partners).error());
    report.high_availability = std::move(partners->state);
    report.findings.insert(report.findings.end(), partners->findings.begin(), partners->findings.end());
  }
  co_return report;
}

io::Task<Result<ProbeReport>> KeaDriver::probe(io::Deadline deadline) {
  IPAM_CO_CHECK(co_await find_services(deadline));
  std::optional<ProbeReport> report;
  for (const FoundService& found : services_) {
    IPAM_CO_TRY(ProbeReport one, co_await probe_service(found, deadline));
    report = report ? join_reports(std::move(*report), std::move(one)) : std::move(one);
  }
  for (const FoundService& found : services_) report->capabilities.emplace_back(name_of(found.service));
  ProbeReport* const whole = &*report;
  IPAM_CO_CHECK(co_await probe_accesses(whole, deadline));
  std::sort(report->capabilities.begin(), report->capabilities.end());
  if (channel_->credential_is_exposed()) {
    report->findings.push_back("the password crosses the network in clear; give the control agent a certificate and use https://");
  }
  co_return std::move(*report);
}

std::string KeaDriver::lease_file_of(Service service, const ObservedConfiguration& configuration) const {
  const std::string_view told = configuration.server.lease_database;
  if (!told.starts_with("memfile") || told == "memfile without a file") return {};
  if (files_ != nullptr && !files_->path().empty() && service == services_.front().service) return files_->path();
  if (told.starts_with("memfile ")) return std::string(told.substr(8));
  return service == Service::Dhcp4 ? "/var/lib/kea/kea-leases4.csv" : "/var/lib/kea/kea-leases6.csv";
}

io::Task<Result<void>> KeaDriver::probe_accesses(ProbeReport* report, io::Deadline deadline) {
  if (database_ != nullptr) {
    IPAM_CO_CHECK(co_await probe_access(model::AccessKind::LeaseDatabase, report, deadline));
  }
  if (database_ != nullptr && database_->is_exposed()) {
    report->findings.push_back("the way to the lease database may be read or redirected by others; let its URL say sslmode=verify-full");
  }
  if (files_ != nullptr) {
    IPAM_CO_CHECK(co_await probe_access(model::AccessKind::LeaseFile, report, deadline));
  }
  co_return Result<void>();
}

io::Task<Result<void>> KeaDriver::probe_access(model::AccessKind kind, ProbeReport* report, io::Deadline deadline) {
  const bool by_files = kind == model::AccessKind::LeaseFile;
  AccessReport access{.kind = kind, .availability = model::ServerAvailability::Reachable, .problem = ""};
  std::size_t readable = 0;
  for (const FoundService& found : services_) {
    IPAM_CO_TRY(const ObservedConfiguration configuration, co_await read_service(found.service, deadline));
    std::string path = by_files ? lease_file_of(found.service, configuration) : std::string();
    const bool is_used = by_files ? !path.empty() : keeps_leases_in_postgresql(configuration);
    if (!is_used) {
      report->findings.push_back(fmt::format("{}: its leases are kept in {}, so the access to {} is not used for it; take the access away",
                                             name_of(found.service), configuration.server.lease_database,
                                             by_files ? "lease files" : "a lease database"));
      continue;
    }
    Result<void> outcome;
    if (by_files) {
      outcome = co_await files_->probe(found.service, std::move(path), deadline);
    } else {
      outcome = co_await database_->probe(found.service, deadline);
    }
    IPAM_CO_CHECK(deadline.check(server_name_));
    if (outcome.ok()) {
      ++readable;
    } else {
      access.availability = availability_of(outcome.error());
      access.problem = of_server(outcome.error()).message;
    }
  }
  report->accesses.push_back(std::move(access));
  if (readable > 0 && readable == services_.size()) add_lease_source(*report, by_files ? "lease_file" : "lease_database");
  co_return Result<void>();
}

io::Task<Result<bool>> KeaDriver::collect_by_access(Service service, LeaseSink& sink, LeaseCollection& collection, std::string* failure,
                                                    io::Deadline deadline) {
  if (database_ == nullptr && files_ == nullptr) co_return false;
  IPAM_CO_TRY(const ObservedConfiguration configuration, co_await read_service(service, deadline));
  std::string path = lease_file_of(service, configuration);
  CollectedLeases collected{.leases = collection.leases};
  Result<void> outcome;
  std::string_view route;
  if (database_ != nullptr && keeps_leases_in_postgresql(configuration)) {
    route = service == Service::Dhcp4 ? "lease4 of the lease database" : "lease6 of the lease database";
    outcome = co_await database_->collect(service, sink, clock_, collected, deadline);
  } else if (files_ != nullptr && !path.empty()) {
    route = service == Service::Dhcp4 ? "the lease file of DHCPv4" : "the lease file of DHCPv6";
    outcome = co_await files_->collect(service, std::move(path), sink, clock_, collected, deadline);
  } else {
    co_return false;
  }
  if (collected.refused) co_return std::move(outcome).error();
  IPAM_CO_CHECK(deadline.check(server_name_));
  if (!outcome.ok() && collected.delivered) co_return of_server(std::move(outcome).error());
  if (!outcome.ok()) {
    *failure = std::move(outcome).error().message;
    co_return false;
  }
  collection.leases = collected.leases;
  collection.route += route;
  co_return true;
}

io::Task<Result<ObservedConfiguration>> KeaDriver::read_service(Service service, io::Deadline deadline) {
  IPAM_CO_TRY(const std::string answer, co_await ask(question(service, "config-get"), deadline));
  auto configuration = read_configuration(service, answer, limits_);
  if (!configuration.ok()) co_return of_server(std::move(configuration).error());
  co_return configuration;
}

io::Task<Result<ObservedConfiguration>> KeaDriver::collect_configuration(io::Deadline deadline) {
  IPAM_CO_CHECK(co_await find_services(deadline));
  IPAM_CO_TRY(ObservedConfiguration configuration, co_await read_service(services_.front().service, deadline));
  if (services_.size() == 1) co_return configuration;
  IPAM_CO_TRY(ObservedConfiguration version6, co_await read_service(Service::Dhcp6, deadline));
  auto both = join_configurations(std::move(configuration), std::move(version6), limits_);
  if (!both.ok()) co_return of_server(std::move(both).error());
  co_return both;
}

// statistic-get-all costs Kea nothing, stat-lease4-get makes it count all of its leases; so the second is for servers that refuse the first.
io::Task<Result<std::vector<ObservedStatistics>>> KeaDriver::count_service(Service service, io::Deadline deadline) {
  IPAM_CO_TRY(std::string answer, co_await ask(question(service, "statistic-get-all"), deadline));
  auto statistics = read_statistics(service, answer, limits_);
  if (!statistics.ok() && statistics.error().code == ErrorCode::Unsupported) {
    const std::string command = command_of(service, "stat-lease{}-get");
    IPAM_CO_TRY(answer, co_await ask(question(service, command), deadline));
    statistics = read_lease_statistics(service, answer, limits_);
  }
  if (!statistics.ok()) co_return of_server(std::move(statistics).error());
  co_return statistics;
}

io::Task<Result<std::vector<ObservedStatistics>>> KeaDriver::collect_statistics(io::Deadline deadline) {
  IPAM_CO_CHECK(co_await find_services(deadline));
  std::vector<ObservedStatistics> all;
  for (const FoundService& found : services_) {
    IPAM_CO_TRY(std::vector<ObservedStatistics> of_service, co_await count_service(found.service, deadline));
    all.insert(all.end(), std::make_move_iterator(of_service.begin()), std::make_move_iterator(of_service.end()));
  }
  co_return all;
}

// Addresses of IPv4 come before those of IPv6, as the sink wants them.
io::Task<Result<LeaseCollection>> KeaDriver::collect_leases(LeaseSink& sink, io::Deadline deadline) {
  IPAM_CO_CHECK(co_await find_services(deadline));
  LeaseCollection collection;
  for (const FoundService& found : services_) {
    const Service service = found.service;
    if (!collection.route.empty()) collection.route += " and ";
    std::string failure;
    IPAM_CO_TRY(const bool taken, co_await collect_by_access(service, sink, collection, &failure, deadline));
    if (taken) continue;
    const std::string by_pages = command_of(service, "lease{}-get-page");
    const std::string by_scopes = command_of(service, "lease{}-get-all");
    IPAM_CO_TRY(const std::vector<std::string> commands, co_await ask_commands(service, deadline));
    const bool has_pages = offers(commands, by_pages);
    if (!has_pages && !offers(commands, by_scopes)) {
      if (!failure.empty()) co_return of_server({ErrorCode::Unavailable, "leases cannot be read; " + failure});
      co_return of_server({ErrorCode::Unsupported, fmt::format("leases cannot be read; {}", remedy_for_missing(by_pages))});
    }
    collection.route += has_pages ? by_pages : by_scopes;
    if (!failure.empty()) collection.route += fmt::format(" ({})", failure);
    if (has_pages) {
      IPAM_CO_CHECK(co_await collect_by_pages(service, sink, collection, deadline));
    } else {
      IPAM_CO_CHECK(co_await collect_by_scopes(service, sink, collection, deadline));
    }
  }
  co_return collection;
}

io::Task<Result<void>> KeaDriver::collect_by_pages(Service service, LeaseSink& sink, LeaseCollection& collection, io::Deadline deadline) {
  const std::string command = command_of(service, "lease{}-get-page");
  PageRequest request{.limit = lease_page_};
  bool last = false;
  while (!last) {
    const std::string arguments = page_arguments(request);
    IPAM_CO_TRY(const std::string answer, co_await ask(question(service, command, arguments), deadline));
    auto page = read_lease_page(service, answer, request, clock_.now());
    if (!page.ok()) co_return of_server(std::move(page).error());
    last = page->last;
    if (page->leases.empty()) break;
    collection.leases += page->leases.size();
    if (collection.leases > limits_.leases) co_return of_server(too_many_leases(command, limits_.leases));
    request.after = page->leases.back().address;
    IPAM_CO_CHECK(co_await sink.accept(std::move(page->leases)));
  }
  co_return Result<void>();
}

// Kea before 1.5 has no pages. Scopes may lie inside of each other, so the order of addresses comes only when all are there.
io::Task<Result<void>> KeaDriver::collect_by_scopes(Service service, LeaseSink& sink, LeaseCollection& collection, io::Deadline deadline) {
  const std::string command = command_of(service, "lease{}-get-all");
  IPAM_CO_TRY(const ObservedConfiguration configuration, co_await read_service(service, deadline));
  std::vector<ObservedLease> leases;
  for (const ObservedScope& scope : configuration.scopes) {
    const std::string arguments = scope_arguments(scope.key);
    IPAM_CO_TRY(const std::string answer, co_await ask(question(service, command, arguments), deadline));
    auto of_scope = read_scope_leases(service, answer, scope.key, limits_, clock_.now());
    if (!of_scope.ok()) co_return of_server(std::move(of_scope).error());
    leases.insert(leases.end(), std::make_move_iterator(of_scope->begin()), std::make_move_iterator(of_scope->end()));
    if (collection.leases + leases.size() > limits_.leases) co_return of_server(too_many_leases(command, limits_.leases));
  }
  std::sort(leases.begin(), leases.end(), [](const ObservedLease& a, const ObservedLease& b) { return a.address < b.address; });
  const auto same = [](const ObservedLease& a, const ObservedLease& b) { return a.address == b.address; };
  if (const auto twice = std::adjacent_find(leases.begin(), leases.end(), same); twice != leases.end()) {
    co_return of_server({ErrorCode::Malformed, fmt::format("{}: {} is leased twice", command, twice->address.to_string())});
  }
  collection.leases += leases.size();
  for (auto begin = leases.begin(); begin != leases.end();) {
    const auto end = begin + std::min<std::ptrdiff_t>(kChunk, leases.end() - begin);
    std::vector<ObservedLease> chunk(std::make_move_iterator(begin), std::make_move_iterator(end));
    IPAM_CO_CHECK(co_await sink.accept(std::move(chunk)));
    begin = end;
  }
  co_return Result<void>();
}

}  // namespace ipam::driver::kea
