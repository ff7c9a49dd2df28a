// HardwareAddress: a link-layer address of 1 to 20 octets (RFC 2131 section 2: chaddr has 16; InfiniBand has 20), mostly a 48-bit MAC.
// ClientId: an opaque DHCP identifier: client identifier option (RFC 2132 section 9.14) or DUID (RFC 8415 section 11), 1 to 255 octets.
// Both read pairs of hexadecimal digits, plain or separated by ':' or '-' (a MAC also as Cisco's aabb.ccdd.eeff), and print lower case with ':'.
// Thread rule: plain values.
#pragma once

#include "base/bytes.h"
#include "base/result.h"

#include <compare>
#include <string>
#include <string_view>

namespace ipam::ip {

class HardwareAddress {
 public:
  static constexpr std::size_t kMaxSize = 20;

  HardwareAddress() = default;
  // Errors: InvalidArgument.
  static Result<HardwareAddress> parse(std::string_view text);
  static Result<HardwareAddress> from_bytes(ByteView bytes);

  ByteView bytes() const { return bytes_; }
  bool empty() const { return bytes_.empty(); }
  std::string to_string() const { return to_hex(bytes_, ':'); }
  auto operator<=>(const HardwareAddress&) const = default;

 private:
  explicit HardwareAddress(Bytes bytes) : bytes_(std::move(bytes)) {}
  Bytes bytes_;
};

class ClientId {
 public:
  static constexpr std::size_t kMaxSize = 255;

  ClientId() = default;
  // Errors: InvalidArgument.
  static Result<ClientId> parse(std::string_view text);
  static Result<ClientId> from_bytes(ByteView bytes);

  ByteView bytes() const { return bytes_; }
  bool empty() const { return bytes_.empty(); }
  std::string to_string() const { return to_hex(bytes_, ':'); }
  auto operator<=>(const ClientId&) const = default;

 private:
  explicit ClientId(Bytes bytes) : bytes_(std::move(bytes)) {}
  Bytes bytes_;
};

}  // namespace ipam::ip
