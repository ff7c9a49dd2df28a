#include "service/upkeep/upkeep.h"

#include "base/log.h"
#include "base/strings.h"

#include <fmt/format.h>

namespace ipam::service {
namespace {

using model::Id;
using store::Comparison;

constexpr std::size_t kRecordsAStep = 20'000;  // of the journal: well below five seconds a reader
constexpr int kTries = 5;

// The addresses that the plan holds in this space.
Result<std::uint64_t> indexed_addresses(const occupancy::SpaceIndex& space) {
  ip::U128 count = 0;
  for (const char* everything : {"0.0.0.0/0", "::/0"}) count += space.usage(IPAM_TRY(ip::Range::parse(everything))).assigned;
  return ip::saturate_to_u64(count);
}

}  // namespace

io::Task<Result<std::string>> Upkeep::audit(io::Deadline deadline) {
  const std::uint64_t began = verified_.lock()->sequence;
  for (bool more = true; more;) {
    const auto step = [this]() -> Result<bool> {
      const auto reader = IPAM_TRY(store_.open_reader());
      auto verified = verified_.lock();
      return ledger::verify_journal(*reader, *verified, kRecordsAStep);
    };
    IPAM_CO_TRY(more, co_await database_.run(step, deadline));
  }
  const std::uint64_t records = verified_.lock()->sequence - began;
  const auto compare = [this] { return check_index(); };
  IPAM_CO_CHECK(co_await database_.run(compare, deadline));
  IPAM_CO_TRY(const std::uint64_t forgotten, co_await forget_tracking(std::move(deadline)));
  std::string text =
      fmt::format("{} verified, up to sequence {}; the index equals its recount and the store", count_of(records, "journal record"), began + records);
  if (forgotten > 0) text += fmt::format("; {} of tracking older than its retention removed", count_of(forgotten, "row"));
  co_return text;
}

Result<void> Upkeep::check_index() {
  for (const std::uint64_t space : index_.spaces()) IPAM_TRY(check_space({space}));
  return {};
}

Result<void> Upkeep::check_space(Id<model::AddressSpace> space) {
  const auto snapshot = index_.snapshot(space.value);
  if (!snapshot) return {};  // it went meanwhile
  const std::vector<std::string> wrong = snapshot->recount();
  if (!wrong.empty()) {
    return Error(
        ErrorCode::FailedPrecondition,
        fmt::format("the index of address space {} miscounts in {} places, the first: {}; restart the server, which loads it anew, and report this",
                    space.to_string(), wrong.size(), wrong.front()));
  }
  // A commit is in the store a moment before it is in the index: only a difference that stays is one.
  const std::uint64_t sequence = ledger_.sequence();
  std::uint64_t indexed = 0, stored = 0;
  for (int attempt = 0; attempt < kTries; ++attempt) {
    const auto now = index_.snapshot(space.value);
    if (!now) return {};
    const auto reader = IPAM_TRY(store_.open_reader());
    indexed = IPAM_TRY(indexed_addresses(*now));
    stored = IPAM_TRY(store::count(*reader, store::table<model::Address>(),
                                   {{"space_id", Comparison::Equal, store::to_value(space)},
                                    // what cools down blocks its address and is not counted
                                    {"state", Comparison::NotEqual, store::to_value(model::AddressState::Cooling)}}));
    if (indexed == stored) return {};
    if (ledger_.sequence() != sequence && attempt + 1 == kTries) {
      log::info("index not compared with the store: changes came all the time", {{"space", space.to_string()}});
      return {};
    }
  }
  return Error(ErrorCode::FailedPrecondition,
               fmt::format("the index knows {} addresses of address space {}, the store {}; restart the server, which loads it anew, and report this",
                           indexed, space.to_string(), stored));
}

}  // namespace ipam::service
