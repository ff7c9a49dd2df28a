// ?as_of= of the planned resources: the object, or what lay in a prefix, as it was. The answer is that of the present, but for what is not known of
// the past, which is null: utilization, counts, and what follows from what else was there (the block around, the subnet of an address, what
// overlaps). Thread rule: pure functions over the services; they block on the database.
#pragma once

#include "api/plan_resources.h"
#include "service/history/history_service.h"
#include "service/history/past_names.h"

namespace ipam::api {

// A field of the derived struct takes the place of the one that it hides.
struct PastAddressSpace : contract::AddressSpace {
  std::optional<std::uint64_t> subnets, used_ipv4;
  std::optional<json::Wide> used_ipv6;
};
BOOST_DESCRIBE_STRUCT(PastAddressSpace, (contract::AddressSpace), (subnets, used_ipv4, used_ipv6))

template <class T>
struct PastPlace : T {
  std::optional<contract::Utilization> utilization;

  BOOST_DESCRIBE_CLASS(PastPlace, (T), (utilization), (), ())
};

struct PastRange : PastPlace<contract::Range> {
  std::optional<contract::RangeOverlap> overlap;
  std::optional<bool> use_for_utilization;
};
BOOST_DESCRIBE_STRUCT(PastRange, (PastPlace<contract::Range>), (overlap, use_for_utilization))

struct PastAddress : contract::Address {
  std::optional<bool> duplicate;
};
BOOST_DESCRIBE_STRUCT(PastAddress, (contract::Address), (duplicate))

template <Planned T>
struct PastAnswer {
  using Type = PastPlace<typename Resource<T>::Answer>;
};
template <>
struct PastAnswer<model::AddressSpace> {
  using Type = PastAddressSpace;
};
template <>
struct PastAnswer<model::Range> {
  using Type = PastRange;
};
template <>
struct PastAnswer<model::Address> {
  using Type = PastAddress;
};

template <Planned T>
Result<typename PastAnswer<T>::Type> convert_past(Services& services, Names& names, service::PastNames& past, const T& object) {
  typename PastAnswer<T>::Type answer;
  static_cast<typename Resource<T>::Answer&>(answer) = Resource<T>::convert(services, names, object);
  answer.custom_fields = IPAM_TRY(past.custom_fields(object.custom));
  if constexpr (std::is_same_v<T, model::AddressSpace>) {
    if (object.provider_id) answer.provider = IPAM_TRY(past.space(*object.provider_id));
  } else {
    answer.space = IPAM_TRY(past.space(object.space_id));
  }
  if constexpr (std::is_same_v<T, model::Block> || std::is_same_v<T, model::Subnet>) answer.block_id.reset();
  if constexpr (std::is_same_v<T, model::Address>) {
    answer.subnet_id.reset();
    answer.range_id.reset();
    answer.expiry_status.reset();
  }
  return answer;
}

// Of the past, in whose words an answer says where it stands.
inline Reply& with_moment(Reply& reply, const service::Moment& moment) {
  return reply.with("X-Ipam-As-Of", std::to_string(moment.sequence)).with("X-Ipam-Horizon", std::to_string(moment.horizon));
}

template <Planned T>
Result<Reply> past_object(Services& services, const Call& call) {
  IPAM_TRY(authorize(call.principal, service::Operation::ReadAddressPlan));
  const auto id = IPAM_TRY(call.id<T>());
  const auto reader = IPAM_TRY(services.store.open_reader());
  const auto moment = IPAM_TRY(service::read_moment(*reader, call.query().find("as_of").value_or(""), services.clock.now()));
  service::HistoryService history(services.store, services.ledger, services.planning, services.database);
  const T object = IPAM_TRY(history.get(call.principal, *reader, id, moment));
  Names names(services, call.principal);
  service::PastNames past(*reader, moment);
  Reply reply = Reply::json(IPAM_TRY(convert_past(services, names, past, object)));
  reply.with_revision(object.revision);
  return with_moment(reply, moment);
}

// Errors: InvalidArgument on a parameter that does not go with as_of.
inline Result<service::PastQuery> past_query(const Call& call, service::HistoryService& history, store::Reader& reader,
                                             const service::Moment& moment) {
  service::PastQuery query{.limit = ListQuery::kDefaultLimit};
  for (const auto& [name, value] : call.query()) {
    if (name == "as_of") continue;
    if (name == "space") {
      query.space = IPAM_TRY(history.find_space(call.principal, reader, value, moment));
    } else if (name == "within") {
      const auto within = ip::Prefix::parse(value);
      if (!within.ok()) return Error::field("/within", within.error().message);
      query.within = *within;
    } else if (name == "cursor") {
      query.after = IPAM_TRY(store::read_cursor(value));
    } else if (name == "limit") {
      const auto limit = parse_integer<std::size_t>(value, 1, ListQuery::kMaxLimit);
      if (!limit) return Error::field("/limit", fmt::format("must be within 1 and {}", ListQuery::kMaxLimit));
      query.limit = *limit;
    } else {
      return Error::field("/" + name, "does not go with as_of, beside which there are space, within, limit and cursor");
    }
  }
  return query;
}

template <Planned T>
Result<Reply> past_page(Services& services, const Call& call) {
  IPAM_TRY(authorize(call.principal, service::Operation::ReadAddressPlan));
  if constexpr (std::is_same_v<T, model::AddressSpace>) {
    return Error::field("/as_of", "is for one address space, and for lists of blocks, subnets, ranges and addresses");
  } else {
    const auto reader = IPAM_TRY(services.store.open_reader());
    const auto moment = IPAM_TRY(service::read_moment(*reader, call.query().find("as_of").value_or(""), services.clock.now()));
    service::HistoryService history(services.store, services.ledger, services.planning, services.database);
    const auto query = IPAM_TRY(past_query(call, history, *reader, moment));
    const auto page = IPAM_TRY(history.list<T>(call.principal, *reader, moment, query));
    Names names(services, call.principal);
    service::PastNames past(*reader, moment);
    contract::List<typename PastAnswer<T>::Type> answer;
    for (const T& object : page.items) answer.items.push_back(IPAM_TRY(convert_past(services, names, past, object)));
    if (!page.next_cursor.empty()) answer.next_cursor = page.next_cursor;
    Reply reply = Reply::json(answer);
    return with_moment(reply, moment);
  }
}

}  // namespace ipam::api
