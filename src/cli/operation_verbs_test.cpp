// Dry runs, keys, operations, events and completion against a server in memory.
#include "cli/fake_api_suite.h"

#include <gmock/gmock.h>

namespace ipam::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string operation(const std::string& state, int percent, const std::string& parts = "[]") {
  return R"({"id":"9","kind":"server_collection","subject":"kea1","actor":"admin","request_id":"r","node":"","state":")" + state + R"(","percent":)" +
         std::to_string(percent) + R"(,"message":"as it went","result":null,"started_at":"2026-11-25T07:00:00Z","ended_at":null,"parts":)" + parts +
         "}";
}

const std::string kParts = R"([{"number":1,"name":"configuration","state":"succeeded","message":"7 scopes","started_at":null,"ended_at":null},)"
                           R"({"number":2,"name":"leases","state":"running","message":"","started_at":null,"ended_at":null}])";

const std::string kChange =
    R"({"sequence":42,"at":"2026-11-25T07:00:00Z","actor":"admin","kind":"created","object_type":"address_space","object_id":"7","object_name":"lab"})";

TEST(DryRun, SaysWhatWouldBeAndAsksTheServerForNothingElse) {
  FakeRun ipam;
  ipam.server.answer(
      "POST /api/v1/address_spaces", 200,
      R"({"dry_run":true,"status":201,"changes":[)" + kChange +
          R"(],"result":{"id":"7","name":"lab","kind":"customer","description":"","owner":"","subnets":0,"used_ipv4":0,"used_ipv6":0}})");
  ASSERT_EQ(ipam({"space", "add", "lab", "--dry-run"}), 0) << ipam.host.error;
  EXPECT_EQ(ipam.server.calls.back().call.target, "/api/v1/address_spaces?dry_run=true");
  EXPECT_EQ(ipam.host.output, "Nothing was changed. This would be:\n  created address space lab\n");
  ipam.host.output.clear();
  ASSERT_EQ(ipam({"space", "add", "lab", "--dry-run", "-o", "json"}), 0);
  EXPECT_THAT(ipam.host.output, HasSubstr("\"dry_run\": true"));
}

TEST(DryRun, IsNotBelievedOfAServerThatDidIt) {
  FakeRun ipam;
  ipam.server.answer("POST /api/v1/address_spaces", 201, R"({"id":"7","name":"lab"})");
  EXPECT_NE(ipam({"space", "add", "lab", "--dry-run"}), 0);
  EXPECT_THAT(ipam.host.error, HasSubstr("not that of a dry run"));
}

TEST(IdempotencyKey, GoesWithThePost) {
  FakeRun ipam;
  ipam({"subnet", "add", "10.1.0.0/24", "--idempotency-key", "k-1"});
  const auto& headers = ipam.server.calls.back().call.headers;
  EXPECT_THAT(headers, testing::Contains(std::pair<std::string, std::string>("Idempotency-Key", "k-1")));
  EXPECT_EQ(ipam({"token", "add", "t", "--idempotency-key", "k-1"}), 2);
}

TEST(IdempotencyKey, GoesWithTheAcceptanceOfAServer) {
  FakeRun ipam;
  ipam.server.answer("GET /api/v1/discovered_servers", 200, R"({"items":[{"id":"9","address":"10.2.3.5"}],"next_cursor":null,"total":null})");
  ipam.server.answer("POST /api/v1/discovered_servers/9:accept", 201, R"({"id":"9","address":"10.2.3.5"})");
  ASSERT_EQ(ipam({"discovered-server", "accept", "10.2.3.5", "--name", "kea1", "--credential", "c", "--idempotency-key", "k-2"}), 0)
      << ipam.host.error;
  EXPECT_EQ(ipam.server.calls.back().call.target, "/api/v1/discovered_servers/9:accept");
  EXPECT_THAT(ipam.server.calls.back().call.headers, testing::Contains(std::pair<std::string, std::string>("Idempotency-Key", "k-2")));
}

TEST(ServerCollect, WaitsWithABarOnATerminalAndTellsTheParts) {
  FakeRun ipam;
  ipam.host.shown.error = true;
  ipam.server.answer("GET /api/v1/servers", 200, R"({"items":[{"id":"3","name":"kea1"}],"next_cursor":null,"total":null})");
  ipam.server.answer("POST /api/v1/servers/3:collect", 202, operation("running", 0));
  int asked = 0;
  ipam.server.on("GET /api/v1/operations/9", [&](const Call&) -> Result<Reply> {
    return Reply{200, ++asked < 3 ? operation("running", 50, kParts) : operation("partly_failed", 100, kParts)};
  });
  EXPECT_EQ(ipam({"server", "collect", "kea1"}), 1);
  EXPECT_THAT(ipam.host.error, HasSubstr(" 50 %  kea1: leases"));
  EXPECT_THAT(ipam.host.output, HasSubstr("kea1: partly_failed, as it went\n"));
  EXPECT_THAT(ipam.host.output, HasSubstr("7 scopes"));
  ipam.host.output.clear();
  EXPECT_EQ(ipam({"server", "collect", "kea1", "--no-wait"}), 0);
  EXPECT_THAT(ipam.host.output, HasSubstr("Started operation 9"));
}

TEST(OperationVerbs, ShowWaitAndCancel) {
  FakeRun ipam;
  ipam.server.answer("GET /api/v1/operations/9", 200, operation("succeeded", 100, kParts));
  ipam.server.answer("POST /api/v1/operations/9:cancel", 202, operation("running", 10));
  ASSERT_EQ(ipam({"operation", "show", "9"}), 0) << ipam.host.error;
  EXPECT_THAT(ipam.host.output, HasSubstr("configuration"));
  EXPECT_EQ(ipam({"operation", "wait", "9"}), 0);
  EXPECT_EQ(ipam({"operation", "cancel", "9"}), 0);
  EXPECT_THAT(ipam.host.output, HasSubstr("Asked operation 9 to end."));
}

TEST(EventsTail, WritesEventsAsTheyComeAndGoesOnAfterABreak) {
  FakeRun ipam;
  int asked = 0;
  ipam.server.on("GET /api/v1/events", [&](const Call&) -> Result<Reply> {
    return Reply{200, ++asked == 1 ? "retry: 2000\nid: 41\n\nid: 42\nevent: change\ndata: " + kChange + "\n\n"
                                   : "event: operation\ndata: " + operation("running", 50) + "\n\n"};
  });
  ASSERT_EQ(ipam({"event", "tail", "--from", "42", "--object-type", "address_space", "--limit", "2"}), 0) << ipam.host.error;
  EXPECT_EQ(ipam.server.calls.front().call.target, "/api/v1/events?object_type=address_space&from=42");
  EXPECT_THAT(ipam.server.calls.back().call.headers, testing::Contains(std::pair<std::string, std::string>("Last-Event-ID", "42")));
  EXPECT_EQ(ipam.host.output,
            "42  2026-11-25T07:00:00Z  admin  created address space lab\n"
            "operation  server_collection kea1  50 %  running\n");
}

TEST(EventsTail, WritesTheRunsOfTasks) {
  const std::string stream =
      "retry: 2000\nid: 41\n\nevent: task\ndata: {\"name\":\"Audit\",\"running\":true,\"last_result\":\"running\",\"last_message\":\"\"}\n\n"
      "event: task\ndata: {\"name\":\"Audit\",\"running\":false,\"last_result\":\"succeeded\",\"last_message\":\"the chain is whole\"}\n\n";
  for (const auto& [format, expected] :
       {std::pair{"table", "task  Audit  running\ntask  Audit  succeeded  the chain is whole\n"}, {"plain", "Audit\nAudit\n"}}) {
    FakeRun ipam;
    ipam.server.answer("GET /api/v1/events", 200, stream);
    ASSERT_EQ(ipam({"events", "tail", "--type", "task", "--limit", "2", "-o", format}), 0) << ipam.host.error;
    EXPECT_EQ(ipam.host.output, expected);
  }
}

TEST(EventsTail, TellsWhyItWasRefused) {
  FakeRun ipam;
  ipam.server.answer("GET /api/v1/events", 403,
                     R"({"title":"t","status":403,"code":"permission_denied","detail":"operation read_journal","errors":[]})");
  EXPECT_EQ(ipam({"events", "tail", "--actor", "admin"}), 9);
  EXPECT_THAT(ipam.host.error, HasSubstr("read_journal"));
}

TEST(Completion, KnowsEveryNounVerbAndOption) {
  FakeRun ipam;
  for (const char* shell : {"bash", "zsh", "fish"}) {
    ipam.host.output.clear();
    ASSERT_EQ(ipam({"completion", shell}), 0) << ipam.host.error;
    for (const char* word : {"subnet", "allocate", "collect", "idempotency-key", "operation", "events", "login"}) {
      EXPECT_THAT(ipam.host.output, HasSubstr(word)) << shell;
    }
  }
  EXPECT_EQ(ipam({"completion", "tcsh"}), 3);
}

}  // namespace
}  // namespace ipam::cli
