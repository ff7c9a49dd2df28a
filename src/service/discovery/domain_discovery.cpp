#include "service/discovery/domain_discovery.h"

#include "base/log.h"
#include "base/strings.h"
#include "io/task_group.h"
#include "model/discovery_rules.h"
#include "service/discovery/domain_merge.h"

#include <fmt/format.h>

namespace ipam::service {
namespace {

using driver::EstateRole;
using model::DiscoveryDomain;
using model::DomainServer;
using model::DomainStatus;

constexpr std::size_t kRowsAtOnce = 500;
constexpr std::size_t kToldFailures = 3;

std::set<EstateRole> roles_of(const DiscoveryDomain& domain) {
  std::set<EstateRole> roles;
  if (domain.domain_controllers) roles.insert(EstateRole::DomainController);
  if (domain.dhcp_servers) roles.insert(EstateRole::DhcpServer);
  if (domain.dns_servers) roles.insert(EstateRole::DnsServer);
  if (domain.policy_servers) roles.insert(EstateRole::PolicyServer);
  return roles;
}

// A domain that was deleted meanwhile takes what was found with it.
Result<void> put_rows(ledger::Transaction& transaction, const std::vector<DomainServer>& rows) {
  for (DomainServer row : rows) {
    if (!IPAM_TRY(transaction.find(row.discovery_domain_id))) continue;
    const auto stored = IPAM_TRY(store::find_where<DomainServer>(
        transaction.committed(), {{"discovery_domain_id", store::Comparison::Equal, store::to_value(row.discovery_domain_id)},
                                  {"identity", store::Comparison::Equal, store::to_value(row.identity)}}));
    if (stored.has_value() != static_cast<bool>(row.id)) continue;
    // Ids are of one sequence, whatever has them.
    if (!stored) row.id.value = IPAM_TRY(transaction.new_id<DiscoveryDomain>()).value;
    transaction.put_row(row);
  }
  return {};
}

}  // namespace

struct DomainDiscovery::Pass {
  std::size_t read = 0;
  std::size_t found = 0;
  std::size_t fresh = 0;
  std::size_t changed = 0;
  std::size_t gone = 0;
  std::vector<std::string> failures;

  std::string sentence(std::size_t domains) const {
    std::string text =
        fmt::format("{}: {} named ({} new, {} changed), {} gone", count_of(domains, "domain"), count_of(found, "server"), fresh, changed, gone);
    for (std::size_t at = 0; at < std::min(failures.size(), kToldFailures); ++at) text += "; not read: " + failures[at];
    if (failures.size() > kToldFailures) text += fmt::format(", and {} more", failures.size() - kToldFailures);
    return text;
  }
};

Result<driver::DirectoryEndpoint> DomainDiscovery::endpoint_of(const DiscoveryDomain& domain) {
  driver::DirectoryEndpoint endpoint;
  endpoint.domain = domain.name;
  endpoint.protection = domain.protection;
  if (domain.tls_trust == model::TlsTrust::Fingerprint) endpoint.fingerprint = domain.tls_fingerprint;
  if (!domain.credential_id) {
    return Error(ErrorCode::FailedPrecondition,
                 "no credential is named, and a directory answers nobody without one; name one of an account that may read the domain");
  }
  auto opened = IPAM_TRY(inventory_.open_credential("discovery domain " + domain.name, *domain.credential_id));
  if (opened.credential.kind != model::CredentialKind::UserPassword) {
    return Error(ErrorCode::FailedPrecondition,
                 fmt::format("the credential {} is not one of user and password, with which a directory is signed in to", opened.credential.name));
  }
  endpoint.user_name = std::move(opened.credential.user_name);
  endpoint.password = std::move(opened.secret);
  return endpoint;
}

io::Task<Result<driver::DomainReport>> DomainDiscovery::read(const DiscoveryDomain* domain, io::Deadline deadline) {
  IPAM_CO_TRY(const auto controllers, model::read_controllers(domain->controllers));
  IPAM_CO_TRY(driver::DirectoryEndpoint endpoint, endpoint_of(*domain));
  Error last(ErrorCode::Unavailable, "no domain controller is named");
  for (const model::ControllerPlace& controller : controllers) {
    endpoint.controller = controller.host;
    endpoint.address = controller.address ? controller.address->to_string() : std::string();
    auto report = co_await reader_.read(endpoint, roles_of(*domain), deadline.at_most(options_.controller_deadline));
    if (report.ok()) co_return report;
    last = report.error();
    // Another domain controller would refuse the same account too, and may lock it.
    if (deadline.verdict() || last.code == ErrorCode::Unauthenticated || last.code == ErrorCode::PermissionDenied) break;
  }
  co_return last;
}

io::Task<Result<void>> DomainDiscovery::write(DiscoveryDomain domain, driver::DomainReport report, Pass* pass) {
  const Time now = clock_.now();
  DomainMerge merge;
  {
    IPAM_CO_TRY(const auto reader, store_.open_reader());
    store::Query of_domain{.where = {{"discovery_domain_id", store::Comparison::Equal, store::to_value(domain.id)}}, .limit = store::kEveryRow - 1};
    IPAM_CO_TRY(const auto stored, store::list<DomainServer>(*reader, of_domain));
    merge = merge_domain(domain.id, stored.items, report.servers, now, options_.forget_after);
  }
  for (std::size_t first = 0; first < merge.put.size(); first += kRowsAtOnce) {
    const auto begin = merge.put.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = begin + static_cast<std::ptrdiff_t>(std::min(kRowsAtOnce, merge.put.size() - first));
    ledger::Work put = [rows = std::vector<DomainServer>(begin, end)](ledger::Transaction& transaction) { return put_rows(transaction, rows); };
    IPAM_CO_CHECK(co_await ledger_.commit(ledger::Priority::Bulk, put));
  }
  DomainStatus status;
  status.id = domain.id;
  status.checked_at = now;
  take_report(status, report, now);
  ledger::Work finish = [status, rows = merge.forgotten](ledger::Transaction& transaction) -> Result<void> {
    for (const DomainServer& row : rows) transaction.erase_row<DomainServer>({store::to_value(row.id)});
    if (IPAM_TRY(transaction.find(status.id))) transaction.put_row(status);
    return {};
  };
  IPAM_CO_CHECK(co_await ledger_.commit(ledger::Priority::Bulk, finish));
  ++pass->read;
  pass->found += merge.found;
  pass->fresh += merge.fresh;
  pass->changed += merge.changed;
  pass->gone += merge.gone;
  co_return Result<void>();
}

io::Task<Result<void>> DomainDiscovery::write_problem(DiscoveryDomain domain, std::string problem) {
  ledger::Work work = [id = domain.id, problem = std::move(problem), now = clock_.now()](ledger::Transaction& transaction) -> Result<void> {
    if (!IPAM_TRY(transaction.find(id))) return {};
    auto stored = IPAM_TRY(store::find_where<DomainStatus>(transaction.committed(), {{"id", store::Comparison::Equal, store::to_value(id)}}));
    DomainStatus status = std::move(stored).value_or(DomainStatus{});
    status.id = id;
    status.problem = problem;
    status.checked_at = now;
    transaction.put_row(status);
    return {};
  };
  IPAM_CO_CHECK(co_await ledger_.commit(ledger::Priority::Bulk, work));
  co_return Result<void>();
}

io::Task<void> DomainDiscovery::work(const DiscoveryDomain* domain, Pass* pass, io::Deadline deadline) {
  auto report = co_await read(domain, deadline);
  Result<void> written;
  if (report.ok()) {
    written = co_await write(*domain, std::move(report).value(), pass);
  } else {
    const Error& error = report.error();
    log::warning("IPAM-4040 a domain could not be read", {{"domain", domain->name}, {"error", error.describe()}});
    pass->failures.push_back(fmt::format("{} ({})", domain->name, error.message));
    written = co_await write_problem(*domain, error.message);
  }
  if (!written.ok()) pass->failures.push_back(fmt::format("{} ({})", domain->name, written.error().message));
}

io::Task<Result<std::string>> DomainDiscovery::run(std::string actor, io::Deadline deadline) {
  std::vector<DiscoveryDomain> domains;
  {
    IPAM_CO_TRY(const auto reader, store_.open_reader());
    const auto take = [&](DiscoveryDomain domain) -> Result<bool> {
      if (domain.enabled) domains.push_back(std::move(domain));
      return true;
    };
    IPAM_CO_CHECK(store::for_each<DiscoveryDomain>(*reader, {.sort = {{"id"}}}, take));
  }
  if (domains.empty()) co_return std::string();
  Pass pass;
  const io::Executor executor = co_await io::current_executor();
  io::TaskGroup group(executor, options_.at_once);
  for (const DiscoveryDomain& domain : domains) group.start(work(&domain, &pass, deadline));
  IPAM_CO_CHECK(co_await group.wait());
  const std::string sentence = pass.sentence(domains.size());
  log::info("domains were read", {{"actor", actor}, {"result", sentence}});
  if (deadline.verdict()) co_return Error(*deadline.verdict(), sentence);
  if (pass.read == 0) co_return Error(ErrorCode::Unavailable, sentence);
  co_return sentence;
}

}  // namespace ipam::service
