// Endpoint: a numeric address and a port, as text for people: "10.0.0.1:8000", "[2001:db8::1]:8000". Thread rule: a plain value.
#pragma once

#include <cstdint>
#include <string>

namespace ipam::io {

struct Endpoint {
  std::string address;
  std::uint16_t port = 0;

  std::string to_string() const;
  bool operator==(const Endpoint&) const = default;
};

// "host:port", with brackets around an IPv6 address: how messages name a peer.
std::string host_and_port(const std::string& host, std::uint16_t port);

}  // namespace ipam::io
