// From the objects of the model to the answers of the API. Thread rule: pure functions, except Names, which reads the store for the names of what an
// object refers to and remembers them for one request.
#pragma once

#include "contract/address_plan.h"
#include "contract/operation.h"
#include "contract/server.h"
#include "model/journal.h"
#include "occupancy/holder.h"
#include "service/allocation/allocation_service.h"
#include "service/collection/collector.h"
#include "service/collection/dhcp_view.h"
#include "service/collection/server_accesses.h"
#include "service/planning/planning_service.h"
#include "tasks/scheduler.h"

namespace ipam::api {

// An enumerator of the model as the contract's one of the same name; a test compares both lists.
template <class To, class From>
To convert_enum(From value) {
  return static_cast<To>(value);
}

template <class T>
contract::ObjectId to_id(model::Id<T> id) {
  return {id.value};
}
template <class T>
model::Id<T> from_id(contract::ObjectId id) {
  return {id.value};
}

struct Services;

class Names {
 public:
  Names(Services& services, const service::Principal& principal);
  // Empty when the object is gone meanwhile.
  std::string space(model::Id<model::AddressSpace> id);
  std::string server(model::Id<model::ManagedServer> id);
  std::map<std::string, std::string> custom_fields(const model::CustomValues& values);
  // What an object of the plan lies in.
  std::optional<contract::ObjectId> block_around(model::Id<model::AddressSpace> space, const ip::Prefix& prefix, model::Id<model::Block> except);
  std::optional<contract::ObjectId> subnet_around(model::Id<model::AddressSpace> space, const ip::Address& address);
  std::optional<contract::ObjectId> range_around(const model::Address& address);
  service::RangeOverlap overlap(const model::Range& range);
  std::optional<service::ExpiryStatus> expiry_of(const model::Address& address) const;
  bool is_duplicate(const model::Address& address);
  const service::Thresholds& thresholds() const { return planning_.thresholds(); }
  // Nothing also for who may not read credentials.
  std::optional<std::string> credential(std::optional<model::Id<model::Credential>> id);

 private:
  store::Store& store_;
  const occupancy::Index& index_;
  service::PlanningService& planning_;
  service::InventoryService& inventory_;
  service::OverlapReader overlaps_;
  const Clock& clock_;
  const service::Principal& principal_;
  std::map<std::uint64_t, std::string> servers_;
  std::shared_ptr<const service::FieldCatalog> fields_;  // shared with the service, which may hold a newer one
};

// `thresholds` hold where the object says nothing of its own.
contract::Utilization convert(const occupancy::Usage& usage, const service::Thresholds& thresholds,
                              std::optional<model::Percent> under = std::nullopt, std::optional<model::Percent> over = std::nullopt);
contract::AddressSpace convert(const model::AddressSpace& object, Names& names, service::PlanningService& planning);
contract::Block convert(const model::Block& object, Names& names, const occupancy::Usage& usage);
contract::Subnet convert(const model::Subnet& object, Names& names, const occupancy::Usage& usage);
contract::Range convert(const model::Range& object, Names& names, const occupancy::Usage& usage);
contract::Address convert(const model::Address& object, Names& names);
contract::ServerStatus convert(const model::ServerStatus& status);
// The credential's name only for who may read credentials.
contract::ServerAccess convert(const service::ServerAccessView& view, Names& names);
contract::Credential convert(const model::Credential& object);
contract::DhcpServer convert(const model::DhcpServer& object, Names& names, const model::ServerStatus& status);
contract::DhcpScope convert(const service::ScopeView& view, Names& names, const model::ServerStatus& status);
contract::Reservation convert(const model::DhcpReservation& object);
contract::Lease convert(const model::Lease& lease, Names& names);
contract::User convert(const model::User& user);
contract::Token convert(const model::Token& token, const std::string& user_name);
contract::Task convert(const tasks::TaskView& view);
contract::Change convert(const model::JournalRecord& record);

}  // namespace ipam::api
