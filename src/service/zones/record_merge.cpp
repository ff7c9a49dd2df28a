#include "service/zones/record_merge.h"

#include "service/zones/zone_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace ipam::service {
namespace {

using driver::RecordDifference;
using ledger::Transaction;
using model::DnsRecord;
using model::DnsZone;
using model::Id;
using model::ZoneStatus;
using store::Comparison;

store::Condition of_zone(Id<DnsZone> zone) { return {"zone_id", Comparison::Equal, store::to_value(zone)}; }

// A page of the zone's rows, of every generation, in the order of their index.
struct PageOfRows {
  std::vector<DnsRecord> rows;
  std::vector<store::Value> after;  // empty after the last page
};
Result<PageOfRows> read_page(store::Store& store, Id<DnsZone> zone, const std::vector<store::Value>& after, std::size_t limit) {
  const auto reader = IPAM_TRY(store.open_reader());
  auto page = IPAM_TRY(store::list<DnsRecord>(*reader, {.where = {of_zone(zone)}, .sort = {{.column = "name"}}, .limit = limit, .after = after}));
  PageOfRows result;
  if (!page.next_cursor.empty()) result.after = {page.items.back().name, store::to_value(page.items.back().id)};
  result.rows = std::move(page.items);
  return result;
}

// Every row of the names, of every generation.
Result<std::map<std::string, std::vector<DnsRecord>, std::less<>>> read_names(store::Store& store, Id<DnsZone> zone,
                                                                              const std::set<std::string>& names) {
  const auto reader = IPAM_TRY(store.open_reader());
  std::map<std::string, std::vector<DnsRecord>, std::less<>> rows;
  for (const std::string& name : names) {
    auto& of_name = rows[name];
    IPAM_TRY(store::for_each<DnsRecord>(*reader, {.where = {of_zone(zone), {"name", Comparison::Equal, name}}}, [&](DnsRecord row) -> Result<bool> {
      of_name.push_back(std::move(row));
      return true;
    }));
  }
  return rows;
}

// The third number of an SOA record: primary, mailbox, serial, refresh, retry, expire, minimum.
std::optional<std::uint32_t> refresh_of(const driver::ObservedRecord& record) {
  if (record.type != "SOA") return std::nullopt;
  const auto fields = split(record.data, ' ');
  return fields.size() == 7 ? parse_integer<std::uint32_t>(fields[3]) : std::nullopt;
}

io::Task<void> complete_with(ledger::Ledger* ledger, ledger::Work work, io::Completion<void> done) {
  auto receipt = co_await ledger->commit(ledger::Priority::Bulk, work);
  done.complete(receipt.ok() ? Result<void>() : Result<void>(receipt.error()));
}

}  // namespace

io::Task<Result<ZoneStatus>> RecordMerge::prepare() {
  store::Store& store = store_;
  const auto id = zone_.id;
  const auto read = [&store, id]() -> Result<ZoneStatus> { return read_zone_status(*IPAM_TRY(store.open_reader()), id); };
  IPAM_CO_TRY(status_, co_await database_.run(read));
  if (status_.unfinished) {
    IPAM_CO_CHECK(co_await clear_others(status_.generation));
  }
  co_return status_;
}

io::Task<Result<void>> RecordMerge::begin(Content content, std::uint32_t serial) {
  serial_ = serial;
  generation_ = status_.generation + 1;
  tolerant_ = status_.changed_here;
  const bool whole = content == Content::Whole;
  if (!whole && status_.generation == 0) {
    co_return Error(ErrorCode::Conflict, zone_.name + ": differences came for a zone of which nothing is stored");
  }
  mode_ = !whole ? Mode::Apply : status_.generation == 0 ? Mode::Load : Mode::Compare;
  using Summary = TransferSummary::Content;
  const auto kind = mode_ == Mode::Load ? Summary::FirstLoad : mode_ == Mode::Compare ? Summary::Whole : Summary::Differences;
  const std::optional<std::uint32_t> known = status_.generation == 0 ? std::nullopt : status_.transferred_serial;
  summary_.emplace(kind, known);
  co_return Result<void>();
}

io::Task<Result<void>> RecordMerge::accept(std::vector<RecordDifference> chunk) {
  IPAM_ASSERT(summary_.has_value(), "a transfer gives records before it began");
  for (const RecordDifference& difference : chunk) {
    if (const auto refresh = refresh_of(difference.record); refresh && difference.kind == RecordDifference::Kind::Added) refresh_seconds_ = refresh;
  }
  if (mode_ == Mode::Load) co_return co_await load(std::move(chunk));
  co_return co_await apply(std::move(chunk));
}

io::Task<Result<void>> RecordMerge::load(std::vector<RecordDifference> chunk) {
  Rows rows;
  rows.fresh.reserve(chunk.size());
  for (const RecordDifference& difference : chunk) {
    if (difference.kind != RecordDifference::Kind::Added) {
      co_return Error(ErrorCode::Malformed, zone_.name + ": a whole zone came with a record that is removed");
    }
    summary_->add(difference);
    DnsRecord row = to_row(zone_.id, difference.record);
    row.added = generation_;
    rows.fresh.push_back(std::move(row));
  }
  counts_.added += rows.fresh.size();
  co_return co_await write(std::move(rows));
}

io::Task<Result<void>> RecordMerge::apply(std::vector<RecordDifference> chunk) {
  std::set<std::string> names;
  for (const RecordDifference& difference : chunk) names.insert(difference.record.name);
  IPAM_CO_CHECK(co_await settle());  // what the chunk before wrote must be read
  store::Store& store = store_;
  const auto id = zone_.id;
  const auto read = [&store, id, names] { return read_names(store, id, names); };
  IPAM_CO_TRY(Draft draft, co_await database_.run(read));
  Rows rows;
  for (RecordDifference& difference : chunk) {
    IPAM_CO_CHECK(apply_one(draft, rows, std::move(difference)));
  }
  for (auto& entry : draft) {
    for (DnsRecord& row : entry.second) {
      if (!row.id && row.removed == DnsRecord::kNotRemoved) rows.fresh.push_back(std::move(row));
    }
  }
  co_return co_await write(std::move(rows));
}

// The row is no longer in the zone, once this generation is shown.
void RecordMerge::remove(DnsRecord& row, Rows& rows) {
  row.removed = generation_;
  if (!row.id) return;
  if (row.added == generation_) {
    rows.gone.push_back(row.id.value);
  } else {
    rows.changed.push_back(row);
  }
}

Result<void> RecordMerge::apply_one(Draft& draft, Rows& rows, RecordDifference difference) {
  std::vector<DnsRecord>& at_name = draft[difference.record.name];
  const auto in_zone = [&](const DnsRecord& row) {
    return row.removed == DnsRecord::kNotRemoved && row.type == difference.record.type && row.data == difference.record.data;
  };
  const auto found = std::find_if(at_name.begin(), at_name.end(), in_zone);
  if (difference.kind == RecordDifference::Kind::Removed) {
    if (found == at_name.end()) {
      if (tolerant_) return {};
      return Error(ErrorCode::Conflict,
                   fmt::format("{}: the differences remove {} {}, which is not stored", zone_.name, difference.record.name, difference.record.type));
    }
    // A server that told a record twice has stored it twice.
    for (DnsRecord& row : at_name) {
      if (in_zone(row)) remove(row, rows);
    }
    ++counts_.removed;
    summary_->add(difference);
    return {};
  }
  if (found != at_name.end()) {
    if (mode_ == Mode::Compare && found->id) seen_.insert(found->id.value);
    if (found->ttl == difference.record.ttl) return {};
    RecordDifference old{RecordDifference::Kind::Removed, to_observed(*found), difference.serial};
    summary_->add(old);
    ++counts_.removed;
    remove(*found, rows);
  }
  summary_->add(difference);
  ++counts_.added;
  DnsRecord row = to_row(zone_.id, difference.record);
  row.added = generation_;
  at_name.push_back(std::move(row));
  return {};
}

io::Task<Result<void>> RecordMerge::remove_unseen() {
  IPAM_CO_CHECK(co_await settle());
  store::Store& store = store_;
  const auto id = zone_.id;
  std::vector<store::Value> after;
  do {
    const auto read = [&store, id, after] { return read_page(store, id, after, kStep); };
    IPAM_CO_TRY(PageOfRows page, co_await database_.run(read));
    Rows rows;
    for (DnsRecord& row : page.rows) {
      const bool shown = row.added <= status_.generation && row.removed == DnsRecord::kNotRemoved;
      if (!shown || seen_.contains(row.id.value)) continue;
      summary_->add({RecordDifference::Kind::Removed, to_observed(row), serial_});
      ++counts_.removed;
      remove(row, rows);
    }
    IPAM_CO_CHECK(co_await write(std::move(rows)));
    after = std::move(page.after);
  } while (!after.empty());
  co_return Result<void>();
}

io::Task<Result<void>> RecordMerge::settle() {
  if (!in_flight_) co_return Result<void>();
  const io::Completion<void> last = *in_flight_;
  in_flight_.reset();
  co_return co_await last.wait();
}

io::Task<Result<void>> RecordMerge::write(Rows rows) {
  if (rows.empty()) co_return Result<void>();
  for (const DnsRecord& row : rows.changed) removed_ids_.push_back(row.id.value);
  const bool first = !status_.unfinished;
  status_.unfinished = true;
  ledger::Work work = [zone = zone_.id, status = status_, first, rows = std::move(rows)](Transaction& transaction) -> Result<void> {
    IPAM_TRY(transaction.get(zone));  // records of a zone that was removed meanwhile would stay for ever
    if (first) transaction.put_row(status);
    for (DnsRecord row : rows.fresh) {
      row.id.value = IPAM_TRY(transaction.new_row_id());
      transaction.insert_row(row);
    }
    for (const DnsRecord& row : rows.changed) transaction.put_row(row);
    for (const std::uint64_t id : rows.gone) transaction.erase_row<DnsRecord>({store::to_value(Id<DnsRecord>{id})});
    return {};
  };
  IPAM_CO_CHECK(co_await settle());
  const io::Executor executor = co_await io::current_executor();
  in_flight_.emplace();
  io::spawn(executor, complete_with(&ledger_, std::move(work), *in_flight_), "a step of a zone's transfer");
  co_return Result<void>();
}

io::Task<Result<RecordMergeCounts>> RecordMerge::finish(driver::ZoneTransfer transfer) {
  if (transfer.up_to_date) {
    status_.transferred_at = clock_.now();
    status_.transfer_problem.clear();
    counts_.records = status_.records;
    IPAM_CO_CHECK(co_await store_status());
    co_return counts_;
  }
  if (!summary_) co_return Error(ErrorCode::Malformed, zone_.name + ": the transfer ended before it began");
  if (mode_ == Mode::Compare) {
    IPAM_CO_CHECK(co_await remove_unseen());
  }
  IPAM_CO_CHECK(co_await settle());
  IPAM_CO_CHECK(co_await show(std::move(transfer)));
  IPAM_CO_CHECK(co_await erase_rows(std::move(removed_ids_)));
  status_.unfinished = false;
  IPAM_CO_CHECK(co_await store_status());
  counts_.records = status_.records;
  co_return counts_;
}

io::Task<Result<void>> RecordMerge::show(driver::ZoneTransfer transfer) {
  status_.generation = generation_;
  status_.transferred_serial = transfer.serial;
  status_.transferred_at = clock_.now();
  status_.transfer_problem.clear();
  status_.records = status_.records + counts_.added - std::min(counts_.removed, status_.records + counts_.added);
  status_.changed_here = false;
  if (refresh_seconds_) status_.refresh_seconds = refresh_seconds_;
  ledger::Work work = [zone = zone_, status = status_,
                       told = summary_->to_json(transfer.route, transfer.serial)](Transaction& transaction) -> Result<void> {
    const DnsZone stored = IPAM_TRY(transaction.get(zone.id));
    transaction.put_row(status);
    for (const std::string& content : told) transaction.summarize(stored, "records", content);
    return {};
  };
  IPAM_CO_CHECK(co_await ledger_.commit(context_, ledger::Priority::Bulk, work));
  co_return Result<void>();
}

io::Task<Result<void>> RecordMerge::abandon() {
  // What failed on its way has written nothing; the rest is cleared all the same.
  const auto last = co_await settle();
  if (!last.ok() && last.error().code == ErrorCode::Cancelled) co_return last.error();
  if (status_.unfinished) {
    IPAM_CO_CHECK(co_await clear_others(status_.generation));
  }
  summary_.reset();
  seen_ = {};
  removed_ids_.clear();
  counts_ = {};
  co_return Result<void>();
}

io::Task<Result<void>> RecordMerge::erase_all() {
  IPAM_CO_CHECK(co_await prepare());
  status_.generation = 0;
  status_.records = 0;
  status_.transferred_serial.reset();
  status_.unfinished = true;
  IPAM_CO_CHECK(co_await store_status());
  co_return co_await clear_others(0);
}

io::Task<Result<void>> RecordMerge::erase_rows(std::vector<std::uint64_t> ids) {
  for (std::size_t first = 0; first < ids.size(); first += kStep) {
    const std::vector<std::uint64_t> part(ids.begin() + static_cast<std::ptrdiff_t>(first),
                                          ids.begin() + static_cast<std::ptrdiff_t>(std::min(first + kStep, ids.size())));
    ledger::Work work = [part](Transaction& transaction) -> Result<void> {
      for (const std::uint64_t id : part) transaction.erase_row<DnsRecord>({store::to_value(Id<DnsRecord>{id})});
      return {};
    };
    IPAM_CO_CHECK(co_await ledger_.commit(ledger::Priority::Bulk, work));
  }
  co_return Result<void>();
}

io::Task<Result<void>> RecordMerge::clear_others(std::uint64_t kept) {
  store::Store& store = store_;
  const auto id = zone_.id;
  std::vector<store::Value> after;
  do {
    const auto read = [&store, id, after] { return read_page(store, id, after, kStep); };
    IPAM_CO_TRY(PageOfRows page, co_await database_.run(read));
    std::vector<std::uint64_t> gone;
    std::vector<DnsRecord> back;
    for (DnsRecord& row : page.rows) {
      if (kept == 0 || row.added > kept || row.removed <= kept) {
        gone.push_back(row.id.value);
      } else if (row.removed != DnsRecord::kNotRemoved) {
        row.removed = DnsRecord::kNotRemoved;
        back.push_back(std::move(row));
      }
    }
    IPAM_CO_CHECK(co_await erase_rows(std::move(gone)));
    if (!back.empty()) {
      ledger::Work work = [back = std::move(back)](Transaction& transaction) -> Result<void> {
        for (const DnsRecord& row : back) transaction.put_row(row);
        return {};
      };
      IPAM_CO_CHECK(co_await ledger_.commit(ledger::Priority::Bulk, work));
    }
    after = std::move(page.after);
  } while (!after.empty());
  status_.unfinished = false;
  co_return co_await store_status();
}

io::Task<Result<void>> RecordMerge::store_status() {
  ledger::Work work = [status = status_](Transaction& transaction) -> Result<void> {
    IPAM_TRY(transaction.get(status.id));
    transaction.put_row(status);
    return {};
  };
  IPAM_CO_CHECK(co_await ledger_.commit(ledger::Priority::Bulk, work));
  co_return Result<void>();
}

}  // namespace ipam::service
