// The commands that are more than a shared verb: signing in, allocating, servers, tasks, tokens.
#include "cli/fake_api_suite.h"
#include "cli/profile.h"
#include "cli/session.h"
#include "support/temporary_folder.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>

namespace ipam::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kSession = R"({"token":"t0k","expires_at":"2026-11-23T18:00:00Z","user_name":"admin","access_group":"ipam_administrators"})";
constexpr const char* kServer =
    R"({"id":"5","name":"kea1","product":"kea","manageability":"managed","url":"http://127.0.0.1:8000","credential":"kea1","tls_trust":"system_authorities","tls_fingerprint":"",)"
    R"("space_id":"1","space":"Default","description":"","status":{"availability":"unknown","problem":"","version":"","capabilities":[],)"
    R"("checked_at":null,"reached_at":null,"configuration_collected_at":null,"leases_collected_at":null,"zones_collected_at":null,"findings":[],"high_availability":""},"custom_fields":{}})";

std::string verified(const std::string& availability, const std::string& problem) {
  return R"({"status":{"availability":")" + availability + R"(","problem":")" + problem +
         R"(","version":"2.2.0","capabilities":["leases"],"checked_at":null,"reached_at":null,"configuration_collected_at":null,)"
         R"("leases_collected_at":null,"zones_collected_at":null,"findings":[],"high_availability":""},"findings":["load libdhcp_stat_cmds.so"]})";
}

std::string address(int id, const std::string& text) {
  return R"({"id":")" + std::to_string(id) + R"(","space_id":"1","space":"Default","address":")" + text +
         R"(","state":"in_use","name":"app7","hardware_address":null,"description":"","owner":"","assigned_at":"2026-11-23T06:00:00Z",)"
         R"("subnet_id":"2","category":"private","assignment":"static","managed_by":"ipam","service_instance":"","asset_tag":"","serial_number":"",)"
         R"("operating_system":"","custom_fields":{},"duplicate":false})";
}

std::string task(int runs, const std::string& result) {
  return R"({"name":"ServerConfiguration","description":"","period_seconds":21600,"default_period_seconds":21600,"enabled":true,"running":false,"runs":)" +
         std::to_string(runs) + R"(,"last_result":")" + result +
         R"(","last_message":"","last_started_at":null,"last_ended_at":null,"next_due_at":null,"outcomes":[{"server_id":"5","server":"kea1","result":")" +
         result + R"(","message":"12 scopes","started_at":"2026-11-23T06:00:00Z","ended_at":"2026-11-23T06:00:01.5Z"}]})";
}

class SpecialVerbs : public ::testing::Test {
 protected:
  SpecialVerbs() { ipam.host.variables["XDG_CONFIG_HOME"] = folder.path().string(); }

  std::filesystem::path profile_path() const { return folder.path() / "ipam" / "profiles.toml"; }
  std::string secret_file(const std::string& text) const {
    std::ofstream(folder.file("secret")) << text;
    return folder.file("secret");
  }
  void sign_in_by_profile() {
    ipam.host.variables.erase("IPAM_TOKEN");
    ASSERT_TRUE(save_profiles(profile_path(), {{"default", {"https://127.0.0.1:48885", "aa:bb", "", "admin", "t0k", ""}}}).ok());
  }

  test::TemporaryFolder folder;
  FakeRun ipam;
};

TEST_F(SpecialVerbs, LoginAsksOnceThenPins) {
  ipam.host.variables.erase("IPAM_TOKEN");
  ipam.host.shown.input = true;
  ipam.host.lines = {"yes", "admin"};
  ipam.host.secrets = {"secret"};
  ipam.server.answer("POST /api/v1/sessions", 201, kSession);
  ASSERT_EQ(ipam({"login"}), 0) << ipam.host.error;
  EXPECT_THAT(ipam.host.error, HasSubstr(shown_fingerprint(ipam.server.certificate)));
  EXPECT_EQ(ipam.server.calls.back().fingerprint, ipam.server.certificate);
  EXPECT_EQ(ipam.server.calls.back().call.body, R"({"user_name":"admin","password":"secret","cookie":null})");
  EXPECT_EQ(load_profiles(profile_path())->at("default"),
            (Profile{"https://127.0.0.1:48885", ipam.server.certificate, "", "admin", "t0k", "2026-11-23T18:00:00Z"}));
  EXPECT_THAT(ipam.host.output, Not(HasSubstr("t0k")));

  ipam.host.error.clear();
  ipam.host.secrets = {"secret"};
  ASSERT_EQ(ipam({"login", "--user", "admin"}), 0);
  EXPECT_THAT(ipam.host.error, Not(HasSubstr("is not known here")));
}

TEST_F(SpecialVerbs, LoginSendsNothingToAServerThatIsNotTrusted) {
  ipam.host.shown.input = true;
  ipam.host.lines = {"n"};
  EXPECT_EQ(ipam({"login", "--user", "admin"}), 15);
  ipam.host.shown.input = false;
  EXPECT_EQ(ipam({"login", "--user", "admin", "--password-file", secret_file("p\n")}), 8);
  EXPECT_THAT(ipam.host.error, HasSubstr("--fingerprint"));
  EXPECT_EQ(ipam({"login", "--user", "admin", "--fingerprint", "aabb"}), 3);
  EXPECT_TRUE(ipam.server.calls.empty());
  EXPECT_FALSE(std::filesystem::exists(profile_path()));
}

TEST_F(SpecialVerbs, LoginWithoutATerminalTakesFingerprintAndPasswordFile) {
  ipam.server.answer("POST /api/v1/sessions", 201, kSession);
  std::string plain = ipam.server.certificate;
  plain.erase(std::remove(plain.begin(), plain.end(), ':'), plain.end());
  ASSERT_EQ(ipam({"login", "ipam.example.net", "--user", "admin", "--password-file", secret_file("p w\r\nmore\n"), "--fingerprint", plain}), 0)
      << ipam.host.error;
  EXPECT_EQ(ipam.server.calls.back().url, "https://ipam.example.net:48885");
  EXPECT_EQ(ipam.server.calls.back().fingerprint, ipam.server.certificate);
  EXPECT_THAT(ipam.server.calls.back().call.body, HasSubstr("\"p w\""));
}

TEST_F(SpecialVerbs, AWrongPasswordIsNotAnsweredWithAdviceToSignIn) {
  ipam.server.answer("POST /api/v1/sessions", 401, R"({"code":"unauthenticated","detail":"the user name or the password is wrong"})");
  EXPECT_EQ(ipam({"login", "--user", "admin", "--password-file", secret_file("p"), "--fingerprint", ipam.server.certificate}), 10);
  EXPECT_EQ(ipam.host.error, "ipam: the user name or the password is wrong\n");
}

TEST_F(SpecialVerbs, ATokenOfOneServerIsNotSentToAnother) {
  sign_in_by_profile();
  ipam.server.answer("GET /api/v1/me", 200, R"({"id":"1","user_name":"admin","access_group":"ipam_users"})");
  ASSERT_EQ(ipam({"whoami"}), 0) << ipam.host.error;
  EXPECT_EQ(ipam.server.calls.back().token, "t0k");
  EXPECT_EQ(ipam.server.calls.back().fingerprint, "aa:bb");
  EXPECT_EQ(ipam({"whoami", "--ipam-server", "https://10.0.0.1:48885"}), 10);
  EXPECT_EQ(ipam.server.calls.size(), 1U);
}

TEST_F(SpecialVerbs, LogoutForgetsTheTokenEvenIfTheServerIsGone) {
  sign_in_by_profile();
  ipam.server.on("DELETE /api/v1/sessions/current", [](const Call&) -> Result<Reply> { return Error(ErrorCode::Unavailable, "refused"); });
  EXPECT_EQ(ipam({"logout"}), 11);
  const Profile profile = load_profiles(profile_path())->at("default");
  EXPECT_EQ(profile.token, "");
  EXPECT_EQ(profile.fingerprint, "aa:bb");
}

TEST_F(SpecialVerbs, PasswdRefusesTwoDifferentAnswers) {
  ipam.host.shown.input = true;
  ipam.host.secrets = {"old", "new", "other"};
  EXPECT_EQ(ipam({"passwd"}), 3);
  ipam.host.secrets = {"old", "new", "new"};
  ipam.server.answer("PUT /api/v1/me/password", 204, "");
  EXPECT_EQ(ipam({"passwd"}), 0);
  EXPECT_EQ(ipam.server.calls.back().call.body, R"({"current_password":"old","new_password":"new"})");
}

TEST_F(SpecialVerbs, AllocateSpeaksToPeopleAndToScripts) {
  ipam.server.answer("POST /api/v1/addresses:allocate", 201,
                     R"({"addresses":[)" + address(1, "10.2.3.17") + R"(],"sequence":9,"lease_data_as_of":"2026-11-23T05:50:00Z"})");
  ASSERT_EQ(ipam({"address", "allocate", "10.2.3.0/24", "--name", "app7", "--mac", "02-00-5E-10-00-07", "--reference", "CHG1"}), 0)
      << ipam.host.error;
  EXPECT_EQ(ipam.host.output, "Allocated 10.2.3.17 for app7 in 10.2.3.0/24, by leases as of 2026-11-23T05:50:00Z.\n");
  EXPECT_EQ(ipam.server.calls.back().call.body, R"({"from":"10.2.3.0/24","name":"app7","hardware_address":"02-00-5E-10-00-07"})");
  ipam.host.output.clear();
  ASSERT_EQ(ipam({"address", "allocate", "10.2.3.0/24", "-q"}), 0);
  EXPECT_EQ(ipam.host.output, "10.2.3.17\n");
}

TEST_F(SpecialVerbs, AllocateFindsTheRangeByItsName) {
  const std::string range =
      R"({"id":"77","space_id":"1","space":"Default","subnet_id":"2","first":"10.2.3.1","last":"10.2.3.9","name":"printers","managed_by":"ipam",)"
      R"("service_instance":"","description":"","owner":"","utilization":{"capacity":254,"used":0,"free":254,"assigned":0,"reserved":0,"leased":0,"percent":0,"status":"under"}})";
  ipam.server.answer("GET /api/v1/ranges", 200, R"({"items":[)" + range + R"(],"next_cursor":null,"total":null})");
  ipam.server.answer("POST /api/v1/addresses:allocate", 409,
                     R"({"type":"about:blank","title":"t","status":409,"code":"exhausted","detail":"no free address","errors":[],"request_id":"r"})");
  EXPECT_EQ(ipam({"address", "allocate", "Printers", "--count", "2", "--space", "Default"}), 7);
  EXPECT_EQ(ipam.server.calls.back().call.body, R"({"space":"Default","from":"77","count":2})");
}

TEST_F(SpecialVerbs, AllocateTakesMorePlacesAndAStrategy) {
  ipam.server.answer("POST /api/v1/addresses:allocate", 201,
                     R"({"addresses":[)" + address(1, "10.2.3.17") + "," + address(2, "10.2.4.1") + R"(],"sequence":9,"lease_data_as_of":null})");
  ASSERT_EQ(ipam({"address", "allocate", "10.2.3.0/24", "--then-from", "10.2.4.0/24, 10.2.5.1-10.2.5.9", "--count", "2", "--strategy", "next"}), 0)
      << ipam.host.error;
  EXPECT_EQ(ipam.server.calls.back().call.body,
            R"({"from":"10.2.3.0/24","then_from":["10.2.4.0/24","10.2.5.1-10.2.5.9"],"count":2,"strategy":"next"})");
  EXPECT_EQ(ipam.host.output, "Allocated 2 addresses for app7 in 10.2.3.0/24:\n10.2.3.17\n10.2.4.1\n");
}

TEST_F(SpecialVerbs, AllocateCutsSubnetsOutOfABlockThatIsCalledByName) {
  const std::string subnet =
      R"({"id":"7","space_id":"1","space":"Default","prefix":"10.0.128.0/24","block_id":"5","category":"private","name":"lab","description":"",)"
      R"("owner":"","vlans":[],"vsid":null,"cooldown_seconds":null,"under_percent":null,"over_percent":null,"custom_fields":{},"utilization":{"capacity":254,"used":0,"free":254,"assigned":0,"reserved":0,"leased":0,"percent":0,"status":"under"}})";
  ipam.server.answer(
      "GET /api/v1/blocks", 200,
      R"({"items":[{"id":"5","space_id":"1","space":"Default","prefix":"10.0.0.0/16","name":"Private","description":"","owner":"",)"
      R"("utilization":{"capacity":254,"used":0,"free":254,"assigned":0,"reserved":0,"leased":0,"percent":0,"status":"under"}}],"next_cursor":null,"total":null})");
  ipam.server.answer("POST /api/v1/subnets:allocate", 201, R"({"subnets":[)" + subnet + R"(],"sequence":9})");
  ASSERT_EQ(ipam({"subnet", "allocate", "private", "--length", "24", "--strategy", "best-fit", "--name", "lab"}), 0) << ipam.host.error;
  EXPECT_EQ(ipam.server.calls.back().call.body, R"({"from":"10.0.0.0/16","length":24,"strategy":"best_fit","name":"lab"})");
  EXPECT_EQ(ipam.host.output, "Allocated subnet 10.0.128.0/24 'lab' in private.\n");
  ipam.host.output.clear();
  ASSERT_EQ(ipam({"subnet", "allocate", "10.0.0.0/16", "--length", "24", "-o", "plain"}), 0) << ipam.host.error;
  EXPECT_EQ(ipam.host.output, "10.0.128.0/24\n");
}

TEST_F(SpecialVerbs, SubnetsAreSplitMergedResizedAndPlanned) {
  const auto subnet = [](int id, const std::string& prefix) {
    return fmt::format(
        R"({{"id":"{}","space_id":"1","space":"Default","prefix":"{}","block_id":null,"category":"private","name":"","description":"",)"
        R"("owner":"","vlans":[],"vsid":null,"cooldown_seconds":null,"under_percent":null,"over_percent":null,"custom_fields":{{}},)"
        R"("utilization":{{"capacity":254,"used":0,"free":254,"assigned":0,"reserved":0,"leased":0,"percent":0,"status":"under"}}}})",
        id, prefix);
  };
  const auto list = [](const std::string& item) { return R"({"items":[)" + item + R"(],"next_cursor":null,"total":null})"; };
  ipam.server.answer("GET /api/v1/subnets", 200, list(subnet(7, "10.2.3.0/24")));
  const std::string two = R"({"subnets":[)" + subnet(7, "10.2.3.0/25") + "," + subnet(8, "10.2.3.128/25") + R"(],"sequence":9})";
  ipam.server.answer("POST /api/v1/subnets/7:split", 200, two);
  ASSERT_EQ(ipam({"subnet", "split", "10.2.3.0/24", "--length", "25"}), 0) << ipam.host.error;
  EXPECT_EQ(ipam.server.calls.back().call.body, R"({"length":25})");
  EXPECT_EQ(ipam.host.output, "Split subnet 10.2.3.0/24 into:\n10.2.3.0/25\n10.2.3.128/25\n");
  ASSERT_EQ(ipam({"subnet", "split", "10.2.3.0/24", "--prefixes", "10.2.3.0/25,10.2.3.128/25"}), 0) << ipam.host.error;
  EXPECT_EQ(ipam.server.calls.back().call.body, R"({"prefixes":["10.2.3.0/25","10.2.3.128/25"]})");

  ipam.host.output.clear();
  ipam.server.answer("POST /api/v1/subnets/7:resize", 200, R"({"subnets":[)" + subnet(7, "10.2.2.0/23") + R"(],"sequence":9})");
  ASSERT_EQ(ipam({"subnet", "resize", "10.2.3.0/24", "--length", "23"}), 0) << ipam.host.error;
  EXPECT_EQ(ipam.host.output, "Resized subnet 10.2.3.0/24 to 10.2.2.0/23.\n");

  ipam.server.answer("POST /api/v1/subnets:merge", 200, R"({"subnets":[)" + subnet(7, "10.2.2.0/23") + R"(],"sequence":9})");
  ASSERT_EQ(ipam({"subnet", "merge", "10.2.3.0/24", "10.2.3.0/24"}), 0) << ipam.host.error;
  EXPECT_EQ(ipam.server.calls.back().call.body, R"({"subnets":["7","7"]})");

  ipam.server.answer("POST /api/v1/subnets:plan", 201, two);
  ASSERT_EQ(ipam({"subnet", "plan", "10.2.0.0/16", "--subnet", "/25=web", "--subnet", "50"}), 0) << ipam.host.error;
  EXPECT_EQ(ipam.server.calls.back().call.body, R"({"from":"10.2.0.0/16","subnets":[{"length":25,"name":"web"},{"hosts":50}]})");
  EXPECT_EQ(ipam({"subnet", "plan", "10.2.0.0/16", "--subnet", "x=web"}), 3);
}

TEST_F(SpecialVerbs, AHeldAddressIsConfirmedAndOneIsDeletedAtOnce) {
  ipam.server.answer("GET /api/v1/addresses", 200, R"({"items":[)" + address(1, "10.2.3.17") + R"(],"next_cursor":null,"total":null})");
  ipam.server.answer("POST /api/v1/addresses/1:confirm", 200, address(1, "10.2.3.17"));
  ASSERT_EQ(ipam({"address", "confirm", "10.2.3.17", "--owner", "Web"}), 0) << ipam.host.error;
  EXPECT_EQ(ipam.server.calls.back().call.body, R"({"owner":"Web"})");
  EXPECT_EQ(ipam.host.output, "Confirmed 10.2.3.17.\n");
  ipam.server.answer("DELETE /api/v1/addresses/1", 204, "");
  ASSERT_EQ(ipam({"address", "delete", "10.2.3.17", "--now"}), 0) << ipam.host.error;
  EXPECT_THAT(ipam.server.calls.back().call.target, HasSubstr("force=true"));
}

TEST_F(SpecialVerbs, AllocateMakesARangeOfFreeAddressesSideBySide) {
  const std::string range =
      R"({"id":"77","space_id":"1","space":"Default","first":"10.2.3.1","last":"10.2.3.9","subnet_id":"2","scope_id":null,"category":"private",)"
      R"("reclaimed_at":null,"name":"","managed_by":"ipam","service_instance":"","description":"","owner":"","assignment":"static","gateways":[],)"
      R"("dns_servers":[],"dns_suffixes":[],"connection_suffix":"","wins_servers":[],"reserved":[],"vips":[],"exclusions":[],"reverse_zone":"",)"
      R"("assigned_at":null,"under_percent":null,"over_percent":null,"stated_used":null,"custom_fields":{},"overlap":"none","use_for_utilization":true,"utilization":{"capacity":254,"used":0,"free":254,"assigned":0,"reserved":0,"leased":0,"percent":0,"status":"under"}})";
  ipam.server.answer("POST /api/v1/ranges:allocate", 201, R"({"ranges":[)" + range + R"(],"sequence":9})");
  ASSERT_EQ(ipam({"range", "allocate", "10.2.3.0/24", "--size", "9"}), 0) << ipam.host.error;
  EXPECT_EQ(ipam.server.calls.back().call.body, R"({"from":"10.2.3.0/24","size":9})");
  EXPECT_EQ(ipam.host.output, "Allocated range 10.2.3.1-10.2.3.9 in 10.2.3.0/24.\n");
}

TEST_F(SpecialVerbs, ServerAddVerifiesAndSaysWhatWasFound) {
  ipam.server.answer("POST /api/v1/servers", 201, kServer);
  ipam.server.answer("POST /api/v1/servers/5:verify", 200, verified("reachable", ""));
  ASSERT_EQ(ipam({"server", "add", "kea1", "--product", "kea", "--url", "http://127.0.0.1:8000", "--user", "u", "--password-file", secret_file("p")}),
            0)
      << ipam.host.error;
  EXPECT_EQ(ipam.server.calls.front().call.body, R"({"name":"kea1","product":"kea","url":"http://127.0.0.1:8000","user_name":"u","password":"p"})");
  EXPECT_EQ(ipam.host.output, "Added server kea1.\nkea1 is reachable, version 2.2.0\n  It can: leases\n  ! load libdhcp_stat_cmds.so\n");
  ipam.server.answer("POST /api/v1/servers/5:verify", 200, verified("access_denied", "wrong password"));
  EXPECT_EQ(ipam({"server", "add", "kea1", "--product", "kea", "--url", "http://127.0.0.1:8000"}), 9);
  ipam.server.calls.clear();
  EXPECT_EQ(ipam({"server", "add", "kea1", "--product", "kea", "--url", "https://a", "--fingerprint", "aa", "--no-verify"}), 0);
  EXPECT_EQ(ipam.server.calls.size(), 1U);
  EXPECT_THAT(ipam.server.calls.front().call.body, HasSubstr(R"("tls_trust":"fingerprint")"));
}

TEST_F(SpecialVerbs, TaskRunWaitsForItsOwnRunAndTellsItsResult) {
  int asked = 0;
  std::string result = "succeeded";
  ipam.server.answer("POST /api/v1/tasks/server-configuration:run", 202, R"({"name":"ServerConfiguration","run":4,"already_running":true})");
  ipam.server.on("GET /api/v1/tasks/server-configuration", [&](const Call&) -> Result<Reply> {
    return Reply{200, task(asked++ < 3 ? 3 : 4, result)};
  });
  ipam.host.shown.error = true;
  ASSERT_EQ(ipam({"task", "run", "server-configuration"}), 0) << ipam.host.error;
  EXPECT_EQ(asked, 4);
  EXPECT_THAT(ipam.host.error, HasSubstr("ServerConfiguration is running"));
  EXPECT_EQ(ipam.host.output,
            "ServerConfiguration: succeeded\n"
            "Server  Result      Took  Message\n"
            "kea1    succeeded  1.5 s  12 scopes\n");
  result = "partly_failed";
  EXPECT_EQ(ipam({"task", "run", "server-configuration"}), 1);
  asked = -1000000;
  EXPECT_EQ(ipam({"task", "run", "server-configuration", "--timeout", "30s"}), 14);
  ipam.server.calls.clear();
  EXPECT_EQ(ipam({"task", "run", "server-configuration", "--no-wait"}), 0);
  EXPECT_EQ(ipam.server.calls.size(), 1U);
}

TEST_F(SpecialVerbs, TaskEditReadsDurations) {
  ipam.server.answer("GET /api/v1/tasks/address-utilization", 200, task(1, "never"));
  ipam.server.answer("PATCH /api/v1/tasks/ServerConfiguration", 200, task(1, "never"));
  ASSERT_EQ(ipam({"task", "edit", "address-utilization", "--period", "30m", "--disable"}), 0) << ipam.host.error;
  EXPECT_EQ(ipam.server.calls.back().call.body, R"({"period_seconds":1800,"enabled":false})");
}

TEST_F(SpecialVerbs, TokenAddPutsTheTokenAloneOnStandardOutput) {
  ipam.server.answer("POST /api/v1/tokens", 201,
                     R"({"id":"3","name":"backup","user_name":"admin","access_group":"ipam_users","created_at":"2026-11-23T06:00:00Z",)"
                     R"("expires_at":"2027-02-21T06:00:00Z","token":"s3cret"})");
  ASSERT_EQ(ipam({"token", "add", "backup", "--group", "ipam_users", "--expires", "90d"}), 0) << ipam.host.error;
  EXPECT_EQ(ipam.host.output, "s3cret\n");
  EXPECT_EQ(ipam.server.calls.back().call.body, R"({"name":"backup","access_group":"ipam_users","expires_at":"2027-02-21T06:00:00Z"})");
}

TEST_F(SpecialVerbs, UserAddAsksForThePasswordTwice) {
  ipam.server.answer("POST /api/v1/users", 201, R"({"id":"3","name":"alice","access_group":"ipam_users","enabled":true,"description":""})");
  ipam.host.shown.input = true;
  ipam.host.secrets = {"a", "b"};
  EXPECT_EQ(ipam({"user", "add", "alice"}), 3);
  ipam.host.secrets = {"a", "a"};
  EXPECT_EQ(ipam({"user", "add", "alice"}), 0);
  EXPECT_EQ(ipam.server.calls.back().call.body, R"({"name":"alice","password":"a"})");
}

TEST(ServerUrl, CompletesWhatAPersonTypes) {
  EXPECT_EQ(server_url("ipam.example.net").value(), "https://ipam.example.net:48885");
  EXPECT_EQ(server_url("[::1]").value(), "https://[::1]:48885");
  EXPECT_EQ(server_url("127.0.0.1:443/").value(), "https://127.0.0.1:443");
  EXPECT_EQ(server_url("https://ipam.example.net//").value(), "https://ipam.example.net");
  EXPECT_FALSE(server_url("http://ipam.example.net").ok());
  EXPECT_FALSE(server_url("https://").ok());
}

}  // namespace
}  // namespace ipam::cli
