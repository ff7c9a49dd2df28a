// Batch: everything that the requests of one commit have done so far. Requests run one after the other; each sees what the ones before it did, and a
// request that fails leaves no trace (`mark` before it, `roll_back` after). Nothing of it is durable or visible to others before the ledger commits.
// Thread rule: the ledger's writer thread only.
#pragma once

#include "crypto/hash.h"
#include "model/object.h"
#include "occupancy/index.h"
#include "occupancy/overlay.h"
#include "store/store.h"

#include <absl/container/flat_hash_map.h>

#include <any>
#include <map>
#include <typeindex>

namespace ipam::ledger {

// Where the journal and the ids stand; a batch continues from here and hands the new position back when it is committed.
struct Position {
  std::uint64_t sequence = 0;  // of the newest journal record
  crypto::Digest chain{};      // its link
  std::uint64_t next_id = 0;
  std::uint64_t ids_end = 0;  // first id that is not ours
};

class Batch {
 public:
  // Ids are taken from the database in blocks of this many, so that giving one costs nothing and none is ever given again.
  static constexpr std::uint64_t kIdBlock = 1U << 16U;

  Batch(store::Reader& reader, const occupancy::Index& index, const Position& position, Time now)
      : reader_(reader), index_(index), position_(position), now_(now) {}

  struct Mark {
    std::size_t operations = 0;
    std::size_t undo = 0;
    Position position;
    occupancy::Overlay::Mark index{};
  };
  Mark mark();
  void roll_back(const Mark& mark);

  Time now() const { return now_; }
  store::Reader& reader() { return reader_; }
  occupancy::Overlay& index() { return index_; }
  store::WriteSet& writes() { return writes_; }
  const Position& position() const { return position_; }

  Result<std::uint64_t> new_id();
  // From now on records and ids are greater than these. Never lowers them.
  Result<void> go_on_above(std::uint64_t sequence, std::uint64_t id);
  // The pending state of an object: nullptr when the batch has not touched it, else its value or nothing (erased).
  const std::optional<model::Object>* pending(std::uint64_t id) const;
  void set_pending(std::uint64_t id, std::optional<model::Object> object);
  // Every object that the batch has touched and not erased.
  template <class F>
  void for_each_pending(F&& f) const {
    for (const auto& [id, object] : objects_) {
      if (object) f(*object);
    }
  }
  // What the requests of this batch have read of the committed state and need not read again: one T, empty at first.
  template <class T>
  T& memo() {
    std::any& kept = memos_[std::type_index(typeid(T))];
    if (!kept.has_value()) kept.emplace<T>();
    return *std::any_cast<T>(&kept);
  }
  // Numbers, chains and writes a record; answers its sequence.
  std::uint64_t write_journal(model::JournalRecord record);

 private:
  struct Undo {
    std::uint64_t id = 0;
    std::optional<std::optional<model::Object>> before;
  };

  store::Reader& reader_;
  occupancy::Overlay index_;
  store::WriteSet writes_;
  Position position_;
  Time now_;
  absl::flat_hash_map<std::uint64_t, std::optional<model::Object>> objects_;
  std::vector<Undo> undo_;
  std::map<std::type_index, std::any> memos_;
};

}  // namespace ipam::ledger
