// Words that a person types into a search box, as conditions of the store: each of them must be found in the object, wherever. Thread rule: pure
// functions.
#pragma once

#include "ip/hardware_address.h"
#include "service/search/query_fields.h"
#include "store/query.h"

namespace ipam::service::search {

inline constexpr std::size_t kMaxWords = 8;

// An address or a prefix, also the beginning of an IPv4 address: "10.2." is 10.2.0.0/16.
std::optional<ip::Prefix> place_meant(std::string_view text);
// A MAC in any spelling.
std::optional<ip::HardwareAddress> hardware_address_meant(std::string_view text);

struct WordColumns {
  std::string_view type;  // model::type_name, where there are custom values
  std::vector<std::string_view> texts;
  std::string_view first;  // of the place; empty where there is none
  std::string_view last;
  std::string_view hardware_address;
};

// The columns of an object of the plan.
template <class T>
WordColumns word_columns(std::string_view type) {
  WordColumns columns{type, {}, {}, {}, {}};
  for (const QueryField& field : query_fields<T>()) {
    if (field.kind == QueryKind::Text) columns.texts.push_back(field.column);
    if (field.kind == QueryKind::HardwareAddress) columns.hardware_address = field.column;
  }
  if (kHasPlace<T>) {
    columns.first = kFirstColumn<T>;
    columns.last = kLastColumn<T>;
  }
  return columns;
}

// Errors: InvalidArgument: more than kMaxWords, or none; control characters, or what is no UTF-8.
Result<std::vector<store::Condition>> word_conditions(std::string_view text, const WordColumns& columns);

}  // namespace ipam::service::search
