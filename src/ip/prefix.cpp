#include "ip/prefix.h"

#include "base/strings.h"

#include <fmt/format.h>

namespace ipam::ip {

U128 host_mask(Family family, int length) {
  const int host_bits = bit_count(family) - length;
  return host_bits == 128 ? kMaxU128 : (static_cast<U128>(1) << host_bits) - 1;
}

Result<Prefix> Prefix::parse(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) {
    return Error(ErrorCode::InvalidArgument, fmt::format("'{}' is not a prefix; write the length too, as in 10.1.0.0/16", shorten(text, 60)));
  }
  const Address network = IPAM_TRY(Address::parse(text.substr(0, slash)));
  const auto length = parse_integer<int>(text.substr(slash + 1));
  if (!length || (text.size() > slash + 2 && text[slash + 1] == '0')) {
    return Error(ErrorCode::InvalidArgument, fmt::format("'{}' has no valid prefix length", shorten(text, 60)));
  }
  return create(network, *length);
}

Result<Prefix> Prefix::create(Address network, int length) {
  const int bits = bit_count(network.family());
  if (length < 0 || length > bits) {
    return Error(ErrorCode::InvalidArgument, fmt::format("prefix length {} is not within 0 and {}", length, bits));
  }
  const Prefix aligned = containing(network, length);
  if (aligned.network_ != network) {
    return Error(ErrorCode::InvalidArgument,
                 fmt::format("{}/{} has host bits set; the prefix that holds it is {}", network.to_string(), length, aligned.to_string()));
  }
  return aligned;
}

Prefix Prefix::containing(Address address, int length) {
  return {Address(address.family(), address.number() & ~host_mask(address.family(), length)), length};
}

Address Prefix::last() const { return {family(), network_.number() | host_mask(family(), length_)}; }

U128 Prefix::size() const {
  const U128 hosts = host_mask(family(), length_);
  return hosts == kMaxU128 ? kMaxU128 : hosts + 1;
}

std::string Prefix::to_string() const { return fmt::format("{}/{}", network_.to_string(), length_); }

bool Prefix::contains(Address address) const {
  return address.family() == family() && ((address.number() ^ network_.number()) & ~host_mask(family(), length_) & last_number(family())) == 0;
}

bool Prefix::contains(const Prefix& other) const { return other.length_ >= length_ && contains(other.network_); }

Bytes Prefix::key() const {
  Bytes key = network_.key();
  key.push_back(static_cast<std::uint8_t>(length_));
  return key;
}

Result<Prefix> Prefix::from_key(ByteView key) {
  if (key.empty()) return Error(ErrorCode::Malformed, "not a prefix key");
  const Address network = IPAM_TRY(Address::from_key(key.first(key.size() - 1)));
  return create(network, key.back());
}

}  // namespace ipam::ip
