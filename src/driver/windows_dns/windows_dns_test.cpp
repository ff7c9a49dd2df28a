// What needs no server: URLs, and how a zone is judged.
#include "driver/windows_dns/access.h"
#include "driver/windows_dns/zone_health.h"

#include <gmock/gmock.h>

namespace ipam::driver::windows_dns {
namespace {

using model::ZoneHealth;
using model::ZoneKind;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(WindowsDnsUrl, IsAHostWithItsOptions) {
  const Access plain = parse_url("dcerpc://DC1.contoso.test").value();
  EXPECT_EQ(plain.target.host, "dc1.contoso.test");
  EXPECT_EQ(plain.target.where(), "dc1.contoso.test");
  EXPECT_EQ(plain.target.mapper_port, 135);
  EXPECT_EQ(plain.target.port, 0);
  EXPECT_TRUE(plain.kdcs.empty());
  const Access all =
      parse_url("dcerpc://dc1.contoso.test:1135/?kdc=10.0.0.1&kdc=kdc.contoso.test:88&kdc=[2001:db8::1]:88&address=10.0.0.9&port=49153").value();
  EXPECT_EQ(all.target.where(), "10.0.0.9");
  EXPECT_EQ(all.target.mapper_port, 1135);
  EXPECT_EQ(all.target.port, 49153);
  EXPECT_THAT(all.kdcs, ElementsAre("10.0.0.1", "kdc.contoso.test:88", "[2001:db8::1]:88"));
}

TEST(WindowsDnsUrl, WhatCannotBeIsRefusedWithItsForm) {
  for (const char* wrong : {"http://dc1", "dcerpc://", "dcerpc://10.0.0.1", "dcerpc://dc1:0", "dcerpc://dc1:x", "dcerpc://dc1/path",
                            "dcerpc://dc1?kdc=", "dcerpc://dc1?kdc=a b", "dcerpc://dc1?kdc=[::1", "dcerpc://dc1?address=dc1",
                            "dcerpc://dc1?port=70000", "dcerpc://dc1?other=1", "dcerpc://user@dc1", "dcerpc://dc1?"}) {
    const auto access = parse_url(wrong);
    ASSERT_FALSE(access.ok()) << wrong;
    EXPECT_EQ(access.error().code, ErrorCode::InvalidArgument);
    EXPECT_THAT(access.error().message, HasSubstr("dcerpc://dc1.contoso.test"));
  }
}

TEST(WindowsDnsCredential, NeedsAnAccountOfADomain) {
  const Access access = parse_url("dcerpc://dc1.contoso.test").value();
  Endpoint endpoint;
  EXPECT_THAT(make_credential(endpoint, access).error().message, HasSubstr("needs a credential"));
  endpoint.user_name = "reader";
  endpoint.password = Secret("secret");
  EXPECT_THAT(make_credential(endpoint, access).error().message, HasSubstr("NAME@REALM"));
  endpoint.user_name = "reader@contoso.test";
  EXPECT_TRUE(make_credential(endpoint, access).ok());
  endpoint.credential_kind = model::CredentialKind::Keytab;
  EXPECT_THAT(make_credential(endpoint, access).error().message, HasSubstr("keytab"));
}

// ---- health --------------------------------------------------------------------------------------------------------------------------------

const Time kNow = Time(std::chrono::seconds(1'764'000'000));

wire::dnsp::Zone zone(wire::dnsp::ZoneType type, std::uint32_t flags = 0) {
  wire::dnsp::Zone made;
  made.name = "corp.example";
  made.type = static_cast<std::uint8_t>(type);
  made.flags = flags;
  return made;
}

wire::dns::Soa soa() { return {.serial = 5, .refresh = 900, .retry = 600, .expire = 86400}; }

wire::dnsp::ZoneInfo confirmed(Duration ago) {
  wire::dnsp::ZoneInfo info;
  const auto at = std::chrono::duration_cast<std::chrono::seconds>((kNow - ago).time_since_epoch()).count();
  info.last_successful_soa_check = info.last_successful_transfer = static_cast<std::uint32_t>(at);
  wire::dnsp::Address master;
  master.socket_address = {2, 0, 0, 0, 10, 0, 0, 1};
  info.masters = wire::dnsp::AddressArray{1, 0, 2, {master}};
  return info;
}

TEST(WindowsDnsHealth, APrimaryIsWellPausedOrNotLoaded) {
  using enum wire::dnsp::ZoneType;
  const ObservedZone well = judge(zone(Primary), soa(), std::nullopt, kNow);
  EXPECT_EQ(well.health, ZoneHealth::Ok);
  EXPECT_EQ(well.serial, 5U);
  EXPECT_EQ(well.problem, "");
  const ObservedZone paused = judge(zone(Primary, wire::dnsp::kPaused), soa(), std::nullopt, kNow);
  EXPECT_EQ(paused.health, ZoneHealth::NotServed);
  EXPECT_THAT(paused.problem, HasSubstr("dnscmd /ZoneResume corp.example"));
  const ObservedZone broken = judge(zone(Primary, wire::dnsp::kShutdown), soa(), std::nullopt, kNow);
  EXPECT_EQ(broken.health, ZoneHealth::NeverLoaded);
  EXPECT_FALSE(broken.serial.has_value());
}

TEST(WindowsDnsHealth, ASecondaryIsJudgedByWhenItWasConfirmed) {
  using enum wire::dnsp::ZoneType;
  const ObservedZone well = judge(zone(Secondary), soa(), confirmed(std::chrono::minutes(10)), kNow);
  EXPECT_EQ(well.health, ZoneHealth::Ok);
  EXPECT_EQ(well.refresh_at, kNow + std::chrono::minutes(5));
  EXPECT_EQ(well.expires_at, kNow - std::chrono::minutes(10) + std::chrono::hours(24));
  const ObservedZone late = judge(zone(Secondary), soa(), confirmed(std::chrono::minutes(26)), kNow);
  EXPECT_EQ(late.health, ZoneHealth::PrimaryUnreachable);
  EXPECT_THAT(late.problem, HasSubstr("10.0.0.1"));
  const ObservedZone expired = judge(zone(Secondary, wire::dnsp::kShutdown), std::nullopt, confirmed(std::chrono::hours(30)), kNow);
  EXPECT_EQ(expired.health, ZoneHealth::Expired);
  const ObservedZone never = judge(zone(Secondary, wire::dnsp::kShutdown), std::nullopt, wire::dnsp::ZoneInfo{}, kNow);
  EXPECT_EQ(never.health, ZoneHealth::NeverLoaded);
  EXPECT_THAT(never.problem, HasSubstr("its primaries"));
}

TEST(WindowsDnsHealth, ZonesWithoutDataAreNotJudged) {
  using enum wire::dnsp::ZoneType;
  EXPECT_EQ(judge(zone(Forwarder), std::nullopt, std::nullopt, kNow).kind, ZoneKind::Forward);
  EXPECT_EQ(judge(zone(Stub, wire::dnsp::kShutdown), std::nullopt, std::nullopt, kNow).health, ZoneHealth::Unknown);
}

}  // namespace
}  // namespace ipam::driver::windows_dns
