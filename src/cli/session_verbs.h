// Who one is to the server: login, logout, whoami, passwd, and making API tokens. Each returns the exit status, or what went wrong.
// Thread rule: one thread.
#pragma once

#include "cli/session.h"

namespace ipam::cli {

// Trusts the server's certificate (by option, by what the profile pins, or by asking on a terminal), signs in and keeps token and trust in the
// profile.
Result<int> run_login(Session& session);
// Ends the session at the server and forgets the token; the trust stays.
Result<int> run_logout(Session& session);
Result<int> run_whoami(Session& session);
Result<int> run_passwd(Session& session);

}  // namespace ipam::cli
