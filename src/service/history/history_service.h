// HistoryService: the address plan as it was, and changes taken back. What may be read or changed now may be read as it was or undone.
//
// Errors: PermissionDenied; those of moment.h, past_object.h, past_list.h and undo.h; NotFound: there is no such change. Thread rule: any thread;
// reading blocks on the database; undo on an I/O executor. As cheap as its references: it may be made for one request, which it outlives.
#pragma once

#include "io/worker_pool.h"
#include "service/history/past_list.h"
#include "service/history/past_object.h"
#include "service/history/undo.h"
#include "service/planning/planning_service.h"

namespace ipam::service {

enum class UndoExtent { OneChange, WholeRequest };

class HistoryService {
 public:
  HistoryService(store::Store& store, ledger::Ledger& ledger, PlanningService& planning, io::WorkerPool& database)
      : store_(store), ledger_(ledger), planning_(planning), database_(database) {}

  template <Planned T>
  Result<T> get(const Principal& principal, store::Reader& reader, model::Id<T> id, const Moment& moment) {
    IPAM_TRY(authorize(principal, Operation::ReadAddressPlan));
    return get_at(reader, id, moment);
  }
  template <Placed T>
  Result<store::Page<T>> list(const Principal& principal, store::Reader& reader, const Moment& moment, const PastQuery& query) {
    IPAM_TRY(authorize(principal, Operation::ReadAddressPlan));
    return list_at<T>(reader, moment, query);
  }
  // The space with this name now or, of one that is gone, with this id then. Errors: InvalidArgument on /space.
  Result<model::Id<model::AddressSpace>> find_space(const Principal& principal, store::Reader& reader, const std::string& name_or_id,
                                                    const Moment& moment);

  // Takes back the change with this sequence, or all of its request, in one transaction. The new records say in their reason what they undo.
  io::Task<Result<ledger::Written<std::vector<UndoneChange>>>> undo(Principal principal, std::uint64_t sequence, UndoExtent extent,
                                                                    model::ChangeContext request);

 private:
  store::Store& store_;
  ledger::Ledger& ledger_;
  PlanningService& planning_;
  io::WorkerPool& database_;
};

}  // namespace ipam::service
