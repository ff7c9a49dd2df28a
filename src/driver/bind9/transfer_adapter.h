// TransferAdapter: hands a transfer of client/dns on to a driver's sink, as text and with the serial that each difference leads to.
//
// A difference tells what it removes before it tells its serial, so removed records wait for it: at most kMostHeld of them; a larger difference is
// refused with Stale, upon which the caller reads the whole zone. Thread rule: as the sink.
#pragma once

#include "client/dns/client.h"
#include "driver/driver.h"

namespace ipam::driver::bind9 {

class TransferAdapter final : public client::dns::TransferSink {
 public:
  static constexpr std::size_t kMostHeld = 200'000;

  explicit TransferAdapter(RecordSink& sink) : sink_(sink) {}

  io::Task<Result<void>> accept(wire::dns::TransferKind kind, std::uint32_t serial, std::vector<client::dns::RecordChange> chunk) override;
  // What is left after the transfer has succeeded.
  io::Task<Result<void>> finish();

  // Whether the transfer ended by an error of the sink's own.
  bool sink_failed() const { return sink_failed_; }
  std::uint64_t added() const { return added_; }
  std::uint64_t removed() const { return removed_; }

 private:
  void take(const client::dns::RecordChange& change);
  io::Task<Result<void>> hand_on();

  RecordSink& sink_;
  bool begun_ = false;
  bool whole_ = true;
  bool sink_failed_ = false;
  std::uint32_t serial_ = 0;            // that what is added leads to
  std::vector<RecordDifference> held_;  // removed, their serial unknown
  std::vector<RecordDifference> ready_;
  std::uint64_t added_ = 0;
  std::uint64_t removed_ = 0;
};

}  // namespace ipam::driver::bind9
