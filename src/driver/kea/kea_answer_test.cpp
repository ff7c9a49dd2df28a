#include "driver/kea/kea_answer.h"

#include "driver/kea/kea_golden_suite.h"
#include "driver/kea/kea_offer.h"
#include "driver/kea/kea_secrets.h"
#include "driver/kea/kea_statistics.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <limits>

namespace ipam::driver::kea {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Error refused(std::string_view body) {
  const auto answer = open_answer(Service::Dhcp4, "version-get", body);
  return answer.ok() ? Error(ErrorCode::Internal, "(it was read)") : answer.error();
}

TEST(KeaAnswer, AcceptsAnArrayOfOneAndASingleObject) {
  EXPECT_TRUE(open_answer(Service::Dhcp4, "status-get", golden("status-get")).ok());
  EXPECT_TRUE(open_answer(Service::Dhcp4, "status-get", R"({"result":0})").ok());
}

TEST(KeaAnswer, TellsWhichHookBringsAMissingCommand) {
  const auto answer = open_answer(Service::Dhcp4, "lease4-get-page", golden("error.no-hook"));
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::Unsupported);
  EXPECT_THAT(answer.error().message, HasSubstr("libdhcp_lease_cmds.so"));
  EXPECT_THAT(answer.error().message, HasSubstr("command not supported"));
}

TEST(KeaAnswer, TellsARefusalInTheServersWords) {
  EXPECT_EQ(refused(golden("error.server-stopped")).code, ErrorCode::Unavailable);
  EXPECT_THAT(refused(golden("error.server-stopped")).message, HasSubstr("start kea-dhcp4"));
  EXPECT_EQ(refused(golden("error.no-such-service")).code, ErrorCode::Unsupported);
  EXPECT_EQ(refused(golden("error.bad-argument")).code, ErrorCode::FailedPrecondition);
  EXPECT_THAT(refused(golden("error.bad-argument")).message, HasSubstr("neither 'start' keyword nor a valid IPv4 address"));
  EXPECT_EQ(refused(golden("error.unauthorized")).code, ErrorCode::Unauthenticated);
  EXPECT_EQ(refused(R"({"result":403,"text":"no"})").code, ErrorCode::PermissionDenied);
  EXPECT_LT(refused(R"({"result":1,"text":")" + std::string(100'000, 'x') + "\"}").message.size(), 500U);
}

TEST(KeaAnswer, RefusesWhatIsNoAnswer) {
  const std::string half = golden("config-get").substr(0, 2000);
  for (const std::string_view body : {"", "<html><body>It works!</body></html>", "[]", "[{},{}]", "{}", "7", "null", R"({"result":"0"})",
                                      R"({"result":0.5})", R"([[{"result":0}]])", R"({"result":0,"text":7})", "\xff\xfe\x00", half.c_str()}) {
    EXPECT_EQ(refused(body).code, ErrorCode::Malformed) << body;
    EXPECT_LT(refused(body).message.size(), 400U);
  }
}

TEST(KeaAnswer, WritesTheQuestion) {
  EXPECT_EQ(question(Service::Dhcp4, "version-get"), R"({"command":"version-get","service":["dhcp4"]})");
  EXPECT_EQ(question(Service::Dhcp6, "x", R"({"a":1})"), R"({"command":"x","service":["dhcp6"],"arguments":{"a":1}})");
}

TEST(KeaOffer, NamesCapabilitiesAndWhatIsMissingForThem) {
  const auto all = report_on(Service::Dhcp4, read_commands(Service::Dhcp4, golden("list-commands")).value());
  EXPECT_THAT(all.capabilities, ElementsAre("configuration", "leases", "reservation-changes", "statistics", "statistics_recount"));
  EXPECT_THAT(all.findings, IsEmpty());
  const auto bare = report_on(Service::Dhcp4, read_commands(Service::Dhcp4, golden("list-commands.no-hook")).value());
  EXPECT_THAT(bare.capabilities, ElementsAre("configuration", "reservation-changes", "statistics"));
  EXPECT_THAT(bare.findings, ElementsAre(HasSubstr("libdhcp_lease_cmds.so"), HasSubstr("libdhcp_stat_cmds.so")));
}

TEST(KeaOffer, ReadsVersionAndStatus) {
  EXPECT_EQ(read_version(Service::Dhcp4, golden("version-get")).value(), "2.2.0");
  EXPECT_FALSE(read_version(Service::Dhcp4, R"({"result":0,"text":""})").ok());
  EXPECT_THAT(read_status(Service::Dhcp4, golden("status-get")).value(), IsEmpty());
  EXPECT_THAT(read_status(Service::Dhcp4, R"({"result":0,"arguments":{"sockets":{"status":"failed","errors":["eth7: no such device"]}}})").value(),
              ElementsAre(HasSubstr("eth7: no such device")));
}

TEST(KeaStatistics, CountsDeclinedAddressesAmongTheAssignedOnesByEitherCommand) {
  const std::vector<ObservedStatistics> expected{{"1", 1943, 40, 1}, {"2", 32, 3, 0}, {"7", 758, 18, 0}, {"12", 12, 1, 0}};
  EXPECT_EQ(read_statistics(Service::Dhcp4, golden("statistic-get-all"), {}).value(), expected);
  EXPECT_EQ(read_lease_statistics(Service::Dhcp4, golden("stat-lease4-get"), {}).value(), expected);
}

TEST(KeaStatistics, CountsTheAddressesOfVersion6) {
  const std::vector<ObservedStatistics> expected{{"6:1", 69632, 8, 1}, {"6:12", 256, 3, 0}};
  EXPECT_EQ(read_statistics(Service::Dhcp6, golden("dhcp6.statistic-get-all"), {}).value(), expected);
  EXPECT_EQ(read_lease_statistics(Service::Dhcp6, golden("dhcp6.stat-lease6-get"), {}).value(), expected);
}

TEST(KeaStatistics, TellsAnUncountableScopeOfVersion6AsTheLargestNumber) {
  const auto total = [](std::string_view text) {
    const std::string answer =
        fmt::format(R"({{"result":0,"arguments":{{"subnet[1].total-nas":[[{},""]],"subnet[1].assigned-nas":[[1,""]]}}}})", text);
    return read_statistics(Service::Dhcp6, answer, {}).value().at(0).total;
  };
  for (const std::string_view text : {"-1", "18446744073709551615", "1208925819614629174706176", "9223372036854775807"}) {
    EXPECT_EQ(total(text), std::numeric_limits<std::uint64_t>::max()) << text;
  }
}

TEST(KeaOffer, ACapabilityOfBothIsOneThatEachHas) {
  const auto all = report_on(Service::Dhcp6, read_commands(Service::Dhcp6, golden("dhcp6.list-commands")).value());
  EXPECT_THAT(all.capabilities, ElementsAre("configuration", "leases", "reservation-changes", "statistics", "statistics_recount"));
  const auto bare = report_on(Service::Dhcp4, read_commands(Service::Dhcp4, golden("list-commands.no-hook")).value());
  const auto both = join_reports(all, bare);
  EXPECT_THAT(both.capabilities, ElementsAre("configuration", "reservation-changes", "statistics"));
  EXPECT_THAT(both.findings, ElementsAre(HasSubstr("dhcp4: leases cannot be read"), HasSubstr("libdhcp_stat_cmds.so")));
}

TEST(KeaService, KeysOfScopesAreUniqueOverBothServices) {
  EXPECT_EQ(scope_key(Service::Dhcp4, 12), "12");
  EXPECT_EQ(scope_key(Service::Dhcp6, 12), "6:12");
  EXPECT_EQ(parse_scope_key("6:12"), (ScopeNumber{Service::Dhcp6, 12}));
  EXPECT_EQ(parse_scope_key("12"), (ScopeNumber{Service::Dhcp4, 12}));
  for (const std::string_view text : {"", "0", "6:", "6:0", "4:12", "x", "4294967295", "-1", "6:6:1"}) EXPECT_FALSE(parse_scope_key(text)) << text;
}

TEST(KeaStatistics, LeavesOutAScopeWhoseCountersAreImpossible) {
  const auto statistics =
      read_statistics(Service::Dhcp4, R"({"result":0,"arguments":{"subnet[1].total-addresses":[[9,""]],"subnet[1].assigned-addresses":[[-1,""]],
    "subnet[2].total-addresses":[[9,""]],"subnet[2].assigned-addresses":[[3,""],[2,""]],"subnet[2].pool[0].assigned-addresses":[[99,""]],
    "subnet[3].total-addresses":[[9,""]],"pkt4-received":[[7,""]]}})",
                      {});
  EXPECT_THAT(statistics.value(), ElementsAre(ObservedStatistics{"2", 9, 3, 0}));
}

TEST(KeaStatistics, RefusesWrongTypes) {
  EXPECT_FALSE(read_statistics(Service::Dhcp4, R"({"result":0,"arguments":{"subnet[1].total-addresses":9}})", {}).ok());
  EXPECT_FALSE(read_statistics(Service::Dhcp4, R"({"result":0,"arguments":{"subnet[1].total-addresses":[["9",""]]}})", {}).ok());
  EXPECT_FALSE(read_statistics(Service::Dhcp4, R"({"result":0,"arguments":[]})", {}).ok());
  EXPECT_FALSE(read_lease_statistics(Service::Dhcp4, R"({"result":0,"arguments":{"result-set":{"columns":["subnet-id"],"rows":[[1,2]]}}})", {}).ok());
  EXPECT_FALSE(read_statistics(Service::Dhcp4, golden("statistic-get-all"), {.scopes = 3}).ok());
}

TEST(KeaSecrets, AreRemovedByTheNameOfTheirKeyAtAnyDepth) {
  auto value = boost::json::parse(R"({"lease-database":{"password":"hide"},"tsig-keys":[{"name":"k","secret":"hide"}],
    "hooks-libraries":[{"parameters":{"peers":[{"url":"http://u:hide@h/x@y","basic-auth-password":"hide"}]}}],
    "user-context":{"API_Key":{"a":["hide"]},"note":"keep"},"password-file":"/keep"})");
  remove_secrets(value);
  const std::string text = boost::json::serialize(value);
  EXPECT_EQ(text.find("hide"), std::string::npos) << text;
  EXPECT_THAT(text, HasSubstr("http://(removed)@h/x@y"));
  EXPECT_THAT(text, HasSubstr(R"("note":"keep")"));
  EXPECT_THAT(text, HasSubstr("/keep"));
}

}  // namespace
}  // namespace ipam::driver::kea
