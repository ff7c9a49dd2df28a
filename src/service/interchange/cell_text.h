// How single values stand in files: as Microsoft's IPAM and spreadsheets write them, and as the API does. Errors: InvalidArgument. Thread rule: pure
// functions.
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "base/strings.h"
#include "ip/range.h"
#include "model/address_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ipam::service::interchange {

std::string column_key(std::string_view name);

// RFC 3339, "2026-12-24", "12/24/2026" (month first), "24.12.2026", each perhaps with "18:30", "18:30:05" or "6:30 PM" after it; UTC.
Result<Time> read_date(std::string_view text);

// One value of an enumeration and how files call it: the first name is what exports write.
template <class E>
struct Word {
  E value;
  std::vector<std::string_view> names;
};

template <class E>
Result<E> read_word(const std::vector<Word<E>>& words, std::string_view text) {
  const std::string key = column_key(text);
  std::string known;
  for (const Word<E>& word : words) {
    for (const std::string_view name : word.names) {
      if (column_key(name) == key) return word.value;
    }
    known += (known.empty() ? "" : ", ") + std::string(word.names.front());
  }
  return Error(ErrorCode::InvalidArgument, fmt::format("'{}' is not one of {}", shorten(text, 40), known));
}

template <class E>
std::string write_word(const std::vector<Word<E>>& words, E value) {
  const auto found = std::find_if(words.begin(), words.end(), [&](const Word<E>& word) { return word.value == value; });
  return found == words.end() ? std::string() : std::string(found->names.front());
}

const std::vector<Word<model::ManagedBy>>& managed_by_words();
const std::vector<Word<model::AddressState>>& address_state_words();
const std::vector<Word<model::Assignment>>& assignment_words();

// The elements of a list, with semicolons or commas between them, without blanks and empty ones. Of semicolons alone where an element may hold
// commas.
std::vector<std::string_view> list_parts(std::string_view text, std::string_view separators = ";,");

template <class Value>
Result<Value> read_element(std::string_view text);
template <>
Result<std::uint16_t> read_element(std::string_view text);
template <>
Result<ip::Address> read_element(std::string_view text);
// "10.0.0.1-10.0.0.9", or one address.
template <>
Result<ip::Range> read_element(std::string_view text);
// "10.0.0.1", "10.0.0.1 metric 10", as JSON gives it "address=10.0.0.1, metric=10".
Result<model::Gateway> read_gateway(std::string_view text);

std::string write_element(std::uint16_t value);
std::string write_element(const std::string& value);
std::string write_element(const ip::Address& value);
std::string write_element(const ip::Range& value);
std::string write_element(const model::Gateway& value);

// The prefix that the addresses from `first` to `last` are. Errors: InvalidArgument, naming the prefixes that they are when they are several.
Result<ip::Prefix> prefix_of(const ip::Address& first, const ip::Address& last);

}  // namespace ipam::service::interchange
