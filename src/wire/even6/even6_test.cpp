#include "wire/even6/binxml_encoder_suite.h"
#include "wire/even6/decoder.h"
#include "wire/even6/event.h"
#include "wire/even6/query.h"
#include "wire/even6/result_set.h"
#include "wire/even6/value.h"

#include "base/file.h"

#include <gmock/gmock.h>

namespace ipam::wire::even6 {
namespace {

using namespace encode;  // NOLINT: the names are of this room
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::SizeIs;

constexpr Guid kId{1, 2, 3};
constexpr Guid kInnerId{9, 9, 9};
constexpr std::uint16_t kAlways = 0xFFFF;

Bytes golden(const std::string& name) {
  std::string digits;
  for (const char c : read_file(std::string(IPAM_SOURCE_FOLDER "/tests/golden/even6/") + name, 100'000).value()) {
    if (c != ' ' && c != '\n') digits += c;
  }
  return from_hex(digits).value();
}

std::string xml(const Bytes& bytes) {
  Decoder decoder;
  const auto element = decoder.decode(bytes);
  return element.ok() ? element->to_xml() : element.error().describe();
}

// <a>VALUE</a> from a template with one value.
std::string substituted(std::uint8_t type, const Bytes& bytes) {
  return xml(fragment(template_instance(kId, element("a", {}, substitution(0, type), kAlways), {{type, bytes}})));
}

TEST(Even6BinXml, ReadsTheSimpleExampleOfTheSpecification) {
  EXPECT_EQ(xml(golden("specification_4_4.hex")),
            "<Event><Element1>abc</Element1><Element2> def &amp;&lt; ghi </Element2><Element3 AttrA=\"abc\" AttrB=\"def&amp;&lt;ghi\"/></Event>");
}

// The XML beside the octets in the specification is that of the record before, half a minute earlier; all else is the same.
TEST(Even6BinXml, ReadsTheExampleWithTemplatesOfTheSpecification) {
  EXPECT_EQ(xml(golden("specification_4_8.hex")),
            "<Event xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\"><System>"
            "<Provider Name=\"Microsoft-Windows-Wevttest\" Guid=\"{03f41308-fa7b-4fb3-98b8-c2ed0a40d1ef}\"/><EventID>100</EventID>"
            "<Version>0</Version><Level>1</Level><Task>100</Task><Opcode>1</Opcode><Keywords>0x4000000000e00000</Keywords>"
            "<TimeCreated SystemTime=\"2006-06-14T21:40:54.625807Z\"/><EventRecordID>6</EventRecordID><Correlation/>"
            "<Execution ProcessID=\"2088\" ThreadID=\"2464\"/><Channel>Microsoft-Windows-Wevttest/Operational/Wevttest</Channel>"
            "<Computer>michaelm4-lh.ntdev.corp.microsoft.com</Computer>"
            "<Security UserID=\"S-1-5-21-397955417-626881126-188441444-2967838\"/></System>"
            "<UserData><MyEvent xmlns:auto-ns2=\"http://schemas.microsoft.com/win/2004/08/events\" xmlns=\"myNs\">"
            "<Property>1</Property><Property2>2</Property2></MyEvent></UserData></Event>");
}

TEST(Even6BinXml, GivesTheFieldsOfTheExample) {
  Decoder decoder;
  const Event event = read_event(decoder.decode(golden("specification_4_8.hex")).value()).value();
  EXPECT_EQ(event.provider, "Microsoft-Windows-Wevttest");
  EXPECT_EQ(event.id, 100U);
  EXPECT_EQ(event.keywords, 0x4000000000e00000U);
  EXPECT_EQ(event.record_id, 6U);
  EXPECT_EQ(format_time(*event.time), "2006-06-14T21:40:54.625807Z");
  EXPECT_EQ(event.channel, "Microsoft-Windows-Wevttest/Operational/Wevttest");
  EXPECT_EQ(event.computer, "michaelm4-lh.ntdev.corp.microsoft.com");
  EXPECT_THAT(event.data, ElementsAre(Pair("Property", "1"), Pair("Property2", "2")));
  EXPECT_EQ(event.find("Property2"), "2");
  EXPECT_EQ(event.find("Property3"), std::nullopt);
}

TEST(Even6BinXml, RefusesBothExamplesCutAtEveryByte) {
  for (const char* name : {"specification_4_4.hex", "specification_4_8.hex"}) {
    const Bytes bytes = golden(name);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      Decoder decoder;
      const auto cut = decoder.decode(ByteView(bytes).first(size));
      ASSERT_FALSE(cut.ok()) << name << size;
      EXPECT_EQ(cut.error().code, ErrorCode::Malformed);
    }
  }
}

TEST(Even6BinXml, ReadsEveryTypeOfValue) {
  EXPECT_EQ(substituted(0x01, utf16("x\0y") + Bytes{0, 0}), "<a>x</a>");
  EXPECT_EQ(substituted(0x02, {'B', 0xFC, 'r', 'o', 0}), "<a>B\xC3\xBCro</a>");
  EXPECT_EQ(substituted(0x03, {0xFF}), "<a>-1</a>");
  EXPECT_EQ(substituted(0x04, {0xFF}), "<a>255</a>");
  EXPECT_EQ(substituted(0x05, little_endian(0xFFFE, 2)), "<a>-2</a>");
  EXPECT_EQ(substituted(0x06, little_endian(0xFFFE, 2)), "<a>65534</a>");
  EXPECT_EQ(substituted(0x07, little_endian(0xFFFFFFFD, 4)), "<a>-3</a>");
  EXPECT_EQ(substituted(0x08, little_endian(0xFFFFFFFD, 4)), "<a>4294967293</a>");
  EXPECT_EQ(substituted(0x09, little_endian(~std::uint64_t{3}, 8)), "<a>-4</a>");
  EXPECT_EQ(substituted(0x0A, little_endian(~std::uint64_t{3}, 8)), "<a>18446744073709551612</a>");
  EXPECT_EQ(substituted(0x0B, little_endian(0x3FC00000, 4)), "<a>1.5</a>");
  EXPECT_EQ(substituted(0x0C, little_endian(0xBFF8000000000000, 8)), "<a>-1.5</a>");
  EXPECT_EQ(substituted(0x0D, {1, 0, 0, 0}), "<a>true</a>");
  EXPECT_EQ(substituted(0x0D, {0}), "<a>false</a>");
  EXPECT_EQ(substituted(0x0E, {0x0A, 0xFF}), "<a>0aff</a>");
  EXPECT_EQ(substituted(0x0F, {0x08, 0x13, 0xf4, 0x03, 0x7b, 0xfa, 0xb3, 0x4f, 0x98, 0xb8, 0xc2, 0xed, 0x0a, 0x40, 0xd1, 0xef}),
            "<a>{03f41308-fa7b-4fb3-98b8-c2ed0a40d1ef}</a>");
  EXPECT_EQ(substituted(0x10, little_endian(18, 4)), "<a>0x12</a>");
  EXPECT_EQ(substituted(0x10, little_endian(18, 8)), "<a>0x12</a>");
  EXPECT_EQ(substituted(0x11, little_endian(133'771'392'000'000'000 + 5, 8)), "<a>2024-11-27T00:00:00Z</a>");
  EXPECT_EQ(substituted(0x12, little_endian(2026, 2) + little_endian(11, 2) + little_endian(6, 2) + little_endian(28, 2) + little_endian(1, 2) +
                                  little_endian(2, 2) + little_endian(3, 2) + little_endian(4, 2)),
            "<a>2026-11-28T01:02:03.004Z</a>");
  EXPECT_EQ(substituted(0x13, {1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0}), "<a>S-1-5-18</a>");
  EXPECT_EQ(substituted(0x14, little_endian(255, 4)), "<a>0xff</a>");
  EXPECT_EQ(substituted(0x15, little_endian(0x8020000000000000, 8)), "<a>0x8020000000000000</a>");
}

TEST(Even6BinXml, RefusesValuesOfTheWrongSizeAndOfUnknownTypes) {
  for (const auto& [type, bytes] : std::vector<std::pair<std::uint8_t, Bytes>>{{0x03, {}},
                                                                               {0x06, {1}},
                                                                               {0x08, {1, 2, 3}},
                                                                               {0x0A, {1}},
                                                                               {0x0D, {1, 2}},
                                                                               {0x0F, {1}},
                                                                               {0x10, {1}},
                                                                               {0x11, Bytes(8, 0xFF)},
                                                                               {0x12, Bytes(16, 0xFF)},
                                                                               {0x13, {1, 9, 0, 0, 0, 0, 0, 5}},
                                                                               {0x16, {1}},
                                                                               {0x7F, {}},
                                                                               {0x8E, {1}},
                                                                               {0x88, {1, 2, 3}},
                                                                               {0x93, {1}}}) {
    EXPECT_THAT(substituted(type, bytes), HasSubstr("malformed:")) << int{type};
  }
}

TEST(Even6BinXml, TellsAnElementOnceForEachItemOfAnArray) {
  const Bytes data = element("e", {}, element("Data", {{"Name", text("n")}}, substitution(0, 0x81), kAlways), kAlways);
  const auto told = [&](std::uint8_t type, const Bytes& bytes) { return xml(fragment(template_instance(kId, data, {{type, bytes}}))); };
  EXPECT_EQ(told(0x81, utf16("one") + Bytes{0, 0} + utf16("two") + Bytes{0, 0}), "<e><Data Name=\"n\">one</Data><Data Name=\"n\">two</Data></e>");
  EXPECT_EQ(told(0x82, {'x', 0, 'y'}), "<e><Data Name=\"n\">x</Data><Data Name=\"n\">y</Data></e>");
  EXPECT_EQ(told(0x86, {1, 0, 2, 0}), "<e><Data Name=\"n\">1</Data><Data Name=\"n\">2</Data></e>");
  EXPECT_EQ(told(0x8D, {1, 0, 0, 0, 0, 0, 0, 0}), "<e><Data Name=\"n\">true</Data><Data Name=\"n\">false</Data></e>");
  EXPECT_EQ(told(0x90, {1, 0, 0, 0}), "<e><Data Name=\"n\">0x1</Data></e>");
  EXPECT_EQ(told(0x93, {1, 0, 0, 0, 0, 0, 0, 5, 1, 0, 0, 0, 0, 0, 0, 1}), "<e><Data Name=\"n\">S-1-5</Data><Data Name=\"n\">S-1-1</Data></e>");
  EXPECT_EQ(told(0x81, {}), "<e/>");
}

TEST(Even6BinXml, ReadsReferencesSectionsAndInstructions) {
  const Bytes content = processing_instruction("style", "x=1") + text("a") + entity("lt") + entity("novelty") + character(0x263A) + cdata("<b>");
  EXPECT_EQ(xml(Bytes{} + processing_instruction("p", "q") + fragment(element("r", {}, content))), "<r>a&lt;&amp;novelty;\xE2\x98\xBA&lt;b&gt;</r>");
}

TEST(Even6BinXml, LeavesOutWhatDependsOnANullValue) {
  const Bytes definition = element("e", {{"there", substitution(1, 8)}, {"not", substitution(0, 8)}},
                                   element("gone", {}, text("x"), std::uint16_t{0}) + element("kept", {}, text("y"), std::uint16_t{1}), kAlways);
  EXPECT_EQ(xml(fragment(template_instance(kId, definition, {{0, {}}, {8, {7, 0, 0, 0}}}))), "<e there=\"7\"><kept>y</kept></e>");
}

TEST(Even6BinXml, RemembersTemplatesOfTheSession) {
  Decoder decoder;
  const Bytes definition = element("e", {}, substitution(0, 4), kAlways);
  EXPECT_EQ(decoder.decode(fragment(template_instance(kId, std::nullopt, {{4, {1}}}))).error().code, ErrorCode::NotFound);
  EXPECT_EQ(decoder.decode(fragment(template_instance(kId, definition, {{4, {1}}}))).value().to_xml(), "<e>1</e>");
  EXPECT_EQ(decoder.decode(fragment(template_instance(kId, std::nullopt, {{4, {2}}}))).value().to_xml(), "<e>2</e>");
  EXPECT_EQ(decoder.templates(), 1U);
}

TEST(Even6BinXml, ReadsFragmentsWithinValues) {
  const Bytes inner = fragment(template_instance(kInnerId, element("i", {}, substitution(0, 4), kAlways), {{4, {5}}}));
  EXPECT_EQ(substituted(0x21, inner), "<a><i>5</i></a>");
  EXPECT_EQ(substituted(0x21, fragment(element("plain", {}, text("x")))), "<a><plain>x</plain></a>");
  // A fragment that sends the template anew which is being read.
  const Bytes again = fragment(template_instance(kId, element("b", {}, {}, kAlways), {}));
  EXPECT_EQ(substituted(0x21, again), "<a><b/></a>");
}

TEST(Even6BinXml, IsBoundedInDepthCountAndSize) {
  Bytes deep = element("d", {}, {});
  for (int i = 0; i < 100; ++i) deep = element("d", {}, deep);
  Decoder decoder;
  EXPECT_EQ(decoder.decode(fragment(deep)).error().code, ErrorCode::Exhausted);

  Bytes nested = fragment(element("n", {}, {}));
  for (int i = 0; i < 12; ++i) nested = fragment(template_instance(kId, element("a", {}, substitution(0, 0x21), kAlways), {{0x21, nested}}));
  EXPECT_EQ(decoder.decode(nested).error().code, ErrorCode::Exhausted);

  // Each level tells the level below a hundred times: a bomb of 100^6.
  Bytes hundred;
  for (int i = 0; i < 100; ++i) hundred = std::move(hundred) + substitution(0, 0x21);
  Bytes bomb = fragment(element("x", {}, text("boom")));
  for (int i = 0; i < 6; ++i) bomb = fragment(template_instance(kId, element("a", {}, hundred, kAlways), {{0x21, bomb}}));
  EXPECT_EQ(decoder.decode(bomb).error().code, ErrorCode::Exhausted);

  // One text of 60 kB told a hundred times.
  Bytes texts;
  for (int i = 0; i < 100; ++i) texts = std::move(texts) + substitution(0, 0x02);
  EXPECT_EQ(decoder.decode(fragment(template_instance(kId, element("a", {}, texts, kAlways), {{0x02, Bytes(60'000, 'x')}}))).error().code,
            ErrorCode::Exhausted);

  Decoder small(DecoderLimits{.templates = 1});
  EXPECT_TRUE(small.decode(fragment(template_instance(kId, element("a", {}, {}, kAlways), {}))).ok());
  EXPECT_TRUE(small.decode(fragment(template_instance(kId, element("b", {}, {}, kAlways), {}))).ok());
  EXPECT_EQ(small.decode(fragment(template_instance(kInnerId, element("a", {}, {}, kAlways), {}))).error().code, ErrorCode::Exhausted);
}

TEST(Even6Event, ReadsEventDataByNameAndKeepsTheComputerOfAForwardedEvent) {
  const Bytes system =
      element("System", {},
              element("Provider", {{"Name", text("Microsoft-Windows-Security-Auditing")}}, {}) + element("EventID", {}, text("4768")) +
                  element("TimeCreated", {{"SystemTime", text("2026-11-28T12:00:00.1234567Z")}}, {}) + element("EventRecordID", {}, text("77")) +
                  element("Channel", {}, text("Security")) + element("Computer", {}, text("dc1.contoso.test")));
  const Bytes data = element("EventData", {},
                             element("Data", {{"Name", text("TargetUserName")}}, text("alice")) +
                                 element("Data", {{"Name", text("IpAddress")}}, text("::ffff:10.1.0.10")) + element("Data", {}, text("unnamed")));
  Decoder decoder;
  const Event event = read_event(decoder.decode(fragment(element("Event", {}, system + data))).value()).value();
  EXPECT_EQ(event.id, 4768U);
  EXPECT_EQ(event.computer, "dc1.contoso.test");
  EXPECT_EQ(event.find("IpAddress"), "::ffff:10.1.0.10");
  EXPECT_THAT(event.data, SizeIs(3));
}

TEST(Even6Event, RefusesWhatIsNoEvent) {
  Decoder decoder;
  for (const Bytes& content :
       {element("Event", {}, {}), element("Other", {}, element("System", {}, element("EventID", {}, text("1")))),
        element("Event", {}, element("System", {}, element("EventID", {}, text("many")))),
        element("Event", {},
                element("System", {}, element("EventID", {}, text("1")) + element("TimeCreated", {{"SystemTime", text("noon")}}, {})))}) {
    EXPECT_EQ(read_event(decoder.decode(fragment(content)).value()).error().code, ErrorCode::Malformed);
  }
}

TEST(Even6ResultSet, ReadsARecordWithItsBookmark) {
  const Bytes binxml = fragment(element("e", {}, {}));
  const Bytes bytes = record(binxml, {7, 12}, 1, {0});
  const Record read = parse_record(bytes).value();
  EXPECT_EQ(to_hex(read.binxml), to_hex(binxml));
  EXPECT_THAT(read.record_ids, ElementsAre(7, 12));
  EXPECT_EQ(read.current_channel, 1U);
  EXPECT_THAT(read.subquery_ids, ElementsAre(0));
  for (std::size_t size = 0; size < bytes.size(); ++size) ASSERT_FALSE(parse_record(ByteView(bytes).first(size)).ok()) << size;
}

TEST(Even6ResultSet, RefusesPlacesThatLeaveTheBuffer) {
  const Bytes buffer = record(fragment(element("e", {}, {})), {7}, 0) + record(fragment(element("f", {}, {})), {8}, 0);
  const auto size = static_cast<std::uint32_t>(buffer.size() / 2);
  EXPECT_THAT(records_of(buffer, {0, size}, {size, size}).value(), SizeIs(2));
  EXPECT_FALSE(records_of(buffer, {0, size + 1}, {size, size}).ok());
  EXPECT_FALSE(records_of(buffer, {0}, {size, size}).ok());
  EXPECT_FALSE(records_of(buffer, {0xFFFFFFFF}, {2}).ok());
}

TEST(Even6Query, AsksForIdsAfterATime) {
  const QueryFilter filter{.ids = {{4624, 4624}, {70, 166}}, .since = parse_time("2026-11-28T12:00:00.1239Z").value(), .after_record = {}};
  EXPECT_EQ(xpath(filter), "*[System[(EventID=4624 or (EventID>=70 and EventID<=166)) and TimeCreated[@SystemTime>='2026-11-28T12:00:00.123Z']]]");
  EXPECT_EQ(xpath({}), "*");
  EXPECT_EQ(structured_query("Security", {.ids = {{1, 1}}, .since = {}, .after_record = 9}),
            "<QueryList><Query Id=\"0\" Path=\"Security\"><Select Path=\"Security\">*[System[(EventID=1) and EventRecordID&gt;9]]</Select>"
            "</Query></QueryList>");
}

TEST(Even6Query, ManyIdsBecomeSeveralSelects) {
  QueryFilter filter;
  for (std::uint32_t id = 0; id < 40; ++id) filter.ids.push_back({id * 2, id * 2});
  const std::string query = structured_query("A<B", filter);
  std::size_t selects = 0;
  for (std::size_t at = query.find("<Select"); at != std::string::npos; at = query.find("<Select", at + 1)) ++selects;
  EXPECT_EQ(selects, 3U);
  EXPECT_THAT(query, HasSubstr("Path=\"A&lt;B\""));
  EXPECT_THAT(query, HasSubstr("EventID=78)"));
}

TEST(Even6Bookmark, IsReadAsItWasWrittenAndAsWindowsWritesIt) {
  const std::vector<Bookmark> bookmarks{{"Microsoft-Windows-Dhcp-Server/Operational", 12, true}, {"A & <B>", 3, false}};
  EXPECT_EQ(parse_bookmarks(to_xml(bookmarks)).value(), bookmarks);
  EXPECT_EQ(parse_bookmarks("<BookmarkList>\r\n  <Bookmark Channel='Application' RecordId='2004' IsCurrent='True'/>\r\n</BookmarkList>").value(),
            (std::vector<Bookmark>{{"Application", 2004, true}}));
  for (const char* text :
       {"", "<BookmarkList>", "<BookmarkList><Bookmark Channel='A'/></BookmarkList>", "<BookmarkList>x</BookmarkList>",
        "<BookmarkList><Bookmark Channel='A' RecordId='-1'/></BookmarkList>", "<BookmarkList><Bookmark Channel='A/></BookmarkList>"}) {
    EXPECT_EQ(parse_bookmarks(text).error().code, ErrorCode::Malformed) << text;
  }
}

}  // namespace
}  // namespace ipam::wire::even6
