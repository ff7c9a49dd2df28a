// Pointers (C706 section 14.3.10 and following) and context handles (section 14.2.12).
//   unique(kind)  [unique] T*  std::optional; or a std::vector, of which none and an empty one are the same
//   full(kind)    [ptr] T*     std::shared_ptr: several pointers may refer to one object, which stands on the wire once
// A reference pointer that is a parameter is not on the wire: describe what it refers to. Thread rule: functions without state.
#pragma once

#include "wire/ndr/kind.h"
#include "wire/ndr/uuid.h"

#include <memory>
#include <optional>
#include <vector>

namespace ipam::wire::ndr {

namespace detail {

template <class V>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};

template <class T>
void make(std::optional<T>& pointer) {
  pointer.emplace();
}

// One address for each type.
template <class T>
inline constexpr char type_mark = 0;

}  // namespace detail

struct Pointer : Kind {
  template <class V>
  static constexpr std::size_t alignment() {
    return 4;
  }
  template <class V>
  static constexpr std::size_t least_size() {
    return 4;
  }
};

template <class K>
struct Unique : Pointer {
  template <class V>
  static void body(Reader& reader, V& pointer) {
    const bool there = reader.u32() != 0;
    if constexpr (detail::IsVector<V>::value) {
      if (there) {
        reader.expect_referent(&pointer);
      } else {
        reader.take_announced(&pointer);
      }
    } else if (there) {
      detail::make(pointer);
    }
  }
  template <class V>
  static void body(Writer& writer, const V& pointer) {
    writer.u32(is_there(pointer) ? writer.new_referent_id() : 0);
  }
  template <class V>
  static void referents(Reader& reader, V& pointer) {
    if constexpr (detail::IsVector<V>::value) {
      if (reader.take_expected(&pointer)) construct<K>(reader, pointer);
    } else {
      if (pointer) construct<K>(reader, *pointer);
    }
  }
  template <class V>
  static void referents(Writer& writer, const V& pointer) {
    if (!is_there(pointer)) return;
    if constexpr (detail::IsVector<V>::value) {
      construct<K>(writer, pointer);
    } else {
      construct<K>(writer, *pointer);
    }
  }

 private:
  template <class V>
  static bool is_there(const V& pointer) {
    if constexpr (detail::IsVector<V>::value) {
      return !pointer.empty();
    } else {
      return static_cast<bool>(pointer);
    }
  }
};
template <class K>
constexpr Unique<K> unique(K) {
  return {};
}

template <class K>
struct Full : Pointer {
  template <class T>
  static void body(Reader& reader, std::shared_ptr<T>& pointer) {
    const std::uint32_t id = reader.u32();
    if (id == 0) return;
    Reader::Shared& shared = reader.shared(id);
    if (shared.object == nullptr) {
      pointer = std::make_shared<T>();
      shared = {&detail::type_mark<T>, pointer};
      reader.expect_referent(&pointer);
    } else if (shared.type != &detail::type_mark<T>) {
      reader.fail("the pointer refers to something of another type");
    } else {
      pointer = std::static_pointer_cast<T>(shared.object);
    }
  }
  template <class T>
  static void body(Writer& writer, const std::shared_ptr<T>& pointer) {
    writer.u32(pointer ? writer.shared_id(pointer.get(), &pointer) : 0);
  }
  template <class Pass, class V>
  static void referents(Pass& pass, V& pointer) {
    if (pass.take_expected(&pointer)) construct<K>(pass, *pointer);
  }
};
template <class K>
constexpr Full<K> full(K) {
  return {};
}

// ---- identifiers ---------------------------------------------------------------------------------------------------------------------------

struct UuidKind : Kind {
  template <class V>
  static constexpr std::size_t alignment() {
    return 4;
  }
  template <class V>
  static constexpr std::size_t least_size() {
    return 16;
  }
  static void body(Reader& reader, Uuid& value);
  static void body(Writer& writer, const Uuid& value);
};
inline constexpr UuidKind uuid;

// What a server gave and takes back: of no meaning to a client, but that all zeros is none.
struct ContextHandle {
  std::uint32_t attributes = 0;
  Uuid id;

  bool operator==(const ContextHandle&) const = default;
};

struct ContextHandleKind : Kind {
  template <class V>
  static constexpr std::size_t alignment() {
    return 4;
  }
  template <class V>
  static constexpr std::size_t least_size() {
    return 20;
  }
  static void body(Reader& reader, ContextHandle& value);
  static void body(Writer& writer, const ContextHandle& value);
};
inline constexpr ContextHandleKind context_handle;

}  // namespace ipam::wire::ndr
