// The operations of MS-DHCPM that read IPv4 scopes and leases (MS-DHCPM sections 3.1.4 and 3.2.4), as parameters of DCE/RPC. Each answer ends with a
// Win32 error code. Lists come in parts: the resume handle of an answer goes into the next question while the result is kMoreData. Thread rule: plain
// values and pure functions.
#pragma once

#include "wire/dcerpc/bind.h"
#include "wire/dhcpm/structures.h"

namespace ipam::wire::dhcpm {

inline constexpr dcerpc::SyntaxId kDhcpServer{{0x6bffd098, 0xa112, 0x3610, {0x98, 0x33, 0x46, 0xc3, 0xf8, 0x74, 0x53, 0x2d}}, 1, 0};
inline constexpr dcerpc::SyntaxId kDhcpServer2{{0x5b821720, 0xf63b, 0x11d0, {0xaa, 0xd2, 0x00, 0xc0, 0x4f, 0xc3, 0x24, 0xdb}}, 1, 0};
// Of kDhcpServer.
enum class Operation : std::uint16_t { GetSubnetInfo = 2, EnumSubnets = 3, GetVersion = 28 };
// Of kDhcpServer2.
enum class Operation2 : std::uint16_t { EnumSubnetClientsV5 = 0, EnumSubnetElementsV5 = 38, GetMibInfoV5 = 81 };

// Results that a caller asks for by name.
inline constexpr std::uint32_t kMoreData = 234;
inline constexpr std::uint32_t kNoMoreItems = 259;
inline constexpr std::uint32_t kSubnetNotPresent = 20005;
// What a result that is not zero means, as an error that says what would mend it.
Error result_error(std::uint32_t result);

// R_DhcpGetVersion and R_DhcpGetMibInfoV5: no parameters but the server, which ignores its own name.
struct ServerRequest {
  std::optional<std::string> server;

  bool operator==(const ServerRequest&) const = default;
};
constexpr auto layout(const ServerRequest*) {
  using namespace ndr;
  return parameters(field("ServerIpAddress", &ServerRequest::server, unique(wide_text)));
}

struct VersionResponse {
  std::uint32_t major = 0;
  std::uint32_t minor = 0;
  std::uint32_t result = 0;

  bool operator==(const VersionResponse&) const = default;
};
constexpr auto layout(const VersionResponse*) {
  using namespace ndr;
  return parameters(field("MajorVersion", &VersionResponse::major, u32), field("MinorVersion", &VersionResponse::minor, u32),
                    field("result", &VersionResponse::result, u32));
}

struct CountersResponse {
  std::optional<Counters> counters;
  std::uint32_t result = 0;

  bool operator==(const CountersResponse&) const = default;
};
constexpr auto layout(const CountersResponse*) {
  using namespace ndr;
  return parameters(field("MibInfo", &CountersResponse::counters, unique(described)), field("result", &CountersResponse::result, u32));
}

// R_DhcpEnumSubnets.
struct EnumSubnetsRequest {
  std::optional<std::string> server;
  std::uint32_t resume = 0;
  std::uint32_t preferred_maximum = 0xFFFFFFFF;  // octets

  bool operator==(const EnumSubnetsRequest&) const = default;
};
constexpr auto layout(const EnumSubnetsRequest*) {
  using namespace ndr;
  using R = EnumSubnetsRequest;
  return parameters(field("ServerIpAddress", &R::server, unique(wide_text)), field("ResumeHandle", &R::resume, u32),
                    field("PreferredMaximum", &R::preferred_maximum, u32));
}

// Answers of lists: handle, list, how many were read and how many there were in all from the handle on.
template <class List>
struct ListResponse {
  std::uint32_t resume = 0;
  std::optional<List> list;
  std::uint32_t read = 0;
  std::uint32_t total = 0;
  std::uint32_t result = 0;

  bool operator==(const ListResponse&) const = default;
};
template <class List>
constexpr auto layout(const ListResponse<List>*) {
  using namespace ndr;
  using R = ListResponse<List>;
  return parameters(field("ResumeHandle", &R::resume, u32), field("EnumInfo", &R::list, unique(described)), field("ElementsRead", &R::read, u32),
                    field("ElementsTotal", &R::total, u32), field("result", &R::result, u32));
}
using EnumSubnetsResponse = ListResponse<AddressArray>;
using EnumElementsResponse = ListResponse<ElementArray>;
using EnumClientsResponse = ListResponse<ClientArray>;

// R_DhcpGetSubnetInfo.
struct SubnetRequest {
  std::optional<std::string> server;
  std::uint32_t subnet = 0;

  bool operator==(const SubnetRequest&) const = default;
};
constexpr auto layout(const SubnetRequest*) {
  using namespace ndr;
  return parameters(field("ServerIpAddress", &SubnetRequest::server, unique(wide_text)), field("SubnetAddress", &SubnetRequest::subnet, u32));
}

struct SubnetResponse {
  std::optional<SubnetInfo> info;
  std::uint32_t result = 0;

  bool operator==(const SubnetResponse&) const = default;
};
constexpr auto layout(const SubnetResponse*) {
  using namespace ndr;
  return parameters(field("SubnetInfo", &SubnetResponse::info, unique(described)), field("result", &SubnetResponse::result, u32));
}

// R_DhcpEnumSubnetElementsV5.
struct EnumElementsRequest {
  std::optional<std::string> server;
  std::uint32_t subnet = 0;
  ElementType type = ElementType::Ranges;
  std::uint32_t resume = 0;
  std::uint32_t preferred_maximum = 0xFFFFFFFF;

  bool operator==(const EnumElementsRequest&) const = default;
};
constexpr auto layout(const EnumElementsRequest*) {
  using namespace ndr;
  using R = EnumElementsRequest;
  return parameters(field("ServerIpAddress", &R::server, unique(wide_text)), field("SubnetAddress", &R::subnet, u32),
                    field("EnumElementType", &R::type, enum16), field("ResumeHandle", &R::resume, u32),
                    field("PreferredMaximum", &R::preferred_maximum, u32));
}

// R_DhcpEnumSubnetClientsV5. Subnet 0 is all of them.
struct EnumClientsRequest {
  std::optional<std::string> server;
  std::uint32_t subnet = 0;
  std::uint32_t resume = 0;
  std::uint32_t preferred_maximum = 65'536;

  bool operator==(const EnumClientsRequest&) const = default;
};
constexpr auto layout(const EnumClientsRequest*) {
  using namespace ndr;
  using R = EnumClientsRequest;
  return parameters(field("ServerIpAddress", &R::server, unique(wide_text)), field("SubnetAddress", &R::subnet, u32),
                    field("ResumeHandle", &R::resume, u32), field("PreferredMaximum", &R::preferred_maximum, u32));
}

}  // namespace ipam::wire::dhcpm
