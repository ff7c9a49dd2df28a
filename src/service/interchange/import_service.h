// ImportService: files that are imported into the address plan: receiving, carrying out, telling what came of it, and forgetting them after a time.
//
// The uploaded file stays in the folder of imports until the import is complete; one that was cut off (by a cancellation, or the end of the server)
// is resumed from there. Rows that failed are kept in the database, so every node tells them. Errors: PermissionDenied, NotFound, InvalidArgument,
// FailedPrecondition (nothing to resume; the file is at another node), those of importer.h. Thread rule: any thread that may block; coroutines on an
// I/O executor.
#pragma once

#include "io/worker_pool.h"
#include "service/interchange/importer.h"
#include "service/interchange/spool.h"

#include <set>

namespace ipam::service {

struct ImportOptions {
  std::filesystem::path folder;
  std::uint64_t max_bytes = std::uint64_t{4} << 30U;
  std::string node;
  Duration keep_for = std::chrono::hours(24 * 7);
  Duration cleaning_period = std::chrono::hours(1);
};

class ImportService {
 public:
  // Imports that are carried out side by side; others wait.
  static constexpr std::size_t kAtOnce = 2;

  ImportService(store::Store& store, ledger::Ledger& ledger, PlanningService& planning, const Clock& clock, ImportOptions options)
      : parts_{store, ledger, planning, clock}, options_(std::move(options)) {}

  std::uint64_t max_bytes() const { return options_.max_bytes; }
  // What a principal needs to import such objects.
  static Result<void> authorize_import(const Principal& principal, model::ImportKind kind);

  Result<std::shared_ptr<Spool>> receive() const { return Spool::create(options_.folder, options_.max_bytes); }
  // Keeps the file, and the import as one that has not begun. `wanted` says what is asked for.
  Result<model::Import> create(const Principal& principal, model::Import wanted, interchange::ImportRequest request, Spool& file);
  // Carries it out, or goes on with it; once at a time (FailedPrecondition). Answers what came of it in a sentence; the import itself by get().
  Result<std::string> run(const Principal& principal, model::Id<model::Import> id, model::Id<model::Operation> operation,
                          const model::ChangeContext& request, const interchange::ImportProgress& progress);

  Result<model::Import> get(const Principal& principal, model::Id<model::Import> id);
  Result<store::Page<model::Import>> list(const Principal& principal, const store::Query& query);
  // Rows that are kept of it, by their numbers.
  Result<store::Page<model::ImportRow>> rows(const Principal& principal, model::Id<model::Import> id, store::Query query);
  // Errors: FailedPrecondition: it is complete, its file is gone or elsewhere. Whether it still runs is the caller's to know.
  Result<model::Import> check_resume(const Principal& principal, model::Id<model::Import> id);

  // Forgets what is older than options.keep_for, with its file.
  Result<std::uint64_t> clean();
  io::Task<void> run_cleaning(std::stop_token stop);

  // The threads on which imports are carried out.
  io::WorkerPool& pool() { return pool_; }
  // Ends after the steps that are under way, once their operations were asked to end.
  void stop() { pool_.stop(); }

 private:
  std::filesystem::path file_of(model::Id<model::Import> id) const { return options_.folder / (id.to_string() + ".upload"); }
  Result<model::Import> carry_out(const Principal& principal, const model::Import& import, const model::ChangeContext& request,
                                  const interchange::ImportProgress& progress) const;
  Result<void> forget(const model::Import& import);

  const interchange::ImportParts parts_;
  const ImportOptions options_;
  Guarded<std::set<std::uint64_t>> running_;  // of this process
  io::WorkerPool pool_{"the imports", kAtOnce, 100};
};

}  // namespace ipam::service
