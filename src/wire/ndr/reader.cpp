#include "wire/ndr/reader.h"

#include <fmt/format.h>

namespace ipam::wire::ndr {

std::string Reader::path() const {
  std::string text;
  for (const PathStep& step : path_) {
    if (step.name == nullptr) {
      text += fmt::format("[{}]", step.index);
    } else {
      if (!text.empty()) text += '.';
      text += step.name;
    }
  }
  return text;
}

void Reader::fail(std::string_view problem) {
  if (error_) return;
  const std::string where = path();
  error_.emplace(ErrorCode::Malformed, fmt::format("{}{}octet {}: {}", where, where.empty() ? "" : ", ", at_, problem));
}

Result<void> Reader::check() const {
  if (error_) return *error_;
  return {};
}

void Reader::align(std::size_t to) {
  const std::size_t gap = (to - at_ % to) % to;
  if (gap <= remaining()) {
    at_ += gap;
  } else {
    at_ = bytes_.size();
  }
}

ByteView Reader::octets(std::size_t count) {
  if (!ok()) return {};
  if (count > remaining()) {
    fail(fmt::format("{} octets are needed, {} are left", count, remaining()));
    return {};
  }
  const ByteView view = bytes_.subspan(at_, count);
  at_ += count;
  return view;
}

template <class T>
T Reader::number() {
  align(sizeof(T));
  const ByteView view = octets(sizeof(T));
  T value = 0;
  for (std::size_t i = view.size(); i > 0; --i) value = static_cast<T>(static_cast<std::uint64_t>(value) << 8 | view[i - 1]);
  return value;
}

std::uint8_t Reader::u8() { return number<std::uint8_t>(); }
std::uint16_t Reader::u16() { return number<std::uint16_t>(); }
std::uint32_t Reader::u32() { return number<std::uint32_t>(); }
std::uint64_t Reader::u64() { return number<std::uint64_t>(); }

bool Reader::admit(std::size_t count, std::size_t least_size) {
  if (!ok()) return false;
  if (count > remaining() / (least_size == 0 ? 1 : least_size)) {
    fail(fmt::format("{} elements have no room in the {} octets that are left", count, remaining()));
    return false;
  }
  if (count > limits_.elements - elements_) {
    fail(fmt::format("there are more than {} elements", limits_.elements));
    return false;
  }
  elements_ += count;
  return true;
}

std::optional<std::uint32_t> Reader::take_announced(const void* of) {
  const auto found = announced_.find(of);
  if (found == announced_.end()) return std::nullopt;
  const std::uint32_t value = found->second;
  announced_.erase(found);
  return value;
}

}  // namespace ipam::wire::ndr
