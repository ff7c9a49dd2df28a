#include "cli/profile.h"

#include "support/temporary_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

namespace ipam::cli {
namespace {

TEST(Profiles, SurviveBeingWrittenAndRead) {
  const Profiles profiles{{"default", {"https://127.0.0.1:48885", "aa:bb", "", "admin", "t\"o\\k\x01n", "2026-11-23T06:00:00Z"}},
                          {"lab [2]", {"https://[::1]:48885", "", "/etc/ca.pem", "", "", ""}}};
  EXPECT_EQ(parse_profiles(write_profiles(profiles)).value(), profiles);
}

TEST(Profiles, NameTheLineThatIsWrong) {
  for (const auto& [text, line] : std::vector<std::pair<std::string, std::string>>{{"server = \"x\"", "line 1"},
                                                                                   {"[a]\nserver = x", "line 2"},
                                                                                   {"[a]\nserver = \"x\" y", "line 2"},
                                                                                   {"[a]\n\nunknown = \"x\"", "line 3"},
                                                                                   {"[a]\n[a]", "line 2"},
                                                                                   {"[a b]", "line 1"},
                                                                                   {"[a]\ntoken = \"\\q\"", "line 2"}}) {
    const auto profiles = parse_profiles(text);
    ASSERT_FALSE(profiles.ok()) << text;
    EXPECT_TRUE(profiles.error().message.starts_with(line)) << profiles.error().message;
  }
}

TEST(Profiles, AreKeptPrivate) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "config" / "ipam" / "profiles.toml";
  EXPECT_EQ(load_profiles(path).value(), Profiles{});
  ASSERT_TRUE(save_profiles(path, {{"default", {"https://a", "", "", "", "secret", ""}}}).ok());
  struct stat status {};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_EQ(load_profiles(path)->at("default").token, "secret");
  ASSERT_EQ(chmod(path.c_str(), 0644), 0);
  EXPECT_FALSE(load_profiles(path).ok());
}

}  // namespace
}  // namespace ipam::cli
