#include "time_zone/time_zone.h"

#include "base/file.h"
#include "time_zone/posix_rule.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::time_zone {
namespace {

constexpr int kLastYear = 2200;
constexpr std::int32_t kMaxOffset = 26 * 3'600;
// Offsets differ by less than this, so that what a clock shows lies within it of the instant in UTC.
constexpr std::int64_t kReach = std::int64_t{2} * kMaxOffset;

// Big-endian numbers of a TZif file; zero past its end, which `ok` tells.
class Cursor {
 public:
  explicit Cursor(ByteView bytes) : bytes_(bytes) {}

  std::int64_t number(std::size_t size) {
    const ByteView taken = take(size);
    if (taken.empty()) return 0;
    std::uint64_t value = (taken[0] & 0x80U) != 0 ? ~std::uint64_t{0} : 0;
    for (const std::uint8_t byte : taken) value = value << 8U | byte;
    return static_cast<std::int64_t>(value);
  }
  std::size_t count() { return static_cast<std::size_t>(static_cast<std::uint32_t>(number(4))); }
  ByteView take(std::size_t size) {
    if (size > bytes_.size()) {
      ok_ = false;
      return {};
    }
    const ByteView taken = bytes_.first(size);
    bytes_ = bytes_.subspan(size);
    return taken;
  }
  ByteView rest() const { return bytes_; }
  bool ok() const { return ok_; }

 private:
  ByteView bytes_;
  bool ok_ = true;
};

// RFC 8536 section 3.1.
struct Header {
  std::uint8_t version = 0;
  std::size_t ut_indicators = 0, standard_indicators = 0, leap_seconds = 0, transitions = 0, types = 0, characters = 0;

  std::size_t body_size(std::size_t time_size) const {
    return transitions * (time_size + 1) + types * 6 + characters + leap_seconds * (time_size + 4) + standard_indicators + ut_indicators;
  }
};

Error malformed() { return {ErrorCode::Malformed, "this is no time zone file (TZif), or it is cut off"}; }

Result<Header> read_header(Cursor& cursor, std::size_t file_size) {
  if (as_text(cursor.take(4)) != "TZif") return malformed();
  Header header;
  header.version = static_cast<std::uint8_t>(cursor.number(1));
  cursor.take(15);
  header.ut_indicators = cursor.count();
  header.standard_indicators = cursor.count();
  header.leap_seconds = cursor.count();
  header.transitions = cursor.count();
  header.types = cursor.count();
  header.characters = cursor.count();
  const std::size_t most =
      std::max({header.ut_indicators, header.standard_indicators, header.leap_seconds, header.transitions, header.types, header.characters});
  if (!cursor.ok() || most > file_size || header.types == 0) return malformed();
  return header;
}

bool is_zone_name(std::string_view name) {
  if (name.empty() || name.size() > 64 || name.front() == '/' || name.back() == '/' || name.find("//") != std::string_view::npos) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '_' || c == '-' || c == '+';
  });
}

Time time_of(std::int64_t seconds, Duration fraction) { return Time(std::chrono::duration_cast<Duration>(std::chrono::seconds(seconds)) + fraction); }

}  // namespace

std::optional<LocalTime> make_local_time(int year, unsigned month, unsigned day, unsigned hour, unsigned minute, unsigned second,
                                         unsigned microsecond) {
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  if (year < 1 || year > 9999 || month > 12 || day > 31 || !date.ok() || hour > 23 || minute > 59 || second > 60 || microsecond > 999'999) {
    return std::nullopt;
  }
  return std::chrono::local_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second) +
         Duration(microsecond);
}

std::string format_local_time(LocalTime local) {
  std::string text = format_time(Time(local.time_since_epoch()));
  text.pop_back();  // "Z": this is no time in UTC
  return text;
}

TimeZone TimeZone::fixed(std::chrono::seconds offset) {
  TimeZone zone;
  zone.first_offset_ = static_cast<std::int32_t>(offset.count());
  return zone;
}

Result<TimeZone> TimeZone::parse(ByteView file) {
  Cursor cursor(file);
  Header header = IPAM_TRY(read_header(cursor, file.size()));
  std::size_t time_size = 4;
  if (header.version >= '2') {
    cursor.take(header.body_size(4));
    header = IPAM_TRY(read_header(cursor, file.size()));
    time_size = 8;
  }
  if (header.leap_seconds != 0) return Error(ErrorCode::Unsupported, "a time zone file that counts leap seconds is not read");
  Cursor times(cursor.take(header.transitions * time_size));
  const ByteView types = cursor.take(header.transitions);
  Cursor records(cursor.take(header.types * 6));
  cursor.take(header.characters + header.standard_indicators + header.ut_indicators);
  if (!cursor.ok()) return malformed();

  std::vector<std::int32_t> offsets;
  for (std::size_t i = 0; i < header.types; ++i) {
    const std::int64_t offset = records.number(4);
    records.take(2);
    if (offset < -kMaxOffset || offset > kMaxOffset) return malformed();
    offsets.push_back(static_cast<std::int32_t>(offset));
  }
  TimeZone zone;
  zone.first_offset_ = offsets[0];
  for (std::size_t i = 0; i < header.transitions; ++i) {
    const std::int64_t at = times.number(time_size);
    if (types[i] >= offsets.size() || (i > 0 && at <= zone.transitions_.back().at)) return malformed();
    zone.transitions_.push_back({at, offsets[types[i]]});
  }
  if (time_size == 4) return zone;

  const std::string_view footer = as_text(cursor.rest());
  if (footer.size() < 2 || footer.front() != '\n' || footer.back() != '\n') return malformed();
  if (footer.size() == 2) return zone;
  const PosixRule rule = IPAM_TRY(PosixRule::parse(footer.substr(1, footer.size() - 2)));
  if (zone.transitions_.empty() && !rule.changes(2000)) zone.first_offset_ = rule.standard_offset();
  for (int year = 1970; year <= kLastYear; ++year) {
    const auto changes = rule.changes(year);
    if (!changes) break;
    for (const PosixRule::Change& change : *changes) {
      // A rule may move a change beyond the turn of the year; what would go back in time is left out.
      if (zone.transitions_.empty() || change.at > zone.transitions_.back().at) zone.transitions_.push_back({change.at, change.offset});
    }
  }
  return zone;
}

Result<TimeZone> TimeZone::load(std::string_view name, const std::string& folder) {
  if (!is_zone_name(name)) return Error(ErrorCode::InvalidArgument, "the name of a time zone is written like Europe/Berlin");
  const auto file = read_file(std::filesystem::path(folder) / name, kMaxFile);
  if (!file.ok()) {
    return Error(ErrorCode::NotFound, fmt::format("the time zone {} is not known here", name), file.error().describe());
  }
  return parse(as_bytes(*file));
}

std::int32_t TimeZone::offset_at_second(std::int64_t second) const {
  const auto after = std::upper_bound(transitions_.begin(), transitions_.end(), second,
                                      [](std::int64_t value, const Transition& transition) { return value < transition.at; });
  return after == transitions_.begin() ? first_offset_ : std::prev(after)->offset;
}

std::chrono::seconds TimeZone::offset_at(Time time) const {
  return std::chrono::seconds(offset_at_second(std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count()));
}

LocalTime TimeZone::to_local(Time time) const { return LocalTime(time.time_since_epoch() + offset_at(time)); }

Instant TimeZone::to_utc(LocalTime local) const {
  const auto whole = std::chrono::floor<std::chrono::seconds>(local);
  const Duration fraction = local - whole;
  const std::int64_t shown = whole.time_since_epoch().count();
  // Every offset that was in force around; an instant is right where its own offset leads back to what was shown.
  std::int32_t offset = offset_at_second(shown - kReach);
  const std::int32_t before = offset;
  std::optional<std::int64_t> first, last;
  std::int64_t jump_from = before, jump_to = before;
  const auto consider = [&](std::int32_t with) {
    if (offset_at_second(shown - with) != with) return;
    if (!first || shown - with < *first) first = shown - with;
    if (!last || shown - with > *last) last = shown - with;
  };
  consider(offset);
  auto next = std::upper_bound(transitions_.begin(), transitions_.end(), shown - kReach,
                               [](std::int64_t value, const Transition& transition) { return value < transition.at; });
  for (; next != transitions_.end() && next->at <= shown + kReach; ++next) {
    if (next->at + offset <= shown && shown < next->at + next->offset) {
      jump_from = offset;
      jump_to = next->offset;
    }
    offset = next->offset;
    consider(offset);
  }
  if (first && *first == *last) return {Meaning::Unique, time_of(*first, fraction), time_of(*first, fraction)};
  if (first) return {Meaning::Ambiguous, time_of(*first, fraction), time_of(*last, fraction)};
  return {Meaning::Skipped, time_of(shown - jump_to, fraction), time_of(shown - jump_from, fraction)};
}

}  // namespace ipam::time_zone
