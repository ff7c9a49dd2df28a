// Verbs that change managed servers, against an IPAM server in memory: what a person is shown and asked, and what a program is not.
#include "cli/fake_api_suite.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ipam::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kReservations = "POST /api/v1/dhcp_reservations";
constexpr int kCancelled = 15;

// The answer to a dry run.
std::string plan(double pause, const std::string& losses = "[]", const std::string& warnings = "[]") {
  return fmt::format(
      R"({{"dry_run":true,"status":201,"changes":[],"result":{{"servers":[{{"server_id":"3","server":"kea1","state":"the configuration of dhcp4 is 1a2b",)"
      R"("changes":["reserve 10.0.0.7"],"steps":[{{"what":"in scope 1: reserve 10.0.0.7","request":"- old\n+ new"}}],"losses":{},"warnings":{},)"
      R"("pause_seconds":{}}}]}}}})",
      losses, warnings, pause);
}

std::string change(int id, const std::string& server, const std::string& what) {
  return fmt::format(
      R"({{"id":"{}","server_id":"3","server":"{}","state":"made","what":["{}"],"problem":"","actor":"admin","reason":"","change_reference":"",)"
      R"("announced_at":"2026-11-27T07:00:00Z","ended_at":null,"parts":[],"undoes":null,"undone_by":null,"changes":[]}})",
      id, server, what);
}

std::string done(const std::string& changes) { return R"({"changes":[)" + changes + "]}"; }

class ChangeVerbs : public ::testing::Test {
 protected:
  // Plans are told, and the change is made when it is asked for.
  void serve(const std::string& route, const std::string& told_plan, int status, const std::string& made) {
    ipam_.server.on(route, [this, told_plan, status, made](const Call& call) -> Result<Reply> {
      const bool dry = call.target.find("dry_run=true") != std::string::npos;
      asked_.push_back(call.method + (dry ? " plan" : " change"));
      return dry ? Reply{200, told_plan} : Reply{status, made};
    });
  }
  int add(std::vector<std::string> more = {}) {
    std::vector<std::string> words{"reservation", "add", "10.0.0.7", "--identifier", "02:00:00:00:00:07"};
    words.insert(words.end(), more.begin(), more.end());
    return ipam_(words);
  }
  void sit_at_a_terminal(const std::string& answer) {
    ipam_.host.shown.input = true;
    ipam_.host.lines = {answer};
  }

  FakeRun ipam_;
  std::vector<std::string> asked_;
  const std::string made_ = done(change(8, "kea1", "reserve 10.0.0.7"));
};

TEST_F(ChangeVerbs, WhatCostsSomethingIsShownAndAsked) {
  serve(kReservations, plan(27.1, R"(["comments of the file"])", R"(["it is slow"])"), 201, made_);
  sit_at_a_terminal("y");
  ASSERT_EQ(add({"--reason", "new host"}), 0) << ipam_.host.error;
  EXPECT_THAT(asked_, ElementsAre("POST plan", "POST change"));
  EXPECT_EQ(ipam_.host.error,
            "On kea1 (the configuration of dhcp4 is 1a2b):\n"
            "  PAUSE: the server is expected to serve no client for about 27.1 s.\n"
            "  in scope 1: reserve 10.0.0.7\n"
            "    - old\n"
            "    + new\n"
            "  Lost: comments of the file\n"
            "  Warning: it is slow\n"
            "Go on? [y/N] ");
  EXPECT_EQ(ipam_.host.output, "Done on kea1: reserve 10.0.0.7.\nTo take it back: ipam change undo 8\n");
  const Call& sent = ipam_.server.calls.back().call;
  EXPECT_EQ(sent.body, R"({"address":"10.0.0.7","identifier":"02:00:00:00:00:07"})");
  EXPECT_THAT(sent.headers, testing::Contains(std::pair<std::string, std::string>("X-Change-Reason", "new host")));
}

TEST_F(ChangeVerbs, EveryCostAloneIsAsked) {
  for (const std::string& told : {plan(0.1), plan(0, R"(["a record"])"), plan(0, "[]", R"(["it is slow"])")}) {
    asked_.clear();
    serve(kReservations, told, 201, made_);
    sit_at_a_terminal("n");
    EXPECT_EQ(add(), kCancelled) << told;
    EXPECT_THAT(asked_, ElementsAre("POST plan"));
  }
}

TEST_F(ChangeVerbs, AnyOtherAnswerThanYesRefuses) {
  serve(kReservations, plan(27.1), 201, made_);
  for (const char* answer : {"n", "", "yess", "no"}) {
    sit_at_a_terminal(answer);
    EXPECT_EQ(add(), kCancelled);
  }
  ipam_.host.lines.clear();  // the input ends
  EXPECT_EQ(add(), kCancelled);
  EXPECT_THAT(asked_, Not(testing::Contains("POST change")));
  EXPECT_THAT(ipam_.host.error, HasSubstr("ipam: nothing was changed\n"));
  EXPECT_THAT(ipam_.host.output, IsEmpty());
}

TEST_F(ChangeVerbs, WhatCostsNothingIsNotAsked) {
  serve(kReservations, plan(0), 201, made_);
  ipam_.host.shown.input = true;
  EXPECT_EQ(add(), 0);
  EXPECT_THAT(asked_, ElementsAre("POST plan", "POST change"));
  EXPECT_THAT(ipam_.host.error, IsEmpty());
}

TEST_F(ChangeVerbs, YesAndAPipeAreNotAskedAtAll) {
  serve(kReservations, plan(27.1), 201, made_);
  EXPECT_EQ(add(), 0);
  ipam_.host.shown.input = true;
  EXPECT_EQ(add({"--yes"}), 0);
  EXPECT_THAT(asked_, ElementsAre("POST change", "POST change"));
  EXPECT_THAT(ipam_.host.error, IsEmpty());
}

TEST_F(ChangeVerbs, ADryRunShowsThePlanAndMakesNothing) {
  serve(kReservations, plan(27.1), 201, made_);
  ipam_.host.shown.input = true;
  ASSERT_EQ(add({"--dry-run"}), 0) << ipam_.host.error;
  EXPECT_THAT(ipam_.host.output,
              testing::StartsWith("Nothing was changed. This would be done:\nOn kea1 (the configuration of dhcp4 is 1a2b):\n  PAUSE:"));
  ipam_.host.output.clear();
  ASSERT_EQ(add({"--dry-run", "-o", "json"}), 0);
  EXPECT_THAT(ipam_.host.output, testing::AllOf(HasSubstr("\"dry_run\": true"), HasSubstr("\"pause_seconds\": 27.1")));
  EXPECT_THAT(asked_, ElementsAre("POST plan", "POST plan"));
}

TEST_F(ChangeVerbs, APlanOfAServerThatKnowsNoDryRunsIsNotBelieved) {
  serve(kReservations, made_, 201, made_);
  sit_at_a_terminal("y");
  EXPECT_NE(add(), 0);
  EXPECT_THAT(ipam_.host.error, HasSubstr("not that of a dry run"));
}

TEST_F(ChangeVerbs, ARefusalOfThePlanIsToldAndNothingIsAsked) {
  serve(kReservations, "", 201, made_);
  ipam_.server.answer(kReservations, 409, R"({"code":"conflict","detail":"kea1: the server keeps 10.0.0.7 for another"})");
  sit_at_a_terminal("y");
  EXPECT_EQ(add(), 6);
  EXPECT_THAT(ipam_.host.error, testing::AllOf(HasSubstr("kea1: the server keeps 10.0.0.7 for another"), Not(HasSubstr("Go on?"))));
}

TEST_F(ChangeVerbs, DeleteTakesThePointerAlongAndAsks) {
  ipam_.server.answer("GET /api/v1/dns_records", 200,
                      R"({"items":[{"id":"5","name":"www.a.example","type":"A","data":"10.0.0.1"}],"next_cursor":null,"total":null})");
  serve("DELETE /api/v1/dns_records/5", plan(0, R"(["www.a.example. A 10.0.0.1"])"), 200,
        done(change(8, "ns1", "www: remove") + ',' + change(9, "ns2", "1.0: remove")));
  sit_at_a_terminal("yes");
  ASSERT_EQ(ipam_({"record", "delete", "www.a.example", "--ptr"}), 0) << ipam_.host.error;
  EXPECT_EQ(ipam_.server.calls.back().call.target, "/api/v1/dns_records/5?ptr=true");
  EXPECT_EQ(ipam_.server.calls.at(ipam_.server.calls.size() - 2).call.target, "/api/v1/dns_records/5?ptr=true&dry_run=true");
  EXPECT_EQ(ipam_.host.output, "Done on ns1: www: remove.\nDone on ns2: 1.0: remove.\nTo take it back: ipam change undo 9\n");
}

TEST_F(ChangeVerbs, AReservationOfADelegatedPrefixIsRefusedInWordsThatSaySo) {
  EXPECT_EQ(ipam_({"reservation", "add", "2001:db8:80fe::/56", "--identifier-type", "duid", "--identifier", "0003"}), 3);
  EXPECT_THAT(ipam_.host.error, HasSubstr("ipam: a reservation of a delegated prefix cannot be made here, only one of an address"));
  EXPECT_EQ(ipam_({"reservation", "add", "10.0.0.7/x", "--identifier", "02:00:00:00:00:07"}), 3);
  EXPECT_THAT(ipam_.host.error, HasSubstr("'10.0.0.7/x' is not an IP address"));
  EXPECT_TRUE(ipam_.server.calls.empty());
}

TEST_F(ChangeVerbs, EditWithoutAFieldAsksNothing) {
  EXPECT_EQ(ipam_({"reservation", "edit", "10.0.0.7"}), 3);
  EXPECT_THAT(ipam_.host.error, HasSubstr("nothing to change"));
  EXPECT_TRUE(ipam_.server.calls.empty());
}

TEST_F(ChangeVerbs, UndoTakesAnIdAndAnswersScripts) {
  EXPECT_EQ(ipam_({"change", "undo", "the-last"}), 3);
  EXPECT_TRUE(ipam_.server.calls.empty());
  serve("POST /api/v1/changes/8:undo", plan(0), 200, done(change(9, "kea1", "remove")));
  ASSERT_EQ(ipam_({"change", "undo", "8", "-q"}), 0) << ipam_.host.error;
  EXPECT_EQ(ipam_.host.output, "9\n");
  ipam_.host.output.clear();
  ASSERT_EQ(ipam_({"change", "undo", "8", "-o", "json"}), 0);
  EXPECT_THAT(ipam_.host.output, HasSubstr("\"id\": \"9\""));
}

}  // namespace
}  // namespace ipam::cli
