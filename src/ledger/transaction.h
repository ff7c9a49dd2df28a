// Transaction: what one write request may do. It sees the committed state and what the requests before it in the same batch did, and changes objects;
// each change becomes a row, a journal record and a change of the index, together or not at all.
//
// A request may run more than once (a batch whose commit failed is repeated request by request): it must have no other effect than through this
// class, and must set anew what it hands out. Rules between objects (overlap, nesting) are the services'; what is enforced here is that an id exists,
// that a revision is the newest, and that both index and journal follow. Thread rule: the ledger's writer thread only; never keep a reference to it.
#pragma once

#include "ledger/batch.h"
#include "ledger/custom_uses.h"
#include "ledger/deltas.h"
#include "ledger/differences.h"
#include "ledger/exchange.h"

#include <functional>

namespace ipam::ledger {

class Transaction {
 public:
  Transaction(Batch& batch, const model::ChangeContext& context) : batch_(batch), context_(context), tells_records_(Exchange::is_dry_run(context)) {}

  Time now() const { return batch_.now(); }
  const model::ChangeContext& context() const { return context_; }
  // The address space as this batch sees it. Errors: NotFound.
  Result<const occupancy::SpaceIndex*> space(model::Id<model::AddressSpace> id);
  // After a restore: records and ids go on above those of the database that was replaced, so that none is given a second time.
  Result<void> go_on_above(std::uint64_t sequence, std::uint64_t id) { return batch_.go_on_above(sequence, id); }
  // Of the newest journal record, those of this batch included.
  std::uint64_t sequence() const { return batch_.position().sequence; }
  // Runs `part` of the request so that its failure undoes that part and leaves the request to go on. Nests.
  Result<void> attempt(const std::function<Result<void>()>& part) {
    const Batch::Mark mark = batch_.mark();
    const std::size_t told = records_.size();
    auto done = part();
    if (!done.ok()) {
      batch_.roll_back(mark);
      records_.resize(told);
    }
    return done;
  }
  // What a dry run tells of the request's journal records.
  std::vector<model::JournalRecord> take_records() { return std::move(records_); }
  // The committed state alone; prefer the functions below, which know the batch too.
  store::Reader& committed() { return batch_.reader(); }

  // What the requests of this batch have read of the committed state and need not read again: one T, empty at first. It outlives a request that
  // fails.
  template <class T>
  T& memo() {
    return batch_.memo<T>();
  }
  // Ids from this one on are not given yet.
  std::uint64_t next_id() const { return batch_.position().next_id; }

  template <model::Journaled T>
  Result<std::optional<T>> find(model::Id<T> id) {
    if (const auto* pending = batch_.pending(id.value)) {
      if (const T* object = *pending ? std::get_if<T>(&**pending) : nullptr) return std::optional<T>(*object);
      return std::optional<T>{};
    }
    return store::find(batch_.reader(), id);
  }

  // Errors: NotFound.
  template <model::Journaled T>
  Result<T> get(model::Id<T> id) {
    auto object = IPAM_TRY(find(id));
    if (!object) return Error(ErrorCode::NotFound, "there is no " + spoken_name<T>() + " with id " + id.to_string());
    return *std::move(object);
  }

  // The same for a caller who has read the object before: `expected_revision`, if given, must be its newest. Errors: FailedPrecondition too.
  template <model::Journaled T>
  Result<T> get(model::Id<T> id, std::optional<std::uint64_t> expected_revision) {
    T object = IPAM_TRY(get(id));
    if (expected_revision && *expected_revision != object.revision) {
      return Error(ErrorCode::FailedPrecondition, spoken_name<T>() + " " + display_name(object) + " was changed since it was read (its revision is " +
                                                      std::to_string(object.revision) + "); read it again and repeat the change");
    }
    return object;
  }

  // The objects for which `matches` holds, at most `limit`; `where` narrows the search in the database and must not exclude any of them.
  template <model::Journaled T>
  Result<std::vector<T>> list(std::vector<store::Condition> where, const std::function<bool(const T&)>& matches, std::size_t limit) {
    std::vector<T> found;
    batch_.for_each_pending([&](const model::Object& pending) {
      const T* object = std::get_if<T>(&pending);
      if (object != nullptr && found.size() < limit && matches(*object)) found.push_back(*object);
    });
    IPAM_TRY(store::for_each<T>(batch_.reader(), {.where = std::move(where)}, [&](T object) -> Result<bool> {
      if (found.size() >= limit) return false;
      if (batch_.pending(object.id.value) == nullptr && matches(object)) found.push_back(std::move(object));
      return true;
    }));
    return found;
  }

  template <model::Journaled T>
  Result<std::optional<T>> find_where(std::vector<store::Condition> where, const std::function<bool(const T&)>& matches) {
    auto found = IPAM_TRY(list<T>(std::move(where), matches, 1));
    return found.empty() ? std::optional<T>{} : std::optional<T>(std::move(found.front()));
  }

  // Calls `visit(const model::Object&)` for every object that this batch has made or changed.
  template <class F>
  void for_each_changed(F&& visit) {
    batch_.for_each_pending(std::forward<F>(visit));
  }

  // Gives the object its id and revision and answers it so. An id that the caller took with new_id() is kept.
  template <model::Journaled T>
  Result<T> create(T object) {
    if (!object.id) object.id.value = IPAM_TRY(batch_.new_id());
    object.revision = write_record<T>(nullptr, &object);
    batch_.writes().insert(object);
    finish<T>(nullptr, &object);
    return object;
  }

  // Stores the new state of an existing object; one that equals the old changes nothing. `after.revision` must be the object's newest revision.
  // Errors: NotFound, Conflict.
  template <model::Journaled T>
  Result<T> update(T after) {
    const T before = IPAM_TRY(get(after.id));
    if (after.revision != before.revision) {
      return Error(ErrorCode::Conflict,
                   spoken_name<T>() + " " + display_name(before) + " was changed by someone else; read it again and repeat the change");
    }
    if (after == before) return after;
    after.revision = write_record(&before, &after);
    batch_.writes().update(after, before.revision);
    finish(&before, &after);
    return after;
  }

  // Errors: NotFound.
  template <model::Journaled T>
  Result<void> erase(model::Id<T> id) {
    const T before = IPAM_TRY(get(id));
    write_record<T>(&before, nullptr);
    batch_.writes().erase<T>({store::to_value(id)}, before.revision);
    finish<T>(&before, nullptr);
    return {};
  }

  template <class T>
  Result<model::Id<T>> new_id() {
    return model::Id<T>{IPAM_TRY(batch_.new_id())};
  }

  // Facts: the lease as seen now, in place of what was stored of it (nothing for a new one). Not journaled.
  void put_lease(const std::optional<model::Lease>& before, const model::Lease& after);
  void erase_lease(const model::Lease& lease);

  // Other facts and bookkeeping: rows that are not journaled and that the index does not know.
  template <store::Stored T>
  requires(!model::Journaled<T> && !std::is_same_v<T, model::Lease>) void put_row(const T& row) { batch_.writes().put(row); }
  // The same for a row whose key must be free: the commit fails with AlreadyExists otherwise.
  template <store::Stored T>
  requires(!model::Journaled<T> && !std::is_same_v<T, model::Lease>) void insert_row(const T& row) { batch_.writes().insert(row); }
  template <store::Stored T>
  requires(!model::Journaled<T> && !std::is_same_v<T, model::Lease>) void erase_row(std::vector<store::Value> key) {
    batch_.writes().erase<T>(std::move(key));
  }

  // The id of a row that insert_row makes.
  Result<std::uint64_t> new_row_id() { return batch_.new_id(); }

  // One record for what happened to the many rows below an object: `content` is a JSON object, told under `topic`.
  template <model::Journaled T>
  void summarize(const T& object, std::string_view topic, std::string_view content) {
    batch_.write_journal(record_of(object, model::ChangeKind::Updated, summary(topic, content)));
  }

  // "DHCP scope", "address space": as a message says it.
  template <model::Journaled T>
  static std::string spoken_name() {
    std::string name(model::type_name<T>());
    for (char& c : name) c = c == '_' ? ' ' : c;
    if (name.starts_with("dns")) return "DNS" + name.substr(3);
    return name.starts_with("dhcp") ? "DHCP" + name.substr(4) : name;
  }

 private:
  template <model::Journaled T>
  std::uint64_t write_record(const T* before, const T* after) {
    const model::ChangeKind kind = before == nullptr  ? model::ChangeKind::Created
                                   : after == nullptr ? model::ChangeKind::Deleted
                                                      : model::ChangeKind::Updated;
    return batch_.write_journal(record_of(after != nullptr ? *after : *before, kind, differences(before, after)));
  }

  template <model::Journaled T>
  model::JournalRecord record_of(const T& object, model::ChangeKind kind, std::string text) {
    model::JournalRecord record;
    record.actor = context_.actor;
    record.on_behalf_of = context_.on_behalf_of;
    record.request_id = context_.request_id;
    record.reason = context_.reason;
    record.change_reference = context_.change_reference;
    record.kind = kind;
    record.object_type = model::type_name<T>();
    record.object_id = object.id.value;
    record.object_name = display_name(object);
    record.differences = std::move(text);
    if (tells_records_) records_.push_back(record);
    return record;
  }

  template <model::Journaled T>
  void finish(const T* before, const T* after) {
    // A space that is changed stays in the index with all that lies in it.
    const bool stays = std::is_same_v<T, model::AddressSpace> && before != nullptr && after != nullptr;
    if (before != nullptr && !stays) apply_to_index(*before, Direction::Remove, batch_.index());
    if (after != nullptr && !stays) apply_to_index(*after, Direction::Add, batch_.index());
    if constexpr (model::HasCustomValues<T>) write_custom_uses(before, after, batch_.writes());
    batch_.set_pending(after != nullptr ? after->id.value : before->id.value, after != nullptr ? std::optional<model::Object>(*after) : std::nullopt);
  }

  Batch& batch_;
  const model::ChangeContext& context_;
  const bool tells_records_;
  std::vector<model::JournalRecord> records_;
};

}  // namespace ipam::ledger
