// JSON to and from described structs (Boost.Describe), so that a request or answer type is one list of fields and nothing else.
//
// Types: bool, integers, double, std::string, Time (RFC 3339), enums (snake_case), std::optional, std::vector, std::map<std::string, …>, described
// structs, Raw (JSON text taken over as it is), and every type with `static Result<T> parse(std::string_view)` and `to_string()` (as a string).
// Integers above 2^53 are written as decimal strings and read as either, because JSON readers of other languages lose them.
//
// Reading is strict: an unknown field, a missing one that is not std::optional, a wrong type or a number out of range is an InvalidArgument with the
// JSON pointer of every wrong field; text that is not JSON, nests deeper than 32 or repeats a name is Malformed.
// std::optional<std::optional<T>> tells an absent field (nothing) from a null (RFC 7396). Thread rule: pure functions.
#pragma once

#include "base/clock.h"
#include "base/result.h"

#include <boost/describe.hpp>
#include <boost/json/value.hpp>
#include <boost/mp11.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace ipam::json {

// JSON text that is passed through unread.
struct Raw {
  std::string text = "null";
};

template <class T>
concept TextValue = requires(const T& value, std::string_view text) {
  { T::parse(text) } -> std::same_as<Result<T>>;
  { value.to_string() } -> std::convertible_to<std::string>;
};
template <class T>
concept Described = boost::describe::has_describe_members<T>::value;
template <class T>
concept DescribedEnum = std::is_enum_v<T> && boost::describe::has_describe_enumerators<T>::value;
__extension__ typedef unsigned __int128 Wide;

// Reads text as a JSON document. Errors: Malformed, with the byte where it ends to be JSON.
Result<boost::json::value> parse(std::string_view text);

// ---- writing -------------------------------------------------------------------------------------------------------------------------------

void append_string(std::string& out, std::string_view text);
void append_integer(std::string& out, std::int64_t value);
void append_unsigned(std::string& out, Wide value);
void append_double(std::string& out, double value);

template <class T>
void append(std::string& out, const T& value);

namespace detail {

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};
template <class T>
struct IsMap : std::false_type {};
template <class T>
struct IsMap<std::map<std::string, T>> : std::true_type {};

const std::string& snake(std::string_view enumerator);

}  // namespace detail

template <class T>
void append(std::string& out, const T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    out += value ? "true" : "false";
  } else if constexpr (std::is_same_v<T, Wide> || std::is_unsigned_v<T>) {
    append_unsigned(out, value);
  } else if constexpr (std::is_integral_v<T>) {
    append_integer(out, value);
  } else if constexpr (std::is_floating_point_v<T>) {
    append_double(out, value);
  } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    append_string(out, value);
  } else if constexpr (std::is_same_v<T, Time>) {
    append_string(out, format_time(value));
  } else if constexpr (std::is_same_v<T, Raw>) {
    out += value.text;
  } else if constexpr (DescribedEnum<T>) {
    append_string(out, detail::snake(boost::describe::enum_to_string(value, "unknown")));
  } else if constexpr (TextValue<T>) {
    append_string(out, value.to_string());
  } else if constexpr (detail::IsOptional<T>::value) {
    if (value) {
      append(out, *value);
    } else {
      out += "null";
    }
  } else if constexpr (detail::IsVector<T>::value) {
    out += '[';
    bool first = true;
    for (const auto& item : value) {
      if (!first) out += ',';
      first = false;
      append(out, item);
    }
    out += ']';
  } else if constexpr (detail::IsMap<T>::value) {
    out += '{';
    bool first = true;
    for (const auto& [name, item] : value) {
      if (!first) out += ',';
      first = false;
      append_string(out, name);
      out += ':';
      append(out, item);
    }
    out += '}';
  } else {
    static_assert(Described<T>, "describe the struct, or give it parse() and to_string()");
    out += '{';
    bool first = true;
    boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>>([&](auto member) {
      if (!first) out += ',';
      first = false;
      append_string(out, member.name);
      out += ':';
      append(out, value.*member.pointer);
    });
    out += '}';
  }
}

template <class T>
std::string write(const T& value) {
  std::string out;
  append(out, value);
  return out;
}

// ---- reading -------------------------------------------------------------------------------------------------------------------------------

// Whether fields that the struct does not have are refused. A server refuses them; a client ignores them, because the server may be newer.
enum class UnknownFields { Refuse, Ignore };

// Collects what is wrong with a document; `pointer` is the place under way.
class Reader {
 public:
  explicit Reader(UnknownFields unknown = UnknownFields::Refuse) : unknown_(unknown) {}

  bool refuses_unknown_fields() const { return unknown_ == UnknownFields::Refuse; }
  void fail(std::string message) { errors_.push_back({pointer_, std::move(message)}); }
  bool fine() const { return errors_.empty(); }
  Result<void> result() &&;

  // Enters a member or element for as long as the scope lives.
  class Scope {
   public:
    Scope(Reader& reader, std::string_view name);
    ~Scope() { reader_.pointer_.resize(length_); }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    Reader& reader_;
    std::size_t length_;
  };

 private:
  UnknownFields unknown_;
  std::string pointer_;
  std::vector<FieldError> errors_;
};

bool read_bool(Reader& reader, const boost::json::value& json, bool& out);
bool read_integer(Reader& reader, const boost::json::value& json, std::int64_t low, std::int64_t high, std::int64_t& out);
bool read_unsigned(Reader& reader, const boost::json::value& json, Wide high, Wide& out);
bool read_double(Reader& reader, const boost::json::value& json, double& out);
bool read_string(Reader& reader, const boost::json::value& json, std::string& out);
std::string raw_text(const boost::json::value& json);

template <class T>
void read(Reader& reader, const boost::json::value& json, T& out);

namespace detail {

template <DescribedEnum T>
void read_enum(Reader& reader, const boost::json::value& json, T& out) {
  std::string text, choices;
  if (!read_string(reader, json, text)) return;
  bool found = false;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>([&](auto enumerator) {
    const std::string& name = snake(enumerator.name);
    if (name == text) {
      out = enumerator.value;
      found = true;
    }
    choices += (choices.empty() ? "" : ", ") + name;
  });
  if (!found) reader.fail("must be one of " + choices);
}

template <Described T>
void read_struct(Reader& reader, const boost::json::value& json, T& out) {
  if (!json.is_object()) return reader.fail("must be an object");
  const boost::json::object& object = json.get_object();
  std::size_t known = 0;
  using Members = boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;
  boost::mp11::mp_for_each<Members>([&](auto member) {
    auto& field = out.*member.pointer;
    const Reader::Scope scope(reader, member.name);
    if (const boost::json::value* value = object.if_contains(member.name)) {
      ++known;
      read(reader, *value, field);
    } else if constexpr (!IsOptional<std::remove_reference_t<decltype(field)>>::value) {
      reader.fail("is missing");
    }
  });
  if (known == object.size() || !reader.refuses_unknown_fields()) return;
  for (const auto& entry : object) {
    bool described = false;
    boost::mp11::mp_for_each<Members>([&](auto member) { described = described || entry.key() == member.name; });
    const Reader::Scope scope(reader, entry.key());
    if (!described) reader.fail("is not a field known here");
  }
}

}  // namespace detail

template <class T>
void read(Reader& reader, const boost::json::value& json, T& out) {
  if constexpr (std::is_same_v<T, bool>) {
    read_bool(reader, json, out);
  } else if constexpr (std::is_same_v<T, Wide> || std::is_unsigned_v<T>) {
    Wide value = 0;
    if (read_unsigned(reader, json, static_cast<T>(~static_cast<T>(0)), value)) out = static_cast<T>(value);
  } else if constexpr (std::is_integral_v<T>) {
    std::int64_t value = 0;
    if (read_integer(reader, json, std::numeric_limits<T>::min(), std::numeric_limits<T>::max(), value)) out = static_cast<T>(value);
  } else if constexpr (std::is_floating_point_v<T>) {
    read_double(reader, json, out);
  } else if constexpr (std::is_same_v<T, std::string>) {
    read_string(reader, json, out);
  } else if constexpr (std::is_same_v<T, Raw>) {
    out.text = raw_text(json);
  } else if constexpr (DescribedEnum<T>) {
    detail::read_enum(reader, json, out);
  } else if constexpr (std::is_same_v<T, Time> || TextValue<T>) {
    std::string text;
    if (!read_string(reader, json, text)) return;
    auto value = [&] {
      if constexpr (std::is_same_v<T, Time>) {
        return parse_time(text);
      } else {
        return T::parse(text);
      }
    }();
    if (value.ok()) {
      out = std::move(value).value();
    } else {
      reader.fail(value.error().message);
    }
  } else if constexpr (detail::IsOptional<T>::value) {
    using Inner = typename T::value_type;
    if (json.is_null() && !detail::IsOptional<Inner>::value) {
      out.reset();
    } else {
      read(reader, json, out.emplace());
    }
  } else if constexpr (detail::IsVector<T>::value) {
    if (!json.is_array()) return reader.fail("must be an array");
    std::size_t i = 0;
    for (const boost::json::value& item : json.get_array()) {
      const Reader::Scope scope(reader, std::to_string(i++));
      read(reader, item, out.emplace_back());
    }
  } else if constexpr (detail::IsMap<T>::value) {
    if (!json.is_object()) return reader.fail("must be an object");
    for (const auto& entry : json.get_object()) {
      const Reader::Scope scope(reader, entry.key());
      read(reader, entry.value(), out[std::string(entry.key())]);
    }
  } else {
    detail::read_struct(reader, json, out);
  }
}

template <class T>
Result<T> read_value(const boost::json::value& json, UnknownFields unknown = UnknownFields::Refuse) {
  T value{};
  Reader reader(unknown);
  read(reader, json, value);
  if (!reader.fine()) return std::move(reader).result().error();
  return value;
}

// Errors: Malformed (not JSON), InvalidArgument (wrong fields, all of them).
template <class T>
Result<T> read(std::string_view text) {
  const boost::json::value json = IPAM_TRY(parse(text));
  return read_value<T>(json);
}

}  // namespace ipam::json
