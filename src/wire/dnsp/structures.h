// What MS-DNSP tells of a server and of its zones: the structures of client version 7 ("Longhorn"), which every Windows Server since 2008 and Samba
// answer (MS-DNSP sections 2.2.3 to 2.2.5). The names of fields are the protocol's. Thread rule: plain values.
#pragma once

#include "wire/ndr/ndr.h"

namespace ipam::wire::dnsp {

// MS-DNSP section 2.2.3.2.2: a socket address of 32 octets (family, port, address) and 32 octets that tell its length.
struct Address {
  std::array<std::uint8_t, 32> socket_address{};
  std::array<std::uint32_t, 8> user{};

  bool operator==(const Address&) const = default;
};
constexpr auto layout(const Address*) {
  using namespace ndr;
  return structure(field("MaxSa", &Address::socket_address, fixed(u8)), field("DnsAddrUserDword", &Address::user, fixed(u32)));
}

// Section 2.2.3.2.3.
struct AddressArray {
  std::uint32_t maximum = 0;
  std::uint32_t tag = 0;
  std::uint16_t family = 0;
  std::vector<Address> addresses;

  bool operator==(const AddressArray&) const = default;
};
constexpr auto layout(const AddressArray*) {
  using namespace ndr;
  using A = AddressArray;
  return structure(field("MaxCount", &A::maximum, u32), count_of("AddrCount", &A::addresses, u32), field("Tag", &A::tag, u32),
                   field("Family", &A::family, u16), reserved("WordReserved", u16), reserved("Flags", u32), reserved("MatchFlag", u32),
                   reserved("Reserved1", u32), reserved("Reserved2", u32), field("AddrArray", &A::addresses, conformant(described)));
}
// "10.0.0.1", one each; what is no address is left out.
std::vector<std::string> texts_of(const std::optional<AddressArray>& array);

// Section 2.2.5.1.1.
enum class ZoneType : std::uint32_t { Cache = 0, Primary = 1, Secondary = 2, Stub = 3, Forwarder = 4, SecondaryCache = 5 };
// Section 2.2.5.2.2: the bits of Zone::flags.
enum ZoneFlag : std::uint32_t {
  kPaused = 0x01,
  kShutdown = 0x02,
  kReverse = 0x04,
  kAutoCreated = 0x08,
  kDirectoryIntegrated = 0x10,
  kReadOnly = 0x100
};

// DNS_RPC_ZONE_DOTNET, section 2.2.5.2.1.2.
struct Zone {
  std::uint32_t structure_version = 1;
  std::optional<std::string> name;
  std::uint32_t flags = 0;
  std::uint8_t type = 0;  // ZoneType
  std::uint8_t version = 0;
  std::uint32_t partition_flags = 0;
  std::optional<std::string> partition;

  bool operator==(const Zone&) const = default;
};
constexpr auto layout(const Zone*) {
  using namespace ndr;
  return structure(field("dwRpcStructureVersion", &Zone::structure_version, u32), reserved("dwReserved0", u32),
                   field("pszZoneName", &Zone::name, unique(wide_text)), field("Flags", &Zone::flags, u32), field("ZoneType", &Zone::type, u8),
                   field("Version", &Zone::version, u8), field("dwDpFlags", &Zone::partition_flags, u32),
                   field("pszDpFqdn", &Zone::partition, unique(text)));
}

// DNS_RPC_ZONE_LIST_DOTNET, section 2.2.5.2.3.2.
struct ZoneList {
  std::uint32_t structure_version = 1;
  std::vector<std::optional<Zone>> zones;

  bool operator==(const ZoneList&) const = default;
};
constexpr auto layout(const ZoneList*) {
  using namespace ndr;
  return structure(field("dwRpcStructureVersion", &ZoneList::structure_version, u32), reserved("dwReserved0", u32),
                   count_of("dwZoneCount", &ZoneList::zones, u32), field("ZoneArray", &ZoneList::zones, conformant(unique(described))));
}

// DNS_RPC_ZONE_INFO_LONGHORN, section 2.2.5.2.4.3. Times in seconds since 1970, durations in hours where the comment says so.
struct ZoneInfo {
  std::uint32_t structure_version = 2;
  std::optional<std::string> name;
  std::uint32_t type = 0;  // ZoneType
  std::uint32_t reverse = 0;
  std::uint32_t allow_update = 0;  // 0 none, 1 any, 2 secure only
  std::uint32_t paused = 0;
  std::uint32_t shutdown = 0;
  std::uint32_t auto_created = 0;
  std::uint32_t use_database = 0;
  std::optional<std::string> data_file;
  std::optional<AddressArray> masters;
  std::uint32_t secure_secondaries = 0;
  std::uint32_t notify_level = 0;
  std::optional<AddressArray> secondaries;
  std::optional<AddressArray> notify;
  std::uint32_t use_wins = 0;
  std::uint32_t use_nbstat = 0;
  std::uint32_t aging = 0;
  std::uint32_t no_refresh_interval = 0;  // hours
  std::uint32_t refresh_interval = 0;     // hours
  std::uint32_t available_for_scavenging = 0;
  std::optional<AddressArray> scavenge_servers;
  std::uint32_t forwarder_timeout = 0;
  std::uint32_t forwarder_slave = 0;
  std::optional<AddressArray> local_masters;
  std::uint32_t partition_flags = 0;
  std::optional<std::string> partition;
  std::optional<std::string> distinguished_name;
  std::uint32_t last_successful_soa_check = 0;
  std::uint32_t last_successful_transfer = 0;
  std::uint32_t queued_for_background_load = 0;
  std::uint32_t background_load_in_progress = 0;
  std::uint32_t read_only = 0;
  std::uint32_t last_transfer_attempt = 0;
  std::uint32_t last_transfer_result = 0;

  bool operator==(const ZoneInfo&) const = default;
};
constexpr auto layout(const ZoneInfo*) {
  using namespace ndr;
  using Z = ZoneInfo;
  constexpr auto addresses = unique(described);
  return structure(
      field("dwRpcStructureVersion", &Z::structure_version, u32), reserved("dwReserved0", u32), field("pszZoneName", &Z::name, unique(text)),
      field("dwZoneType", &Z::type, u32), field("fReverse", &Z::reverse, u32), field("fAllowUpdate", &Z::allow_update, u32),
      field("fPaused", &Z::paused, u32), field("fShutdown", &Z::shutdown, u32), field("fAutoCreated", &Z::auto_created, u32),
      field("fUseDatabase", &Z::use_database, u32), field("pszDataFile", &Z::data_file, unique(text)), field("aipMasters", &Z::masters, addresses),
      field("fSecureSecondaries", &Z::secure_secondaries, u32), field("fNotifyLevel", &Z::notify_level, u32),
      field("aipSecondaries", &Z::secondaries, addresses), field("aipNotify", &Z::notify, addresses), field("fUseWins", &Z::use_wins, u32),
      field("fUseNbstat", &Z::use_nbstat, u32), field("fAging", &Z::aging, u32), field("dwNoRefreshInterval", &Z::no_refresh_interval, u32),
      field("dwRefreshInterval", &Z::refresh_interval, u32), field("dwAvailForScavengeTime", &Z::available_for_scavenging, u32),
      field("aipScavengeServers", &Z::scavenge_servers, addresses), field("dwForwarderTimeout", &Z::forwarder_timeout, u32),
      field("fForwarderSlave", &Z::forwarder_slave, u32), field("aipLocalMasters", &Z::local_masters, addresses),
      field("dwDpFlags", &Z::partition_flags, u32), field("pszDpFqdn", &Z::partition, unique(text)),
      field("pwszZoneDn", &Z::distinguished_name, unique(wide_text)), field("dwLastSuccessfulSoaCheck", &Z::last_successful_soa_check, u32),
      field("dwLastSuccessfulXfr", &Z::last_successful_transfer, u32), field("fQueuedForBackgroundLoad", &Z::queued_for_background_load, u32),
      field("fBackgroundLoadInProgress", &Z::background_load_in_progress, u32), field("fReadOnlyZone", &Z::read_only, u32),
      field("dwLastXfrAttempt", &Z::last_transfer_attempt, u32), field("dwLastXfrResult", &Z::last_transfer_result, u32));
}

// DNS_RPC_SERVER_INFO_LONGHORN, section 2.2.4.2.2.3.
struct ServerInfo {
  std::uint32_t structure_version = 2;
  std::uint32_t version = 0;  // of the operating system, section 2.2.4.2.1
  std::uint8_t boot_method = 0;
  std::uint8_t admin_configured = 0;
  std::uint8_t allow_update = 0;
  std::uint8_t directory_available = 0;
  std::optional<std::string> server_name;
  std::optional<std::string> directory_container;
  std::optional<AddressArray> server_addresses;
  std::optional<AddressArray> listen_addresses;
  std::optional<AddressArray> forwarders;
  std::optional<AddressArray> log_filter;
  std::optional<std::string> log_file_path;
  std::optional<std::string> domain_name;
  std::optional<std::string> forest_name;
  std::optional<std::string> domain_partition;
  std::optional<std::string> forest_partition;
  std::array<std::optional<std::string>, 6> extensions;
  // Log levels, timeouts, scavenging, versions of the directory, and the rest of the settings, in their order.
  std::array<std::uint32_t, 20> settings{};
  std::uint8_t read_only = 0;
  std::array<std::uint32_t, 3> reserved_settings{};
  std::array<std::uint8_t, 28> switches{};

  bool operator==(const ServerInfo&) const = default;
};
constexpr auto layout(const ServerInfo*) {
  using namespace ndr;
  using S = ServerInfo;
  constexpr auto addresses = unique(described);
  return structure(field("dwRpcStructureVersion", &S::structure_version, u32), reserved("dwReserved0", u32), field("dwVersion", &S::version, u32),
                   field("fBootMethod", &S::boot_method, u8), field("fAdminConfigured", &S::admin_configured, u8),
                   field("fAllowUpdate", &S::allow_update, u8), field("fDsAvailable", &S::directory_available, u8),
                   field("pszServerName", &S::server_name, unique(text)), field("pszDsContainer", &S::directory_container, unique(wide_text)),
                   field("aipServerAddrs", &S::server_addresses, addresses), field("aipListenAddrs", &S::listen_addresses, addresses),
                   field("aipForwarders", &S::forwarders, addresses), field("aipLogFilter", &S::log_filter, addresses),
                   field("pwszLogFilePath", &S::log_file_path, unique(wide_text)), field("pszDomainName", &S::domain_name, unique(text)),
                   field("pszForestName", &S::forest_name, unique(text)), field("pszDomainDirectoryPartition", &S::domain_partition, unique(text)),
                   field("pszForestDirectoryPartition", &S::forest_partition, unique(text)),
                   field("pExtensions", &S::extensions, fixed(unique(text))), field("dwLogLevel…dwDsDsaVersion", &S::settings, fixed(u32)),
                   field("fReadOnlyDC", &S::read_only, u8), field("dwReserveArray", &S::reserved_settings, fixed(u32)),
                   field("fAutoReverseZones…fReserveArray", &S::switches, fixed(u8)));
}
// "10.0.17763"; of a Samba "5.2.3790", which it pretends to be.
std::string version_text(std::uint32_t version);

}  // namespace ipam::wire::dnsp
