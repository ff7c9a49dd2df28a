// UtilizationSampler: measures every block, subnet and range from the index, stores those whose figures have changed since their last sample, and
// thins out what is old. What has crossed a threshold since its last sample is told in the log (MS-IPAMM2, section 3.1.1.1.28). Errors: those of the
// store and the ledger; DeadlineExceeded, Cancelled: what was stored stays, and the next run goes on. Thread rule: an I/O executor, one run at a
// time; reading is done on the database pool.
#pragma once

#include "base/guarded.h"
#include "io/worker_pool.h"
#include "ledger/ledger.h"
#include "model/utilization.h"
#include "service/planning/fullness.h"

#include <absl/container/flat_hash_map.h>

namespace ipam::service {

class UtilizationSampler {
 public:
  // Samples stay as they were measured for so long; then the highest and the last of each day; then none.
  static constexpr auto kWhole = std::chrono::hours(24 * 14);
  static constexpr auto kKept = std::chrono::hours(24 * 366 * 5);

  // Crossings that one run tells of; the others are counted.
  static constexpr std::uint64_t kToldInOneRun = 1'000;

  // `thresholds` hold where an object does not say its own.
  UtilizationSampler(store::Store& store, ledger::Ledger& ledger, const occupancy::Index& index, io::WorkerPool& database, const Clock& clock,
                     Thresholds thresholds = {})
      : store_(store), ledger_(ledger), index_(index), database_(database), clock_(clock), thresholds_(thresholds) {}

  // Answers a sentence with figures.
  io::Task<Result<std::string>> run(io::Deadline deadline);

 private:
  using Key = std::pair<model::MeasuredKind, std::uint64_t>;

  // What the newest sample of an object says.
  struct Newest {
    std::uint64_t digest = 0;
    double percent = 0;
  };
  using Digests = absl::flat_hash_map<Key, Newest>;
  struct Crossing {
    model::MeasuredKind kind = model::MeasuredKind::Subnet;
    std::string name;
    Fullness before = Fullness::Optimal;
    Fullness after = Fullness::Optimal;
    double percent = 0;
  };
  struct Measured {
    std::vector<model::UtilizationSample> changed;
    std::vector<Crossing> crossings;
    std::uint64_t last_id = 0;  // where the next step goes on; 0: that was the last
  };

  Result<Digests> read_newest() const;
  // The next objects of T after `last_id`: those that have changed.
  template <class T>
  Result<Measured> measure(std::uint64_t last_id, Time now) const;
  template <class T>
  io::Task<Result<std::uint64_t>> sample_all(Time now, io::Deadline deadline);
  void tell(const std::vector<Crossing>& crossings);
  // Removes what kWhole and kKept leave no place for, from where the last thinning ended.
  template <class Row>
  io::Task<Result<std::uint64_t>> thin(std::string counter, Time now, io::Deadline deadline);

  store::Store& store_;
  ledger::Ledger& ledger_;
  const occupancy::Index& index_;
  io::WorkerPool& database_;
  const Clock& clock_;
  const Thresholds thresholds_;
  std::uint64_t crossings_ = 0;  // of the run
  // What the newest sample of each object says, read at the first run. Guarded: a step whose deadline has passed may still be reading it.
  Guarded<Digests> newest_;
  bool newest_known_ = false;
};

// What of samples in order of object and time is removed: all that are neither the highest nor the last of their object's day.
template <class Row, class Group>
std::vector<Row> surplus_of(const std::vector<Row>& rows, Group&& group_of) {
  std::vector<Row> surplus;
  const auto day_of = [](const Row& row) { return std::chrono::floor<std::chrono::days>(row.at); };
  for (std::size_t first = 0; first < rows.size();) {
    std::size_t end = first + 1, highest = first;
    for (; end < rows.size() && group_of(rows[end]) == group_of(rows[first]) && day_of(rows[end]) == day_of(rows[first]); ++end) {
      if (rows[end].used > rows[highest].used) highest = end;
    }
    for (std::size_t i = first; i + 1 < end; ++i) {
      if (i != highest) surplus.push_back(rows[i]);
    }
    first = end;
  }
  return surplus;
}

}  // namespace ipam::service
