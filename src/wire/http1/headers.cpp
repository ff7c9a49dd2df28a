#include "wire/http1/headers.h"

#include "base/strings.h"

#include <algorithm>

namespace ipam::wire::http1 {

void Headers::set(std::string name, std::string value) {
  remove(name);
  add(std::move(name), std::move(value));
}

void Headers::remove(std::string_view name) {
  std::erase_if(fields_, [&](const Field& field) { return equals_ignoring_case(field.name, name); });
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (const Field& field : fields_) {
    if (equals_ignoring_case(field.name, name)) return field.value;
  }
  return std::nullopt;
}

std::size_t Headers::count(std::string_view name) const {
  return static_cast<std::size_t>(std::count_if(begin(), end(), [&](const Field& field) { return equals_ignoring_case(field.name, name); }));
}

bool Headers::lists_token(std::string_view name, std::string_view token) const {
  for (const Field& field : fields_) {
    if (!equals_ignoring_case(field.name, name)) continue;
    for (const std::string_view part : split(field.value, ',')) {
      if (equals_ignoring_case(trim(part), token)) return true;
    }
  }
  return false;
}

bool is_token(std::string_view text) {
  constexpr std::string_view kPunctuation = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || kPunctuation.find(c) != std::string_view::npos;
  });
}

}  // namespace ipam::wire::http1
