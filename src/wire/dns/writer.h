// Writer: puts a DNS message together. Names of questions and owners are compressed (RFC 1035 section 4.1.4); names within RDATA only where that RFC
// itself defined the type (RFC 3597 section 4). Thread rule: one thread.
#pragma once

#include "wire/dns/name.h"

#include <map>

namespace ipam::wire::dns {

class Writer {
 public:
  void u8(std::uint8_t value) { bytes_.push_back(value); }
  void u16(std::uint16_t value);
  void u32(std::uint32_t value);
  void u48(std::uint64_t value);
  void bytes(ByteView bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
  void compressed(const Name& name);
  void in_full(const Name& name) { bytes(name.wire()); }
  // Overwrites what stands there.
  void set_u16(std::size_t at, std::uint16_t value);
  // Drops everything from there on.
  void cut(std::size_t size);

  std::size_t size() const { return bytes_.size(); }
  const Bytes& data() const { return bytes_; }
  Bytes take() && { return std::move(bytes_); }

 private:
  Bytes bytes_;
  std::map<Name, std::uint16_t> offsets_;  // of names written before
};

}  // namespace ipam::wire::dns
