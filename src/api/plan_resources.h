// What the five planned resources differ in: paths, list fields, how a body becomes an object and an object an answer. The handlers of
// plan_routes.cpp and batch_routes.cpp are the same for all. Thread rule: pure functions over the services.
#pragma once

#include "api/copy_fields.h"
#include "api/fields.h"
#include "service/planning/claims.h"

#include <fmt/format.h>

#include <array>

namespace ipam::api {

using service::Planned;

// Edits an object inside a transaction; may run more than once.
template <class T>
using Change = std::function<Result<void>(T&)>;

// A new object that lies in a space, from the fields of its request.
template <class T, class Create>
Result<T> make_placed(Services& services, const Call& call, const Create& body) {
  T object;
  object.space_id = IPAM_TRY(space_of(services, call.principal, body.space));
  patch_fields(object, body);
  IPAM_TRY(set_custom_fields(services, object.custom, body.custom_fields));
  return object;
}

template <class T, class Patch>
Result<Change<T>> change_planned(Services& services, const Patch& body) {
  const auto custom = IPAM_TRY(custom_change(services, body.custom_fields));
  return Change<T>([body, custom](T& object) -> Result<void> {
    patch_fields(object, body);
    return custom(object.custom);
  });
}

// What the five planned resources differ in; the handlers below are the same for all.
template <Planned T>
struct Resource;

template <>
struct Resource<model::AddressSpace> {
  static constexpr std::string_view kPath = "/api/v1/address_spaces";
  static constexpr std::array kFields{ListField{"id", "id", FieldKind::Id}, ListField{"name", "name"},
                                      ListField{"kind", "kind", FieldKind::Text, Sortable::Yes, choices_of<model::AddressSpaceKind>},
                                      ListField{"owner", "owner"}};
  static constexpr std::array<std::string_view, 3> kHandled{"q", "query", kCustomParameter};
  static constexpr std::array<std::string_view, 1> kOrder{"name"};
  using Answer = contract::AddressSpace;
  using Create = contract::AddressSpaceCreate;
  using Patch = contract::AddressSpacePatch;

  static Answer convert(Services& services, Names& names, const model::AddressSpace& object) {
    return api::convert(object, names, services.planning);
  }
  static Result<model::AddressSpace> make(Services& services, const Call& call, const Create& body) {
    model::AddressSpace object;
    patch_fields(object, body);
    if (body.provider) object.provider_id = IPAM_TRY(provider_of(services, call, *body.provider));
    IPAM_TRY(set_custom_fields(services, object.custom, body.custom_fields));
    return object;
  }
  static Result<Change<model::AddressSpace>> change(Services& services, const Call& call, const Patch& body) {
    std::optional<std::optional<model::Id<model::AddressSpace>>> provider;
    if (body.provider) {
      provider.emplace();
      if (*body.provider) *provider = IPAM_TRY(provider_of(services, call, **body.provider));
    }
    const auto custom = IPAM_TRY(custom_change(services, body.custom_fields));
    return Change<model::AddressSpace>([body, provider, custom](model::AddressSpace& object) -> Result<void> {
      patch_fields(object, body);
      if (provider) object.provider_id = *provider;
      return custom(object.custom);
    });
  }
  static Result<std::optional<model::Id<model::AddressSpace>>> provider_of(Services& services, const Call& call, const std::string& name) {
    const auto space = services.planning.find_space(call.principal, name);
    if (!space.ok()) return Error::field("/provider", space.error().message);
    return std::optional<model::Id<model::AddressSpace>>(space->id);
  }
  static Result<void> filter(ListQuery& /*list*/, Services& /*services*/, const Call& /*call*/) { return {}; }
};

// ?space=, ?within= and ?category= of what lies in a space.
inline Result<void> filter_by_place(ListQuery& list, Services& services, const Call& call, std::string_view column, service::Place place) {
  IPAM_TRY(add_space_filter(list, services, call));
  if (const auto within = call.query().find("within")) {
    const auto prefix = ip::Prefix::parse(*within);
    if (!prefix.ok()) return Error::field("/within", prefix.error().message);
    service::add_within(list.query.where, column, place, *prefix);
  }
  if (const auto category = call.query().find("category")) {
    auto condition = service::in_category(column, place, *category);
    if (!condition.ok()) return Error::field("/category", condition.error().message);
    list.query.where.push_back(std::move(condition).value());
  }
  return {};
}

template <>
struct Resource<model::Block> {
  static constexpr std::string_view kPath = "/api/v1/blocks";
  static constexpr std::array kFields{ListField{"id", "id", FieldKind::Id}, ListField{"prefix", "prefix", FieldKind::Prefix},
                                      ListField{"name", "name"}, ListField{"owner", "owner"}};
  static constexpr std::array<std::string_view, 7> kHandled{"q", "query", "space", "within", "category", kCustomParameter, kSortByUtilization};
  static constexpr std::array<std::string_view, 2> kOrder{"space_id", "prefix"};
  using Answer = contract::Block;
  using Create = contract::BlockCreate;
  using Patch = contract::BlockPatch;

  static Answer convert(Services& services, Names& names, const model::Block& object) {
    return api::convert(object, names, services.planning.usage(object));
  }
  static Result<model::Block> make(Services& services, const Call& call, const Create& body) {
    return make_placed<model::Block>(services, call, body);
  }
  static Result<Change<model::Block>> change(Services& services, const Call& /*call*/, const Patch& body) {
    return change_planned<model::Block>(services, body);
  }
  static Result<void> filter(ListQuery& list, Services& services, const Call& call) {
    return filter_by_place(list, services, call, "prefix", service::Place::Prefix);
  }
};

template <>
struct Resource<model::Subnet> {
  static constexpr std::string_view kPath = "/api/v1/subnets";
  static constexpr std::array kFields{ListField{"id", "id", FieldKind::Id}, ListField{"prefix", "prefix", FieldKind::Prefix},
                                      ListField{"name", "name"}, ListField{"vsid", "vsid", FieldKind::Integer, Sortable::No},
                                      ListField{"owner", "owner"}};
  static constexpr std::array<std::string_view, 8> kHandled{"q",        "query", "space",          "within",
                                                            "category", "vlan",  kCustomParameter, kSortByUtilization};
  static constexpr std::array<std::string_view, 2> kOrder{"space_id", "prefix"};
  using Answer = contract::Subnet;
  using Create = contract::SubnetCreate;
  using Patch = contract::SubnetPatch;

  static Answer convert(Services& services, Names& names, const model::Subnet& object) {
    return api::convert(object, names, services.planning.usage(object));
  }
  static Result<model::Subnet> make(Services& services, const Call& call, const Create& body) {
    return make_placed<model::Subnet>(services, call, body);
  }
  static Result<Change<model::Subnet>> change(Services& services, const Call& /*call*/, const Patch& body) {
    return change_planned<model::Subnet>(services, body);
  }
  static Result<void> filter(ListQuery& list, Services& services, const Call& call) {
    if (const auto text = call.query().find("vlan")) {
      const auto vlan = parse_integer<std::uint16_t>(*text, 1, 4094);
      if (!vlan) return Error::field("/vlan", "must be within 1 and 4094");
      // The list is the text of its JSON: [10,20].
      constexpr std::string_view kHasVlan = "replace(replace(vlans, '[', ','), ']', ',') LIKE ?";
      list.query.where.push_back({std::string(kHasVlan), store::Comparison::Holds, {}, {fmt::format("%,{},%", *vlan)}});
    }
    return filter_by_place(list, services, call, "prefix", service::Place::Prefix);
  }
};

template <>
struct Resource<model::Range> {
  static constexpr std::string_view kPath = "/api/v1/ranges";
  static constexpr std::array kFields{ListField{"id", "id", FieldKind::Id},
                                      ListField{"first", "first", FieldKind::Address},
                                      ListField{"last", "last", FieldKind::Address},
                                      ListField{"subnet_id", "subnet_id", FieldKind::Id},
                                      ListField{"name", "name"},
                                      ListField{"managed_by", "managed_by", FieldKind::Text, Sortable::Yes, choices_of<model::ManagedBy>},
                                      ListField{"owner", "owner"}};
  static constexpr std::array<std::string_view, 7> kHandled{"q", "query", "space", "within", "category", kCustomParameter, kSortByUtilization};
  static constexpr std::array<std::string_view, 2> kOrder{"space_id", "first"};
  using Answer = contract::Range;
  using Create = contract::RangeCreate;
  using Patch = contract::RangePatch;

  static Answer convert(Services& services, Names& names, const model::Range& object) {
    return api::convert(object, names, services.planning.usage(object));
  }
  static Result<model::Range> make(Services& services, const Call& call, const Create& body) {
    return make_placed<model::Range>(services, call, body);
  }
  static Result<Change<model::Range>> change(Services& services, const Call& /*call*/, const Patch& body) {
    return change_planned<model::Range>(services, body);
  }
  static Result<void> filter(ListQuery& list, Services& services, const Call& call) {
    return filter_by_place(list, services, call, "first", service::Place::Address);
  }
};

template <>
struct Resource<model::Address> {
  static constexpr std::string_view kPath = "/api/v1/addresses";
  static constexpr std::array kFields{ListField{"id", "id", FieldKind::Id},
                                      ListField{"address", "address", FieldKind::Address},
                                      ListField{"name", "name"},
                                      ListField{"state", "state", FieldKind::Text, Sortable::Yes, choices_of<model::AddressState>},
                                      ListField{"hardware_address", "hardware_address", FieldKind::HardwareAddress, Sortable::No},
                                      ListField{"owner", "owner"},
                                      ListField{"assigned_at", "assigned_at", FieldKind::Time},
                                      ListField{"expires_at", "expires_at", FieldKind::Time, Sortable::WhereSet}};
  static constexpr std::array<std::string_view, 9> kHandled{"q",        "query",         "space",     "within",        "category",
                                                            "range_id", "expiry_status", "duplicate", kCustomParameter};
  static constexpr std::array<std::string_view, 2> kOrder{"space_id", "address"};
  using Answer = contract::Address;
  using Create = contract::AddressCreate;
  using Patch = contract::AddressPatch;

  static Answer convert(Services& /*services*/, Names& names, const model::Address& object) { return api::convert(object, names); }
  static Result<model::Address> make(Services& services, const Call& call, const Create& body) {
    return make_placed<model::Address>(services, call, body);
  }
  static Result<Change<model::Address>> change(Services& services, const Call& /*call*/, const Patch& body) {
    return change_planned<model::Address>(services, body);
  }
  static Result<void> filter(ListQuery& list, Services& services, const Call& call) {
    if (const auto text = call.query().find("range_id")) {
      const auto id = contract::ObjectId::parse(*text);
      if (!id.ok()) return Error::field("/range_id", id.error().message);
      const auto range = IPAM_TRY(services.planning.get<model::Range>(call.principal, from_id<model::Range>(*id)));
      list.query.where.push_back({"space_id", store::Comparison::Equal, store::to_value(range.space_id)});
      list.query.where.push_back({"address", store::Comparison::GreaterOrEqual, store::to_value(range.first)});
      list.query.where.push_back({"address", store::Comparison::LessOrEqual, store::to_value(range.last)});
    }
    if (const auto text = call.query().find("expiry_status")) {
      const auto status = model::enum_from_text<service::ExpiryStatus>(*text);
      if (!status) return Error::field("/expiry_status", "must be one of " + model::enum_choices<service::ExpiryStatus>());
      list.query.where.push_back(service::with_expiry(*status, services.clock.now(), services.planning.expiry_alert()));
    }
    if (const auto text = call.query().find("duplicate")) {
      if (*text != "true" && *text != "false") return Error::field("/duplicate", "must be true or false");
      store::Condition rival = service::has_rival_claim();
      if (*text == "false") rival.column = "NOT (" + rival.column + ")";
      list.query.where.push_back(std::move(rival));
    }
    return filter_by_place(list, services, call, "address", service::Place::Address);
  }
};

// An object as its own request would answer it.
template <Planned T>
std::string object_text(Services& services, Names& names, const T& object) {
  return json::write(Resource<T>::convert(services, names, object));
}

}  // namespace ipam::api
