// InventoryService: the managed servers and the credentials they are reached with.
//
// A credential's secret is sealed with the master key and bound to the credential's id; it goes in and never comes out, except to a driver.
// Errors: those of model/rules.h and of the ledger; AlreadyExists (name), NotFound, PermissionDenied, FailedPrecondition (still used).
// Thread rule: any thread; the coroutines on an I/O executor.
#pragma once

#include "crypto/seal.h"
#include "driver/driver.h"
#include "ledger/ledger.h"
#include "model/rules.h"
#include "service/access/principal.h"

namespace ipam::service {

// How a credential is named when a server is made: by its name, or by user and password of a new one that takes the server's name.
struct CredentialChoice {
  std::string name;
  std::string user_name;
  std::optional<Secret> password;
};

class InventoryService {
 public:
  InventoryService(store::Store& store, ledger::Ledger& ledger, const crypto::Sealer& sealer) : store_(store), ledger_(ledger), sealer_(sealer) {}

  Result<store::Page<model::ManagedServer>> list_servers(const Principal& principal, const store::Query& query);
  Result<model::ManagedServer> get_server(const Principal& principal, model::Id<model::ManagedServer> id);
  // By name or id. Errors: InvalidArgument on the field /server.
  Result<model::ManagedServer> find_server(const Principal& principal, std::string_view name_or_id);
  // What was last learnt of it; Unknown when it was never asked.
  Result<model::ServerStatus> get_status(const Principal& principal, model::Id<model::ManagedServer> id);
  io::Task<Result<ledger::Written<model::ManagedServer>>> create_server(Principal principal, model::ManagedServer server,
                                                                        std::optional<CredentialChoice> credential, model::ChangeContext request);
  // `change` edits the server in place; its address space cannot change while it has facts. A credential, if given, is looked up by name; an empty
  // name takes it away.
  io::Task<Result<ledger::Written<model::ManagedServer>>> update_server(Principal principal, model::Id<model::ManagedServer> id,
                                                                        std::optional<std::uint64_t> expected_revision,
                                                                        std::function<Result<void>(model::ManagedServer&)> change,
                                                                        std::optional<std::string> credential, model::ChangeContext request);
  // Removes the server with its DHCP scopes and leases, and the credential that was made with it if no other server uses that; in steps that can be
  // repeated when they are cut off.
  io::Task<Result<std::uint64_t>> erase_server(Principal principal, model::Id<model::ManagedServer> id,
                                               std::optional<std::uint64_t> expected_revision, model::ChangeContext request);

  Result<store::Page<model::Credential>> list_credentials(const Principal& principal, const store::Query& query);
  Result<model::Credential> get_credential(const Principal& principal, model::Id<model::Credential> id);
  io::Task<Result<ledger::Written<model::Credential>>> create_credential(Principal principal, model::Credential credential, Secret secret,
                                                                         model::ChangeContext request);
  io::Task<Result<ledger::Written<model::Credential>>> update_credential(Principal principal, model::Id<model::Credential> id,
                                                                         std::optional<std::uint64_t> expected_revision,
                                                                         std::optional<std::string> user_name, std::optional<Secret> secret,
                                                                         model::ChangeContext request);
  io::Task<Result<std::uint64_t>> erase_credential(Principal principal, model::Id<model::Credential> id,
                                                   std::optional<std::uint64_t> expected_revision, model::ChangeContext request);

  // How to reach the server by each of its accesses, the secrets opened. Only for what makes a driver.
  Result<driver::Endpoint> endpoint(const model::ManagedServer& server);

  struct Opened {
    model::Credential credential;
    Secret secret;
  };
  // The credential of what is no managed server, for messages as `user` ("discovery domain contoso.test"). Only for what signs in with it.
  Result<Opened> open_credential(const std::string& user, model::Id<model::Credential> id);

 private:
  Result<Opened> open_credential(store::Reader& reader, const std::string& user, model::Id<model::Credential> id) const;
  Result<model::Credential> new_credential(ledger::Transaction& transaction, model::Credential credential, const Secret& secret) const;

  store::Store& store_;
  ledger::Ledger& ledger_;
  const crypto::Sealer& sealer_;
};

}  // namespace ipam::service
