#include "wire/kea_lease_file/reader.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace ipam::wire::kea_lease_file {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

// Written by a real Kea: tests/lab/record_kea_lease_files.py.
std::string golden(const std::string& name) {
  std::ifstream file(IPAM_SOURCE_FOLDER "/tests/golden/fuzz/kea_lease_file_fuzz/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

Result<std::vector<Row>> read(ip::Family family, std::string_view text) {
  std::vector<Row> rows;
  Reader reader(family, [&](Row row) -> Result<void> {
    rows.push_back(std::move(row));
    return {};
  });
  IPAM_TRY(reader.feed(text));
  IPAM_TRY(reader.finish());
  return rows;
}

constexpr std::string_view kHeader = "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context\n";

std::string message_of(const std::string& line) {
  const auto rows = read(ip::Family::V4, std::string(kHeader) + line + "\n");
  if (rows.ok()) return "(it was read)";
  EXPECT_EQ(rows.error().code, ErrorCode::Malformed);
  return rows.error().message;
}

TEST(KeaLeaseFile, ReadsWhatARealKeaWrote) {
  const auto rows = read(ip::Family::V4, golden("lease4")).value();
  ASSERT_THAT(rows, SizeIs(testing::Ge(5U)));
  EXPECT_EQ(rows[0].address.to_string(), "10.70.0.10");
  EXPECT_EQ(to_hex(rows[0].hardware_address, ':'), "02:00:00:00:70:01");
  EXPECT_EQ(rows[0].subnet_id, 1U);
  EXPECT_EQ(rows[0].hostname, "first.example.");
  EXPECT_EQ(rows.back().valid_lifetime, 0U);  // the lease that was deleted
}

TEST(KeaLeaseFile, ReadsVersion6WithPrefixes) {
  const auto rows = read(ip::Family::V6, golden("lease6")).value();
  ASSERT_THAT(rows, SizeIs(2U));
  EXPECT_EQ(rows[0].type, LeaseType::Address);
  EXPECT_EQ(rows[0].iaid, 7U);
  EXPECT_EQ(rows[1].type, LeaseType::Prefix);
  EXPECT_EQ(rows[1].prefix_length, 56);
}

TEST(KeaLeaseFile, ALineThatIsStillBeingWrittenIsLeftOut) {
  const std::string text = golden("lease4");
  const std::size_t lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  for (std::size_t cut = text.find('\n') + 1; cut <= text.size(); ++cut) {
    const auto rows = read(ip::Family::V4, std::string_view(text).substr(0, cut));
    ASSERT_TRUE(rows.ok()) << rows.error().describe();
    EXPECT_LE(rows->size(), lines - 1);
  }
  EXPECT_FALSE(read(ip::Family::V4, "address,hwad").ok());
}

TEST(KeaLeaseFile, FindsColumnsByTheirNames) {
  const auto rows = read(ip::Family::V4, "novelty,subnet_id,expire,valid_lifetime,client_id,address\nx,7,100,60,01:02,10.0.0.1\n").value();
  ASSERT_THAT(rows, SizeIs(1U));
  EXPECT_EQ(rows[0].subnet_id, 7U);
  EXPECT_EQ(rows[0].expire, 100U);
  EXPECT_EQ(rows[0].client_id, (Bytes{1, 2}));
}

TEST(KeaLeaseFile, WhatKeaWouldNeverWriteIsMalformedWithItsLine) {
  EXPECT_THAT(message_of("10.0.0.1,,,60,100,1,0,0,,0"), HasSubstr("line 2 of the lease file: 11 columns"));
  EXPECT_THAT(message_of("10.0.0,,,60,100,1,0,0,,0,"), HasSubstr("address"));
  EXPECT_THAT(message_of("2001:db8::1,,,60,100,1,0,0,,0,"), HasSubstr("address"));
  EXPECT_THAT(message_of("10.0.0.1,,,-1,100,1,0,0,,0,"), HasSubstr("no number"));
  EXPECT_THAT(message_of("10.0.0.1,,,60,100,1,0,0,,9,"), HasSubstr("state"));
  EXPECT_THAT(message_of("10.0.0.1,zz,,60,100,1,0,0,,0,"), HasSubstr("hardware address"));
  EXPECT_THAT(message_of(std::string(kMaxLine + 1, 'x')), HasSubstr("longer"));
  EXPECT_THAT(read(ip::Family::V6, kHeader).error().message, HasSubstr("kea-dhcp6"));
}

TEST(KeaLeaseFile, SignsStandForTheCharactersThatSeparate) {
  EXPECT_EQ(unescape("a&#x2cb&#x26c"), "a,b&c");
  EXPECT_EQ(unescape("&#x"), "&#x");
  EXPECT_EQ(unescape("&#x2"), "&#x2");
  EXPECT_EQ(unescape("&#xzz&#x2C"), "&#xzz,");
}

}  // namespace
}  // namespace ipam::wire::kea_lease_file
