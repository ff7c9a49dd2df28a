// Cells for the values that the contract's structs hold. Thread rule: pure functions.
#pragma once

#include "cli/noun.h"
#include "contract/address_plan.h"

namespace ipam::cli {

inline Cell cell(const std::string& text) { return {text, Tone::Plain, {}}; }
// "2026-11-23 06:28" in UTC: short enough for a column; JSON and CSV have every digit.
Cell cell(Time time);
// All digits up to a million million, then "1.84e+19": the sizes of IPv6 are for comparing, and JSON and CSV have every digit.
Cell cell(json::Wide number);
Cell cell(bool yes);
// A bar, coloured by what the server makes of it.
Cell utilization_cell(const contract::Utilization& utilization);
// "3 of 65536 taken"; empty where there are none.
Cell networks_cell(const contract::Utilization& utilization);

template <json::TextValue T>
Cell cell(const T& value) {
  return cell(value.to_string());
}
template <json::DescribedEnum T>
Cell cell(T value) {
  return cell(json::detail::snake(boost::describe::enum_to_string(value, "unknown")));
}
template <std::unsigned_integral T>
requires(!std::same_as<T, bool> && !std::same_as<T, json::Wide>) Cell cell(T value) { return cell(static_cast<json::Wide>(value)); }
Cell cell(const contract::Gateway& gateway);
// A list, with commas between; named values as NAME=VALUE.
template <class T>
Cell cell(const std::vector<T>& values) {
  Cell whole;
  for (const T& value : values) whole.text += (whole.text.empty() ? "" : ", ") + cell(value).text;
  return whole;
}
inline Cell cell(const std::map<std::string, std::string>& values) {
  Cell whole;
  for (const auto& [name, value] : values) whole.text += (whole.text.empty() ? "" : "; ") + name + "=" + value;
  return whole;
}
template <class T>
Cell cell(const std::optional<T>& value) {
  return value ? cell(*value) : Cell{};
}

// A column that shows a field as it is.
template <class T, class Value>
Column<T> field(std::string heading, Value T::*member) {
  constexpr bool number = std::is_same_v<Value, json::Wide> || (std::is_integral_v<Value> && !std::is_same_v<Value, bool>);
  return {std::move(heading), number ? Align::Right : Align::Left, [member](const T& value) { return cell(value.*member); },
          std::is_same_v<Value, std::string> ? Width::MayCut : Width::Whole};
}
template <class T, class F>
Column<T> computed(std::string heading, F function, Align align = Align::Left, Width width = Width::Whole) {
  return {std::move(heading), align, [function](const T& value) -> Cell { return function(value); }, width};
}
template <class T>
Column<T> utilization_column() {
  return computed<T>("Utilization", [](const T& value) { return utilization_cell(value.utilization); });
}

// How much is counted, a line each, for the record of one object.
template <class T>
std::vector<Column<T>> utilization_lines() {
  const auto count = [](std::string heading, json::Wide contract::Utilization::*member) {
    return computed<T>(std::move(heading), [member](const T& value) { return cell(value.utilization.*member); });
  };
  using contract::Utilization;
  return {utilization_column<T>(),
          count("Capacity", &Utilization::capacity),
          count("Used", &Utilization::used),
          count("Free", &Utilization::free),
          count("Assigned", &Utilization::assigned),
          count("Reserved", &Utilization::reserved),
          count("Leased", &Utilization::leased),
          computed<T>("Networks of /64", [](const T& value) { return networks_cell(value.utilization); })};
}

template <class T>
std::vector<Column<T>> operator+(std::vector<Column<T>> left, std::vector<Column<T>> right) {
  for (auto& column : right) left.push_back(std::move(column));
  return left;
}

}  // namespace ipam::cli
