#include "service/history/undo.h"

#include "service/history/past_object.h"
#include "service/history/subnet_rules.h"
#include "service/history/undoable_types.h"
#include "service/planning/plan_steps.h"

#include <fmt/format.h>

#include <map>

namespace ipam::service {
namespace {

using ledger::Transaction;
using model::ChangeKind;
using model::JournalRecord;
using occupancy::PrefixKind;

Error refused(std::string message) { return {ErrorCode::FailedPrecondition, std::move(message)}; }

// Another one that has the prefix, though a person's change would be refused later: the index cannot hold two.
template <class T>
Result<void> check_prefix_free(Transaction& transaction, const T& object) {
  constexpr auto kKind = std::is_same_v<T, model::Block> ? PrefixKind::Block : PrefixKind::Subnet;
  const auto other = IPAM_TRY(transaction.space(object.space_id))->find(object.prefix, kKind);
  if (!other || *other == object.id.value) return {};
  return refused(fmt::format("there is another {} {} now", Transaction::spoken_name<T>(), object.prefix.to_string()));
}

class Undoing {
 public:
  explicit Undoing(Transaction& transaction) : transaction_(transaction) {}

  template <Undoable T>
  Result<void> take_back(const JournalRecord& record) {
    const model::Id<T> id{record.object_id};
    const auto fields = IPAM_TRY(changed_fields(record));
    if (!fields) return refused("it tells of no fields");
    const std::optional<T> now = IPAM_TRY(transaction_.find(id));
    touched_.try_emplace(id.value, Touched{record.object_type, now ? std::optional<model::Object>(*now) : std::nullopt, record.sequence});
    if (record.kind == ChangeKind::Deleted) {
      if (now) return refused("it is there again");
      return make_again<T>(id, *fields, record);
    }
    if (!now) return refused(fmt::format("it is gone{}", IPAM_TRY(by_which<T>(record, {}))));
    if (record.kind == ChangeKind::Created) return unmake(*now, *fields, record);
    return change_back(*now, *fields, record);
  }

  // Errors: those of the rules, about the change that is told.
  Result<void> finish(std::uint64_t& about) {
    for (const auto& [id, touched] : touched_) {
      about = touched.sequence;
      Result<void> fine;
      with_undoable_type(touched.type, [&, id = id, &touched = touched](auto type) {
        using T = typename decltype(type)::type;
        fine = finish_one<T>(model::Id<T>{id}, touched);
      });
      IPAM_TRY(std::move(fine));
    }
    return {};
  }

  std::vector<UndoneChange> take_done() { return std::move(done_); }

 private:
  struct Touched {
    std::string type;
    std::optional<model::Object> before;  // what it was before anything was undone
    std::uint64_t sequence = 0;
  };

  template <Undoable T>
  void tell(const JournalRecord& record, ChangeKind kind, const T& object) {
    done_.push_back({record.sequence, kind, record.object_type, record.object_id, display_name(object)});
  }

  // ", by change 23 (alice)": the newest change of the object after the record, and of this field if one is named.
  template <Undoable T>
  Result<std::string> by_which(const JournalRecord& record, const std::string& field) {
    std::string text;
    IPAM_TRY(for_each_record_after(transaction_.committed(), record.object_type, record.object_id, record.sequence,
                                   [&](const JournalRecord& later) -> Result<bool> {
                                     const auto fields = IPAM_TRY(changed_fields(later));
                                     if (!field.empty() && (!fields || !fields->contains(field))) return true;
                                     text = fmt::format(", by change {} ({})", later.sequence, later.actor);
                                     return false;
                                   }));
    return text;
  }

  template <Undoable T>
  Result<Error> changed_since(const JournalRecord& record, const std::string& field) {
    return refused(fmt::format("its field {} was changed since{}; undo that first", field, IPAM_TRY(by_which<T>(record, field))));
  }

  template <Undoable T>
  Result<void> unmake(const T& now, const boost::json::object& fields, const JournalRecord& record) {
    T made{};
    IPAM_TRY(set_fields(made, fields, Side::After, record));
    // Which subnet a range lies in follows from its place.
    if constexpr (std::is_same_v<T, model::Range>) made.subnet_id = now.subnet_id;
    if (const std::string field = first_difference(made, now); !field.empty()) return IPAM_TRY(changed_since<T>(record, field));
    IPAM_TRY(check_may_go(now));
    IPAM_TRY(transaction_.erase(now.id));
    tell(record, ChangeKind::Deleted, now);
    return {};
  }

  template <Undoable T>
  Result<void> make_again(model::Id<T> id, const boost::json::object& fields, const JournalRecord& record) {
    T object{};
    IPAM_TRY(set_fields(object, fields, Side::Before, record));
    object.id = id;
    if constexpr (Planned<T> && !std::is_same_v<T, model::AddressSpace>) {
      if (!IPAM_TRY(transaction_.find(object.space_id))) return refused("its address space is gone");
    }
    if constexpr (std::is_same_v<T, model::Range>) {
      if (object.scope_id) return refused("it is a DHCP scope of a server, and comes from there with the next collection");
    }
    IPAM_TRY(place(transaction_, object));
    object = IPAM_TRY(transaction_.create(std::move(object)));
    tell(record, ChangeKind::Created, object);
    return {};
  }

  template <Undoable T>
  Result<void> change_back(const T& now, const boost::json::object& fields, const JournalRecord& record) {
    T left = now, back = now;
    IPAM_TRY(set_fields(left, fields, Side::After, record));
    IPAM_TRY(set_fields(back, fields, Side::Before, record));
    if constexpr (Planned<T>) {
      // Of the custom fields only those that the record changed.
      const model::CustomValues after = left.custom, before = back.custom;
      left.custom = back.custom = now.custom;
      if (fields.contains("custom")) IPAM_TRY(change_custom_back<T>(record, now.custom, before, after, back.custom));
    }
    if (const std::string field = first_difference(left, now); !field.empty()) return IPAM_TRY(changed_since<T>(record, field));
    if constexpr (std::is_same_v<T, model::AddressSpace>) {
      if (now.name == PlanningService::kDefaultSpace && back.name != now.name) return refused("the default address space keeps its name");
    }
    if constexpr (std::is_same_v<T, model::Block> || std::is_same_v<T, model::Subnet>) {
      if (back.prefix != now.prefix) IPAM_TRY(check_prefix_free(transaction_, back));
    }
    back = IPAM_TRY(transaction_.update(std::move(back)));
    tell(record, ChangeKind::Updated, back);
    return {};
  }

  template <Undoable T>
  Result<void> check_may_go(const T& now) {
    if constexpr (std::is_same_v<T, model::LogicalGroup>) {
      if (now.built_in) return refused("it is built in");
    } else if constexpr (std::is_same_v<T, model::CustomField>) {
      const auto is_of = [&](const model::CustomFieldValue& value) { return value.field_id == now.id; };
      if (IPAM_TRY(transaction_.find_where<model::CustomFieldValue>({}, is_of))) return refused("it has values; undo those first");
    }
    constexpr bool kIsUsed =
        !std::is_same_v<T, model::Subnet> && !std::is_same_v<T, model::LogicalGroup> && !std::is_same_v<T, model::CustomFieldAssociation>;
    if constexpr (kIsUsed) IPAM_TRY(check_unused(transaction_, now));
    return {};
  }

  template <Planned T>
  Result<void> change_custom_back(const JournalRecord& record, const model::CustomValues& now, const model::CustomValues& before,
                                  const model::CustomValues& after, model::CustomValues& back) {
    const auto value = [](const model::CustomValues& values, const std::string& key) {
      const auto found = values.find(key);
      return found == values.end() ? std::string() : found->second;
    };
    model::CustomValues all = before;
    all.insert(after.begin(), after.end());
    for (const auto& entry : all) {
      const std::string& key = entry.first;
      if (value(before, key) == value(after, key)) continue;
      if (value(now, key) != value(after, key)) return IPAM_TRY(changed_since<T>(record, "custom"));
      if (value(before, key).empty()) {
        back.erase(key);
      } else {
        back[key] = value(before, key);
      }
    }
    return {};
  }

  template <FieldObject T>
  Result<void> finish_one(model::Id<T> id, const Touched& /*touched*/) {
    const std::optional<T> now = IPAM_TRY(transaction_.find(id));
    if (!now) return {};
    IPAM_TRY(model::check(*now));
    return place(transaction_, *now);
  }

  template <Planned T>
  Result<void> finish_one(model::Id<T> id, const Touched& touched) {
    const std::optional<T> now = IPAM_TRY(transaction_.find(id));
    const T* before = touched.before ? std::get_if<T>(&*touched.before) : nullptr;
    if constexpr (std::is_same_v<T, model::Subnet>) {
      if (before != nullptr && (!now || now->prefix != before->prefix)) IPAM_TRY(check_left_behind(transaction_, *before, now));
      if (now && (before == nullptr || now->prefix != before->prefix)) IPAM_TRY(check_new_boundary(transaction_, before, *now));
    }
    if (!now) return {};
    IPAM_TRY(model::check(*now));
    if constexpr (std::is_same_v<T, model::Range>) {
      if (before != nullptr) {
        T after = *now;
        after.revision = before->revision;
        IPAM_TRY(check_change(*before, after));
      }
    }
    if (before == nullptr || before->custom != now->custom) IPAM_TRY(check_custom_values(transaction_, now->custom));
    const T placed = IPAM_TRY(placed_anew(*now));
    if (placed != *now) IPAM_TRY(transaction_.update(placed));
    return {};
  }

  // As place() has it where the object is not there yet: what lies in the index already is not looked at by the rules.
  template <Planned T>
  Result<T> placed_anew(T object) {
    if constexpr (std::is_same_v<T, model::AddressSpace> || std::is_same_v<T, model::Block>) {
      IPAM_TRY(place(transaction_, object));
      return object;
    } else {
      std::optional<Error> failed;
      const auto trial = transaction_.attempt([&]() -> Result<void> {
        auto done = transaction_.erase(object.id);
        if (done.ok()) done = place(transaction_, object);
        if (!done.ok()) failed = std::move(done).error();
        return Error(ErrorCode::Cancelled, "only tried");
      });
      if (failed) return *std::move(failed);
      IPAM_ASSERT(!trial.ok(), "a trial is always rolled back");
      return object;
    }
  }

  Transaction& transaction_;
  std::map<std::uint64_t, Touched> touched_;
  std::vector<UndoneChange> done_;
};

// The rules say it about a person's request; here it is about a change of long ago.
Error about_change(const std::string& what, Error error) {
  if (error.code == ErrorCode::Internal || error.code == ErrorCode::Unavailable) return error;
  std::string why = error.message;
  return std::move(error).wrapped(ErrorCode::FailedPrecondition, fmt::format("{} cannot be undone: {}", what, why));
}

}  // namespace

Result<void> check_undoable(const JournalRecord& record) {
  if (with_undoable_type(record.object_type, [](auto) {})) return {};
  const std::string& type = record.object_type;
  std::string instead = "only changes of the address plan and of custom fields can";
  if (type == "server_change") instead = "a change of a managed server has an undo of its own (ipam change undo)";
  if (type.starts_with("dhcp_") || type.starts_with("dns_")) {
    instead = "it tells what a managed server holds; a change that was made there has an undo of its own (ipam change undo)";
  }
  return Error(ErrorCode::FailedPrecondition, fmt::format("{} cannot be undone: {}", call(record), instead));
}

Result<std::vector<UndoneChange>> undo_in(Transaction& transaction, const std::vector<JournalRecord>& records) {
  Undoing undoing(transaction);
  std::map<std::uint64_t, std::string> called;
  for (const JournalRecord& record : records) {
    IPAM_TRY(check_undoable(record));
    called[record.sequence] = call(record);
    Result<void> done;
    with_undoable_type(record.object_type, [&](auto type) { done = undoing.take_back<typename decltype(type)::type>(record); });
    if (!done.ok()) return about_change(call(record), std::move(done).error());
  }
  std::uint64_t about = 0;
  if (auto fine = undoing.finish(about); !fine.ok()) return about_change(called[about], std::move(fine).error());
  return undoing.take_done();
}

}  // namespace ipam::service

namespace ipam::ledger {

std::string StepText<service::UndoneChange>::write(const service::UndoneChange& change) {
  return write_cells(
      {store::to_value(change.sequence), store::to_value(change.kind), change.object_type, store::to_value(change.object_id), change.object_name});
}

Result<service::UndoneChange> StepText<service::UndoneChange>::read(std::string_view text) {
  const auto cells = IPAM_TRY(read_cells(text));
  if (cells.size() != 5) return Error(ErrorCode::Internal, "a kept outcome is damaged");
  const auto row = row_of(cells);
  service::UndoneChange change;
  change.sequence = IPAM_TRY(store::from_cell<std::uint64_t>(*row, 0));
  change.kind = IPAM_TRY(store::from_cell<model::ChangeKind>(*row, 1));
  change.object_type = IPAM_TRY(store::from_cell<std::string>(*row, 2));
  change.object_id = IPAM_TRY(store::from_cell<std::uint64_t>(*row, 3));
  change.object_name = IPAM_TRY(store::from_cell<std::string>(*row, 4));
  return change;
}

}  // namespace ipam::ledger
