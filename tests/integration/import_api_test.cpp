// Over HTTP: files in and out.
#include "contract/exchange.h"
#include "contract/interchange.h"
#include "integration/api_server.h"

#include <gmock/gmock.h>

namespace ipam::test {
namespace {

using testing::HasSubstr;

class ImportApi : public testing::Test {
 protected:
  client::http::Response import(const std::string& query, const std::string& file, const std::vector<wire::http1::Field>& fields = {}) {
    std::vector<wire::http1::Field> all{{"Content-Type", "text/csv"}};
    all.insert(all.end(), fields.begin(), fields.end());
    auto response = server.ask("POST", "/api/v1/imports?kind=address" + query, bearer, file, all);
    server.house.run_until([&] { return server.house.operations->running() == 0; });
    return response;
  }
  contract::Import get(const std::string& id) {
    return json::read<contract::Import>(server.ask("GET", "/api/v1/imports/" + id, bearer).body).value();
  }
  template <class T>
  static T read(const client::http::Response& response) {
    auto value = json::read<T>(response.body);
    EXPECT_TRUE(value.ok()) << response.status << " " << response.body;
    return value.ok() ? *std::move(value) : T{};
  }

  ApiServer server;
  std::string bearer = server.bearer(model::Group::IpamAdministrators);
};

TEST_F(ImportApi, AFileIsImportedAndItsBadRowsComeBack) {
  server.house.add_subnet("10.0.0.0/24");
  const auto accepted = import("&file_name=plan.csv", "IP Address,Owner\n10.0.0.1,a\nten,b\n");
  ASSERT_EQ(accepted.status, 202) << accepted.body;
  const auto id = read<contract::Import>(accepted).id.to_string();
  EXPECT_EQ(accepted.headers.find("Location"), "/api/v1/imports/" + id);
  const auto done = get(id);
  EXPECT_EQ(done.state, contract::OperationState::Succeeded);
  EXPECT_EQ(done.created, 1U);
  EXPECT_EQ(done.failed, 1U);
  const auto errors = server.ask("GET", "/api/v1/imports/" + id + "/errors", bearer);
  EXPECT_THAT(errors.body, HasSubstr("IP Address,Owner,Import Error\r\nten,b,"));
  EXPECT_THAT(errors.body, HasSubstr("row 3: "));
  // The error file is a file to import.
  EXPECT_EQ(import("", errors.body).status, 202);
  EXPECT_THAT(server.ask("GET", "/api/v1/imports", bearer).body, HasSubstr("\"file_name\":\"plan.csv\""));
}

TEST_F(ImportApi, ALargeFileGoesThroughTheDisk) {
  server.house.add_subnet("10.0.0.0/16");
  std::string file = "IP Address,Description\n";
  for (int i = 0; i < 3'000; ++i) file += fmt::format("10.0.{}.{},{}\n", i / 250, 1 + i % 250, std::string(500, 'x'));
  const auto id = read<contract::Import>(import("", file)).id.to_string();
  EXPECT_EQ(get(id).created, 3'000U);
  EXPECT_EQ(get(id).bytes, file.size());
}

TEST_F(ImportApi, ADryRunTellsEachRow) {
  server.house.add_subnet("10.0.0.0/24");
  const auto told = import("&dry_run=true", "IP Address\n10.0.0.1\nten\n");
  EXPECT_EQ(told.status, 200);
  const auto answer = read<contract::DryRunAnswer>(told);
  EXPECT_EQ(answer.status, 202);
  const auto id = json::read<contract::Import>(answer.result.text).value().id.to_string();
  EXPECT_TRUE(get(id).dry_run);
  EXPECT_TRUE(server.house.rows<model::Address>().empty());
  EXPECT_THAT(server.ask("GET", "/api/v1/imports/" + id + "/results", bearer).body,
              HasSubstr("Row,Outcome,Object,Reason\r\n2,created,10.0.0.1,\r\n3,failed,,"));
}

TEST_F(ImportApi, TheSameKeyImportsOnce) {
  server.house.add_subnet("10.0.0.0/24");
  const std::string file = "IP Address\n10.0.0.1\n";
  const auto first = import("", file, {{"Idempotency-Key", "k"}}), again = import("", file, {{"Idempotency-Key", "k"}});
  EXPECT_EQ(read<contract::Import>(first).id.to_string(), read<contract::Import>(again).id.to_string());
  EXPECT_EQ(import("", "IP Address\n10.0.0.2\n", {{"Idempotency-Key", "k"}}).status, 400);
}

TEST_F(ImportApi, WhoMayNotChangeAddressesSendsNoFile) {
  const auto reader = server.bearer(model::Group::IpamUsers);
  EXPECT_EQ(server.ask("POST", "/api/v1/imports?kind=address", reader, "IP Address\n").status, 403);
  EXPECT_EQ(server.ask("POST", "/api/v1/imports?kind=shoe", bearer, "x").status, 400);
  EXPECT_EQ(server.ask("POST", "/api/v1/imports?kind=address&colour=red", bearer, "x").status, 400);
  EXPECT_EQ(server.ask("POST", "/api/v1/imports?kind=address", bearer, "").status, 400);
}

TEST_F(ImportApi, WhatIsExportedImportsWithoutAChange) {
  server.house.add_subnet("10.0.0.0/24");
  import("", "IP Address,Owner\n10.0.0.1,=x\n10.0.0.2,b\n10.0.0.3,c\n");
  const auto csv = server.ask("GET", "/api/v1/exports/addresses?owner__ne=c", bearer);
  EXPECT_THAT(std::string(csv.headers.find("Content-Type").value_or("")), HasSubstr("text/csv"));
  EXPECT_THAT(csv.body, HasSubstr("IP Address,Managed by Service,"));
  EXPECT_THAT(csv.body, HasSubstr(",'=x,"));
  EXPECT_THAT(csv.body, testing::Not(HasSubstr("10.0.0.3")));
  const auto id = read<contract::Import>(import("", csv.body)).id.to_string();
  EXPECT_EQ(get(id).unchanged, 2U);
  EXPECT_TRUE(get(id).columns_without_place.empty());
  const auto lines = server.ask("GET", "/api/v1/exports/addresses?format=json_lines", bearer);
  EXPECT_EQ(std::count(lines.body.begin(), lines.body.end(), '\n'), 3);
  const auto again = read<contract::Import>(import("&format=json_lines", lines.body)).id.to_string();
  EXPECT_EQ(get(again).unchanged, 3U) << get(again).message;
  EXPECT_EQ(server.ask("GET", "/api/v1/exports/addresses?limit=5", bearer).status, 400);
}

}  // namespace
}  // namespace ipam::test
