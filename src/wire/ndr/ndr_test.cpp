#include "wire/ndr/ndr.h"

#include "base/file.h"
#include "wire/ndr/samples.h"

#include <gmock/gmock.h>

namespace ipam::wire::ndr {
namespace {

using namespace samples;
using ::testing::HasSubstr;
using ::testing::StartsWith;

Bytes golden(int choice) {
  const std::string content = read_file(IPAM_SOURCE_FOLDER "/tests/golden/ndr/answer-" + std::to_string(choice), 1U << 20U).value();
  return {content.begin(), content.end()};
}

Zone zone(std::uint8_t type, std::string name, std::uint32_t flags, std::optional<std::string> partition, std::vector<std::uint32_t> masters) {
  return {type, std::move(name), flags, std::move(partition), {std::move(masters)}};
}

// What the recording program gave to the other engine.
Answer truth(int choice) {
  Answer answer;
  answer.small = 7;
  answer.numbers = {1, 0x0202, 3, 0x04040404, 5, 0x0807060504030201, Colour::Blue};
  answer.server = "dc1.contoso.test";
  ZoneList zones{1, {}};
  zones.zones.emplace_back(zone(1, "contoso.test", 0x54, "DomainDnsZones.contoso.test", {}));
  zones.zones.emplace_back(zone(2, "m\u00fcller.example", 8, std::nullopt, {0x0100007F, 0x0200007F}));
  zones.zones.emplace_back(zone(1, "\U0001F98A", 0, std::nullopt, {}));
  answer.zones = zones;
  if (choice == 1) {
    answer.choice.emplace<0>(0xDEADBEEF);
  } else if (choice == 3) {
    answer.choice.emplace<1>("three");
  } else {
    answer.choice.emplace<2>(ZoneList{2, {zone(4, "10.in-addr.arpa", 1, "x", {1, 2, 3})}});
  }
  answer.handle.id = Uuid::parse("50abc2a4-574d-40b3-9d66-ee4fd5fba076").value();
  answer.octets = {1, 2, 3, 4, 5};
  answer.title = "title";
  answer.quad = {1, 2, 3};
  answer.result = 0x2556;
  return answer;
}

std::string error_of(const Bytes& bytes, const Limits& limits = {}) {
  const auto read_back = read<Answer>(bytes, limits);
  return read_back.ok() ? "" : read_back.error().message;
}

TEST(Ndr, ReadsWhatAnotherEngineWrote) {
  for (const int choice : {1, 3, 27}) {
    const auto answer = read<Answer>(golden(choice));
    ASSERT_TRUE(answer.ok()) << choice << ": " << answer.error().describe();
    EXPECT_EQ(*answer, truth(choice)) << choice;
  }
}

// Apart from what has no meaning: octets that only align, and the ids of referents.
TEST(Ndr, WritesAsManyOctetsAsTheOtherEngine) {
  for (const int choice : {1, 3, 27}) {
    const Bytes ours = write(truth(choice)), theirs = golden(choice);
    ASSERT_EQ(ours.size(), theirs.size());
    std::size_t same = 0;
    for (std::size_t i = 0; i < ours.size(); ++i) same += ours[i] == theirs[i] ? 1 : 0;
    EXPECT_GT(same, ours.size() * 8 / 10);
    EXPECT_EQ(read<Answer>(ours).value(), truth(choice));
  }
}

TEST(Ndr, SaysWhereTheOctetsAreWrong) {
  Bytes bytes = golden(27);
  const std::string whole(bytes.begin(), bytes.end());
  const std::size_t name = whole.find(std::string("m\0\xFC\0", 4));
  ASSERT_NE(name, std::string::npos);
  bytes[name - 4] = 0xFF;  // how many units there are
  EXPECT_EQ(error_of(bytes), "Zones.Zones[1].Name, octet 256: more elements are there than the array can hold");
}

TEST(Ndr, EveryShorterInputIsRefusedWithItsPlace) {
  const Bytes bytes = golden(27);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const Bytes shorter(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_THAT(error_of(shorter), HasSubstr("octet")) << size;
  }
}

TEST(Ndr, ALittlePaddingMayFollowAndNoMore) {
  Bytes bytes = golden(1);
  bytes.resize(bytes.size() + 15, 0xEE);
  EXPECT_EQ(error_of(bytes), "");
  bytes.push_back(0xEE);
  EXPECT_THAT(error_of(bytes), HasSubstr("octets are left over"));
}

TEST(Ndr, ACountThatItsElementsDoNotHaveIsRefused) {
  Writer writer;
  writer.u32(3);        // Count
  writer.u32(0x20000);  // Addresses
  writer.u32(2);        // as many as there are
  writer.u32(10);
  writer.u32(11);
  const auto masters = read<Masters>(std::move(writer).take());
  ASSERT_FALSE(masters.ok());
  EXPECT_THAT(masters.error().message, HasSubstr("Addresses, octet 12: as many elements are there as 2, but 3 are announced"));
}

TEST(Ndr, MemoryIsTakenOnlyForElementsThatHaveRoom) {
  Writer writer;
  writer.u32(0xFFFFFFFF);
  writer.u32(0x20000);
  writer.u32(0xFFFFFFFF);
  writer.u32(1);
  const auto masters = read<Masters>(std::move(writer).take());
  ASSERT_FALSE(masters.ok());
  EXPECT_THAT(masters.error().message, HasSubstr("4294967295 elements have no room"));
}

TEST(Ndr, ThereAreNoMoreElementsThanTheLimit) {
  EXPECT_THAT(error_of(golden(1), Limits{.elements = 2, .depth = 64}), HasSubstr("more than 2 elements"));
  EXPECT_EQ(error_of(golden(1), Limits{.elements = 8, .depth = 64}), "");
}

TEST(Ndr, ReferentsNestNoDeeperThanTheLimit) {
  EXPECT_THAT(error_of(golden(1), Limits{.elements = 100, .depth = 2}), HasSubstr("nested too deep"));
  EXPECT_EQ(error_of(golden(1), Limits{.elements = 100, .depth = 4}), "");
}

TEST(Ndr, AUnionOfAnUnknownTypeOrOfAnotherThanAnnouncedIsRefused) {
  Bytes bytes = golden(1);
  const std::string whole(bytes.begin(), bytes.end());
  const std::size_t value = whole.find("\xEF\xBE\xAD\xDE");
  ASSERT_NE(value, std::string::npos);
  bytes[value - 4] = 3;
  EXPECT_THAT(error_of(bytes), StartsWith("Choice, octet"));
  EXPECT_THAT(error_of(bytes), HasSubstr("of another type than is announced"));
  bytes[value - 8] = bytes[value - 4] = 99;
  EXPECT_THAT(error_of(bytes), HasSubstr("the union has no type 99 that is read here"));
}

TEST(Ndr, TextMustEndAndEndsAtTheFirstNul) {
  Answer answer = truth(1);
  answer.title = std::string("cut\0here", 8);
  EXPECT_EQ(read<Answer>(write(answer)).value().title, "cut");
  Bytes bytes = golden(1);
  const std::string whole(bytes.begin(), bytes.end());
  const std::size_t title = whole.find(std::string("t\0i\0t\0l\0e\0", 10));
  ASSERT_NE(title, std::string::npos);
  bytes[title + 10] = 'x';
  EXPECT_THAT(error_of(bytes), AllOf(StartsWith("Title"), HasSubstr("the text has no end")));
}

TEST(Ndr, HalvesOfPairsInWideTextAreReplaced) {
  EXPECT_EQ(utf8_of(u"a\xD83Dz"), "a\uFFFDz");
  EXPECT_EQ(utf8_of(u"\xDD8A"), "\uFFFD");
  EXPECT_EQ(utf8_of(utf16_of("\U0001F98A\u00fc")), "\U0001F98A\u00fc");
  EXPECT_EQ(utf8_of(utf16_of("a\xFFz")), "a\uFFFDz");
}

TEST(Ndr, FullPointersToOneObjectStayPointersToOneObject) {
  Pair pair;
  pair.left = std::make_shared<Node>(Node{1, std::make_shared<Node>(Node{2, nullptr})});
  pair.right = pair.left->next;
  const Pair again = read<Pair>(write(pair)).value();
  EXPECT_EQ(again.left->number, 1U);
  EXPECT_EQ(again.left->next->number, 2U);
  EXPECT_EQ(again.right, again.left->next);
  EXPECT_EQ(again.right->next, nullptr);
}

TEST(Ndr, AListOfFullPointersIsBoundedByTheDepth) {
  Writer writer;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    if (i == 0) {
      writer.u32(100'000);  // left
      writer.u32(0);        // right
    }
    writer.u32(i);
    writer.u16(0xAAAA);
    writer.u32(100'001 + i);
  }
  const auto pair = read<Pair>(std::move(writer).take());
  ASSERT_FALSE(pair.ok());
  EXPECT_THAT(pair.error().message, HasSubstr("nested too deep"));
}

TEST(Uuid, IsTextAndBack) {
  const Uuid uuid = Uuid::parse("50ABC2A4-574d-40b3-9d66-ee4fd5fba076").value();
  EXPECT_EQ(uuid.to_string(), "50abc2a4-574d-40b3-9d66-ee4fd5fba076");
  for (const char* wrong :
       {"", "50abc2a4-574d-40b3-9d66-ee4fd5fba07", "50abc2a4-574d-40b3-9d66ee4fd5fba0-76", "50abc2a4-574d-40b3-9d66-ee4fd5fba07x"}) {
    EXPECT_FALSE(Uuid::parse(wrong).ok()) << wrong;
  }
}

}  // namespace
}  // namespace ipam::wire::ndr
