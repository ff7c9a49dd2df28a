// Reader: takes a DNS message apart, octet by octet, without ever leaving it.
//
// The first thing that is wrong is remembered, and everything read after it is zero: the caller checks `ok` once at the end of a record. A
// compression pointer (RFC 1035 section 4.1.4) must point before the name that it is in, and each further one before the one it was found at, so that
// there are no loops; a name decompresses to at most 255 octets. Thread rule: one thread; the message must outlive it.
#pragma once

#include "wire/dns/name.h"

namespace ipam::wire::dns {

class Reader {
 public:
  explicit Reader(ByteView message, std::size_t at = 0) : message_(message), at_(at), end_(message.size()) {}

  std::uint8_t u8();
  std::uint16_t u16();
  std::uint32_t u32();
  std::uint64_t u48();
  ByteView bytes(std::size_t count);
  // Into `name`, whose memory is used again.
  void name(Name& name);
  Name name();
  void skip_name();
  void skip(std::size_t count) { bytes(count); }

  // Whether pointers may stand in names from here on; without them a name must be in full.
  void allow_compression(bool allowed) { compression_ = allowed; }
  // Nothing is read at or behind this place until it is set again; at most the end of the message.
  void set_end(std::size_t end) { end_ = end < message_.size() ? end : message_.size(); }

  std::size_t at() const { return at_; }
  std::size_t end() const { return end_; }
  std::size_t remaining() const { return end_ - at_; }
  bool ok() const { return problem_.empty(); }
  // Marks the message as wrong for a reason that is the caller's; the first one counts.
  void fail(std::string_view problem);
  // What is wrong, as the end of "the message is malformed: …". Errors: Malformed.
  Result<void> check() const;

 private:
  bool has(std::size_t count);

  ByteView message_;
  std::size_t at_;
  std::size_t end_;
  bool compression_ = true;
  std::string_view problem_;  // always a literal
};

}  // namespace ipam::wire::dns
