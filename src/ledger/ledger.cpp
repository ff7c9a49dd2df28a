#include "ledger/ledger.h"

#include "base/log.h"
#include "ledger/feed_content.h"

#include <fmt/format.h>

#include <future>

namespace ipam::ledger {
namespace {

// Of so many batches one takes a bulk request along, however many interactive ones wait.
constexpr std::size_t kBulkTurn = 8;
// After another node was faster, so many batches take the turn before they begin.
constexpr std::size_t kCrowded = 8;

// Whether a failed commit may be the fault of one request of the batch, so that the others deserve a try of their own.
bool may_be_one_request(const Error& error) {
  return error.code == ErrorCode::AlreadyExists || error.code == ErrorCode::Conflict || error.code == ErrorCode::InvalidArgument ||
         error.code == ErrorCode::Internal;
}

Result<void> run_work(const Work& work, Transaction& transaction) {
  try {
    return work(transaction);
  } catch (const std::exception& exception) {
    return Error(ErrorCode::Internal, "the request failed inside the server", exception.what());
  } catch (...) {
    return Error(ErrorCode::Internal, "the request failed inside the server", "it threw what is no std::exception");
  }
}

}  // namespace

Result<Position> read_position(store::Reader& reader) {
  Position position;
  const auto newest = IPAM_TRY(store::list<model::JournalRecord>(reader, {.sort = {{.column = "sequence", .descending = true}}, .limit = 1}));
  if (!newest.items.empty()) {
    const model::JournalRecord& record = newest.items.front();
    position.sequence = record.sequence;
    if (record.chain.size() != position.chain.size()) return Error(ErrorCode::Internal, "the journal's newest record is damaged");
    std::copy(record.chain.begin(), record.chain.end(), position.chain.begin());
  }
  return position;
}

Result<std::unique_ptr<Ledger>> Ledger::open(store::Store& store, occupancy::Index& index, const Clock& clock, const LedgerOptions& options) {
  const auto reader = IPAM_TRY(store.open_reader());
  const Position position = IPAM_TRY(read_position(*reader));
  std::unique_ptr<Ledger> ledger(new Ledger(store, index, clock, options, position));
  // What other nodes have committed since the index was loaded.
  IPAM_TRY(ledger->catch_up(*reader));
  ledger->start();
  return ledger;
}

Ledger::Ledger(store::Store& store, occupancy::Index& index, const Clock& clock, const LedgerOptions& options, Position position)
    : store_(store), feed_(store.feed()), index_(index), clock_(clock), options_(options), sequence_(position.sequence), position_(position) {}

void Ledger::start() {
  writer_ = std::thread([this] { run(); });
  if (feed_ != nullptr) follower_ = std::jthread([this](const std::stop_token& stop) { follow(stop); });
}

Ledger::~Ledger() { stop(); }

void Ledger::stop() {
  std::call_once(stopped_, [this] {
    queue_.lock()->stopping = true;
    arrived_.notify_all();
    if (writer_.joinable()) writer_.join();
    if (follower_.joinable()) {
      follower_.request_stop();
      follower_.join();
    }
  });
}

void Ledger::submit(model::ChangeContext context, Priority priority, Work work, Done done) {
  std::optional<Error> refused;
  {
    auto queue = queue_.lock();
    if (queue->stopping) {
      refused = Error(ErrorCode::Cancelled, "the server is stopping; nothing was changed");
    } else if (queue->size() >= options_.max_queue) {
      refused = Error(ErrorCode::Overloaded, "too many changes are waiting; nothing was changed. Try again in a moment");
    } else {
      auto& line = priority == Priority::Interactive ? queue->interactive : queue->bulk;
      line.push_back({std::move(context), std::move(work), std::move(done)});
    }
  }
  if (refused) {
    io::CompletionBatch answers;
    return done(*std::move(refused), answers);
  }
  arrived_.notify_one();
}

io::Task<Result<Receipt>> Ledger::commit(const model::ChangeContext& context, Priority priority, Work& work) {
  return commit_by_value(context, priority, std::move(work));
}

io::Task<Result<Receipt>> Ledger::commit(Priority priority, Work& work) { return commit_by_value({}, priority, std::move(work)); }

io::Task<Result<Receipt>> Ledger::commit_by_value(model::ChangeContext context, Priority priority, Work work) {
  if (const auto exchange = Exchange::of(context)) {
    if (const auto known = exchange->take_known()) co_return Receipt{known->sequence};
  }
  std::function<std::string()> no_text;
  co_return co_await commit_step(std::move(context), priority, std::move(work), std::move(no_text));
}

io::Task<Result<Receipt>> Ledger::commit_step(model::ChangeContext context, Priority priority, Work work, std::function<std::string()> text) {
  const auto exchange = Exchange::of(context);
  if (!exchange || !exchange->keeps()) co_return co_await commit_plainly(std::move(context), priority, std::move(work));
  auto step = std::make_shared<Step>();  // shared with the work
  Work kept = [exchange, step, text = std::move(text), work = std::move(work)](Transaction& transaction) -> Result<void> {
    IPAM_TRY(work(transaction));
    *step = {text ? text() : std::string(), transaction.sequence()};
    exchange->keep(transaction, *step);
    return {};
  };
  auto receipt = co_await commit_plainly(std::move(context), priority, std::move(kept));
  if (receipt.ok()) exchange->kept(*step);
  co_return receipt;
}

io::Task<Result<Receipt>> Ledger::commit_plainly(model::ChangeContext context, Priority priority, Work work) {
  const io::Completion<Receipt> completion;
  submit(std::move(context), priority, std::move(work),
         [completion](Result<Receipt> result, io::CompletionBatch& answers) { answers.complete(completion, std::move(result)); });
  co_return co_await completion.wait();
}

Result<Receipt> Ledger::commit_and_wait(model::ChangeContext context, Priority priority, Work work) {
  std::promise<Result<Receipt>> promise;
  auto future = promise.get_future();
  submit(std::move(context), priority, std::move(work), [&](Result<Receipt> result, io::CompletionBatch&) { promise.set_value(std::move(result)); });
  return future.get();
}

LedgerStatistics Ledger::statistics() const { return *statistics_.lock(); }

void Ledger::on_sequence(SequenceObserver observer) { observers_.lock()->push_back(std::move(observer)); }

void Ledger::set_sequence(std::uint64_t sequence) {
  if (sequence_.exchange(sequence, std::memory_order_acq_rel) == sequence) return;
  for (const SequenceObserver& observer : *observers_.lock()) observer(sequence);
}

void Ledger::run() {
  while (true) {
    std::vector<Request> requests = take_requests();
    if (requests.empty()) {
      if (queue_.lock()->stopping) return;
      look_for_news();
      continue;
    }
    std::vector<Answer> answers = run_batch(std::move(requests));
    recent_clients_ = answers.size() + queue_.lock()->interactive.size();
    io::CompletionBatch together;
    for (Answer& answer : answers) answer.done(std::move(answer.result), together);
  }
}

std::vector<Ledger::Request> Ledger::take_requests() {
  auto queue = queue_.lock();
  arrived_.wait(queue.raw(), [&] { return queue->size() > 0 || queue->stopping || queue->news; });
  queue->news = false;  // a batch begins with the news
  if (queue->size() == 0) return {};
  // Half of those that were under way last time have probably not all come back yet: waiting for them a moment shares the commit among more.
  const std::size_t wanted = std::min(recent_clients_ / 2, options_.max_batch);
  if (wanted > 1 && options_.gather.count() > 0) {
    arrived_.wait_for(queue.raw(), options_.gather, [&] { return queue->interactive.size() >= wanted || !queue->bulk.empty() || queue->stopping; });
  }
  std::vector<Request> taken;
  for (auto* line : {&queue->interactive, &queue->bulk}) {
    // Bulk requests are chunks of up to 20 ms each: one at a time, so that no interactive request waits behind two.
    const bool bulk_turn = taken.empty() || passed_over_ + 1 >= kBulkTurn;
    const std::size_t limit = line == &queue->interactive ? options_.max_batch : bulk_turn ? 1 : 0;
    for (std::size_t i = 0; i < limit && !line->empty(); ++i) {
      taken.push_back(std::move(line->front()));
      line->pop_front();
    }
    if (line == &queue->bulk) passed_over_ = bulk_turn || line->empty() ? 0 : passed_over_ + 1;
  }
  return taken;
}

std::vector<Ledger::Answer> Ledger::run_batch(std::vector<Request> requests) {
  std::vector<Answer> answers;
  answers.reserve(requests.size());
  const auto answer = [&](std::size_t i, Result<Receipt> result) { answers.push_back({std::move(requests[i].done), std::move(result)}); };
  std::size_t first = 0;
  while (first < requests.size()) {
    const std::size_t count = requests.size() - first;
    auto results = try_batch(requests, first, count);
    if (results.ok()) {
      for (Result<Receipt>& result : *results) answer(first++, std::move(result));
      continue;
    }
    log::warning("IPAM-3002 commit failed", {{"requests", count}, {"error", results.error().describe()}});
    if (count == 1 || !may_be_one_request(results.error())) {
      while (first < requests.size()) answer(first++, results.error());
      break;
    }
    for (; first < requests.size(); ++first) {
      auto alone = try_batch(requests, first, 1);
      answer(first, alone.ok() ? std::move(alone->front()) : Result<Receipt>(alone.error()));
    }
  }
  return answers;
}

// Answers the results of the first requests that fitted into the time of one batch (at least one), all committed; or why nothing was.
Result<std::vector<Result<Receipt>>> Ledger::try_batch(std::vector<Request>& requests, std::size_t first, std::size_t count) {
  if (crowded_ == 0) {
    auto results = make_batch(requests, first, count, nullptr);
    if (results.ok() || results.error().code != ErrorCode::Stale) return results;
    ++statistics_.lock()->overtaken;
    crowded_ = kCrowded;
  }
  const std::uint64_t before = index_.position();
  const auto turn = IPAM_TRY(feed_->take_turn());
  auto results = make_batch(requests, first, count, turn.get());
  // Alone again for a while: then waiting for a turn would be for nothing.
  crowded_ = index_.position() > before + 1 ? kCrowded : crowded_ - 1;
  return results;
}

Result<std::vector<Result<Receipt>>> Ledger::make_batch(std::vector<Request>& requests, std::size_t first, std::size_t count, store::Turn* turn) {
  const auto reader = IPAM_TRY(store_.open_reader());
  IPAM_TRY(catch_up(*reader));
  Batch batch(*reader, index_, position_, clock_.now());
  std::vector<Result<Receipt>> results;
  std::vector<std::pair<std::shared_ptr<Exchange>, std::vector<model::JournalRecord>>> dry_runs;
  const auto started = std::chrono::steady_clock::now();
  for (std::size_t i = first; i < first + count; ++i) {
    if (i > first && std::chrono::steady_clock::now() - started > options_.max_batch_work) break;
    const Batch::Mark mark = batch.mark();
    Transaction transaction(batch, requests[i].context);
    if (auto done = run_work(requests[i].work, transaction); done.ok()) {
      if (Exchange::is_dry_run(requests[i].context)) {
        batch.roll_back(mark);
        dry_runs.emplace_back(Exchange::of(requests[i].context), transaction.take_records());
      }
      results.emplace_back(Receipt{batch.position().sequence});
    } else {
      batch.roll_back(mark);
      if (done.error().code == ErrorCode::Internal)
        log::error("IPAM-3003 change failed", {{"request_id", requests[i].context.request_id}, {"error", done.error().describe()}});
      results.emplace_back(std::move(done).error());
    }
  }
  const bool writes = !batch.writes().operations.empty();
  if (writes) IPAM_TRY(commit_batch(batch, turn));
  set_position(batch.position());
  for (auto& [exchange, records] : dry_runs) exchange->add_would_be(std::move(records));
  auto statistics = statistics_.lock();
  statistics->requests += results.size();
  statistics->commits += writes ? 1 : 0;
  return results;
}

Result<void> Ledger::commit_batch(Batch& batch, store::Turn* turn) {
  Result<void> committed;
  store::FeedEntry entry;
  if (feed_ == nullptr) {
    committed = store_.commit(batch.writes());
  } else {
    entry.position = index_.position() + 1;
    entry.sequence = batch.position().sequence;
    entry.content = write_feed_content(batch.writes(), batch.index().deltas());
    committed = turn != nullptr ? turn->commit(batch.writes(), entry) : feed_->commit(batch.writes(), entry);
  }
  if (!committed.ok()) {
    if (committed.error().code == ErrorCode::Stale) return committed;
    // The answer may be lost and the commit done: ids that the batch has given are not given again.
    const Position& used = batch.position();
    position_.next_id = used.ids_end == position_.ids_end ? used.next_id : position_.ids_end;
    ++statistics_.lock()->failed_commits;
    return committed;
  }
  index_.publish(batch.index());
  if (feed_ != nullptr) index_.set_position(entry.position);
  return {};
}

void Ledger::set_position(const Position& position) {
  const bool moved = position.sequence != position_.sequence;
  position_ = position;
  if (!moved) return;
  set_sequence(position.sequence);
  wake_waiters();
}

Result<bool> verify_journal(store::Reader& reader, Position& verified, std::size_t limit) {
  const store::Query next{.where = {{"sequence", store::Comparison::Greater, store::to_value(verified.sequence)}}, .limit = limit};
  const auto page = IPAM_TRY(store::list<model::JournalRecord>(reader, next));
  for (const model::JournalRecord& record : page.items) IPAM_TRY(verify_record(record, verified));
  return !page.next_cursor.empty();
}

Result<void> verify_record(const model::JournalRecord& record, Position& verified) {
  // A restore goes on above the sequences of the database that it replaces; its record is a link like any other, so that nothing can hide in the gap.
  const bool may_leave_gap = record.object_type == model::type_name<model::Restoration>() && record.sequence > verified.sequence;
  if (record.sequence != verified.sequence + 1 && !may_leave_gap) {
    return Error(ErrorCode::FailedPrecondition, fmt::format("the journal has no record {}: records were removed", verified.sequence + 1));
  }
  const crypto::Digest chain = crypto::chain(verified.chain, as_bytes(chained_text(record)));
  if (!std::equal(record.chain.begin(), record.chain.end(), chain.begin(), chain.end())) {
    return Error(ErrorCode::FailedPrecondition, fmt::format("journal record {} is not as it was written", record.sequence));
  }
  verified.sequence = record.sequence;
  verified.chain = chain;
  return {};
}

Result<void> verify_journal(store::Reader& reader) {
  constexpr std::size_t kRecordsAStep = 10'000;
  Position verified;
  while (IPAM_TRY(verify_journal(reader, verified, kRecordsAStep))) {
  }
  return {};
}

}  // namespace ipam::ledger
