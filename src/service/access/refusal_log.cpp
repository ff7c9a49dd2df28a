#include "service/access/refusal_log.h"

#include "base/log.h"
#include "base/strings.h"
#include "crypto/random.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::service {
namespace {

using model::Refusal;

constexpr std::size_t kMaxText = 200;

bool is_power_of_ten(std::uint64_t count) {
  while (count >= 10 && count % 10 == 0) count /= 10;
  return count == 1;
}

std::string clean(std::string_view text) {
  std::string kept = shorten(text, kMaxText);
  return is_clean_text(kept) ? kept : std::string("(no text)");
}

}  // namespace

Result<void> authorize_auditor(const Principal& principal) {
  if (includes(principal.access_group, model::Group::IpamIpAuditAdministrators)) return {};
  return Error(ErrorCode::PermissionDenied,
               fmt::format("reading the refusals needs one of the groups ipam_ip_audit_administrators, ipam_administrators; {} is in {}",
                           principal.user_name, model::enum_to_text(principal.access_group)));
}

void RefusalLog::record(const RefusedRequest& refused) {
  recorded_.fetch_add(1, std::memory_order_relaxed);
  const Time now = clock_.now();
  Key key{refused.status, clean(refused.user_name), std::string(refused.address), clean(refused.method), clean(refused.route)};
  std::vector<Refusal> ended;
  Refusal seen;
  {
    auto state = state_.lock();
    if (now - state->hour >= std::chrono::hours(1) || now < state->hour) {
      for (auto& [_, entry] : state->entries) {
        if (entry.changed) ended.push_back(std::move(entry.row));
      }
      state->entries.clear();
      state->hour = now;
    }
    if (state->entries.size() >= kDistinctPerHour && !state->entries.contains(key)) key = {refused.status, {}, {}, {}, {}};
    Entry& entry = state->entries[key];
    Refusal& row = entry.row;
    if (row.count == 0) {
      row.id.value = crypto::random_number() >> 2U;
      row.first_at = now;
      row.status = refused.status;
      row.user_name = key.user_name;
      row.address = key.address;
      row.method = key.method;
      row.route = key.route;
    }
    ++row.count;
    row.last_at = now;
    row.detail = clean(refused.detail);
    row.request_id = std::string(refused.request_id);
    entry.changed = true;
    seen = row;
  }
  if (!ended.empty()) {
    auto all = ended_.lock();
    all->insert(all->end(), std::make_move_iterator(ended.begin()), std::make_move_iterator(ended.end()));
  }
  if (is_power_of_ten(seen.count)) {
    log::warning("IPAM-2001 requests refused", {{"status", seen.status},
                                                {"count", seen.count},
                                                {"user", seen.user_name},
                                                {"address", seen.address},
                                                {"method", seen.method},
                                                {"route", seen.route},
                                                {"detail", seen.detail},
                                                {"request_id", seen.request_id}});
  }
}

std::vector<Refusal> RefusalLog::take_changed() {
  std::vector<Refusal> rows = std::exchange(*ended_.lock(), {});
  auto state = state_.lock();
  for (auto& [_, entry] : state->entries) {
    if (std::exchange(entry.changed, false)) rows.push_back(entry.row);
  }
  return rows;
}

void RefusalLog::give_back(const std::vector<Refusal>& rows) {
  std::vector<Refusal> of_before;
  {
    auto state = state_.lock();
    for (const Refusal& row : rows) {
      const auto same = std::find_if(state->entries.begin(), state->entries.end(), [&](const auto& entry) { return entry.second.row.id == row.id; });
      if (same != state->entries.end()) {
        same->second.changed = true;
      } else {
        of_before.push_back(row);
      }
    }
  }
  auto ended = ended_.lock();
  // While the database cannot be written: what is held is bounded.
  for (const Refusal& row : of_before) {
    if (ended->size() < kKept) ended->push_back(row);
  }
}

ledger::Work RefusalLog::work_of(const std::vector<Refusal>& rows) {
  return [rows](ledger::Transaction& transaction) -> Result<void> {
    for (const Refusal& row : rows) transaction.put_row(row);
    const std::uint64_t stored = IPAM_TRY(store::count(transaction.committed(), store::table<Refusal>(), {}));
    if (stored <= kKept) return {};
    const auto oldest =
        IPAM_TRY(store::list<Refusal>(transaction.committed(), {.sort = {{"last_at", false}}, .limit = static_cast<std::size_t>(stored) - kKept}));
    for (const Refusal& row : oldest.items) transaction.erase_row<Refusal>({store::to_value(row.id)});
    return {};
  };
}

io::Task<Result<void>> RefusalLog::flush() {
  const std::vector<Refusal> rows = take_changed();
  if (rows.empty()) co_return Result<void>();
  ledger::Work work = work_of(rows);
  auto committed = co_await ledger_.commit(ledger::Priority::Bulk, work);
  if (committed.ok()) co_return Result<void>();
  give_back(rows);
  co_return std::move(committed).error();
}

void RefusalLog::flush_and_wait() {
  const std::vector<Refusal> rows = take_changed();
  if (rows.empty()) return;
  const auto written = ledger_.commit_and_wait({}, ledger::Priority::Interactive, work_of(rows));
  if (!written.ok()) log::warning("IPAM-2002 refused requests not stored", {{"rows", rows.size()}, {"error", written.error().describe()}});
}

Result<store::Page<Refusal>> RefusalLog::list(const Principal& principal, const store::Query& query) {
  IPAM_TRY(authorize_auditor(principal));
  const auto reader = IPAM_TRY(store_.open_reader());
  return store::list<Refusal>(*reader, query);
}

}  // namespace ipam::service
