#include "service/history/past_list.h"

#include "service/history/past_object.h"
#include "service/planning/place_conditions.h"

namespace ipam::service {
namespace {

using model::JournalRecord;
using store::Comparison;
using store::Value;

// Of the rows and of the records that one page looks at, so that it takes no long time however few of them belong to it.
constexpr std::size_t kMostLookedAt = 20'000;
constexpr std::size_t kAtOnce = 1'000;
// So many of these costs an object that is walked back.
constexpr std::size_t kWalkedBack = 10;

enum class Part : std::int64_t { AsTheyWere, ChangedSince };

template <Placed T>
constexpr std::string_view place_column() {
  if constexpr (std::is_same_v<T, model::Range>) return "first";
  if constexpr (std::is_same_v<T, model::Address>) return "address";
  return "prefix";
}

auto place_of(const model::Block& object) { return object.prefix; }
auto place_of(const model::Subnet& object) { return object.prefix; }
auto place_of(const model::Range& object) { return object.first; }
auto place_of(const model::Address& object) { return object.address; }

bool lies_in(const ip::Prefix& within, const ip::Prefix& place) { return within.contains(place); }
bool lies_in(const ip::Prefix& within, const ip::Address& place) { return place.family() == within.family() && within.contains(place); }

template <Placed T>
class PastLister {
 public:
  PastLister(store::Reader& reader, const Moment& moment, const PastQuery& query) : reader_(reader), moment_(moment), query_(query) {}

  Result<store::Page<T>> list() {
    Part part = Part::AsTheyWere;
    std::vector<Value> after;
    IPAM_TRY(read_place(part, after));
    if (part == Part::AsTheyWere) {
      if (IPAM_TRY(add_unchanged(std::move(after)))) return std::move(page_);
      after = {store::to_value(moment_.sequence)};
    }
    IPAM_TRY(add_changed(std::get<std::int64_t>(after.front())));
    return std::move(page_);
  }

 private:
  Result<void> read_place(Part& part, std::vector<Value>& after) {
    if (query_.after.empty()) return {};
    const auto number = [&](std::size_t at) {
      const auto* cell = at < query_.after.size() ? std::get_if<std::int64_t>(&query_.after[at]) : nullptr;
      return cell != nullptr ? *cell : -1;
    };
    const bool unchanged = number(1) == static_cast<std::int64_t>(Part::AsTheyWere) && query_.after.size() == 5;
    const bool changed = number(1) == static_cast<std::int64_t>(Part::ChangedSince) && query_.after.size() == 3 && number(2) >= 0;
    if (!unchanged && !changed) return Error::field("/cursor", "is not a cursor of this list");
    if (number(0) != static_cast<std::int64_t>(moment_.sequence)) return Error::field("/cursor", "is of another moment than as_of");
    part = unchanged ? Part::AsTheyWere : Part::ChangedSince;
    after.assign(query_.after.begin() + 2, query_.after.end());
    return {};
  }

  void end_page(Part part, std::vector<Value> place) {
    std::vector<Value> cells{store::to_value(moment_.sequence), static_cast<std::int64_t>(part)};
    cells.insert(cells.end(), place.begin(), place.end());
    page_.next_cursor = store::write_cursor(cells);
  }

  bool full() const { return page_.items.size() >= query_.limit; }

  bool belongs(const T& object) const {
    return (!query_.space || object.space_id == *query_.space) && (!query_.within || lies_in(*query_.within, place_of(object)));
  }

  store::Query present_query() const {
    store::Query present{.sort = {{"space_id"}, {std::string(place_column<T>())}}, .limit = std::min(kAtOnce, query_.limit + 1)};
    if (query_.space) present.where.push_back({"space_id", Comparison::Equal, store::to_value(*query_.space)});
    if (!query_.within) return present;
    constexpr Place kPlace = std::is_same_v<decltype(place_of(T{})), ip::Prefix> ? Place::Prefix : Place::Address;
    add_within(present.where, place_column<T>(), kPlace, *query_.within);
    return present;
  }

  Result<void> check_explained(const T& object) {
    const auto record = IPAM_TRY(record_from(reader_, object.revision));
    if (record && record->sequence == object.revision && record->object_id == object.id.value) return {};
    return unexplained(model::type_name<T>(), object.id.value, fmt::format("no record tells of its revision {}", object.revision));
  }

  // Whether the page ends here.
  Result<bool> add_unchanged(std::vector<Value> after) {
    store::Query present = present_query();
    present.after = std::move(after);
    for (std::size_t looked_at = 0; looked_at < kMostLookedAt;) {
      auto rows = IPAM_TRY(store::list<T>(reader_, present));
      for (T& row : rows.items) {
        ++looked_at;
        if (row.revision > moment_.sequence) continue;
        IPAM_TRY(check_explained(row));
        std::vector<Value> place{store::to_value(row.space_id), store::to_value(place_of(row)), store::to_value(row.id)};
        page_.items.push_back(std::move(row));
        if (!full()) continue;
        end_page(Part::AsTheyWere, std::move(place));
        return true;
      }
      if (rows.next_cursor.empty()) return false;
      present.after = IPAM_TRY(store::read_cursor(rows.next_cursor));
    }
    end_page(Part::AsTheyWere, present.after);
    return true;
  }

  // Whether the record is of an object that lay elsewhere, as far as the record alone tells: it is called by its place.
  bool is_elsewhere(const JournalRecord& record) const {
    if (!query_.within) return false;
    const bool moved =
        record.kind == model::ChangeKind::Updated && record.differences.find(fmt::format("\"{}\":", place_column<T>())) != std::string::npos;
    if (moved) return false;
    if constexpr (std::is_same_v<T, model::Range>) {
      const auto range = ip::Range::parse(record.object_name);
      return range.ok() && !lies_in(*query_.within, range->first());
    } else {
      const auto place = decltype(place_of(T{}))::parse(record.object_name);
      return place.ok() && !lies_in(*query_.within, *place);
    }
  }

  Result<void> add_if_it_was_there(const JournalRecord& record) {
    const model::Id<T> id{record.object_id};
    const auto before = IPAM_TRY(last_record_of(reader_, model::type_name<T>(), id.value, record.sequence - 1));
    if (before && before->sequence > moment_.sequence) return {};  // told, or judged, at its first change
    auto object = IPAM_TRY(find_at(reader_, id, moment_.sequence));
    if (object && belongs(*object)) page_.items.push_back(*std::move(object));
    return {};
  }

  Result<void> add_changed(std::int64_t after) {
    // An object whose first record since then is its creation was not there.
    store::Query records{
        .where = {{"object_type", Comparison::Equal, std::string(model::type_name<T>())}, {"kind <> 'created'", Comparison::Holds, {}, {}}},
        .sort = {{"sequence"}},
        .limit = kAtOnce};
    records.after = {Value(after)};
    for (std::size_t looked_at = 0; looked_at < kMostLookedAt;) {
      const auto rows = IPAM_TRY(store::list<JournalRecord>(reader_, records));
      for (const JournalRecord& record : rows.items) {
        const bool elsewhere = is_elsewhere(record);
        looked_at += elsewhere ? 1 : kWalkedBack;
        if (!elsewhere) IPAM_TRY(add_if_it_was_there(record));
        if (!full()) continue;
        end_page(Part::ChangedSince, {store::to_value(record.sequence)});
        return {};
      }
      if (rows.next_cursor.empty()) return {};
      records.after = IPAM_TRY(store::read_cursor(rows.next_cursor));
    }
    end_page(Part::ChangedSince, records.after);
    return {};
  }

  store::Reader& reader_;
  const Moment& moment_;
  const PastQuery& query_;
  store::Page<T> page_;
};

}  // namespace

template <Placed T>
Result<store::Page<T>> list_at(store::Reader& reader, const Moment& moment, const PastQuery& query) {
  return PastLister<T>(reader, moment, query).list();
}

template Result<store::Page<model::Block>> list_at(store::Reader&, const Moment&, const PastQuery&);
template Result<store::Page<model::Subnet>> list_at(store::Reader&, const Moment&, const PastQuery&);
template Result<store::Page<model::Range>> list_at(store::Reader&, const Moment&, const PastQuery&);
template Result<store::Page<model::Address>> list_at(store::Reader&, const Moment&, const PastQuery&);

}  // namespace ipam::service
