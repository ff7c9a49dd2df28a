// Backups and restores against an IPAM server in memory: what is shown and asked before a restore, and a server that comes back with it, without it,
// or not at all.
#include "cli/fake_api_suite.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ipam::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kRestore = "POST /api/v1/backups/b1:restore";
constexpr int kFailedPrecondition = 8, kUnauthenticated = 10, kDeadlineExceeded = 14, kCancelled = 15;

std::string plan(const std::string& obstacle, bool continues = true) {
  return fmt::format(
      R"({{"dry_run":true,"status":202,"changes":[],"result":{{"backup":{{"name":"b1","kind":"sqlite","version":"1","schema_version":7,)"
      R"("created_at":"2026-11-27T07:00:00Z","actor":"admin","note":"","sequence":40,"master_key_id":"k","bytes":9,"sha256":"00"}},"sequence":42,)"
      R"("continues":{},"lost_records":2,"kept_blocks":0,"kept_subnets":1,"kept_addresses":3,"obstacle":"{}"}}}})",
      continues, obstacle);
}

std::string restoration(int id) {
  return fmt::format(
      R"({{"id":"{}","at":"2026-11-27T08:00:00Z","backup":"b1","backup_at":"2026-11-27T07:00:00Z","backup_sequence":40,"common_sequence":40,)"
      R"("replaced_sequence":42,"lost_records":2,"kept_blocks":0,"kept_subnets":1,"kept_addresses":3,"kept_reservations":0,"kept_leases":0,"not_kept":0,)"
      R"("replaced_database":"ipam.db.replaced","problem":""}})",
      id);
}

std::string list_of(const std::string& items) { return R"({"items":[)" + items + R"(],"next_cursor":null,"total":null})"; }

// A server that restores: it is away for some questions, and then another one, with its restorations.
class BackupVerbs : public ::testing::Test {
 protected:
  void SetUp() override {
    ipam_.server.on(kRestore, [this](const Call& call) -> Result<Reply> {
      if (call.target.find("dry_run=true") != std::string::npos) return Reply{200, plan_};
      asked_to_restore_ = true;
      return Reply{202, plan_};
    });
    ipam_.server.on("GET /api/v1/server_config", [this](const Call&) -> Result<Reply> {
      if (asked_to_restore_ && away_ > 0) {
        --away_;
        return Error(ErrorCode::Unavailable, "connection refused");
      }
      if (asked_to_restore_ && refusal_ != 0) return Reply{refusal_, R"({"code":"unauthenticated","detail":"sign in again"})"};
      const bool is_new = asked_to_restore_ && comes_back_;
      return Reply{200,
                   fmt::format(R"({{"version":"1","node":"","listen_address":"127.0.0.1","listen_port":1,"database":"sqlite","schema_version":7,)"
                               R"("master_key_id":"k","log_level":"info","started_at":"2026-11-27T0{}:00:00Z"}})",
                               is_new ? 8 : 6)};
    });
    ipam_.server.on("GET /api/v1/restorations", [this](const Call&) -> Result<Reply> {
      return Reply{200, list_of(asked_to_restore_ ? restorations_after_ : restorations_before_)};
    });
    ipam_.server.answer("GET /api/v1/restorations/77", 200, restoration(77));
  }
  int restore(std::vector<std::string> more = {}) {
    std::vector<std::string> words{"backup", "restore", "b1"};
    words.insert(words.end(), more.begin(), more.end());
    return ipam_(words);
  }

  FakeRun ipam_;
  std::string plan_ = plan("");
  int away_ = 3;  // questions that find nobody
  bool comes_back_ = true;
  int refusal_ = 0;
  std::string restorations_before_, restorations_after_ = restoration(77);
  bool asked_to_restore_ = false;
};

TEST_F(BackupVerbs, ARestoreIsShownAskedWaitedForAndTold) {
  ipam_.host.shown.input = true;
  ipam_.host.lines = {"y"};
  ASSERT_EQ(restore({"--reason", "drill"}), 0) << ipam_.host.error;
  EXPECT_THAT(ipam_.host.error, HasSubstr("Backup b1 holds the changes up to 40, of 2026-11-27T07:00:00Z; the database is at 42.\n"
                                          "2 changes came after it; what they did is undone, and they are listed afterwards.\n"
                                          "Kept, so that nobody gets them a second time: 0 blocks, 1 subnet, 3 addresses.\n"));
  EXPECT_THAT(ipam_.host.error, HasSubstr("Restore it? [y/N] "));
  EXPECT_THAT(ipam_.host.output, HasSubstr("Restored. Changes that are lost: 2; `ipam lost-change list --restoration 77` shows them.\n"));
  EXPECT_THAT(ipam_.host.output, HasSubstr("ipam.db.replaced"));
  EXPECT_EQ(away_, 0);
}

TEST_F(BackupVerbs, AnyOtherAnswerThanYesRestoresNothing) {
  ipam_.host.shown.input = true;
  for (const char* answer : {"n", "", "restore"}) {
    ipam_.host.lines = {answer};
    EXPECT_EQ(restore(), kCancelled);
  }
  ipam_.host.lines.clear();  // the input ends
  EXPECT_EQ(restore(), kCancelled);
  EXPECT_FALSE(asked_to_restore_);
  EXPECT_THAT(ipam_.host.error, HasSubstr("ipam: nothing was restored\n"));
}

TEST_F(BackupVerbs, YesAndAPipeAreShownThePlanAndNotAsked) {
  ipam_.host.shown.input = true;
  EXPECT_EQ(restore({"--yes"}), 0);
  EXPECT_TRUE(asked_to_restore_);
  EXPECT_THAT(ipam_.host.error, testing::AllOf(HasSubstr("2 changes came after it"), Not(HasSubstr("Restore it?"))));
  asked_to_restore_ = false;
  ipam_.host.shown.input = false;
  EXPECT_EQ(restore(), 0);
  EXPECT_TRUE(asked_to_restore_);
}

TEST_F(BackupVerbs, ADryRunShowsThePlanAndRestoresNothing) {
  ipam_.host.shown.input = true;
  ASSERT_EQ(restore({"--dry-run"}), 0) << ipam_.host.error;
  EXPECT_THAT(ipam_.host.output, testing::StartsWith("Nothing was changed.\nBackup b1 holds the changes up to 40"));
  ipam_.host.output.clear();
  ASSERT_EQ(restore({"--dry-run", "-o", "json"}), 0);
  EXPECT_THAT(ipam_.host.output, testing::AllOf(HasSubstr("\"dry_run\": true"), HasSubstr("\"lost_records\": 2")));
  EXPECT_FALSE(asked_to_restore_);
}

TEST_F(BackupVerbs, AnObstacleEndsItBeforeAnythingIsAsked) {
  plan_ = plan("other servers use this database: b");
  ipam_.host.shown.input = true;
  ipam_.host.lines = {"y"};
  EXPECT_EQ(restore(), kFailedPrecondition);
  EXPECT_THAT(ipam_.host.error,
              testing::AllOf(HasSubstr("It cannot be restored: other servers use this database: b.\n"), Not(HasSubstr("Restore it?"))));
  EXPECT_EQ(restore({"--yes"}), kFailedPrecondition);
  EXPECT_FALSE(asked_to_restore_);
  // A script that only asks gets the plan and a status.
  EXPECT_EQ(restore({"--dry-run"}), 1);
  EXPECT_THAT(ipam_.host.output, HasSubstr("It cannot be restored: other servers use this database: b."));
}

TEST_F(BackupVerbs, ABackupThatTheDatabaseDoesNotGoOnFromIsSaidToBeOne) {
  plan_ = plan("", false);
  ASSERT_EQ(restore(), 0) << ipam_.host.error;
  EXPECT_THAT(ipam_.host.error, HasSubstr("The database does not go on from this backup"));
}

TEST_F(BackupVerbs, AServerThatComesBackWithoutANewRestorationHasNotRestored) {
  for (const std::string& older : {std::string(), restoration(76)}) {
    restorations_before_ = restorations_after_ = older;
    asked_to_restore_ = false;
    EXPECT_EQ(restore({"--yes"}), kFailedPrecondition);
    EXPECT_TRUE(asked_to_restore_);
    EXPECT_THAT(ipam_.host.error, HasSubstr("the backup could not be restored and the database is as it was; the server's log says why (IPAM-5208)"));
    EXPECT_THAT(ipam_.host.output, IsEmpty());
  }
}

TEST_F(BackupVerbs, AServerThatDoesNotComeBackInTimeIsNotWaitedForForever) {
  away_ = 1'000'000;
  EXPECT_EQ(restore({"--yes", "--timeout", "30s"}), kDeadlineExceeded);
  EXPECT_THAT(ipam_.host.error, HasSubstr("the server does not answer after 30"));
  EXPECT_LT(away_, 1'000'000);
}

TEST_F(BackupVerbs, TheOldServerThatStillAnswersIsNotTheNewOne) {
  away_ = 0;
  comes_back_ = false;
  EXPECT_EQ(restore({"--yes", "--timeout", "30s"}), kDeadlineExceeded);
  EXPECT_THAT(ipam_.host.output, IsEmpty());
}

TEST_F(BackupVerbs, ARefusalOfTheNewServerEndsTheWait) {
  refusal_ = 401;
  EXPECT_EQ(restore({"--yes"}), kUnauthenticated);
  EXPECT_THAT(ipam_.host.error, HasSubstr("sign in again"));
}

TEST_F(BackupVerbs, CreateAndVerifyFollowTheirOperation) {
  const auto operation = [](const std::string& state) {
    return R"({"id":"9","kind":"backup","subject":"b1","actor":"admin","request_id":"r","node":"","state":")" + state +
           R"(","percent":100,"message":"as it went","result":null,"started_at":"2026-11-25T07:00:00Z","ended_at":null,"parts":[]})";
  };
  ipam_.server.answer("POST /api/v1/backups", 202, operation("running"));
  ipam_.server.answer("POST /api/v1/backups/b1:verify", 202, operation("running"));
  ipam_.server.answer("GET /api/v1/operations/9", 200, operation("succeeded"));
  ASSERT_EQ(ipam_({"backup", "create", "--note", "before the move", "--keep", "3"}), 0) << ipam_.host.error;
  EXPECT_EQ(ipam_.server.calls.front().call.body, R"({"note":"before the move","keep":3})");
  EXPECT_THAT(ipam_.host.output, HasSubstr("b1: succeeded, as it went"));
  ipam_.server.answer("GET /api/v1/operations/9", 200, operation("failed"));
  EXPECT_EQ(ipam_({"backup", "verify", "b1"}), 1);
  EXPECT_THAT(ipam_.host.output, HasSubstr("b1: failed, as it went"));
}

}  // namespace
}  // namespace ipam::cli
