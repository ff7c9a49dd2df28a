#include "driver/kea/kea_leases.h"

#include "driver/kea/kea_golden_suite.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <map>

namespace ipam::driver::kea {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr Time at(std::int64_t seconds) { return Time(std::chrono::seconds(seconds)); }
// Before the golden leases end; the three that ended before they were recorded are told by their host names.
const Time kNow = parse_time("2026-11-23T07:00:00Z").value();

ip::Address address(std::string_view text) { return ip::Address::parse(text).value(); }

std::string page_of(std::string_view leases, int count) {
  return fmt::format(R"([{{"result":0,"arguments":{{"count":{},"leases":[{}]}}}}])", count, leases);
}

std::string lease(std::string_view ip, std::string_view more = {}) {
  return fmt::format(R"({{"ip-address":"{}","subnet-id":1,"cltt":1000,"valid-lft":60,"state":0,"hw-address":"02:00:00:00:00:01"{}}})", ip, more);
}

std::string message_of(std::string_view answer, const PageRequest& request = {.limit = 10}) {
  const auto page = read_lease_page(Service::Dhcp4, answer, request, at(1000));
  if (page.ok()) return "(it was read)";
  EXPECT_EQ(page.error().code, ErrorCode::Malformed);
  return page.error().message;
}

TEST(KeaLeases, ReadsRecordedPagesToTheirEnd) {
  std::map<std::string, std::map<model::LeaseState, int>> states;
  const auto first = read_lease_page(Service::Dhcp4, golden("lease4-get-page.start"), {.limit = 25}, kNow).value();
  const auto second = read_lease_page(Service::Dhcp4, golden("lease4-get-page.10.64.0.75"), {address("10.64.0.75"), 25}, kNow).value();
  const auto third = read_lease_page(Service::Dhcp4, golden("lease4-get-page.10.65.0.16"), {address("10.65.0.16"), 25}, kNow).value();
  EXPECT_FALSE(first.last);
  EXPECT_FALSE(second.last);
  EXPECT_TRUE(third.last);
  for (const auto* page : {&first, &second, &third}) {
    for (const auto& one : page->leases) ++states[one.scope_key][one.state];
  }
  using model::LeaseState;
  EXPECT_EQ(states["1"], (std::map<LeaseState, int>{{LeaseState::Active, 36}, {LeaseState::Declined, 1}, {LeaseState::Expired, 3}}));
  EXPECT_EQ(states["2"][LeaseState::Active] + states["7"][LeaseState::Active] + states["12"][LeaseState::Active], 22);
}

TEST(KeaLeases, ReadsEveryFieldOfALease) {
  const auto page =
      read_lease_page(Service::Dhcp4, page_of(lease("10.0.0.9", R"(,"client-id":"01:02:03","hostname":"pc-1")"), 1), {.limit = 10}, at(1059)).value();
  const ObservedLease expected{.address = address("10.0.0.9"),
                               .scope_key = "1",
                               .state = model::LeaseState::Active,
                               .hardware_address = ip::HardwareAddress::parse("02:00:00:00:00:01").value(),
                               .client_id = ip::ClientId::parse("01:02:03").value(),
                               .hostname = "pc-1",
                               .starts_at = at(1000),
                               .expires_at = at(1060)};
  ASSERT_EQ(page.leases.size(), 1U);
  EXPECT_EQ(page.leases[0], expected);
}

TEST(KeaLeases, ReadsAddressesAndDelegatedPrefixesOfVersion6) {
  const auto page = read_lease_page(Service::Dhcp6, golden("dhcp6.lease6-get-page.start"), {.limit = 25}, kNow).value();
  EXPECT_TRUE(page.last);
  ASSERT_EQ(page.leases.size(), 19U);
  const ObservedLease& first = page.leases.front();
  EXPECT_EQ(first.address, address("2001:db8:1::1001"));
  EXPECT_EQ(first.scope_key, "6:1");
  EXPECT_EQ(first.client_id->to_string(), "00:03:00:01:02:00:00:00:06:a5");
  EXPECT_EQ(first.hardware_address->to_string(), "02:00:00:00:06:a5");
  EXPECT_EQ(first.iaid, 1701U);
  EXPECT_EQ(first.delegated_length, std::nullopt);
  const ObservedLease& last = page.leases.back();
  EXPECT_EQ(last.address, address("2001:db8:80ff::"));
  EXPECT_EQ(last.delegated_length, std::uint8_t{56});
  const auto declined =
      std::find_if(page.leases.begin(), page.leases.end(), [](const auto& one) { return one.state == model::LeaseState::Declined; });
  ASSERT_NE(declined, page.leases.end());
  EXPECT_EQ(declined->client_id, std::nullopt);
  EXPECT_TRUE(read_lease_page(Service::Dhcp6, golden("dhcp6.lease6-get-page.past-the-end"), {.limit = 25}, kNow).value().last);
  EXPECT_EQ(read_scope_leases(Service::Dhcp6, golden("dhcp6.lease6-get-all.12"), "6:12", {}, kNow).value().size(), 3U);
}

TEST(KeaLeases, RefusesOddLeasesOfVersion6) {
  const auto message = [](std::string_view from, std::string_view to) {
    const auto page = read_lease_page(Service::Dhcp6, golden_with("dhcp6.lease6-get-page.start", from, to), {.limit = 25}, kNow);
    return page.ok() ? std::string("(it was read)") : page.error().message;
  };
  EXPECT_THAT(message("\"2001:db8:1::1001\"", "\"10.0.0.1\""), HasSubstr("lease6-get-page: field \"ip-address\" is no IPv6 address"));
  EXPECT_THAT(message("\"type\": \"IA_NA\"", "\"type\": \"IA_XX\""), HasSubstr("field \"type\""));
  EXPECT_THAT(message("\"prefix-len\": 56", "\"prefix-len\": 129"), HasSubstr("field \"prefix-len\""));
  EXPECT_THAT(message("\"iaid\": 1701", "\"iaid\": -1"), HasSubstr("field \"iaid\""));
}

TEST(KeaLeases, TellsALeaseWhoseTimeHasPassedAsExpired) {
  const auto page = read_lease_page(Service::Dhcp4, page_of(lease("10.0.0.9"), 1), {.limit = 10}, at(1060)).value();
  EXPECT_EQ(page.leases.at(0).state, model::LeaseState::Expired);
}

TEST(KeaLeases, ReadsADeclinedLeaseWithoutItsClient) {
  const auto page = read_lease_page(Service::Dhcp4, golden("lease4-get-page.start"), {.limit = 25}, kNow).value();
  const auto declined =
      std::find_if(page.leases.begin(), page.leases.end(), [](const auto& one) { return one.state == model::LeaseState::Declined; });
  ASSERT_NE(declined, page.leases.end());
  EXPECT_EQ(declined->address, address("10.64.0.50"));
  EXPECT_FALSE(declined->hardware_address || declined->client_id);
}

TEST(KeaLeases, EndsAtAnEmptyPage) {
  const auto page = read_lease_page(Service::Dhcp4, golden("lease4-get-page.past-the-end"), {.limit = 25}, kNow).value();
  EXPECT_TRUE(page.last);
  EXPECT_THAT(page.leases, IsEmpty());
}

TEST(KeaLeases, CleansAHostNameThatAClientChose) {
  const auto page =
      read_lease_page(Service::Dhcp4, page_of(lease("10.0.0.9", R"(,"hostname":"a\u0000\u001b[31m\u00e4")"), 1), {.limit = 10}, at(0)).value();
  EXPECT_EQ(page.leases.at(0).hostname, "a??[31m??");
  const auto longest = read_lease_page(Service::Dhcp4, page_of(lease("10.0.0.9", fmt::format(R"(,"hostname":"{}")", std::string(9000, 'h'))), 1),
                                       {.limit = 10}, at(0));
  EXPECT_LE(longest.value().leases.at(0).hostname.size(), 255U);
}

TEST(KeaLeases, RefusesAServerThatRepeatsItselfOrGoesBackwards) {
  EXPECT_THAT(message_of(page_of(lease("10.0.0.9") + "," + lease("10.0.0.9"), 2)), HasSubstr("repeats itself or goes backwards"));
  EXPECT_THAT(message_of(page_of(lease("10.0.0.9") + "," + lease("10.0.0.8"), 2)), HasSubstr("repeats itself or goes backwards"));
  EXPECT_THAT(message_of(page_of(lease("10.0.0.9"), 1), {address("10.0.0.9"), 10}), HasSubstr("repeats itself or goes backwards"));
}

TEST(KeaLeases, RefusesCountsThatAreNotTrue) {
  EXPECT_THAT(message_of(page_of(lease("10.0.0.9"), 2)), HasSubstr(R"("count" says 2, but there are 1 leases)"));
  EXPECT_THAT(message_of(page_of(lease("10.0.0.8") + "," + lease("10.0.0.9"), 2), {.limit = 1}), HasSubstr("1 leases were asked for, 2 came"));
}

TEST(KeaLeases, RefusesWrongTypesAndValuesAndNamesLeaseAndField) {
  const auto with = [](std::string_view from, std::string_view to) {
    std::string text = lease("10.0.0.9");
    text.replace(text.find(from), from.size(), to);
    return message_of(page_of(text, 1));
  };
  EXPECT_THAT(with(R"("10.0.0.9")", R"("10.0.0.999")"), HasSubstr(R"("ip-address" is no IPv4 address: "10.0.0.999")"));
  EXPECT_THAT(with(R"("10.0.0.9")", R"("2001:db8::1")"), HasSubstr(R"("ip-address" is no IPv4 address)"));
  EXPECT_THAT(with(R"("state":0)", R"("state":9)"), HasSubstr(R"(the lease of 10.0.0.9: field "state")"));
  EXPECT_THAT(with(R"("cltt":1000)", R"("cltt":-1)"), HasSubstr(R"(the lease of 10.0.0.9: field "cltt")"));
  EXPECT_THAT(with(R"("cltt":1000)", R"("cltt":1e300)"), HasSubstr(R"(field "cltt")"));
  EXPECT_THAT(with(R"("cltt":1000)", R"("cltt":18446744073709551615)"), HasSubstr(R"(field "cltt")"));
  EXPECT_THAT(with(R"("valid-lft":60)", R"("valid-lft":4294967296)"), HasSubstr(R"(field "valid-lft")"));
  EXPECT_THAT(with(R"("subnet-id":1)", R"("subnet-id":"1")"), HasSubstr(R"(field "subnet-id")"));
  EXPECT_THAT(with(R"("02:00:00:00:00:01")", R"("02:0")"), HasSubstr(R"(field "hw-address")"));
  EXPECT_THAT(with(R"("02:00:00:00:00:01")", "[]"), HasSubstr(R"(field "hw-address")"));
  EXPECT_THAT(message_of(R"([{"result":0,"arguments":{"count":0}}])"), HasSubstr(R"("leases" is missing)"));
  EXPECT_THAT(message_of(R"([{"result":0}])"), HasSubstr(R"("arguments" must be an object)"));
  EXPECT_THAT(message_of(page_of("7", 1)), HasSubstr("a lease must be an object"));
}

TEST(KeaLeases, ReadsTheLeasesOfOneScope) {
  const auto leases = read_scope_leases(Service::Dhcp4, golden("lease4-get-all.2"), "2", {}, kNow).value();
  ASSERT_EQ(leases.size(), 3U);
  EXPECT_EQ(leases[0].address, address("10.64.8.8"));
  EXPECT_FALSE(read_scope_leases(Service::Dhcp4, golden("lease4-get-all.2"), "7", {}, kNow).ok());
  EXPECT_FALSE(read_scope_leases(Service::Dhcp4, golden("lease4-get-all.2"), "2", {.leases = 2}, kNow).ok());
}

TEST(KeaLeases, AsksForThePageBehindAnAddress) {
  EXPECT_EQ(page_arguments({.limit = 500}), R"({"from":"start","limit":500})");
  EXPECT_EQ(page_arguments({address("10.0.0.9"), 500}), R"({"from":"10.0.0.9","limit":500})");
}

}  // namespace
}  // namespace ipam::driver::kea
