// ApiServer: the real HTTP server with the real routes and their admission over a House, in plain HTTP on 127.0.0.1, and a client to it.
// Thread rule: the test's thread; the server has threads of its own.
#pragma once

#include "api/door.h"
#include "api/observed.h"
#include "client/http/client.h"
#include "http_server/server.h"
#include "integration/house.h"
#include "io/io_pool.h"
#include "io/resolver.h"
#include "store/sqlite/sqlite_backup.h"

#include <fmt/format.h>

namespace ipam::test {

class ApiServer {
 public:
  explicit ApiServer(const api::DoorOptions& door_options = {}) : door_(house.clock, *house.refusals, door_options) {
    http_server::ServerOptions options;
    options.address = "127.0.0.1";
    options.transport = http_server::Transport::PlainHttp;
    options.admit = door_.admission(routes_.admission(*house.access, *house.ledger));
    options.on_finished = [this](const http_server::FinishedRequest& request) {
      observed.finished(request);
      door_.finished(request);
    };
    server_ = http_server::Server::create(pool_, routes_.router(), std::move(options)).value();
    server_->start();
    house.events->start();
  }
  ~ApiServer() {
    client_.close_idle();
    house.operations->stop();
    EXPECT_TRUE(server_->stop(std::chrono::seconds(5)).ok());
    house.ledger->stop();
    house.hashing->stop();
    resolver_.stop();
  }

  const api::Routes& routes() const { return routes_; }
  std::uint16_t port() const { return server_->local().port; }
  // Waits for running requests as a stop of the program does.
  bool stop() { return server_->stop(std::chrono::seconds(5)).ok(); }

  client::http::Response ask(const std::string& method, const std::string& target, const std::string& bearer = "", const std::string& body = "",
                             const std::vector<wire::http1::Field>& fields = {}) {
    client::http::Request request;
    request.method = method;
    request.url = client::http::Url::parse(fmt::format("http://127.0.0.1:{}{}", server_->local().port, target)).value();
    if (!bearer.empty()) client::http::set_bearer_authorization(request.headers, Secret(bearer));
    for (const auto& field : fields) request.headers.set(field.name, field.value);
    request.body = body;
    auto response = house.run(client_.send(std::move(request), io::Deadline::after(std::chrono::seconds(30))));
    EXPECT_TRUE(response.ok()) << method << " " << target << ": " << response.error().describe();
    return response.ok() ? std::move(*response) : client::http::Response{0, {}, {}};
  }

  // A user "user-<group>" of this group, made at the first call, with a session of its own each time.
  std::string bearer(model::Group group) {
    const std::string name = user_name(group);
    if (house.rows<model::User>({{"name", store::Comparison::Equal, name}}).empty()) {
      model::User user;
      user.name = name;
      user.access_group = group;
      EXPECT_TRUE(house.run(house.access->create_user(administrator(), user, Secret(kPassword), {})).ok());
    }
    return house.run(house.access->log_in(name, Secret(kPassword), {})).value().bearer.reveal();
  }
  static std::string user_name(model::Group group) { return "user-" + model::enum_to_text(group); }

  static constexpr const char* kPassword = "correct horse";
  House house;
  api::Observed observed{house.clock, {{ip::Prefix::parse("127.0.0.1/32").value()}}};
  store::sqlite::SqliteBackup backup_engine{house.folder.file("ipam.db")};
  std::atomic<int> restarts = 0;
  service::BackupService backups{*house.store,
                                 backup_engine,
                                 service::BackupFolder(house.folder.file("backups")),
                                 house.clock,
                                 {.version = "0.0.0-test", .schema_version = 10, .master_key_id = "0011223344556677"},
                                 [this] { ++restarts; }};
  service::ImportService imports{
      *house.store, *house.ledger, *house.planning, house.clock, {.folder = house.folder.file("imports"), .max_bytes = 1U << 26U}};

 private:
  io::WorkerPool backup_pool_{"the copying of backups", 1, 100};
  io::IoPool pool_{2};
  Guarded<api::ServerFacts> facts_;
  api::Services services_{.store = *house.store,
                          .ledger = *house.ledger,
                          .access = *house.access,
                          .planning = *house.planning,
                          .allocation = *house.allocation,
                          .inventory = *house.inventory,
                          .accesses = *house.accesses,
                          .collector = *house.collector,
                          .dhcp = *house.dhcp,
                          .dns = *house.dns,
                          .changes = *house.changes,
                          .discovery = *house.discovery,
                          .domains = *house.domains,
                          .scheduler = *house.scheduler,
                          .index = *house.index,
                          .database = *house.database,
                          .answers = *house.answers,
                          .events = *house.events,
                          .operations = *house.operations,
                          .facts = facts_,
                          .version = "0.0.0-test",
                          .refusals = *house.refusals,
                          .observed = observed,
                          .backups = backups,
                          .backup_pool = backup_pool_,
                          .utilization = *house.utilization,
                          .clock = house.clock,
                          .provision = *house.provision,
                          .search = *house.search,
                          .saved_searches = *house.saved_searches,
                          .imports = imports};
  api::Routes routes_ = api::make_routes(services_);
  api::Door door_;
  std::unique_ptr<http_server::Server> server_;
  io::Resolver resolver_;
  client::http::Client client_{resolver_, {}};
};

}  // namespace ipam::test
