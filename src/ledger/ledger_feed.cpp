// The part of the ledger that keeps up with other nodes on the same database.
#include "base/log.h"
#include "ledger/feed_content.h"
#include "ledger/ledger.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::ledger {
namespace {

// How often the feed is looked at when nobody tells of a commit.
constexpr Duration kPoll = std::chrono::seconds(2);
constexpr Duration kFirstPause = std::chrono::milliseconds(100);
constexpr Duration kLongestPause = std::chrono::seconds(5);

// Whether the journal that the reader sees goes on from this position: its chain tells also when the database went back and on again by another way.
Result<bool> continues(store::Reader& reader, const Position& position) {
  if (position.sequence == 0) return true;
  const auto record = IPAM_TRY(
      store::find_where<model::JournalRecord>(reader, {{"sequence", store::Comparison::Equal, static_cast<std::int64_t>(position.sequence)}}));
  return record && std::equal(record->chain.begin(), record->chain.end(), position.chain.begin(), position.chain.end());
}

}  // namespace

Result<void> Ledger::catch_up(store::Reader& reader) {
  if (feed_ == nullptr) return {};
  const std::uint64_t until = IPAM_TRY(store::ChangeFeed::position(reader));
  const std::uint64_t from = index_.position();
  if (until == from) return {};
  if (until < from || !IPAM_TRY(continues(reader, position_))) {
    IPAM_TRY(reload(reader, "the database went back: it was restored, or another server took its place"));
  } else {
    IPAM_TRY(take_entries(reader, until));
  }
  Position position = IPAM_TRY(read_position(reader));
  position.next_id = position_.next_id;
  position.ids_end = position_.ids_end;
  set_position(position);
  return {};
}

Result<void> Ledger::take_entries(store::Reader& reader, std::uint64_t until) {
  std::vector<std::string> tables;
  std::optional<std::string> problem;
  std::uint64_t taken = 0;
  IPAM_TRY(store::for_each<store::FeedEntry>(reader,
                                             {.where = {{"position", store::Comparison::Greater, static_cast<std::int64_t>(index_.position())}}},
                                             [&](store::FeedEntry entry) -> Result<bool> {
                                               if (entry.position != index_.position() + 1) {
                                                 problem = "it was away for longer than the feed reaches back";
                                                 return false;
                                               }
                                               auto content = read_feed_content(entry.content);
                                               if (!content.ok()) {
                                                 problem = content.error().message;
                                                 return false;
                                               }
                                               try {
                                                 index_.publish(content->deltas);
                                               } catch (const LogicError& refused) {
                                                 problem = refused.what();
                                                 return false;
                                               }
                                               index_.set_position(entry.position);
                                               ++taken;
                                               for (std::string& table : content->tables) {
                                                 if (std::find(tables.begin(), tables.end(), table) == tables.end())
                                                   tables.push_back(std::move(table));
                                               }
                                               return true;
                                             }));
  if (problem || index_.position() != until) return reload(reader, problem.value_or("entries of the feed are missing"));
  statistics_.lock()->foreign += taken;
  if (!tables.empty()) tell_watchers(tables);
  return {};
}

Result<void> Ledger::reload(store::Reader& reader, const std::string& why) {
  log::warning("IPAM-3006 the index is loaded anew", {{"why", why}, {"position", index_.position()}});
  occupancy::Index fresh;
  IPAM_TRY(load_index(reader, fresh));
  index_.take_over(fresh);
  // An id of a block that the database no longer knows as given must not be given.
  position_.next_id = position_.ids_end = 0;
  ++statistics_.lock()->reloads;
  tell_watchers({});
  return {};
}

void Ledger::tell_watchers(const std::vector<std::string>& tables) {
  const Watchers watchers = *watchers_.lock();
  for (const auto& call : watchers) call(tables);
}

void Ledger::look_for_news() {
  const auto looked = [this]() -> Result<void> {
    const auto reader = IPAM_TRY(store_.open_reader());
    return catch_up(*reader);
  }();
  if (!looked.ok()) log::debug("the change feed cannot be read", {{"error", looked.error().describe()}});
}

void Ledger::tell_news() {
  queue_.lock()->news = true;
  arrived_.notify_one();
}

void Ledger::on_foreign_commit(std::function<void(const std::vector<std::string>&)> call) { watchers_.lock()->push_back(std::move(call)); }

io::Task<Result<void>> Ledger::wait_for(std::uint64_t sequence, io::Deadline deadline) {
  if (sequence <= this->sequence()) co_return Result<void>();
  const io::Completion<void> completion;
  {
    auto waiting = waiting_.lock();
    const auto now = std::chrono::steady_clock::now();
    std::erase_if(*waiting, [&](const Waiting& each) { return each.until <= now; });
    waiting->push_back({sequence, deadline.time(), completion});
  }
  if (feed_ != nullptr) tell_news();  // the notification may be late
  wake_waiters();                     // it may have come in between
  auto waited = co_await completion.wait(std::move(deadline));
  if (waited.ok() || waited.error().code != ErrorCode::DeadlineExceeded) co_return waited;
  co_return Error(
      ErrorCode::Unavailable,
      fmt::format("this server has not seen change {} yet, only {}; try again in a moment, or ask without At-Least", sequence, this->sequence()));
}

void Ledger::wake_waiters() {
  io::CompletionBatch together;
  auto waiting = waiting_.lock();
  const std::uint64_t now = sequence();
  std::erase_if(*waiting, [&](const Waiting& each) {
    if (each.sequence > now) return false;
    together.complete(each.completion, Result<void>());
    return true;
  });
}

void Ledger::follow(const std::stop_token& stop) {
  Duration pause = kFirstPause;
  while (!stop.stop_requested()) {
    const auto news = feed_->wait_for_news(kPoll, stop);
    if (news.ok()) {
      if (pause != kFirstPause) log::info("the change feed is followed again");
      pause = kFirstPause;
      if (!*news || **news > index_.position()) tell_news();
      continue;
    }
    if (pause == kFirstPause) log::warning("IPAM-3007 the change feed is not followed for now", {{"error", news.error().describe()}});
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any().wait_for(lock, stop, pause, [] { return false; });
    pause = std::min(pause * 2, kLongestPause);
  }
}

}  // namespace ipam::ledger
