// Against a real sshd on loopback, and servers that are none.
#include "client/sftp/session.h"

#include "client/sftp/sshd_suite.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <fstream>
#include <thread>

namespace ipam::client::sftp {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

io::Deadline soon() { return io::Deadline::after(std::chrono::seconds(60)); }

Sshd& shared_sshd() {
  static Sshd sshd;
  return sshd;
}

Error error_of(const SessionOptions& options, const io::Deadline& deadline = soon()) {
  const auto session = Session::open(options, deadline);
  return session.ok() ? Error(ErrorCode::Internal, "(it was opened)") : session.error();
}

std::string numbered_lines(std::size_t bytes) {
  std::string text;
  for (std::size_t line = 0; text.size() < bytes; ++line) text += fmt::format("line {}\n", line);
  return text;
}

TEST(SftpSession, ReadsAFileOfManyPiecesAsItIs) {
  const std::string text = numbered_lines(3'000'001);
  const auto path = shared_sshd().folder() / "big";
  std::ofstream(path, std::ios::binary) << text;
  const auto session = Session::open(shared_sshd().options(), soon());
  ASSERT_TRUE(session.ok()) << session.error().describe();
  EXPECT_EQ((*session)->find_status(path, soon()).value()->size, text.size());
  std::string read;
  const auto take = [&](std::string_view piece) -> Result<void> {
    read += piece;
    return {};
  };
  const auto count = (*session)->read(path, text.size(), take, soon());
  ASSERT_TRUE(count.ok()) << count.error().describe();
  EXPECT_EQ(*count, text.size());
  EXPECT_TRUE(read == text);
  const auto bounded = (*session)->read(path, text.size() - 1, take, soon());
  ASSERT_FALSE(bounded.ok());
  EXPECT_EQ(bounded.error().code, ErrorCode::Malformed);
}

TEST(SftpSession, AFileThatGrowsWhileItIsReadHasNoGap) {
  const auto path = shared_sshd().folder() / "growing";
  std::string text = numbered_lines(100'000);
  std::ofstream file(path, std::ios::binary);
  file << text << std::flush;
  const auto session = Session::open(shared_sshd().options(), soon()).value();
  std::string read;
  int times = 0;
  const auto take = [&](std::string_view piece) -> Result<void> {
    read += piece;
    if (++times <= 40) {
      const std::string more = numbered_lines(7'777);
      text += more;
      file << more << std::flush;
    }
    return {};
  };
  ASSERT_TRUE(session->read(path, 10'000'000, take, soon()).ok());
  EXPECT_TRUE(text.starts_with(read));
  EXPECT_GE(read.size(), 100'000U);
}

TEST(SftpSession, WhatIsNotThereIsNothingAndWhatMayNotBeReadIsTold) {
  const auto session = Session::open(shared_sshd().options(), soon()).value();
  EXPECT_EQ(session->find_status(shared_sshd().folder() / "nothing", soon()).value(), std::nullopt);
  const auto missing = session->read(
      shared_sshd().folder() / "nothing", 10, [](std::string_view) { return Result<void>(); }, soon());
  EXPECT_EQ(missing.error().code, ErrorCode::NotFound);
}

TEST(SftpSession, AnotherHostKeyIsRefusedBeforeAnythingIsSignedInWith) {
  SessionOptions options = shared_sshd().options();
  options.host_key_fingerprint.replace(0, 2, options.host_key_fingerprint.starts_with("00") ? "01" : "00");
  options.secret = Secret("no key at all");
  const Error wrong = error_of(options);
  EXPECT_EQ(wrong.code, ErrorCode::FailedPrecondition);
  EXPECT_THAT(wrong.message, HasSubstr("not the pinned one"));
  EXPECT_THAT(wrong.message, HasSubstr("SHA256:"));
  options.host_key_fingerprint.clear();
  const Error none = error_of(options);
  EXPECT_EQ(none.code, ErrorCode::FailedPrecondition);
  EXPECT_THAT(none.message, HasSubstr("no host key is pinned"));
}

TEST(SftpSession, AWrongPasswordAndABadKeyAreToldWithoutBeingRepeated) {
  SessionOptions options = shared_sshd().options();
  options.secret = Secret("-----BEGIN secret-that-is-no-key");
  EXPECT_EQ(error_of(options).code, ErrorCode::InvalidArgument);
  options.sign_in = SignIn::Password;
  options.secret = Secret("wrong-password-of-the-test");
  const Error refused = error_of(options);
  EXPECT_EQ(refused.code, ErrorCode::Unauthenticated) << refused.describe();
  EXPECT_THAT(refused.describe(), Not(HasSubstr("wrong-password-of-the-test")));
}

// Accepts connections by its backlog and never says a word.
TEST(SftpSession, ASilentServerHoldsNobodyBeyondTheDeadline) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(listen(listener, 5), 0);
  ASSERT_EQ(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
  SessionOptions options = shared_sshd().options();
  options.port = ntohs(address.sin_port);
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(error_of(options, io::Deadline::after(std::chrono::milliseconds(300))).code, ErrorCode::DeadlineExceeded);
  std::stop_source source;
  std::thread stopper([&] { source.request_stop(); });
  EXPECT_EQ(error_of(options, io::Deadline::after(std::chrono::seconds(60)).with(source.get_token())).code, ErrorCode::Cancelled);
  stopper.join();
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(20));
  close(listener);
}

TEST(SftpSession, AServerThatIsNotThereIsUnavailable) {
  SessionOptions options = shared_sshd().options();
  options.port = 1;
  EXPECT_EQ(error_of(options).code, ErrorCode::Unavailable);
}

}  // namespace
}  // namespace ipam::client::sftp
