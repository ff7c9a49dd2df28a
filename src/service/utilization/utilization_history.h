// UtilizationHistory: trends and forecasts of one object from its samples, and the purge of old ones.
// Errors: InvalidArgument (period, level), PermissionDenied, NotFound (an object of the plan that does not exist), those of the store and the ledger.
// Thread rule: any thread; the reading functions block on the database; purge on an I/O executor.
#pragma once

#include "forecast/forecast.h"
#include "io/worker_pool.h"
#include "ledger/ledger.h"
#include "service/access/principal.h"
#include "service/utilization/trend.h"

namespace ipam::service {

struct MeasuredObject {
  model::MeasuredKind kind = model::MeasuredKind::Subnet;
  std::uint64_t id = 0;
};

class UtilizationHistory {
 public:
  static constexpr std::size_t kMaxBuckets = 500;

  UtilizationHistory(store::Store& store, ledger::Ledger& ledger, io::WorkerPool& database, const Clock& clock)
      : store_(store), ledger_(ledger), database_(database), clock_(clock) {}

  Result<std::vector<TrendBucket>> trend(const Principal& principal, MeasuredObject object, Time from, Time until, std::size_t buckets);
  Result<forecast::Forecast> forecast(const Principal& principal, MeasuredObject object, const forecast::Options& options);
  // Removes the samples from before that time but the newest of each object, which still holds; answers how many.
  io::Task<Result<std::uint64_t>> purge(Principal principal, Time before);

 private:
  Result<std::vector<model::UtilizationSample>> samples_of(MeasuredObject object, Time from, Time until);

  store::Store& store_;
  ledger::Ledger& ledger_;
  io::WorkerPool& database_;
  const Clock& clock_;
};

}  // namespace ipam::service
