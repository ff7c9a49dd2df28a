#include "wire/nps_log/reader.h"

#include "base/file.h"

#include <gmock/gmock.h>

namespace ipam::wire::nps_log {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

struct Told {
  std::vector<Record> records;
  std::vector<log_lines::BadLine> bad;
};

Takers takers_of(Told& told) {
  return {.on_record = [&told](const Record& record) -> Result<void> {
            told.records.push_back(record);
            return {};
          },
          .on_bad = [&told](const log_lines::BadLine& line) -> Result<void> {
            told.bad.push_back(line);
            return {};
          }};
}

Told read(std::string_view text) {
  Told told;
  Reader reader(takers_of(told));
  EXPECT_TRUE(reader.feed(text).ok());
  EXPECT_TRUE(reader.finish().ok());
  return told;
}

std::string golden(const std::string& name) { return read_file(std::string(IPAM_SOURCE_FOLDER "/tests/golden/nps_log/") + name, 1'000'000).value(); }

time_zone::LocalTime local(int year, unsigned month, unsigned day, unsigned hour, unsigned minute, unsigned second, unsigned microsecond = 0) {
  return time_zone::make_local_time(year, month, day, hour, minute, second, microsecond).value();
}

constexpr std::string_view kGood = "10.10.10.10,client,06/04/1999,14:42:19,NPS,CLIENTCOMP\n";

TEST(NpsLog, ReadsDts) {
  const Told told = read(golden("dts.log"));
  EXPECT_THAT(told.bad, IsEmpty());
  ASSERT_THAT(told.records, SizeIs(3));
  const Record& request = told.records[0];
  EXPECT_EQ(request.packet_type, PacketType::Request);
  EXPECT_EQ(request.time, local(2026, 11, 22, 13, 4, 33, 123'000));
  EXPECT_EQ(request.computer, "NPS1");
  EXPECT_EQ(request.user_name, "CONTOSO\\alice & co");
  EXPECT_EQ(request.account, "CONTOSO\\alice");
  EXPECT_EQ(request.calling_station, "AA-BB-CC-00-00-0A");
  EXPECT_EQ(request.client_address->to_string(), "10.1.0.5");
  EXPECT_EQ(request.nas_port, "17");
  EXPECT_EQ(request.class_value, "311 1 10.1.0.2 11/22/2026 08:00:00 1");
  EXPECT_THAT(request.attributes, Contains(Pair("Provider-Type", "1")));
  EXPECT_EQ(told.records[1].packet_type, PacketType::Accept);
  EXPECT_EQ(told.records[1].reason_code, 0U);
  EXPECT_EQ(told.records[1].policy, "Wired");
  const Record& accounting = told.records[2];
  EXPECT_EQ(accounting.packet_type, PacketType::Accounting);
  EXPECT_EQ(accounting.accounting_status, 1U);
  EXPECT_EQ(accounting.session_id, "S-1");  // hexadecimal digits of a text
  EXPECT_EQ(accounting.framed_address->to_string(), "10.1.0.10");
}

TEST(NpsLog, ReadsTheDatabaseFormat) {
  const Told told = read(golden("database.log"));
  EXPECT_THAT(told.bad, IsEmpty());
  ASSERT_THAT(told.records, SizeIs(3));
  EXPECT_EQ(told.records[0].packet_type, PacketType::Request);
  EXPECT_EQ(told.records[0].computer, "NPS1");
  EXPECT_EQ(told.records[0].user_name, "alice");
  EXPECT_EQ(told.records[0].time, local(2026, 11, 22, 13, 4, 33));
  EXPECT_EQ(told.records[0].client_address->to_string(), "10.1.0.5");
  EXPECT_EQ(told.records[0].client_name, "switch, \"first\" floor");
  EXPECT_EQ(told.records[1].account, "contoso.test/Users/alice");
  EXPECT_EQ(told.records[1].policy, "Wired");
  EXPECT_EQ(told.records[1].reason_code, 0U);
  EXPECT_EQ(told.records[1].class_value, "311 1 10.1.0.2 11/22/2026 08:00:00 1");
  EXPECT_EQ(told.records[2].accounting_status, 1U);
  EXPECT_EQ(told.records[2].session_id, "S-1");
  EXPECT_EQ(told.records[2].framed_address->to_string(), "10.1.0.10");
}

TEST(NpsLog, ReadsTheIasFormat) {
  const Told told = read(
      "10.10.10.10,client,06/04/1999,14:42:19,NPS,CLIENTCOMP,6,2,7,1,5,9,61,5,64,1,65,1,31,1\n"
      "10.10.10.10,client,06/04/1999,14:42:19,NPS,CLIENTCOMP,4108,10.10.10.9,4136,2,4142,0,4149,0x412C42,9999,x\n");
  EXPECT_THAT(told.bad, IsEmpty());
  ASSERT_THAT(told.records, SizeIs(2));
  EXPECT_EQ(told.records[0].time, local(1999, 6, 4, 14, 42, 19));
  EXPECT_EQ(told.records[0].date, log_lines::DateReading::ByOrder);
  EXPECT_EQ(told.records[0].nas_address->to_string(), "10.10.10.10");
  EXPECT_EQ(told.records[0].user_name, "client");
  EXPECT_EQ(told.records[0].nas_port, "9");
  EXPECT_EQ(told.records[0].calling_station, "1");
  EXPECT_EQ(told.records[1].packet_type, PacketType::Accept);
  EXPECT_EQ(told.records[1].policy, "A,B");
  EXPECT_EQ(told.records[1].client_address->to_string(), "10.10.10.9");
  EXPECT_THAT(told.records[1].attributes, Contains(Pair("9999", "x")));
}

TEST(NpsLog, AnEventMayGoOverSeveralLines) {
  const std::string text =
      "<Event>\r\n  <Timestamp data_type=\"4\">11/22/2026 13:04:33.123</Timestamp>\r\n  <User-Name data_type=\"1\">a</User-Name>\r\n</Event>\r\n";
  const Told told = read(text);
  ASSERT_THAT(told.records, SizeIs(1));
  EXPECT_EQ(told.records[0].size, text.size());
  Told later;
  Reader reader(takers_of(later));
  ASSERT_TRUE(reader.feed(std::string_view(text).substr(0, 90)).ok());
  EXPECT_EQ(reader.offset(), 0U);
}

TEST(NpsLog, StoppingAtEveryByteAndGoingOnChangesNothing) {
  const std::string text = golden("dts.log") + golden("database.log");
  const Told whole = read(text);
  for (std::size_t cut = 0; cut <= text.size(); cut += 3) {
    Told told;
    std::uint64_t offset = 0;
    {
      Reader reader(takers_of(told));
      ASSERT_TRUE(reader.feed(std::string_view(text).substr(0, cut)).ok());
      offset = reader.offset();
    }
    Reader reader(takers_of(told), offset);
    ASSERT_TRUE(reader.feed(std::string_view(text).substr(offset)).ok());
    ASSERT_EQ(told.records, whole.records) << cut;
  }
}

TEST(NpsLog, ABadEntryIsToldAndCostsNoOther) {
  const std::string event = "<Event><Timestamp data_type=\"4\">11/22/2026 13:04:33</Timestamp>";
  for (const auto& [bad, reason] : std::vector<std::pair<std::string, std::string>>{
           {"<Event><User-Name data_type=\"1\">a</User-Name></Event>", "no time"},
           {event + "<User-Name data_type=\"1\">a</Nas></Event>", "well-formed"},
           {event + "<A>&novelty;</A></Event>", "well-formed"},
           {event + "<A><B>x</B></A></Event>", "well-formed"},
           {event + "<Framed-IP-Address data_type=\"3\">10.1.0</Framed-IP-Address></Event>", "an address"},
           {event + "<Packet-Type data_type=\"0\">many</Packet-Type></Event>", "a number"},
           {"<Event><Timestamp data_type=\"4\">yesterday</Timestamp></Event>", "the time"},
           {"<Event><User-Name", "no end"},
           {"\"NPS1\",\"IAS\",11/22/2026,13:04:33,1,\"alice", "a quote"},
           {"\"NPS1\",\"IAS\",11/22/2026,13:04:33,1", "cut off"},
           {"10.1.0.5,alice,11/22/2026,13:04:33,IAS,NPS1,4", "without a text"},
           {"10.1.0.5,alice,11/22/2026,13:04:33,IAS,NPS1,x,4", "no number"},
           {"rubbish", "no entry"}}) {
    const Told told = read(std::string(kGood) + bad + "\n" + std::string(bad.starts_with("<") ? "<Event>" : "") +
                           (bad.starts_with("<") ? "<Timestamp>1/1/2026 1:1:1</Timestamp></Event>\n" : std::string(kGood)));
    EXPECT_THAT(told.records, SizeIs(2)) << bad;
    ASSERT_THAT(told.bad, SizeIs(1)) << bad;
    EXPECT_EQ(told.bad[0].offset, kGood.size()) << bad;
    EXPECT_THAT(told.bad[0].reason, HasSubstr(reason)) << bad;
  }
}

}  // namespace
}  // namespace ipam::wire::nps_log
