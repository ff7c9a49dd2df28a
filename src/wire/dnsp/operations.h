// The operations of MS-DNSP that read: what a server tells of itself and its zones, and records (MS-DNSP sections 3.1.4.7 to 3.1.4.9), as parameters
// of DCE/RPC. Thread rule: plain values and pure functions.
#pragma once

#include "wire/dcerpc/bind.h"
#include "wire/dnsp/structures.h"

namespace ipam::wire::dnsp {

inline constexpr dcerpc::SyntaxId kDnsServer{{0x50abc2a4, 0x574d, 0x40b3, {0x9d, 0x66, 0xee, 0x4f, 0xd5, 0xfb, 0xa0, 0x76}}, 5, 0};
inline constexpr std::uint32_t kClientVersion = 0x00070000;  // section 2.2.1.2.1
enum class Operation : std::uint16_t { Query2 = 6, ComplexOperation2 = 7, EnumRecords2 = 8 };

// DNSSRV_RPC_UNION (section 2.2.1.2.6) with the arms that are read here, by DNS_RPC_TYPEID (section 2.2.1.1.1).
using Data = std::variant<std::optional<std::uint8_t>, std::uint32_t, std::optional<ZoneList>, std::optional<ServerInfo>, std::optional<ZoneInfo>>;
inline constexpr auto kData =
    ndr::union_of(ndr::u32, ndr::arm<0>(ndr::unique(ndr::u8)), ndr::arm<1>(ndr::u32), ndr::arm<27>(ndr::unique(ndr::described)),
                  ndr::arm<35>(ndr::unique(ndr::described)), ndr::arm<36>(ndr::unique(ndr::described)));

// R_DnssrvQuery2: "ServerInfo" of the server, "ZoneInfo" of a zone.
struct Query2Request {
  std::uint32_t client_version = kClientVersion;
  std::optional<std::string> server;
  std::optional<std::string> zone;
  std::optional<std::string> operation;

  bool operator==(const Query2Request&) const = default;
};
constexpr auto layout(const Query2Request*) {
  using namespace ndr;
  using R = Query2Request;
  return parameters(field("dwClientVersion", &R::client_version, u32), reserved("dwSettingFlags", u32),
                    field("pwszServerName", &R::server, unique(wide_text)), field("pszZone", &R::zone, unique(text)),
                    field("pszOperation", &R::operation, unique(text)));
}

// Of Query2 and ComplexOperation2 alike. `result` is a Win32 error code (section 2.2.1.1.5).
struct DataResponse {
  Data data;
  std::uint32_t result = 0;

  bool operator==(const DataResponse&) const = default;
};
constexpr auto layout(const DataResponse*) {
  using namespace ndr;
  return parameters(arm_of("pdwTypeId", &DataResponse::data, u32, kData), field("ppData", &DataResponse::data, kData),
                    field("result", &DataResponse::result, u32));
}

// R_DnssrvComplexOperation2: "EnumZones" with a filter.
struct ComplexOperation2Request {
  std::uint32_t client_version = kClientVersion;
  std::optional<std::string> server;
  std::optional<std::string> zone;
  std::optional<std::string> operation;
  Data data;

  bool operator==(const ComplexOperation2Request&) const = default;
};
constexpr auto layout(const ComplexOperation2Request*) {
  using namespace ndr;
  using R = ComplexOperation2Request;
  return parameters(field("dwClientVersion", &R::client_version, u32), reserved("dwSettingFlags", u32),
                    field("pwszServerName", &R::server, unique(wide_text)), field("pszZone", &R::zone, unique(text)),
                    field("pszOperation", &R::operation, unique(text)), arm_of("dwTypeIn", &R::data, u32, kData), field("pDataIn", &R::data, kData));
}

// ZONE_REQUEST_FILTERS (section 2.2.5.1.4). Windows lists every zone for kAllZones. Samba 4.17 lists none for it, because no zone of its own is in a
// custom or legacy partition; kAllZonesOfSamba leaves these two out.
inline constexpr std::uint32_t kAllZones = 0x3FFF;
inline constexpr std::uint32_t kAllZonesOfSamba = 0x0FFF;

// R_DnssrvEnumRecords2: the records of a node and of its children, one level deep.
struct EnumRecords2Request {
  // "@" is the zone itself. Samba 4.17 dies of a question without a node.
  std::uint32_t client_version = kClientVersion;
  std::optional<std::string> server;
  std::optional<std::string> zone;
  std::optional<std::string> node = "@";
  std::optional<std::string> start_child;  // where the answer before ended, if it was not the last
  std::uint16_t record_type = 0x00FF;      // all
  std::uint32_t select = 0x00000005;       // authoritative data and glue
  std::optional<std::string> filter_start;
  std::optional<std::string> filter_stop;

  bool operator==(const EnumRecords2Request&) const = default;
};
constexpr auto layout(const EnumRecords2Request*) {
  using namespace ndr;
  using R = EnumRecords2Request;
  return parameters(field("dwClientVersion", &R::client_version, u32), reserved("dwSettingFlags", u32),
                    field("pwszServerName", &R::server, unique(wide_text)), field("pszZone", &R::zone, unique(text)),
                    field("pszNodeName", &R::node, unique(text)), field("pszStartChild", &R::start_child, unique(text)),
                    field("wRecordType", &R::record_type, u16), field("fSelectFlag", &R::select, u32),
                    field("pszFilterStart", &R::filter_start, unique(text)), field("pszFilterStop", &R::filter_stop, unique(text)));
}

struct EnumRecords2Response {
  Bytes buffer;  // for read_nodes
  std::uint32_t result = 0;

  bool operator==(const EnumRecords2Response&) const = default;
};
constexpr auto layout(const EnumRecords2Response*) {
  using namespace ndr;
  using R = EnumRecords2Response;
  return parameters(count_of("pdwBufferLength", &R::buffer, u32), field("ppBuffer", &R::buffer, unique(conformant(u8))),
                    field("result", &R::result, u32));
}

// Results that a caller asks for by name.
inline constexpr std::uint32_t kMoreData = 234;
inline constexpr std::uint32_t kZoneDoesNotExist = 9601;
inline constexpr std::uint32_t kNameDoesNotExist = 9714;
// What a result that is not zero means, as an error that says what would mend it.
Error result_error(std::uint32_t result);

}  // namespace ipam::wire::dnsp
