#include "base/log.h"
#include "base/strings.h"
#include "service/upkeep/upkeep.h"
#include "store/upkeep_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

namespace ipam::service {
namespace {

using model::Address;
using model::ExpiryNotice;
using model::ExpiryNoticeKind;
using store::Comparison;

constexpr std::size_t kNoticesACommit = 1'000;

std::string day_of(Time time) { return format_time(time).substr(0, 10); }

struct Ends {
  std::uint64_t past = 0;
  std::uint64_t soon = 0;
  std::string first;  // what ended or ends first
  Time first_at{};

  void note(Time end, Time now, const std::string& what) {
    ++(end <= now ? past : soon);
    if (!first.empty() && first_at <= end) return;
    first = fmt::format("{} ({})", what, day_of(end));
    first_at = end;
  }
  std::string tell(std::string_view noun, Duration alert) const {
    std::string text = fmt::format("{} expired, {} within {} days", count_of(past, noun), soon, alert / std::chrono::hours(24));
    return first.empty() ? text : text + ", the first: " + first;
  }
};

template <class T, class Note>
Result<void> for_each_ending(store::Reader& reader, Time until, const Note& note) {
  const std::vector<store::Condition> ending{{"expires_at", Comparison::LessOrEqual, store::to_value(until)}};
  return store::for_each<T>(reader, {.where = ending}, [&](T object) -> Result<bool> {
    note(object);
    return true;
  });
}

void log_notice(const Address& address, const ExpiryNotice& notice) {
  const std::initializer_list<log::Field> fields{
      {"address", address.address.to_string()}, {"name", address.name}, {"owner", address.owner}, {"at", format_time(*address.expires_at)}};
  if (notice.kind == ExpiryNoticeKind::Expired) {
    log::warning("IPAM-4024 address expired", fields);
  } else {
    log::warning("IPAM-4031 address expires soon", fields);
  }
}

// What was told before, what of it is still so, and what is to be told now.
class Notices {
 public:
  explicit Notices(ExpiryLog mode) : mode_(mode) {}

  Result<void> load(store::Reader& reader) {
    return store::for_each<ExpiryNotice>(reader, {}, [&](ExpiryNotice notice) -> Result<bool> {
      told_.emplace(notice.address_id, notice);
      return true;
    });
  }

  void look_at(const Address& address, Time now) {
    const ExpiryNotice wanted{address.id.value, *address.expires_at, *address.expires_at <= now ? ExpiryNoticeKind::Expired : ExpiryNoticeKind::Alert,
                              now};
    const auto before = told_.find(wanted.address_id);
    const bool is_told = before != told_.end() && before->second.kind == wanted.kind && before->second.expires_at == wanted.expires_at;
    if (before != told_.end()) told_.erase(before);
    if (is_told && mode_ == ExpiryLog::Once) return;
    if (fresh_.size() == Upkeep::kToldInOneRun) {
      ++left_;
      return;
    }
    log_notice(address, wanted);
    fresh_.push_back(wanted);
  }

  std::size_t told() const { return fresh_.size(); }
  std::size_t left() const { return left_; }

  // What was told of addresses that are gone, or are given for longer now, is forgotten.
  Result<void> store(ledger::Ledger& ledger) const {
    std::vector<std::uint64_t> forgotten;
    for (const auto& [id, notice] : told_) forgotten.push_back(id);
    const std::size_t steps = std::max(fresh_.size(), forgotten.size());
    for (std::size_t first = 0; first < steps; first += kNoticesACommit) {
      IPAM_TRY(ledger.commit_and_wait({}, ledger::Priority::Bulk, [&](ledger::Transaction& transaction) -> Result<void> {
        const std::size_t last = first + kNoticesACommit;
        for (std::size_t i = first; i < std::min(last, forgotten.size()); ++i) {
          transaction.erase_row<ExpiryNotice>({static_cast<std::int64_t>(forgotten[i])});
        }
        for (std::size_t i = first; i < std::min(last, fresh_.size()); ++i) transaction.put_row(fresh_[i]);
        return {};
      }));
    }
    return {};
  }

 private:
  const ExpiryLog mode_;
  std::unordered_map<std::uint64_t, ExpiryNotice> told_;
  std::vector<ExpiryNotice> fresh_;
  std::size_t left_ = 0;
};

}  // namespace

io::Task<Result<std::string>> Upkeep::expire(io::Deadline deadline) {
  const auto tell = [this] { return tell_expiry(); };
  co_return co_await database_.run(tell, std::move(deadline));
}

Result<std::string> Upkeep::tell_expiry() {
  const Time now = clock_.now();
  const Duration alert = options_.expiry_alert;
  Ends addresses, tokens;
  Notices notices(options_.expiry_log);
  {
    const auto reader = IPAM_TRY(store_.open_reader());
    IPAM_TRY(notices.load(*reader));
    IPAM_TRY(for_each_ending<Address>(*reader, now + alert, [&](const Address& address) {
      addresses.note(*address.expires_at, now, address.address.to_string() + (address.name.empty() ? "" : " " + address.name));
      notices.look_at(address, now);
    }));
    IPAM_TRY(for_each_ending<model::Token>(*reader, now + alert,
                                           [&](const model::Token& token) { tokens.note(*token.expires_at, now, "token " + token.name); }));
  }
  IPAM_TRY(notices.store(ledger_));
  std::string text = addresses.tell("address", alert) + "; " + tokens.tell("token", alert);
  if (notices.left() > 0) text += fmt::format("; {} are told of in the log with the next run", count_of(notices.left(), "address"));
  return text;
}

}  // namespace ipam::service
