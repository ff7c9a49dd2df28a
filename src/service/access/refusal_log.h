// RefusalLog: the audit of what was refused for who asked or how often (401, 403, 429), in a table that no flood can fill.
//
// Alike refusals of one hour are one row with a count; of the rows that begin within an hour only the first kDistinctPerHour tell who and what, all
// others count in one row a status; the newest kept() rows stay. Rows are written some seconds after the first refusal, and at the stop.
// The log gets a line at the first, the tenth, the hundredth … of a row. Thread rule: any thread; coroutines on an I/O executor.
#pragma once

#include "ledger/ledger.h"
#include "service/access/principal.h"
#include "store/security_tables.h"

#include <map>

namespace ipam::service {

struct RefusedRequest {
  int status = 0;
  std::string_view user_name;
  std::string_view address;
  std::string_view method;
  std::string_view route;
  std::string_view detail;
  std::string_view request_id;
};

// Errors: PermissionDenied, naming the groups that may read the refusals.
Result<void> authorize_auditor(const Principal& principal);

class RefusalLog {
 public:
  static constexpr std::size_t kDistinctPerHour = 1'000;
  static constexpr std::size_t kKept = 10'000;

  RefusalLog(store::Store& store, ledger::Ledger& ledger, const Clock& clock) : store_(store), ledger_(ledger), clock_(clock) {}

  void record(const RefusedRequest& refused);
  // Writes what has come since the last time.
  io::Task<Result<void>> flush();
  void flush_and_wait();
  // For administrators and IP audit administrators. What is not written yet is not in it: flush first.
  Result<store::Page<model::Refusal>> list(const Principal& principal, const store::Query& query);
  std::uint64_t recorded() const { return recorded_.load(std::memory_order_relaxed); }

 private:
  struct Key {
    int status = 0;
    std::string user_name, address, method, route;
    auto operator<=>(const Key&) const = default;
  };
  struct Entry {
    model::Refusal row;
    bool changed = false;
  };
  struct State {
    std::map<Key, Entry> entries;
    Time hour{};  // begin of the hour of the rows
  };

  std::vector<model::Refusal> take_changed();
  void give_back(const std::vector<model::Refusal>& rows);
  static ledger::Work work_of(const std::vector<model::Refusal>& rows);

  store::Store& store_;
  ledger::Ledger& ledger_;
  const Clock& clock_;
  Guarded<State> state_;
  Guarded<std::vector<model::Refusal>> ended_;  // rows of the hour before that are not written yet
  std::atomic<std::uint64_t> recorded_{0};
};

}  // namespace ipam::service
