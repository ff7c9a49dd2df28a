// SavedSearches: the lists that people keep for themselves, or for everyone. A user sees the own ones and those that others share.
//
// Errors: InvalidArgument (fields; a query that is not understood, with its column), NotFound (also what is another's own), PermissionDenied
// (another's that is shared cannot be changed), AlreadyExists (the name), FailedPrecondition (more than kMaxOfUser). Thread rule: any thread that may
// block.
#pragma once

#include "service/search/search_service.h"
#include "store/search_tables.h"

namespace ipam::service {

class SavedSearches {
 public:
  static constexpr std::size_t kMaxOfUser = 200;

  SavedSearches(store::Store& store, ledger::Ledger& ledger, SearchService& search, const Clock& clock)
      : store_(store), ledger_(ledger), search_(search), clock_(clock) {}

  Result<store::Page<model::SavedSearch>> list(const Principal& principal, store::Query query);
  Result<std::uint64_t> count(const Principal& principal, std::vector<store::Condition> where);
  Result<model::SavedSearch> get(const Principal& principal, model::Id<model::SavedSearch> id);
  Result<model::SavedSearch> create(const Principal& principal, model::SavedSearch wanted);
  Result<model::SavedSearch> update(const Principal& principal, model::Id<model::SavedSearch> id,
                                    const std::function<void(model::SavedSearch&)>& change);
  Result<void> erase(const Principal& principal, model::Id<model::SavedSearch> id);

 private:
  Result<void> check(const Principal& principal, const model::SavedSearch& wanted);
  // One of the caller's own.
  Result<model::SavedSearch> get_own(const Principal& principal, model::Id<model::SavedSearch> id);
  Result<void> put(const model::SavedSearch& search);

  store::Store& store_;
  ledger::Ledger& ledger_;
  SearchService& search_;
  const Clock& clock_;
};

}  // namespace ipam::service
