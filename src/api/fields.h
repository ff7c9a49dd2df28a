// Small steps that the handlers of several resources share. Thread rule: pure functions, except those that take a service.
#pragma once

#include "api/api.h"
#include "api/convert.h"
#include "api/list_query.h"
#include "contract/custom_field.h"
#include "service/planning/place_conditions.h"

#include <functional>
#include <variant>

namespace ipam::api {

// A field of a PATCH: absent leaves it, null empties it.
template <class T>
void patch(T& field, const std::optional<T>& change) {
  if (change) field = *change;
}
template <class T>
void patch(T& field, const std::optional<std::optional<T>>& change) {
  if (change) field = change->value_or(T{});
}
template <class T>
void patch(std::optional<T>& field, const std::optional<std::optional<T>>& change) {
  if (change) field = *change;
}

// The space that a request names, or the default one.
Result<model::Id<model::AddressSpace>> space_of(Services& services, const service::Principal& principal, const std::optional<std::string>& name);
// The block or the prefix that subnets are cut from: an id or a prefix. Errors: InvalidArgument on /from.
Result<std::variant<ip::Prefix, model::Id<model::Block>>> block_or_prefix(const std::string& text);
// Filters ?space= and ?server= by name or id.
Result<void> add_space_filter(ListQuery& list, Services& services, const Call& call);
// ?query=, ?q= and ?sort=utilization of a list.
service::Wanted wanted_of(const wire::http1::Query& query, const ListQuery& list);
// Filters custom.NAME of objects whose type is called so. Errors: InvalidArgument on the parameter.
Result<void> add_custom_filters(ListQuery& list, Services& services, std::string_view object_type);
// The custom fields of a request, against the fields that there are now. Errors: InvalidArgument on /custom_fields/NAME.
Result<std::function<Result<void>(model::CustomValues&)>> custom_change(Services& services,
                                                                        const std::optional<contract::CustomFieldChanges>& changes);
// Of a new object.
Result<void> set_custom_fields(Services& services, model::CustomValues& values, const std::optional<contract::CustomFieldTexts>& texts);
Result<void> add_server_filter(ListQuery& list, Services& services, const Call& call);

// Runs a read that takes a while on the database pool: lists, and whatever reads several rows.
io::Task<Result<Reply>> on_pool(Services* services, Result<Reply> (*read)(Services&, const Call&), Call call);

// The exact number of rows of a list, where ?count=exact asks for it.
template <class Row>
Result<void> add_total(Services& services, const ListQuery& list, std::optional<std::uint64_t>& total) {
  if (!list.count_exact) return {};
  const auto reader = IPAM_TRY(services.store.open_reader());
  total = IPAM_TRY(store::count(*reader, store::table<Row>(), list.query.where));
  return {};
}

// A page of the store as the answer of a list, each item converted.
template <class Answer, class Item, class Convert>
contract::List<Answer> to_list(const store::Page<Item>& page, Convert&& convert_item) {
  contract::List<Answer> list;
  list.items.reserve(page.items.size());
  for (const Item& item : page.items) list.items.push_back(convert_item(item));
  if (!page.next_cursor.empty()) list.next_cursor = page.next_cursor;
  return list;
}

}  // namespace ipam::api
