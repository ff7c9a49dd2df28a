#include "service/interchange/import_service.h"

#include "base/log.h"
#include "io/sleep.h"
#include "json/codec.h"
#include "service/interchange/layout.h"
#include "service/planning/plan_steps.h"

#include <fmt/format.h>

namespace ipam::service {
namespace {

using interchange::ImportRequest;
using ledger::Priority;
using ledger::Transaction;
using model::Id;
using model::Import;
using model::ImportKind;
using store::Comparison;

constexpr std::size_t kCleanChunk = 1'000;

Result<void> check_scope(const Import& wanted, const ImportRequest& request) {
  if (!request.layout.empty() && interchange::find_layout(request.layout, wanted.kind) == nullptr) {
    return Error::field("/profile", fmt::format("{} has nothing of this kind", request.layout));
  }
  if (request.live && (wanted.kind != ImportKind::Address || wanted.mode != model::ImportMode::Synchronize)) {
    return Error::field("/live", "is for addresses that are synchronized");
  }
  if (wanted.mode != model::ImportMode::Synchronize) {
    if (!request.take.empty()) return Error::field("/take", "is for a file that is synchronized");
    return {};
  }
  if (wanted.kind == ImportKind::Range) {
    if (!request.managed_by || request.service_instance.empty()) {
      return Error::field("/managed_by", "to synchronize ranges, name the service and the service instance whose ranges the file holds");
    }
    return {};
  }
  if (!request.first || !request.last) return Error::field("/within", "to synchronize, name the prefix or range whose objects the file holds");
  return {};
}

}  // namespace

Result<void> ImportService::authorize_import(const Principal& principal, ImportKind kind) {
  switch (kind) {
    case ImportKind::Block: return authorize(principal, change_operation<model::Block>());
    case ImportKind::Subnet: return authorize(principal, change_operation<model::Subnet>());
    case ImportKind::Range: return authorize(principal, change_operation<model::Range>());
    case ImportKind::Address: break;
  }
  return authorize(principal, change_operation<model::Address>());
}

Result<Import> ImportService::create(const Principal& principal, Import wanted, ImportRequest request, Spool& file) {
  IPAM_TRY(authorize_import(principal, wanted.kind));
  IPAM_TRY(check_scope(wanted, request));
  if (file.size() == 0) return Error(ErrorCode::InvalidArgument, "the file is empty: send it as the body of the request");
  // A wrong name is better said now than in every row.
  IPAM_TRY(parts_.planning.find_space(principal, request.space.empty() ? PlanningService::kDefaultSpace : request.space));
  const crypto::Digest digest = file.digest();
  wanted.digest.assign(digest.begin(), digest.end());
  wanted.bytes = file.size();
  wanted.request = json::write(request);
  wanted.actor = principal.user_name;
  wanted.user_id = principal.user_id;
  wanted.node = options_.node;
  wanted.started_at = parts_.clock.now();
  wanted.id = {};
  IPAM_TRY(parts_.ledger.commit_and_wait({}, Priority::Interactive, [&](Transaction& transaction) -> Result<void> {
    if (!wanted.id) wanted.id = IPAM_TRY(transaction.new_id<Import>());
    transaction.put_row(wanted);
    return {};
  }));
  IPAM_TRY(file.keep(file_of(wanted.id)));
  return wanted;
}

Result<Import> ImportService::carry_out(const Principal& principal, const Import& import, const model::ChangeContext& request,
                                        const interchange::ImportProgress& progress) const {
  const std::filesystem::path file = file_of(import.id);
  switch (import.kind) {
    case ImportKind::Block: return interchange::run_import<model::Block>(parts_, import, principal, request, file, progress);
    case ImportKind::Subnet: return interchange::run_import<model::Subnet>(parts_, import, principal, request, file, progress);
    case ImportKind::Range: return interchange::run_import<model::Range>(parts_, import, principal, request, file, progress);
    case ImportKind::Address: break;
  }
  return interchange::run_import<model::Address>(parts_, import, principal, request, file, progress);
}

Result<std::string> ImportService::run(const Principal& principal, Id<Import> id, Id<model::Operation> operation, const model::ChangeContext& request,
                                       const interchange::ImportProgress& progress) {
  if (!running_.lock()->insert(id.value).second) return Error(ErrorCode::FailedPrecondition, "this import runs already");
  Result<Import> done = get(principal, id);
  if (done.ok() && done->complete) {
    done = Error(ErrorCode::FailedPrecondition, "this import is complete");
  } else if (done.ok()) {
    Import import = std::move(done).value();
    import.operation_id = operation;
    import.message.clear();
    done = carry_out(principal, import, request, progress);
    // One that was cut off may be resumed; a file that cannot be read will not become better.
    std::error_code ignored;
    if (done.ok() || done.error().code == ErrorCode::Malformed) std::filesystem::remove(file_of(id), ignored);
  }
  running_.lock()->erase(id.value);
  if (!done.ok()) return std::move(done).error();
  return done->message;
}

Result<Import> ImportService::get(const Principal& principal, Id<Import> id) {
  IPAM_TRY(authorize(principal, Operation::ReadAddressPlan));
  const auto reader = IPAM_TRY(parts_.store.open_reader());
  auto import = IPAM_TRY(store::find_where<Import>(*reader, {{"id", Comparison::Equal, store::to_value(id)}}));
  const bool may_read = import && (import->user_id == principal.user_id || authorize_import(principal, import->kind).ok());
  if (!may_read) return Error(ErrorCode::NotFound, "there is no import with id " + id.to_string());
  return *std::move(import);
}

Result<store::Page<Import>> ImportService::list(const Principal& principal, const store::Query& query) {
  IPAM_TRY(authorize(principal, Operation::ReadAddressPlan));
  const auto reader = IPAM_TRY(parts_.store.open_reader());
  return store::list<Import>(*reader, query);
}

Result<store::Page<model::ImportRow>> ImportService::rows(const Principal& principal, Id<Import> id, store::Query query) {
  IPAM_TRY(get(principal, id));
  query.where.push_back({"import_id", Comparison::Equal, store::to_value(id)});
  const auto reader = IPAM_TRY(parts_.store.open_reader());
  return store::list<model::ImportRow>(*reader, query);
}

Result<Import> ImportService::check_resume(const Principal& principal, Id<Import> id) {
  const Import import = IPAM_TRY(get(principal, id));
  IPAM_TRY(authorize_import(principal, import.kind));
  if (import.complete) return Error(ErrorCode::FailedPrecondition, "this import is complete; there is nothing to resume");
  if (import.node != options_.node) {
    return Error(ErrorCode::FailedPrecondition, fmt::format("the file of this import is kept at {}; resume it there", import.node));
  }
  std::error_code ignored;
  if (!std::filesystem::exists(file_of(id), ignored)) {
    return Error(ErrorCode::FailedPrecondition,
                 "the file of this import is not kept any more; import it again: rows that are there already are left as they are");
  }
  return import;
}

Result<void> ImportService::forget(const Import& import) {
  while (true) {
    const auto reader = IPAM_TRY(parts_.store.open_reader());
    store::Query query;
    query.where.push_back({"import_id", Comparison::Equal, store::to_value(import.id)});
    query.limit = kCleanChunk;
    const auto rows = IPAM_TRY(store::list<model::ImportRow>(*reader, query)).items;
    IPAM_TRY(parts_.ledger.commit_and_wait({}, Priority::Bulk, [&](Transaction& transaction) -> Result<void> {
      for (const model::ImportRow& row : rows) {
        transaction.erase_row<model::ImportRow>({store::to_value(row.import_id), store::to_value(row.number)});
      }
      if (rows.size() < kCleanChunk) transaction.erase_row<Import>({store::to_value(import.id)});
      return {};
    }));
    if (rows.size() < kCleanChunk) break;
  }
  std::error_code ignored;
  std::filesystem::remove(file_of(import.id), ignored);
  return {};
}

Result<std::uint64_t> ImportService::clean() {
  std::vector<Import> old;
  {
    const auto reader = IPAM_TRY(parts_.store.open_reader());
    const Time before = parts_.clock.now() - options_.keep_for;
    IPAM_TRY(
        store::for_each<Import>(*reader, {.where = {{"started_at", Comparison::Less, store::to_value(before)}}}, [&](Import import) -> Result<bool> {
          old.push_back(std::move(import));
          return old.size() < kCleanChunk;
        }));
  }
  for (const Import& import : old) IPAM_TRY(forget(import));
  return old.size();
}

io::Task<void> ImportService::run_cleaning(std::stop_token stop) {
  const io::Deadline stopped = io::Deadline::never().with(stop);
  while (true) {
    const auto work = [this] { return clean(); };
    const auto cleaned = co_await pool_.run(work, stopped);
    if (!cleaned.ok() && !stop.stop_requested()) log::warning("IPAM-4028 old imports were not forgotten", {{"error", cleaned.error().describe()}});
    const auto slept = co_await io::sleep_for(options_.cleaning_period, stopped);
    if (!slept.ok()) co_return;
  }
}

}  // namespace ipam::service
