// The commands against a server in memory: what is asked, what is printed, how it ends.
#include "cli/fake_api_suite.h"
#include "cli/lookup.h"
#include "json/codec.h"

#include <gmock/gmock.h>

namespace ipam::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string subnet(int id, const std::string& prefix, const std::string& name, const std::string& space = "Default") {
  return R"({"id":")" + std::to_string(id) + R"(","space_id":"1","space":")" + space + R"(","prefix":")" + prefix + R"(","name":")" + name +
         R"(","block_id":null,"category":"private","vlans":[],"vsid":null,"cooldown_seconds":null,"under_percent":null,"over_percent":null,)"
         R"("custom_fields":{},"description":"","owner":"","utilization":{"capacity":254,"used":157,"free":97,"assigned":100,"reserved":0,"leased":57,)"
         R"("percent":61.8,"status":"optimal"},"newer_field":1})";
}

std::string page(const std::vector<std::string>& items, const std::string& cursor, const std::string& total) {
  std::string text = R"({"items":[)";
  for (std::size_t i = 0; i < items.size(); ++i) text += (i > 0 ? "," : "") + items[i];
  return text + R"(],"next_cursor":)" + cursor + R"(,"total":)" + total + "}";
}

std::string problem(int status, const std::string& code, const std::string& detail, const std::string& errors = "[]") {
  return R"({"type":"about:blank","title":"t","status":)" + std::to_string(status) + R"(,"code":")" + code + R"(","detail":")" + detail +
         R"(","errors":)" + errors + R"(,"request_id":"01JD"})";
}

class Commands : public ::testing::Test {
 protected:
  // Two pages of subnets, as a server gives them.
  void serve_two_pages() {
    ipam.server.on("GET /api/v1/subnets", [](const Call& call) -> Result<Reply> {
      const bool second = call.target.find("cursor=c%2F1") != std::string::npos;
      return Reply{200, second ? page({subnet(2, "10.2.4.0/24", "db")}, "null", "null") : page({subnet(1, "10.2.3.0/24", "web")}, R"("c/1")", "2")};
    });
  }
  std::string last_body() const { return ipam.server.calls.back().call.body; }
  std::string last_target() const { return ipam.server.calls.back().call.target; }

  FakeRun ipam;
};

TEST_F(Commands, ListFollowsCursorsAndSaysHowManyThereAre) {
  serve_two_pages();
  ASSERT_EQ(ipam({"subnet", "list"}), 0) << ipam.host.error;
  EXPECT_EQ(ipam.host.output,
            "Prefix       Name  VLAN  Utilization         Free  Space    Description\n"
            "10.2.3.0/24  web         ▕██████▏   ▏  62 %    97  Default\n"
            "10.2.4.0/24  db          ▕██████▏   ▏  62 %    97  Default\n"
            "2 of 2 subnets\n");
}

TEST_F(Commands, ListPassesFiltersOnEncoded) {
  ipam.server.answer("GET /api/v1/subnets", 200, page({}, "null", "0"));
  ASSERT_EQ(
      ipam({"subnet", "list", "10.2.0.0/16", "--space", "Lab & co", "--filter", "name__startswith=a=b", "--sort", "-utilization", "--limit", "5"}),
      0);
  EXPECT_EQ(last_target(), "/api/v1/subnets?space=Lab%20%26%20co&within=10.2.0.0%2F16&name__startswith=a%3Db&sort=-utilization&count=exact&limit=5");
  EXPECT_EQ(ipam.host.output, "no subnets\n");
}

TEST_F(Commands, LimitEndsAListEarlyAndSaysSo) {
  serve_two_pages();
  ASSERT_EQ(ipam({"subnet", "list", "--limit", "1"}), 0);
  EXPECT_THAT(ipam.host.output, HasSubstr("1 of 2 subnets"));
  EXPECT_EQ(ipam.server.calls.size(), 1U);
}

TEST_F(Commands, AListWhoseCursorStandsStillEnds) {
  ipam.server.answer("GET /api/v1/subnets", 200, page({}, R"("same")", "null"));
  EXPECT_EQ(ipam({"subnet", "list"}), error_code_row(ErrorCode::Malformed).exit_status);
}

TEST_F(Commands, JsonIsTheServersOwnItems) {
  serve_two_pages();
  ASSERT_EQ(ipam({"subnet", "list", "-o", "json"}), 0);
  const auto json = json::parse(ipam.host.output);
  ASSERT_TRUE(json.ok());
  ASSERT_EQ(json->as_array().size(), 2U);
  EXPECT_EQ(json->as_array()[1], json::parse(subnet(2, "10.2.4.0/24", "db")).value());
}

TEST_F(Commands, CsvHasAHeaderEvenWithoutRows) {
  ipam.server.answer("GET /api/v1/credentials", 200, page({}, "null", "null"));
  ASSERT_EQ(ipam({"credential", "list", "-o", "csv"}), 0);
  EXPECT_EQ(ipam.host.output, "id,name,kind,user_name,algorithm\r\n");
}

TEST_F(Commands, PlainIsOneNameALine) {
  serve_two_pages();
  ASSERT_EQ(ipam({"subnet", "list", "-q"}), 0);
  EXPECT_EQ(ipam.host.output, "10.2.3.0/24\n10.2.4.0/24\n");
}

TEST_F(Commands, AHostileNameDoesNotReachTheTerminalRaw) {
  for (const char* format : {"table", "csv", "plain", "json"}) {
    ipam.host.output.clear();
    ipam.host.shown = {false, true, true, 200};
    ipam.host.variables["NO_COLOR"] = "1";
    ipam.server.answer("GET /api/v1/users", 200,
                       page({R"({"id":"1","name":"a\u001b[2J\u009b1m","access_group":"ipam_users","enabled":true,"description":""})"}, "null", "1"));
    ASSERT_EQ(ipam({"user", "list", "-o", format}), 0);
    EXPECT_THAT(ipam.host.output, Not(HasSubstr("\x1b"))) << format;
    EXPECT_THAT(ipam.host.output, Not(HasSubstr("\xc2\x9b"))) << format;
  }
}

TEST_F(Commands, ColoursAndWidthAreForTerminalsOnly) {
  serve_two_pages();
  ipam.host.shown.output = true;
  ipam.host.shown.columns = 60;
  ASSERT_EQ(ipam({"subnet", "list"}), 0);
  EXPECT_THAT(ipam.host.output, HasSubstr("\x1b[32m▕██████▏   ▏"));
  ipam.host.output.clear();
  ipam.host.variables["NO_COLOR"] = "1";
  ipam.host.variables["LANG"] = "C";
  ASSERT_EQ(ipam({"subnet", "list"}), 0);
  EXPECT_THAT(ipam.host.output, HasSubstr("[######    ]  62 %"));
  EXPECT_THAT(ipam.host.output, Not(HasSubstr("\x1b")));
}

TEST_F(Commands, ShowFindsByPrefixAndByName) {
  serve_two_pages();
  ipam.server.answer("GET /api/v1/subnets/2", 200, subnet(2, "10.2.4.0/24", "db"));
  for (const char* text : {"10.2.4.0/24", "DB", "2"}) {
    ipam.host.output.clear();
    ASSERT_EQ(ipam({"subnet", "show", text}), 0) << ipam.host.error;
    EXPECT_THAT(ipam.host.output, HasSubstr("Prefix       10.2.4.0/24\nName         db\n")) << text;
  }
}

TEST_F(Commands, ANameThatMeansSeveralListsThem) {
  ipam.server.answer("GET /api/v1/subnets", 200, page({subnet(1, "10.0.0.0/24", "x", "A"), subnet(2, "10.0.0.0/24", "x", "B")}, "null", "null"));
  EXPECT_EQ(ipam({"subnet", "show", "10.0.0.0/24"}), 3);
  EXPECT_THAT(ipam.host.error, HasSubstr("2 subnets are called '10.0.0.0/24'; say which by its id or with --space"));
  EXPECT_THAT(ipam.host.error, HasSubstr("id 2: 10.0.0.0/24, name x, space B"));
}

TEST_F(Commands, APrefixWithHostBitsIsRefusedBeforeAnythingIsAsked) {
  EXPECT_EQ(ipam({"subnet", "show", "10.2.4.1/24"}), 3);
  EXPECT_THAT(ipam.host.error, HasSubstr("10.2.4.0/24"));
  EXPECT_TRUE(ipam.server.calls.empty());
}

TEST_F(Commands, AddSendsOnlyWhatWasGivenAndWhy) {
  ipam.server.answer("POST /api/v1/subnets", 201, subnet(7, "10.2.5.0/24", "lab"));
  ASSERT_EQ(ipam({"subnet", "add", "10.2.5.0/24", "--name", "lab", "--vlan", "230", "--reason", "why not", "--reference", "CHG1"}), 0)
      << ipam.host.error;
  EXPECT_EQ(last_body(), R"({"prefix":"10.2.5.0/24","name":"lab","vlans":[230]})");
  const std::vector<std::pair<std::string, std::string>> headers{{"X-Change-Reason", "why not"}, {"X-Change-Reference", "CHG1"}};
  EXPECT_EQ(ipam.server.calls.back().call.headers, headers);
  EXPECT_EQ(ipam.host.output, "Added subnet 10.2.5.0/24 'lab'.\n");
}

TEST_F(Commands, AddNamesTheOptionThatIsWrong) {
  EXPECT_EQ(ipam({"subnet", "add", "10.2.5.0/24", "--vlan", "many"}), 3);
  EXPECT_EQ(ipam.host.error, "ipam: --vlan: must be an integer that is not negative\n");
  EXPECT_TRUE(ipam.server.calls.empty());
}

TEST_F(Commands, AddRangeTakesBothEnds) {
  ipam.server.on("POST /api/v1/ranges", [](const Call&) -> Result<Reply> { return Reply{403, problem(403, "permission_denied", "no")}; });
  EXPECT_EQ(ipam({"range", "add", "10.2.3.10 - 10.2.3.20", "--managed-by", "Non-Ms-Dhcp"}), 9);
  EXPECT_EQ(last_body(), R"({"first":"10.2.3.10","last":"10.2.3.20","managed_by":"non_ms_dhcp"})");
}

// "dns_servers" is a list of addresses of a range, and a switch of a discovery domain.
TEST_F(Commands, TheRolesOfADiscoveryDomainAreSwitches) {
  const auto no = [](const Call&) -> Result<Reply> { return Reply{403, problem(403, "permission_denied", "no")}; };
  ipam.server.on("POST /api/v1/discovery_domains", no);
  EXPECT_EQ(ipam({"discovery-domain", "add", "contoso.test", "--controllers", "dc1.contoso.test", "--credential", "reader", "--no-dns-servers",
                  "--no-policy-servers", "--dhcp-servers"}),
            9);
  EXPECT_EQ(last_body(), R"({"name":"contoso.test","controllers":"dc1.contoso.test","credential":"reader","dhcp_servers":true,"dns_servers":false,)"
                         R"("policy_servers":false})");
  ipam.server.on("POST /api/v1/ranges", no);
  EXPECT_EQ(ipam({"range", "add", "10.2.3.10 - 10.2.3.20", "--dns-servers", "10.0.0.1,10.0.0.2"}), 9);
  EXPECT_EQ(last_body(), R"({"first":"10.2.3.10","last":"10.2.3.20","dns_servers":["10.0.0.1","10.0.0.2"]})");
}

TEST_F(Commands, EditClearsAFieldWithAnEmptyValue) {
  serve_two_pages();
  ipam.server.answer("PATCH /api/v1/subnets/1", 200, subnet(1, "10.2.3.0/24", "web"));
  ASSERT_EQ(ipam({"subnet", "edit", "web", "--vlan", "", "--owner", "me"}), 0) << ipam.host.error;
  EXPECT_EQ(last_body(), R"({"owner":"me","vlans":null})");
  EXPECT_EQ(ipam({"subnet", "edit", "web"}), 3);
}

TEST_F(Commands, DeleteAsksOnATerminalOnly) {
  serve_two_pages();
  ipam.server.answer("DELETE /api/v1/subnets/1", 204, "");
  ipam.host.shown.input = true;
  ipam.host.lines = {"n"};
  EXPECT_EQ(ipam({"subnet", "delete", "web"}), error_code_row(ErrorCode::Cancelled).exit_status);
  EXPECT_THAT(ipam.host.error, StartsWith("Delete subnet 10.2.3.0/24 'web'? [y/N] "));
  EXPECT_EQ(ipam({"subnet", "delete", "web", "--yes"}), 0);
  ipam.host.shown.input = false;
  EXPECT_EQ(ipam({"subnet", "delete", "web"}), 0);
}

TEST_F(Commands, ProblemsAreASentenceWithFieldsAndRequest) {
  ipam.server.answer(
      "POST /api/v1/subnets", 409,
      problem(409, "already_exists", "10.2.5.0/24 overlaps another subnet", R"([{"pointer":"/prefix","detail":"overlaps \u001b[1m"}])"));
  EXPECT_EQ(ipam({"subnet", "add", "10.2.5.0/24"}), 5);
  EXPECT_EQ(ipam.host.error, "ipam: 10.2.5.0/24 overlaps another subnet\n  prefix: overlaps \\x1b[1m\n  request 01JD\n");
}

TEST_F(Commands, AProblemAboutOneFieldIsSaidOnce) {
  ipam.server.answer("GET /api/v1/subnets", 400, R"({"code":"invalid_argument","detail":"/sort: no","errors":[{"pointer":"/sort","detail":"no"}]})");
  EXPECT_EQ(ipam({"subnet", "list"}), 3);
  EXPECT_EQ(ipam.host.error, "ipam: sort: no\n");
}

TEST_F(Commands, AProblemMayLeaveOutWhatItDoesNotKnow) {
  ipam.server.answer("GET /api/v1/subnets", 409, R"({"code":"conflict","title":"Conflict"})");
  EXPECT_EQ(ipam({"subnet", "list"}), 6);
  EXPECT_EQ(ipam.host.error, "ipam: Conflict\n");
}

TEST_F(Commands, TablesAreSortedUnlessAskedOtherwise) {
  ipam.server.answer("GET /api/v1/subnets", 200, page({}, "null", "0"));
  ASSERT_EQ(ipam({"subnet", "list"}), 0);
  EXPECT_THAT(last_target(), HasSubstr("sort=prefix"));
  ASSERT_EQ(ipam({"subnet", "list", "-o", "csv"}), 0);
  EXPECT_THAT(last_target(), Not(HasSubstr("sort=")));
}

TEST_F(Commands, AnswersThatAreNoProblemDocumentKeepTheirMeaning) {
  ipam.server.answer("GET /api/v1/subnets", 502, "<html>Bad gateway</html>");
  EXPECT_EQ(ipam({"subnet", "list"}), error_code_row(ErrorCode::Unavailable).exit_status);
  ipam.server.answer("GET /api/v1/subnets", 200, "<html>");
  EXPECT_EQ(ipam({"subnet", "list"}), error_code_row(ErrorCode::Malformed).exit_status);
}

TEST_F(Commands, AnExpiredSessionSaysHowToSignIn) {
  ipam.server.answer("GET /api/v1/me", 401, problem(401, "unauthenticated", "the session has ended"));
  EXPECT_EQ(ipam({"whoami"}), 10);
  EXPECT_EQ(ipam.host.error, "ipam: the session has ended\n  Sign in with: ipam login\n  request 01JD\n");
}

TEST_F(Commands, ARefusedConnectionSaysWhatToTry) {
  ipam.server.on("GET /api/v1/me", [](const Call&) -> Result<Reply> { return Error(ErrorCode::Unavailable, "connection refused"); });
  EXPECT_EQ(ipam({"whoami"}), 11);
  EXPECT_THAT(ipam.host.error, HasSubstr("no answer from the IPAM server https://127.0.0.1:48885: connection refused\n  Start ipamd there"));
}

TEST_F(Commands, AnotherCertificateShowsBothFingerprints) {
  ipam.host.variables["IPAM_FINGERPRINT"] = "11:22";
  ipam.server.on("GET /api/v1/me", [](const Call&) -> Result<Reply> { return Error(ErrorCode::FailedPrecondition, "not the pinned one"); });
  EXPECT_EQ(ipam({"whoami"}), 8);
  EXPECT_THAT(ipam.host.error, HasSubstr("trusted: 11:22\n  shown:   AA:BB:CC"));
}

TEST_F(Commands, WrongUsageIsStatus2) {
  EXPECT_EQ(ipam({}), 2);
  EXPECT_EQ(ipam({"subnet"}), 2);
  EXPECT_EQ(ipam({"subnet", "list", "--nonsense"}), 2);
  EXPECT_EQ(ipam({"subnet", "list", "-o", "xml"}), 2);
  EXPECT_EQ(ipam({"subnet", "list", "--limit", "0"}), 2);
  EXPECT_TRUE(ipam.host.output.empty());
}

TEST_F(Commands, AWordThatIsNoCommandIsNamed) {
  EXPECT_EQ(ipam({"subnet", "remove", "10.0.0.0/8"}), 2);
  EXPECT_EQ(ipam.host.error,
            "ipam: 'remove' is not a command here; there are list, allocate, add, show, edit, delete, split, resize, merge, plan, trend, forecast, "
            "history\n");
}

TEST_F(Commands, EveryCommandExplainsItself) {
  for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{{"address", "allocate"}, {"scope", "list"}, {"task", "run"}}) {
    std::vector<std::string> arguments = command;
    arguments.emplace_back("--help");
    ipam.host.output.clear();
    EXPECT_EQ(ipam(arguments), 0);
    EXPECT_THAT(ipam.host.output, HasSubstr("Example:\n  ipam " + command[0] + " " + command[1]));
    EXPECT_THAT(ipam.host.output, HasSubstr("In Microsoft's IPAM: "));
  }
}

TEST(CoveringPrefix, IsTheSmallestThatHoldsBothEnds) {
  EXPECT_EQ(covering_prefix(ip::Range::parse("10.2.3.10-10.2.3.20").value()).to_string(), "10.2.3.0/27");
  EXPECT_EQ(covering_prefix(ip::Range::parse("0.0.0.0-255.255.255.255").value()).to_string(), "0.0.0.0/0");
  EXPECT_EQ(covering_prefix(ip::Range::parse("10.0.0.7").value()).to_string(), "10.0.0.7/32");
}

}  // namespace
}  // namespace ipam::cli
