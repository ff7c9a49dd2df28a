#include "cli/fake_api_suite.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

namespace ipam::cli {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kImport =
    R"({"id":"5","operation_id":"6","kind":"address","format":"csv","mode":"add_or_update","dry_run":false,"file_name":"plan.csv","sha256":"00",)"
    R"("bytes":9,"actor":"me","node":"","state":"STATE","resumable":false,"rows":3,"created":2,"updated":0,"unchanged":0,"removed":0,"failed":FAILED,)"
    R"("columns_without_place":["Shoe Size"],"message":"3 rows: 2 created","started_at":"2026-11-27T08:00:00Z","ended_at":null})";

std::string import_with(const std::string& state, const std::string& failed) {
  std::string text = kImport;
  text.replace(text.find("STATE"), 5, state);
  text.replace(text.find("FAILED"), 6, failed);
  return text;
}

class InterchangeCommands : public testing::Test {
 protected:
  InterchangeCommands() {
    std::string pattern = (std::filesystem::temp_directory_path() / "ipam-cli-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    file_ = folder_ + "/plan.csv";
    std::ofstream(file_, std::ios::binary) << "IP Address\n10.0.0.1\n";
    ipam_.server.on("POST /api/v1/imports", [this](const Call& call) -> Result<Reply> {
      while (call.file && sent_.size() < call.file->size) sent_ += IPAM_TRY(call.file->next());
      return Reply{202, import_with("running", "0")};
    });
    ipam_.server.answer("GET /api/v1/operations/6", 200,
                        R"({"id":"6","kind":"import","subject":"plan.csv","actor":"me","request_id":"r","node":"","state":"succeeded","percent":100,)"
                        R"("message":"","result":null,"started_at":"2026-11-27T08:00:00Z","ended_at":null,"parts":[]})");
    ipam_.server.answer("GET /api/v1/imports/5", 200, import_with("succeeded", "0"));
  }
  ~InterchangeCommands() override { std::filesystem::remove_all(folder_); }

  FakeRun ipam_;
  std::string folder_, file_, sent_;
};

TEST_F(InterchangeCommands, AFileIsSentAndItsImportAwaited) {
  EXPECT_EQ(ipam_({"import", "addresses", file_, "--space", "lab", "--reason", "new site"}), 0) << ipam_.host.error;
  EXPECT_EQ(sent_, "IP Address\n10.0.0.1\n");
  const Call& call = ipam_.server.calls.at(0).call;
  EXPECT_EQ(call.target, "/api/v1/imports?kind=address&space=lab&file_name=plan.csv");
  EXPECT_THAT(call.headers, testing::Contains(testing::Pair("X-Change-Reason", "new site")));
  EXPECT_THAT(call.headers, testing::Contains(testing::Pair("Content-Type", "text/csv")));
  EXPECT_THAT(ipam_.host.output, HasSubstr("3 rows: 2 created"));
  EXPECT_THAT(ipam_.host.output, HasSubstr("Columns that have no place here and were left out: Shoe Size"));
}

TEST_F(InterchangeCommands, RowsThatFailedGoToTheErrorFileAndTheExitStatus) {
  ipam_.server.answer("GET /api/v1/imports/5", 200, import_with("succeeded", "1"));
  ipam_.server.answer("GET /api/v1/imports/5/errors", 200, "IP Address,Import Error\r\nten,row 3: no\r\n");
  const std::string bad = folder_ + "/bad.csv";
  EXPECT_EQ(ipam_({"import", "addresses", file_, "--error-file", bad}), 1);
  std::ifstream written(bad, std::ios::binary);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(written), {}), "IP Address,Import Error\r\nten,row 3: no\r\n");
  EXPECT_EQ(ipam_({"import", "addresses", file_}), 1);
  EXPECT_THAT(ipam_.host.output, HasSubstr("`ipam import errors 5` shows the rows that failed."));
}

TEST_F(InterchangeCommands, ADryRunAsksForOne) {
  ipam_.server.answer("POST /api/v1/imports", 200, R"({"dry_run":true,"status":202,"changes":[],"result":)" + import_with("running", "0") + "}");
  EXPECT_EQ(ipam_({"import", "ranges", file_, "--dry-run", "--mode", "synchronize", "--managed-by", "vm-manager", "--service-instance", "vmm1"}), 0)
      << ipam_.host.error;
  EXPECT_THAT(ipam_.server.calls.at(0).call.target,
              HasSubstr("kind=range&mode=synchronize&managed_by=vm_manager&service_instance=vmm1&file_name=plan.csv&dry_run=true"));
}

TEST_F(InterchangeCommands, WhatIsNoFileIsSaid) {
  EXPECT_NE(ipam_({"import", "addresses", folder_ + "/missing.csv"}), 0);
  EXPECT_THAT(ipam_.host.error, HasSubstr("missing.csv: it cannot be read, or is no file"));
  EXPECT_TRUE(ipam_.server.calls.empty());
}

TEST_F(InterchangeCommands, ASheetIsComparedAndShownByWhatDiffers) {
  ipam_.server.answer("POST /api/v1/imports", 200, R"({"dry_run":true,"status":202,"changes":[],"result":)" + import_with("running", "0") + "}");
  ipam_.server.answer("GET /api/v1/imports/5/results", 200,
                      "Row,Outcome,Object,Reason\r\n1,created,10.0.0.1,\r\n2,updated,10.0.0.2,Device Name: a → b\r\n,removed,10.0.0.3,\r\n");
  EXPECT_EQ(ipam_({"reconcile", "addresses", file_, "--within", "10.0.0.0/24"}), 0) << ipam_.host.error;
  EXPECT_THAT(ipam_.host.output, AllOf(HasSubstr("Only in the file"), HasSubstr("10.0.0.1"), HasSubstr("Different here"), HasSubstr("10.0.0.3")));
  EXPECT_THAT(ipam_.server.calls.at(0).call.target, AllOf(HasSubstr("mode=synchronize"), HasSubstr("live=true"), HasSubstr("dry_run=true")));
}

TEST_F(InterchangeCommands, WhatIsAcceptedOfASheetIsTakenOver) {
  EXPECT_EQ(ipam_({"reconcile", "addresses", file_, "--accept", "new, seen"}), 0) << ipam_.host.error;
  EXPECT_THAT(ipam_.server.calls.at(0).call.target, AllOf(HasSubstr("take=created%2Cseen"), Not(HasSubstr("dry_run"))));
  ipam_.server.calls.clear();
  EXPECT_NE(ipam_({"reconcile", "addresses", file_, "--accept", "new,old"}), 0);
  EXPECT_THAT(ipam_.host.error, HasSubstr("'old' is not one of new, changed, missing, seen"));
  EXPECT_NE(ipam_({"reconcile", "addresses", file_, "--accept", ""}), 0);
  EXPECT_TRUE(ipam_.server.calls.empty());
}

TEST_F(InterchangeCommands, JsonLinesAreKnownByTheName) {
  const std::string lines = folder_ + "/plan.jsonl";
  std::ofstream(lines, std::ios::binary) << "{}\n";
  EXPECT_EQ(ipam_({"import", "addresses", lines, "--no-wait"}), 0);
  EXPECT_THAT(ipam_.server.calls.at(0).call.target, HasSubstr("format=json_lines"));
  EXPECT_THAT(ipam_.host.output, HasSubstr("Started import 5"));
}

TEST_F(InterchangeCommands, AnExportGoesToStandardOutputAsItCame) {
  ipam_.server.answer("GET /api/v1/exports/addresses", 200, "IP Address\r\n10.0.0.1\r\n");
  EXPECT_EQ(ipam_({"export", "addresses", "10.0.0.0/8", "--filter", "state=in_use"}), 0) << ipam_.host.error;
  EXPECT_EQ(ipam_.host.output, "IP Address\r\n10.0.0.1\r\n");
  EXPECT_THAT(ipam_.server.calls.at(0).call.target, EndsWith("/exports/addresses?within=10.0.0.0%2F8&state=in_use"));
}

TEST_F(InterchangeCommands, HelpNamesTheCmdletThatIsReplaced) {
  EXPECT_EQ(ipam_({"import", "addresses", "--help"}), 0);
  EXPECT_THAT(ipam_.host.output, HasSubstr("Import-IpamAddress"));
  ipam_.host.output.clear();
  EXPECT_EQ(ipam_({"export", "ranges", "--help"}), 0);
  EXPECT_THAT(ipam_.host.output, HasSubstr("Export-IpamRange"));
}

}  // namespace
}  // namespace ipam::cli
