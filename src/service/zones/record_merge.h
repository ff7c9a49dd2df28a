// RecordMerge: takes the records of one zone from a transfer and makes the stored ones equal to them.
//
//   RecordMerge merge(…, zone, context);
//   prepare() → what is stored; driver.transfer_zone(…, merge, …) → finish(transfer) or abandon()
//
// What a transfer tells is written under a generation of its own, beside the one that is shown (model::DnsRecord); finish() shows it in one step
// together with its record in the journal. So readers see the zone as it was or as it is, and a transfer that breaks off, or whose signature fails at
// the end, has changed nothing. A first load is pure inserts; a whole zone that is there already is compared and only what differs is written;
// differences are applied in order and must fit what is stored (else Conflict: ask for the whole). Memory: two chunks, a bit for each record that is
// stored, eight bytes for each that goes.
//
// Errors: those of the ledger and the store; Conflict; NotFound (the zone is gone). Thread rule: one job, which holds the server's lock; call
// finish() or abandon() before it goes.
#pragma once

#include "driver/driver.h"
#include "io/worker_pool.h"
#include "ledger/ledger.h"
#include "service/zones/transfer_summary.h"

#include <absl/container/flat_hash_map.h>

#include <bitset>

namespace ipam::service {

struct RecordMergeCounts {
  std::uint64_t records = 0;  // in the zone now
  std::uint64_t added = 0;
  std::uint64_t removed = 0;
};

class RecordMerge final : public driver::RecordSink {
 public:
  // Rows that one step reads, clears or marks.
  static constexpr std::size_t kStep = 1'000;

  RecordMerge(store::Store& store, ledger::Ledger& ledger, io::WorkerPool& database, const Clock& clock, model::DnsZone zone,
              model::ChangeContext context)
      : store_(store), ledger_(ledger), database_(database), clock_(clock), zone_(std::move(zone)), context_(std::move(context)) {}

  // Reads what is stored, after clearing what an interrupted transfer left.
  io::Task<Result<model::ZoneStatus>> prepare();
  io::Task<Result<void>> begin(Content content, std::uint32_t serial) override;
  io::Task<Result<void>> accept(std::vector<driver::RecordDifference> chunk) override;
  // The transfer was complete and verified.
  io::Task<Result<RecordMergeCounts>> finish(driver::ZoneTransfer transfer);
  // It was not: what it wrote goes again.
  io::Task<Result<void>> abandon();

  // Hides the zone's records and removes them: before the zone itself goes.
  io::Task<Result<void>> erase_all();

 private:
  enum class Mode { Load, Compare, Apply };
  // Ids come in blocks, so that a bit for each costs little.
  class IdSet {
   public:
    void insert(std::uint64_t id) { blocks_[id >> kShift].set(id & kMask); }
    bool contains(std::uint64_t id) const {
      const auto block = blocks_.find(id >> kShift);
      return block != blocks_.end() && block->second.test(id & kMask);
    }

   private:
    static constexpr std::uint64_t kShift = 12, kMask = (1U << kShift) - 1;
    absl::flat_hash_map<std::uint64_t, std::bitset<kMask + 1>> blocks_;
  };
  // What one step writes.
  struct Rows {
    std::vector<model::DnsRecord> fresh;
    std::vector<model::DnsRecord> changed;
    std::vector<std::uint64_t> gone;
    bool empty() const { return fresh.empty() && changed.empty() && gone.empty(); }
  };
  using Draft = std::map<std::string, std::vector<model::DnsRecord>, std::less<>>;  // by name; a row without id is not stored yet

  io::Task<Result<void>> load(std::vector<driver::RecordDifference> chunk);
  io::Task<Result<void>> apply(std::vector<driver::RecordDifference> chunk);
  Result<void> apply_one(Draft& draft, Rows& rows, driver::RecordDifference difference);
  void remove(model::DnsRecord& row, Rows& rows);
  io::Task<Result<void>> remove_unseen();
  // Starts the write and does not wait for its end; the next one does, or settle().
  io::Task<Result<void>> write(Rows rows);
  io::Task<Result<void>> settle();
  io::Task<Result<void>> show(driver::ZoneTransfer transfer);
  io::Task<Result<void>> erase_rows(std::vector<std::uint64_t> ids);
  // Clears every row of the zone that is not in generation `kept`; 0 keeps none.
  io::Task<Result<void>> clear_others(std::uint64_t kept);
  io::Task<Result<void>> store_status();

  store::Store& store_;
  ledger::Ledger& ledger_;
  io::WorkerPool& database_;
  const Clock& clock_;
  const model::DnsZone zone_;
  const model::ChangeContext context_;
  model::ZoneStatus status_;
  Mode mode_ = Mode::Load;
  std::uint64_t generation_ = 0;  // of this transfer
  std::uint32_t serial_ = 0;      // that it leads to
  bool tolerant_ = false;         // differences may tell again what is stored already
  IdSet seen_;
  std::vector<std::uint64_t> removed_ids_;
  std::optional<std::uint32_t> refresh_seconds_;
  std::optional<TransferSummary> summary_;
  std::optional<io::Completion<void>> in_flight_;
  RecordMergeCounts counts_;
};

}  // namespace ipam::service
