// PlanningService: address spaces, blocks, subnets, ranges and addresses: read them with their utilization, make, change and remove them.
//
// The rules between objects stand in placement.h. An `expected_revision` (the API's If-Match), if given, must be the object's newest: Conflict else
// FailedPrecondition as the header of each says. Errors: those of model/rules.h, of placement.h and of the ledger; PermissionDenied; NotFound.
// Thread rule: any thread; the coroutines on an I/O executor; the reading functions block on the database for one page at most.
#pragma once

#include "base/guarded.h"
#include "ledger/ledger.h"
#include "model/rules.h"
#include "service/access/principal.h"
#include "service/fields/field_service.h"
#include "service/planning/cascade.h"
#include "service/planning/expiry.h"
#include "service/planning/fullness.h"
#include "service/planning/overlap.h"
#include "service/planning/release.h"

#include <map>

namespace ipam::service {

// The objects that a person plans.
template <class T>
concept Planned = std::is_same_v<T, model::AddressSpace> || std::is_same_v<T, model::Block> || std::is_same_v<T, model::Subnet> ||
    std::is_same_v<T, model::Range> || std::is_same_v<T, model::Address>;

class PlanningService {
 public:
  PlanningService(store::Store& store, ledger::Ledger& ledger, const occupancy::Index& index)
      : store_(store), ledger_(ledger), index_(index), fields_(store, ledger) {}

  // The custom fields that planned objects have.
  FieldService& fields() { return fields_; }

  // The name of the space that is there from the first start and is meant where none is named.
  static constexpr std::string_view kDefaultSpace = "Default";
  // Makes it when there is none. For the start, before there are coroutines.
  Result<void> create_default_space();
  // The space with this name or id. Errors: InvalidArgument on the field /space. Nearly every request names a space, so they are kept in memory.
  Result<model::AddressSpace> find_space(const Principal& principal, std::string_view name_or_id);
  // Its name; empty when it is gone.
  std::string space_name(model::Id<model::AddressSpace> id);

  template <Planned T>
  Result<T> get(const Principal& principal, model::Id<T> id);
  template <Planned T>
  Result<store::Page<T>> list(const Principal& principal, const store::Query& query);
  template <Planned T>
  Result<std::uint64_t> count(const Principal& principal, const std::vector<store::Condition>& where);

  template <Planned T>
  io::Task<Result<ledger::Written<T>>> create(Principal principal, T object, model::ChangeContext request);
  // Makes an address that is meant for a range: one outside it is refused.
  io::Task<Result<ledger::Written<model::Address>>> create_in_range(Principal principal, model::Address object, model::Id<model::Range> range,
                                                                    model::ChangeContext request);
  // Makes a range, and the subnet around it where there is none.
  io::Task<Result<ledger::Written<model::Range>>> create_with_subnet(Principal principal, model::Range object, ip::Prefix subnet,
                                                                     model::ChangeContext request);
  // `change` edits the object in place; it may run more than once.
  template <Planned T>
  io::Task<Result<ledger::Written<T>>> update(Principal principal, model::Id<T> id, std::optional<std::uint64_t> expected_revision,
                                              std::function<Result<void>(T&)> change, model::ChangeContext request);
  template <Planned T>
  io::Task<Result<std::uint64_t>> erase(Principal principal, model::Id<T> id, std::optional<std::uint64_t> expected_revision,
                                        model::ChangeContext request, Below below = Below::Refuse, ReleaseMode mode = ReleaseMode::CoolDown);
  // For how long a released address is not given again where its subnet says nothing; at the start.
  void set_release_cooldown(Duration cooldown) { release_.cooldown = cooldown; }
  const Release& release() const { return release_; }

  // How full a range of a space is, from the index, at once.
  occupancy::Usage usage(model::Id<model::AddressSpace> space, const ip::Range& range) const;
  // By usage_of of fullness.h.
  occupancy::Usage usage(const model::Block& block) const;
  occupancy::Usage usage(const model::Subnet& subnet) const;
  occupancy::Usage usage(const model::Range& range) const;
  // From when on things are over- or underutilized that do not say it themselves; at the start.
  void set_thresholds(const Thresholds& thresholds) { thresholds_ = thresholds; }
  const Thresholds& thresholds() const { return thresholds_; }
  // What an object of the plan lies in, from the index: the innermost block around a prefix (not the prefix itself), the subnet of an address.
  std::optional<model::Id<model::Block>> block_around(model::Id<model::AddressSpace> space, const ip::Prefix& prefix,
                                                      model::Id<model::Block> except) const;
  // The range that an address belongs to: of those around it one of the same service, else the smallest.
  std::optional<model::Id<model::Range>> range_around(const model::Address& address) const;
  // Whether it lies in what such an object should lie in: an address in a range, all else in a block.
  bool is_mapped(const model::Block& block) const;
  bool is_mapped(const model::Subnet& subnet) const;
  bool is_mapped(const model::Range& range) const;
  bool is_mapped(const model::Address& address) const;
  OverlapReader overlaps() const { return {store_, index_}; }
  // How long before an address expires it is told of; at the start.
  void set_expiry_alert(Duration alert) { expiry_alert_ = alert; }
  Duration expiry_alert() const { return expiry_alert_; }
  std::optional<model::Id<model::Subnet>> subnet_around(model::Id<model::AddressSpace> space, const ip::Address& address) const;
  std::uint64_t count_subnets(model::Id<model::AddressSpace> space);
  // Another node has changed these tables (none named: any).
  void forget(const std::vector<std::string>& tables);
  // After a change of address spaces that did not go through this class.
  void forget_spaces();

 private:
  struct KnownSpaces {
    std::map<std::uint64_t, model::AddressSpace> by_id;
    bool complete = false;
    std::uint64_t generation = 0;  // grows with every change: what was read before one must not be kept after it
  };

  template <class T>
  occupancy::Usage usage_now(const T& object) const;
  Result<std::optional<model::AddressSpace>> look_up(const std::function<bool(const model::AddressSpace&)>& matches);

  store::Store& store_;
  ledger::Ledger& ledger_;
  const occupancy::Index& index_;
  FieldService fields_;
  Release release_;
  Thresholds thresholds_;
  Duration expiry_alert_ = kDefaultExpiryAlert;
  Guarded<KnownSpaces> spaces_;
};

}  // namespace ipam::service
