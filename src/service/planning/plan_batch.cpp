#include "service/planning/plan_batch.h"

#include "service/planning/plan_steps.h"

#include <fmt/format.h>

namespace ipam::service {
namespace {

using ledger::Priority;
using ledger::Transaction;
using Items = std::vector<Result<BatchItem>>;

// Of the 20 ms that a batch of the ledger may take, so that an interactive request never waits behind more than one such chunk.
constexpr auto kChunkTime = std::chrono::milliseconds(10);

Result<std::optional<model::Object>> run_item(const Result<BatchItem>& item, Transaction& transaction) {
  if (!item.ok()) return item.error();
  std::optional<model::Object> object;
  IPAM_TRY(transaction.attempt([&]() -> Result<void> {
    object = IPAM_TRY(item->run(transaction));
    return {};
  }));
  return object;
}

BatchItemOutcome outcome_of(Result<std::optional<model::Object>> done) {
  if (done.ok()) return {std::move(done).value(), std::nullopt};
  return {std::nullopt, std::move(done).error()};
}

// The error of one item as the error of the whole batch.
Error of_item(std::size_t number, Error error) {
  const std::string pointer = fmt::format("/operations/{}", number);
  for (FieldError& field : error.fields) field.pointer = pointer + "/body" + field.pointer;
  if (error.fields.empty()) error.fields.push_back({pointer, error.message});
  error.message = fmt::format("operation {} of the batch, and so nothing of it: {}", number, error.message);
  return error;
}

}  // namespace

template <Planned T>
Result<BatchItem> creation(const Principal& principal, T object, std::optional<model::Id<model::Range>> range) {
  IPAM_TRY(authorize(principal, change_operation<T>()));
  IPAM_TRY(model::check(object));
  return BatchItem{[object, range](Transaction& transaction) -> Result<std::optional<model::Object>> {
    if constexpr (std::is_same_v<T, model::Address>) {
      if (range) return std::optional<model::Object>(IPAM_TRY(create_in_range(transaction, object, *range)));
    }
    return std::optional<model::Object>(IPAM_TRY(create_in(transaction, object)));
  }};
}

template <Planned T>
Result<BatchItem> change(const Principal& principal, model::Id<T> id, std::optional<std::uint64_t> expected_revision,
                         std::function<Result<void>(T&)> edit) {
  IPAM_TRY(authorize(principal, change_operation<T>()));
  return BatchItem{[id, expected_revision, edit = std::move(edit)](Transaction& transaction) -> Result<std::optional<model::Object>> {
    return std::optional<model::Object>(IPAM_TRY(update_in<T>(transaction, id, expected_revision, edit)));
  }};
}

template <Planned T>
Result<BatchItem> removal(const Principal& principal, model::Id<T> id, std::optional<std::uint64_t> expected_revision, const Release& release) {
  IPAM_TRY(authorize(principal, change_operation<T>()));
  return BatchItem{[id, expected_revision, how = Removal{Below::Refuse, release}](Transaction& transaction) -> Result<std::optional<model::Object>> {
    IPAM_TRY(erase_in<T>(transaction, id, expected_revision, how));
    return std::optional<model::Object>{};
  }};
}

io::Task<Result<BatchOutcome>> PlanBatch::run(Items items, BatchMode mode, model::ChangeContext context, std::function<void(std::size_t)> on_progress,
                                              std::stop_token stop) {
  if (items.size() > kMaxItems) co_return Error::field("/operations", fmt::format("a batch has at most {} operations", kMaxItems));
  // Shared with the works, which go on when this coroutine is cancelled.
  const auto all = std::make_shared<const Items>(std::move(items));
  // A dry run sees nothing of what the work before it would have done: it is one work.
  const bool one_work = ledger::Exchange::is_dry_run(context);
  BatchOutcome outcome;
  if (mode == BatchMode::Atomic) {
    auto atomic = co_await run_atomic(all, context);
    planning_.forget_spaces();
    co_return atomic;
  }
  while (outcome.items.size() < all->size()) {
    if (stop.stop_requested()) co_return Error(ErrorCode::Cancelled, fmt::format("{} of {} operations were done", outcome.items.size(), all->size()));
    const std::size_t first = outcome.items.size();
    std::function<Result<std::vector<BatchItemOutcome>>(Transaction&)> chunk = [all, first, one_work](Transaction& transaction) {
      std::vector<BatchItemOutcome> done;
      const auto started = std::chrono::steady_clock::now();
      for (std::size_t i = first; i < all->size(); ++i) {
        if (!one_work && !done.empty() && std::chrono::steady_clock::now() - started > kChunkTime) break;
        done.push_back(outcome_of(run_item((*all)[i], transaction)));
      }
      return Result<std::vector<BatchItemOutcome>>(std::move(done));
    };
    auto written = co_await ledger_.write<std::vector<BatchItemOutcome>>(context, Priority::Bulk, chunk);
    planning_.forget_spaces();
    if (!written.ok()) co_return std::move(written).error();
    outcome.sequence = written->sequence;
    for (BatchItemOutcome& item : written->value) outcome.items.push_back(std::move(item));
    if (on_progress) on_progress(outcome.items.size());
  }
  co_return outcome;
}

io::Task<Result<BatchOutcome>> PlanBatch::run_atomic(std::shared_ptr<const Items> items, model::ChangeContext context) {
  std::function<Result<std::vector<BatchItemOutcome>>(Transaction&)> work =
      [items](Transaction& transaction) -> Result<std::vector<BatchItemOutcome>> {
    std::vector<BatchItemOutcome> done;
    done.reserve(items->size());
    for (std::size_t i = 0; i < items->size(); ++i) {
      auto item = run_item((*items)[i], transaction);
      if (!item.ok()) return of_item(i, std::move(item).error());
      done.push_back(outcome_of(std::move(item)));
    }
    return done;
  };
  auto written = co_await ledger_.write<std::vector<BatchItemOutcome>>(context, Priority::Bulk, work);
  if (!written.ok()) co_return std::move(written).error();
  BatchOutcome outcome;
  outcome.items = std::move(written->value);
  outcome.sequence = written->sequence;
  co_return outcome;
}

#define IPAM_BATCHED(T)                                                                                                             \
  template Result<BatchItem> creation(const Principal&, T, std::optional<model::Id<model::Range>>);                                 \
  template Result<BatchItem> change(const Principal&, model::Id<T>, std::optional<std::uint64_t>, std::function<Result<void>(T&)>); \
  template Result<BatchItem> removal(const Principal&, model::Id<T>, std::optional<std::uint64_t>, const Release&)
IPAM_BATCHED(model::AddressSpace);
IPAM_BATCHED(model::Block);
IPAM_BATCHED(model::Subnet);
IPAM_BATCHED(model::Range);
IPAM_BATCHED(model::Address);
#undef IPAM_BATCHED

}  // namespace ipam::service

namespace ipam::ledger {
namespace {

using service::BatchItemOutcome;

Error damaged() { return {ErrorCode::Internal, "a kept outcome is damaged"}; }

std::string text_of(const std::vector<store::Value>& cells, std::size_t at) {
  const auto* text = at < cells.size() ? std::get_if<std::string>(&cells[at]) : nullptr;
  return text != nullptr ? *text : std::string();
}

}  // namespace

// "error", code, message, and pointer and message of each field; or "object", type and row; or nothing.
std::string StepText<BatchItemOutcome>::write(const BatchItemOutcome& outcome) {
  std::vector<store::Value> cells;
  if (outcome.error) {
    cells.emplace_back(std::string("error"));
    cells.emplace_back(std::string(error_code_row(outcome.error->code).name));
    cells.emplace_back(outcome.error->message);
    for (const FieldError& field : outcome.error->fields) {
      cells.emplace_back(field.pointer);
      cells.emplace_back(field.message);
    }
  } else if (outcome.object) {
    cells.emplace_back(std::string("object"));
    std::visit(
        [&](const auto& object) {
          using T = std::remove_cvref_t<decltype(object)>;
          cells.emplace_back(std::string(model::type_name<T>()));
          cells.emplace_back(StepText<T>::write(object));
        },
        *outcome.object);
  }
  return write_cells(cells);
}

Result<BatchItemOutcome> StepText<BatchItemOutcome>::read(std::string_view text) {
  const auto cells = IPAM_TRY(read_cells(text));
  BatchItemOutcome outcome;
  if (cells.empty()) return outcome;
  if (text_of(cells, 0) == "error") {
    Error error(error_code_row(text_of(cells, 1)).code, text_of(cells, 2));
    for (std::size_t i = 3; i + 1 < cells.size(); i += 2) error.fields.push_back({text_of(cells, i), text_of(cells, i + 1)});
    outcome.error = std::move(error);
    return outcome;
  }
  std::optional<Error> failed;
  boost::mp11::mp_for_each<boost::mp11::mp_transform<boost::mp11::mp_identity, model::ObjectTypes>>([&](auto type) {
    using T = typename decltype(type)::type;
    if (model::type_name<T>() != text_of(cells, 1)) return;
    auto object = StepText<T>::read(text_of(cells, 2));
    if (object.ok()) outcome.object = std::move(object).value();
    if (!object.ok()) failed = std::move(object).error();
  });
  if (failed) return *std::move(failed);
  if (!outcome.object) return damaged();
  return outcome;
}

}  // namespace ipam::ledger
