// DomainService: which domains' directories are read for servers, and what was found there.
//
// Errors: those of model/rules.h and of the ledger; AlreadyExists, NotFound, PermissionDenied, FailedPrecondition, InvalidArgument (the credential's
// name). Thread rule: any thread; the coroutines on an I/O executor.
#pragma once

#include "ledger/ledger.h"
#include "service/access/principal.h"

namespace ipam::service {

class DomainService {
 public:
  static constexpr std::size_t kMaxDomains = 1000;

  DomainService(store::Store& store, ledger::Ledger& ledger) : store_(store), ledger_(ledger) {}

  Result<store::Page<model::DiscoveryDomain>> list(const Principal& principal, const store::Query& query);
  Result<model::DiscoveryDomain> get(const Principal& principal, model::Id<model::DiscoveryDomain> id);
  // Of one that was never read the status is empty.
  Result<model::DomainStatus> status(const Principal& principal, model::Id<model::DiscoveryDomain> id);
  // `credential` is a credential's name; empty: none.
  io::Task<Result<ledger::Written<model::DiscoveryDomain>>> create(Principal principal, model::DiscoveryDomain domain, std::string credential,
                                                                   model::ChangeContext request);
  // A domain whose domain controllers, or the way to them, change must name its credential in the same change: the secret goes nowhere unasked.
  io::Task<Result<ledger::Written<model::DiscoveryDomain>>> update(Principal principal, model::Id<model::DiscoveryDomain> id,
                                                                   std::optional<std::uint64_t> expected_revision,
                                                                   std::function<Result<void>(model::DiscoveryDomain&)> change,
                                                                   std::optional<std::string> credential, model::ChangeContext request);
  // With what was found there.
  io::Task<Result<std::uint64_t>> erase(Principal principal, model::Id<model::DiscoveryDomain> id, std::optional<std::uint64_t> expected_revision,
                                        model::ChangeContext request);

  Result<store::Page<model::DomainServer>> list_servers(const Principal& principal, const store::Query& query);
  Result<model::DomainServer> get_server(const Principal& principal, model::Id<model::DomainServer> id);

 private:
  store::Store& store_;
  ledger::Ledger& ledger_;
};

}  // namespace ipam::service
