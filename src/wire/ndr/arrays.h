// Arrays and strings (C706 sections 14.3.2 to 14.3.5).
//   fixed(kind)               T x[8]                        std::array
//   conformant(kind)          [size_is(n)] T x[]            std::vector
//   counted(kind)             what the protocol below has: as many as `count_of` said, without a count of its own
//   conformant_varying(kind)  [size_is(m), length_is(n)]    std::vector of what is there; the maximum is written as that
//   text, wide_text           [string] char*, wchar_t*      std::string, of wide_text in UTF-8; it ends at the first NUL, which must be there
// A count that stands in a field of its own is `count_of` in structure.h. Thread rule: functions without state.
#pragma once

#include "wire/ndr/kind.h"
#include "wire/ndr/wide_text.h"

#include <array>
#include <type_traits>

namespace ipam::wire::ndr {

namespace detail {

template <class K, class V>
constexpr bool is_octets = std::is_same_v<K, Integer<std::uint8_t>>&& std::is_same_v<std::remove_const_t<V>, Bytes>;

template <class K, class Pass, class V>
void each_body(Pass& pass, V& values) {
  std::size_t index = 0;
  for (auto& value : values) {
    if (!pass.ok()) return;
    const typename Pass::Step step(pass, index++);
    K::body(pass, value);
  }
}

template <class K, class Pass, class V>
void each_referents(Pass& pass, V& values) {
  std::size_t index = 0;
  for (auto& value : values) {
    if (!pass.ok()) return;
    const typename Pass::Step step(pass, index++);
    K::referents(pass, value);
  }
}

template <class K, class V>
void read_elements(Reader& reader, V& values, std::uint32_t count) {
  const auto announced = reader.take_announced(&values);
  if (announced && *announced != count) {
    reader.fail("as many elements are there as " + std::to_string(count) + ", but " + std::to_string(*announced) + " are announced");
  }
  if constexpr (is_octets<K, V>) {
    const ByteView octets = reader.octets(count);
    values.assign(octets.begin(), octets.end());
  } else {
    if (!reader.admit(count, K::template least_size<typename V::value_type>())) return;
    // Once and for all: what is read later knows its elements by their addresses.
    values.resize(count);
    each_body<K>(reader, values);
  }
}

template <class K, class V>
void write_elements(Writer& writer, const V& values) {
  if constexpr (is_octets<K, V>) {
    writer.octets(values);
  } else {
    each_body<K>(writer, values);
  }
}

}  // namespace detail

template <class K>
struct Fixed : Kind {
  template <class V>
  static constexpr std::size_t alignment() {
    return K::template alignment<typename V::value_type>();
  }
  template <class V>
  static constexpr std::size_t least_size() {
    return std::tuple_size_v<V> * K::template least_size<typename V::value_type>();
  }
  template <class Pass, class V>
  static void body(Pass& pass, V& values) {
    detail::each_body<K>(pass, values);
  }
  template <class Pass, class V>
  static void referents(Pass& pass, V& values) {
    detail::each_referents<K>(pass, values);
  }
};
template <class K>
constexpr Fixed<K> fixed(K) {
  return {};
}

template <class K>
struct Conformant : Kind {
  template <class V>
  static constexpr std::size_t alignment() {
    return K::template alignment<typename V::value_type>();
  }
  template <class V>
  static constexpr std::size_t least_size() {
    return 0;
  }
  template <class V>
  static void conformance(Reader& reader, V&) {
    reader.keep_conformance(reader.u32());
  }
  template <class V>
  static void conformance(Writer& writer, const V& values) {
    writer.u32(static_cast<std::uint32_t>(values.size()));
  }
  template <class V>
  static void body(Reader& reader, V& values) {
    detail::read_elements<K>(reader, values, reader.conformance());
  }
  template <class V>
  static void body(Writer& writer, const V& values) {
    detail::write_elements<K>(writer, values);
  }
  template <class Pass, class V>
  static void referents(Pass& pass, V& values) {
    if constexpr (!detail::is_octets<K, V>) detail::each_referents<K>(pass, values);
  }
};
template <class K>
constexpr Conformant<K> conformant(K) {
  return {};
}

template <class K>
struct Counted : Kind {
  template <class V>
  static constexpr std::size_t alignment() {
    return K::template alignment<typename V::value_type>();
  }
  template <class V>
  static constexpr std::size_t least_size() {
    return 0;
  }
  template <class V>
  static void body(Reader& reader, V& values) {
    detail::read_elements<K>(reader, values, reader.take_announced(&values).value_or(0));
  }
  template <class V>
  static void body(Writer& writer, const V& values) {
    detail::write_elements<K>(writer, values);
  }
};
template <class K>
constexpr Counted<K> counted(K) {
  return {};
}

namespace detail {

// Offset and count of a varying array. Offsets other than zero are for parts of arrays, which nobody sends.
inline std::uint32_t read_variance(Reader& reader) {
  const std::uint32_t maximum = reader.conformance();
  const std::uint32_t offset = reader.u32();
  const std::uint32_t count = reader.u32();
  if (offset != 0) reader.fail("the array begins in the middle");
  if (count > maximum) reader.fail("more elements are there than the array can hold");
  return reader.ok() ? count : 0;
}

}  // namespace detail

template <class K>
struct ConformantVarying : Conformant<K> {
  template <class V>
  static constexpr std::size_t least_size() {
    return 8;
  }
  template <class V>
  static void body(Reader& reader, V& values) {
    detail::read_elements<K>(reader, values, detail::read_variance(reader));
  }
  template <class V>
  static void body(Writer& writer, const V& values) {
    writer.u32(0);
    writer.u32(static_cast<std::uint32_t>(values.size()));
    detail::write_elements<K>(writer, values);
  }
};
template <class K>
constexpr ConformantVarying<K> conformant_varying(K) {
  return {};
}

// Text of units of this size.
template <class Unit>
struct TextOf : Kind {
  template <class V>
  static constexpr std::size_t alignment() {
    return 4;
  }
  template <class V>
  static constexpr std::size_t least_size() {
    return 8;
  }
  static void conformance(Reader& reader, std::string&) { reader.keep_conformance(reader.u32()); }
  static void conformance(Writer& writer, const std::string& value) { writer.u32(static_cast<std::uint32_t>(units(value).size() + 1)); }
  static void body(Reader& reader, std::string& value) {
    const std::uint32_t count = detail::read_variance(reader);
    const ByteView octets = reader.octets(std::size_t{count} * sizeof(Unit));
    std::basic_string<Unit> text;
    bool ended = false;
    for (std::size_t i = 0; i < octets.size() && !ended; i += sizeof(Unit)) {
      Unit unit = static_cast<Unit>(octets[i]);
      if constexpr (sizeof(Unit) == 2) unit = static_cast<Unit>(unit | octets[i + 1] << 8);
      ended = unit == 0;
      if (!ended) text += unit;
    }
    if (!ended) reader.fail("the text has no end");
    if constexpr (sizeof(Unit) == 1) {
      value = std::move(text);
    } else {
      value = utf8_of(text);
    }
  }
  static void body(Writer& writer, const std::string& value) {
    const std::basic_string<Unit> text = units(value);
    writer.u32(0);
    writer.u32(static_cast<std::uint32_t>(text.size() + 1));
    for (const Unit unit : text) put(writer, unit);
    put(writer, 0);
  }

 private:
  static std::basic_string<Unit> units(const std::string& value) {
    const std::string text = value.substr(0, value.find('\0'));
    if constexpr (sizeof(Unit) == 1) {
      return text;
    } else {
      return utf16_of(text);
    }
  }
  static void put(Writer& writer, Unit unit) {
    if constexpr (sizeof(Unit) == 1) {
      writer.u8(static_cast<std::uint8_t>(unit));
    } else {
      writer.u16(unit);
    }
  }
};
inline constexpr TextOf<char> text;
inline constexpr TextOf<char16_t> wide_text;

}  // namespace ipam::wire::ndr
