// A batch: many changes of the address plan in one request, all or none, or each by itself. Thread rule: plain values; PlanBatch an I/O executor.
#pragma once

#include "service/planning/planning_service.h"

#include <variant>

namespace ipam::service {

// What came of one item: the object as it is now, nothing after a removal, or why it failed.
struct BatchItemOutcome {
  std::optional<model::Object> object;
  std::optional<Error> error;
};

struct BatchItem {
  // The change inside a transaction; may run more than once.
  std::function<Result<std::optional<model::Object>>(ledger::Transaction&)> run;
};

// Each: an item that fails leaves the others alone; done in chunks that let other requests in between. Atomic: one transaction; holds up other
// writers for as long as it takes.
enum class BatchMode { Each, Atomic };

// Items are made with what each needs, or with why it cannot even begin. Errors: PermissionDenied, InvalidArgument.
template <Planned T>
Result<BatchItem> creation(const Principal& principal, T object, std::optional<model::Id<model::Range>> range = {});
template <Planned T>
Result<BatchItem> change(const Principal& principal, model::Id<T> id, std::optional<std::uint64_t> expected_revision,
                         std::function<Result<void>(T&)> edit);
template <Planned T>
Result<BatchItem> removal(const Principal& principal, model::Id<T> id, std::optional<std::uint64_t> expected_revision, const Release& release);

struct BatchOutcome {
  std::vector<BatchItemOutcome> items;  // in order
  std::uint64_t sequence = 0;           // of the newest journal record of the batch
};

class PlanBatch {
 public:
  static constexpr std::size_t kMaxItems = 10'000;

  PlanBatch(ledger::Ledger& ledger, PlanningService& planning) : ledger_(ledger), planning_(planning) {}

  // `on_progress`, if given, is told how many items are done. Errors: InvalidArgument (too many), those of the ledger; of an atomic batch the error
  // of its first item that fails, with "/operations/<number>" before the pointers; Cancelled by `stop` between two chunks, which leaves what is done.
  io::Task<Result<BatchOutcome>> run(std::vector<Result<BatchItem>> items, BatchMode mode, model::ChangeContext context,
                                     std::function<void(std::size_t)> on_progress = {}, std::stop_token stop = {});

 private:
  io::Task<Result<BatchOutcome>> run_atomic(std::shared_ptr<const std::vector<Result<BatchItem>>> items, model::ChangeContext context);

  ledger::Ledger& ledger_;
  PlanningService& planning_;
};

}  // namespace ipam::service

namespace ipam::ledger {

template <>
struct StepText<service::BatchItemOutcome> {
  static std::string write(const service::BatchItemOutcome& outcome);
  static Result<service::BatchItemOutcome> read(std::string_view text);
};

}  // namespace ipam::ledger
