// Ledger: the one writer of a node. Requests queue; the writer runs as many as there are against one batch, commits the batch once (group commit),
// publishes it to the index, and answers all. So a durable write costs a share of one commit, and two requests never get the same address.
//
// A request is acknowledged only when it is durable. A batch that the database refuses is dropped and, when the fault may lie with one request,
// repeated one by one; when the database itself is unavailable, all of the batch are answered so. Interactive requests go before bulk ones, but of
// eight batches at least one takes a bulk request along, so that no steady load holds a collection up for ever.
//
// Where several nodes share the database (store/change_feed.h), each batch is made on the newest commit of all nodes: it first takes into the index
// what the others committed, and when another was faster it is made anew, the second time while this node has the turn, so that two busy nodes do not
// starve each other. A thread follows the feed, so that an idle node stays current too. A node that is too far behind loads its index anew.
//
// A context with an Exchange (exchange.h) makes a request a dry run, or keeps its steps. A work of such a request that hands something out beside its
// answer does so only when it runs: what is needed after a repetition must be the answer of write().
//
// Errors of a request: its own; Overloaded (queue full), Unavailable (database), Cancelled (the server stops), Internal (it threw).
// Thread rule: every member from any thread; work runs on the writer thread and must not block on anything but the transaction.
#pragma once

#include "io/completion.h"
#include "io/task.h"
#include "ledger/step_text.h"
#include "ledger/transaction.h"
#include "store/change_feed.h"

#include <condition_variable>
#include <deque>
#include <thread>

namespace ipam::ledger {

// Proof of a durable write: the sequence of the request's last journal record (of the newest record before it, if it wrote none).
struct Receipt {
  std::uint64_t sequence = 0;
};

using Work = std::function<Result<void>(Transaction&)>;

// Told of the sequence of the newest published journal record whenever it has moved.
using SequenceObserver = std::function<void(std::uint64_t sequence)>;

// What a durable write made, and the sequence that proves it.
template <class T>
struct Written {
  T value;
  std::uint64_t sequence = 0;
};
enum class Priority { Interactive, Bulk };

struct LedgerOptions {
  std::size_t max_queue = 10'000;
  std::size_t max_batch = 512;
  Duration max_batch_work = std::chrono::milliseconds(20);
  // How long a batch may wait for more of the requests that are known to be coming (never when clients come one at a time).
  Duration gather = std::chrono::milliseconds(2);
};

struct LedgerStatistics {
  std::uint64_t requests = 0;
  std::uint64_t commits = 0;
  std::uint64_t failed_commits = 0;
  std::uint64_t overtaken = 0;  // batches made anew because another node was faster
  std::uint64_t foreign = 0;    // commits of other nodes taken into the index
  std::uint64_t reloads = 0;    // of the whole index
};

class Ledger {
 public:
  // Reads where the journal stands. The index must hold what the store holds (load_index).
  static Result<std::unique_ptr<Ledger>> open(store::Store& store, occupancy::Index& index, const Clock& clock, const LedgerOptions& options = {});
  // Finishes what is queued.
  ~Ledger();

  // Ends when the work is durable or refused. A caller that is cancelled meanwhile does not stop the work.
  // Context and work must stand in variables (the work is taken out of its one): GCC 12 destroys twice what is written inside a co_await expression
  // (see io/task.h), so nothing else compiles.
  io::Task<Result<Receipt>> commit(const model::ChangeContext& context, Priority priority, Work& work);
  io::Task<Result<Receipt>> commit(model::ChangeContext&& context, Priority priority, Work& work) = delete;
  // For facts and bookkeeping, which leave no journal record.
  io::Task<Result<Receipt>> commit(Priority priority, Work& work);
  // The same for work that answers a value: `work(Transaction&)` is a Result<T>.
  template <class T>
  io::Task<Result<Written<T>>> write(const model::ChangeContext& context, Priority priority, std::function<Result<T>(Transaction&)>& work) {
    return write_by_value<T>(context, priority, std::move(work));
  }
  template <class T>
  io::Task<Result<Written<T>>> write(model::ChangeContext&& context, Priority priority, std::function<Result<T>(Transaction&)>& work) = delete;
  // The same for a thread that may block. Never from the writer thread.
  Result<Receipt> commit_and_wait(model::ChangeContext context, Priority priority, Work work);

  // Sequence of the newest durable journal record.
  std::uint64_t sequence() const { return sequence_.load(std::memory_order_acquire); }
  LedgerStatistics statistics() const;
  // Ends when this node holds (in its index and for its readers) everything up to this sequence. Errors: Unavailable when it does not in time.
  io::Task<Result<void>> wait_for(std::uint64_t sequence, io::Deadline deadline);
  // `call` is told of the tables that another node has changed, after the index follows; an empty list stands for all. On the ledger's thread: it
  // must be quick and not use the ledger. For the start, before there are requests; whoever is called outlives the ledger or is there until stop().
  void on_foreign_commit(std::function<void(const std::vector<std::string>& tables)> call);
  // Calls `observer` after each publishing that moved sequence(), on the thread that published: whoever committed, this node or (where several share
  // a database) another one. It must be quick, may not wait for the ledger, and is called until the ledger is destroyed.
  void on_sequence(SequenceObserver observer);

  // Answers every further request with Cancelled, finishes what is queued, stops the writer. Idempotent.
  void stop();

 private:
  // Called once, on the writer thread, after the commit.
  using Done = std::function<void(Result<Receipt>, io::CompletionBatch&)>;

  struct Request {
    model::ChangeContext context;
    Work work;
    Done done;
  };
  struct Queue {
    std::deque<Request> interactive;
    std::deque<Request> bulk;
    bool stopping = false;
    bool news = false;  // another node may have committed
    std::size_t size() const { return interactive.size() + bulk.size(); }
  };
  struct Answer {
    Done done;
    Result<Receipt> result;
  };

  Ledger(store::Store& store, occupancy::Index& index, const Clock& clock, const LedgerOptions& options, Position position);
  io::Task<Result<Receipt>> commit_by_value(model::ChangeContext context, Priority priority, Work work);
  template <class T>
  io::Task<Result<Written<T>>> write_by_value(model::ChangeContext context, Priority priority, std::function<Result<T>(Transaction&)> work) {
    const auto exchange = Exchange::of(context);
    if (exchange && exchange->keeps()) {
      if constexpr (Keepable<T>) {
        if (const auto known = exchange->take_known()) {
          IPAM_CO_TRY(T value, StepText<T>::read(known->value));
          Written<T> again;
          again.value = std::move(value);
          again.sequence = known->sequence;
          co_return again;
        }
      } else {
        co_return Error(ErrorCode::Unsupported, "this request cannot be kept under an Idempotency-Key; send it without one");
      }
    }
    // Shared with the work, which goes on when this coroutine is cancelled.
    auto made = std::make_shared<std::optional<T>>();
    Work keep = [made, work = std::move(work)](Transaction& transaction) -> Result<void> {
      made->emplace(IPAM_TRY(work(transaction)));
      return {};
    };
    std::function<std::string()> text;
    if constexpr (Keepable<T>) text = [made] { return StepText<T>::write(**made); };
    auto receipt = co_await commit_step(context, priority, std::move(keep), std::move(text));
    if (!receipt.ok()) co_return std::move(receipt).error();
    Written<T> written;
    written.value = std::move(**made);
    written.sequence = receipt->sequence;
    co_return written;
  }
  void start();
  // Commits the work; as a step with this text where the request keeps its steps.
  io::Task<Result<Receipt>> commit_step(model::ChangeContext context, Priority priority, Work work, std::function<std::string()> text);
  io::Task<Result<Receipt>> commit_plainly(model::ChangeContext context, Priority priority, Work work);
  // Publishes the position that was reached.
  void set_sequence(std::uint64_t sequence);
  void submit(model::ChangeContext context, Priority priority, Work work, Done done);
  void run();
  std::vector<Request> take_requests();
  // Runs the requests as one batch; answers what to tell each.
  std::vector<Answer> run_batch(std::vector<Request> requests);
  Result<std::vector<Result<Receipt>>> try_batch(std::vector<Request>& requests, std::size_t first, std::size_t count);
  // The same on the newest commit that is known now; Stale when it no longer is the newest. `turn`: this node's, if it has it.
  Result<std::vector<Result<Receipt>>> make_batch(std::vector<Request>& requests, std::size_t first, std::size_t count, store::Turn* turn);
  Result<void> commit_batch(Batch& batch, store::Turn* turn);
  void set_position(const Position& position);

  // ---- other nodes (ledger_feed.cpp) ----
  // Takes what `reader` sees of other nodes' commits into the index.
  Result<void> catch_up(store::Reader& reader);
  Result<void> take_entries(store::Reader& reader, std::uint64_t until);
  Result<void> reload(store::Reader& reader, const std::string& why);
  void tell_watchers(const std::vector<std::string>& tables);
  void look_for_news();
  void tell_news();
  void wake_waiters();
  void follow(const std::stop_token& stop);

  struct Waiting {
    std::uint64_t sequence = 0;
    io::Deadline::TimePoint until;
    io::Completion<void> completion;
  };
  using Watchers = std::vector<std::function<void(const std::vector<std::string>&)>>;

  store::Store& store_;
  store::ChangeFeed* const feed_;  // null: this process is alone with its database
  occupancy::Index& index_;
  const Clock& clock_;
  const LedgerOptions options_;
  Guarded<Queue> queue_;
  std::condition_variable arrived_;
  std::atomic<std::uint64_t> sequence_;
  Guarded<LedgerStatistics> statistics_;
  Guarded<std::vector<SequenceObserver>> observers_;
  Position position_;               // writer thread only
  std::size_t recent_clients_ = 0;  // writer thread only: how many requests were under way when the last batch was answered
  std::size_t passed_over_ = 0;     // writer thread only: batches in a row that left bulk requests waiting
  std::size_t crowded_ = 0;         // writer thread only: so many batches more take the turn first
  Guarded<std::vector<Waiting>> waiting_;
  Guarded<Watchers> watchers_;
  std::once_flag stopped_;
  std::thread writer_;
  std::jthread follower_;
};

// Fills an empty index with what the store holds, and says how far in the feed that is. Errors: Unavailable, Internal.
Result<void> load_index(store::Store& store, occupancy::Index& index);
Result<void> load_index(store::Reader& reader, occupancy::Index& index);

// Where the journal stands for this reader. Errors: Internal.
Result<Position> read_position(store::Reader& reader);

// Whether the journal's chain is whole; the error names the first record that is not as it was written.
Result<void> verify_journal(store::Reader& reader);
// The same from `verified` on, for at most so many records; it is moved to the last good one. Answers whether there are more.
Result<bool> verify_journal(store::Reader& reader, Position& verified, std::size_t limit);
// The same for the one record that comes after `verified`.
Result<void> verify_record(const model::JournalRecord& record, Position& verified);

}  // namespace ipam::ledger
