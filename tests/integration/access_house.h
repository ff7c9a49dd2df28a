// Access: a House with an administrator, and the ways in: users, sign-ins, tokens. Thread rule: the test's thread.
#pragma once

#include "integration/house.h"
#include "service/access/access_service.h"

namespace ipam::test {

class Access : public testing::Test {
 protected:
  House house_;
  // Without an administrator no user could be changed at all.
  void SetUp() override { add("keeper", model::Group::IpamAdministrators); }
  service::AccessService& access() { return *house_.access; }

  model::User add(const std::string& name, model::Group group = model::Group::IpamUsers, const std::string& password = "correct horse") {
    model::User user;
    user.name = name;
    user.access_group = group;
    return house_.run(access().create_user(administrator(), user, Secret(password), {})).value().value;
  }
  Result<service::Login> log_in(const std::string& name, const std::string& password = "correct horse") {
    return house_.run(access().log_in(name, Secret(password), {}));
  }
  Result<service::NewToken> make_token(const service::Principal& owner, model::Group group, std::optional<Time> expires = std::nullopt) {
    model::Token token;
    token.name = "script";
    token.access_group = group;
    token.expires_at = expires;
    return house_.run(access().create_token(owner, token, {}));
  }
  Result<ledger::Written<model::User>> change(const model::User& user, std::function<void(model::User&)> edit,
                                              std::optional<Secret> password = std::nullopt) {
    std::function<Result<void>(model::User&)> change = [edit](model::User& object) -> Result<void> {
      edit(object);
      return {};
    };
    return house_.run(access().update_user(administrator(), user.id, std::nullopt, change, password, {}));
  }
  bool known(const Secret& bearer) { return access().authenticate(bearer).ok(); }
  std::optional<model::Group> group_of(const Secret& bearer) {
    const auto principal = access().authenticate(bearer);
    return principal.ok() ? std::optional(principal->access_group) : std::nullopt;
  }
};

}  // namespace ipam::test
