// Session: one run of a command: the server it speaks to, as command line, environment and profile say, and where its output goes.
//
// A token and a pinned fingerprint are only ever used with the server that they were made for. Thread rule: one thread.
#pragma once

#include "cli/api.h"
#include "cli/connection.h"
#include "cli/host.h"
#include "cli/invocation.h"
#include "cli/profile.h"
#include "cli/table.h"

#include <filesystem>
#include <memory>
#include <string>

namespace ipam::cli {

inline constexpr const char* kDefaultServer = "https://127.0.0.1:48885";

// "ipam.example.net" → "https://ipam.example.net:48885"; a URL with a scheme stays, but for slashes at its end. Errors: InvalidArgument (not https).
Result<std::string> server_url(std::string_view text);

// A fingerprint as ipamd prints it, "AB:CD:…", whatever form it is in; text that is none stays.
std::string shown_fingerprint(const std::string& text);

class Session {
 public:
  Session(Host& host, Connector& connector, Invocation invocation) : host_(host), connector_(connector), invocation_(std::move(invocation)) {}

  Host& host() { return host_; }
  Connector& connector() { return connector_; }
  const Invocation& invocation() const { return invocation_; }

  // The API with the caller's token. Errors: Unauthenticated (not signed in), and those of the profile file.
  Result<Api*> api();
  // Whether the command needed a session: then `ipam login` is what helps when it is refused.
  bool needs_session() const { return needs_session_; }
  // A connection of its own, whose errors say what to do.
  Result<std::unique_ptr<Connection>> connect(const ServerAccess& access);
  Result<ServerAccess> access() const;

  // The profile that is in use, and where it is kept.
  std::string profile_name() const;
  Result<std::filesystem::path> profile_path() const;
  Result<Profile> profile() const;
  Result<void> keep_profile(const Profile& profile) const;

  Style style() const;
  bool is(Format format) const { return invocation_.format == format; }
  bool dry_run() const { return invocation_.context.effect == Effect::DryRun; }
  // The API of this session if it was used.
  const Api* used_api() const { return api_.get(); }
  void print(std::string_view text) { host_.write_output(text); }
  // For people only: not in JSON, CSV or plain output.
  void say(std::string_view sentence);
  void note(std::string_view text) { host_.write_error(text); }
  // Asks "<question> [y/N]" whoever sits there. Without a terminal nobody does; --yes, --dry-run or such a run are answers already.
  bool agrees(std::string_view question);

 private:
  std::string variable(const char* name) const { return host_.variable(name).value_or(std::string()); }

  Host& host_;
  Connector& connector_;
  Invocation invocation_;
  std::unique_ptr<Api> api_;
  bool needs_session_ = false;
};

}  // namespace ipam::cli
