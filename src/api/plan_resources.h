// What the five planned resources differ in: paths, list fields, how a body becomes an object and an object an answer. The handlers of
// plan_routes.cpp and batch_routes.cpp are the same for all. Thread rule: pure functions over the services.
#pragma once

#include "api/fields.h"

#include <array>

namespace ipam::api {

using service::Planned;

// What the five planned resources differ in; the handlers below are the same for all.
template <Planned T>
struct Resource;

template <>
struct Resource<model::AddressSpace> {
  static constexpr std::string_view kPath = "/api/v1/address_spaces";
  static constexpr std::array kFields{ListField{"id", "id", FieldKind::Id}, ListField{"name", "name"},
                                      ListField{"kind", "kind", FieldKind::Text, Sortable::Yes, choices_of<model::AddressSpaceKind>},
                                      ListField{"owner", "owner"}};
  static constexpr std::array<std::string_view, 0> kHandled{};
  static constexpr std::array<std::string_view, 1> kOrder{"name"};
  using Answer = contract::AddressSpace;
  using Create = contract::AddressSpaceCreate;
  using Patch = contract::AddressSpacePatch;

  static Answer convert(Services& services, Names& /*names*/, const model::AddressSpace& object) { return api::convert(object, services.planning); }
  static Result<model::AddressSpace> make(Services& /*services*/, const Call& /*call*/, const Create& body) {
    model::AddressSpace object;
    object.name = body.name;
    if (body.kind) object.kind = convert_enum<model::AddressSpaceKind>(*body.kind);
    object.description = body.description.value_or("");
    object.owner = body.owner.value_or("");
    return object;
  }
  static void change(model::AddressSpace& object, const Patch& body) {
    patch(object.name, body.name);
    patch(object.description, body.description);
    patch(object.owner, body.owner);
  }
  static Result<void> filter(ListQuery& /*list*/, Services& /*services*/, const Call& /*call*/) { return {}; }
};

// ?space= and ?within= of what lies in a space.
inline Result<void> filter_by_place(ListQuery& list, Services& services, const Call& call, std::string_view column, FieldKind kind) {
  IPAM_TRY(add_space_filter(list, services, call));
  if (const auto within = call.query().find("within")) {
    const auto prefix = ip::Prefix::parse(*within);
    if (!prefix.ok()) return Error::field("/within", prefix.error().message);
    add_within(list.query, column, kind, *prefix);
  }
  return {};
}

template <>
struct Resource<model::Block> {
  static constexpr std::string_view kPath = "/api/v1/blocks";
  static constexpr std::array kFields{ListField{"id", "id", FieldKind::Id}, ListField{"prefix", "prefix", FieldKind::Prefix},
                                      ListField{"name", "name"}, ListField{"owner", "owner"}};
  static constexpr std::array<std::string_view, 2> kHandled{"space", "within"};
  static constexpr std::array<std::string_view, 2> kOrder{"space_id", "prefix"};
  using Answer = contract::Block;
  using Create = contract::BlockCreate;
  using Patch = contract::BlockPatch;

  static Answer convert(Services& services, Names& names, const model::Block& object) {
    return api::convert(object, names, services.planning.usage(object.space_id, object.prefix));
  }
  static Result<model::Block> make(Services& services, const Call& call, const Create& body) {
    model::Block object;
    object.space_id = IPAM_TRY(space_of(services, call.principal, body.space));
    object.prefix = body.prefix;
    object.name = body.name.value_or("");
    object.description = body.description.value_or("");
    object.owner = body.owner.value_or("");
    return object;
  }
  static void change(model::Block& object, const Patch& body) {
    patch(object.name, body.name);
    patch(object.description, body.description);
    patch(object.owner, body.owner);
  }
  static Result<void> filter(ListQuery& list, Services& services, const Call& call) {
    return filter_by_place(list, services, call, "prefix", FieldKind::Prefix);
  }
};

template <>
struct Resource<model::Subnet> {
  static constexpr std::string_view kPath = "/api/v1/subnets";
  static constexpr std::array kFields{ListField{"id", "id", FieldKind::Id}, ListField{"prefix", "prefix", FieldKind::Prefix},
                                      ListField{"name", "name"}, ListField{"vlan", "vlan", FieldKind::Integer, Sortable::No},
                                      ListField{"owner", "owner"}};
  static constexpr std::array<std::string_view, 2> kHandled{"space", "within"};
  static constexpr std::array<std::string_view, 2> kOrder{"space_id", "prefix"};
  using Answer = contract::Subnet;
  using Create = contract::SubnetCreate;
  using Patch = contract::SubnetPatch;

  static Answer convert(Services& services, Names& names, const model::Subnet& object) {
    return api::convert(object, names, services.planning.usage(object));
  }
  static Result<model::Subnet> make(Services& services, const Call& call, const Create& body) {
    model::Subnet object;
    object.space_id = IPAM_TRY(space_of(services, call.principal, body.space));
    object.prefix = body.prefix;
    object.name = body.name.value_or("");
    object.vlan = body.vlan;
    object.description = body.description.value_or("");
    object.owner = body.owner.value_or("");
    return object;
  }
  static void change(model::Subnet& object, const Patch& body) {
    patch(object.name, body.name);
    patch(object.vlan, body.vlan);
    patch(object.description, body.description);
    patch(object.owner, body.owner);
  }
  static Result<void> filter(ListQuery& list, Services& services, const Call& call) {
    return filter_by_place(list, services, call, "prefix", FieldKind::Prefix);
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
  static constexpr std::array<std::string_view, 2> kHandled{"space", "within"};
  static constexpr std::array<std::string_view, 2> kOrder{"space_id", "first"};
  using Answer = contract::Range;
  using Create = contract::RangeCreate;
  using Patch = contract::RangePatch;

  static Answer convert(Services& services, Names& names, const model::Range& object) {
    const auto range = ip::Range::create(object.first, object.last);
    return api::convert(object, names, range.ok() ? services.planning.usage(object.space_id, *range) : occupancy::Usage{});
  }
  static Result<model::Range> make(Services& services, const Call& call, const Create& body) {
    model::Range object;
    object.space_id = IPAM_TRY(space_of(services, call.principal, body.space));
    object.first = body.first;
    object.last = body.last;
    object.name = body.name.value_or("");
    if (body.managed_by) object.managed_by = convert_enum<model::ManagedBy>(*body.managed_by);
    object.service_instance = body.service_instance.value_or("");
    object.description = body.description.value_or("");
    object.owner = body.owner.value_or("");
    return object;
  }
  static void change(model::Range& object, const Patch& body) {
    patch(object.name, body.name);
    patch(object.description, body.description);
    patch(object.owner, body.owner);
  }
  static Result<void> filter(ListQuery& list, Services& services, const Call& call) {
    return filter_by_place(list, services, call, "first", FieldKind::Address);
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
                                      ListField{"expires_at", "expires_at", FieldKind::Time, Sortable::No}};
  static constexpr std::array<std::string_view, 3> kHandled{"space", "within", "range_id"};
  static constexpr std::array<std::string_view, 2> kOrder{"space_id", "address"};
  using Answer = contract::Address;
  using Create = contract::AddressCreate;
  using Patch = contract::AddressPatch;

  static Answer convert(Services& /*services*/, Names& names, const model::Address& object) { return api::convert(object, names); }
  static Result<model::Address> make(Services& services, const Call& call, const Create& body) {
    model::Address object;
    object.space_id = IPAM_TRY(space_of(services, call.principal, body.space));
    object.address = body.address;
    if (body.state) object.state = convert_enum<model::AddressState>(*body.state);
    object.name = body.name.value_or("");
    object.hardware_address = body.hardware_address;
    object.description = body.description.value_or("");
    object.owner = body.owner.value_or("");
    object.expires_at = body.expires_at;
    return object;
  }
  static void change(model::Address& object, const Patch& body) {
    if (body.state) object.state = convert_enum<model::AddressState>(*body.state);
    patch(object.name, body.name);
    patch(object.hardware_address, body.hardware_address);
    patch(object.description, body.description);
    patch(object.owner, body.owner);
    patch(object.expires_at, body.expires_at);
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
    return filter_by_place(list, services, call, "address", FieldKind::Address);
  }
};

// An object as its own request would answer it.
template <Planned T>
std::string object_text(Services& services, Names& names, const T& object) {
  return json::write(Resource<T>::convert(services, names, object));
}

}  // namespace ipam::api
