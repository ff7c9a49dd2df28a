#include "wire/even6/logon.h"

#include <gmock/gmock.h>

namespace ipam::wire::even6 {
namespace {

using ::testing::ElementsAre;

Event event(std::uint32_t id, std::vector<std::pair<std::string, std::string>> data) {
  return {.provider = "Microsoft-Windows-Security-Auditing",
          .id = id,
          .time = parse_time("2026-11-28T12:00:00Z").value(),
          .record_id = 9,
          .computer = "dc1.contoso.test",
          .data = std::move(data)};
}

TEST(WindowsLogon, ReadsAKerberosLogon) {
  const Logon logon = read_logon(event(4768, {{"TargetUserName", "alice"},
                                              {"TargetDomainName", "CONTOSO"},
                                              {"TargetSid", "S-1-5-21-1-2-3-1103"},
                                              {"ServiceName", "krbtgt"},
                                              {"Status", "0x0"},
                                              {"IpAddress", "::ffff:10.1.0.10"},
                                              {"IpPort", "52000"}}))
                          .value();
  EXPECT_EQ(logon.kind, LogonKind::KerberosLogon);
  EXPECT_TRUE(logon.success);
  EXPECT_EQ(logon.account, "alice");
  EXPECT_EQ(logon.domain, "CONTOSO");
  EXPECT_EQ(logon.address->to_string(), "10.1.0.10");
  EXPECT_EQ(logon.computer, "dc1.contoso.test");
  EXPECT_EQ(logon.record_id, 9U);
  EXPECT_FALSE(logon.machine);
  EXPECT_FALSE(read_logon(event(4768, {{"TargetUserName", "alice"}, {"Status", "0x18"}}))->success);
}

TEST(WindowsLogon, TakesAccountsApartFromTheirRealms) {
  const Logon ticket =
      read_logon(event(4769, {{"TargetUserName", "PC10$@CONTOSO.TEST"}, {"TargetDomainName", "CONTOSO.TEST"}, {"Status", "0x0"}})).value();
  EXPECT_EQ(ticket.account, "PC10$");
  EXPECT_EQ(ticket.domain, "CONTOSO.TEST");
  EXPECT_TRUE(ticket.machine);
  const Logon access = read_logon(event(6272, {{"SubjectUserName", "CONTOSO\\alice"}, {"SubjectDomainName", "-"}})).value();
  EXPECT_EQ(access.account, "alice");
  EXPECT_EQ(access.domain, "CONTOSO");
}

TEST(WindowsLogon, ReadsASessionAndLeavesOutAnAddressThatIsNone) {
  const Logon logon =
      read_logon(event(4624, {{"TargetUserName", "alice"}, {"LogonType", "3"}, {"WorkstationName", "PC10"}, {"IpAddress", "-"}})).value();
  EXPECT_EQ(logon.logon_type, 3U);
  EXPECT_EQ(logon.workstation, "PC10");
  EXPECT_EQ(logon.address, std::nullopt);
  EXPECT_EQ(read_logon(event(4624, {{"TargetUserName", "a"}, {"IpAddress", "fe80::1%5"}}))->address->to_string(), "fe80::1");
}

TEST(WindowsLogon, ReadsWhomTheNetworkPolicyServerLetIn) {
  const Logon logon = read_logon(event(6272, {{"SubjectUserName", "alice"},
                                              {"SubjectDomainName", "CONTOSO"},
                                              {"CalledStationID", "00-11-22-33-44-55"},
                                              {"CallingStationID", "AA-BB-CC-DD-EE-01"},
                                              {"NASIPv4Address", "10.0.0.5"},
                                              {"NASIPv6Address", "-"},
                                              {"NASIdentifier", "switch1"},
                                              {"NASPort", "7"},
                                              {"ClientName", "switches"},
                                              {"AccountSessionIdentifier", "53-31"}}))
                          .value();
  EXPECT_EQ(logon.kind, LogonKind::NetworkAccess);
  EXPECT_EQ(logon.calling_station, "AA-BB-CC-DD-EE-01");
  EXPECT_EQ(logon.nas_address->to_string(), "10.0.0.5");
  EXPECT_EQ(logon.session_id, "53-31");
  const Logon refused = read_logon(event(6273, {{"SubjectUserName", "alice"}, {"ReasonCode", "16"}})).value();
  EXPECT_FALSE(refused.success);
  EXPECT_EQ(refused.status, "16");
}

TEST(WindowsLogon, IsNothingOfOtherEvents) {
  EXPECT_EQ(read_logon(event(4634, {{"TargetUserName", "alice"}})), std::nullopt);
  EXPECT_EQ(read_logon(event(4624, {{"TargetUserName", "-"}})), std::nullopt);
  Event other = event(4624, {{"TargetUserName", "alice"}});
  other.provider = "Somebody";
  EXPECT_EQ(read_logon(other), std::nullopt);
  EXPECT_THAT(logon_event_ids(), ElementsAre(4624, 4768, 4769, 4770, 6272, 6273, 6278));
}

}  // namespace
}  // namespace ipam::wire::even6
