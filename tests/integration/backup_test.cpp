// The service of backups and the restore, on the real embedded database: what is kept, listed and refused, and where two journals part.
#include "service/backup/backup_service.h"

#include "integration/house.h"
#include "store/sqlite/sqlite_backup.h"

#include <gmock/gmock.h>

#include <fstream>

namespace ipam::test {
namespace {

using service::BackupFolder;
using service::BackupManifest;
using ::testing::HasSubstr;

Result<void> go_on(int) { return {}; }

// A server that is started and stopped, with nothing but its ledger.
class BackupsOfAServer : public testing::Test {
 protected:
  void SetUp() override { start(); }
  void TearDown() override { stop(); }

  void start() {
    store_ = store::sqlite::SqliteStore::open({.path = database_}).value();
    index_ = std::make_unique<occupancy::Index>();
    ASSERT_TRUE(ledger::load_index(*store_, *index_).ok());
    ledger_ = ledger::Ledger::open(*store_, *index_, clock_).value();
    const service::BackupOptions options{"0.0.0-test", 11, "0011223344556677"};
    service_ = std::make_unique<service::BackupService>(*store_, engine_, backups_, clock_, options, [this] { ++restarts_; });
  }
  void stop() {
    service_.reset();
    if (ledger_) ledger_->stop();
    ledger_.reset();
    store_.reset();
  }

  void write(const ledger::Work& work) {
    model::ChangeContext context;
    context.actor = "tester";
    const auto written = ledger_->commit_and_wait(context, ledger::Priority::Interactive, work);
    ASSERT_TRUE(written.ok()) << written.error().describe();
  }
  void add_space(const std::string& name) {
    write([&](ledger::Transaction& transaction) -> Result<void> {
      model::AddressSpace space;
      space.name = name;
      IPAM_TRY(transaction.create(space));
      return {};
    });
  }
  std::vector<std::string> spaces() {
    std::vector<std::string> names;
    const auto reader = store_->open_reader().value();
    EXPECT_TRUE(store::for_each<model::AddressSpace>(*reader, {}, [&](const model::AddressSpace& space) -> Result<bool> {
                  names.push_back(space.name);
                  return true;
                }).ok());
    return names;
  }
  BackupManifest make(const std::string& note = "", std::uint64_t keep = 0) {
    clock_.advance(std::chrono::seconds(1));
    auto made = service_->create(administrator(), {note, keep}, go_on);
    EXPECT_TRUE(made.ok()) << made.error().describe();
    return made.ok() ? *made : BackupManifest{};
  }
  Result<model::Restoration> restore(const std::string& name) {
    stop();
    service::RestoreRequest request;
    request.backup = name;
    request.actor = "tester";
    const service::RestoreStage stage{engine_,
                                      backups_,
                                      clock_,
                                      "0011223344556677",
                                      [this]() -> Result<std::unique_ptr<store::Store>> {
                                        auto opened = IPAM_TRY(store::sqlite::SqliteStore::open({.path = database_}));
                                        return std::unique_ptr<store::Store>(std::move(opened));
                                      },
                                      go_on};
    auto restored = service::restore(stage, request);
    start();
    return restored;
  }
  std::uint64_t sequence() const { return ledger_->sequence(); }
  void expect_whole_journal() {
    const auto reader = store_->open_reader().value();
    const auto verified = ledger::verify_journal(*reader);
    EXPECT_TRUE(verified.ok()) << verified.error().describe();
  }

  TemporaryFolder folder_;
  const std::string database_ = folder_.file("ipam.db");
  ManualClock clock_{parse_time("2026-11-27T08:00:00Z").value()};
  store::sqlite::SqliteBackup engine_{database_};
  const BackupFolder backups_{folder_.file("backups")};
  std::unique_ptr<store::sqlite::SqliteStore> store_;
  std::unique_ptr<occupancy::Index> index_;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::unique_ptr<service::BackupService> service_;
  int restarts_ = 0;
};

TEST_F(BackupsOfAServer, AreForAdministratorsAlone) {
  const auto planner = member_of(model::Group::IpamAsmAdministrators);
  EXPECT_EQ(service_->list(planner).error().code, ErrorCode::PermissionDenied);
  EXPECT_EQ(service_->create(planner, {}, go_on).error().code, ErrorCode::PermissionDenied);
  EXPECT_EQ(service_->verify(planner, "x", go_on).error().code, ErrorCode::PermissionDenied);
  EXPECT_EQ(service_->erase(planner, "x").error().code, ErrorCode::PermissionDenied);
  EXPECT_EQ(service_->plan_restore(planner, "x").error().code, ErrorCode::PermissionDenied);
  EXPECT_EQ(service_->request_restore(planner, "x", {}).error().code, ErrorCode::PermissionDenied);
}

TEST_F(BackupsOfAServer, AreListedNewestFirstAndTheOldestGo) {
  const auto first = make("first"), second = make("second"), third = make("third", 2);
  const auto listed = service_->list(administrator()).value();
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(listed[0].name, third.name);
  EXPECT_EQ(listed[1].name, second.name);
  EXPECT_EQ(service_->get(administrator(), first.name).error().code, ErrorCode::NotFound);
  EXPECT_EQ(service_->newest(), third.created_at);
  EXPECT_TRUE(service_->erase(administrator(), third.name).ok());
  EXPECT_EQ(service_->newest(), second.created_at);
}

TEST_F(BackupsOfAServer, WithoutAManifestOrWithABrokenOneAreNone) {
  const auto made = make();
  std::filesystem::create_directories(backups_.path() / "half");
  std::filesystem::create_directories(backups_.path() / "broken");
  std::ofstream(backups_.path() / "broken" / "manifest.json") << "{\"format\": 1, \"name\": ";
  EXPECT_EQ(service_->list(administrator()).value().size(), 1U);
  EXPECT_EQ(service_->get(administrator(), "half").error().code, ErrorCode::NotFound);
  EXPECT_EQ(service_->get(administrator(), "broken").error().code, ErrorCode::Malformed);
  for (const char* name : {"", ".", "..", "../backups", "a/b", ".unfinished-1"}) {
    EXPECT_EQ(service_->get(administrator(), name).error().code, ErrorCode::NotFound) << name;
  }
  // A manifest that says something else than its copy.
  std::ofstream(backups_.database(made.name), std::ios::app | std::ios::binary) << "more";
  EXPECT_THAT(service_->verify(administrator(), made.name, go_on).error().message, HasSubstr("is damaged"));
}

TEST_F(BackupsOfAServer, ThatAreStoppedLeaveNothing) {
  const auto enough = [](int) { return Result<void>(Error(ErrorCode::Cancelled, "enough")); };
  const auto stopped = service_->create(administrator(), {}, enough);
  ASSERT_FALSE(stopped.ok());
  EXPECT_EQ(stopped.error().code, ErrorCode::Cancelled);
  EXPECT_TRUE(std::filesystem::is_empty(backups_.path()));
}

TEST_F(BackupsOfAServer, LeaveARequestForTheNextStartOnce) {
  const auto made = make();
  ASSERT_TRUE(service_->request_restore(administrator(), made.name, {}).ok());
  EXPECT_EQ(restarts_, 1);
  const auto request = service::take_restore_request(backups_).value();
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->backup, made.name);
  EXPECT_FALSE(service::take_restore_request(backups_).value().has_value());
}

TEST_F(BackupsOfAServer, RestoredGoOnAboveWhatWasThere) {
  add_space("before");
  const auto made = make();
  add_space("after");
  write([](ledger::Transaction& transaction) -> Result<void> {
    const auto spaces = IPAM_TRY(transaction.list<model::AddressSpace>(
        {}, [](const auto& space) { return space.name == "before"; }, 1));
    model::AddressSpace changed = spaces.front();
    changed.description = "lost";
    IPAM_TRY(transaction.update(changed));
    return {};
  });
  const std::uint64_t newest = sequence();
  const auto done = restore(made.name);
  ASSERT_TRUE(done.ok()) << done.error().describe();
  EXPECT_EQ(done->common_sequence, made.sequence);
  EXPECT_EQ(done->replaced_sequence, newest);
  EXPECT_EQ(done->lost_records, 2U);
  EXPECT_GT(sequence(), newest);
  EXPECT_THAT(spaces(), testing::UnorderedElementsAre("before", "after")) << "a space that was handed out stays, so that its addresses can";
  expect_whole_journal();
}

TEST_F(BackupsOfAServer, OfABranchThatARestoreCutOffAreTakenFromWhereTheyPart) {
  add_space("common");
  const auto early = make("early");
  add_space("first branch");
  const auto late = make("late");  // holds the branch that the next restore cuts off
  ASSERT_TRUE(restore(early.name).ok());
  add_space("second branch");
  const std::uint64_t newest = sequence();
  EXPECT_FALSE(service_->plan_restore(administrator(), late.name).value().continues);
  EXPECT_TRUE(service_->plan_restore(administrator(), early.name).value().continues);
  const auto done = restore(late.name);
  ASSERT_TRUE(done.ok()) << done.error().describe();
  EXPECT_EQ(done->common_sequence, early.sequence);
  EXPECT_EQ(done->replaced_sequence, newest);
  EXPECT_GT(sequence(), newest);
  EXPECT_THAT(spaces(), testing::UnorderedElementsAre("common", "first branch", "second branch"));
  expect_whole_journal();
  // And a third time, over gaps in both journals.
  const auto last = make("last");
  add_space("third");
  const auto again = restore(last.name);
  ASSERT_TRUE(again.ok()) << again.error().describe();
  EXPECT_EQ(again->common_sequence, last.sequence);
  expect_whole_journal();
}

TEST_F(BackupsOfAServer, OfAnotherServerShareNothingWithItsDatabase) {
  add_space("mine");
  const auto made = make();
  stop();
  std::filesystem::remove(database_);
  std::filesystem::remove(database_ + "-wal");
  start();
  add_space("other");
  add_space("others");
  const auto done = restore(made.name);
  ASSERT_TRUE(done.ok()) << done.error().describe();
  EXPECT_EQ(done->common_sequence, 0U);
  EXPECT_EQ(done->lost_records, 2U);
  expect_whole_journal();
}

}  // namespace
}  // namespace ipam::test
