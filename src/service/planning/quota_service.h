// QuotaService: the quotas that there are: read, made, changed and removed, with what is taken of each.
//
// Errors: those of model/rules.h and of the ledger; AlreadyExists (one of that subject in that place), InvalidArgument (no such user or group),
// NotFound, PermissionDenied. Thread rule: any thread that may block on the database; the coroutines on an I/O executor.
#pragma once

#include "ledger/ledger.h"
#include "service/access/principal.h"

namespace ipam::service {

struct QuotaUse {
  std::uint64_t addresses = 0;
  std::uint64_t subnets = 0;
};

class QuotaService {
 public:
  static constexpr std::size_t kMaxQuotas = 10'000;

  QuotaService(store::Store& store, ledger::Ledger& ledger) : store_(store), ledger_(ledger) {}

  Result<store::Page<model::Quota>> list(const Principal& principal, const store::Query& query);
  Result<std::uint64_t> count(const Principal& principal, const std::vector<store::Condition>& where);
  Result<model::Quota> get(const Principal& principal, model::Id<model::Quota> id);
  Result<QuotaUse> use_of(model::Id<model::Quota> id);

  io::Task<Result<ledger::Written<model::Quota>>> create(Principal principal, model::Quota quota, model::ChangeContext request);
  io::Task<Result<ledger::Written<model::Quota>>> update(Principal principal, model::Id<model::Quota> id,
                                                         std::optional<std::uint64_t> expected_revision, std::function<void(model::Quota&)> change,
                                                         model::ChangeContext request);
  // What was charged to it is charged to nothing any more.
  io::Task<Result<std::uint64_t>> erase(Principal principal, model::Id<model::Quota> id, std::optional<std::uint64_t> expected_revision,
                                        model::ChangeContext request);

 private:
  store::Store& store_;
  ledger::Ledger& ledger_;
};

}  // namespace ipam::service
