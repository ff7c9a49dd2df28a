#include "wire/dhcp_audit_log/row.h"

#include "base/strings.h"
#include "wire/log_lines/text.h"

#include <algorithm>

namespace ipam::wire::dhcp_audit_log {
namespace {

constexpr std::size_t kMaxClient = 255;
constexpr std::array kFreeText{Field::HostName, Field::UserName, Field::VendorClassText, Field::UserClassText, Field::Description};
constexpr std::array kWhoHadWhat{Field::Id, Field::Date, Field::Time, Field::Address, Field::HostName, Field::Client};
constexpr std::array kHappening{Field::Id, Field::Date, Field::Time};

// The columns of one line.
class Cells {
 public:
  // False: more than a line can have.
  bool split(std::string_view line) {
    count_ = 0;
    while (true) {
      if (count_ == cells_.size()) return false;
      const auto comma = line.find(',');
      cells_[count_++] = line.substr(0, comma);
      if (comma == std::string_view::npos) return true;
      line.remove_prefix(comma + 1);
    }
  }
  // Takes the columns from `first` on as one, so that `count` are left.
  Cells merged(std::size_t first, std::size_t count) const {
    Cells merged;
    merged.count_ = count;
    const std::size_t surplus = count_ - count;
    for (std::size_t i = 0; i < count; ++i) merged.cells_[i] = cells_[i <= first ? i : i + surplus];
    const std::string_view last = cells_[first + surplus];
    merged.cells_[first] = {cells_[first].data(), static_cast<std::size_t>(last.data() + last.size() - cells_[first].data())};
    return merged;
  }
  void drop_to(std::size_t count) { count_ = count; }
  std::size_t count() const { return count_; }
  std::string_view raw(std::size_t at) const { return at < count_ ? cells_[at] : std::string_view(); }
  std::string_view get(const Columns& columns, Field field) const {
    const int place = columns[field];
    return place < 0 ? std::string_view() : trim(raw(static_cast<std::size_t>(place)));
  }

 private:
  std::array<std::string_view, kMaxColumns> cells_;
  std::size_t count_ = 0;
};

bool is_number(std::string_view text) { return text.empty() || parse_integer<std::uint32_t>(text).has_value(); }

std::optional<std::uint32_t> number(std::string_view text) { return text.empty() ? std::nullopt : parse_integer<std::uint32_t>(text); }

// "0x4D53…" or plain digits; false when it is neither.
bool read_hex(std::string_view text, Bytes& bytes) {
  bytes.clear();
  if (text.starts_with("0x") || text.starts_with("0X")) text.remove_prefix(2);
  if (text.empty()) return true;
  auto read = from_hex(text);
  if (!read.ok()) return false;
  bytes = std::move(read).value();
  return true;
}

// Whether everything that is not free text can be what its column says.
bool fits(const Cells& cells, const Columns& columns) {
  const auto get = [&](Field field) { return cells.get(columns, field); };
  Bytes bytes;
  DateOrder order = DateOrder::MonthFirst;
  if (get(Field::Id).empty() || !is_number(get(Field::Id)) || !log_lines::read_date(get(Field::Date), std::nullopt, order)) return false;
  if (const auto address = get(Field::Address); !address.empty() && !ip::Address::parse(address).ok()) return false;
  if (const auto prefix = get(Field::SubnetPrefix); !prefix.empty() && !ip::Address::parse(prefix).ok()) return false;
  for (const Field field : {Field::TransactionId, Field::QuarantineResult, Field::Error, Field::DuidLength}) {
    if (!is_number(get(field))) return false;
  }
  for (const Field field : {Field::Client, Field::VendorClass, Field::UserClass}) {
    if (!read_hex(get(field), bytes)) return false;
  }
  return true;
}

bool same_claim(const Cells& a, const Cells& b, const Columns& columns) {
  return std::all_of(kWhoHadWhat.begin(), kWhoHadWhat.end(), [&](Field field) { return a.get(columns, field) == b.get(columns, field); });
}

// Brings a line of too many columns to as many as the header has.
std::string_view align(Cells& cells, const Columns& columns) {
  bool empty_tail = true;
  for (std::size_t i = columns.count; i < cells.count(); ++i) empty_tail = empty_tail && trim(cells.raw(i)).empty();
  Cells shorter = cells;
  shorter.drop_to(columns.count);
  std::vector<Cells> possible;
  if (empty_tail && fits(shorter, columns)) possible.push_back(shorter);
  const bool shorter_fits = !possible.empty();
  for (const Field field : kFreeText) {
    if (columns[field] < 0) continue;
    const Cells candidate = cells.merged(static_cast<std::size_t>(columns[field]), columns.count);
    // Servers end lines with empty columns; only a reading that has another client puts that in doubt.
    if (!fits(candidate, columns) || (shorter_fits && candidate.get(columns, Field::Client).empty())) continue;
    const bool new_claim = std::none_of(possible.begin(), possible.end(), [&](const Cells& each) { return same_claim(each, candidate, columns); });
    if (new_claim) possible.push_back(candidate);
  }
  if (possible.empty()) return "it has more columns than the header, and none of its names explains them";
  if (possible.size() > 1) return "a comma in a name leaves open which column is which";
  cells = possible.front();
  return {};
}

void set_text(std::string& text, std::string_view cell) {
  if (log_lines::is_printable_ascii(cell)) {
    text.assign(cell);
  } else {
    text = log_lines::printable(cell);
  }
}

std::string_view read_address(std::string_view text, ip::Family family, std::optional<ip::Address>& address) {
  address.reset();
  if (text.empty()) return {};
  const auto read = ip::Address::parse(text);
  if (!read.ok() || read->family() != family) return "the address is none of its family";
  address = *read;
  return {};
}

template <std::size_t n>
bool reaches(std::size_t count, const Columns& columns, const std::array<Field, n>& fields) {
  return std::all_of(fields.begin(), fields.end(), [&](Field field) { return columns[field] < static_cast<int>(count); });
}

std::string_view fill(const Cells& cells, const RowSettings& settings, DateOrder& order, Event& event) {
  const Columns& columns = settings.columns;
  const auto get = [&](Field field) { return cells.get(columns, field); };
  const auto id = parse_integer<std::uint16_t>(get(Field::Id));
  if (!id) return "the id is no number";
  event.id = *id;
  event.kind = settings.legend.kind(*id);
  const auto date = log_lines::read_date(get(Field::Date), settings.expected_day, order);
  if (!date) return "the date is none";
  const auto time = log_lines::read_time_of_day(get(Field::Time));
  if (!time) return "the time is none";
  event.time = date->day_number() + *time;
  event.date = date->reading;
  if (const auto problem = read_address(get(Field::Address), columns.family, event.address); !problem.empty()) return problem;
  if (const auto problem = read_address(get(Field::SubnetPrefix), ip::Family::V6, event.subnet_prefix); !problem.empty()) return problem;
  if (!read_hex(get(Field::Client), event.client) || event.client.size() > kMaxClient) return "the hardware address or DUID is none";
  for (const Field field : {Field::TransactionId, Field::QuarantineResult, Field::Error, Field::DuidLength}) {
    if (!is_number(get(field))) return "a number is none; is there a comma in a name?";
  }
  const auto length = number(get(Field::DuidLength));
  if (length && !event.client.empty() && *length != event.client.size()) return "the DUID does not have its length";
  if (lease_effect(event.kind) != LeaseEffect::None && !event.address) return "there is no address whose lease it could tell of";
  event.transaction_id = number(get(Field::TransactionId));
  event.quarantine_result = number(get(Field::QuarantineResult));
  event.error = number(get(Field::Error));
  read_hex(get(Field::VendorClass), event.vendor_class);
  read_hex(get(Field::UserClass), event.user_class);
  set_text(event.description, get(Field::Description));
  set_text(event.host_name, get(Field::HostName));
  set_text(event.user_name, get(Field::UserName));
  set_text(event.probation_time, get(Field::ProbationTime));
  set_text(event.correlation_id, get(Field::CorrelationId));
  set_text(event.dhcid, get(Field::Dhcid));
  set_text(event.vendor_class_text, get(Field::VendorClassText));
  set_text(event.user_class_text, get(Field::UserClassText));
  set_text(event.relay_agent_information, get(Field::RelayAgentInformation));
  return {};
}

}  // namespace

bool looks_like_row(std::string_view line, const Columns& columns) {
  Cells cells;
  if (!cells.split(line)) return true;
  if (cells.count() < 2) return false;
  const auto id = cells.get(columns, Field::Id), date = cells.get(columns, Field::Date);
  if (!id.empty() && is_number(id)) return true;
  const auto digits = date.find_first_not_of("0123456789");
  return digits != std::string_view::npos && digits >= 1 && digits <= 4 && std::string_view("/.-").find(date[digits]) != std::string_view::npos;
}

std::string_view read_row(std::string_view line, const RowSettings& settings, DateOrder& order, Event& event) {
  Cells cells;
  if (!cells.split(line)) return "it has more columns than a log can have";
  const Columns& columns = settings.columns;
  if (cells.count() > columns.count) {
    if (const auto problem = align(cells, columns); !problem.empty()) return problem;
  } else if (cells.count() < columns.count) {
    cells.drop_to(cells.count() - 1);
    const auto id = parse_integer<std::uint16_t>(cells.get(columns, Field::Id));
    const bool lease = !id || lease_effect(settings.legend.kind(*id)) != LeaseEffect::None;
    if (!reaches(cells.count(), columns, kHappening) || (lease && !reaches(cells.count(), columns, kWhoHadWhat))) return "it is cut off";
  }
  return fill(cells, settings, order, event);
}

}  // namespace ipam::wire::dhcp_audit_log
