#include "wire/ndr/writer.h"

namespace ipam::wire::ndr {
namespace {

// Any number but zero will do. These are the ones that people know from traces of Windows.
constexpr std::uint32_t kFirstReferent = 0x00020000;

}  // namespace

void Writer::align(std::size_t to) { bytes_.resize((bytes_.size() + to - 1) / to * to); }

void Writer::number(std::uint64_t value, std::size_t size) {
  align(size);
  for (std::size_t i = 0; i < size; ++i) bytes_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

std::uint32_t Writer::new_referent_id() { return kFirstReferent + 4 * referents_++; }

std::uint32_t Writer::shared_id(const void* object, const void* pointer) {
  const auto [found, is_new] = shared_.try_emplace(object, 0);
  if (is_new) {
    found->second = new_referent_id();
    expected_.insert(pointer);
  }
  return found->second;
}

}  // namespace ipam::wire::ndr
