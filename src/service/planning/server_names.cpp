#include "service/planning/server_names.h"

namespace ipam::service {

Result<std::string> ServerNames::of(store::Reader& reader, model::Id<model::ManagedServer> id) {
  if (const auto known = names_.find(id.value); known != names_.end()) return known->second;
  const auto server = IPAM_TRY(store::find(reader, id));
  return names_.emplace(id.value, server ? server->name : std::string("a server that is no longer managed")).first->second;
}

}  // namespace ipam::service
