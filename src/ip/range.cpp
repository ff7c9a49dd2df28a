#include "ip/range.h"

#include "base/strings.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::ip {

Result<Range> Range::create(Address first, Address last) {
  if (first.family() != last.family()) return Error(ErrorCode::InvalidArgument, "a range has addresses of one family: both IPv4 or both IPv6");
  if (last < first) {
    return Error(ErrorCode::InvalidArgument, fmt::format("the range starts at {} after it ends at {}", first.to_string(), last.to_string()));
  }
  return Range(first, last);
}

Result<Range> Range::parse(std::string_view text) {
  if (text.find('/') != std::string_view::npos) return Range(IPAM_TRY(Prefix::parse(trim(text))));
  const auto dash = text.find('-');
  const Address first = IPAM_TRY(Address::parse(trim(text.substr(0, dash))));
  if (dash == std::string_view::npos) return Range(first, first);
  const Address last = IPAM_TRY(Address::parse(trim(text.substr(dash + 1))));
  return create(first, last);
}

U128 Range::size() const {
  const U128 span = last_.number() - first_.number();
  return span == kMaxU128 ? span : span + 1;
}

std::string Range::to_string() const { return fmt::format("{}-{}", first_.to_string(), last_.to_string()); }

std::optional<Range> Range::intersection(const Range& other) const {
  if (!overlaps(other)) return std::nullopt;
  return Range(std::max(first_, other.first_), std::min(last_, other.last_));
}

}  // namespace ipam::ip
