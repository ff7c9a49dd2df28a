#include "wire/radius/accounting.h"
#include "wire/radius/detail_reader.h"
#include "wire/radius/packet.h"

#include "base/file.h"
#include "base/strings.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace ipam::wire::radius {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

// Octets that FreeRADIUS's radclient sent and a real FreeRADIUS answered, and its detail file: tests/lab/record_radius_golden.py.
std::string golden_text(const std::string& name) {
  return read_file(std::string(IPAM_SOURCE_FOLDER "/tests/golden/radius/") + name, 100'000).value();
}
Bytes golden(const std::string& name) {
  const std::string text = golden_text(name);
  const ByteView view = as_bytes(text);
  return {view.begin(), view.end()};
}

const Secret kSecret("testing123");
const Secret kOther("testing124");

Accounting accounting(const std::string& name) { return read_accounting(parse_packet(golden(name + ".request")).value()).value(); }

TEST(RadiusPacket, BelievesWhatRadclientSigned) {
  for (const char* name : {"start.request", "interim.request", "stop.request", "on.request", "status_server.request"}) {
    EXPECT_TRUE(verify_request(golden(name), kSecret).ok()) << name;
    EXPECT_EQ(verify_request(golden(name), kOther).error().code, ErrorCode::Unauthenticated) << name;
  }
}

TEST(RadiusPacket, BelievesNothingThatWasChanged) {
  for (const char* name : {"start.request", "status_server.request"}) {
    const Bytes octets = golden(name);
    for (std::size_t at = 0; at < octets.size(); ++at) {
      Bytes changed = octets;
      changed[at] ^= 0x01;
      ASSERT_FALSE(verify_request(changed, kSecret).ok()) << name << at;
    }
  }
}

TEST(RadiusPacket, AnswersTheOctetsThatFreeRadiusAnswered) {
  for (const char* name : {"start", "interim", "stop", "on"}) {
    const Packet request = parse_packet(golden(std::string(name) + ".request")).value();
    const Bytes answer = golden(std::string(name) + ".answer");
    EXPECT_EQ(to_hex(make_response(request, kSecret)), to_hex(answer)) << name;
    EXPECT_TRUE(verify_response(answer, request, kSecret).ok());
    EXPECT_EQ(verify_response(answer, request, kOther).error().code, ErrorCode::Unauthenticated);
  }
  // The answer has the two Proxy-States of the request, in their order.
  EXPECT_THAT(parse_packet(golden("start.answer")).value().attributes, ElementsAre(Attribute{33, {0xDE, 0xAD}}, Attribute{33, {0xBE, 0xEF}}));
}

TEST(RadiusPacket, WhatIsWrittenReadsAsTheSame) {
  for (const char* name : {"start.request", "interim.request", "status_server.request", "start.answer"}) {
    EXPECT_EQ(to_hex(serialize(parse_packet(golden(name)).value()).value()), to_hex(golden(name)));
  }
  const Packet stop = parse_packet(golden("stop.request")).value();
  EXPECT_EQ(to_hex(make_accounting_request(stop.id, stop.attributes, kSecret).value()), to_hex(golden("stop.request")));
}

TEST(RadiusPacket, RefusesWhatIsNotWholeAndPassesOverPadding) {
  const Bytes octets = golden("interim.request");
  for (std::size_t size = 0; size < octets.size(); ++size) {
    ASSERT_FALSE(parse_packet(ByteView(octets).first(size)).ok()) << size;
    ASSERT_FALSE(verify_request(ByteView(octets).first(size), kSecret).ok()) << size;
  }
  Bytes padded = octets;
  padded.resize(padded.size() + 9, 0xAA);
  EXPECT_EQ(parse_packet(padded).value(), parse_packet(octets).value());
  EXPECT_TRUE(verify_request(padded, kSecret).ok());
}

TEST(RadiusPacket, TakesNoOtherCodesAndNoStatusWithoutASignature) {
  Packet packet;
  packet.code = 1;
  EXPECT_EQ(verify_request(serialize(packet).value(), kSecret).error().code, ErrorCode::Unsupported);
  packet.code = 12;
  EXPECT_EQ(verify_request(serialize(packet).value(), kSecret).error().code, ErrorCode::Unauthenticated);
  packet.attributes = {{1, Bytes(254, 'x')}};
  EXPECT_EQ(serialize(packet).error().code, ErrorCode::InvalidArgument);
  packet.attributes.assign(20, {1, Bytes(253, 'x')});
  EXPECT_EQ(serialize(packet).error().code, ErrorCode::InvalidArgument);
}

TEST(RadiusAccounting, ReadsAStart) {
  const Accounting start = accounting("start");
  EXPECT_EQ(start.status, static_cast<std::uint32_t>(Status::Start));
  EXPECT_EQ(start.user_name, "alice");
  EXPECT_EQ(start.session_id, "S1");
  EXPECT_EQ(start.multi_session_id, "M1");
  EXPECT_EQ(start.nas_address->to_string(), "10.0.0.5");
  EXPECT_EQ(start.nas_identifier, "switch1");
  EXPECT_EQ(start.nas_port, 7U);
  EXPECT_EQ(start.nas_port_id, "Gi1/0/7");
  EXPECT_EQ(start.calling_station, "AA-BB-CC-DD-EE-01");
  EXPECT_EQ(format_time(*start.event_time), "2026-11-22T23:13:53Z");
  EXPECT_EQ(start.delay, 2U);
  EXPECT_THAT(start.classes, ElementsAre(Bytes{1, 2}));
  EXPECT_EQ(start.framed_address, std::nullopt);
}

TEST(RadiusAccounting, ReadsAddressesAndPrefixesOfAnInterim) {
  const Accounting interim = accounting("interim");
  EXPECT_EQ(interim.status, static_cast<std::uint32_t>(Status::Interim));
  EXPECT_EQ(interim.framed_address->to_string(), "10.1.0.10");
  ASSERT_THAT(interim.framed_ipv6_prefixes, SizeIs(1));
  EXPECT_EQ(interim.framed_ipv6_prefixes[0].to_string(), "2001:db8:1::/64");
  ASSERT_THAT(interim.framed_ipv6_addresses, SizeIs(1));
  EXPECT_EQ(interim.framed_ipv6_addresses[0].to_string(), "2001:db8:1::10");
  EXPECT_EQ(interim.delegated_ipv6_prefixes.at(0).to_string(), "2001:db8:f000::/56");
  EXPECT_EQ(interim.framed_interface_id, 0x10U);
  EXPECT_EQ(interim.input_octets, (std::uint64_t{1} << 32U) + 10);
  EXPECT_EQ(interim.output_octets, 20U);
  EXPECT_EQ(interim.session_time, 60U);
  ASSERT_THAT(interim.vendor_attributes, SizeIs(2));
  EXPECT_EQ(interim.vendor_attributes[0].vendor, 9U);
  EXPECT_EQ(as_text(interim.vendor_attributes[0].value), "audit-session-id=0A01");
}

TEST(RadiusAccounting, ReadsAStopAndASwitchThatBegins) {
  EXPECT_EQ(accounting("stop").user_name, "al\"ice");
  EXPECT_EQ(accounting("stop").nas_address->to_string(), "2001:db8::5");
  EXPECT_EQ(accounting("stop").terminate_cause, 1U);
  EXPECT_EQ(accounting("on").status, static_cast<std::uint32_t>(Status::AccountingOn));
}

TEST(RadiusAccounting, RefusesAttributesOfAWrongSize) {
  for (const std::uint8_t type : Bytes{4, 5, 8, 40, 41, 42, 46, 55, 95, 96, 97, 123, 168}) {
    Packet packet;
    packet.attributes = {{40, {0, 0, 0, 1}}, {type, Bytes{1}}};
    const auto read = read_accounting(packet);
    ASSERT_FALSE(read.ok()) << int{type};
    EXPECT_THAT(read.error().message, HasSubstr("attribute " + std::to_string(type)));
  }
  EXPECT_THAT(read_accounting(Packet{}).error().message, HasSubstr("Acct-Status-Type"));
}

TEST(RadiusAccounting, KeepsWhatIsNotKnownAndLeavesOutAddressesThatAreNone) {
  Packet packet;
  packet.attributes = {{40, {0, 0, 0, 1}}, {8, {255, 255, 255, 254}}, {200, {7}}, {26, {0, 0, 0, 9, 1}}, {97, {0, 9, 0x20, 0xFF}}};
  const Accounting read = read_accounting(packet).value();
  EXPECT_EQ(read.framed_address, std::nullopt);
  EXPECT_THAT(read.others, ElementsAre(Attribute{200, {7}}, Attribute{26, {0, 0, 0, 9, 1}}));
  EXPECT_EQ(read.framed_ipv6_prefixes.at(0).to_string(), "2080::/9");
}

TEST(RadiusAccounting, FindsHardwareAddressesOfStations) {
  for (const char* text :
       {"AA-BB-CC-DD-EE-01", "aa:bb:cc:dd:ee:01", "aabb.ccdd.ee01", "AABBCCDDEE01", "AA-BB-CC-DD-EE-01:office", "aabbccddee01:a:b"}) {
    EXPECT_EQ(station_address(text).value().to_string(), "aa:bb:cc:dd:ee:01") << text;
  }
  for (const char* text : {"", "10.0.0.1", "5551234", "AA-BB-CC-DD-EE", "AA-BB-CC-DD-EE-01x"}) EXPECT_EQ(station_address(text), std::nullopt) << text;
}

TEST(RadiusAccounting, TellsWhenItHappened) {
  const Time received = parse_time("2026-11-28T12:00:00Z").value();
  EXPECT_EQ(moment_of({.delay = 30}, received), received - std::chrono::seconds(30));
  EXPECT_EQ(moment_of({.event_time = received - std::chrono::hours(1), .delay = 30}, received), received - std::chrono::hours(1));
}

struct Told {
  std::vector<DetailEntry> entries;
  std::vector<log_lines::BadLine> bad;
};

DetailReader::Takers takers_of(Told& told) {
  return {.on_entry = [&told](const DetailEntry& entry) -> Result<void> {
            told.entries.push_back(entry);
            return {};
          },
          .on_bad = [&told](const log_lines::BadLine& line) -> Result<void> {
            told.bad.push_back(line);
            return {};
          }};
}

Told read(std::string_view text) {
  Told told;
  DetailReader reader(takers_of(told));
  EXPECT_TRUE(reader.feed(text).ok());
  EXPECT_TRUE(reader.finish().ok());
  return told;
}

// What a detail file cannot know, because it has names where the packet has numbers.
Accounting comparable(Accounting accounting) {
  accounting.vendor_attributes.clear();
  accounting.others.clear();
  accounting.texts.clear();
  accounting.framed_interface_id.reset();
  return accounting;
}

TEST(RadiusDetail, SaysTheSameAsThePackets) {
  const Told told = read(golden_text("detail"));
  EXPECT_THAT(told.bad, IsEmpty());
  ASSERT_THAT(told.entries, SizeIs(4));
  const std::array<const char*, 4> names{"start", "interim", "stop", "on"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    EXPECT_EQ(comparable(told.entries[i].accounting), comparable(accounting(names[i]))) << names[i];
    EXPECT_TRUE(told.entries[i].received);
  }
  EXPECT_THAT(told.entries[1].accounting.texts, Contains(Pair("Cisco-AVPair", "dhcp-option=\"x\"")));
}

TEST(RadiusDetail, StoppingAtEveryByteAndGoingOnChangesNothing) {
  const std::string text = golden_text("detail");
  const Told whole = read(text);
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    Told told;
    std::uint64_t offset = 0;
    {
      DetailReader reader(takers_of(told));
      ASSERT_TRUE(reader.feed(std::string_view(text).substr(0, cut)).ok());
      offset = reader.offset();
    }
    DetailReader reader(takers_of(told), offset);
    ASSERT_TRUE(reader.feed(std::string_view(text).substr(offset)).ok());
    ASSERT_EQ(told.entries, whole.entries) << cut;
    ASSERT_THAT(told.bad, IsEmpty()) << cut;
  }
}

TEST(RadiusDetail, ABadEntryIsToldAndCostsNoOther) {
  const std::string good = "Sat Nov 28 13:22:43 2026\n\tAcct-Status-Type = Start\n\tTimestamp = 1795872163\n\n";
  for (const auto& [attributes, reason] :
       std::vector<std::pair<std::string, std::string>>{{"\tTimestamp = 1795872163\n", "Acct-Status-Type"},
                                                        {"\tAcct-Status-Type = Start\n", "Timestamp"},
                                                        {"\tAcct-Status-Type = Novelty\n", "the status"},
                                                        {"\tAcct-Status-Type = Start\n\tTimestamp = soon\n", "the time"},
                                                        {"\tFramed-IP-Address = 10.1.0\n", "an address"},
                                                        {"\tFramed-IPv6-Prefix = 2001:db8::\n", "a prefix"},
                                                        {"\tAcct-Session-Time = long\n", "a number"},
                                                        {"\tUser-Name = \"alice\n", "no attribute"},
                                                        {"\tUser-Name\n", "no attribute"},
                                                        {std::string(70'000, 'x') + "\n", "longer"}}) {
    const std::string bad = join({"Sat Nov 28 13:22:44 2026", attributes}, "\n") + "\n";
    const Told told = read(join({good, bad, good}, ""));
    EXPECT_THAT(told.entries, SizeIs(2)) << attributes.substr(0, 80);
    ASSERT_THAT(told.bad, SizeIs(1)) << attributes.substr(0, 80);
    EXPECT_EQ(told.bad[0].offset, good.size());
    EXPECT_EQ(told.bad[0].size, bad.size());
    EXPECT_THAT(told.bad[0].reason, HasSubstr(reason));
  }
  EXPECT_THAT(read("\tUser-Name = \"a\"\n").bad.at(0).reason, HasSubstr("no entry"));
}

TEST(RadiusDetail, ReadsEscapesAndEntriesThatOthersHaveTaken) {
  const Told told = read(
      "Sat Nov 28 13:22:43 2026\n\tUser-Name = \"B\\303\\274ro\\n\\033[2J\"\n\tAcct-Status-Type = 3\n\tDone = 1795872163\n"
      "\tAcct-Unique-Session-Id = \"f00\"\n\tEvent-Timestamp = \"Nov 22 2026 23:13:53 CET\"\n\n");
  ASSERT_THAT(told.entries, SizeIs(1));
  EXPECT_EQ(told.entries[0].accounting.user_name, "B\xC3\xBCro\\x0a\\x1b[2J");
  EXPECT_EQ(told.entries[0].unique_id, "f00");
  EXPECT_EQ(format_time(*told.entries[0].received), "2026-11-28T13:22:43Z");
  EXPECT_EQ(told.entries[0].accounting.event_time, std::nullopt);
}

}  // namespace
}  // namespace ipam::wire::radius
