// Over HTTP: dry runs, requests with a key, batches and operations.
#include "contract/exchange.h"
#include "contract/long_work.h"
#include "integration/api_server.h"

#include <gmock/gmock.h>

namespace ipam::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using wire::http1::Field;

class ApiExchange : public testing::Test {
 protected:
  client::http::Response post(const std::string& target, const std::string& body, const std::vector<Field>& fields = {}) {
    return server.ask("POST", target, bearer, body, fields);
  }
  template <class T>
  static T read(const client::http::Response& response) {
    auto value = json::read<T>(response.body);
    EXPECT_TRUE(value.ok()) << response.status << " " << response.body;
    return value.ok() ? *std::move(value) : T{};
  }
  static std::string header(const client::http::Response& response, std::string_view name) {
    return std::string(response.headers.find(name).value_or(""));
  }

  ApiServer server;
  std::string bearer = server.bearer(model::Group::IpamAdministrators);
};

TEST_F(ApiExchange, ADryRunTellsTheChangesAndTheAnswerAndChangesNothing) {
  const auto sequence = server.house.ledger->sequence();
  const auto told = post("/api/v1/subnets?dry_run=true", R"({"prefix":"10.1.0.0/24","name":"lab"})");
  EXPECT_EQ(told.status, 200);
  EXPECT_EQ(header(told, "X-Ipam-Dry-Run"), "true");
  EXPECT_FALSE(told.headers.contains("Location") || told.headers.contains("ETag") || told.headers.contains("X-Ipam-Sequence"));
  const auto answer = read<contract::DryRunAnswer>(told);
  EXPECT_EQ(answer.status, 201);
  ASSERT_EQ(answer.changes.size(), 1U);
  EXPECT_EQ(answer.changes[0].sequence, 0U);
  EXPECT_EQ(answer.changes[0].object_name, "10.1.0.0/24");
  EXPECT_THAT(answer.result.text, HasSubstr(R"("name":"lab")"));
  EXPECT_EQ(server.house.ledger->sequence(), sequence);
  EXPECT_TRUE(server.house.rows<model::Subnet>().empty());
  EXPECT_EQ(post("/api/v1/subnets?dry_run=perhaps", R"({"prefix":"10.1.0.0/24"})").status, 400);
  // What cannot be tried without being done says so.
  EXPECT_EQ(post("/api/v1/tasks/server-configuration:run?dry_run=true", "").status, 501);
  EXPECT_EQ(post("/api/v1/addresses:allocate?dry_run=true", R"({"from":"10.1.0.0/24"})").status, 400);
}

TEST_F(ApiExchange, TheSameKeyGetsTheSameAnswerAndTakesNothingTwice) {
  server.house.add_subnet("10.1.0.0/24");
  const std::string body = R"({"from":"10.1.0.0/24","count":2,"name":"db"})";
  const auto first = post("/api/v1/addresses:allocate", body, {{"Idempotency-Key", "a-1"}});
  ASSERT_EQ(first.status, 201);
  post("/api/v1/addresses:allocate", body);
  const auto again = post("/api/v1/addresses:allocate", body, {{"Idempotency-Key", "a-1"}});
  EXPECT_EQ(again.status, first.status);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(header(again, "X-Ipam-Sequence"), header(first, "X-Ipam-Sequence"));
  EXPECT_EQ(header(again, "X-Ipam-Repeated"), "true");
  EXPECT_EQ(server.house.rows<model::Address>().size(), 4U);
  const auto other = post("/api/v1/addresses:allocate", R"({"from":"10.1.0.0/24"})", {{"Idempotency-Key", "a-1"}});
  EXPECT_EQ(other.status, 400);
  EXPECT_THAT(other.body, HasSubstr("take a new key"));
}

TEST_F(ApiExchange, WhileTheFirstIsUnderWayTheSecondIsToldWhenToComeAgain) {
  const std::string body = R"({"prefix":"10.1.0.0/24"})";
  const std::vector<Field> key{{"Idempotency-Key", "k"}};
  {
    service::Principal principal = administrator();
    principal.user_id = server.house.rows<model::User>({{"name", store::Comparison::Equal, ApiServer::user_name(model::Group::IpamAdministrators)}})
                            .at(0)
                            .id;
    const auto first = server.house.answers->begin(principal, "POST", "/api/v1/subnets", "k", body);
    ASSERT_TRUE(first.ok()) << first.error().describe();
    const auto second = post("/api/v1/subnets", body, key);
    EXPECT_EQ(second.status, 409) << second.body;
    EXPECT_EQ(header(second, "Retry-After"), "1");
  }
  EXPECT_EQ(post("/api/v1/subnets", body, key).status, 201);
  // A conflict that waiting does not end does not say so.
  const auto taken = post("/api/v1/subnets", R"({"prefix":"10.1.0.0/25"})", {{"Idempotency-Key", "k2"}});
  EXPECT_EQ(taken.status, 409) << taken.body;
  EXPECT_EQ(header(taken, "Retry-After"), "");
}

TEST_F(ApiExchange, AFailureIsNotKeptUnderItsKey) {
  EXPECT_EQ(post("/api/v1/addresses", R"({"address":"10.1.0.5"})", {{"Idempotency-Key", "k"}}).status, 400);
  server.house.add_subnet("10.1.0.0/24");
  EXPECT_EQ(post("/api/v1/addresses", R"({"address":"10.1.0.5"})", {{"Idempotency-Key", "k"}}).status, 201);
}

TEST_F(ApiExchange, AKeyIsTakenByEveryPostButThoseWithSecrets) {
  for (const char* path : {"/api/v1/sessions", "/api/v1/tokens"}) {
    const auto refused = post(path, "{}", {{"Idempotency-Key", "k"}});
    EXPECT_EQ(refused.status, 501) << path;
    EXPECT_THAT(refused.body, HasSubstr("secret"));
  }
  EXPECT_EQ(server.ask("DELETE", "/api/v1/subnets/5", bearer, "", {{"Idempotency-Key", "k"}}).status, 501);
  const std::string user = R"({"name":"u1","password":"correct horse"})";
  const auto made = post("/api/v1/users", user, {{"Idempotency-Key", "k"}});
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(post("/api/v1/users", user, {{"Idempotency-Key", "k"}}).body, made.body);
  const auto row = server.house.rows<model::KeptAnswer>().front();
  EXPECT_THAT(row.steps + row.body + row.fingerprint, Not(HasSubstr("argon2id")));
}

TEST_F(ApiExchange, ABatchDoesEachByItself) {
  const auto answer = post("/api/v1/subnets:batch", R"({"operations":[
    {"operation":"create","body":{"prefix":"10.1.0.0/24","name":"one"}},
    {"operation":"create","body":{"prefix":"10.1.0.0/25"}},
    {"operation":"create","body":{"prefix":"nonsense"}},
    {"operation":"delete","id":"999999"},
    {"operation":"create","body":{"prefix":"10.2.0.0/24"}}]})");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto batch = read<contract::BatchAnswer>(answer);
  EXPECT_EQ(batch.succeeded, 2U);
  EXPECT_EQ(batch.failed, 3U);
  std::vector<int> statuses;
  for (const auto& result : batch.results) statuses.push_back(result.status);
  EXPECT_THAT(statuses, testing::ElementsAre(201, 409, 400, 404, 201));
  EXPECT_EQ(batch.results[2].problem->errors.at(0).pointer, "/prefix");
  EXPECT_THAT(batch.results[0].object.text, HasSubstr(R"("name":"one")"));
  const auto id = batch.results[0].id->value;
  const auto changed = read<contract::BatchAnswer>(post("/api/v1/batch", fmt::format(R"({{"operations":[
    {{"operation":"update","collection":"subnets","id":"{0}","body":{{"name":"two"}}}},
    {{"operation":"update","collection":"subnets","id":"{0}","if_match":"\"1\"","body":{{"name":"three"}}}},
    {{"operation":"create","collection":"addresses","body":{{"address":"10.1.0.9"}}}},
    {{"operation":"delete","collection":"subnets","id":"{0}"}}]}})",
                                                                                     id)));
  statuses.clear();
  for (const auto& result : changed.results) statuses.push_back(result.status);
  EXPECT_THAT(statuses, testing::ElementsAre(200, 412, 201, 412));
  EXPECT_EQ(server.house.index_defect(), "");
}

TEST_F(ApiExchange, AnAtomicBatchIsAllOrNothing) {
  const std::string good = R"({"operation":"create","body":{"prefix":"10.1.0.0/24"}})";
  const std::string bad = R"({"operation":"create","body":{"prefix":"10.1.0.0/25","vlans":[5000]}})";
  const auto refused = post("/api/v1/subnets:batch", R"({"atomic":true,"operations":[)" + good + "," + bad + "]}");
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, HasSubstr("/operations/1/body/vlans"));
  EXPECT_TRUE(server.house.rows<model::Subnet>().empty());
  const auto done = post("/api/v1/subnets:batch", R"({"atomic":true,"operations":[)" + good + "]}");
  EXPECT_EQ(read<contract::BatchAnswer>(done).succeeded, 1U);
  // Twice the same prefix: the second one sees the first.
  const auto twice =
      post("/api/v1/blocks:batch?dry_run=true",
           R"({"operations":[{"operation":"create","body":{"prefix":"10.0.0.0/8"}},{"operation":"create","body":{"prefix":"10.0.0.0/8"}}]})");
  EXPECT_EQ(read<contract::DryRunAnswer>(twice).changes.size(), 1U);
  EXPECT_TRUE(server.house.rows<model::Block>().empty());
}

TEST_F(ApiExchange, ABatchIsBoundedAndKeptUnderItsKey) {
  std::string many = R"({"operations":[)";
  for (int i = 0; i < 10'001; ++i) many += i == 0 ? "{}" : ",{}";
  EXPECT_EQ(post("/api/v1/subnets:batch", many + "]}").status, 400);
  std::string body = R"({"operations":[)";
  for (int i = 0; i < 2'000; ++i) {
    body += fmt::format(R"({}{{"operation":"create","body":{{"prefix":"10.{}.{}.0/24"}}}})", i == 0 ? "" : ",", i / 250, i % 250);
  }
  body += "]}";
  const auto first = post("/api/v1/subnets:batch", body, {{"Idempotency-Key", "b"}});
  EXPECT_EQ(read<contract::BatchAnswer>(first).succeeded, 2'000U);
  EXPECT_EQ(post("/api/v1/subnets:batch", body, {{"Idempotency-Key", "b"}}).body, first.body);
  EXPECT_EQ(server.house.rows<model::Subnet>().size(), 2'000U);
}

TEST_F(ApiExchange, ALongBatchGoesOnAsAnOperation) {
  const std::string body = R"({"operations":[{"operation":"create","body":{"prefix":"10.1.0.0/24"}},{"operation":"delete","id":"999999"}]})";
  const auto accepted = post("/api/v1/subnets:batch", body, {{"Prefer", "respond-async"}});
  ASSERT_EQ(accepted.status, 202) << accepted.body;
  server.house.run_until([&] { return server.house.operations->running() == 0; });
  const auto operation = read<contract::Operation>(server.ask("GET", header(accepted, "Location"), bearer));
  EXPECT_EQ(operation.state, contract::OperationState::Succeeded);
  EXPECT_EQ(operation.message, "1 operations succeeded, 1 failed");
  EXPECT_EQ(json::read<contract::BatchAnswer>(operation.result.text)->results.at(1).status, 404);
  EXPECT_THAT(server.ask("GET", "/api/v1/operations?kind=batch&state=succeeded", bearer).body, HasSubstr(operation.id.to_string()));
}

TEST_F(ApiExchange, AServersDataIsReadAsAnOperationWithItsParts) {
  const auto made = post("/api/v1/servers", R"({"name":"kea1","product":"kea","url":"http://kea1/","user_name":"u","password":"p"})");
  ASSERT_EQ(made.status, 201) << made.body;
  const auto accepted = post(header(made, "Location") + ":collect", "");
  ASSERT_EQ(accepted.status, 202) << accepted.body;
  server.house.run_until([&] { return server.house.operations->running() == 0; });
  const auto operation = read<contract::Operation>(server.ask("GET", header(accepted, "Location"), bearer));
  EXPECT_EQ(operation.kind, "server_collection");
  EXPECT_EQ(operation.subject, "kea1");
  EXPECT_EQ(operation.parts.size(), 2U);
  EXPECT_NE(operation.parts.at(0).message, "");
}

TEST_F(ApiExchange, AFilterKnowsTheValuesOfItsField) {
  const auto refused = server.ask("GET", "/api/v1/addresses?state=in-use", bearer);
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, HasSubstr("in_use, reserved, inactive"));
  EXPECT_EQ(server.ask("GET", "/api/v1/operations?state__ne=going", bearer).status, 400);
  EXPECT_EQ(server.ask("GET", "/api/v1/addresses?state=in_use", bearer).status, 200);
}

TEST(ApiEnumerators, OfAnOperationAreTheSame) {
  const auto& ours = model::enum_names<model::OperationState>();
  const auto& theirs = model::enum_names<contract::OperationState>();
  ASSERT_EQ(ours.size(), theirs.size());
  for (std::size_t i = 0; i < ours.size(); ++i) EXPECT_EQ(ours[i].name, theirs[i].name);
}

}  // namespace
}  // namespace ipam::test
