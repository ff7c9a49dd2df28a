#include "ledger/batch.h"

#include "ledger/differences.h"

namespace ipam::ledger {

Batch::Mark Batch::mark() { return {writes_.operations.size(), undo_.size(), position_, index_.mark()}; }

void Batch::roll_back(const Mark& mark) {
  writes_.operations.resize(mark.operations);
  index_.rollback_to(mark.index);
  // Ids that the failed request took are not given again: one of them may stand in a log or an answer.
  const std::uint64_t next_id = position_.next_id, ids_end = position_.ids_end;
  const bool same_block = ids_end == mark.position.ids_end;
  position_ = mark.position;
  if (same_block) position_.next_id = next_id;
  while (undo_.size() > mark.undo) {
    Undo& undo = undo_.back();
    if (undo.before) {
      objects_[undo.id] = std::move(*undo.before);
    } else {
      objects_.erase(undo.id);
    }
    undo_.pop_back();
  }
}

Result<std::uint64_t> Batch::new_id() {
  if (position_.next_id == position_.ids_end) {
    std::int64_t block = 1;
    const auto counter = IPAM_TRY(store::find_where<store::Counter>(reader_, {{"name", store::Comparison::Equal, std::string("id_block")}}));
    if (counter) block = counter->value;
    // A block that an earlier request of this batch took is not yet in the database.
    block = std::max(block, static_cast<std::int64_t>(position_.ids_end / kIdBlock));
    writes_.put(store::Counter{"id_block", block + 1});
    position_.next_id = static_cast<std::uint64_t>(block) * kIdBlock;
    position_.ids_end = position_.next_id + kIdBlock;
  }
  return position_.next_id++;
}

Result<void> Batch::go_on_above(std::uint64_t sequence, std::uint64_t id) {
  position_.sequence = std::max(position_.sequence, sequence);
  const auto counter = IPAM_TRY(store::find_where<store::Counter>(reader_, {{"name", store::Comparison::Equal, std::string("id_block")}}));
  const std::int64_t next = std::max(counter ? counter->value : 1, static_cast<std::int64_t>(id / kIdBlock) + 1);
  writes_.put(store::Counter{"id_block", next + 1});
  position_.next_id = static_cast<std::uint64_t>(next) * kIdBlock;
  position_.ids_end = position_.next_id + kIdBlock;
  return {};
}

const std::optional<model::Object>* Batch::pending(std::uint64_t id) const {
  const auto found = objects_.find(id);
  return found == objects_.end() ? nullptr : &found->second;
}

void Batch::set_pending(std::uint64_t id, std::optional<model::Object> object) {
  const auto found = objects_.find(id);
  undo_.push_back({id, found == objects_.end() ? std::nullopt : std::optional(std::move(found->second))});
  objects_[id] = std::move(object);
}

std::uint64_t Batch::write_journal(model::JournalRecord record) {
  record.sequence = ++position_.sequence;
  record.at = now_;
  position_.chain = crypto::chain(position_.chain, as_bytes(chained_text(record)));
  record.chain.assign(position_.chain.begin(), position_.chain.end());
  writes_.insert(record);
  return record.sequence;
}

std::string chained_text(const model::JournalRecord& record) {
  std::string text = "[";
  bool first = true;
  boost::mp11::mp_for_each<boost::describe::describe_members<model::JournalRecord, boost::describe::mod_public>>([&](auto member) {
    if (std::string_view(member.name) == "chain") return;
    if (!first) text += ',';
    first = false;
    detail::append_field(text, record.*member.pointer);
  });
  return text + "]";
}

}  // namespace ipam::ledger
