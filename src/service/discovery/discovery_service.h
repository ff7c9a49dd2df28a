// DiscoveryService: where servers are looked for, what was found there, and the step by which a found server becomes a managed one.
//
// Errors: those of model/rules.h and of the ledger; AlreadyExists (target), NotFound, PermissionDenied, FailedPrecondition.
// Thread rule: any thread; the coroutines on an I/O executor.
#pragma once

#include "service/collection/inventory_service.h"

namespace ipam::service {

// How a found server is taken over. What is left out is taken from what was found.
struct Acceptance {
  std::string name;
  std::string url;  // of the management endpoint; needed for a BIND that was found by DNS alone
  model::Manageability manageability = model::Manageability::Managed;
  model::Id<model::AddressSpace> space_id;
  std::string description;
  std::optional<CredentialChoice> credential;
};

class DiscoveryService {
 public:
  static constexpr std::size_t kMaxTargets = 1000;

  DiscoveryService(store::Store& store, ledger::Ledger& ledger, InventoryService& inventory)
      : store_(store), ledger_(ledger), inventory_(inventory) {}

  Result<store::Page<model::DiscoveryTarget>> list_targets(const Principal& principal, const store::Query& query);
  Result<model::DiscoveryTarget> get_target(const Principal& principal, model::Id<model::DiscoveryTarget> id);
  io::Task<Result<ledger::Written<model::DiscoveryTarget>>> create_target(Principal principal, model::DiscoveryTarget target,
                                                                          model::ChangeContext request);
  io::Task<Result<ledger::Written<model::DiscoveryTarget>>> update_target(Principal principal, model::Id<model::DiscoveryTarget> id,
                                                                          std::optional<std::uint64_t> expected_revision,
                                                                          std::function<Result<void>(model::DiscoveryTarget&)> change,
                                                                          model::ChangeContext request);
  // With what was found there alone.
  io::Task<Result<std::uint64_t>> erase_target(Principal principal, model::Id<model::DiscoveryTarget> id,
                                               std::optional<std::uint64_t> expected_revision, model::ChangeContext request);

  Result<store::Page<model::DiscoveredServer>> list_servers(const Principal& principal, const store::Query& query);
  Result<model::DiscoveredServer> get_server(const Principal& principal, model::Id<model::DiscoveredServer> id);
  // Makes it a managed server. Errors: FailedPrecondition (it is managed already), InvalidArgument (no URL to manage it by), and those of
  // InventoryService::create_server.
  io::Task<Result<ledger::Written<model::DiscoveredServer>>> accept(Principal principal, model::Id<model::DiscoveredServer> id, Acceptance acceptance,
                                                                    model::ChangeContext request);

 private:
  Result<std::string> url_of(const model::DiscoveredServer& found);

  store::Store& store_;
  ledger::Ledger& ledger_;
  InventoryService& inventory_;
};

}  // namespace ipam::service
