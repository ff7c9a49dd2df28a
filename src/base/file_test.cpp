#include "base/file.h"

#include "support/temporary_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

namespace ipam {
namespace {

namespace fs = std::filesystem;

mode_t mode_of(const fs::path& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777U : 0;
}

std::size_t entries_in(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(File, ReadsBackWhatWasWritten) {
  const test::TemporaryFolder folder;
  const std::string content("a\0b\n", 4);
  ASSERT_TRUE(write_file_atomically(folder.file("x"), as_bytes(content), 0640).ok());
  EXPECT_EQ(read_file(folder.file("x"), 4).value(), content);
  EXPECT_EQ(mode_of(folder.file("x")), 0640U);
}

TEST(File, ReadingStopsAtTheLimit) {
  const test::TemporaryFolder folder;
  ASSERT_TRUE(write_file_atomically(folder.file("x"), as_bytes("12345"), 0600).ok());
  EXPECT_EQ(read_file(folder.file("x"), 4).error().code, ErrorCode::Exhausted);
  EXPECT_EQ(read_file("/dev/zero", 100'000).error().code, ErrorCode::Exhausted);
}

TEST(File, AMissingFileIsNotFoundAndTheMessageNamesIt) {
  const Error error = read_file("/nonexistent/file", 10).error();
  EXPECT_EQ(error.code, ErrorCode::NotFound);
  EXPECT_NE(error.message.find("/nonexistent/file"), std::string::npos);
  EXPECT_EQ(write_file_atomically("/nonexistent/file", {}, 0600).error().code, ErrorCode::NotFound);
}

TEST(File, ReplacingLeavesNoTemporaryFile) {
  const test::TemporaryFolder folder;
  ASSERT_TRUE(write_file_atomically(folder.file("x"), as_bytes("old"), 0644).ok());
  ASSERT_TRUE(write_file_atomically(folder.file("x"), as_bytes("new"), 0600).ok());
  EXPECT_EQ(read_file(folder.file("x"), 10).value(), "new");
  EXPECT_EQ(mode_of(folder.file("x")), 0600U);
  EXPECT_EQ(entries_in(folder.path()), 1U);
}

TEST(File, CreatingRefusesAnExistingFileAndLeavesItAlone) {
  const test::TemporaryFolder folder;
  ASSERT_TRUE(write_file_atomically(folder.file("x"), as_bytes("old"), 0600, IfExists::Fail).ok());
  EXPECT_EQ(write_file_atomically(folder.file("x"), as_bytes("new"), 0600, IfExists::Fail).error().code, ErrorCode::AlreadyExists);
  EXPECT_EQ(read_file(folder.file("x"), 10).value(), "old");
  EXPECT_EQ(entries_in(folder.path()), 1U);
}

TEST(File, AFolderCannotBeReadNorReplaced) {
  const test::TemporaryFolder folder;
  EXPECT_EQ(read_file(folder.path(), 10).error().code, ErrorCode::FailedPrecondition);
  fs::create_directory(folder.file("x"));
  EXPECT_FALSE(write_file_atomically(folder.file("x"), as_bytes("new"), 0600).ok());
  EXPECT_EQ(entries_in(folder.path()), 1U);
}

TEST(PrivateFile, IsReadWhenOnlyItsOwnerMayReadIt) {
  const test::TemporaryFolder folder;
  for (const mode_t mode : {mode_t{0600}, mode_t{0400}}) {
    ASSERT_TRUE(write_file_atomically(folder.file("key"), as_bytes("s3cret"), mode).ok());
    EXPECT_EQ(read_private_file(folder.file("key"), 100).value().reveal(), "s3cret");
  }
}

TEST(PrivateFile, IsRefusedWithTheCommandThatMendsItWhenOthersMayTouchIt) {
  const test::TemporaryFolder folder;
  for (const mode_t mode : {mode_t{0640}, mode_t{0604}, mode_t{0620}, mode_t{0777}}) {
    ASSERT_TRUE(write_file_atomically(folder.file("key"), as_bytes("s3cret"), mode).ok());
    const Result<Secret> read = read_private_file(folder.file("key"), 100);
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().code, ErrorCode::FailedPrecondition);
    EXPECT_NE(read.error().message.find("chmod 600 " + folder.file("key")), std::string::npos) << read.error().message;
  }
  EXPECT_EQ(read_private_file("/dev/null", 100).error().code, ErrorCode::FailedPrecondition);
}

}  // namespace
}  // namespace ipam
