#include "wire/dns/name.h"

#include "wire/dns/reader.h"
#include "wire/dns/writer.h"

#include "support/rapidcheck.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace ipam::wire::dns {
namespace {

using ::testing::HasSubstr;

Name name(std::string_view text) { return Name::parse(text).value(); }

TEST(DnsName, ReadsAndPrintsItsText) {
  EXPECT_EQ(name("www.Example.").to_string(), "www.Example.");
  EXPECT_EQ(name("www.example").to_string(), "www.example.");
  EXPECT_EQ(name(".").to_string(), ".");
  EXPECT_EQ(name("a\\.b.c").label_count(), 2U);
  EXPECT_EQ(name("a\\.b.c").to_string(), "a\\.b.c.");
  EXPECT_EQ(name("a\\032b\\255.c").to_string(), "a\\032b\\255.c.");
  EXPECT_EQ(name("\\097bc.").to_string(), "abc.");
  EXPECT_EQ(name("a\\;b").to_string(), "a\\;b.");
}

TEST(DnsName, RefusesWhatIsNotANameAndSaysWhy) {
  const std::pair<std::string, std::string> cases[] = {{"", "empty"},
                                                       {"a..b", "empty"},
                                                       {".a", "empty"},
                                                       {"a b", "\\DDD"},
                                                       {"b\xc3\xbc"
                                                        "cher",
                                                        "xn--"},
                                                       {"a\\", "backslash"},
                                                       {"a\\25", "backslash"},
                                                       {"a\\256", "backslash"},
                                                       {"a\"b", "backslash"},
                                                       {std::string(64, 'x'), "63"},
                                                       {std::string("a\tb"), "\\DDD"}};
  for (const auto& [text, why] : cases) {
    const auto parsed = Name::parse(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(parsed.error().code, ErrorCode::InvalidArgument);
    EXPECT_THAT(parsed.error().message, HasSubstr(why)) << text;
  }
}

TEST(DnsName, HasAtMost255Octets) {
  std::string longest;
  for (int i = 0; i < 3; ++i) longest += std::string(63, 'x') + '.';
  EXPECT_TRUE(Name::parse(longest + std::string(61, 'y')).ok());  // 3 × 64 + 62 + 1
  EXPECT_THAT(Name::parse(longest + std::string(62, 'y')).error().message, HasSubstr("255"));
}

TEST(DnsName, ComparesWithoutRegardToCase) {
  EXPECT_EQ(name("WWW.example"), name("www.EXAMPLE."));
  EXPECT_NE(name("a.b"), name("a\\.b"));
  EXPECT_TRUE(name("a.B.c").is_within(name("b.C")));
  EXPECT_TRUE(name("b.c").is_within(name("b.c")));
  EXPECT_FALSE(name("ab.c").is_within(name("b.c")));
  EXPECT_TRUE(name("x").is_within(name(".")));
}

TEST(DnsName, StandsInTheCanonicalOrderOfRfc4034) {
  const char* const ordered[] = {"example",   "a.example",       "yljkjljk.a.example", "Z.a.example",    "zABC.a.EXAMPLE",
                                 "z.example", "\\001.z.example", "*.z.example",        "\\200.z.example"};
  std::vector<Name> names;
  for (const char* text : ordered) names.push_back(name(text));
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  std::reverse(names.begin(), names.end());
  std::sort(names.begin(), names.end());
  for (std::size_t i = 0; i < names.size(); ++i) EXPECT_EQ(names[i], name(ordered[i]));
}

TEST(DnsName, KnowsReverseNames) {
  const auto v4 = ip::Address::parse("10.1.2.3").value(), v6 = ip::Address::parse("2001:db8::25").value();
  EXPECT_EQ(Name::reverse_of(v4).to_string(), "3.2.1.10.in-addr.arpa.");
  EXPECT_EQ(Name::reverse_of(v6).to_string(), "5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.");
  EXPECT_EQ(Name::reverse_of(v4).reversed_address(), v4);
  EXPECT_EQ(Name::reverse_of(v6).reversed_address(), v6);
  for (const char* text : {"2.1.10.in-addr.arpa", "03.2.1.10.in-addr.arpa", "256.2.1.10.in-addr.arpa", "1.2.3.4.example", "x.2.1.10.in-addr.arpa"}) {
    EXPECT_FALSE(name(text).reversed_address()) << text;
  }
}

TEST(DnsName, EveryNameReadsAsItPrints) {
  rc::check("text and octets", [] {
    const auto labels = *rc::gen::resize(8, rc::gen::container<std::vector<std::string>>(rc::gen::nonEmpty<std::string>()));
    Writer writer;
    for (const std::string& label : labels) {
      writer.u8(static_cast<std::uint8_t>(std::min<std::size_t>(label.size(), 63)));
      writer.bytes(as_bytes(std::string_view(label).substr(0, 63)));
    }
    writer.u8(0);
    RC_PRE(writer.size() <= Name::kMaxWireSize);
    const Name made = Name::from_wire(writer.data()).value();
    RC_ASSERT(as_text(Name::parse(made.to_string()).value().wire()) == as_text(made.wire()));
  });
}

// A header of 12 octets before the octets given.
Result<Name> read_at(Bytes octets, std::size_t at) {
  octets.insert(octets.begin(), 12, 0);
  Reader reader(octets, 12 + at);
  Name read = reader.name();
  if (auto checked = reader.check(); !checked.ok()) return std::move(checked).error();
  return read;
}

TEST(DnsNameReader, FollowsPointersBackward) {
  EXPECT_EQ(read_at({1, 'a', 0, 1, 'b', 0xC0, 12}, 3).value().to_string(), "b.a.");
  EXPECT_EQ(read_at({1, 'a', 0, 1, 'b', 0xC0, 12, 1, 'c', 0xC0, 15}, 7).value().to_string(), "c.b.a.");
}

TEST(DnsNameReader, RefusesLoopsAndEveryPointerThatIsNotBackward) {
  const std::pair<Bytes, std::size_t> cases[] = {{{0xC0, 12}, 0},            // to itself
                                                 {{1, 'a', 0xC0, 12}, 0},    // to its own beginning
                                                 {{0xC0, 14, 0xC0, 12}, 2},  // two that point to each other
                                                 {{0xC0, 14, 0}, 0},         // forward
                                                 {{0xC0}, 0},                // cut off
                                                 {{0xC0, 0}, 0},             // into the header
                                                 {{0xFF, 0xFF}, 0},          // past the end
                                                 {{0x40, 1}, 0},             // a label type that does not exist
                                                 {{0x80, 1}, 0},
                                                 {{5, 'a', 'b'}, 0},  // goes past the end
                                                 {{1, 'a'}, 0},       // has no end
                                                 {{}, 0}};
  for (const auto& [octets, at] : cases) {
    const auto read = read_at(octets, at);
    ASSERT_FALSE(read.ok()) << to_hex(octets);
    EXPECT_EQ(read.error().code, ErrorCode::Malformed);
  }
}

TEST(DnsNameReader, RefusesANameThatDecompressesToMoreThan255Octets) {
  Bytes octets;
  for (int i = 0; i < 5; ++i) {
    octets.push_back(60);
    octets.insert(octets.end(), 60, 'x');
  }
  octets.push_back(0);
  EXPECT_THAT(read_at(octets, 0).error().message, HasSubstr("255"));
  // The same by pointers: each adds 61 octets to what it points to.
  Bytes chain{0};
  std::size_t previous = 12;
  for (int i = 0; i < 5; ++i) {
    const std::size_t here = 12 + chain.size();
    chain.push_back(60);
    chain.insert(chain.end(), 60, 'x');
    chain.push_back(static_cast<std::uint8_t>(0xC0U | previous >> 8U));
    chain.push_back(static_cast<std::uint8_t>(previous));
    previous = here;
  }
  EXPECT_THAT(read_at(chain, previous - 12).error().message, HasSubstr("255"));
}

TEST(DnsNameWriter, CompressesWhatStandsThereAlready) {
  Writer writer;
  writer.bytes(Bytes(12, 0));
  writer.compressed(name("www.example"));
  const std::size_t before = writer.size();
  writer.compressed(name("mail.example"));
  EXPECT_EQ(writer.size() - before, 1U + 4U + 2U);
  writer.compressed(name("www.example"));
  writer.compressed(name("WWW.example"));  // another case is written as it is
  Reader reader(writer.data(), 12);
  for (const char* text : {"www.example.", "mail.example.", "www.example.", "WWW.example."}) EXPECT_EQ(reader.name().to_string(), text);
  EXPECT_TRUE(reader.ok());
}

}  // namespace
}  // namespace ipam::wire::dns
