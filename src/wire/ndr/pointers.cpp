#include "wire/ndr/pointers.h"

#include <algorithm>

namespace ipam::wire::ndr {

void UuidKind::body(Reader& reader, Uuid& value) {
  value.time_low = reader.u32();
  value.time_mid = reader.u16();
  value.time_high = reader.u16();
  const ByteView rest = reader.octets(value.rest.size());
  std::copy(rest.begin(), rest.end(), value.rest.begin());
}

void UuidKind::body(Writer& writer, const Uuid& value) {
  writer.u32(value.time_low);
  writer.u16(value.time_mid);
  writer.u16(value.time_high);
  writer.octets(value.rest);
}

void ContextHandleKind::body(Reader& reader, ContextHandle& value) {
  value.attributes = reader.u32();
  UuidKind::body(reader, value.id);
}

void ContextHandleKind::body(Writer& writer, const ContextHandle& value) {
  writer.u32(value.attributes);
  UuidKind::body(writer, value.id);
}

}  // namespace ipam::wire::ndr
