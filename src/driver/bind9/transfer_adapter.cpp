#include "driver/bind9/transfer_adapter.h"

#include "driver/bind9/record_text.h"

#include <algorithm>
#include <iterator>

namespace ipam::driver::bind9 {
namespace {

constexpr std::size_t kChunk = 1000;  // RecordSink's

}  // namespace

void TransferAdapter::take(const client::dns::RecordChange& change) {
  using Kind = RecordDifference::Kind;
  if (change.step == wire::dns::TransferStep::Remove) {
    held_.push_back({Kind::Removed, observed(change.record), 0});
    ++removed_;
    return;
  }
  if (!whole_ && change.record.type == wire::dns::RecordType::Soa) {
    if (const auto soa = wire::dns::soa_in(change.record.rdata)) serial_ = soa->serial;
    for (RecordDifference& each : held_) each.serial = serial_;
    std::move(held_.begin(), held_.end(), std::back_inserter(ready_));
    held_.clear();
  }
  ready_.push_back({Kind::Added, observed(change.record), serial_});
  ++added_;
}

io::Task<Result<void>> TransferAdapter::hand_on() {
  std::size_t at = 0;
  while (at < ready_.size()) {
    const auto begin = ready_.begin() + static_cast<std::ptrdiff_t>(at);
    const std::size_t count = std::min(kChunk, ready_.size() - at);
    std::vector<RecordDifference> chunk(std::make_move_iterator(begin), std::make_move_iterator(begin + static_cast<std::ptrdiff_t>(count)));
    at += count;
    auto taken = co_await sink_.accept(std::move(chunk));
    sink_failed_ = !taken.ok();
    if (!taken.ok()) co_return taken;
  }
  ready_.clear();
  co_return Result<void>();
}

io::Task<Result<void>> TransferAdapter::accept(wire::dns::TransferKind kind, std::uint32_t serial, std::vector<client::dns::RecordChange> chunk) {
  if (!begun_) {
    begun_ = true;
    whole_ = kind == wire::dns::TransferKind::Full;
    serial_ = serial;
    const auto content = whole_ ? RecordSink::Content::Whole : RecordSink::Content::Differences;
    auto taken = co_await sink_.begin(content, serial);
    sink_failed_ = !taken.ok();
    if (!taken.ok()) co_return taken;
  }
  for (const client::dns::RecordChange& change : chunk) take(change);
  if (held_.size() > kMostHeld) {
    co_return Error(ErrorCode::Stale, "a difference removes more records at once than are held here; read the whole zone");
  }
  // Small rests of differences wait for more.
  if (whole_ || ready_.size() >= kChunk) co_return co_await hand_on();
  co_return Result<void>();
}

io::Task<Result<void>> TransferAdapter::finish() { co_return co_await hand_on(); }

}  // namespace ipam::driver::bind9
