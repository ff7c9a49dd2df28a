// The endpoint mapper's question which port serves an interface (C706 appendices I, L and O; MS-RPCE section 2.2.1.2): operation 3, ept_map, of the
// interface kEndpointMapper at port 135. Thread rule: plain values and pure functions.
#pragma once

#include "wire/dcerpc/bind.h"

namespace ipam::wire::dcerpc {

inline constexpr SyntaxId kEndpointMapper{{0xe1af8308, 0x5d1f, 0x11c9, {0x91, 0xa4, 0x08, 0x00, 0x2b, 0x14, 0xa0, 0xfa}}, 3, 0};
inline constexpr std::uint16_t kEndpointMapperPort = 135;
inline constexpr std::uint16_t kMapOperation = 3;

// A protocol tower: floors, each with two octet strings, which say of a binding the interface, the transfer syntax and the protocols below.
struct Tower {
  Bytes octets;

  bool operator==(const Tower&) const = default;
};
constexpr auto layout(const Tower*) {
  using namespace ndr;
  return structure(count_of("tower_length", &Tower::octets, u32), field("tower_octet_string", &Tower::octets, conformant(u8)));
}

struct MapRequest {
  std::shared_ptr<ndr::Uuid> object;
  std::shared_ptr<Tower> tower;
  ndr::ContextHandle handle;
  std::uint32_t most_towers = 4;
};
constexpr auto layout(const MapRequest*) {
  using namespace ndr;
  return parameters(field("object", &MapRequest::object, full(uuid)), field("map_tower", &MapRequest::tower, full(described)),
                    field("entry_handle", &MapRequest::handle, context_handle), field("max_towers", &MapRequest::most_towers, u32));
}

struct MapResponse {
  ndr::ContextHandle handle;
  std::vector<std::shared_ptr<Tower>> towers;
  std::uint32_t status = 0;
};
constexpr auto layout(const MapResponse*) {
  using namespace ndr;
  return parameters(field("entry_handle", &MapResponse::handle, context_handle), count_of("num_towers", &MapResponse::towers, u32),
                    field("towers", &MapResponse::towers, conformant_varying(full(described))), field("status", &MapResponse::status, u32));
}

// The question where an interface is served over TCP with NDR.
MapRequest map_request(const SyntaxId& interface_id);
// The TCP port in a tower of this interface over connection-oriented RPC; nothing for every other tower. Errors: Malformed.
Result<std::optional<std::uint16_t>> tcp_port(const Tower& tower, const SyntaxId& interface_id);
Tower tcp_tower(const SyntaxId& interface_id, std::uint16_t port);
// The first port that the answer tells. Errors: Unavailable (nobody serves the interface now), Malformed.
Result<std::uint16_t> mapped_port(const MapResponse& response, const SyntaxId& interface_id);

}  // namespace ipam::wire::dcerpc
