#include "service/feed/event_hub.h"

#include "base/log.h"
#include "io/sleep.h"

#include <algorithm>

namespace ipam::service {
namespace {

using model::JournalRecord;

constexpr Duration kRetry = std::chrono::seconds(1);

Result<std::vector<JournalRecord>> read_page(store::Store& store, std::uint64_t after, std::size_t limit) {
  const auto reader = IPAM_TRY(store.open_reader());
  store::Query query;
  query.where.push_back({"sequence", store::Comparison::Greater, store::to_value(after)});
  query.sort.push_back({"sequence", false});
  query.limit = limit;
  return IPAM_TRY(store::list<JournalRecord>(*reader, query)).items;
}

template <class T, class U>
bool any_or_contains(const std::vector<T>& wanted, const U& value) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

}  // namespace

Operation read_operation_of(std::string_view object_type) {
  for (const char* planned : {"address_space", "block", "subnet", "range", "address"}) {
    if (object_type == planned) return Operation::ReadAddressPlan;
  }
  if (object_type.starts_with("custom_field") || object_type == "logical_group" || object_type == "quota") return Operation::ReadAddressPlan;
  if (object_type == "managed_server" || object_type == "server_access" || object_type.starts_with("dns_")) return Operation::ReadServers;
  if (object_type == "discovery_target" || object_type == "discovery_domain") return Operation::ReadDiscovery;
  if (object_type == "credential") return Operation::ReadCredentials;
  if (object_type.starts_with("dhcp_")) return Operation::ReadDhcp;
  if (object_type == "user" || object_type == "token") return Operation::ManageUsers;
  return Operation::ReadJournal;
}

EventHub::EventHub(store::Store& store, ledger::Ledger& ledger, io::WorkerPool& database, io::Executor executor)
    : store_(store), ledger_(ledger), database_(database), executor_(std::move(executor)) {
  state_.lock()->known = ledger.sequence();
}

void EventHub::start() {
  ledger_.on_sequence([this](std::uint64_t /*sequence*/) { wake_follower(); });
  io::spawn(executor_, follow(), "the event hub");
}

void EventHub::stop() {
  state_.lock()->stopping = true;
  wake_follower();
}

void EventHub::publish(LiveEvent event) {
  {
    auto state = state_.lock();
    if (state->watchers == 0) return;
    state->live.push_back(std::make_shared<const LiveEvent>(std::move(event)));
    ++state->live_count;
    if (state->live.size() > kLiveRing) state->live.pop_front();
  }
  wake_watchers();
}

void EventHub::wake_follower() {
  io::Completion<void> wake;
  {
    auto state = state_.lock();
    if (state->watchers == 0 && !state->stopping) return;
    state->wake_wanted = true;
    wake = state->wake;
  }
  wake.complete(Result<void>());
}

void EventHub::wake_watchers() {
  std::map<const Subscription*, io::Completion<void>> waiting;
  waiting.swap(state_.lock()->waiting);
  io::CompletionBatch together;
  for (const auto& [watcher, news] : waiting) together.complete(news, Result<void>());
}

io::Task<void> EventHub::follow() {
  while (true) {
    io::Completion<void> wake;
    bool wait = false;
    {
      auto state = state_.lock();
      if (state->stopping) break;
      wait = !std::exchange(state->wake_wanted, false);
      if (wait) state->wake = wake;
    }
    if (wait) {
      (void)co_await wake.wait();
      continue;
    }
    while (true) {
      const auto more = co_await read_on();
      if (!more.ok()) {
        log::warning("IPAM-3008 the journal cannot be followed", {{"error", more.error().describe()}});
        if (state_.lock()->stopping) break;
        (void)co_await io::sleep_for(kRetry, io::Deadline::never());
        continue;
      }
      if (!*more) break;
    }
  }
  wake_watchers();
}

io::Task<Result<bool>> EventHub::read_on() {
  const std::uint64_t newest = ledger_.sequence();
  std::uint64_t after = 0;
  {
    auto state = state_.lock();
    // While nobody watched the ring was left behind; what is older than it is read from the database by whoever wants it.
    if (newest > state->known + kRing) {
      state->ring.clear();
      state->known = newest - kRing;
    }
    after = state->known;
  }
  if (newest <= after) co_return false;
  const auto read = [this, after] { return read_page(store_, after, kRing); };
  IPAM_CO_TRY(auto records, co_await database_.run(read));
  {
    auto state = state_.lock();
    for (JournalRecord& record : records) {
      state->known = record.sequence;
      state->ring.push_back(std::make_shared<const JournalRecord>(std::move(record)));
      if (state->ring.size() > kRing) state->ring.pop_front();
    }
  }
  wake_watchers();
  co_return !records.empty();
}

Subscription::Subscription(EventHub& hub, Principal principal, std::uint64_t after, EventFilter filter)
    : hub_(hub), principal_(std::move(principal)), sequence_(after), live_seen_(0), filter_(std::move(filter)) {
  {
    auto state = hub_.state_.lock();
    ++state->watchers;
    live_seen_ = state->live_count;
  }
  hub_.wake_follower();
}

Subscription::~Subscription() {
  auto state = hub_.state_.lock();
  state->waiting.erase(this);
  if (--state->watchers > 0) return;
  // The last one turns off the light: nothing is kept up to date for nobody.
  state->known = std::max(state->known, hub_.ledger_.sequence());
  state->ring.clear();
  state->live.clear();
}

bool Subscription::wants(const JournalRecord& record) const {
  if (!may(principal_.access_group, read_operation_of(record.object_type))) return false;
  return any_or_contains(filter_.types, "change") && any_or_contains(filter_.object_types, record.object_type) &&
         any_or_contains(filter_.kinds, record.kind) && any_or_contains(filter_.actors, record.actor) &&
         any_or_contains(filter_.object_ids, record.object_id);
}

bool Subscription::wants(const LiveEvent& event) const {
  // Filters of changes say that changes are wanted.
  const bool of_changes = !filter_.object_types.empty() || !filter_.kinds.empty() || !filter_.actors.empty() || !filter_.object_ids.empty();
  return may(principal_.access_group, event.needed) && any_or_contains(filter_.types, event.type) && (!of_changes || !filter_.types.empty());
}

bool Subscription::take_ready(EventPiece& piece) {
  auto state = hub_.state_.lock();
  bool looked = false;
  const std::uint64_t first_live = state->live_count - state->live.size();
  for (live_seen_ = std::max(live_seen_, first_live); live_seen_ < state->live_count && piece.events.size() < EventHub::kPiece; ++live_seen_) {
    const auto& event = state->live[static_cast<std::size_t>(live_seen_ - first_live)];
    if (wants(*event)) piece.events.push_back({nullptr, event});
    looked = true;
  }
  if (state->ring.empty() || sequence_ + 1 < state->ring.front()->sequence) return looked;
  // Found by its number, not counted: after a restore the numbers go on further up.
  auto next = std::upper_bound(state->ring.begin(), state->ring.end(), sequence_,
                               [](std::uint64_t sequence, const auto& record) { return sequence < record->sequence; });
  for (; next != state->ring.end() && piece.events.size() < EventHub::kPiece; ++next) {
    if (wants(**next)) piece.events.push_back({*next, nullptr});
    sequence_ = (*next)->sequence;
    looked = true;
  }
  return looked;
}

io::Task<Result<void>> Subscription::read_behind(EventPiece* piece) {
  store::Store* const store = &hub_.store_;
  const std::uint64_t after = sequence_;
  const auto read = [store, after] { return read_page(*store, after, EventHub::kPiece); };
  IPAM_CO_TRY(auto records, co_await hub_.database_.run(read));
  for (JournalRecord& record : records) {
    sequence_ = record.sequence;
    if (wants(record)) piece->events.push_back({std::make_shared<const JournalRecord>(std::move(record)), nullptr});
  }
  co_return Result<void>();
}

io::Task<Result<EventPiece>> Subscription::next(io::Deadline deadline) {
  EventPiece piece;
  while (true) {
    io::Completion<void> news;
    bool behind = false, stopping = false;
    {
      auto state = hub_.state_.lock();
      stopping = state->stopping;
      // Older than the ring; what is newer than it the follower is about to read.
      const std::uint64_t ring_begins = state->ring.empty() ? state->known + 1 : state->ring.front()->sequence;
      behind = sequence_ + 1 < ring_begins;
      const bool nothing = !behind && sequence_ >= state->known && live_seen_ >= state->live_count;
      if (nothing) state->waiting.insert_or_assign(this, news);
      if (!nothing) news.complete(Result<void>());
    }
    if (stopping) co_return Error(ErrorCode::Cancelled, "the server is stopping");
    if (behind) {
      IPAM_CO_CHECK(co_await read_behind(&piece));
    } else {
      take_ready(piece);
    }
    piece.sequence = sequence_;
    if (!piece.events.empty()) co_return piece;
    if (deadline.verdict()) co_return deadline.check("events").error();
    IPAM_CO_CHECK(co_await news.wait(deadline));
  }
}

}  // namespace ipam::service
