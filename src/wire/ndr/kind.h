// Kind: what all kinds of NDR have in common. A kind says how a value of C++ stands on the wire; it is an empty type, given by an object (`u32`,
// `unique(text)`), and works in passes, each for a Reader and for a Writer alike:
//   conformance  the count of a conformant array that ends the value, before everything else of the construct (C706 section 14.3.7.1)
//   body         the value itself, aligned; of a pointer its id
//   referents    what pointers within the value refer to, after the whole construct that holds them (C706 section 14.3.12.3)
// and alignment<V>(), least_size<V>() (octets a value takes at least). `V` is the type of the value. Thread rule: functions without state.
#pragma once

#include "wire/ndr/reader.h"
#include "wire/ndr/writer.h"

#include <type_traits>

namespace ipam::wire::ndr {

// What is nothing for most kinds.
struct Kind {
  template <class V>
  static void conformance(Reader&, V&) {}
  template <class V>
  static void conformance(Writer&, const V&) {}
  template <class V>
  static void referents(Reader&, V&) {}
  template <class V>
  static void referents(Writer&, const V&) {}
};

// A parameter of an operation or a referent: all passes over it, one after the other.
template <class K, class Pass, class V>
void construct(Pass& pass, V& value) {
  const typename Pass::Deeper deeper(pass);
  if (!pass.ok()) return;
  K::conformance(pass, value);
  K::body(pass, value);
  K::referents(pass, value);
}

// ---- numbers (C706 section 14.2): for integers and enumerations of C++ -----------------------------------------------------------------------

template <class Number>
struct Integer : Kind {
  template <class V>
  static constexpr std::size_t alignment() {
    return sizeof(Number);
  }
  template <class V>
  static constexpr std::size_t least_size() {
    return sizeof(Number);
  }
  template <class V>
  static void body(Reader& reader, V& value) {
    if constexpr (sizeof(Number) == 1) {
      value = static_cast<V>(reader.u8());
    } else if constexpr (sizeof(Number) == 2) {
      value = static_cast<V>(reader.u16());
    } else if constexpr (sizeof(Number) == 4) {
      value = static_cast<V>(reader.u32());
    } else {
      value = static_cast<V>(reader.u64());
    }
  }
  template <class V>
  static void body(Writer& writer, const V& value) {
    const auto number = static_cast<Number>(value);
    if constexpr (sizeof(Number) == 1) {
      writer.u8(number);
    } else if constexpr (sizeof(Number) == 2) {
      writer.u16(number);
    } else if constexpr (sizeof(Number) == 4) {
      writer.u32(number);
    } else {
      writer.u64(number);
    }
  }
};

inline constexpr Integer<std::uint8_t> u8;
inline constexpr Integer<std::uint16_t> u16;
inline constexpr Integer<std::uint32_t> u32;
inline constexpr Integer<std::uint64_t> u64;

// An IDL enumeration without [v1_enum] is 16 bits wide on the wire (C706 section 14.2.5).
inline constexpr Integer<std::uint16_t> enum16;

}  // namespace ipam::wire::ndr
