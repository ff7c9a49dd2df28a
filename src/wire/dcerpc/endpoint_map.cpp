#include "wire/dcerpc/endpoint_map.h"

#include <fmt/format.h>

namespace ipam::wire::dcerpc {
namespace {

// Protocol identifiers, C706 appendix I.
constexpr std::uint8_t kUuidFloor = 0x0D;
constexpr std::uint8_t kConnectionOrientedFloor = 0x0B;
constexpr std::uint8_t kTcpFloor = 0x07;
constexpr std::uint8_t kIpFloor = 0x09;
// The status "not registered" of Windows and of C706 appendix E.
constexpr std::uint32_t kNotRegistered = 0x16C9A0D6;

// Numbers in a tower are little-endian and not aligned; the port alone is in the byte order of the network.
class FloorWriter {
 public:
  explicit FloorWriter(std::uint16_t floors) { number(floors); }
  void add(ByteView left, ByteView right) {
    number(static_cast<std::uint16_t>(left.size()));
    append(left);
    number(static_cast<std::uint16_t>(right.size()));
    append(right);
  }
  void add_syntax(const SyntaxId& id) {
    ndr::Writer writer;
    ndr::UuidKind::body(writer, id.uuid);
    writer.u16(id.version);
    const Bytes uuid_and_version = std::move(writer).take();
    Bytes left{kUuidFloor};
    left.insert(left.end(), uuid_and_version.begin(), uuid_and_version.end());
    const std::uint8_t minor[] = {static_cast<std::uint8_t>(id.minor_version), static_cast<std::uint8_t>(id.minor_version >> 8)};
    add(left, minor);
  }
  void add_protocol(std::uint8_t protocol, ByteView right) { add(ByteView(&protocol, 1), right); }
  Bytes take() && { return std::move(bytes_); }

 private:
  void number(std::uint16_t value) {
    bytes_.push_back(static_cast<std::uint8_t>(value));
    bytes_.push_back(static_cast<std::uint8_t>(value >> 8));
  }
  void append(ByteView bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }

  Bytes bytes_;
};

struct Floor {
  ByteView left;
  ByteView right;

  std::uint8_t protocol() const { return left.empty() ? 0 : left[0]; }
};

class FloorReader {
 public:
  explicit FloorReader(ByteView bytes) : bytes_(bytes) {}
  Result<std::uint16_t> number() {
    const ByteView two = IPAM_TRY(take(2));
    return static_cast<std::uint16_t>(two[0] | two[1] << 8);
  }
  Result<Floor> floor() {
    Floor floor;
    floor.left = IPAM_TRY(take(IPAM_TRY(number())));
    floor.right = IPAM_TRY(take(IPAM_TRY(number())));
    return floor;
  }

 private:
  Result<ByteView> take(std::size_t count) {
    if (count > bytes_.size()) return Error(ErrorCode::Malformed, "a tower of the endpoint mapper is shorter than its floors");
    const ByteView view = bytes_.first(count);
    bytes_ = bytes_.subspan(count);
    return view;
  }

  ByteView bytes_;
};

}  // namespace

Tower tcp_tower(const SyntaxId& interface_id, std::uint16_t port) {
  FloorWriter writer(5);
  writer.add_syntax(interface_id);
  writer.add_syntax(kNdr);
  const std::uint8_t minor[] = {0, 0};
  const std::uint8_t port_octets[] = {static_cast<std::uint8_t>(port >> 8), static_cast<std::uint8_t>(port)};
  const std::uint8_t any_address[] = {0, 0, 0, 0};
  writer.add_protocol(kConnectionOrientedFloor, minor);
  writer.add_protocol(kTcpFloor, port_octets);
  writer.add_protocol(kIpFloor, any_address);
  return {std::move(writer).take()};
}

MapRequest map_request(const SyntaxId& interface_id) {
  MapRequest request;
  request.object = std::make_shared<ndr::Uuid>();
  request.tower = std::make_shared<Tower>(tcp_tower(interface_id, 0));
  return request;
}

Result<std::optional<std::uint16_t>> tcp_port(const Tower& tower, const SyntaxId& interface_id) {
  constexpr std::uint16_t kFloors = 4;  // interface, syntax, protocol, port; the address behind them is known already
  FloorReader reader(tower.octets);
  const std::uint16_t floors = IPAM_TRY(reader.number());
  std::vector<Floor> found;
  for (std::uint16_t i = 0; i < std::min(floors, kFloors); ++i) found.push_back(IPAM_TRY(reader.floor()));
  const Tower wanted = tcp_tower(interface_id, 0);
  FloorReader wanted_reader(wanted.octets);
  (void)wanted_reader.number();
  const Floor wanted_interface = IPAM_TRY(wanted_reader.floor());
  if (found.size() < kFloors || as_text(found[0].left) != as_text(wanted_interface.left) || found[2].protocol() != kConnectionOrientedFloor ||
      found[3].protocol() != kTcpFloor || found[3].right.size() != 2) {
    return std::optional<std::uint16_t>();
  }
  return std::optional<std::uint16_t>(static_cast<std::uint16_t>(found[3].right[0] << 8 | found[3].right[1]));
}

Result<std::uint16_t> mapped_port(const MapResponse& response, const SyntaxId& interface_id) {
  for (const auto& tower : response.towers) {
    if (!tower) continue;
    const auto port = IPAM_TRY(tcp_port(*tower, interface_id));
    if (port && *port != 0) return *port;
  }
  if (response.status == 0 || response.status == kNotRegistered) {
    return Error(ErrorCode::Unavailable, "the endpoint mapper knows no TCP port for the service; is it installed and running, with RPC over TCP?");
  }
  return Error(ErrorCode::Unavailable, fmt::format("the endpoint mapper could not answer (status 0x{:08x})", response.status));
}

}  // namespace ipam::wire::dcerpc
