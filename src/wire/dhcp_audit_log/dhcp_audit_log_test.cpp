#include "wire/dhcp_audit_log/reader.h"

#include "base/file.h"
#include "base/strings.h"

#include <gmock/gmock.h>

namespace ipam::wire::dhcp_audit_log {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct Told {
  std::vector<Event> events;
  std::vector<log_lines::BadLine> bad;

  std::string hosts() const {
    std::vector<std::string> names;
    for (const Event& event : events) names.push_back(event.host_name);
    return join(names, " ");
  }
  std::string reason() const { return bad.size() == 1 ? bad[0].reason : "(" + std::to_string(bad.size()) + " bad lines)"; }
};

Reader::Takers takers_of(Told& told) {
  return {.on_event = [&told](const Event& event) -> Result<void> {
            told.events.push_back(event);
            return {};
          },
          .on_bad = [&told](const log_lines::BadLine& line) -> Result<void> {
            told.bad.push_back(line);
            return {};
          }};
}

Told read(std::string_view text, Options options = {}) {
  Told told;
  Reader reader(takers_of(told), options);
  EXPECT_TRUE(reader.feed(text).ok());
  EXPECT_TRUE(reader.finish().ok());
  return told;
}

std::string golden(const std::string& name) {
  return read_file(std::string(IPAM_SOURCE_FOLDER "/tests/golden/dhcp_audit_log/") + name, 1'000'000).value();
}

constexpr std::string_view kHeader7 = "ID,Date,Time,Description,IP Address,Host Name,MAC Address\r\n";
constexpr std::string_view kHeader19 =
    "ID,Date,Time,Description,IP Address,Host Name,MAC Address,User Name, TransactionID, QResult,Probationtime, CorrelationID,Dhcid,"
    "VendorClass(Hex),VendorClass(ASCII),UserClass(Hex),UserClass(ASCII),RelayAgentInformation,DnsRegError.\r\n";

Told rows7(std::string_view rows, Options options = {}) { return read(std::string(kHeader7) + std::string(rows), options); }
Told rows19(std::string_view rows, Options options = {}) { return read(std::string(kHeader19) + std::string(rows), options); }

time_zone::LocalTime local(int year, unsigned month, unsigned day, unsigned hour, unsigned minute, unsigned second) {
  return time_zone::make_local_time(year, month, day, hour, minute, second).value();
}

TEST(DhcpAuditLog, ReadsAWholeFileOfVersion4) {
  const Told told = read(golden("DhcpSrvLog-Sat.log"));
  EXPECT_THAT(told.bad, IsEmpty());
  ASSERT_THAT(told.events, SizeIs(9));
  const Event& lease = told.events[2];
  EXPECT_EQ(lease.kind, EventKind::NewLease);
  EXPECT_EQ(lease.time, local(2026, 11, 28, 8, 0, 1));
  EXPECT_EQ(lease.address->to_string(), "10.1.0.10");
  EXPECT_EQ(lease.host_name, "pc10.contoso.test");
  EXPECT_EQ(to_hex(lease.client), "aabbcc00000a");
  EXPECT_EQ(lease.transaction_id, 1'234'567'890U);
  EXPECT_EQ(lease.quarantine_result, 0U);
  EXPECT_EQ(as_text(lease.vendor_class), "MSFT 5.0");
  EXPECT_EQ(lease.vendor_class_text, "MSFT 5.0");
  EXPECT_EQ(told.events[6].kind, EventKind::Denial);
  EXPECT_EQ(lease_effect(told.events[7].kind), LeaseEffect::Ends);
  EXPECT_EQ(told.events[8].kind, EventKind::Authorization);
}

TEST(DhcpAuditLog, ReadsAWholeFileOfVersion6) {
  const Told told = read(golden("DhcpV6SrvLog-Sat.log"));
  EXPECT_THAT(told.bad, IsEmpty());
  ASSERT_THAT(told.events, SizeIs(5));
  EXPECT_EQ(told.events[0].kind, EventKind::LogStarted);
  EXPECT_EQ(told.events[2].kind, EventKind::NewLease);
  EXPECT_EQ(told.events[2].address->to_string(), "2001:db8:1::10");
  EXPECT_EQ(to_hex(told.events[2].client), "000100012a3b4c5daabbcc00000a");
  EXPECT_EQ(told.events[2].subnet_prefix->to_string(), "2001:db8:1::");
  EXPECT_EQ(told.events[3].error, 0U);
  EXPECT_EQ(told.events[4].kind, EventKind::StatelessRequest);
}

TEST(DhcpAuditLog, GoesOnFromAStoredStateAtEveryByte) {
  for (const char* name : {"DhcpSrvLog-Sat.log", "DhcpV6SrvLog-Sat.log"}) {
    const std::string text = golden(name);
    const Told whole = read(text);
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
      Told told;
      State state;
      {
        Reader reader(takers_of(told), {});
        ASSERT_TRUE(reader.feed(std::string_view(text).substr(0, cut)).ok());
        state = reader.state();
        ASSERT_LE(state.offset, cut);
      }
      Reader reader(takers_of(told), {}, state);
      ASSERT_TRUE(reader.feed(std::string_view(text).substr(state.offset)).ok());
      ASSERT_EQ(told.events, whole.events) << name << cut;
      ASSERT_THAT(told.bad, IsEmpty()) << name << cut;
    }
  }
}

TEST(DhcpAuditLog, ALineThatIsStillBeingWrittenIsLeftForLater) {
  Told told;
  Reader reader(takers_of(told));
  ASSERT_TRUE(reader.feed(std::string(kHeader7) + "10,11/28/26,08:00:00,Assign,10.1.0.1").ok());
  EXPECT_THAT(told.events, IsEmpty());
  EXPECT_EQ(reader.state().offset, kHeader7.size());
  ASSERT_TRUE(reader.feed("0,a,AABBCC000001\r\n").ok());
  EXPECT_EQ(told.events.at(0).address->to_string(), "10.1.0.10");
}

TEST(DhcpAuditLog, FindsColumnsByTheirNamesInAnyOrder) {
  const Told told = read("mac address,Time,novelty,IP Address,Date,ID,Host Name\nAABBCC000001,08:00:00,x,10.1.0.1,11/28/26,10,a\n");
  ASSERT_THAT(told.events, SizeIs(1));
  EXPECT_EQ(told.events[0].address->to_string(), "10.1.0.1");
  EXPECT_EQ(to_hex(told.events[0].client), "aabbcc000001");
  EXPECT_EQ(told.events[0].host_name, "a");
}

TEST(DhcpAuditLog, AHeaderInAnotherLanguageIsReadByItsPlaces) {
  const Told told = read("ID,Datum,Zeit,Beschreibung,IP-Adresse,Hostname,MAC-Adresse\n10,28.11.2026,08:00:00,Zuweisen,10.1.0.1,a,AABBCC000001\n");
  EXPECT_EQ(told.hosts(), "a");
  EXPECT_EQ(read("ID,Datum,Zeit,Beschreibung,IP-Adresse,Hostname\n10,28.11.2026,08:00:00,Zuweisen,10.1.0.1,a\n").bad.size(), 2U);
}

TEST(DhcpAuditLog, TheLegendOfTheFileIsTheAuthority) {
  const Told told = read("Event ID  Meaning\n71\tA lease was renewed by a client.\n11\tA lease was deleted.\n12\tEine Lease wurde freigegeben.\n" +
                         std::string(kHeader7) +
                         "71,11/28/26,08:00:00,x,10.1.0.1,a,AABBCC000001\n11,11/28/26,08:00:00,x,10.1.0.1,a,AABBCC000001\n"
                         "12,11/28/26,08:00:00,x,10.1.0.1,a,AABBCC000001\n");
  ASSERT_THAT(told.events, SizeIs(3));
  EXPECT_EQ(told.events[0].kind, EventKind::Renewal);
  EXPECT_EQ(told.events[1].kind, EventKind::Deletion);
  EXPECT_EQ(told.events[2].kind, EventKind::Release);  // by the list of known ids: the text is not understood
}

TEST(DhcpAuditLog, AHeadInTheMiddleCountsFromThereOn) {
  Told told;
  Reader reader(takers_of(told));
  ASSERT_TRUE(reader.feed(golden("DhcpSrvLog-Sat.log")).ok());
  ASSERT_TRUE(reader
                  .feed("\t\tMicrosoft DHCP Service Activity Log\n\nEvent ID  Meaning\n10\tA lease was denied.\n\n" + std::string(kHeader7) +
                        "10,11/28/26,08:00:00,x,10.1.0.1,late,AABBCC000001\n")
                  .ok());
  EXPECT_THAT(told.bad, IsEmpty());
  EXPECT_EQ(told.events.back().kind, EventKind::Denial);
  EXPECT_EQ(reader.state().head, "10\tA lease was denied.\n" + std::string(trim(kHeader7)));
}

TEST(DhcpAuditLog, AHeaderThatLooksLikeALegendIsTheHeaderAlsoLater) {
  const std::string head = "11\tx,ID,Date,Time,IP Address,Host Name\n", row = "x,10,11/28/26,08:00:00,10.1.0.1,a\n";
  Told told;
  State state;
  {
    Reader reader(takers_of(told));
    ASSERT_TRUE(reader.feed(head).ok());
    state = reader.state();
  }
  Reader reader(takers_of(told), {}, state);
  ASSERT_TRUE(reader.feed(row).ok());
  EXPECT_EQ(told.hosts(), "a");
}

TEST(DhcpAuditLog, AHeadThatNoHeaderEndsWasNone) {
  const Told told = rows7("10 what is this\n10,11/28/26,08:00:00,x,10.1.0.1,a,AABBCC000001\n");
  EXPECT_EQ(told.hosts(), "a");
  EXPECT_EQ(told.reason(), "it is no event");
  EXPECT_EQ(told.bad[0].offset, kHeader7.size());
}

TEST(DhcpAuditLog, ABadLineIsToldWithItsPlaceAndCostsNoOther) {
  for (const auto& [row, reason] :
       std::vector<std::pair<std::string, std::string>>{{"10,13/32/26,08:00:00,Assign,10.1.0.1,a,AABBCC000001", "the date"},
                                                        {"10,11/28/26,25:00:00,Assign,10.1.0.1,a,AABBCC000001", "the time"},
                                                        {"10,11/28/26,08:00:00,Assign,10.1.0,a,AABBCC000001", "the address"},
                                                        {"10,11/28/26,08:00:00,Assign,2001:db8::1,a,AABBCC000001", "the address"},
                                                        {"10,11/28/26,08:00:00,Assign,10.1.0.1,a,AABBCC00000", "hardware address"},
                                                        {"10,11/28/26,08:00:00,Assign,,a,AABBCC000001", "no address"},
                                                        {"10,11/28/26,08:00:00,Assign,10.1.0.1", "cut off"},
                                                        {"10,11/28/26", "cut off"},
                                                        {"Xa,11/28/26,08:00:00,Assign,10.1.0.1,a,AABBCC000001", "the id"},
                                                        {"70000,11/28/26,08:00:00,Assign,10.1.0.1,a,AABBCC000001", "the id"},
                                                        {std::string(100, ','), "more columns"},
                                                        {"rubbish", "no event"}}) {
    const Told told =
        rows7("11,11/28/26,08:00:00,x,10.1.0.1,before,AABBCC000001\n" + row + "\n11,11/28/26,08:00:00,x,10.1.0.1,behind,AABBCC000001\n");
    EXPECT_EQ(told.hosts(), "before behind") << row;
    EXPECT_THAT(told.reason(), HasSubstr(reason)) << row;
    ASSERT_THAT(told.bad, SizeIs(1)) << row;
    EXPECT_EQ(told.bad[0].offset, kHeader7.size() + 52) << row;
  }
}

TEST(DhcpAuditLog, AHoleOfNulsAndALineWithoutHeaderAreBad) {
  EXPECT_EQ(rows7(std::string(5'000, '\0') + "11,11/28/26,08:00:00,x,10.1.0.1,behind,AABBCC000001\n").hosts(), "behind");
  EXPECT_THAT(read("11,11/28/26,08:00:00,x,10.1.0.1,a,AABBCC000001\n").reason(), HasSubstr("no header"));
}

TEST(DhcpAuditLog, ACommaInANameIsFoundByWhatFitsTheOtherColumns) {
  const Told host = rows19("10,11/28/26,08:00:00,Assign,10.1.0.1,my,pc,AABBCC000001,,5,0,,,,0x4D53,MSFT 5.0,,,,0\n");
  ASSERT_THAT(host.events, SizeIs(1)) << host.reason();
  EXPECT_EQ(host.events[0].host_name, "my,pc");
  EXPECT_EQ(to_hex(host.events[0].client), "aabbcc000001");
  const Told vendor = rows19("10,11/28/26,08:00:00,Assign,10.1.0.1,pc,AABBCC000001,,5,0,,,,0x612C62,a,b,,,,0\n");
  ASSERT_THAT(vendor.events, SizeIs(1)) << vendor.reason();
  EXPECT_EQ(vendor.events[0].vendor_class_text, "a,b");
}

TEST(DhcpAuditLog, ANameCannotChooseTheHardwareAddressThatIsBelieved) {
  const Told told = rows19("10,11/28/26,08:00:00,Assign,10.1.0.1,pc,AABBCC666666,AABBCC000001,,5,0,,,,,,,,,0\n");
  EXPECT_THAT(told.events, IsEmpty());
  EXPECT_THAT(told.reason(), HasSubstr("leaves open"));
  const Told only = rows7("10,11/28/26,08:00:00,Assign,10.1.0.1,pc,AABBCC666666,AABBCC000001\n");
  ASSERT_THAT(only.events, SizeIs(1));
  EXPECT_EQ(to_hex(only.events[0].client), "aabbcc000001");
  // IPv6: empty columns at the end would hide that everything was moved.
  const Told moved = read(
      "ID,Date,Time,Description,IPv6 Address,Host Name,Error Code, Duid Length, Duid Bytes(Hex),User Name,Dhcid,Subnet Prefix.\n"
      "11002,11/28/26,09:00:01,DHCPV6 Request,2001:db8::10,pc,0,6,AABBCC666666,,14,000100012A3B4C5DAABBCC00000A,,,,,,\n");
  EXPECT_THAT(moved.events, IsEmpty());
}

TEST(DhcpAuditLog, ALineWithFewerColumnsIsTakenWhenItSaysWhoHadWhat) {
  const Told told = rows19("10,10/27/25,17:04:20,Assign,10.250.50.40,pc,D85ED385CC10,,0,0\n");
  EXPECT_EQ(told.hosts(), "pc");
  EXPECT_EQ(rows19("10,10/27/25,17:04:20,Assign,10.250.50.40,pc,D85ED385C\n").reason(), "it is cut off");
  EXPECT_EQ(rows19("00,11/28/26,08:00:00,Started,\n").events.at(0).kind, EventKind::LogStarted);
}

TEST(DhcpAuditLog, NamesWithControlCharactersAreShownAndKeepTheirLease) {
  const Told told = rows7(
      "10,11/28/26,08:00:00,Assign,10.1.0.1,\x1B[2Jpc\x01,AABBCC000001\n10,11/28/26,08:00:00,Assign,10.1.0.2,B\xFCro,AABBCC000002\n"
      "10,11/28/26,08:00:00,Assign,10.1.0.3,B\xC3\xBCro,AABBCC000003\n");
  ASSERT_THAT(told.events, SizeIs(3));
  EXPECT_EQ(told.events[0].host_name, "\\x1b[2Jpc\\x01");
  EXPECT_EQ(told.events[1].host_name, "B\xC3\xBCro");
  EXPECT_EQ(told.events[2].host_name, "B\xC3\xBCro");
}

TEST(DhcpAuditLog, DatesOfBothOrdersAreReadAndSayHowTheyWereDecided) {
  const auto day = [](const Told& told) { return told.events.at(0).time; };
  const std::string row = "10,11/10/26,08:00:00,x,10.1.0.1,a,AABBCC000001\n";
  EXPECT_EQ(day(rows7(row)), local(2026, 11, 10, 8, 0, 0));
  EXPECT_EQ(rows7(row).events[0].date, DateReading::ByOrder);
  const Told october = rows7(row, {.expected_day = std::chrono::local_days(std::chrono::year(2026) / 10 / 12)});
  EXPECT_EQ(day(october), local(2026, 10, 11, 8, 0, 0));
  EXPECT_EQ(october.events[0].date, DateReading::ByExpectedDay);
  const Told clear = rows7("10,28/11/26,08:00:00,x,10.1.0.1,a,AABBCC000001\n" + row);
  EXPECT_EQ(day(clear), local(2026, 11, 28, 8, 0, 0));
  EXPECT_EQ(clear.events[0].date, DateReading::Certain);
  EXPECT_EQ(clear.events[1].time, local(2026, 10, 11, 8, 0, 0));  // the order of the line before
  EXPECT_EQ(day(rows7("10,2026-11-10,08:00:00,x,10.1.0.1,a,AABBCC000001\n")), local(2026, 11, 10, 8, 0, 0));
}

TEST(DhcpAuditLog, AFileWithoutEndIsReadInTheMemoryOfOneLine) {
  Told told;
  Reader reader(takers_of(told), {.max_line = 4'096});
  ASSERT_TRUE(reader.feed(kHeader7).ok());
  const std::string piece(1'000'000, 'x');
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(reader.feed(piece).ok());
  ASSERT_TRUE(reader.feed("\n10,11/28/26,08:00:00,x,10.1.0.1,behind,AABBCC000001\n").ok());
  EXPECT_EQ(told.hosts(), "behind");
  EXPECT_EQ(told.bad.at(0).size, 50'000'001U);
}

}  // namespace
}  // namespace ipam::wire::dhcp_audit_log
