// Long because one class carries an import from its first row to its last; what a row and a seen address are stands in row_plan, row_steps and
// seen_addresses.
#include "service/interchange/importer.h"

#include "base/file.h"
#include "json/codec.h"
#include "service/interchange/cell_text.h"
#include "service/interchange/row_plan.h"
#include "service/interchange/row_steps.h"
#include "service/interchange/seen_addresses.h"
#include "service/planning/plan_steps.h"
#include "wire/csv/writer.h"

#include <absl/container/flat_hash_set.h>
#include <fmt/format.h>

namespace ipam::service::interchange {
namespace {

using ledger::Priority;
using ledger::Transaction;
using model::Import;
using model::ImportMode;
using model::ImportRow;
using model::RowOutcome;
using store::Comparison;

// Of the 20 ms that a batch of the ledger may take, so that an interactive request never waits behind more than one such step.
constexpr auto kStepTime = std::chrono::milliseconds(10);

template <class T>
class Importer {
 public:
  Importer(const ImportParts& parts, Import import, const Principal& principal, const model::ChangeContext& request, const ImportProgress& progress,
           std::shared_ptr<const FieldCatalog> catalog)
      : parts_(parts),
        state_(std::move(import)),
        principal_(principal),
        progress_(progress),
        context_(change_context(principal, request)),
        plan_(parts_, principal_, request_, std::move(catalog)),
        max_rows_(state_.dry_run ? kDryRunRows : kStepRows) {}

  Result<Import> run(const std::filesystem::path& file) {
    IPAM_TRY(authorize(principal_, change_operation<T>()));
    if (!state_.request.empty()) request_ = IPAM_TRY(json::read<ImportRequest>(state_.request));
    IPAM_TRY(plan_.prepare());
    IPAM_TRY(begin());
    const auto source = make_row_source(state_.format, [this](SourceRow row) { return take(std::move(row)); });
    source_ = source.get();
    IPAM_TRY(read_pieces(file, [&](std::string_view piece, std::uint64_t done, std::uint64_t size) -> Result<void> {
      percent_ = size == 0 ? 0 : static_cast<int>(std::min<std::uint64_t>(99, 100 * done / size));
      return source_->feed(piece);
    }));
    IPAM_TRY(source_->finish());
    is_whole_ = true;
    IPAM_TRY(write_rows());
    if (state_.mode == ImportMode::Synchronize && does(RowOutcome::Removed)) IPAM_TRY(remove_missing());
    if constexpr (std::is_same_v<T, model::Address>) {
      if (request_.live) IPAM_TRY(look_at_the_network());
    }
    IPAM_TRY(end());
    return state_;
  }

 private:
  // What was done before is done: the rows behind it follow. To synchronize it must be known what all rows name, so all are read again; they are then
  // found unchanged.
  Result<void> begin() {
    begun_at_ = parts_.ledger.sequence();
    if (state_.dry_run || state_.mode == ImportMode::Synchronize) {
      const Import before = state_;
      state_.rows = state_.created = state_.updated = state_.unchanged = state_.removed = state_.failed = 0;
      if (before.rows > 0) IPAM_TRY(forget_rows());
    }
    skip_ = state_.rows;
    return keep_state();
  }

  Result<void> forget_rows() {
    while (true) {
      const auto reader = IPAM_TRY(parts_.store.open_reader());
      store::Query query;
      query.where.push_back({"import_id", Comparison::Equal, store::to_value(state_.id)});
      query.limit = kStepRows;
      const auto rows = IPAM_TRY(store::list<ImportRow>(*reader, query)).items;
      if (rows.empty()) return {};
      IPAM_TRY(parts_.ledger.commit_and_wait({}, Priority::Bulk, [&](Transaction& transaction) -> Result<void> {
        for (const ImportRow& row : rows) transaction.erase_row<ImportRow>({store::to_value(row.import_id), store::to_value(row.number)});
        return {};
      }));
    }
  }

  Result<void> take(SourceRow row) {
    if (learnt_ < source_->names().size()) IPAM_TRY(learn());
    if (!plan_.takes(row)) return {};
    if (skip_ > 0) {
      --skip_;
      return {};
    }
    rows_.push_back(plan_.plan(std::move(row)));
    if (rows_.size() >= max_rows_) IPAM_TRY(write_rows());
    return {};
  }

  Result<void> learn() {
    const bool is_csv = state_.format == model::ImportFormat::Csv;
    IPAM_TRY(plan_.learn(source_->names(), is_csv));
    learnt_ = source_->names().size();
    state_.unplaced = join(plan_.unplaced(), "\n");
    if (!is_csv) return {};
    state_.header.clear();
    wire::csv::write_row(std::span<const std::string>(source_->names()), state_.header, {.line_end = ""});
    return {};
  }

  // The rows that were gathered, in steps.
  Result<void> write_rows() {
    // A header without rows is learnt too.
    if (learnt_ < source_->names().size()) IPAM_TRY(learn());
    std::size_t first = 0;
    while (first < rows_.size()) {
      if (!progress_(percent_))
        return Error(ErrorCode::Cancelled, fmt::format("cancelled; {} rows were done, and resuming goes on behind them", state_.rows));
      first += IPAM_TRY(write_step(first));
    }
    rows_.clear();
    return {};
  }

  Result<std::size_t> write_step(std::size_t first) {
    // Of a dry run of a small file all rows are tried together, so that they see each other.
    const bool is_one = state_.dry_run && is_whole_ && first == 0 && state_.rows == 0;
    std::vector<RowResult> results;
    Import after;
    const ledger::Work work = [&](Transaction& transaction) -> Result<void> {
      results.clear();
      const auto started = std::chrono::steady_clock::now();
      for (std::size_t i = first; i < rows_.size(); ++i) {
        if (!is_one && !results.empty() && std::chrono::steady_clock::now() - started > kStepTime) break;
        results.push_back(try_row(transaction, rows_[i]));
      }
      after = state_;
      count(results, after);
      if (!state_.dry_run) put_step(transaction, first, results, after);
      return {};
    };
    model::ChangeContext context = context_;
    if (state_.dry_run) context.exchange = std::make_shared<ledger::Exchange>(ledger::Exchange::Mode::DryRun);
    IPAM_TRY(parts_.ledger.commit_and_wait(context, Priority::Bulk, work));
    if (state_.dry_run) {
      IPAM_TRY(parts_.ledger.commit_and_wait({}, Priority::Bulk, [&](Transaction& transaction) -> Result<void> {
        put_step(transaction, first, results, after);
        return {};
      }));
    }
    state_ = after;
    note_seen(first, results);
    return results.size();
  }

  RowResult try_row(Transaction& transaction, const PlannedRow<T>& row) {
    RowResult result;
    if (row.problem.empty()) {
      auto done = transaction.attempt([&]() -> Result<void> {
        result = IPAM_TRY(apply(transaction, row));
        return {};
      });
      if (done.ok()) return result;
      result = {RowOutcome::Failed, reason_of(done.error()), 0};
    } else {
      result.reason = row.problem;
    }
    // What a bad row names exists all the same, and is not missing from the file.
    if (state_.mode == ImportMode::Synchronize && row.has_key) {
      const auto existing = find_existing(transaction, row.object);
      if (existing.ok() && *existing) result.object_id = (*existing)->id.value;
    }
    return result;
  }

  Result<RowResult> apply(Transaction& transaction, const PlannedRow<T>& row) {
    if (state_.mode == ImportMode::Synchronize && !is_in_scope(row.object)) {
      return Error(ErrorCode::InvalidArgument, "lies outside what is synchronized");
    }
    const auto existing = IPAM_TRY(find_existing(transaction, row.object));
    if (!existing) {
      if (!does(RowOutcome::Created)) return RowResult{RowOutcome::Unchanged, "only in the file", 0};
      if constexpr (std::is_same_v<T, model::Range>) {
        if (request_.create_subnets && row.network) IPAM_TRY(make_subnet(transaction, row.object, *row.network));
      }
      const T made = IPAM_TRY(create_row(transaction, row.object));
      return RowResult{RowOutcome::Created, IPAM_TRY(contradiction(made)), made.id.value};
    }
    T changed = *existing;
    IPAM_TRY(plan_.apply(row, changed));
    if (changed == *existing) {
      std::string otherwise = IPAM_TRY(contradiction(changed));
      const RowOutcome outcome = otherwise.empty() ? RowOutcome::Unchanged : RowOutcome::Conflict;
      return RowResult{outcome, std::move(otherwise), existing->id.value};
    }
    if (!does(RowOutcome::Updated)) return RowResult{RowOutcome::Unchanged, "different in the file", existing->id.value};
    IPAM_TRY(update_in<T>(transaction, existing->id, std::nullopt, [&](T& object) { return plan_.apply(row, object); }));
    RowResult result{RowOutcome::Updated, {}, existing->id.value};
    if (state_.dry_run) result.reason = join_reasons(plan_.differences(*existing, changed), IPAM_TRY(contradiction(changed)));
    return result;
  }

  static std::string join_reasons(std::string one, const std::string& other) {
    if (!one.empty() && !other.empty()) one += "; ";
    return one + other;
  }

  // What DHCP and DNS servers say against the object, in a comparison.
  Result<std::string> contradiction(const T& object) {
    if constexpr (std::is_same_v<T, model::Address>) {
      if (request_.live && state_.dry_run) return disagreement(object, IPAM_TRY(facts_.of(object.space_id, object.address)));
    }
    return std::string();
  }

  // Whether this outcome is carried out; what is not is told as unchanged.
  bool does(RowOutcome outcome) const {
    if (request_.take.empty()) return outcome != RowOutcome::Seen || state_.dry_run;
    return std::find(request_.take.begin(), request_.take.end(), model::enum_to_text(outcome)) != request_.take.end();
  }

  // Addresses that a server has, and neither the file nor the plan: told of, or recorded.
  Result<void> look_at_the_network() {
    if (!does(RowOutcome::Seen)) return {};
    const auto space = IPAM_TRY(parts_.planning.find_space(principal_, request_.space.empty() ? PlanningService::kDefaultSpace : request_.space));
    std::optional<ip::Address> after;
    while (true) {
      if (!progress_(99)) return Error(ErrorCode::Cancelled, "cancelled while it looked at what servers have; resuming begins anew");
      const auto addresses = IPAM_TRY(facts_.addresses(space.id, *request_.first, *request_.last, after, kStepRows));
      if (addresses.empty()) return {};
      after = addresses.back();
      IPAM_TRY(take_seen(space.id, addresses));
    }
  }

  // In steps that give way, as rows are written.
  Result<void> take_seen(model::Id<model::AddressSpace> space, const std::vector<ip::Address>& addresses) {
    for (std::size_t first = 0; first < addresses.size(); first += kSeenAStep) {
      std::vector<SeenAddress> seen;
      for (std::size_t i = first; i < std::min(first + kSeenAStep, addresses.size()); ++i) {
        seen.push_back(IPAM_TRY(describe_seen(facts_, space, addresses[i])));
      }
      std::vector<RowResult> results;
      Import after;
      const ledger::Work work = [&](Transaction& transaction) -> Result<void> {
        results.clear();
        after = state_;
        for (const SeenAddress& each : seen) results.push_back(IPAM_TRY(record_seen(transaction, each, state_.dry_run)));
        count(results, after);
        after.rows = state_.rows;
        after.unchanged = state_.unchanged;  // those that the plan has were rows, or are missing from the file
        transaction.put_row(after);
        for (std::size_t i = 0; i < results.size(); ++i) {
          const bool is_told = results[i].outcome == RowOutcome::Failed || results[i].outcome == RowOutcome::Seen;
          if (!is_told) continue;
          transaction.put_row(
              ImportRow{state_.id, last_number_ + 1 + i, results[i].outcome, results[i].reason, seen[i].object.address.to_string(), {}});
        }
        return {};
      };
      IPAM_TRY(parts_.ledger.commit_and_wait(context_, Priority::Bulk, work));
      state_ = after;
      last_number_ += results.size();
    }
    return {};
  }

  bool is_in_scope(const T& object) const {
    if constexpr (std::is_same_v<T, model::Range>) {
      const auto service = read_word(managed_by_words(), request_.managed_by.value_or("IPAM"));
      return service.ok() && object.managed_by == *service && object.service_instance == request_.service_instance;
    } else {
      const auto scope = ip::Range::create(*request_.first, *request_.last).value();
      if constexpr (std::is_same_v<T, model::Address>) return scope.contains(object.address);
      if constexpr (!std::is_same_v<T, model::Address>) return scope.contains(object.prefix.first()) && scope.contains(object.prefix.last());
    }
  }

  void put_step(Transaction& transaction, std::size_t first, const std::vector<RowResult>& results, const Import& after) const {
    transaction.put_row(after);
    for (std::size_t i = 0; i < results.size(); ++i) {
      const bool failed = results[i].outcome == RowOutcome::Failed;
      if (failed || state_.dry_run) transaction.put_row(told(rows_[first + i], results[i]));
    }
  }

  ImportRow told(const PlannedRow<T>& row, const RowResult& result) const {
    ImportRow told{state_.id, row.number, result.outcome, result.reason, row.has_key ? display_name(row.object) : std::string(), {}};
    if (result.outcome != RowOutcome::Failed) return told;
    if (state_.format == model::ImportFormat::JsonLines) {
      told.text = row.line;
    } else {
      std::vector<std::string> cells;
      for (const auto& cell : row.cells) cells.push_back(wire::csv::guard(cell.value_or("")));
      wire::csv::write_row(std::span<const std::string>(cells), told.text, {.line_end = ""});
    }
    return told;
  }

  void note_seen(std::size_t first, const std::vector<RowResult>& results) {
    if (state_.mode != ImportMode::Synchronize) return;
    for (std::size_t i = 0; i < results.size(); ++i) {
      if (results[i].object_id != 0) seen_.insert(results[i].object_id);
      if (!rows_[first + i].has_key) is_blind_ = true;
      last_number_ = std::max(last_number_, rows_[first + i].number);
    }
  }

  // Held for a moment, or cooling down: goes by itself, and stands in no file.
  static bool is_passing(const T& object) {
    if constexpr (std::is_same_v<T, model::Address>) {
      return object.state == model::AddressState::Held || object.state == model::AddressState::Cooling;
    }
    return false;
  }

  // What lies in the scope and was there at the beginning, and the file does not name.
  Result<void> remove_missing() {
    if (is_blind_) {
      state_.message = "nothing was removed, because of some rows it is not known what they name; ";
      return {};
    }
    store::Query query;
    query.where = IPAM_TRY(scope_conditions());
    query.limit = kStepRows;
    while (true) {
      const auto reader = IPAM_TRY(parts_.store.open_reader());
      const auto page = IPAM_TRY(store::list<T>(*reader, query));
      std::vector<T> missing;
      for (const T& object : page.items) {
        const bool is_new = object.revision > begun_at_;
        if (!is_new && !is_passing(object) && !seen_.contains(object.id.value)) missing.push_back(object);
      }
      IPAM_TRY(remove(missing));
      if (page.next_cursor.empty()) return {};
      query.after = IPAM_TRY(store::read_cursor(page.next_cursor));
    }
  }

  Result<std::vector<store::Condition>> scope_conditions() {
    const auto space = IPAM_TRY(parts_.planning.find_space(principal_, request_.space.empty() ? PlanningService::kDefaultSpace : request_.space));
    std::vector<store::Condition> where{{"space_id", Comparison::Equal, store::to_value(space.id)}};
    if constexpr (std::is_same_v<T, model::Range>) {
      const auto service = IPAM_TRY(read_word(managed_by_words(), request_.managed_by.value_or("IPAM")));
      where.push_back({"managed_by", Comparison::Equal, store::to_value(service)});
      where.push_back({"service_instance", Comparison::Equal, store::to_value(request_.service_instance)});
      where.push_back({"scope_id", Comparison::IsNull, {}});
    } else if constexpr (std::is_same_v<T, model::Address>) {
      where.push_back({"address", Comparison::GreaterOrEqual, store::to_value(*request_.first)});
      where.push_back({"address", Comparison::LessOrEqual, store::to_value(*request_.last)});
    } else {
      const int bits = ip::bit_count(request_.first->family());
      where.push_back({"prefix", Comparison::GreaterOrEqual, store::to_value(IPAM_TRY(prefix_of(*request_.first, *request_.last)))});
      where.push_back({"prefix", Comparison::LessOrEqual, store::to_value(ip::Prefix::containing(*request_.last, bits))});
    }
    return where;
  }

  Result<void> remove(const std::vector<T>& missing) {
    std::size_t first = 0;
    while (first < missing.size()) {
      if (!progress_(99)) return Error(ErrorCode::Cancelled, "cancelled while it removed what the file does not name; resuming begins anew");
      std::vector<RowResult> results;
      Import after;
      const auto put = [&](Transaction& transaction) {
        transaction.put_row(after);
        for (std::size_t i = 0; i < results.size(); ++i) {
          if (results[i].outcome != RowOutcome::Failed && !state_.dry_run) continue;
          transaction.put_row(
              ImportRow{state_.id, last_number_ + 1 + i, results[i].outcome, results[i].reason, display_name(missing[first + i]), {}});
        }
      };
      const Removal removal{Below::Refuse, parts_.planning.release()};
      const ledger::Work work = [&](Transaction& transaction) -> Result<void> {
        results.clear();
        const auto started = std::chrono::steady_clock::now();
        for (std::size_t i = first; i < missing.size(); ++i) {
          if (!results.empty() && std::chrono::steady_clock::now() - started > kStepTime) break;
          const auto gone = transaction.attempt([&]() -> Result<void> {
            if constexpr (std::is_same_v<T, model::Range>) {
              if (request_.delete_mapped_addresses) IPAM_TRY(release_mapped(transaction, missing[i], removal.release));
            }
            return erase_in<T>(transaction, missing[i].id, missing[i].revision, removal);
          });
          results.push_back(gone.ok() ? RowResult{RowOutcome::Removed, {}, 0} : RowResult{RowOutcome::Failed, reason_of(gone.error()), 0});
        }
        after = state_;
        count(results, after);
        after.rows = state_.rows;
        if (!state_.dry_run) put(transaction);
        return {};
      };
      model::ChangeContext context = context_;
      if (state_.dry_run) context.exchange = std::make_shared<ledger::Exchange>(ledger::Exchange::Mode::DryRun);
      IPAM_TRY(parts_.ledger.commit_and_wait(context, Priority::Bulk, work));
      if (state_.dry_run) {
        IPAM_TRY(parts_.ledger.commit_and_wait({}, Priority::Bulk, [&](Transaction& transaction) -> Result<void> {
          put(transaction);
          return {};
        }));
      }
      state_ = after;
      last_number_ += results.size();
      first += results.size();
    }
    return {};
  }

  Result<void> end() {
    state_.complete = true;
    state_.ended_at = parts_.clock.now();
    state_.message += summary();
    return keep_state();
  }

  std::string summary() const {
    const char* would = state_.dry_run ? "would be " : "";
    std::string text = fmt::format("{}: {} {}created, {} {}updated, {} unchanged", count_of(state_.rows, "row"), state_.created, would,
                                   state_.updated, would, state_.unchanged);
    if (state_.mode == ImportMode::Synchronize) text += fmt::format(", {} {}removed", state_.removed, would);
    return text + fmt::format(", {} failed", state_.failed);
  }

  Result<void> keep_state() {
    IPAM_TRY(parts_.ledger.commit_and_wait({}, Priority::Bulk, [&](Transaction& transaction) -> Result<void> {
      transaction.put_row(state_);
      return {};
    }));
    return {};
  }

  const ImportParts& parts_;
  Import state_;
  const Principal& principal_;
  const ImportProgress& progress_;
  const model::ChangeContext context_;
  ImportRequest request_;
  RowPlan<T> plan_;
  LiveFacts facts_{parts_.store};
  const std::size_t max_rows_;
  RowSource* source_ = nullptr;
  std::size_t learnt_ = 0;
  std::uint64_t skip_ = 0;
  int percent_ = 0;
  bool is_whole_ = false;
  std::vector<PlannedRow<T>> rows_;
  // To synchronize.
  std::uint64_t begun_at_ = 0;
  absl::flat_hash_set<std::uint64_t> seen_;
  bool is_blind_ = false;
  std::uint64_t last_number_ = 0;
};

}  // namespace

template <class T>
Result<Import> run_import(const ImportParts& parts, Import import, const Principal& principal, const model::ChangeContext& request,
                          const std::filesystem::path& file, const ImportProgress& progress) {
  auto catalog = IPAM_TRY(parts.planning.fields().catalog());
  return Importer<T>(parts, std::move(import), principal, request, progress, std::move(catalog)).run(file);
}

#define IPAM_IMPORTED(T)                                                                                                                         \
  template Result<Import> run_import<T>(const ImportParts&, Import, const Principal&, const model::ChangeContext&, const std::filesystem::path&, \
                                        const ImportProgress&)
IPAM_IMPORTED(model::Block);
IPAM_IMPORTED(model::Subnet);
IPAM_IMPORTED(model::Range);
IPAM_IMPORTED(model::Address);
#undef IPAM_IMPORTED

}  // namespace ipam::service::interchange
