// Structures, unions and parameters, described once for reading and writing (C706 sections 14.3.6 to 14.3.9).
//
//   struct Zone { std::optional<std::string> name; std::uint32_t flags = 0; std::vector<std::uint32_t> masters; };
//   constexpr auto layout(const Zone*) {
//     return ndr::structure(ndr::field("pszZoneName", &Zone::name, ndr::unique(ndr::wide_text)),
//                           ndr::field("Flags", &Zone::flags, ndr::u32),
//                           ndr::count_of("MasterCount", &Zone::masters, ndr::u32),
//                           ndr::field("Masters", &Zone::masters, ndr::unique(ndr::conformant(ndr::u32))));
//   }
// `layout` stands in the namespace of the type. Names are the protocol's own, for messages. Of an operation's request and answer it is `parameters`:
// each field is marshalled with all that it refers to before the next one. `described` is the kind of a value with a layout. Thread rule: functions
// without state.
#pragma once

#include "wire/ndr/arrays.h"
#include "wire/ndr/pointers.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <variant>

namespace ipam::wire::ndr {

template <class Member>
struct MemberOf;
template <class Class, class Value>
struct MemberOf<Value Class::*> {
  using value = Value;
};

// One field and the member that has its value.
template <class Member, class K>
struct Field {
  const char* name;
  Member member;
  using Value = typename MemberOf<Member>::value;

  static constexpr std::size_t alignment() { return K::template alignment<Value>(); }
  static constexpr std::size_t least_size() { return K::template least_size<Value>(); }
  template <class Pass, class T>
  void conformance(Pass& pass, T& object) const {
    const typename Pass::Step step(pass, name);
    K::conformance(pass, object.*member);
  }
  template <class Pass, class T>
  void body(Pass& pass, T& object) const {
    const typename Pass::Step step(pass, name);
    K::body(pass, object.*member);
  }
  template <class Pass, class T>
  void referents(Pass& pass, T& object) const {
    const typename Pass::Step step(pass, name);
    K::referents(pass, object.*member);
  }
};
template <class Member, class K>
constexpr Field<Member, K> field(const char* name, Member member, K) {
  return {name, member};
}

// A field that says how many elements another one has.
template <class Member, class K>
struct CountOf : Kind {
  const char* name;
  Member member;

  constexpr CountOf(const char* name_in, Member member_in) : name(name_in), member(member_in) {}
  static constexpr std::size_t alignment() { return K::template alignment<std::uint32_t>(); }
  static constexpr std::size_t least_size() { return K::template least_size<std::uint32_t>(); }
  template <class T>
  void body(Reader& reader, T& object) const {
    const Reader::Step step(reader, name);
    std::uint32_t count = 0;
    K::body(reader, count);
    reader.announce(&(object.*member), count);
  }
  template <class T>
  void body(Writer& writer, const T& object) const {
    const auto count = static_cast<std::uint32_t>((object.*member).size());
    K::body(writer, count);
  }
};
template <class Member, class K>
constexpr CountOf<Member, K> count_of(const char* name, Member member, K) {
  return {name, member};
}

// A field that has no meaning: zero when it is written, anything when it is read.
template <class K>
struct Reserved : Kind {
  const char* name;

  constexpr explicit Reserved(const char* name_in) : name(name_in) {}
  static constexpr std::size_t alignment() { return K::template alignment<std::uint64_t>(); }
  static constexpr std::size_t least_size() { return K::template least_size<std::uint64_t>(); }
  template <class T>
  void body(Reader& reader, T&) const {
    const Reader::Step step(reader, name);
    std::uint64_t ignored = 0;
    K::body(reader, ignored);
  }
  template <class T>
  void body(Writer& writer, const T&) const {
    const std::uint64_t zero = 0;
    K::body(writer, zero);
  }
};
template <class K>
constexpr Reserved<K> reserved(const char* name, K) {
  return Reserved<K>(name);
}

template <class... Fields>
struct Structure {
  std::tuple<Fields...> fields;

  static constexpr std::size_t alignment() { return std::max({std::size_t{1}, Fields::alignment()...}); }
  static constexpr std::size_t least_size() { return (std::size_t{0} + ... + Fields::least_size()); }
  template <class Visitor>
  constexpr void each(Visitor&& visitor) const {
    std::apply([&](const Fields&... field) { (visitor(field), ...); }, fields);
  }
};
template <class... Fields>
constexpr Structure<Fields...> structure(Fields... fields) {
  return {std::tuple<Fields...>(fields...)};
}

template <class... Fields>
struct Parameters {
  std::tuple<Fields...> fields;

  template <class Pass, class T>
  void run(Pass& pass, T& object) const {
    const auto one = [&](const auto& field) {
      const typename Pass::Deeper deeper(pass);
      if (!pass.ok()) return;
      field.conformance(pass, object);
      field.body(pass, object);
      field.referents(pass, object);
    };
    std::apply([&](const Fields&... field) { (one(field), ...); }, fields);
  }
};
template <class... Fields>
constexpr Parameters<Fields...> parameters(Fields... fields) {
  return {std::tuple<Fields...>(fields...)};
}

// A value with a layout of its own, by its type.
struct Described : Kind {
  template <class V>
  using Layout = decltype(layout(static_cast<const V*>(nullptr)));

  template <class V>
  static constexpr std::size_t alignment() {
    return Layout<V>::alignment();
  }
  template <class V>
  static constexpr std::size_t least_size() {
    return Layout<V>::least_size();
  }
  template <class Pass, class V>
  static void conformance(Pass& pass, V& value) {
    layout_of(value).each([&](const auto& field) { field.conformance(pass, value); });
  }
  template <class Pass, class V>
  static void body(Pass& pass, V& value) {
    pass.align(alignment<std::remove_const_t<V>>());
    layout_of(value).each([&](const auto& field) {
      if (pass.ok()) field.body(pass, value);
    });
  }
  template <class Pass, class V>
  static void referents(Pass& pass, V& value) {
    layout_of(value).each([&](const auto& field) {
      if (pass.ok()) field.referents(pass, value);
    });
  }

 private:
  template <class V>
  static constexpr auto layout_of(const V&) {
    return layout(static_cast<const V*>(nullptr));
  }
};
inline constexpr Described described;

// ---- unions --------------------------------------------------------------------------------------------------------------------------------
// A std::variant whose alternatives are the arms in their order. On the wire the discriminant comes before the arm in unions of either sort. The
// discriminant is aligned by itself and the arm by the widest arm: what Windows and Samba do, and not what C706 section 14.3.8 says.

template <std::uint32_t kNumber, class K>
struct Arm {
  using ArmKind = K;
  static constexpr std::uint32_t number = kNumber;
};
template <std::uint32_t kNumber, class K>
constexpr Arm<kNumber, K> arm(K) {
  return {};
}

template <class TagKind, class... Arms>
struct Union : Kind {
  template <class V>
  static constexpr std::size_t alignment() {
    return std::max(TagKind::template alignment<std::uint32_t>(), arms_alignment<V>(std::index_sequence_for<Arms...>()));
  }
  template <class V>
  static constexpr std::size_t least_size() {
    return TagKind::template least_size<std::uint32_t>();
  }
  template <class V>
  static void body(Reader& reader, V& value) {
    std::uint32_t number = 0;
    TagKind::body(reader, number);
    const auto announced = reader.take_announced(&value);
    if (announced && *announced != number) reader.fail("the union is of another type than is announced");
    if (!choose(value, number, std::index_sequence_for<Arms...>())) {
      reader.fail("the union has no type " + std::to_string(number) + " that is read here");
    }
    if (!reader.ok()) return;
    reader.align(arms_alignment<V>(std::index_sequence_for<Arms...>()));
    with_arm(value, [&](auto kind, auto& arm_value) { decltype(kind)::body(reader, arm_value); });
  }
  template <class V>
  static void body(Writer& writer, const V& value) {
    const std::uint32_t number = number_of(value);
    TagKind::body(writer, number);
    writer.align(arms_alignment<V>(std::index_sequence_for<Arms...>()));
    with_arm(value, [&](auto kind, const auto& arm_value) { decltype(kind)::body(writer, arm_value); });
  }
  template <class Pass, class V>
  static void referents(Pass& pass, V& value) {
    with_arm(value, [&](auto kind, auto& arm_value) { decltype(kind)::referents(pass, arm_value); });
  }
  template <class V>
  static std::uint32_t number_of(const V& value) {
    constexpr std::uint32_t kNumbers[] = {Arms::number...};
    return kNumbers[value.index()];
  }

 private:
  template <class V, std::size_t... kIndex>
  static constexpr std::size_t arms_alignment(std::index_sequence<kIndex...>) {
    return std::max({std::size_t{1}, Arms::ArmKind::template alignment<std::variant_alternative_t<kIndex, V>>()...});
  }
  template <class V, std::size_t... kIndex>
  static bool choose(V& value, std::uint32_t number, std::index_sequence<kIndex...>) {
    return ((Arms::number == number ? (value.template emplace<kIndex>(), true) : false) || ...);
  }
  template <class V, class Visitor>
  static void with_arm(V& value, Visitor visitor) {
    visit_arm(value, visitor, std::index_sequence_for<Arms...>());
  }
  template <class V, class Visitor, std::size_t... kIndex>
  static void visit_arm(V& value, Visitor& visitor, std::index_sequence<kIndex...>) {
    (void)((value.index() == kIndex ? (visitor(typename Arms::ArmKind{}, *std::get_if<kIndex>(&value)), true) : false) || ...);
  }
};
template <class TagKind, class... Arms>
constexpr Union<TagKind, Arms...> union_of(TagKind, Arms...) {
  return {};
}

// A field that says which arm another one, a union of this kind, has.
template <class Member, class K, class U>
struct ArmOf : Kind {
  const char* name;
  Member member;

  constexpr ArmOf(const char* name_in, Member member_in) : name(name_in), member(member_in) {}
  static constexpr std::size_t alignment() { return K::template alignment<std::uint32_t>(); }
  static constexpr std::size_t least_size() { return K::template least_size<std::uint32_t>(); }
  template <class T>
  void body(Reader& reader, T& object) const {
    const Reader::Step step(reader, name);
    std::uint32_t number = 0;
    K::body(reader, number);
    reader.announce(&(object.*member), number);
  }
  template <class T>
  void body(Writer& writer, const T& object) const {
    const std::uint32_t number = U::number_of(object.*member);
    K::body(writer, number);
  }
};
template <class Member, class K, class U>
constexpr ArmOf<Member, K, U> arm_of(const char* name, Member member, K, U) {
  return {name, member};
}

}  // namespace ipam::wire::ndr
