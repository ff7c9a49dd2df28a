#include "driver/kea/kea_driver.h"

#include "driver/kea/json_fields.h"
#include "driver/kea/kea_answer.h"
#include "driver/kea/kea_configuration.h"
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

}  // namespace

Result<std::unique_ptr<Driver>> KeaDriver::create(const Endpoint& endpoint, const Limits& limits, const Clock& clock, io::Resolver& resolver,
                                                  std::size_t lease_page) {
  IPAM_ASSERT(lease_page >= 1 && lease_page <= kMostOnAPage, "a page has 1 to 1000 leases");
  auto channel = IPAM_TRY(Channel::create(endpoint, limits, resolver));
  return std::unique_ptr<Driver>(new KeaDriver(endpoint, limits, clock, lease_page, std::move(channel)));
}

KeaDriver::KeaDriver(const Endpoint& endpoint, const Limits& limits, const Clock& clock, std::size_t lease_page, std::unique_ptr<Channel> channel)
    : server_name_(endpoint.server_name), limits_(limits), clock_(clock), lease_page_(lease_page), channel_(std::move(channel)) {}

Error KeaDriver::of_server(Error error) const { return located(std::move(error), server_name_); }

io::Task<Result<std::string>> KeaDriver::ask(std::string question, io::Deadline deadline) {
  auto answer = co_await channel_->ask(std::move(question), deadline);
  if (!answer.ok()) co_return of_server(std::move(answer).error());
  co_return answer;
}

io::Task<Result<std::vector<std::string>>> KeaDriver::ask_commands(io::Deadline deadline) {
  IPAM_CO_TRY(const std::string answer, co_await ask(question("list-commands"), deadline));
  auto commands = read_commands(answer);
  if (!commands.ok()) co_return of_server(std::move(commands).error());
  co_return commands;
}

io::Task<Result<ProbeReport>> KeaDriver::probe(io::Deadline deadline) {
  IPAM_CO_TRY(const std::string version_answer, co_await ask(question("version-get"), deadline));
  auto version = read_version(version_answer);
  if (!version.ok()) co_return of_server(std::move(version).error());
  IPAM_CO_TRY(const std::vector<std::string> commands, co_await ask_commands(deadline));
  ProbeReport report = report_on(commands);
  report.version = std::move(version).value();
  if (offers(commands, "status-get")) {
    IPAM_CO_TRY(const std::string status_answer, co_await ask(question("status-get"), deadline));
    const auto status = read_status(status_answer);
    if (!status.ok()) co_return of_server(status.error());
    report.findings.insert(report.findings.end(), status->begin(), status->end());
  }
  if (channel_->credential_is_exposed()) {
    report.findings.push_back("the password crosses the network in clear; give the control agent a certificate and use https://");
  }
  co_return report;
}

io::Task<Result<ObservedConfiguration>> KeaDriver::collect_configuration(io::Deadline deadline) {
  IPAM_CO_TRY(const std::string answer, co_await ask(question("config-get"), deadline));
  auto configuration = read_configuration(answer, limits_);
  if (!configuration.ok()) co_return of_server(std::move(configuration).error());
  co_return configuration;
}

// statistic-get-all costs Kea nothing, stat-lease4-get makes it count all of its leases; so the second is for servers that refuse the first.
io::Task<Result<std::vector<ObservedStatistics>>> KeaDriver::collect_statistics(io::Deadline deadline) {
  IPAM_CO_TRY(std::string answer, co_await ask(question("statistic-get-all"), deadline));
  auto statistics = read_statistics(answer, limits_);
  if (!statistics.ok() && statistics.error().code == ErrorCode::Unsupported) {
    IPAM_CO_TRY(answer, co_await ask(question("stat-lease4-get"), deadline));
    statistics = read_lease_statistics(answer, limits_);
  }
  if (!statistics.ok()) co_return of_server(std::move(statistics).error());
  co_return statistics;
}

io::Task<Result<LeaseCollection>> KeaDriver::collect_leases(LeaseSink& sink, io::Deadline deadline) {
  IPAM_CO_TRY(const std::vector<std::string> commands, co_await ask_commands(deadline));
  if (offers(commands, "lease4-get-page")) co_return co_await collect_by_pages(sink, deadline);
  if (offers(commands, "lease4-get-all")) co_return co_await collect_by_scopes(sink, deadline);
  co_return of_server({ErrorCode::Unsupported, fmt::format("leases cannot be read; {}", remedy_for_missing("lease4-get-page"))});
}

io::Task<Result<LeaseCollection>> KeaDriver::collect_by_pages(LeaseSink& sink, io::Deadline deadline) {
  LeaseCollection collection{.route = "lease4-get-page"};
  PageRequest request{.limit = lease_page_};
  bool last = false;
  while (!last) {
    IPAM_CO_TRY(const std::string answer, co_await ask(question(collection.route, page_arguments(request)), deadline));
    auto page = read_lease_page(answer, request, clock_.now());
    if (!page.ok()) co_return of_server(std::move(page).error());
    last = page->last;
    if (page->leases.empty()) break;
    collection.leases += page->leases.size();
    if (collection.leases > limits_.leases) co_return of_server(too_many_leases(collection.route, limits_.leases));
    request.after = page->leases.back().address;
    IPAM_CO_CHECK(co_await sink.accept(std::move(page->leases)));
  }
  co_return collection;
}

// Kea before 1.5 has no pages. Scopes may lie inside of each other, so the order of addresses comes only when all are there.
io::Task<Result<LeaseCollection>> KeaDriver::collect_by_scopes(LeaseSink& sink, io::Deadline deadline) {
  LeaseCollection collection{.route = "lease4-get-all"};
  IPAM_CO_TRY(const ObservedConfiguration configuration, co_await collect_configuration(deadline));
  std::vector<ObservedLease> leases;
  for (const ObservedScope& scope : configuration.scopes) {
    IPAM_CO_TRY(const std::string answer, co_await ask(question(collection.route, scope_arguments(scope.key)), deadline));
    auto of_scope = read_scope_leases(answer, scope.key, limits_, clock_.now());
    if (!of_scope.ok()) co_return of_server(std::move(of_scope).error());
    leases.insert(leases.end(), std::make_move_iterator(of_scope->begin()), std::make_move_iterator(of_scope->end()));
    if (leases.size() > limits_.leases) co_return of_server(too_many_leases(collection.route, limits_.leases));
  }
  std::sort(leases.begin(), leases.end(), [](const ObservedLease& a, const ObservedLease& b) { return a.address < b.address; });
  const auto same = [](const ObservedLease& a, const ObservedLease& b) { return a.address == b.address; };
  if (const auto twice = std::adjacent_find(leases.begin(), leases.end(), same); twice != leases.end()) {
    co_return of_server({ErrorCode::Malformed, fmt::format("{}: {} is leased twice", collection.route, twice->address.to_string())});
  }
  collection.leases = leases.size();
  for (auto begin = leases.begin(); begin != leases.end();) {
    const auto end = begin + std::min<std::ptrdiff_t>(kChunk, leases.end() - begin);
    std::vector<ObservedLease> chunk(std::make_move_iterator(begin), std::make_move_iterator(end));
    IPAM_CO_CHECK(co_await sink.accept(std::move(chunk)));
    begin = end;
  }
  co_return collection;
}

}  // namespace ipam::driver::kea
