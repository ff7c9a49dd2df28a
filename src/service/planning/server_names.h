// ServerNames: what managed servers are called, for texts that name several; each is read once.
// Errors: those of the store. Thread rule: one thread that may block on the database.
#pragma once

#include "model/managed_server.h"
#include "store/store.h"

#include <map>

namespace ipam::service {

class ServerNames {
 public:
  // Of a server that was removed: "a server that is no longer managed".
  Result<std::string> of(store::Reader& reader, model::Id<model::ManagedServer> id);

 private:
  std::map<std::uint64_t, std::string> names_;
};

}  // namespace ipam::service
