// Users, passwords and tokens: who is made, changed and removed, and when that takes effect.
#include "integration/access_house.h"

#include <gmock/gmock.h>

#include <fstream>
#include <thread>

namespace ipam::test {
namespace {

using model::Group;
using testing::HasSubstr;

TEST_F(Access, DisablingDemotingAndRemovingTakeEffectAtOnce) {
  const auto alice = add("alice", Group::IpamAsmAdministrators);
  add("root", Group::IpamAdministrators);
  const auto login = log_in("alice").value();
  EXPECT_EQ(group_of(login.bearer), Group::IpamAsmAdministrators);
  ASSERT_TRUE(change(alice, [](model::User& user) { user.access_group = Group::IpamUsers; }).ok());
  EXPECT_EQ(group_of(login.bearer), Group::IpamUsers);
  ASSERT_TRUE(change(alice, [](model::User& user) { user.enabled = false; }).ok());
  EXPECT_FALSE(known(login.bearer));
  ASSERT_TRUE(change(alice, [](model::User& user) { user.enabled = true; }).ok());
  EXPECT_FALSE(known(login.bearer)) << "a session of before does not come back";
  const auto again = log_in("alice").value();
  const auto token = make_token(access().authenticate(again.bearer).value(), Group::IpamUsers).value();
  EXPECT_TRUE(known(token.bearer));
  ASSERT_TRUE(house_.run(access().erase_user(administrator(), alice.id, std::nullopt, {})).ok());
  EXPECT_FALSE(known(again.bearer));
  EXPECT_FALSE(known(token.bearer));
  EXPECT_TRUE(house_.rows<model::Token>().empty());
}

TEST_F(Access, ANewPasswordEndsEverySessionAndReplacesTheOldOne) {
  const auto alice = add("alice");
  const auto login = log_in("alice").value();
  const auto self = access().authenticate(login.bearer).value();
  EXPECT_EQ(house_.run(access().change_password(self, Secret("wrong horse"), Secret("battery staple"), {})).error().fields.front().pointer,
            "/current_password");
  EXPECT_TRUE(known(login.bearer));
  ASSERT_TRUE(house_.run(access().change_password(self, Secret("correct horse"), Secret("battery staple"), {})).ok());
  EXPECT_FALSE(known(login.bearer));
  EXPECT_FALSE(log_in("alice").ok());
  EXPECT_TRUE(log_in("alice", "battery staple").ok());
}

TEST_F(Access, AChangeByTheOldPasswordDoesNotUndoAnAdministratorsReset) {
  const auto alice = add("alice");
  const service::Principal self{alice.id, "alice", Group::IpamUsers};
  house_.store->after_next_reader([&] {  // the snapshot in which the password is compared
    std::thread([&] {
      io::BlockingLoop loop;
      std::function<Result<void>(model::User&)> nothing = [](model::User&) -> Result<void> { return {}; };
      EXPECT_TRUE(loop.run(access().update_user(administrator(), alice.id, std::nullopt, nothing, Secret("set by the desk"), {})).ok());
    }).join();
  });
  EXPECT_FALSE(house_.run(access().change_password(self, Secret("correct horse"), Secret("battery staple"), {})).ok());
  EXPECT_TRUE(log_in("alice", "set by the desk").ok());
}

TEST_F(Access, ATokenGivesNoMoreThanItsUserHas) {
  const auto alice = add("alice", Group::IpamAsmAdministrators);
  const service::Principal self{alice.id, "alice", Group::IpamAsmAdministrators};
  EXPECT_EQ(make_token(self, Group::IpamAdministrators).error().fields.front().pointer, "/access_group");
  EXPECT_EQ(make_token(self, Group::IpamMsmAdministrators).error().code, ErrorCode::InvalidArgument);
  const auto token = make_token(self, Group::IpamAsmAdministrators).value();
  EXPECT_EQ(group_of(token.bearer), Group::IpamAsmAdministrators);
  ASSERT_TRUE(change(alice, [](model::User& user) { user.access_group = Group::IpamUsers; }).ok());
  EXPECT_EQ(group_of(token.bearer), Group::IpamUsers) << "its user was demoted";
  ASSERT_TRUE(change(alice, [](model::User& user) { user.access_group = Group::IpamMsmAdministrators; }).ok());
  EXPECT_EQ(group_of(token.bearer), Group::IpamUsers) << "what both have";
  ASSERT_TRUE(change(alice, [](model::User& user) { user.access_group = Group::IpamAdministrators; }).ok());
  EXPECT_EQ(group_of(token.bearer), Group::IpamAsmAdministrators) << "it stays what it was made for";
}

TEST_F(Access, ATokenMadeWithATokenGivesNoMoreThanThat) {
  const auto root = add("root", Group::IpamAdministrators);
  const auto reading = make_token({root.id, "root", Group::IpamAdministrators}, Group::IpamUsers).value();
  EXPECT_FALSE(make_token(access().authenticate(reading.bearer).value(), Group::IpamAdministrators).ok());
}

TEST_F(Access, ATokenEndsAtItsTimeAndWhenItIsRevoked) {
  const auto alice = add("alice");
  const service::Principal self{alice.id, "alice", Group::IpamUsers};
  EXPECT_FALSE(make_token(self, Group::IpamUsers, house_.clock.now()).ok());
  const auto short_lived = make_token(self, Group::IpamUsers, house_.clock.now() + std::chrono::hours(1)).value();
  EXPECT_EQ(make_token(self, Group::IpamUsers).error().code, ErrorCode::AlreadyExists);
  EXPECT_TRUE(known(short_lived.bearer));
  house_.clock.advance(std::chrono::hours(1));
  EXPECT_FALSE(known(short_lived.bearer));
  ASSERT_TRUE(house_.run(access().erase_token(self, short_lived.token.id, {})).ok());
  const auto lasting = make_token(self, Group::IpamUsers).value();
  EXPECT_TRUE(known(lasting.bearer));
  ASSERT_TRUE(house_.run(access().erase_token(administrator(), lasting.token.id, {})).ok());
  EXPECT_FALSE(known(lasting.bearer));
}

TEST_F(Access, OthersTokensAreNeitherSeenNorRemoved) {
  const auto alice = add("alice"), bob = add("bob");
  const auto token = make_token({alice.id, "alice", Group::IpamUsers}, Group::IpamUsers).value();
  const service::Principal other{bob.id, "bob", Group::IpamUsers};
  EXPECT_TRUE(access().list_tokens(other, {}).value().items.empty());
  EXPECT_EQ(house_.run(access().erase_token(other, token.token.id, {})).error().code, ErrorCode::NotFound);
  EXPECT_EQ(access().list_tokens(administrator(), {}).value().items.size(), 1U);
}

TEST_F(Access, TheLastAdministratorWhoCanSignInStays) {
  const auto root = house_.rows<model::User>().front();
  const auto second = add("second", Group::IpamAdministrators);
  const auto disable = [](model::User& user) { user.enabled = false; };
  ASSERT_TRUE(change(second, disable).ok());
  EXPECT_EQ(change(root, disable).error().code, ErrorCode::FailedPrecondition);
  EXPECT_EQ(change(root, [](model::User& user) { user.access_group = Group::IpamAsmAdministrators; }).error().code, ErrorCode::FailedPrecondition);
  EXPECT_EQ(house_.run(access().erase_user(administrator(), root.id, std::nullopt, {})).error().code, ErrorCode::FailedPrecondition);
  EXPECT_TRUE(house_.run(access().erase_user(administrator(), second.id, std::nullopt, {})).ok());
}

TEST_F(Access, NamesAreGivenOnceAndPasswordsHaveALength) {
  add("alice");
  model::User user;
  user.name = "alice";
  EXPECT_EQ(house_.run(access().create_user(administrator(), user, Secret("correct horse"), {})).error().code, ErrorCode::AlreadyExists);
  user.name = "bob";
  EXPECT_EQ(house_.run(access().create_user(administrator(), user, Secret("short"), {})).error().code, ErrorCode::InvalidArgument);
  EXPECT_EQ(house_.run(access().create_user(administrator(), user, Secret(std::string(2'000, 'x')), {})).error().code, ErrorCode::InvalidArgument);
}

class FirstAdministrator : public Access {
  void SetUp() override {}
};

TEST_F(FirstAdministrator, IsMadeOnceAndItsPasswordFileGoesAtTheFirstSignIn) {
  const std::filesystem::path file = house_.folder.file("first-password");
  EXPECT_TRUE(access().create_first_administrator(file).value());
  EXPECT_EQ(std::filesystem::status(file).permissions(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  std::string password;
  std::getline(std::ifstream(file) >> std::ws, password);
  EXPECT_FALSE(access().create_first_administrator(file).value());
  house_.restart();
  EXPECT_FALSE(access().create_first_administrator(file).value());
  EXPECT_FALSE(log_in("admin", "guessed wrong").ok());
  EXPECT_TRUE(std::filesystem::exists(file));
  EXPECT_EQ(log_in("admin", password).value().principal.access_group, Group::IpamAdministrators);
  EXPECT_FALSE(std::filesystem::exists(file));
  EXPECT_THAT(house_.journal_text(), testing::Not(HasSubstr(password)));
}

}  // namespace
}  // namespace ipam::test
