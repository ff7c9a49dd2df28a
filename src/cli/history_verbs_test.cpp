// The past on the command line, against an IPAM server in memory.
#include "cli/fake_api_suite.h"
#include "json/codec.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ipam::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string page(const std::string& items, const std::string& cursor = "null") {
  return R"({"items":[)" + items + R"(],"next_cursor":)" + cursor + R"(,"total":null})";
}

std::string past_subnet(int id, const std::string& prefix, const std::string& name) {
  return fmt::format(
      R"({{"id":"{}","space_id":"1","space":"Default","prefix":"{}","name":"{}","block_id":null,"category":"private","vlans":[10,20],"vsid":null,)"
      R"("cooldown_seconds":null,"under_percent":null,"over_percent":null,"custom_fields":{{"Site":"North"}},"description":"","owner":"net","utilization":null}})",
      id, prefix, name);
}

std::string change(int sequence, const std::string& kind, const std::string& fields, const std::string& reason = "") {
  return fmt::format(
      R"({{"sequence":{},"at":"2026-11-23T06:28:37Z","actor":"alice","on_behalf_of":"","request_id":"r","reason":"{}","change_reference":"CHG1",)"
      R"("kind":"{}","object_type":"subnet","object_id":"7","object_name":"10.2.3.0/24","differences":{{"v":1,"fields":{}}}}})",
      sequence, reason, kind, fields);
}

class HistoryVerbs : public ::testing::Test {
 protected:
  std::string last_target() const { return ipam.server.calls.back().call.target; }
  std::vector<std::string> targets() const {
    std::vector<std::string> all;
    for (const SeenCall& seen : ipam.server.calls) all.push_back(seen.call.method + " " + seen.call.target);
    return all;
  }
  void serve_history() {
    ipam.server.answer("GET /api/v1/subnets", 200, page(past_subnet(7, "10.2.3.0/24", "web")));
    ipam.server.answer("GET /api/v1/custom_fields/5", 200,
                       R"({"id":"5","name":"Site","kind":"choice","built_in":false,"values":[],"description":""})");
    ipam.server.answer("GET /api/v1/custom_field_values/8", 200, R"({"id":"8","field_id":"5","field":"Site","text":"North","built_in":false})");
    ipam.server.answer(
        "GET /api/v1/journal", 200,
        page(change(12, "created", R"({"prefix":{"after":"10.2.3.0/24"},"vlans":{"after":[10,20]}})") + "," +
             change(30, "updated", R"({"name":{"before":"","after":"web"},"custom":{"before":{"6":"x"},"after":{"5":"8","6":"x"}}})", "new name")));
  }

  FakeRun ipam;
};

TEST_F(HistoryVerbs, HistoryTellsEachFieldBeforeAndAfter) {
  serve_history();
  ASSERT_EQ(ipam({"subnet", "history", "10.2.3.0/24"}), 0) << ipam.host.error;
  EXPECT_EQ(ipam.host.output,
            "Change  At (UTC)          Who    What     Field   Before  After        Reason    Reference\n"
            "12      2026-11-23 06:28  alice  created  prefix          10.2.3.0/24            CHG1\n"
            "                                          vlans           10 20\n"
            "30      2026-11-23 06:28  alice  updated  name            web          new name  CHG1\n"
            "                                          Site            North\n"
            "2 changes\n");
  EXPECT_THAT(targets(), ::testing::Contains(HasSubstr("GET /api/v1/journal?object_type=subnet&object_id=7")));
}

TEST_F(HistoryVerbs, WhatAnObjectRefersToIsToldByItsName) {
  serve_history();
  ipam.server.answer("GET /api/v1/address_spaces/1", 200, R"({"id":"1","name":"Lab"})");
  ipam.server.answer("GET /api/v1/journal", 200, page(change(12, "created", R"({"space_id":{"after":1},"subnet_id":{"after":99}})")));
  ASSERT_EQ(ipam({"subnet", "history", "10.2.3.0/24", "-o", "csv"}), 0) << ipam.host.error;
  EXPECT_THAT(ipam.host.output, HasSubstr(",created,space,,Lab,"));
  EXPECT_THAT(ipam.host.output, HasSubstr(",created,subnet,,99,"));
}

TEST_F(HistoryVerbs, HistoryForProgramsRepeatsOrGivesTheRecords) {
  serve_history();
  ASSERT_EQ(ipam({"subnet", "history", "7", "-o", "csv"}), 0) << ipam.host.error;
  EXPECT_THAT(ipam.host.output, HasSubstr("sequence,at,actor,on_behalf_of,kind,field,before,after,reason,change_reference\r\n"));
  EXPECT_THAT(ipam.host.output, HasSubstr("12,2026-11-23T06:28:37Z,alice,,created,vlans,,10 20,,CHG1\r\n"));
  ipam.host.output.clear();
  ASSERT_EQ(ipam({"subnet", "history", "7", "-o", "json"}), 0);
  const auto json = json::parse(ipam.host.output);
  ASSERT_TRUE(json.ok());
  EXPECT_EQ(json->as_array()[1].at("differences").at("fields").at("name").at("after"), "web");
}

TEST_F(HistoryVerbs, WhatIsGoneIsFoundByItsLastName) {
  ipam.server.answer("GET /api/v1/subnets", 200, page(""));
  serve_history();
  ipam.server.answer("GET /api/v1/subnets", 200, page(""));
  ASSERT_EQ(ipam({"subnet", "history", "10.2.3.0/24"}), 0) << ipam.host.error;
  EXPECT_THAT(targets(), ::testing::Contains(HasSubstr("GET /api/v1/journal?object_type=subnet&object_name=10.2.3.0%2F24&sort=-sequence&limit=1")));
  EXPECT_THAT(ipam.host.output, HasSubstr("2 changes"));
  ipam.server.answer("GET /api/v1/journal", 200, page(""));
  EXPECT_EQ(ipam({"subnet", "history", "10.2.3.0/24"}), error_code_row(ErrorCode::NotFound).exit_status);
}

TEST_F(HistoryVerbs, ShowAsOfLooksInTheListOfThen) {
  ipam.server.answer("GET /api/v1/subnets", 200, page(past_subnet(8, "10.2.3.0/25", "part") + "," + past_subnet(7, "10.2.3.0/24", "web")));
  ASSERT_EQ(ipam({"subnet", "show", "10.2.3.0/24", "--as-of", "2026-11-01", "--space", "Lab"}), 0) << ipam.host.error;
  EXPECT_EQ(last_target(), "/api/v1/subnets?as_of=2026-11-01&space=Lab&within=10.2.3.0%2F24&limit=1000");
  EXPECT_THAT(ipam.host.output, HasSubstr("Id             7\n"));
  EXPECT_THAT(ipam.host.output, HasSubstr("Vlans          10 20\n"));
  EXPECT_THAT(ipam.host.output, HasSubstr("Custom fields  Site=North\n"));
  EXPECT_THAT(ipam.host.output, Not(HasSubstr("tilization")));
  EXPECT_EQ(ipam({"subnet", "show", "10.9.0.0/24", "--as-of", "12"}), error_code_row(ErrorCode::NotFound).exit_status);
  EXPECT_THAT(ipam.host.error, HasSubstr("there was no subnet '10.9.0.0/24' then"));
  ipam.server.answer("GET /api/v1/subnets/7", 200, past_subnet(7, "10.2.3.0/24", "web"));
  ASSERT_EQ(ipam({"subnet", "show", "7", "--as-of", "12"}), 0);
  EXPECT_EQ(last_target(), "/api/v1/subnets/7?as_of=12");
}

TEST_F(HistoryVerbs, ListAsOfAsksForNoOrderAndTellsWhatIsKnown) {
  ipam.server.on("GET /api/v1/subnets", [](const Call& call) -> Result<Reply> {
    const bool second = call.target.find("cursor=c") != std::string::npos;
    return Reply{200, second ? page(past_subnet(8, "10.2.4.0/24", "db")) : page("", R"("c")")};  // a page may be empty
  });
  ASSERT_EQ(ipam({"subnet", "list", "10.2.0.0/16", "--as-of", "48213"}), 0) << ipam.host.error;
  EXPECT_EQ(ipam.server.calls.front().call.target, "/api/v1/subnets?as_of=48213&within=10.2.0.0%2F16&limit=1000");
  EXPECT_EQ(ipam.host.output,
            "Prefix       Name  Owner  Space    Description\n"
            "10.2.4.0/24  db    net    Default\n"
            "1 subnet\n");
}

TEST_F(HistoryVerbs, JournalUndoSaysWhatBecameOfEach) {
  ipam.server.answer("POST /api/v1/journal/13:undo", 200,
                     R"({"undone":[{"sequence":13,"kind":"deleted","object_type":"address_space","object_id":"9","object_name":"Lab"},)"
                     R"({"sequence":12,"kind":"updated","object_type":"subnet","object_id":"7","object_name":"10.2.3.0/24"}]})");
  ASSERT_EQ(ipam({"journal", "undo", "13", "--whole-request", "--reason", "mistake"}), 0) << ipam.host.error;
  EXPECT_EQ(ipam.host.output, "Undone 13: address space Lab is deleted.\nUndone 12: subnet 10.2.3.0/24 is changed back.\n");
  EXPECT_EQ(last_target(), "/api/v1/journal/13:undo?whole_request=true");
  EXPECT_THAT(ipam.server.calls.back().call.headers, ::testing::Contains(std::pair<std::string, std::string>("X-Change-Reason", "mistake")));
  ipam.host.output.clear();
  ASSERT_EQ(ipam({"journal", "undo", "13", "-o", "csv"}), 0);
  EXPECT_EQ(last_target(), "/api/v1/journal/13:undo");
  EXPECT_THAT(ipam.host.output, HasSubstr("sequence,kind,object_type,object_id,object_name\r\n13,deleted,address_space,9,Lab\r\n"));
  ipam.host.output.clear();
  ASSERT_EQ(ipam({"journal", "undo", "13", "-q"}), 0);
  EXPECT_EQ(ipam.host.output, "13\n12\n");
  EXPECT_EQ(ipam({"journal", "undo", "first"}), error_code_row(ErrorCode::InvalidArgument).exit_status);
}

}  // namespace
}  // namespace ipam::cli
