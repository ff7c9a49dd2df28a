// What lay in a prefix at a moment, page by page: first the objects that are still as they were then, in the order of their addresses, then those
// that were changed or deleted since, in the order of their first change. A page may be short, or empty, and have another one behind it: what a page
// looks at is bounded. An object that is changed while its list is read may be told twice, each time as it was at the moment.
//
// Errors: InvalidArgument on /cursor; FailedPrecondition: the journal does not explain an object. Thread rule: blocks on the database for one page.
#pragma once

#include "service/history/moment.h"
#include "store/store.h"

#include "model/object.h"

namespace ipam::service {

// What lies in a space.
template <class T>
concept Placed =
    std::is_same_v<T, model::Block> || std::is_same_v<T, model::Subnet> || std::is_same_v<T, model::Range> || std::is_same_v<T, model::Address>;

struct PastQuery {
  std::optional<model::Id<model::AddressSpace>> space;
  std::optional<ip::Prefix> within;  // of a range its first address
  std::vector<store::Value> after;   // as read_cursor gives it
  std::size_t limit = 50;
};

template <Placed T>
Result<store::Page<T>> list_at(store::Reader& reader, const Moment& moment, const PastQuery& query);

}  // namespace ipam::service
