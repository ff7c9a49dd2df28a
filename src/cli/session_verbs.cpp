#include "cli/session_verbs.h"

#include "base/bytes.h"
#include "base/strings.h"
#include "cli/document.h"
#include "cli/secrets.h"
#include "cli/special_verbs.h"
#include "cli/text.h"
#include "cli/verbs.h"
#include "contract/operation.h"

#include <fmt/format.h>

namespace ipam::cli {
namespace {

// "AB:CD…", "abcd…" and the like, all as "ab:cd:…".
Result<std::string> canonical_fingerprint(const std::string& text) {
  const auto bytes = from_hex(text);
  if (!bytes.ok() || bytes->size() != 32) {
    return Error(ErrorCode::InvalidArgument,
                 "--fingerprint takes the SHA-256 fingerprint that ipamd prints: 64 hexadecimal digits, with or without ':'");
  }
  return to_hex(*bytes, ':');
}

// A CA file is kept in the profile, which is read from other folders too.
std::string absolute_path(const std::string& file) {
  std::error_code error;
  const auto path = std::filesystem::absolute(file, error);
  return error ? file : path.string();
}

Result<std::string> ask_to_trust(Session& session, const std::string& url) {
  if (!session.host().terminals().input) {
    return Error(ErrorCode::FailedPrecondition,
                 fmt::format("nobody can be asked whether to trust {}: give --fingerprint, which ipamd prints when it starts, or --ca FILE", url));
  }
  const std::string seen = IPAM_TRY(session.connector().fingerprint(url));
  session.note(
      fmt::format("The certificate of {} is not known here. Its SHA-256 fingerprint is\n  {}\nipamd prints its fingerprint when it starts. Is this "
                  "the same? [y/N] ",
                  printable(url), shown_fingerprint(seen)));
  const std::string answer = to_lower(trim(session.host().read_line().value_or(std::string())));
  if (answer != "y" && answer != "yes") return Error(ErrorCode::Cancelled, "the server is not trusted; nothing was sent to it");
  return seen;
}

Result<std::string> ask_for_user(Session& session) {
  if (!session.invocation().user_name.empty()) return session.invocation().user_name;
  if (!session.host().terminals().input) return Error(ErrorCode::FailedPrecondition, "there is no terminal to ask on: give --user NAME");
  session.note("User: ");
  const std::string name(trim(session.host().read_line().value_or(std::string())));
  if (name.empty()) return Error(ErrorCode::InvalidArgument, "no user was named");
  return name;
}

}  // namespace

Result<int> run_login(Session& session) {
  ServerAccess access = IPAM_TRY(session.access());
  if (!access.fingerprint.empty()) access.fingerprint = IPAM_TRY(canonical_fingerprint(access.fingerprint));
  if (!access.ca_file.empty()) access.ca_file = absolute_path(access.ca_file);
  if (access.fingerprint.empty() && access.ca_file.empty()) access.fingerprint = IPAM_TRY(ask_to_trust(session, access.url));
  access.token = Secret();
  contract::SessionCreate request;
  request.user_name = IPAM_TRY(ask_for_user(session));
  const std::string prompt = fmt::format("Password of {}", printable(request.user_name));
  request.password = IPAM_TRY(get_secret(session.host(), session.invocation().password_file, prompt, "--password-file", Repeat::Once)).reveal();
  auto connection = IPAM_TRY(session.connect(access));
  Api api(std::move(connection), {});
  const auto json = IPAM_TRY(api.write("POST", "/api/v1/sessions", json::write(request)));
  const auto made = IPAM_TRY(decode<contract::Session>(json));
  IPAM_TRY(session.keep_profile({access.url, access.fingerprint, access.ca_file, made.user_name, made.token, format_time(made.expires_at)}));
  session.say(fmt::format("Signed in to {} as {} ({}) until {}.", access.url, made.user_name, csv_value(json, "access_group"),
                          format_time(std::chrono::floor<std::chrono::seconds>(made.expires_at))));
  return 0;
}

Result<int> run_logout(Session& session) {
  Profile profile = IPAM_TRY(session.profile());
  if (profile.token.empty()) {
    session.say("You were not signed in.");
    return 0;
  }
  ServerAccess access{profile.server, profile.fingerprint, profile.ca_file, Secret(profile.token)};
  profile.token.clear();
  profile.expires_at.clear();
  IPAM_TRY(session.keep_profile(profile));  // first: the token must be gone from here even if the server cannot be told
  auto connection = session.connect(access);
  if (!connection.ok()) return std::move(connection).error();
  Api api(std::move(connection).value(), {});
  const auto ended = api.write("DELETE", "/api/v1/sessions/current", {});
  if (!ended.ok() && ended.error().code != ErrorCode::Unauthenticated) {
    Error error = ended.error();
    const ErrorCode code = error.code;
    return std::move(error).wrapped(code, "the token is forgotten here, but the server was not told: " + ended.error().message);
  }
  session.say(fmt::format("Signed out of {}.", access.url));
  return 0;
}

Result<int> run_whoami(Session& session) {
  const auto json = IPAM_TRY(IPAM_TRY(session.api())->get("/api/v1/me"));
  const auto me = IPAM_TRY(decode<contract::Me>(json));
  const std::string group = csv_value(json, "access_group");
  switch (session.invocation().format) {
    case Format::Table: session.say(fmt::format("{} ({}) at {}", me.user_name, group, IPAM_TRY(session.access()).url)); break;
    case Format::Json: session.print(pretty_json(json) + '\n'); break;
    case Format::Csv: session.print(csv_record({"id", "user_name", "access_group"}) + csv_record({me.id.to_string(), me.user_name, group})); break;
    case Format::Plain: session.print(printable(me.user_name) + '\n'); break;
  }
  return 0;
}

Result<int> run_passwd(Session& session) {
  const Invocation& asked = session.invocation();
  Api* api = IPAM_TRY(session.api());
  contract::PasswordChange change;
  change.current_password = IPAM_TRY(get_secret(session.host(), asked.password_file, "Current password", "--password-file", Repeat::Once)).reveal();
  change.new_password = IPAM_TRY(get_secret(session.host(), asked.new_password_file, "New password", "--new-password-file", Repeat::Twice)).reveal();
  IPAM_TRY(api->write("PUT", "/api/v1/me/password", json::write(change)));
  session.say("The password is changed.");
  return 0;
}

Result<int> run_token_add(Session& session, const Noun& tokens) {
  const auto json = IPAM_TRY(add_object(session, tokens));
  const auto made = IPAM_TRY(decode<contract::TokenCreated>(json));
  if (session.is(Format::Json)) {
    session.print(pretty_json(json) + '\n');
    return 0;
  }
  session.note(printable(fmt::format("API token '{}' was made. It is told this once; keep it safe:", made.name)) + '\n');
  session.print(printable(made.token) + '\n');
  return 0;
}

}  // namespace ipam::cli
