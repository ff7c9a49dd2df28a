#include "wire/dnsp/name_text.h"
#include "wire/dnsp/operations.h"
#include "wire/dnsp/records.h"

#include "base/file.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ipam::wire::dnsp {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Bytes golden(const std::string& file) {
  const std::string content = read_file(IPAM_SOURCE_FOLDER "/tests/golden/samba/" + file, 1U << 20U).value();
  return {content.begin(), content.end()};
}

template <class T>
T read_golden(const std::string& file) {
  const auto value = ndr::read<T>(golden(file));
  EXPECT_TRUE(value.ok()) << file << ": " << value.error().describe();
  return value.ok() ? *value : T{};
}

// "mx MX 10 mail1.contoso.test. 900"
std::vector<std::string> lines(const Bytes& buffer) {
  std::vector<std::string> texts;
  for (const Node& node : read_nodes(buffer).value()) {
    for (const Record& record : node.records) {
      const auto type = static_cast<dns::RecordType>(record.type);
      texts.push_back(fmt::format("{} {} {} {}", node.name, to_string(type), dns::rdata_to_text(type, rdata_of(record).value()), record.ttl));
    }
  }
  return texts;
}

// ---- parameters ----------------------------------------------------------------------------------------------------------------------------

TEST(DnspOperations, ReadsWhatSambaTellsOfItself) {
  const auto response = read_golden<DataResponse>("ServerInfo.answer");
  EXPECT_EQ(response.result, 0U);
  const auto& server = std::get<std::optional<ServerInfo>>(response.data);
  ASSERT_TRUE(server.has_value());
  EXPECT_EQ(version_text(server->version), "5.2.3790");
  EXPECT_EQ(server->server_name, "DC1.contoso.test");
  EXPECT_EQ(server->domain_name, "contoso.test");
  EXPECT_EQ(server->domain_partition, "DC=DomainDnsZones,DC=contoso,DC=test");
  const std::string truth = read_file(IPAM_SOURCE_FOLDER "/tests/golden/samba/truth.json", 1000).value();
  ASSERT_EQ(texts_of(server->server_addresses).size(), 1U);
  EXPECT_THAT(truth, HasSubstr('"' + texts_of(server->server_addresses)[0] + '"'));
  EXPECT_TRUE(texts_of(server->forwarders).empty());
  EXPECT_EQ(ndr::write(response).size(), golden("ServerInfo.answer").size());
}

TEST(DnspOperations, ReadsTheZonesOfSamba) {
  const auto response = read_golden<DataResponse>("EnumZones.answer");
  const auto& list = std::get<std::optional<ZoneList>>(response.data);
  ASSERT_TRUE(list.has_value());
  std::vector<std::string> zones;
  for (const auto& zone : list->zones) zones.push_back(fmt::format("{} {} {}", zone->name.value(), zone->type, zone->partition.value_or("-")));
  EXPECT_THAT(zones,
              testing::UnorderedElementsAre("big.contoso.test 1 DomainDnsZones.contoso.test", "contoso.test 1 DomainDnsZones.contoso.test",
                                            "types.contoso.test 1 DomainDnsZones.contoso.test", "16.10.in-addr.arpa 1 DomainDnsZones.contoso.test",
                                            "_msdcs.contoso.test 1 ForestDnsZones.contoso.test", ". 0 DomainDnsZones.contoso.test"));
  EXPECT_EQ(list->zones[0]->flags & (kDirectoryIntegrated | kPaused | kShutdown), kDirectoryIntegrated);
  EXPECT_EQ(ndr::write(response).size(), golden("EnumZones.answer").size());
}

TEST(DnspOperations, ReadsThePropertiesOfAZone) {
  const auto response = read_golden<DataResponse>("ZoneInfo.types.contoso.test.answer");
  const auto& zone = std::get<std::optional<ZoneInfo>>(response.data);
  ASSERT_TRUE(zone.has_value());
  EXPECT_EQ(zone->name, "types.contoso.test");
  EXPECT_EQ(zone->aging, 1U);
  EXPECT_EQ(zone->refresh_interval, 168U);
  EXPECT_EQ(zone->distinguished_name, "DC=types.contoso.test,CN=MicrosoftDNS,DC=DomainDnsZones,DC=contoso,DC=test");
  EXPECT_FALSE(zone->masters.has_value());
  EXPECT_EQ(ndr::write(response).size(), golden("ZoneInfo.types.contoso.test.answer").size());
}

TEST(DnspOperations, AnAnswerWithoutDataTellsItsResult) {
  EXPECT_EQ(read_golden<DataResponse>("ZoneInfo.nowhere.test.answer").result, kZoneDoesNotExist);
  EXPECT_EQ(read_golden<EnumRecords2Response>("EnumRecords.nowhere.test.@.answer").result, kNameDoesNotExist);
}

TEST(DnspOperations, AsksAsAnotherClientDoes) {
  Query2Request info;
  info.server = "dc1.contoso.test";
  info.operation = "ServerInfo";
  EXPECT_EQ(read_golden<Query2Request>("ServerInfo.request"), info);
  const std::size_t size = golden("ServerInfo.request").size();
  EXPECT_EQ((ndr::write(info).size() + 3) / 4 * 4, size);
  ComplexOperation2Request zones;
  zones.server = "dc1.contoso.test";
  zones.operation = "EnumZones";
  zones.data.emplace<std::uint32_t>(kAllZonesOfSamba);
  EXPECT_EQ(read_golden<ComplexOperation2Request>("EnumZones.request"), zones);
  EnumRecords2Request records;
  records.server = "dc1.contoso.test";
  records.zone = "types.contoso.test";
  records.node = "_tcp";
  EXPECT_EQ(read_golden<EnumRecords2Request>("EnumRecords.types.contoso.test._tcp.request"), records);
}

TEST(DnspOperations, EveryResultIsAnErrorThatNamesIt) {
  EXPECT_EQ(result_error(5).code, ErrorCode::PermissionDenied);
  EXPECT_EQ(result_error(kZoneDoesNotExist).code, ErrorCode::NotFound);
  EXPECT_EQ(result_error(12345).message, "the DNS service refuses (Win32 error 12345)");
}

// ---- records -------------------------------------------------------------------------------------------------------------------------------

TEST(DnspRecords, ReadsEveryTypeThatSambaServes) {
  const auto response = read_golden<EnumRecords2Response>("EnumRecords.types.contoso.test.@.answer");
  EXPECT_THAT(
      lines(response.buffer),
      ElementsAre(" SOA dc1.contoso.test. hostmaster.contoso.test. 7 900 600 86400 3600 3600", " NS dc1.contoso.test. 900", "* A 10.16.1.99 900",
                  "a A 10.16.1.1 300", "a A 10.16.1.2 300", "aaaa AAAA 2001:db8::1 900", "cname CNAME a.types.contoso.test. 900",
                  "mx MX 10 mail1.contoso.test. 900", "mx MX 20 mail2.contoso.test. 900", "txt TXT \"v=spf1 -all\" \"second string\" 900"));
  const auto service = read_golden<EnumRecords2Response>("EnumRecords.types.contoso.test._tcp.answer");
  EXPECT_THAT(lines(service.buffer), ElementsAre("_sip SRV 1 50 5060 a.types.contoso.test. 900"));
  const auto reverse = read_golden<EnumRecords2Response>("EnumRecords.16.10.in-addr.arpa.1.answer");
  EXPECT_THAT(lines(reverse.buffer), ElementsAre("1 PTR a.types.contoso.test. 900", "2 PTR a.types.contoso.test. 900"));
}

TEST(DnspRecords, NodesTellHowManyChildrenTheyHave) {
  const auto response = read_golden<EnumRecords2Response>("EnumRecords.types.contoso.test.@.answer");
  const auto nodes = read_nodes(response.buffer).value();
  const auto with_children = std::count_if(nodes.begin(), nodes.end(), [](const Node& node) { return node.children > 0; });
  EXPECT_EQ(with_children, 2);
  EXPECT_EQ(read_nodes(read_golden<EnumRecords2Response>("EnumRecords.big.contoso.test.@.answer").buffer).value().size(), 41U);
}

TEST(DnspRecords, EveryShorterBufferIsRefusedOrEndsBetweenNodes) {
  const Bytes buffer = read_golden<EnumRecords2Response>("EnumRecords.types.contoso.test.@.answer").buffer;
  std::size_t whole = 0;
  for (std::size_t size = 0; size < buffer.size(); ++size) {
    const auto nodes = read_nodes(ByteView(buffer).first(size));
    if (nodes.ok()) {
      ++whole;
    } else {
      EXPECT_EQ(nodes.error().code, ErrorCode::Malformed);
      EXPECT_THAT(nodes.error().message, HasSubstr("octet"));
    }
  }
  EXPECT_LT(whole, 30U);
}

std::string text_of(std::uint16_t type, std::string hex, std::uint32_t flags = 0xF0) {
  std::erase(hex, ' ');
  const Bytes data = from_hex(hex).value();
  const auto rdata = rdata_of(Record{type, flags, 0, 0, data});
  if (!rdata.ok()) return rdata.error().message;
  return dns::rdata_to_text(static_cast<dns::RecordType>(type), *rdata);
}

// As the sections of MS-DNSP lay them out, by hand: numbers are little-endian; the names are "a.b." and "c.".
TEST(DnspRecords, EveryTypeReadsAsDnsHasIt) {
  const std::string ab = "04 612e622e ", c = "02 632e ";
  EXPECT_EQ(text_of(1, "0a000001"), "10.0.0.1");
  for (const auto type : std::vector<std::uint16_t>{2, 5, 12, 39}) EXPECT_EQ(text_of(type, ab), "a.b.");
  for (const auto type : std::vector<std::uint16_t>{3, 4, 7, 8, 9}) EXPECT_EQ(text_of(type, c), "\\# 3 016300");
  EXPECT_EQ(text_of(6, "01000000 02000000 03000000 04000000 05000000 " + ab + c), "a.b. c. 1 2 3 4 5");
  EXPECT_EQ(text_of(10, "0102"), "\\# 2 0102");
  EXPECT_EQ(text_of(11, "0a000001 06 05 736d747000"), "\\# 11 0A0000010605736D747000");
  EXPECT_EQ(text_of(13, "01 78 02 797a"), "\"x\" \"yz\"");
  EXPECT_EQ(text_of(14, c + c), "\\# 6 016300016300");
  EXPECT_EQ(text_of(15, "0a00" + ab), "10 a.b.");
  EXPECT_EQ(text_of(16, "01 78 00"), "\"x\" \"\"");
  EXPECT_EQ(text_of(16, ""), "\"\"");
  EXPECT_EQ(text_of(17, ab + c), "a.b. c.");
  EXPECT_EQ(text_of(18, "0100" + ab), "1 a.b.");
  EXPECT_EQ(text_of(19, "02 3132"), "\\# 3 023132");
  EXPECT_EQ(text_of(20, "01 31 01 32"), "\\# 4 01310132");
  EXPECT_EQ(text_of(21, "0500" + c), "\\# 5 0005016300");
  EXPECT_EQ(text_of(24, "0100 05 02 10000000 20000000 30000000 3412" + c + "ff"), "\\# 22 000105020000001000000020000000301234016300FF");
  EXPECT_EQ(text_of(25, "0002 03 05 01020304"), "512 3 5 AQIDBA==");
  EXPECT_EQ(text_of(28, "20010db8000000000000000000000001"), "2001:db8::1");
  EXPECT_EQ(text_of(29, "00 12 16 13 80000000 80000000 00989680"), "0 0 0.000 N 0 0 0.000 E 0.00m 1.00m 10000.00m 10.00m");
  EXPECT_EQ(text_of(30, "0200 0040 0200" + c), "\\# 7 01630040000002");
  EXPECT_EQ(text_of(33, "0100 0200 c413" + ab), "1 2 5060 a.b.");
  EXPECT_EQ(text_of(34, "01 3132"), "\\# 3 013132");
  EXPECT_EQ(text_of(35, "0100 0200 01 73 01 74 00" + c), "1 2 \"s\" \"t\" \"\" c.");
  EXPECT_EQ(text_of(43, "3412 05 01 abcd"), "4660 5 1 ABCD");
  EXPECT_EQ(text_of(46, "0100 05 02 10000000 20000000 30000000 3412" + c + "ff"), "A 5 2 16 19700101000032 19700101000048 4660 c. /w==");
  EXPECT_EQ(text_of(47, c + "0001 40"), "c. A");
  EXPECT_EQ(text_of(48, "0101 03 05 01020304"), "257 3 5 AQIDBA==");
  EXPECT_EQ(text_of(49, "000201"), "AAIB");
  EXPECT_EQ(text_of(50, "01 00 0a00 01 02 aa bbcc 0001 40"), "1 0 10 AA NF60 A");
  EXPECT_EQ(text_of(51, "01 00 0a00 01 aa"), "1 0 10 AA");
  EXPECT_EQ(text_of(52, "03 01 01 abcd"), "3 1 1 ABCD");
  EXPECT_EQ(text_of(0xFF01, "00000100 02000000 03000000 01000000 0a000001"), "\\# 20 000100000000000200000003000000010A000001");
  EXPECT_EQ(text_of(0xFF02, "00000080 02000000 03000000" + c), "\\# 15 800000000000000200000003016300");
  EXPECT_EQ(text_of(0x8001, "0102"), "\\# 2 0102");
  // DNS_RPC_FLAG_RECORD_WIRE_FORMAT: as in a message already.
  EXPECT_EQ(text_of(15, "000a 01 61 00", 0x001000F0), "10 a.");
}

TEST(DnspNames, AreUtf8AsItIsAndBackslashesBeforeWhatIsNoDot) {
  const dns::Name name = parse_name("b\u00fcro\\.1.a b.example").value();
  EXPECT_EQ(name.to_string(), "b\\195\\188ro\\.1.a\\032b.example.");
  EXPECT_EQ(name_text(name), "b\u00fcro\\.1.a b.example.");
  EXPECT_EQ(parse_name(name_text(name)).value(), name);
  EXPECT_EQ(name_text(dns::Name()), ".");
  EXPECT_FALSE(parse_name("a..b").ok());
  EXPECT_EQ(text_of(5, "0b 62c3bc726f2e746573742e"), "b\\195\\188ro.test.");
}

TEST(DnspRecords, DataThatDoesNotFitItsTypeIsRefused) {
  EXPECT_EQ(text_of(2, "05 612e"), "a record of type NS: the data is shorter than its type");
  EXPECT_EQ(text_of(2, "02 612e 00"), "a record of type NS: the data is longer than its type");
  EXPECT_EQ(text_of(6, "01000000"), "a record of type SOA: the data is shorter than its type");
  EXPECT_THAT(text_of(15, "0a00 04 612e2e62"), HasSubstr("a record of type MX: "));
  EXPECT_EQ(text_of(30, "ffff 0100"), "a record of type NXT: the data is shorter than its type");
  EXPECT_EQ(text_of(0xFF01, "00000000 00000000 00000000 ffffffff"), "a record of type TYPE65281: there are too many WINS servers");
  EXPECT_TRUE(is_tombstone(Record{}));
}

}  // namespace
}  // namespace ipam::wire::dnsp
