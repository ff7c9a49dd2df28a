#include "service/history/moment.h"

#include <fmt/format.h>

#include <limits>

namespace ipam::service {
namespace {

using model::JournalRecord;
using store::Comparison;

constexpr auto kLast = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

Result<std::optional<JournalRecord>> next_to(store::Reader& reader, Comparison comparison, std::uint64_t sequence, bool descending) {
  auto page = IPAM_TRY(store::list<JournalRecord>(
      reader, {.where = {{"sequence", comparison, store::to_value(sequence)}}, .sort = {{"sequence", descending}}, .limit = 1}));
  if (page.items.empty()) return std::optional<JournalRecord>{};
  return std::optional<JournalRecord>(std::move(page.items.front()));
}

Error wrong(std::string message) { return Error::field("/as_of", std::move(message)); }

Error before_horizon(const JournalRecord& oldest) {
  return wrong(fmt::format("is before the horizon: the journal begins with sequence {}, at {}", oldest.sequence, format_time(oldest.at)));
}

// The newest record that is not after the instant: `oldest` is not. Records are in the order of their times.
Result<JournalRecord> last_until(store::Reader& reader, Time at, JournalRecord oldest, std::uint64_t newest) {
  std::uint64_t low = oldest.sequence;
  while (low < newest) {
    const std::uint64_t middle = low + (newest - low + 1) / 2;
    auto record = IPAM_TRY(record_until(reader, middle));
    if (!record || record->at <= at) {
      low = middle;
      if (record) oldest = *std::move(record);
    } else {
      newest = record->sequence - 1;
    }
  }
  return oldest;
}

// "2026-11-01" is where that day begins.
Result<Time> read_instant(std::string_view text) { return parse_time(text.size() == 10 ? std::string(text) + "T00:00:00Z" : std::string(text)); }

}  // namespace

std::string Moment::to_string() const { return fmt::format("sequence {} ({})", sequence, format_time(at)); }

Result<std::optional<JournalRecord>> record_from(store::Reader& reader, std::uint64_t sequence) {
  return next_to(reader, Comparison::GreaterOrEqual, sequence, false);
}

Result<std::optional<JournalRecord>> record_until(store::Reader& reader, std::uint64_t sequence) {
  return next_to(reader, Comparison::LessOrEqual, sequence, true);
}

Result<Moment> read_moment(store::Reader& reader, std::string_view text, Time now) {
  const auto oldest = IPAM_TRY(record_from(reader, 0));
  const auto newest = IPAM_TRY(record_until(reader, kLast));
  if (!oldest || !newest) return wrong("is before the horizon: the journal is empty");
  if (const auto sequence = parse_integer<std::uint64_t>(text)) {
    if (*sequence > newest->sequence) return wrong(fmt::format("is in the future: the newest record has sequence {}", newest->sequence));
    if (*sequence < oldest->sequence) return before_horizon(*oldest);
    const auto record = IPAM_TRY(record_from(reader, *sequence));
    if (!record || record->sequence != *sequence) return wrong(fmt::format("the record with sequence {} was lost with a restore", *sequence));
    return Moment{*sequence, oldest->sequence, record->at};
  }
  const auto at = read_instant(text);
  if (!at.ok()) return wrong("must be an instant such as 2026-11-01T08:00:00Z, a date, or the sequence of a journal record");
  if (*at > now) return wrong("is in the future");
  if (*at < oldest->at) return before_horizon(*oldest);
  const JournalRecord last = IPAM_TRY(last_until(reader, *at, *oldest, newest->sequence));
  const auto next = IPAM_TRY(record_from(reader, last.sequence + 1));
  if (next && next->sequence != last.sequence + 1) {
    return wrong(fmt::format("lies between the backup that ends with sequence {} and its restore as sequence {}; what was in between is lost",
                             last.sequence, next->sequence));
  }
  return Moment{last.sequence, oldest->sequence, *at};
}

}  // namespace ipam::service
