// DnsView: what was collected of DNS, for reading: zones with how they are, and their records.
// Errors: NotFound, PermissionDenied, Unavailable. Thread rule: any thread; each call blocks on the database for one page at most.
#pragma once

#include "ledger/ledger.h"
#include "service/access/principal.h"

namespace ipam::service {

struct ZoneView {
  model::DnsZone zone;
  model::ZoneStatus status;
};

struct RecordView {
  model::DnsRecord record;
  model::DnsZone zone;
};

class DnsView {
 public:
  explicit DnsView(store::Store& store) : store_(store) {}

  Result<store::Page<ZoneView>> list_zones(const Principal& principal, const store::Query& query);
  Result<ZoneView> get_zone(const Principal& principal, model::Id<model::DnsZone> id);
  // Every zone of this name, or the one with this id. Errors: InvalidArgument on the field /zone when there is none.
  Result<std::vector<model::DnsZone>> find_zones(const Principal& principal, std::string_view name_or_id);
  Result<std::uint64_t> count_zones(const Principal& principal, const std::vector<store::Condition>& where);

  // Only records that are shown. A query for one name looks only into the zones that can hold it.
  Result<store::Page<RecordView>> list_records(const Principal& principal, const store::Query& query);
  Result<RecordView> get_record(const Principal& principal, model::Id<model::DnsRecord> id);
  Result<std::uint64_t> count_records(const Principal& principal, const std::vector<store::Condition>& where);

 private:
  store::Store& store_;
};

}  // namespace ipam::service
