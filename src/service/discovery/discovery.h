// Discovery: one pass over all enabled targets: asks, judges, and writes what came of it.
//
// Questions go out at a bounded pace and a bounded number at a time. A target counts as looked at when each of its questions was put to its end; what
// was found there before and not now is gone. A pass that its deadline ends keeps what it has learnt, and the next one begins with the target that
// was left over. Thread rule: run on one I/O executor, one pass at a time; it outlives its passes.
#pragma once

#include "ledger/ledger.h"
#include "service/discovery/probes.h"

#include <atomic>

namespace ipam::service {

struct DiscoveryOptions {
  std::size_t at_once = 64;
  Duration pause = std::chrono::milliseconds(5);     // from one question to the next: 200 a second
  Duration name_deadline = std::chrono::seconds(5);  // of a look-up
  Duration forget_after = std::chrono::hours(24 * 90);
  ProbeOptions probe;
};

class Discovery {
 public:
  // The answer where there is nothing to look at.
  static constexpr std::string_view kNoTarget = "no discovery target is enabled, so nothing was looked at; \"ipam discovery-target add\" names one";

  Discovery(store::Store& store, ledger::Ledger& ledger, io::Resolver& resolver, const Clock& clock, const DiscoveryOptions& options = {})
      : store_(store), ledger_(ledger), resolver_(resolver), clock_(clock), options_(options), prober_(resolver, clock, options_.probe) {}

  // Answers a sentence with figures, which names the targets that could not be looked at. Errors: Unavailable when no target could be,
  // DeadlineExceeded and Cancelled when the pass was cut short, those of the store and the ledger.
  io::Task<Result<std::string>> run(std::string actor, io::Deadline deadline);

 private:
  struct Target;
  struct Pass;

  Result<std::vector<Target>> read_targets();
  io::Task<void> locate(Target* target, io::Deadline deadline);
  io::Task<void> work(Pass* pass, io::Deadline deadline);
  // Answers the sentence.
  io::Task<Result<std::string>> write(Pass* pass, io::Deadline deadline);

  store::Store& store_;
  ledger::Ledger& ledger_;
  io::Resolver& resolver_;
  const Clock& clock_;
  const DiscoveryOptions options_;
  Prober prober_;
  std::atomic<std::uint64_t> next_first_ = 0;  // id of the target that the next pass begins with
};

}  // namespace ipam::service
