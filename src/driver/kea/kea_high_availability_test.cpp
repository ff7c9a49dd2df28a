#include "driver/kea/kea_high_availability.h"

#include "driver/kea/kea_golden_suite.h"

#include <gmock/gmock.h>

namespace ipam::driver::kea {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

HighAvailability read(const std::string& answer) { return read_high_availability_status(Service::Dhcp4, answer).value(); }

TEST(KeaHighAvailability, TellsRoleStateAndScopesOfBothPartners) {
  const auto primary = read(golden("status-get.ha-primary"));
  EXPECT_EQ(primary.state, "hot-standby: primary in state hot-standby, serves kea-a; partner: standby in state ready, serves nothing");
  EXPECT_THAT(primary.findings, IsEmpty());
  const auto standby = read(golden("status-get.ha-standby"));
  EXPECT_EQ(standby.state, "hot-standby: standby in state hot-standby, serves nothing; partner: primary in state hot-standby, serves kea-a");
  EXPECT_THAT(standby.findings, IsEmpty());
}

TEST(KeaHighAvailability, TellsThatThePartnerIsDownAndWhatToDo) {
  const auto alone = read(golden("status-get.ha-partner-down"));
  EXPECT_EQ(alone.state,
            "hot-standby: primary in state partner-down, serves kea-a; partner: standby in state unavailable, serves nothing, not heard of");
  EXPECT_THAT(alone.findings, ElementsAre(HasSubstr("start the partner's DHCP server")));
}

TEST(KeaHighAvailability, AServerWithoutPartnersHasNone) {
  EXPECT_EQ(read(golden("status-get")).state, "");
  EXPECT_THAT(read(golden("status-get")).findings, IsEmpty());
}

TEST(KeaHighAvailability, APartnerThatIsNotHeardOfIsAFindingInEveryState) {
  const auto status = read(golden_with("status-get.ha-primary", R"("communication-interrupted": false)", R"("communication-interrupted": true)"));
  EXPECT_THAT(status.state, HasSubstr("not heard of"));
  EXPECT_THAT(status.findings, ElementsAre(HasSubstr("repair the way between the partners")));
}

TEST(KeaHighAvailability, WhatIsNoPartnershipIsMalformed) {
  for (const auto& [from, to] : {std::pair{R"("state": "hot-standby")", R"("state": 7)"}, std::pair{R"("local": {)", R"("locale": {)"},
                                 std::pair{R"("scopes": [ "kea-a" ])", R"("scopes": "kea-a")"}}) {
    const auto status = read_high_availability_status(Service::Dhcp4, golden_with("status-get.ha-primary", from, to));
    ASSERT_FALSE(status.ok()) << to;
    EXPECT_EQ(status.error().code, ErrorCode::Malformed);
    EXPECT_THAT(status.error().message, HasSubstr("status-get"));
  }
}

}  // namespace
}  // namespace ipam::driver::kea
