#include "driver/bind9/statistics.h"

#include "base/file.h"
#include "driver/bind9/zone_health.h"

#include <gmock/gmock.h>

#include <map>

namespace ipam::driver::bind9 {
namespace {

using model::ZoneHealth;
using model::ZoneKind;
using std::chrono::hours;
using std::chrono::seconds;
using ::testing::HasSubstr;

std::string golden(const std::string& file) { return read_file(IPAM_SOURCE_FOLDER "/tests/golden/bind/" + file, 1U << 24U).value(); }

TEST(BindStatistics, ReadsWhatBindTells) {
  const auto status = read_status(golden("secondary.status.json")).value();
  EXPECT_THAT(status.version, HasSubstr("9."));
  EXPECT_GT(status.now, Time(hours(24 * 365 * 50)));
  const auto listed = read_zones(golden("secondary.zones.json"), {}).value();
  EXPECT_TRUE(listed.told);
  EXPECT_TRUE(listed.counted);
  EXPECT_TRUE(listed.findings.empty());
  std::map<std::string, ListedZone> zones;
  for (const ListedZone& zone : listed.zones) zones[zone.name.to_string()] = zone;
  ASSERT_EQ(zones.size(), 6U);  // without BIND's own
  EXPECT_EQ(zones["lab.example."].kind, ZoneKind::Secondary);
  EXPECT_EQ(zones["lab.example."].serial, 2026112501U);
  EXPECT_TRUE(zones["lab.example."].expires_at > status.now);
  EXPECT_FALSE(zones["expired.example."].serial);
  EXPECT_TRUE(zones["expired.example."].expires_at < status.now);
  EXPECT_FALSE(zones["never.example."].loaded_at);  // BIND writes the epoch
}

std::string zone_json(const std::string& fields) {
  return R"({"views":{"_default":{"zones":[{"name":"a.example","class":"IN","type":"primary")" + fields + "}]}}}";
}

TEST(BindStatistics, RefusesWhatCannotBe) {
  for (const std::string& text : {std::string("<xml/>"), std::string("[]"), std::string("{\"views\":[]}"), std::string("{\"views\":{\"v\":1}}"),
                                  std::string("{\"views\":{\"v\":{\"zones\":{}}}}"), std::string("{\"views\":{\"v\":{\"zones\":[1]}}}"),
                                  std::string("{\"views\":{\"v\":{\"zones\":[{\"name\":\"a\"}]}}}"), std::string(100'000, '[')}) {
    const auto read = read_zones(text, {});
    ASSERT_FALSE(read.ok()) << text.substr(0, 80);
    EXPECT_EQ(read.error().code, ErrorCode::Malformed);
    EXPECT_LT(read.error().message.size(), 500U);
  }
  const std::string twice = R"({"views":{"v":{"zones":[{"name":"a","class":"IN","type":"primary"},{"name":"A.","class":"IN","type":"primary"}]}}})";
  EXPECT_THAT(read_zones(twice, {}).error().message, HasSubstr("twice"));
  Limits one;
  one.zones = 1;
  EXPECT_THAT(read_zones(golden("secondary.zones.json"), one).error().message, HasSubstr("more than 1 zones"));
  for (const char* status : {"{}", "{\"version\":1}", "{\"version\":\"9\",\"current-time\":\"yesterday\"}"}) EXPECT_FALSE(read_status(status).ok());
}

TEST(BindStatistics, PassesOverAZoneThatCannotBeReadAndSaysSo) {
  for (const char* fields : {R"(,"serial":4294967296)", R"(,"serial":-1)", R"(,"serial":"1")", R"(,"loaded":"soon")"}) {
    const auto listed = read_zones(zone_json(fields), {}).value();
    EXPECT_TRUE(listed.zones.empty());
    ASSERT_EQ(listed.findings.size(), 1U);
    EXPECT_THAT(listed.findings[0], HasSubstr("a.example"));
  }
  EXPECT_EQ(read_zones(zone_json(R"(,"serial":4294967295)"), {}).value().zones.at(0).serial, 4294967295U);
}

TEST(BindStatistics, TellsAListWithoutAnyZoneFromOneWithoutZonesOfOurs) {
  EXPECT_FALSE(read_zones("{}", {}).value().told);
  EXPECT_FALSE(read_zones(R"({"views":{"_default":{"zones":[]},"_bind":{"zones":[]}}})", {}).value().told);
  const std::string own = R"({"views":{"_bind":{"zones":[{"name":"version.bind","class":"CH","type":"builtin"}]}}})";
  EXPECT_TRUE(read_zones(own, {}).value().told);
  EXPECT_TRUE(read_zones(own, {}).value().zones.empty());
}

class ZoneHealthOf : public testing::Test {
 protected:
  ZoneHealthOf() {
    zone_.view = "_default";
    zone_.name = wire::dns::Name::parse("a.example").value();
    zone_.kind = ZoneKind::Secondary;
    zone_.serial = 1;
    zone_.loaded_at = now_ - hours(24);
    zone_.expires_at = now_ + hours(24 * 7) - seconds(100);  // confirmed 100 s ago
    soa_.serial = 1;
    soa_.refresh = 3600;
    soa_.retry = 600;
    soa_.expire = 7 * 86400;
  }
  ZoneHealth health(std::optional<SoaAnswer> answer) { return judge(zone_, answer, now_).health; }
  SoaAnswer answer() const { return {wire::dns::Rcode::NoError, soa_}; }

  const Time now_{hours(24 * 365 * 56)};
  ListedZone zone_;
  wire::dns::Soa soa_;
};

TEST_F(ZoneHealthOf, ASecondaryFollowsItsPrimary) {
  EXPECT_EQ(health(answer()), ZoneHealth::Ok);
  EXPECT_EQ(health(std::nullopt), ZoneHealth::Unknown);  // nobody answered: it may be without its primary
  zone_.expires_at = now_ + seconds(soa_.expire) - seconds(3600 + 600);
  EXPECT_EQ(health(answer()), ZoneHealth::Ok);
  zone_.expires_at = *zone_.expires_at - seconds(1);
  EXPECT_EQ(health(answer()), ZoneHealth::PrimaryUnreachable);
  // BIND holds itself to its own least times.
  soa_.refresh = soa_.retry = 1;
  zone_.expires_at = now_ + seconds(soa_.expire) - seconds(700);
  EXPECT_EQ(health(answer()), ZoneHealth::Ok);
}

TEST_F(ZoneHealthOf, AnExpiredZoneAndOneThatNeverCameAreToldApart) {
  zone_.serial.reset();
  zone_.expires_at = now_ - seconds(1);
  EXPECT_EQ(health(SoaAnswer{wire::dns::Rcode::ServFail, std::nullopt}), ZoneHealth::Expired);
  zone_.loaded_at.reset();
  zone_.expires_at.reset();
  EXPECT_EQ(health(SoaAnswer{wire::dns::Rcode::ServFail, std::nullopt}), ZoneHealth::NeverLoaded);
  zone_.kind = ZoneKind::Primary;
  EXPECT_EQ(health(std::nullopt), ZoneHealth::NeverLoaded);
  EXPECT_THAT(judge(zone_, std::nullopt, now_).problem, HasSubstr("named-checkzone"));
}

TEST_F(ZoneHealthOf, AZoneThatIsRefusedIsNotServed) {
  zone_.kind = ZoneKind::Primary;
  EXPECT_EQ(health(SoaAnswer{wire::dns::Rcode::Refused, std::nullopt}), ZoneHealth::NotServed);
  EXPECT_EQ(health(SoaAnswer{wire::dns::Rcode::NoError, std::nullopt}), ZoneHealth::NotServed);
  EXPECT_EQ(health(answer()), ZoneHealth::Ok);
  EXPECT_EQ(health(std::nullopt), ZoneHealth::Ok);
}

TEST_F(ZoneHealthOf, AZoneWithoutDataHasNone) {
  zone_.kind = ZoneKind::Forward;
  zone_.serial.reset();
  EXPECT_EQ(health(std::nullopt), ZoneHealth::Unknown);
  EXPECT_EQ(judge(zone_, std::nullopt, now_).problem, "");
}

}  // namespace
}  // namespace ipam::driver::bind9
