// ServerAccesses: the further ways to the managed servers (a lease database, DNS, rndc, …), each with its credential and what the last probe said of
// it.
//
// A secret that was entrusted for one place is not sent to another one without being named again, as with the server's own URL.
// Errors: those of model/rules.h and of the ledger; AlreadyExists (the server has one of this kind), NotFound, PermissionDenied.
// Thread rule: any thread; the coroutines on an I/O executor.
#pragma once

#include "ledger/ledger.h"
#include "service/access/principal.h"

namespace ipam::service {

struct ServerAccessView {
  model::ServerAccess access;
  model::AccessStatus status;  // Unknown when it was never tried
};

class ServerAccesses {
 public:
  ServerAccesses(store::Store& store, ledger::Ledger& ledger) : store_(store), ledger_(ledger) {}

  Result<store::Page<ServerAccessView>> list(const Principal& principal, const store::Query& query);
  Result<ServerAccessView> get(const Principal& principal, model::Id<model::ServerAccess> id);
  // All of one server, by kind.
  Result<std::vector<ServerAccessView>> of_server(const Principal& principal, model::Id<model::ManagedServer> server);
  // The server is named by name or id, the credential by name; an empty name is none.
  io::Task<Result<ledger::Written<model::ServerAccess>>> create(Principal principal, std::string server, model::ServerAccess access,
                                                                std::string credential, model::ChangeContext request);
  // `change` edits the access in place; a credential, if given, is looked up by name, and an empty name takes it away.
  io::Task<Result<ledger::Written<model::ServerAccess>>> update(Principal principal, model::Id<model::ServerAccess> id,
                                                                std::optional<std::uint64_t> expected_revision,
                                                                std::function<Result<void>(model::ServerAccess&)> change,
                                                                std::optional<std::string> credential, model::ChangeContext request);
  io::Task<Result<std::uint64_t>> erase(Principal principal, model::Id<model::ServerAccess> id, std::optional<std::uint64_t> expected_revision,
                                        model::ChangeContext request);

 private:
  store::Store& store_;
  ledger::Ledger& ledger_;
};

// What a probe said of the accesses, in place of what was stored of the server's.
Result<void> store_access_reports(ledger::Transaction& transaction, model::Id<model::ManagedServer> server,
                                  const std::vector<model::AccessStatus>& reports);

}  // namespace ipam::service
