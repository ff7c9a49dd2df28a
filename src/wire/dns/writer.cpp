#include "wire/dns/writer.h"

namespace ipam::wire::dns {
namespace {

constexpr std::size_t kLastOffset = 0x3FFF;

}  // namespace

void Writer::u16(std::uint16_t value) {
  bytes_.push_back(static_cast<std::uint8_t>(value >> 8));
  bytes_.push_back(static_cast<std::uint8_t>(value));
}

void Writer::u32(std::uint32_t value) {
  u16(static_cast<std::uint16_t>(value >> 16));
  u16(static_cast<std::uint16_t>(value));
}

void Writer::u48(std::uint64_t value) {
  u16(static_cast<std::uint16_t>(value >> 32));
  u32(static_cast<std::uint32_t>(value));
}

// A pointer stands for the same name in the same case only: servers and signatures see names as they were written.
void Writer::compressed(const Name& name) {
  Name rest = name;
  while (!rest.is_root()) {
    const auto known = offsets_.find(rest);
    if (known != offsets_.end() && as_text(known->first.wire()) == as_text(rest.wire())) {
      return u16(static_cast<std::uint16_t>(0xC000U | known->second));
    }
    if (bytes_.size() <= kLastOffset) offsets_.emplace(rest, static_cast<std::uint16_t>(bytes_.size()));
    bytes(rest.wire().first(rest.wire()[0] + 1U));
    rest = rest.parent();
  }
  u8(0);
}

void Writer::set_u16(std::size_t at, std::uint16_t value) {
  bytes_.at(at) = static_cast<std::uint8_t>(value >> 8);
  bytes_.at(at + 1) = static_cast<std::uint8_t>(value);
}

void Writer::cut(std::size_t size) {
  bytes_.resize(size);
  std::erase_if(offsets_, [&](const auto& entry) { return entry.second >= size; });
}

}  // namespace ipam::wire::dns
