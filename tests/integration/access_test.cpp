#include "service/access/access_service.h"

#include "integration/access_house.h"

#include <thread>

namespace ipam::test {
namespace {

using model::Group;
using service::Operation;

constexpr std::array kGroups{Group::IpamUsers, Group::IpamMsmAdministrators, Group::IpamAsmAdministrators, Group::IpamIpAuditAdministrators,
                             Group::IpamAdministrators};

// Who may do what, written out: U users, M managed servers, A address plan, I audit, * all administrators.
const std::map<Operation, std::string>& grants() {
  static const std::map<Operation, std::string> table{
      {Operation::ReadAddressPlan, "UMAI*"},
      {Operation::ChangeAddressSpace, "A*"},
      {Operation::ChangeBlock, "A*"},
      {Operation::ChangeSubnet, "A*"},
      {Operation::ChangeRange, "MA*"},
      {Operation::ChangeAddress, "MA*"},
      {Operation::ChangeCustomFields, "A*"},
      {Operation::ChangeQuotas, "*"},
      {Operation::ReadServers, "UMAI*"},
      {Operation::ChangeServers, "M*"},
      {Operation::ReadCredentials, "M*"},
      {Operation::ChangeCredentials, "M*"},
      {Operation::ReadDhcp, "UMAI*"},
      {Operation::ReadTasks, "UMAI*"},
      {Operation::RunTask, "MAI*"},
      {Operation::ChangeTask, "*"},
      {Operation::ReadJournal, "MAI*"},
      {Operation::ReadDns, "UMAI*"},
      {Operation::ChangeDhcpReservations, "M*"},
      {Operation::ChangeDnsRecords, "M*"},
      {Operation::ReadDiscovery, "UMAI*"},
      {Operation::ChangeDiscovery, "M*"},
      {Operation::ManageUsers, "*"},
      {Operation::ManageBackups, "*"},
      {Operation::PurgeUtilization, "*"},
      {Operation::ReadTracking, "I*"},
      {Operation::ManageOwnTokens, "UMAI*"},
  };
  return table;
}

TEST(Authorization, IsAsTheTableOfGroupsAndOperationsSays) {
  constexpr std::string_view letters = "UMAI*";
  std::size_t operations = 0;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<Operation>>([&](auto operation) {
    ++operations;
    ASSERT_TRUE(grants().contains(operation.value)) << operation.name << " has no row in this table";
    for (std::size_t i = 0; i < kGroups.size(); ++i) {
      const bool granted = grants().at(operation.value).find(letters[i]) != std::string::npos;
      const auto answer = service::authorize(member_of(kGroups[i]), operation.value);
      EXPECT_EQ(answer.ok(), granted) << operation.name << " " << model::enum_to_text(kGroups[i]);
      EXPECT_TRUE(answer.ok() || answer.error().code == ErrorCode::PermissionDenied);
    }
  });
  EXPECT_EQ(operations, grants().size());
}

TEST(Authorization, ARefusalNamesTheGroupsThatMay) {
  const auto refused = service::authorize(member_of(Group::IpamUsers, "alice"), Operation::ChangeRange);
  EXPECT_EQ(refused.error().message,
            "operation change_range needs one of the groups ipam_asm_administrators, ipam_msm_administrators, ipam_administrators; alice is in "
            "ipam_users");
}

TEST_F(Access, TheRightPasswordSignsIn) {
  const auto alice = add("alice", Group::IpamMsmAdministrators);
  const auto login = log_in("alice").value();
  const auto principal = access().authenticate(login.bearer).value();
  EXPECT_EQ(principal.user_id, alice.id);
  EXPECT_EQ(principal.access_group, Group::IpamMsmAdministrators);
}

TEST_F(Access, AWrongPasswordAnUnknownNameAndADisabledUserGetTheSameAnswer) {
  const auto bob = add("bob");
  add("alice");
  ASSERT_TRUE(change(bob, [](model::User& user) { user.enabled = false; }).ok());
  const auto wrong = log_in("alice", "wrong horse"), unknown = log_in("nobody"), disabled = log_in("bob");
  for (const auto* refused : {&wrong, &unknown, &disabled}) {
    ASSERT_FALSE(refused->ok());
    EXPECT_EQ(refused->error().code, ErrorCode::Unauthenticated);
    EXPECT_EQ(refused->error().message, wrong.error().message);
  }
}

TEST_F(Access, ASessionEndsAtItsTimeHoweverMuchItIsUsed) {
  add("alice");
  const auto login = log_in("alice").value();
  while (login.expires_at - house_.clock.now() > std::chrono::hours(1)) {
    EXPECT_TRUE(known(login.bearer));
    house_.clock.advance(std::chrono::hours(1));
  }
  house_.clock.advance(login.expires_at - house_.clock.now() - std::chrono::seconds(1));
  EXPECT_TRUE(known(login.bearer));
  house_.clock.advance(std::chrono::seconds(1));
  EXPECT_FALSE(known(login.bearer));
}

TEST_F(Access, ASessionOutlivesARestart) {
  add("alice");
  const auto login = log_in("alice").value();
  house_.restart();
  EXPECT_TRUE(known(login.bearer));
}

TEST_F(Access, ASessionThatIsNotUsedForAWhileEnds) {
  add("alice");
  const auto login = log_in("alice").value();
  house_.clock.advance(std::chrono::hours(2) - std::chrono::seconds(1));
  EXPECT_TRUE(known(login.bearer));
  house_.clock.advance(std::chrono::hours(2) - std::chrono::seconds(1));
  EXPECT_TRUE(known(login.bearer)) << "it was used since";
  house_.clock.advance(std::chrono::hours(2));
  EXPECT_FALSE(known(login.bearer));
}

TEST_F(Access, WhenASessionWasUsedOutlivesARestart) {
  add("alice");
  const auto login = log_in("alice").value();
  house_.clock.advance(std::chrono::minutes(90));
  EXPECT_TRUE(known(login.bearer));
  ASSERT_TRUE(house_.run(access().tidy()).ok());
  house_.restart();
  house_.clock.advance(std::chrono::minutes(90));
  EXPECT_TRUE(known(login.bearer));
}

TEST_F(Access, EndedSessionsAreRemovedAndUsedOnesStay) {
  add("alice");
  const auto used = log_in("alice").value();
  log_in("alice").value();
  house_.clock.advance(std::chrono::minutes(119));
  EXPECT_TRUE(known(used.bearer));
  house_.clock.advance(std::chrono::minutes(2));
  ASSERT_TRUE(house_.run(access().tidy()).ok());
  ASSERT_EQ(house_.rows<model::Session>().size(), 1U);
  EXPECT_TRUE(known(used.bearer));
}

TEST_F(Access, SessionsAreSeenAndEndedByTheirUserAndByAdministrators) {
  const auto alice = add("alice"), bob = add("bob");
  const auto login = log_in("alice").value();
  const auto keeper = log_in("keeper").value();
  const service::Principal self{alice.id, "alice", Group::IpamUsers}, other{bob.id, "bob", Group::IpamUsers};
  const auto own = access().list_sessions(self, {}).value().items;
  ASSERT_EQ(own.size(), 1U);
  EXPECT_EQ(access().list_sessions(administrator(), {}).value().items.size(), 2U);
  EXPECT_TRUE(access().list_sessions(other, {}).value().items.empty());
  EXPECT_EQ(house_.run(access().revoke_session(other, own.front().use.id)).error().code, ErrorCode::NotFound);
  EXPECT_TRUE(known(login.bearer));
  ASSERT_TRUE(house_.run(access().revoke_session(administrator(), own.front().use.id)).ok());
  EXPECT_FALSE(known(login.bearer));
  EXPECT_TRUE(known(keeper.bearer));
}

TEST_F(Access, FailedSignInsLockANameOutAlikeWhetherOrNotThereIsSuchAUser) {
  add("alice");
  for (const char* name : {"alice", "nobody"}) {
    for (int i = 0; i < 5; ++i) EXPECT_EQ(log_in(name, "wrong horse").error().code, ErrorCode::Unauthenticated);
    const auto locked = log_in(name);
    ASSERT_FALSE(locked.ok());
    EXPECT_EQ(locked.error().code, ErrorCode::Overloaded);
    EXPECT_EQ(locked.error().message, "too many sign-ins have failed; try again in 5s");
  }
  house_.clock.advance(std::chrono::seconds(5));
  EXPECT_TRUE(log_in("alice").ok());
}

TEST_F(Access, ALockoutOutlivesARestartAndIsLiftedByAnAdministrator) {
  add("alice");
  for (int i = 0; i < 8; ++i) {
    EXPECT_FALSE(log_in("alice", "wrong horse").ok());
    house_.clock.advance(std::chrono::minutes(1));
  }
  EXPECT_FALSE(log_in("alice", "wrong horse").ok());
  house_.restart();
  EXPECT_EQ(log_in("alice").error().code, ErrorCode::Overloaded);
  EXPECT_EQ(access().list_lockouts(member_of(Group::IpamUsers), {}).error().code, ErrorCode::PermissionDenied);
  const auto locked = access().list_lockouts(administrator(), {.where = {{"subject", store::Comparison::Equal, std::string("alice")}}}).value().items;
  ASSERT_EQ(locked.size(), 1U);
  EXPECT_EQ(locked.front().failures, 9U);
  ASSERT_TRUE(house_.run(access().lift_lockout(administrator(), locked.front().id)).ok());
  EXPECT_TRUE(log_in("alice").ok());
  EXPECT_TRUE(house_.rows<model::Lockout>({{"subject", store::Comparison::Equal, std::string("alice")}}).empty());
}

TEST_F(Access, OthersCannotLockAUserOutOfWhereHeIsSignedIn) {
  add("alice");
  ASSERT_TRUE(house_.run(access().log_in("alice", Secret("correct horse"), {}, "10.0.0.7")).ok());
  for (int i = 0; i < 6; ++i) EXPECT_FALSE(house_.run(access().log_in("alice", Secret("wrong horse"), {}, "10.6.6.6")).ok());
  EXPECT_FALSE(house_.run(access().log_in("alice", Secret("correct horse"), {}, "10.0.0.8")).ok());
  EXPECT_TRUE(house_.run(access().log_in("alice", Secret("correct horse"), {}, "10.0.0.7")).ok());
}

TEST_F(Access, AStolenSessionCannotFindOutThePassword) {
  const auto alice = add("alice");
  const service::Principal self{alice.id, "alice", Group::IpamUsers};
  const auto guess = [&] { return house_.run(access().change_password(self, Secret("wrong horse"), Secret("battery staple"), {})).error().code; };
  for (int i = 0; i < 5; ++i) EXPECT_EQ(guess(), ErrorCode::InvalidArgument);
  EXPECT_EQ(guess(), ErrorCode::Overloaded);
}

TEST_F(Access, SigningOutEndsTheSessionAtOnce) {
  add("alice");
  const auto login = log_in("alice").value(), other = log_in("alice").value();
  EXPECT_TRUE(known(login.bearer));
  ASSERT_TRUE(house_.run(access().log_out(login.bearer)).ok());
  EXPECT_FALSE(known(login.bearer));
  EXPECT_TRUE(known(other.bearer));
}

TEST_F(Access, ASessionThatEndsWhileItIsLookedUpIsNotRemembered) {
  add("alice");
  const auto login = log_in("alice").value();
  house_.store->after_next_reader([&] {
    std::thread([&] {
      io::BlockingLoop loop;
      EXPECT_TRUE(loop.run(access().log_out(login.bearer)).ok());
    }).join();
  });
  known(login.bearer);  // either answer is right: it is under way together with the end
  EXPECT_FALSE(known(login.bearer));
}

TEST_F(Access, WhatIsNoBearerIsUnknown) {
  EXPECT_EQ(access().authenticate(Secret("")).error().code, ErrorCode::Unauthenticated);
  EXPECT_EQ(access().authenticate(Secret("abc")).error().code, ErrorCode::Unauthenticated);
  EXPECT_EQ(access().authenticate(Secret(std::string(100'000, 'x'))).error().code, ErrorCode::Unauthenticated);
}

}  // namespace
}  // namespace ipam::test
