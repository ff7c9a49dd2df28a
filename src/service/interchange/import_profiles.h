// ImportProfiles: the column mappings that are kept by a name, for all who import.
//
// Errors: PermissionDenied, NotFound, AlreadyExists (the name), InvalidArgument with the field, those of the store. Thread rule: any thread that may
// block on the database.
#pragma once

#include "model/import_profile.h"
#include "service/planning/planning_service.h"

namespace ipam::service {

class ImportProfiles {
 public:
  static constexpr std::size_t kMaxProfiles = 1'000;
  static constexpr std::size_t kMaxColumns = 1'024;

  ImportProfiles(store::Store& store, ledger::Ledger& ledger, const Clock& clock) : store_(store), ledger_(ledger), clock_(clock) {}

  Result<store::Page<model::ImportProfile>> list(const Principal& principal, store::Query query);
  Result<std::uint64_t> count(const Principal& principal, std::vector<store::Condition> where);
  Result<model::ImportProfile> get(const Principal& principal, model::Id<model::ImportProfile> id);
  // By its name; nothing when there is none.
  Result<std::optional<model::ImportProfile>> find(const Principal& principal, std::string_view name);
  // Who may import objects of the kind may make, change and delete its profiles.
  Result<model::ImportProfile> create(const Principal& principal, model::ImportProfile wanted);
  Result<model::ImportProfile> update(const Principal& principal, model::Id<model::ImportProfile> id,
                                      const std::function<void(model::ImportProfile&)>& change);
  Result<void> erase(const Principal& principal, model::Id<model::ImportProfile> id);

 private:
  Result<void> put(model::ImportProfile& profile);

  store::Store& store_;
  ledger::Ledger& ledger_;
  const Clock& clock_;
};

// "Hostname=Device Name; Remarks=": columns of a file and what they are here; nothing behind the sign: left out. Errors: InvalidArgument.
Result<std::map<std::string, std::string>> read_column_map(std::string_view text);

}  // namespace ipam::service
