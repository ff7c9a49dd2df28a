// The parts that tables of columns are made of: one field of a common type as a column. Thread rule: constants and pure functions.
#pragma once

#include "service/interchange/cell_text.h"
#include "service/interchange/column.h"

namespace ipam::service::interchange {

template <class T, std::string T::*Field>
Column<T> text_column(std::vector<std::string_view> names) {
  return {std::move(names), Role::Field,
          [](T& object, std::string_view text) -> Result<void> {
            object.*Field = std::string(text);
            return {};
          },
          [](const T& object, const Surroundings&) { return object.*Field; }};
}

template <class T, std::optional<Time> T::*Field>
Column<T> time_column(std::vector<std::string_view> names) {
  return {std::move(names), Role::Field,
          [](T& object, std::string_view text) -> Result<void> {
            object.*Field = std::nullopt;
            if (!text.empty()) object.*Field = IPAM_TRY(read_date(text));
            return {};
          },
          [](const T& object, const Surroundings&) { return object.*Field ? format_time(*(object.*Field)) : std::string(); }};
}

template <class T, class Number, std::optional<Number> T::*Field>
Column<T> number_column(std::vector<std::string_view> names) {
  return {std::move(names), Role::Field,
          [](T& object, std::string_view text) -> Result<void> {
            object.*Field = std::nullopt;
            if (text.empty()) return {};
            const auto number = parse_integer<std::uint64_t>(text, 0, std::numeric_limits<Number>::max());
            if (!number)
              return Error(ErrorCode::InvalidArgument,
                           fmt::format("'{}' is no number from 0 to {}", shorten(text, 40), std::numeric_limits<Number>::max()));
            object.*Field = static_cast<Number>(*number);
            return {};
          },
          [](const T& object, const Surroundings&) { return object.*Field ? std::to_string(*(object.*Field)) : std::string(); }};
}

// Of a type with parse() and to_string().
template <class T, class Value, std::optional<Value> T::*Field>
Column<T> value_column(std::vector<std::string_view> names) {
  return {std::move(names), Role::Field,
          [](T& object, std::string_view text) -> Result<void> {
            object.*Field = std::nullopt;
            if (!text.empty()) object.*Field = IPAM_TRY(Value::parse(text));
            return {};
          },
          [](const T& object, const Surroundings&) { return object.*Field ? (object.*Field)->to_string() : std::string(); }};
}

// A list, with semicolons or commas between its elements.
template <class T, class Value, std::vector<Value> T::*Field>
Column<T> list_column(std::vector<std::string_view> names) {
  return {std::move(names), Role::Field,
          [](T& object, std::string_view text) -> Result<void> {
            (object.*Field).clear();
            for (const std::string_view part : list_parts(text)) {
              if constexpr (std::is_same_v<Value, std::string>) {
                (object.*Field).emplace_back(part);
              } else {
                (object.*Field).push_back(IPAM_TRY(read_element<Value>(part)));
              }
            }
            return {};
          },
          [](const T& object, const Surroundings&) {
            std::string text;
            for (const Value& value : object.*Field) text += (text.empty() ? "" : "; ") + write_element(value);
            return text;
          }};
}

template <class T>
Column<T> prefix_column() {
  return {{"Network", "Network ID", "prefix"},
          Role::Key,
          [](T& object, std::string_view text) -> Result<void> {
            object.prefix = IPAM_TRY(ip::Prefix::parse(text));
            return {};
          },
          [](const T& object, const Surroundings&) { return object.prefix.to_string(); }};
}

template <class T, ip::Address T::*Field>
Column<T> address_column(std::vector<std::string_view> names) {
  return {std::move(names), Role::Key,
          [](T& object, std::string_view text) -> Result<void> {
            object.*Field = IPAM_TRY(ip::Address::parse(text));
            return {};
          },
          [](const T& object, const Surroundings&) { return (object.*Field).to_string(); }};
}

template <class T>
Column<T> managed_by_column() {
  return {{"Managed by Service", "Managed By"},
          Role::Field,
          [](T& object, std::string_view text) -> Result<void> {
            object.managed_by = text.empty() ? model::ManagedBy::Ipam : IPAM_TRY(read_word(managed_by_words(), text));
            return {};
          },
          [](const T& object, const Surroundings&) { return write_word(managed_by_words(), object.managed_by); }};
}

template <class T>
Column<T> assignment_column() {
  return {{"Assignment Type", "Address Assignment", "assignment"},
          Role::Field,
          [](T& object, std::string_view text) -> Result<void> {
            object.assignment = text.empty() ? model::Assignment::Static : IPAM_TRY(read_word(assignment_words(), text));
            return {};
          },
          [](const T& object, const Surroundings&) { return write_word(assignment_words(), object.assignment); }};
}

template <class T>
Column<T> space_column() {
  return {
      {"Address Space", "Space", "Provider Address Space", "Customer Address Space"}, Role::Place, nullptr, [](const T&, const Surroundings& around) {
        return around.space;
      }};
}

// What the API tells of an object beyond what can be set, and the reason in an error file: files that are read may hold it.
template <class T>
Column<T> derived_columns() {
  return {{"Import Error", "id", "space_id", "subnet_id", "scope_id", "block_id", "range_id", "revision", "utilization", "category",
           "Address Category", "Network Type", "held_until", "reclaimed_at"},
          Role::Derived,
          nullptr,
          nullptr};
}

}  // namespace ipam::service::interchange
