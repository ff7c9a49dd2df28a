#include "console/console.h"

#include "support/temporary_folder.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

namespace ipam::console {
namespace {

using testing::HasSubstr;
using testing::Not;

class ConsoleFiles : public testing::Test {
 protected:
  test::TemporaryFolder folder_;

  void SetUp() override {
    write("index.html", "<meta content=\"__CSP_NONCE__\"><script nonce=\"__CSP_NONCE__\"></script>");
    write("favicon.svg", "<svg/>");
    write("assets/index-1a2b.js", "let a = 1;");
    write("assets/index-1a2b.js.gz", "compressed");
    write("api/v1/me", "a file where the API is");
  }
  void write(const std::string& name, const std::string& content) const {
    const std::filesystem::path path = folder_.path() / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content;
  }
  std::optional<http_server::Response> ask(const std::string& path, http_server::Headers headers = {}, const std::string& method = "GET") const {
    http_server::Request request;
    request.method = method;
    request.path = path;
    request.headers = std::move(headers);
    return Console::read(folder_.path()).value().answer(request);
  }
  static std::string field(const http_server::Response& response, std::string_view name) {
    return std::string(response.headers.find(name).value_or("(none)"));
  }
};

TEST_F(ConsoleFiles, AnAssetMayBeKeptForEver) {
  const auto answer = ask("/assets/index-1a2b.js");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "let a = 1;");
  EXPECT_EQ(field(*answer, "Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(field(*answer, "Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(field(*answer, "Vary"), "Accept-Encoding");
}

TEST_F(ConsoleFiles, WhoTakesGzipGetsIt) {
  const auto answer = ask("/assets/index-1a2b.js", {{"Accept-Encoding", "br, gzip"}});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "compressed");
  EXPECT_EQ(field(*answer, "Content-Encoding"), "gzip");
  EXPECT_FALSE(ask("/assets/index-1a2b.js.gz")) << "the compressed form is no file by itself";
}

TEST_F(ConsoleFiles, WhatIsKnownIsNotSentAgain) {
  const auto first = ask("/favicon.svg");
  ASSERT_TRUE(first);
  EXPECT_EQ(field(*first, "Cache-Control"), "no-cache");
  const auto again = ask("/favicon.svg", {{"If-None-Match", field(*first, "ETag")}});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->status, 304);
  EXPECT_EQ(ask("/favicon.svg", {{"If-None-Match", "\"another\""}})->status, 200);
}

TEST_F(ConsoleFiles, EachPageHasANonceOfItsOwnAndNothingInlineBesides) {
  const auto one = ask("/");
  const auto other = ask("/");
  ASSERT_TRUE(one && other);
  EXPECT_NE(one->body, other->body);
  EXPECT_THAT(one->body, Not(HasSubstr("__CSP_NONCE__")));
  const std::string policy = field(*one, "Content-Security-Policy");
  const std::string nonce = one->body.substr(15, 43);
  EXPECT_THAT(policy, HasSubstr("'nonce-" + nonce + "'"));
  EXPECT_THAT(policy, HasSubstr("frame-ancestors 'none'"));
  EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
  EXPECT_EQ(field(*one, "Cache-Control"), "no-store");
}

TEST_F(ConsoleFiles, APathWithoutAnExtensionIsAPage) {
  for (const char* path : {"/", "/index.html", "/space", "/space/subnet/131077", "/no/such/page"}) {
    const auto answer = ask(path);
    ASSERT_TRUE(answer) << path;
    EXPECT_EQ(field(*answer, "Content-Type"), "text/html; charset=utf-8") << path;
  }
  EXPECT_FALSE(ask("/assets/gone-9f9f.js")) << "an old script must not be answered with a page";
}

TEST_F(ConsoleFiles, NothingOfTheServerIsShadowed) {
  for (const char* path : {"/api", "/api/", "/api/v1/me", "/api/v1/no-such-thing", "/healthz", "/readyz", "/metrics", "/metrics/x"}) {
    EXPECT_FALSE(ask(path)) << path;
  }
  EXPECT_TRUE(ask("/apiary")) << "only the API itself is left alone";
}

TEST_F(ConsoleFiles, AnswersReadsOnly) {
  for (const char* method : {"POST", "PUT", "DELETE", "PATCH"}) EXPECT_FALSE(ask("/", {}, method)) << method;
  EXPECT_TRUE(ask("/", {}, "HEAD"));
}

TEST_F(ConsoleFiles, NoPathLeadsOutOfTheFolder) {
  std::ofstream(folder_.path().parent_path() / "console-secret.txt") << "secret";
  for (const char* path : {"/../console-secret.txt", "/assets/../../console-secret.txt", "/%2e%2e/console-secret.txt", "//console-secret.txt",
                           "/..%2fconsole-secret.txt", "/assets/..\\..\\console-secret.txt", "/etc/passwd", "//etc/passwd", "/%2fetc%2fpasswd"}) {
    const auto answer = ask(path);
    if (!answer) continue;  // or the page, which is the same whatever was asked for
    EXPECT_THAT(answer->body, HasSubstr("<script nonce=")) << path;
  }
  std::filesystem::remove(folder_.path().parent_path() / "console-secret.txt");
}

TEST_F(ConsoleFiles, ALinkOutOfTheFolderIsRefusedAtTheStart) {
  std::filesystem::create_symlink("/etc/hostname", folder_.path() / "hostname.txt");
  const auto read = Console::read(folder_.path());
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, ErrorCode::InvalidArgument);
  EXPECT_THAT(read.error().message, HasSubstr("leads out"));
}

TEST_F(ConsoleFiles, AFolderWithoutAConsoleIsRefused) {
  EXPECT_EQ(Console::read(folder_.path() / "nowhere").error().code, ErrorCode::NotFound);
  std::filesystem::remove(folder_.path() / "index.html");
  EXPECT_EQ(Console::read(folder_.path()).error().code, ErrorCode::InvalidArgument);
}

}  // namespace
}  // namespace ipam::console
