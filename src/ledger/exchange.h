// Exchange: what one request agrees with the ledger beyond the change itself. It travels in model::ChangeContext through the service floor, which
// need not know of it.
//
// Dry run: each work of the request runs against the batch as ever and is then rolled back to its mark; what its journal records would have said is
// kept here for the caller. A work sees nothing of the works before it in the same dry run: a change of several steps must do them in one work.
//
// Steps: each work of the request that succeeds is a step, told to keep() in the step's own transaction together with what the work answered. Who
// repeats a request that was cut off between two steps gives the kept ones as `known`: they are answered again, in order, without running their
// works. So a request takes effect once, however often it is repeated. Thread rule: one request; its coroutine and the writer thread take turns, and
// what both touch is guarded.
#pragma once

#include "base/guarded.h"
#include "model/journal.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace ipam::ledger {

class Transaction;

// What a work answered: its value as StepText writes it (empty for a work without one), and its sequence.
struct Step {
  std::string value;
  std::uint64_t sequence = 0;
};

class Exchange : public model::ChangeExchange {
 public:
  enum class Mode { Write, DryRun };

  explicit Exchange(Mode mode, std::deque<Step> known = {}) : mode_(mode), known_(std::in_place, std::move(known)) {}

  // Of a context; null for a plain change.
  static std::shared_ptr<Exchange> of(const model::ChangeContext& context) { return std::static_pointer_cast<Exchange>(context.exchange); }
  static bool is_dry_run(const model::ChangeContext& context) { return context.exchange && of(context)->mode() == Mode::DryRun; }

  Mode mode() const { return mode_; }

  // The records that the works of a dry run would have written; sequence and chain are not set.
  std::vector<model::JournalRecord> would_be() const { return *would_be_.lock(); }
  void add_would_be(std::vector<model::JournalRecord> records) {
    auto all = would_be_.lock();
    for (model::JournalRecord& record : records) all->push_back(std::move(record));
  }

  // The next step that an earlier try of this request has done, if there is one.
  std::optional<Step> take_known() {
    auto known = known_.lock();
    if (known->empty()) return std::nullopt;
    Step step = std::move(known->front());
    known->pop_front();
    return step;
  }
  // Whether steps are kept: then a work whose answer has no StepText is refused.
  virtual bool keeps() const { return false; }
  // On the writer thread, in the step's transaction after its work succeeded; perhaps more than once, as the work itself.
  virtual void keep(Transaction& /*transaction*/, const Step& /*step*/) {}
  // The step that was kept last is durable.
  virtual void kept(const Step& /*step*/) {}

 private:
  const Mode mode_;
  Guarded<std::vector<model::JournalRecord>> would_be_;
  Guarded<std::deque<Step>> known_;
};

}  // namespace ipam::ledger
