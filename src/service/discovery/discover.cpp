#include "service/discovery/discover.h"

namespace ipam::service {

io::Task<Result<std::string>> discover(DomainDiscovery* domains, Discovery* addresses, std::string actor, io::Deadline deadline) {
  const auto named = co_await domains->run(actor, deadline);
  const auto found = co_await addresses->run(actor, deadline);
  const std::string first = named.ok() ? *named : named.error().message;
  const std::string second = found.ok() ? *found : found.error().message;
  const bool nowhere = found.ok() && second == Discovery::kNoTarget;
  std::string both = first.empty() ? second : nowhere ? first : first + "; " + second;
  if (!named.ok()) co_return Error(named.error().code, both);
  if (!found.ok()) co_return Error(found.error().code, both);
  co_return both;
}

}  // namespace ipam::service
