#include "service/discovery/domain_service.h"

#include "base/strings.h"
#include "model/discovery_rules.h"
#include "model/rules.h"

#include <fmt/format.h>

namespace ipam::service {
namespace {

using ledger::Priority;
using ledger::Transaction;
using ledger::Written;
using model::DiscoveryDomain;
using model::DomainServer;
using model::DomainStatus;
using model::Id;
using store::Comparison;

Result<DiscoveryDomain> in_one_spelling(DiscoveryDomain domain) {
  domain.name = to_lower(trim(domain.name));
  if (domain.name.ends_with('.')) domain.name.pop_back();
  IPAM_TRY(model::check(domain));
  std::string controllers;
  for (const model::ControllerPlace& place : IPAM_TRY(model::read_controllers(domain.controllers))) {
    controllers += (controllers.empty() ? "" : ",") + place.host + (place.address ? "=" + place.address->to_string() : std::string());
  }
  domain.controllers = std::move(controllers);
  return domain;
}

Result<void> check_name_free(Transaction& transaction, const DiscoveryDomain& domain) {
  const auto same = [&](const DiscoveryDomain& other) { return other.name == domain.name && other.id != domain.id; };
  const auto other = IPAM_TRY(transaction.find_where<DiscoveryDomain>({{"name", Comparison::Equal, domain.name}}, same));
  if (!other) return {};
  return Error(ErrorCode::AlreadyExists, fmt::format("{} is a discovery domain already (id {})", domain.name, other->id.to_string()));
}

Result<void> take_credential(Transaction& transaction, DiscoveryDomain& domain, const std::string& name) {
  domain.credential_id.reset();
  if (name.empty()) return {};
  const auto same = [&](const model::Credential& each) { return each.name == name; };
  const auto credential = IPAM_TRY(transaction.find_where<model::Credential>({{"name", Comparison::Equal, name}}, same));
  if (!credential) return Error::field("/credential", fmt::format("there is no credential named '{}'", shorten(name, 60)));
  if (credential->kind != model::CredentialKind::UserPassword)
    return Error::field("/credential", "must be one of user and password, with which a directory is signed in to");
  domain.credential_id = credential->id;
  return {};
}

bool reached_alike(const DiscoveryDomain& one, const DiscoveryDomain& other) {
  return one.controllers == other.controllers && one.protection == other.protection && one.tls_trust == other.tls_trust &&
         one.tls_fingerprint == other.tls_fingerprint;
}

}  // namespace

Result<store::Page<DiscoveryDomain>> DomainService::list(const Principal& principal, const store::Query& query) {
  IPAM_TRY(authorize(principal, Operation::ReadDiscovery));
  const auto reader = IPAM_TRY(store_.open_reader());
  return store::list<DiscoveryDomain>(*reader, query);
}

Result<DiscoveryDomain> DomainService::get(const Principal& principal, Id<DiscoveryDomain> id) {
  IPAM_TRY(authorize(principal, Operation::ReadDiscovery));
  const auto reader = IPAM_TRY(store_.open_reader());
  auto domain = IPAM_TRY(store::find(*reader, id));
  if (!domain) return Error(ErrorCode::NotFound, "there is no discovery domain with id " + id.to_string());
  return *std::move(domain);
}

Result<DomainStatus> DomainService::status(const Principal& principal, Id<DiscoveryDomain> id) {
  IPAM_TRY(authorize(principal, Operation::ReadDiscovery));
  const auto reader = IPAM_TRY(store_.open_reader());
  auto status = IPAM_TRY(store::find_where<DomainStatus>(*reader, {{"id", Comparison::Equal, store::to_value(id)}}));
  return std::move(status).value_or(DomainStatus{.id = id});
}

io::Task<Result<Written<DiscoveryDomain>>> DomainService::create(Principal principal, DiscoveryDomain domain, std::string credential,
                                                                 model::ChangeContext request) {
  IPAM_CO_CHECK(authorize(principal, Operation::ChangeDiscovery));
  if (!credential.empty()) {
    IPAM_CO_CHECK(authorize(principal, Operation::ReadCredentials));
  }
  IPAM_CO_TRY(const auto checked, in_one_spelling(std::move(domain)));
  std::function<Result<DiscoveryDomain>(Transaction&)> work = [checked, credential](Transaction& transaction) -> Result<DiscoveryDomain> {
    DiscoveryDomain made = checked;
    IPAM_TRY(check_name_free(transaction, made));
    IPAM_TRY(take_credential(transaction, made, credential));
    const auto any = [](const DiscoveryDomain&) { return true; };
    if (IPAM_TRY(transaction.list<DiscoveryDomain>({}, any, kMaxDomains)).size() >= kMaxDomains)
      return Error(ErrorCode::Exhausted, fmt::format("there are {} discovery domains already", kMaxDomains));
    return transaction.create(std::move(made));
  };
  const model::ChangeContext context = change_context(principal, request);
  co_return co_await ledger_.write<DiscoveryDomain>(context, Priority::Interactive, work);
}

io::Task<Result<Written<DiscoveryDomain>>> DomainService::update(Principal principal, Id<DiscoveryDomain> id,
                                                                 std::optional<std::uint64_t> expected_revision,
                                                                 std::function<Result<void>(DiscoveryDomain&)> change,
                                                                 std::optional<std::string> credential, model::ChangeContext request) {
  IPAM_CO_CHECK(authorize(principal, Operation::ChangeDiscovery));
  if (credential && !credential->empty()) {
    IPAM_CO_CHECK(authorize(principal, Operation::ReadCredentials));
  }
  std::function<Result<DiscoveryDomain>(Transaction&)> work = [=](Transaction& transaction) -> Result<DiscoveryDomain> {
    const DiscoveryDomain before = IPAM_TRY(transaction.get(id, expected_revision));
    DiscoveryDomain domain = before;
    IPAM_TRY(change(domain));
    DiscoveryDomain checked = IPAM_TRY(in_one_spelling(std::move(domain)));
    IPAM_TRY(check_name_free(transaction, checked));
    if (credential) IPAM_TRY(take_credential(transaction, checked, *credential));
    if (!reached_alike(before, checked) && checked.credential_id && !credential) {
      return Error::field(
          "/credential",
          "the way to the domain controllers changes; name the credential in the same change, so that the secret goes nowhere unasked");
    }
    return transaction.update(std::move(checked));
  };
  const model::ChangeContext context = change_context(principal, request);
  co_return co_await ledger_.write<DiscoveryDomain>(context, Priority::Interactive, work);
}

io::Task<Result<std::uint64_t>> DomainService::erase(Principal principal, Id<DiscoveryDomain> id, std::optional<std::uint64_t> expected_revision,
                                                     model::ChangeContext request) {
  IPAM_CO_CHECK(authorize(principal, Operation::ChangeDiscovery));
  ledger::Work work = [=](Transaction& transaction) -> Result<void> {
    IPAM_TRY(transaction.get(id, expected_revision));
    IPAM_TRY(transaction.erase(id));
    transaction.erase_row<DomainStatus>({store::to_value(id)});
    store::Query found{.where = {{"discovery_domain_id", Comparison::Equal, store::to_value(id)}}};
    return store::for_each<DomainServer>(transaction.committed(), std::move(found), [&](const DomainServer& server) -> Result<bool> {
      transaction.erase_row<DomainServer>({store::to_value(server.id)});
      return true;
    });
  };
  const model::ChangeContext context = change_context(principal, request);
  IPAM_CO_TRY(const auto receipt, co_await ledger_.commit(context, Priority::Interactive, work));
  co_return receipt.sequence;
}

Result<store::Page<DomainServer>> DomainService::list_servers(const Principal& principal, const store::Query& query) {
  IPAM_TRY(authorize(principal, Operation::ReadDiscovery));
  const auto reader = IPAM_TRY(store_.open_reader());
  return store::list<DomainServer>(*reader, query);
}

Result<DomainServer> DomainService::get_server(const Principal& principal, Id<DomainServer> id) {
  IPAM_TRY(authorize(principal, Operation::ReadDiscovery));
  const auto reader = IPAM_TRY(store_.open_reader());
  auto server = IPAM_TRY(store::find(*reader, id));
  if (!server) return Error(ErrorCode::NotFound, "there is no domain server with id " + id.to_string());
  return *std::move(server);
}

}  // namespace ipam::service
