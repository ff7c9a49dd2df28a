#include "wire/even6/logon.h"

#include "base/strings.h"

#include <array>

namespace ipam::wire::even6 {
namespace {

constexpr std::string_view kProvider = "Microsoft-Windows-Security-Auditing";

struct KnownEvent {
  std::uint32_t id;
  LogonKind kind;
};
constexpr std::array<KnownEvent, 7> kEvents{{{4624, LogonKind::Logon},
                                             {4768, LogonKind::KerberosLogon},
                                             {4769, LogonKind::KerberosTicket},
                                             {4770, LogonKind::KerberosRenewal},
                                             {6272, LogonKind::NetworkAccess},
                                             {6273, LogonKind::NetworkAccessRefused},
                                             {6278, LogonKind::NetworkAccess}}};

// Windows writes "-" for what there is not.
std::string text(const Event& event, std::string_view name) {
  const auto value = event.find(name);
  return !value || *value == "-" ? std::string() : std::string(*value);
}

std::optional<ip::Address> address(const Event& event, std::string_view name) {
  std::string value = text(event, name);
  if (const auto zone = value.find('%'); zone != std::string::npos) value.resize(zone);
  const auto read = ip::Address::parse(value);
  return read.ok() ? std::optional(read->unmapped()) : std::nullopt;
}

void read_kerberos(const Event& event, Logon& logon) {
  logon.account = text(event, "TargetUserName");
  logon.domain = text(event, "TargetDomainName");
  logon.sid = text(event, "TargetSid");
  logon.address = address(event, "IpAddress");
  logon.service = text(event, "ServiceName");
  logon.status = text(event, "Status");
  // 4770 has no status: a renewal that fails is not told.
  logon.success = logon.status.empty() || logon.status == "0x0";
}

void read_session(const Event& event, Logon& logon) {
  logon.account = text(event, "TargetUserName");
  logon.domain = text(event, "TargetDomainName");
  logon.sid = text(event, "TargetUserSid");
  logon.address = address(event, "IpAddress");
  logon.workstation = text(event, "WorkstationName");
  logon.logon_type = parse_integer<std::uint32_t>(text(event, "LogonType")).value_or(0);
}

void read_network_access(const Event& event, Logon& logon) {
  logon.account = text(event, "SubjectUserName");
  logon.domain = text(event, "SubjectDomainName");
  logon.sid = text(event, "SubjectUserSid");
  logon.calling_station = text(event, "CallingStationID");
  logon.called_station = text(event, "CalledStationID");
  logon.nas_identifier = text(event, "NASIdentifier");
  logon.nas_port = text(event, "NASPort");
  logon.nas_address = address(event, "NASIPv4Address");
  if (!logon.nas_address) logon.nas_address = address(event, "NASIPv6Address");
  logon.client_name = text(event, "ClientName");
  logon.session_id = text(event, "AccountSessionIdentifier");
  logon.status = text(event, "ReasonCode");
  logon.success = logon.kind == LogonKind::NetworkAccess;
}

// "alice@CONTOSO.TEST" and "CONTOSO\alice".
void take_apart(Logon& logon) {
  if (const auto at = logon.account.rfind('@'); at != std::string::npos && at > 0) {
    if (logon.domain.empty()) logon.domain = logon.account.substr(at + 1);
    logon.account.resize(at);
  } else if (const auto backslash = logon.account.find('\\'); backslash != std::string::npos) {
    if (logon.domain.empty()) logon.domain = logon.account.substr(0, backslash);
    logon.account.erase(0, backslash + 1);
  }
  logon.machine = logon.account.ends_with('$');
}

}  // namespace

std::optional<Logon> read_logon(const Event& event) {
  if (event.provider != kProvider || !event.time) return std::nullopt;
  for (const KnownEvent& known : kEvents) {
    if (known.id != event.id) continue;
    Logon logon;
    logon.kind = known.kind;
    logon.time = *event.time;
    logon.computer = event.computer;
    logon.record_id = event.record_id;
    if (known.kind == LogonKind::Logon) {
      read_session(event, logon);
    } else if (known.kind == LogonKind::NetworkAccess || known.kind == LogonKind::NetworkAccessRefused) {
      read_network_access(event, logon);
    } else {
      read_kerberos(event, logon);
    }
    take_apart(logon);
    return logon.account.empty() ? std::nullopt : std::optional(logon);
  }
  return std::nullopt;
}

std::vector<std::uint32_t> logon_event_ids() {
  std::vector<std::uint32_t> ids;
  for (const KnownEvent& known : kEvents) ids.push_back(known.id);
  return ids;
}

}  // namespace ipam::wire::even6
