#include "wire/dhcp_audit_log/columns.h"

#include "base/strings.h"

namespace ipam::wire::dhcp_audit_log {
namespace {

using enum Field;

struct Name {
  std::string_view text;  // lower case, letters and digits only
  Field field;
};
constexpr std::array<Name, 24> kNames{{
    {"id", Id},
    {"date", Date},
    {"time", Time},
    {"description", Description},
    {"ipaddress", Address},
    {"ipv6address", Address},
    {"hostname", HostName},
    {"macaddress", Client},
    {"duidbyteshex", Client},
    {"username", UserName},
    {"transactionid", TransactionId},
    {"qresult", QuarantineResult},
    {"probationtime", ProbationTime},
    {"correlationid", CorrelationId},
    {"dhcid", Dhcid},
    {"vendorclasshex", VendorClass},
    {"vendorclassascii", VendorClassText},
    {"userclasshex", UserClass},
    {"userclassascii", UserClassText},
    {"relayagentinformation", RelayAgentInformation},
    {"dnsregerror", Error},
    {"errorcode", Error},
    {"duidlength", DuidLength},
    {"subnetprefix", SubnetPrefix},
}};

// The order of a server's own header.
constexpr std::array<Field, 19> kPlaces4{Id,
                                         Date,
                                         Time,
                                         Description,
                                         Address,
                                         HostName,
                                         Client,
                                         UserName,
                                         TransactionId,
                                         QuarantineResult,
                                         ProbationTime,
                                         CorrelationId,
                                         Dhcid,
                                         VendorClass,
                                         VendorClassText,
                                         UserClass,
                                         UserClassText,
                                         RelayAgentInformation,
                                         Error};
constexpr std::array<Field, 12> kPlaces6{Id, Date, Time, Description, Address, HostName, Error, DuidLength, Client, UserName, Dhcid, SubnetPrefix};

std::string plain(std::string_view name) {
  std::string text;
  for (const char c : to_lower(name)) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) text += c;
  }
  return text;
}

// `columns`: what was found by names; it must stand where a server puts it.
std::optional<Columns> by_places(Columns columns) {
  const bool version6 = columns.count == kPlaces6.size();
  if (!version6 && columns.count != 7 && columns.count != 13 && columns.count != kPlaces4.size()) return std::nullopt;
  columns.family = version6 ? ip::Family::V6 : ip::Family::V4;
  for (std::size_t i = 0; i < columns.count; ++i) {
    int& place = columns.place[static_cast<std::size_t>(version6 ? kPlaces6[i] : kPlaces4[i])];
    if (place >= 0 && place != static_cast<int>(i)) return std::nullopt;
    place = static_cast<int>(i);
  }
  return columns;
}

}  // namespace

std::optional<Columns> Columns::read(std::string_view line) {
  if (line.size() > 4'096 || line.find(',') == std::string_view::npos) return std::nullopt;
  const auto names = split(line, ',');
  if (names.size() > kMaxColumns) return std::nullopt;
  Columns columns;
  columns.place.fill(-1);
  columns.count = names.size();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string name = plain(names[i]);
    if (name == "ipv6address") columns.family = ip::Family::V6;
    for (const Name& each : kNames) {
      if (each.text != name || columns[each.field] >= 0) continue;
      columns.place[static_cast<std::size_t>(each.field)] = static_cast<int>(i);
    }
  }
  if (columns[Id] >= 0 && columns[Date] >= 0 && columns[Time] >= 0 && columns[Address] >= 0) return columns;
  return columns[Id] == 0 ? by_places(columns) : std::nullopt;
}

}  // namespace ipam::wire::dhcp_audit_log
