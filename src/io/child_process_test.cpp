#include "io/child_process.h"

#include <gtest/gtest.h>

namespace ipam::io {
namespace {

Result<void> go_on() { return {}; }

std::unique_ptr<ChildProcess> shell(const std::string& script, std::vector<std::pair<std::string, std::string>> environment = {}) {
  return ChildProcess::start({"/bin/sh", {"-c", script}, std::move(environment)}).value();
}

std::string read_all(ChildProcess& process) {
  std::string text;
  while (const auto piece = process.read(go_on).value()) text += *piece;
  return text;
}

TEST(ChildProcess, GivesInputAndTakesOutput) {
  const auto process = shell("read line; echo \"got $line and $GIVEN\"; cat >/dev/null", {{"GIVEN", "a variable"}});
  ASSERT_TRUE(process->write("a line\n", go_on).ok());
  ASSERT_TRUE(process->write(std::string(1'000'000, 'x'), go_on).ok());
  ASSERT_TRUE(process->finish(go_on).ok());
}

TEST(ChildProcess, HandsOutAllOutput) {
  const auto process = shell("seq 1 200000; echo \"$GIVEN\"", {{"GIVEN", "the end"}});
  const std::string text = read_all(*process);
  EXPECT_TRUE(text.starts_with("1\n2\n"));
  EXPECT_TRUE(text.ends_with("200000\nthe end\n"));
  EXPECT_TRUE(process->finish(go_on).ok());
}

TEST(ChildProcess, TellsItsLastWordsAndStatus) {
  const auto process = shell("i=0; while [ $i -lt 20000 ]; do echo chatter >&2; i=$((i+1)); done; echo 'the reason' >&2; exit 3");
  const auto ended = process->finish(go_on);
  ASSERT_FALSE(ended.ok());
  EXPECT_EQ(ended.error().code, ErrorCode::FailedPrecondition);
  EXPECT_TRUE(ended.error().message.starts_with("sh failed (3): ")) << ended.error().message;
  EXPECT_TRUE(ended.error().message.ends_with("chatter the reason")) << ended.error().message;
}

TEST(ChildProcess, InputThatNobodyTakesIsAnErrorAndNoSignal) {
  const auto process = shell("echo 'I want nothing' >&2; exit 1");
  Result<void> written;
  for (int i = 0; i < 1'000 && written.ok(); ++i) written = process->write(std::string(100'000, 'x'), go_on);
  ASSERT_FALSE(written.ok());
  EXPECT_NE(written.error().message.find("I want nothing"), std::string::npos) << written.error().message;
}

TEST(ChildProcess, EndsWhenItIsToldTo) {
  auto process = shell("exec sleep 1000");
  int asked = 0;
  const auto read = process->read([&]() -> Result<void> { return ++asked < 2 ? Result<void>() : Error(ErrorCode::Cancelled, "enough"); });
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, ErrorCode::Cancelled);
  process.reset();  // does not wait for 1,000 seconds
}

TEST(ChildProcess, SaysThatAProgramIsMissing) {
  EXPECT_EQ(ChildProcess::start({"/nowhere/program"}).error().code, ErrorCode::NotFound);
  const auto found = find_program("no-such-program", "/nowhere/*/bin", "some-package");
  ASSERT_FALSE(found.ok());
  EXPECT_NE(found.error().message.find("install the package some-package"), std::string::npos);
  EXPECT_EQ(find_program("sh", "/nowhere", "dash").value().back(), 'h');
  EXPECT_EQ(find_program("child-process-test", "/nowhere", "x").ok(), false);
}

}  // namespace
}  // namespace ipam::io
