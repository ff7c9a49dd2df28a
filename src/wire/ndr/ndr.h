// Reading and writing of what has a layout (structure.h). Thread rule: pure functions.
#pragma once

#include "wire/ndr/structure.h"

namespace ipam::wire::ndr {

// The transfer syntax that this room speaks: NDR 2.0 (C706 section 14, MS-RPCE section 2.2.4.12).
inline constexpr Uuid kTransferSyntax{0x8a885d04, 0x1ceb, 0x11c9, {0x9f, 0xe8, 0x08, 0x00, 0x2b, 0x10, 0x48, 0x60}};
inline constexpr std::uint32_t kTransferSyntaxVersion = 2;

namespace detail {

// Octets behind the last parameter that may be there to fill up a unit of encryption.
constexpr std::size_t kMostTrailing = 15;

template <class Pass, class T>
void run(Pass& pass, T& value) {
  const auto described_by = layout(static_cast<const std::remove_const_t<T>*>(nullptr));
  if constexpr (requires { described_by.run(pass, value); }) {
    described_by.run(pass, value);
  } else {
    construct<Described>(pass, value);
  }
}

}  // namespace detail

// All of the octets, but for a rest that may be padding. Errors: Malformed, with the place: "ZoneArray[3].pszZoneName, octet 124: …".
template <class T>
Result<T> read(ByteView bytes, const Limits& limits = {}) {
  Reader reader(bytes, limits);
  T value;
  detail::run(reader, value);
  if (reader.ok() && reader.remaining() > detail::kMostTrailing) reader.fail("octets are left over");
  IPAM_TRY(reader.check());
  return value;
}

template <class T>
Bytes write(const T& value) {
  Writer writer;
  detail::run(writer, value);
  return std::move(writer).take();
}

}  // namespace ipam::wire::ndr
