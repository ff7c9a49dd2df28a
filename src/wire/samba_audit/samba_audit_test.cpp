#include "wire/samba_audit/reader.h"

#include "base/file.h"
#include "base/strings.h"

#include <gmock/gmock.h>

#include <set>

namespace ipam::wire::samba_audit {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct Told {
  std::vector<Logon> logons;
  std::vector<log_lines::BadLine> bad;
  std::uint64_t others = 0;
};

Told read(std::string_view text, std::size_t piece = 1'000'000) {
  Told told;
  Reader reader({.on_logon = [&](const Logon& logon) -> Result<void> {
                   told.logons.push_back(logon);
                   return {};
                 },
                 .on_bad = [&](const log_lines::BadLine& line) -> Result<void> {
                   told.bad.push_back(line);
                   return {};
                 }});
  for (std::size_t at = 0; at < text.size(); at += piece) EXPECT_TRUE(reader.feed(text.substr(at, piece)).ok());
  told.others = reader.others();
  return told;
}

// Written by a real domain controller (Samba 4.17).
std::string golden() { return read_file(IPAM_SOURCE_FOLDER "/tests/golden/samba_audit/auth_json_audit.jsonl", 100'000).value(); }

std::string line(std::string_view fields, std::string_view type = "Authentication") {
  return "{\"timestamp\": \"2026-11-22T23:06:19.862461+0100\", \"type\": \"" + std::string(type) + "\", \"" + std::string(type) + "\": {" +
         std::string(fields) + "}}\n";
}

TEST(SambaAudit, ReadsWhatARealDomainControllerWrote) {
  const Told told = read(golden());
  EXPECT_THAT(told.bad, IsEmpty());
  ASSERT_THAT(told.logons, SizeIs(7));
  const Logon& kerberos = told.logons[0];
  EXPECT_TRUE(kerberos.success);
  EXPECT_EQ(format_time(kerberos.time), "2026-11-22T23:06:19.521002Z");
  EXPECT_EQ(kerberos.account, "alice");
  EXPECT_EQ(kerberos.domain, "CONTOSO");
  EXPECT_EQ(kerberos.sid, "S-1-5-21-380602323-2392389602-2271088004-1103");
  EXPECT_EQ(kerberos.address->to_string(), "127.0.0.1");
  EXPECT_EQ(kerberos.port, 46'361);
  EXPECT_EQ(kerberos.event_id, 4624U);
  EXPECT_EQ(kerberos.method, "ENC-TS Pre-authentication");
  EXPECT_EQ(told.logons[3].status, "NT_STATUS_NO_SUCH_USER");
  EXPECT_EQ(told.logons[3].account, "nobody");
  EXPECT_EQ(told.logons[3].domain, "CONTOSO.TEST");
  EXPECT_EQ(told.logons[6].account, "alice");
  EXPECT_EQ(told.logons[6].domain, "CONTOSO");
  EXPECT_EQ(told.logons[6].logon_type, 8U);
}

TEST(SambaAudit, OneLogonThatIsToldTwiceHasOneKey) {
  std::set<std::string> keys;
  for (const Logon& logon : read(golden()).logons) keys.insert(deduplication_key(logon));
  // Seven lines: the two first are one logon by Kerberos, and so is the one by SMB in the same second; of the failures one is in the next second.
  EXPECT_THAT(keys, SizeIs(4));
}

TEST(SambaAudit, PiecesMakeNoDifference) { EXPECT_EQ(read(golden(), 3).logons, read(golden()).logons); }

TEST(SambaAudit, NormalizesAddresses) {
  const auto address = [](const std::string& text) {
    const Told told = read(line("\"status\": \"NT_STATUS_OK\", \"remoteAddress\": \"" + text + "\""));
    return told.logons.empty() ? told.bad.at(0).reason : told.logons[0].address ? told.logons[0].address->to_string() : "none";
  };
  EXPECT_EQ(address("ipv6:::ffff:10.1.0.10:1234"), "10.1.0.10");
  EXPECT_EQ(address("ipv6:2001:db8::10:1234"), "2001:db8::10");
  EXPECT_EQ(address("ipv6:fe80::1%eth0:1234"), "fe80::1");
  EXPECT_EQ(address("unix:/run/samba/x"), "none");
  EXPECT_EQ(address("ipv4:10.1.0:1234"), "the remote address is none");
  EXPECT_EQ(address("ipv4:10.1.0.1"), "the remote address is none");
  EXPECT_EQ(address("ipv4:10.1.0.1:99999"), "the remote address is none");
}

TEST(SambaAudit, ReadsTheTimeWithItsOffset) {
  EXPECT_EQ(format_time(read(line("\"status\": \"NT_STATUS_OK\"")).logons.at(0).time), "2026-11-22T22:06:19.862461Z");
}

TEST(SambaAudit, PassesOverFieldsAndKindsThatAreNotKnown) {
  EXPECT_THAT(read(line("\"status\": \"NT_STATUS_OK\", \"novelty\": {\"deep\": [1, 2]}, \"workstation\": 7")).logons, SizeIs(1));
  const Told told = read(line("\"account\": \"bob\", \"domain\": \"D\", \"authType\": \"krb5\", \"sid\": \"S-1-5-7\"", "Authorization") +
                         line("\"dn\": \"x\"", "dsdbChange"));
  ASSERT_THAT(told.logons, SizeIs(1));
  EXPECT_EQ(told.logons[0].kind, Kind::Authorization);
  EXPECT_EQ(told.logons[0].account, "bob");
  EXPECT_EQ(told.others, 1U);
}

TEST(SambaAudit, ABadLineIsToldAndCostsNoOther) {
  const std::string good = line("\"status\": \"NT_STATUS_OK\"");
  for (const auto& [bad, reason] : std::vector<std::pair<std::string, std::string>>{
           {"{\"timestamp\": \"2026-11-22T23:0\n", "no JSON"},
           {"[]\n", "no JSON"},
           {"{}\n", "what kind"},
           {"{\"type\": \"Authentication\"}\n", "what its kind says"},
           {"{\"timestamp\": \"noon\", \"type\": \"Authentication\", \"Authentication\": {\"status\": \"x\"}}\n", "the time"},
           {line("\"eventId\": 4624"), "no status"},
           {std::string(100, '[') + "\n", "no JSON"}}) {
    const Told told = read(join({good, bad, good}, ""));
    EXPECT_THAT(told.logons, SizeIs(2)) << bad;
    ASSERT_THAT(told.bad, SizeIs(1)) << bad;
    EXPECT_EQ(told.bad[0].offset, good.size());
    EXPECT_THAT(told.bad[0].reason, HasSubstr(reason)) << bad;
  }
}

TEST(SambaAudit, NamesCannotSteerATerminal) {
  EXPECT_EQ(read(line("\"status\": \"NT_STATUS_WRONG_PASSWORD\", \"clientAccount\": \"\\u001b[2Jroot\\n\"")).logons.at(0).account,
            "\\x1b[2Jroot\\x0a");
}

}  // namespace
}  // namespace ipam::wire::samba_audit
