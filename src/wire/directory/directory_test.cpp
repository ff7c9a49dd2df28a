// Against what Samba's own encoder wrote and its own decoder says (tests/lab/record_directory_golden.py), and the specifications' examples.
#include "base/file.h"
#include "base/strings.h"
#include "wire/directory/dhcp_server_value.h"
#include "wire/directory/distinguished_name.h"
#include "wire/directory/dns_node.h"
#include "wire/directory/filter.h"
#include "wire/directory/identifiers.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>

namespace ipam::wire::directory {
namespace {

struct Golden {
  Bytes octets;
  std::string meaning;
};

std::vector<Golden> golden(std::string_view kind) {
  const std::string text = read_file(IPAM_SOURCE_FOLDER "/tests/golden/directory/attributes.txt", 1U << 20U).value();
  std::vector<Golden> found;
  for (const std::string_view line : split(text, '\n')) {
    const auto cells = split(line, '\t');
    if (cells.size() == 3 && cells[0] == kind) found.push_back({from_base64(cells[1]).value(), std::string(cells[2])});
  }
  EXPECT_FALSE(found.empty()) << kind;
  return found;
}

std::string spelled(std::string_view text) {
  const auto name = DistinguishedName::parse(text);
  return name.ok() ? name->to_string() : "malformed";
}

TEST(DirectoryDnsRecord, ReadsWhatSambaWrites) {
  for (const Golden& each : golden("record")) {
    const auto record = DnsRecordValue::decode(each.octets);
    ASSERT_TRUE(record.ok()) << each.meaning;
    const bool named = record->type == kNameServerType || record->type == 5 || record->type == 12;
    EXPECT_EQ(fmt::format("{} {} {} {} {} {}", record->type, record->rank, record->serial, record->ttl_seconds, record->timestamp_hours,
                          named ? record->name().value() : "-"),
              each.meaning);
    const ByteView octets(each.octets);
    for (std::size_t size = 0; size < octets.size(); ++size) EXPECT_FALSE(DnsRecordValue::decode(octets.first(size)).ok());
  }
}

TEST(DirectoryDnsRecord, RefusesNamesThatLieAboutTheirLength) {
  DnsRecordValue record{.type = kNameServerType, .data = {5, 1, 3, 'd', 'c', '1', 0}};
  EXPECT_EQ(record.name().value(), "dc1");
  for (const Bytes& data : {Bytes{}, Bytes{5}, Bytes{9, 1, 3, 'd', 'c', '1', 0}, Bytes{5, 2, 3, 'd', 'c', '1', 0}, Bytes{5, 1, 200, 'd', 'c', '1', 0},
                            Bytes{4, 1, 4, 'd', 'c', '1'}}) {
    record.data = data;
    EXPECT_FALSE(record.name().ok()) << to_hex(data);
  }
  record.data = {7, 1, 5, 'A', '.', 'b', '\\', 0x07, 0};
  EXPECT_EQ(record.name().value(), "a\\.b\\\\\\007");
  record.data = {1, 0, 0};
  EXPECT_EQ(record.name().value(), ".");
}

TEST(DirectoryZoneType, IsTheOneThatSambaReads) {
  for (const Golden& each : golden("property")) {
    const auto type = decode_zone_type(each.octets);
    ASSERT_TRUE(type.ok());
    EXPECT_EQ(*type ? std::to_string(static_cast<unsigned>(**type)) : "-", each.meaning);
  }
}

TEST(SecurityIdentifier, ReadsAndWritesWhatSambaWrites) {
  for (const Golden& each : golden("sid")) {
    const auto sid = SecurityIdentifier::decode(each.octets);
    ASSERT_TRUE(sid.ok());
    EXPECT_EQ(sid->to_string(), each.meaning);
    EXPECT_EQ(sid->encode(), each.octets);
    for (std::size_t size = 0; size < each.octets.size(); ++size) EXPECT_FALSE(SecurityIdentifier::decode(ByteView(each.octets).first(size)).ok());
  }
}

TEST(SecurityIdentifier, IsOfADomainAndAnAccountInIt) {
  const SecurityIdentifier domain{.authority = 5, .parts = {21, 1, 2, 3}};
  EXPECT_EQ(domain.account(553).to_string(), "S-1-5-21-1-2-3-553");
  EXPECT_EQ(domain.account(553).relative(), 553U);
  EXPECT_EQ(SecurityIdentifier({.authority = 0x123456789ABC, .parts = {}}).to_string(), "S-1-0x123456789abc");
}

TEST(Guid, IsWrittenAsSambaWritesIt) {
  for (const Golden& each : golden("guid")) EXPECT_EQ(decode_guid(each.octets).value(), each.meaning);
  EXPECT_FALSE(decode_guid(Bytes(15)).ok());
}

TEST(DistinguishedName, KnowsTheNamesOfARealDirectory) {
  for (const Golden& each : golden("name")) {
    const auto name = DistinguishedName::parse(as_text(each.octets));
    ASSERT_TRUE(name.ok()) << each.meaning;
    EXPECT_EQ(name->value(), each.meaning);
    EXPECT_EQ(name->to_string(), as_text(each.octets));
    EXPECT_EQ(name->domain(), "contoso.test");
  }
}

TEST(DistinguishedName, ReadsTheExamplesOfTheSpecification) {
  EXPECT_EQ(spelled("UID=jsmith,DC=example,DC=net"), "UID=jsmith,DC=example,DC=net");
  EXPECT_EQ(spelled("OU=Sales+CN=J.  Smith,DC=example,DC=net"), "OU=Sales+CN=J.  Smith,DC=example,DC=net");
  EXPECT_EQ(spelled(R"(CN=James \"Jim\" Smith\, III,DC=example,DC=net)"), R"(CN=James \"Jim\" Smith\, III,DC=example,DC=net)");
  EXPECT_EQ(spelled(R"(CN=Before\0dAfter,DC=example,DC=net)"), R"(CN=Before\0dAfter,DC=example,DC=net)");
  EXPECT_EQ(spelled("1.3.6.1.4.1.1466.0=#04024869"), R"(1.3.6.1.4.1.1466.0=\#04024869)");
  EXPECT_EQ(DistinguishedName::parse(R"(CN=Lu\C4\8Di\C4\87)")->value(), "Lu\u010di\u0107");
  EXPECT_EQ(spelled(" CN = a ; DC = b "), "CN=a,DC=b");
  EXPECT_EQ(spelled(R"(CN=\ a\ )"), R"(CN=\ a\ )");
  for (const char* wrong : {"CN", "CN=a,", "=a", "CN=a\\", "CN=a\\g", "CN=a<b", "CN=\"a\"", ",CN=a"}) EXPECT_EQ(spelled(wrong), "malformed") << wrong;
  std::string deep = "CN=a";
  for (int part = 0; part < 300; ++part) deep += ",CN=a";
  EXPECT_EQ(spelled(deep), "malformed");
}

TEST(DistinguishedName, LiesWithinAnotherWhateverTheCase) {
  const auto name = DistinguishedName::parse("CN=NTDS Settings,CN=DC1,CN=Servers,CN=Zurich,CN=Sites,DC=contoso,DC=test").value();
  EXPECT_TRUE(name.within(DistinguishedName::parse("cn=sites,dc=CONTOSO,dc=test").value()));
  EXPECT_FALSE(name.within(DistinguishedName::parse("DC=fabrikam,DC=test").value()));
  EXPECT_EQ(name.value(1), "DC1");
  EXPECT_EQ(name.value(3), "Zurich");
  EXPECT_EQ(name.value(70), "");
  EXPECT_EQ(name.parent().to_string(), "CN=DC1,CN=Servers,CN=Zurich,CN=Sites,DC=contoso,DC=test");
}

TEST(SearchFilter, EscapesWhatCouldEndAValue) {
  EXPECT_EQ(equality_filter("cn", "a*)(objectClass=*"), R"((cn=a\2a\29\28objectClass=\2a))");
  EXPECT_EQ(escape_filter_value(std::string_view("a\0\\\xC3", 4)), R"(a\00\5c\c3)");
}

TEST(AuthorizedDhcpServer, HasItsAddressAndItsName) {
  for (const Golden& each : golden("dhcp")) {
    const auto server = DhcpServerValue::parse(as_text(each.octets)).value();
    EXPECT_EQ(server.address->to_string() + " " + server.host, each.meaning);
  }
  EXPECT_EQ(DhcpServerValue::parse("rCN=dhcp2.contoso.test.$i10.0.0.5$$x")->host, "dhcp2.contoso.test");
  EXPECT_FALSE(DhcpServerValue::parse("i10.0.0.5$sdhcp2")->host.empty());
  EXPECT_FALSE(DhcpServerValue::parse("i10.0.0.256$f0x0$").ok());
  EXPECT_FALSE(DhcpServerValue::parse("s\n$i10.0.0.1$\x01").ok());
  EXPECT_FALSE(DhcpServerValue::parse(std::string(5000, 's')).ok());
}

}  // namespace
}  // namespace ipam::wire::directory
