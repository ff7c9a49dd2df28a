#include "driver/kea/json_fields.h"

#include "base/strings.h"

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace ipam::driver::kea {
namespace json = boost::json;

namespace {

Error missing(std::string_view name) { return {ErrorCode::Malformed, fmt::format("field \"{}\" is missing", name)}; }

Error wrong(std::string_view name, std::string_view expected, const json::value& found) {
  // A huge value is not serialized only to be cut: its kind tells enough.
  const std::string quoted = found.is_structured() ? std::string(json::to_string(found.kind())) : shorten(json::serialize(found), kQuotedBytes);
  return {ErrorCode::Malformed, fmt::format("field \"{}\" must be {}, not {}", name, expected, quoted)};
}

}  // namespace

const json::value* find_field(const json::object& object, std::string_view name) { return object.if_contains(json::string_view(name)); }

Result<std::uint64_t> integer_field(const json::object& object, std::string_view name, std::uint64_t low, std::uint64_t high) {
  const json::value* value = find_field(object, name);
  if (value == nullptr) return missing(name);
  const auto expected = [&] { return fmt::format("a whole number from {} to {}", low, high); };
  std::uint64_t number = 0;
  if (const auto* positive = value->if_uint64()) {
    number = *positive;
  } else if (const auto* any = value->if_int64(); any != nullptr && *any >= 0) {
    number = static_cast<std::uint64_t>(*any);
  } else {
    return wrong(name, expected(), *value);
  }
  if (number < low || number > high) return wrong(name, expected(), *value);
  return number;
}

Result<std::string_view> text_field(const json::object& object, std::string_view name) {
  if (find_field(object, name) == nullptr) return missing(name);
  return optional_text_field(object, name);
}

Result<std::string_view> optional_text_field(const json::object& object, std::string_view name) {
  const json::value* value = find_field(object, name);
  if (value == nullptr) return std::string_view();
  const json::string* text = value->if_string();
  if (text == nullptr) return wrong(name, "a text", *value);
  return std::string_view(text->data(), text->size());
}

Result<const json::array*> array_field(const json::object& object, std::string_view name) {
  static const json::array empty;
  const json::value* value = find_field(object, name);
  if (value == nullptr) return &empty;
  const json::array* array = value->if_array();
  if (array == nullptr) return wrong(name, "an array", *value);
  return array;
}

Result<const json::object*> as_object(const json::value& value, std::string_view what) {
  const json::object* object = value.if_object();
  if (object == nullptr)
    return Error(ErrorCode::Malformed, fmt::format("{} must be an object, not {}", what, std::string(json::to_string(value.kind()))));
  return object;
}

Error located(Error error, std::string_view place) {
  error.message = fmt::format("{}: {}", place, error.message);
  return error;
}

}  // namespace ipam::driver::kea
