// EventHub: the journal and live events, streamed to many watchers from one reading.
//
//   Subscription watcher(hub, principal, after, filter);
//   while (true) {
//     auto piece = co_await watcher.next(deadline);   // at least one event, or DeadlineExceeded / Cancelled
//   }
//
// Order: journal records come by their sequence, each once, without a gap but for those the watcher may not see or did not ask for. A live event
// comes after what was published before it, at most once, and not to a watcher that is more than kLiveRing of them behind. Errors of next:
// DeadlineExceeded, Cancelled; those of the store. Thread rule: the hub from any thread; a subscription on one I/O executor.
#pragma once

#include "io/completion.h"
#include "io/worker_pool.h"
#include "ledger/ledger.h"
#include "service/access/principal.h"

#include <deque>
#include <map>

namespace ipam::service {

// What happens and is not in the journal.
struct LiveEvent {
  std::string type;  // "operation", "task"
  std::string data;  // JSON
  Operation needed;  // what a watcher must be allowed
};

// One event for a watcher: a journal record, or a live event.
struct Event {
  std::shared_ptr<const model::JournalRecord> record;  // shared with the ring and other watchers, as is `live`
  std::shared_ptr<const LiveEvent> live;
};

struct EventPiece {
  std::vector<Event> events;
  // Everything up to here was looked at: where to go on later.
  std::uint64_t sequence = 0;
};

// Which events are wanted. An empty list is any.
struct EventFilter {
  std::vector<std::string> types;  // "change", "operation", "task"
  std::vector<std::string> object_types;
  std::vector<model::ChangeKind> kinds;
  std::vector<std::string> actors;
  std::vector<std::uint64_t> object_ids;
};

// What a principal must be allowed to see changes of such objects.
Operation read_operation_of(std::string_view object_type);

class Subscription;

class EventHub {
 public:
  static constexpr std::size_t kRing = 4096;
  static constexpr std::size_t kLiveRing = 1024;
  static constexpr std::size_t kPiece = 256;  // events given at a time

  EventHub(store::Store& store, ledger::Ledger& ledger, io::WorkerPool& database, io::Executor executor);

  // Follows the ledger until stop(). For the start; the hub must outlive the ledger's writing, because the ledger calls it.
  void start();
  void stop();
  void publish(LiveEvent event);

 private:
  friend class Subscription;
  struct State {
    std::deque<std::shared_ptr<const model::JournalRecord>> ring;
    std::uint64_t known = 0;  // sequence of the newest record in the ring, or up to which it was left empty
    std::deque<std::shared_ptr<const LiveEvent>> live;
    std::uint64_t live_count = 0;  // ever published; the last of them is live.back()
    std::map<const Subscription*, io::Completion<void>> waiting;
    io::Completion<void> wake;  // of the follower
    bool wake_wanted = false;
    std::size_t watchers = 0;
    bool stopping = false;
  };

  io::Task<void> follow();
  // Reads what is new into the ring. False: nothing was.
  io::Task<Result<bool>> read_on();
  void wake_follower();
  void wake_watchers();

  store::Store& store_;
  ledger::Ledger& ledger_;
  io::WorkerPool& database_;
  const io::Executor executor_;
  Guarded<State> state_;
};

class Subscription {
 public:
  // Goes on after the record `after`.
  Subscription(EventHub& hub, Principal principal, std::uint64_t after, EventFilter filter);
  ~Subscription();
  Subscription(const Subscription&) = delete;
  Subscription& operator=(const Subscription&) = delete;

  io::Task<Result<EventPiece>> next(io::Deadline deadline);
  std::uint64_t sequence() const { return sequence_; }
  // The group may have changed meanwhile.
  void set_principal(Principal principal) { principal_ = std::move(principal); }

 private:
  bool wants(const model::JournalRecord& record) const;
  bool wants(const LiveEvent& event) const;
  // What is there already, without the database. True: something was looked at.
  bool take_ready(EventPiece& piece);
  io::Task<Result<void>> read_behind(EventPiece* piece);

  EventHub& hub_;
  Principal principal_;
  std::uint64_t sequence_;
  std::uint64_t live_seen_;
  const EventFilter filter_;
};

}  // namespace ipam::service
