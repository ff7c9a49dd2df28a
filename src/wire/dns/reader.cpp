#include "wire/dns/reader.h"

#include <fmt/format.h>

namespace ipam::wire::dns {

void Reader::fail(std::string_view problem) {
  if (problem_.empty()) problem_ = problem;
}

Result<void> Reader::check() const {
  if (ok()) return {};
  return Error(ErrorCode::Malformed, fmt::format("a DNS message is malformed near octet {}: {}", at_, problem_));
}

bool Reader::has(std::size_t count) {
  if (ok() && at_ <= end_ && end_ - at_ >= count) return true;
  fail("it ends in the middle of a field, or a length goes past its end");
  return false;
}

std::uint8_t Reader::u8() { return has(1) ? message_[at_++] : std::uint8_t{0}; }

std::uint16_t Reader::u16() {
  if (!has(2)) return 0;
  const auto value = static_cast<std::uint16_t>(message_[at_] << 8 | message_[at_ + 1]);
  at_ += 2;
  return value;
}

std::uint32_t Reader::u32() {
  const std::uint32_t high = u16();
  return high << 16 | u16();
}

std::uint64_t Reader::u48() {
  const std::uint64_t high = u16();
  return high << 32 | u32();
}

ByteView Reader::bytes(std::size_t count) {
  if (!has(count)) return {};
  const ByteView view = message_.subspan(at_, count);
  at_ += count;
  return view;
}

void Reader::name(Name& name) {
  std::string& wire = name.wire_;
  wire.clear();
  std::size_t at = at_;
  std::size_t limit = end_;    // a name in full ends before this
  std::size_t before = at_;    // a pointer points before this
  std::size_t after_name = 0;  // where reading goes on; set by the first pointer
  while (ok()) {
    if (at >= limit) {
      fail("a name goes past its end");
      break;
    }
    const std::uint8_t length = message_[at];
    if (length >= 0xC0) {
      if (at + 1 >= limit) {
        fail("a compression pointer is cut off");
        break;
      }
      const std::size_t target = (length & 0x3FU) << 8U | message_[at + 1];
      if (after_name == 0) after_name = at + 2;
      if (!compression_) {
        fail("a name is compressed where it may not be");
      } else if (target >= before) {
        fail("a compression pointer does not point backward: a loop");
      } else if (target < 12) {
        fail("a compression pointer points into the header");
      }
      if (!ok()) break;
      before = target;
      at = target;
      limit = message_.size();
      continue;
    }
    if (length > Name::kMaxLabelSize) {
      fail("a label has a type that does not exist");
    } else if (at + 1 + length > limit) {
      fail("a label goes past the end");
    } else if (wire.size() + 1 + length + (length == 0 ? 0U : 1U) > Name::kMaxWireSize) {
      fail("a name is longer than 255 octets");
    }
    if (!ok()) break;
    wire.append(reinterpret_cast<const char*>(message_.data()) + at, 1U + length);
    at += 1U + length;
    if (length == 0) {
      at_ = after_name == 0 ? at : after_name;
      return;
    }
  }
  wire.assign(1, '\0');
}

Name Reader::name() {
  Name read;
  name(read);
  return read;
}

// Its pointers are not followed: whoever reads the name finds out.
void Reader::skip_name() {
  while (true) {
    const std::uint8_t length = u8();
    if (!ok() || length == 0) return;
    if (length >= 0xC0) return skip(1);
    if (length > Name::kMaxLabelSize) return fail("a label has a type that does not exist");
    skip(length);
  }
}

}  // namespace ipam::wire::dns
