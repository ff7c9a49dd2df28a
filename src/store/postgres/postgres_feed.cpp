#include "base/log.h"
#include "base/strings.h"
#include "store/postgres/postgres_store.h"

#include <fmt/format.h>

#include <thread>

namespace ipam::store::postgres {
namespace {

using client::sql::Parameter;
using client::sql::Rows;

// Old entries are looked for once in so many commits.
constexpr std::uint64_t kPruneEvery = 1'000;
constexpr Duration kLookAgain = std::chrono::milliseconds(100);
constexpr std::string_view kChannel = "cadastre_feed";

}  // namespace

// Holds a transaction in which the head is locked.
class PostgresTurn final : public Turn {
 public:
  PostgresTurn(PostgresStore& store, client::sql::Pool::Lease connection) : store_(store), connection_(std::move(connection)) {}
  ~PostgresTurn() override {
    if (!connection_->broken() && connection_->in_transaction()) (void)connection_->run("ROLLBACK", store_.patience());
  }
  PostgresTurn(const PostgresTurn&) = delete;
  PostgresTurn& operator=(const PostgresTurn&) = delete;

  Result<void> commit(const WriteSet& writes, const FeedEntry& entry) override {
    if (!connection_->in_transaction())
      return Error(ErrorCode::Unavailable, "the database gave this turn to another node; nothing was changed. Try again");
    auto done = store_.write(*connection_, writes, &entry, true);
    if (!done.ok() && connection_->broken()) return store_.look_for(entry, std::move(done).error());
    if (done.ok()) store_.prune(*connection_, entry.position);
    return done;
  }

 private:
  PostgresStore& store_;
  client::sql::Pool::Lease connection_;
};

Result<void> PostgresStore::commit(const WriteSet& writes, const FeedEntry& entry) {
  std::optional<Lease> connection(IPAM_TRY(writers_.take(patience())));
  auto done = write(**connection, writes, &entry, false);
  if (!done.ok() && (*connection)->broken()) {
    connection.reset();
    return look_for(entry, std::move(done).error());
  }
  if (done.ok()) prune(**connection, entry.position);
  return done;
}

Result<std::unique_ptr<Turn>> PostgresStore::take_turn() {
  auto connection = IPAM_TRY(writers_.take(patience()));
  const std::vector<client::sql::Statement> lock{{"BEGIN"}, {"SELECT position FROM feed_head WHERE name = 'ledger' FOR UPDATE"}};
  if (auto locked = connection->execute_together(lock, write_deadline()); !locked.ok()) {
    if (!connection->broken()) (void)connection->run("ROLLBACK", patience());
    return std::move(locked).error();
  }
  return std::unique_ptr<Turn>(new PostgresTurn(*this, std::move(connection)));
}

Result<void> PostgresStore::look_for(const FeedEntry& entry, Error lost) {
  const auto look = [&]() -> Result<bool> {
    const auto turn = IPAM_TRY(take_turn());  // waits until the transaction in question is over, if it still goes on
    const auto reader = IPAM_TRY(open_reader());
    const auto there = IPAM_TRY(find_where<FeedEntry>(*reader, {{"position", Comparison::Equal, static_cast<std::int64_t>(entry.position)}}));
    return there && there->node == options_.node && there->sequence == entry.sequence;
  };
  // A server that was restarted is soon back.
  const io::Deadline until = patience();
  auto found = look();
  while (!found.ok() && !until.verdict()) {
    std::this_thread::sleep_for(std::min<Duration>(kLookAgain, until.remaining()));
    found = look();
  }
  if (found.ok() && *found) return {};
  if (found.ok()) return lost;
  lost.message = "the connection to the database was lost in the middle of a change; it is not known whether it was made. Read before you repeat it";
  lost.code = ErrorCode::Unavailable;
  return lost;
}

void PostgresStore::prune(Connection& connection, std::uint64_t position) {
  if (position % kPruneEvery != 0) return;
  const std::int64_t oldest = static_cast<std::int64_t>(position) - static_cast<std::int64_t>(options_.feed_entries);
  const std::vector<Parameter> parameters{Parameter::of(oldest), Parameter::of(static_cast<std::int64_t>(position)),
                                          Parameter::of(static_cast<std::int64_t>(options_.feed_age.count()))};
  const auto pruned = connection.query(
      "DELETE FROM change_feed WHERE position < $2 AND (position <= $1 OR at < (extract(epoch FROM clock_timestamp()) * 1000000)::bigint - $3)",
      parameters, write_deadline());
  if (!pruned.ok()) log::warning("IPAM-3009 old entries of the change feed not removed", {{"error", pruned.error().describe()}});
}

Result<std::optional<std::uint64_t>> PostgresStore::wait_for_news(Duration at_most, const std::stop_token& stop) {
  std::optional<std::uint64_t> newest;
  if (!listener_ || !listener_->alive()) {
    listener_.reset();
    client::sql::ConnectOptions options;
    options.url = options_.url;
    options.password = options_.password;
    options.application_name = "ipamd " + options_.node + " feed";
    listener_ = IPAM_TRY(Connection::open(options, patience().with(stop)));
    IPAM_TRY(listener_->listen(std::string(kChannel), patience()));
    return newest;  // nobody told of what was committed before it listened
  }
  auto news = IPAM_TRY(listener_->wait_for_notification(io::Deadline::after(at_most).with(stop)));
  while (news) {
    newest = std::max(newest.value_or(0), parse_integer<std::uint64_t>(news->payload).value_or(0));
    news = IPAM_TRY(listener_->wait_for_notification(io::Deadline::after(Duration(0))));
  }
  return newest;
}

Result<Time> PostgresStore::now() {
  auto connection = IPAM_TRY(readers_.take(patience()));
  const Rows rows = IPAM_TRY(connection->query("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint", {}, patience()));
  return Time(Duration(rows.integer(0, 0)));
}

}  // namespace ipam::store::postgres
