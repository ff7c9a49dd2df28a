// ChangeFeed: how the ledgers of several nodes share one database. Every commit of a ledger is one entry of the feed; entries are numbered without a
// gap, in the order of the commits. A ledger commits on the position it knows: when another node was faster, nothing is written and the answer is
// Stale; the ledger reads what came between (`list<FeedEntry>` of any Reader), and works anew. So no node decides on what is no longer so.
//
// The entries that a reader sees and the rows that it sees are of one instant. Old entries are removed (by age and number): whoever needs one that is
// gone loads everything anew. Errors as in store.h. Thread rule: any thread; wait_for_news by one thread at a time. Calls block.
#pragma once

#include "store/store.h"

#include <stop_token>

namespace ipam::store {

// One commit of a ledger, as the ledgers of other nodes need it.
struct FeedEntry {
  std::uint64_t position = 0;  // gapless, from 1
  Time at{};
  std::string node;            // whose commit it is
  std::uint64_t sequence = 0;  // of the newest journal record then
  Bytes content;               // what it changed in the index, and of which tables (ledger/feed_content.h)

  bool operator==(const FeedEntry&) const = default;
};
BOOST_DESCRIBE_STRUCT(FeedEntry, (), (position, at, node, sequence, content))

// Where the feed ends: the one row that every commit of a ledger compares and raises.
struct FeedHead {
  std::string name;  // "ledger"
  std::uint64_t position = 0;
};
BOOST_DESCRIBE_STRUCT(FeedHead, (), (name, position))

// The right to do something alone, for a time: which node runs a task, where several share a database.
struct TaskLease {
  std::string task;
  std::string holder;       // the node; empty when it was given back
  std::uint64_t token = 0;  // grows with each new holder: what an older one still wants to write is refused
  Time until{};             // by the database's clock

  bool operator==(const TaskLease&) const = default;
};
BOOST_DESCRIBE_STRUCT(TaskLease, (), (task, holder, token, until))

#define IPAM_TABLE(type, table_name)                     \
  template <>                                            \
  struct TableInfo<type> {                               \
    static constexpr std::string_view name = table_name; \
    static constexpr std::size_t key_columns = 1;        \
    static constexpr bool versioned = false;             \
  }
IPAM_TABLE(FeedEntry, "change_feed");
IPAM_TABLE(FeedHead, "feed_head");
IPAM_TABLE(TaskLease, "task_lease");
#undef IPAM_TABLE

// The right to be the next who commits, until it goes: for a node that was too slow a time before.
class Turn {
 public:
  virtual ~Turn() = default;
  // As ChangeFeed::commit, once.
  virtual Result<void> commit(const WriteSet& writes, const FeedEntry& entry) = 0;
};

class ChangeFeed {
 public:
  virtual ~ChangeFeed() = default;

  // The name of this process among the nodes.
  virtual const std::string& node() const = 0;
  // Applies `writes` if `entry.position` is the next one, and adds the entry; its node and time are set here. Errors: Stale. When the
  // connection is lost in the middle, it looks whether the commit was done; when that cannot be seen, the message says that it is not known.
  virtual Result<void> commit(const WriteSet& writes, const FeedEntry& entry) = 0;
  // Waits until no other node commits. A reader that is opened then sees everything before this turn.
  virtual Result<std::unique_ptr<Turn>> take_turn() = 0;

  // The position of the newest entry that the reader sees.
  static Result<std::uint64_t> position(Reader& reader);
  // Waits until a commit of any node is told of, `at_most` has passed or a stop is asked for. Answers the position that was told; nothing when it
  // cannot say that none was.
  virtual Result<std::optional<std::uint64_t>> wait_for_news(Duration at_most, const std::stop_token& stop) = 0;

  // The time by the database's clock, which is the same for every node.
  virtual Result<Time> now() = 0;
};

}  // namespace ipam::store
