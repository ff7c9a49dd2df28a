#include "cli/session.h"

#include "base/bytes.h"
#include "base/strings.h"
#include "cli/text.h"

#include <fmt/format.h>

namespace ipam::cli {
namespace {

// The transport's error in the words of someone who typed a command.
class ExplainingConnection final : public Connection {
 public:
  ExplainingConnection(std::unique_ptr<Connection> inner, Connector& connector, ServerAccess access)
      : inner_(std::move(inner)), connector_(connector), access_(std::move(access)) {}

  Result<Reply> send(Call call) override { return explained(inner_->send(std::move(call))); }
  Result<Reply> stream(Call call, const std::function<Result<bool>(std::string_view)>& take) override {
    return explained(inner_->stream(std::move(call), take));
  }

 private:
  Result<Reply> explained(Result<Reply> reply) {
    if (reply.ok()) return reply;
    Error error = std::move(reply).error();
    const ErrorCode code = error.code;
    return std::move(error).wrapped(code, explain(error));
  }

  std::string explain(const Error& error) {
    if (error.code == ErrorCode::FailedPrecondition) return explain_certificate(error);
    if (error.code == ErrorCode::Unavailable || error.code == ErrorCode::NotFound || error.code == ErrorCode::DeadlineExceeded) {
      return fmt::format(
          "no answer from the IPAM server {}: {}\n"
          "  Start ipamd there, or choose another server with `ipam login URL`, --ipam-server or IPAM_SERVER.",
          access_.url, error.message);
    }
    return fmt::format("{}: {}", access_.url, error.message);
  }

  std::string explain_certificate(const Error& error) {
    const auto seen = connector_.fingerprint(access_.url);
    if (!seen.ok()) return fmt::format("the certificate of {} is not trusted: {}", access_.url, error.message);
    if (access_.fingerprint.empty()) {
      return fmt::format(
          "the certificate of {} is not trusted: {}\n"
          "  Its fingerprint is {}\n"
          "  If that is what ipamd printed when it started, trust it with `ipam login {} --fingerprint …`.",
          access_.url, error.message, shown_fingerprint(*seen), access_.url);
    }
    return fmt::format(
        "the certificate of {} is not the one that was trusted.\n"
        "  trusted: {}\n"
        "  shown:   {}\n"
        "  Either the server has got a new certificate or someone stands between you and it. Compare with what ipamd prints when it starts; if it "
        "is\n"
        "  the same, trust it with `ipam login {} --fingerprint {}`. Nothing was sent.",
        access_.url, shown_fingerprint(access_.fingerprint), shown_fingerprint(*seen), access_.url, shown_fingerprint(*seen));
  }

  std::unique_ptr<Connection> inner_;
  Connector& connector_;
  ServerAccess access_;
};

bool names_utf8(const std::string& locale) {
  const std::string lower = to_lower(locale);
  return lower.find("utf-8") != std::string::npos || lower.find("utf8") != std::string::npos;
}

}  // namespace

std::string shown_fingerprint(const std::string& text) {
  const auto bytes = from_hex(text);
  if (!bytes.ok()) return text;
  std::string shown = to_hex(*bytes, ':');
  for (char& c : shown) c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
  return shown;
}

Result<std::string> server_url(std::string_view text) {
  std::string url(trim(text));
  while (url.ends_with('/') && !url.ends_with("://")) url.pop_back();
  if (url.find("://") == std::string::npos) {
    const auto bracket = url.rfind(']');
    const auto colon = url.rfind(':');
    const bool has_port = colon != std::string::npos && (bracket == std::string::npos || colon > bracket);
    url = "https://" + url + (has_port ? "" : ":48885");
  }
  if (!url.starts_with("https://") || url.starts_with("https://:") || url == "https://" || url.find("://", 8) != std::string::npos) {
    return Error(ErrorCode::InvalidArgument, "'" + shorten(text, 80) + "' is not the address of an IPAM server; it looks like " + kDefaultServer);
  }
  return url;
}

std::string Session::profile_name() const {
  if (!invocation_.profile.empty()) return invocation_.profile;
  const std::string name = variable("IPAM_PROFILE");
  return name.empty() ? "default" : name;
}

Result<std::filesystem::path> Session::profile_path() const {
  if (!invocation_.config.empty()) return std::filesystem::path(invocation_.config);
  if (const auto path = variable("IPAM_CONFIG"); !path.empty()) return std::filesystem::path(path);
  if (const auto folder = variable("XDG_CONFIG_HOME"); !folder.empty()) return std::filesystem::path(folder) / "ipam" / "profiles.toml";
  if (const auto home = variable("HOME"); !home.empty()) return std::filesystem::path(home) / ".config" / "ipam" / "profiles.toml";
  return Error(ErrorCode::FailedPrecondition, "there is no home folder to keep a profile in: say where with --config FILE or IPAM_CONFIG");
}

Result<Profile> Session::profile() const {
  const auto path = profile_path();
  if (!path.ok()) return Profile{};  // environment variables may be all there is
  const Profiles profiles = IPAM_TRY(load_profiles(*path));
  const auto found = profiles.find(profile_name());
  return found == profiles.end() ? Profile{} : found->second;
}

Result<void> Session::keep_profile(const Profile& profile) const {
  const auto path = IPAM_TRY(profile_path());
  Profiles profiles = IPAM_TRY(load_profiles(path));
  profiles[profile_name()] = profile;
  return save_profiles(path, profiles);
}

Result<ServerAccess> Session::access() const {
  const Profile profile = IPAM_TRY(this->profile());
  ServerAccess access;
  std::string url = invocation_.server.empty() ? variable("IPAM_SERVER") : invocation_.server;
  if (url.empty()) url = profile.server.empty() ? kDefaultServer : profile.server;
  access.url = IPAM_TRY(server_url(url));
  const bool own = access.url == profile.server;
  const std::string pinned = variable("IPAM_FINGERPRINT");
  if (!invocation_.fingerprint.empty() || !invocation_.ca_file.empty()) {
    access.fingerprint = invocation_.fingerprint;
    access.ca_file = invocation_.ca_file;
  } else if (!pinned.empty()) {
    access.fingerprint = pinned;
  } else if (own) {
    access.fingerprint = profile.fingerprint;
    access.ca_file = profile.ca_file;
  }
  const std::string token = variable("IPAM_TOKEN");
  access.token = Secret(!token.empty() ? token : own ? profile.token : std::string());
  return access;
}

Result<std::unique_ptr<Connection>> Session::connect(const ServerAccess& access) {
  auto connection = IPAM_TRY(connector_.open(access));
  return std::unique_ptr<Connection>(std::make_unique<ExplainingConnection>(std::move(connection), connector_, access));
}

Result<Api*> Session::api() {
  needs_session_ = true;
  if (api_ == nullptr) {
    const ServerAccess access = IPAM_TRY(this->access());
    if (access.token.empty()) return Error(ErrorCode::Unauthenticated, "you are not signed in to " + access.url);
    auto connection = IPAM_TRY(connect(access));
    api_ = std::make_unique<Api>(std::move(connection), invocation_.context);
  }
  return api_.get();
}

Style Session::style() const {
  const Terminals terminals = host_.terminals();
  Style style;
  std::string locale = variable("LC_ALL");
  if (locale.empty()) locale = variable("LC_CTYPE");
  if (locale.empty()) locale = variable("LANG");
  style.unicode = names_utf8(locale);
  style.colours = terminals.output && variable("NO_COLOR").empty() && variable("TERM") != "dumb";
  style.columns = terminals.output ? terminals.columns : 0;
  return style;
}

bool Session::agrees(std::string_view question) {
  if (dry_run() || invocation_.confirmation == Confirmation::Given || !host_.terminals().input) return true;
  note(std::string(question) + " [y/N] ");
  const std::string answer = to_lower(trim(host_.read_line().value_or(std::string())));
  return answer == "y" || answer == "yes";
}

void Session::say(std::string_view sentence) {
  // What would be done is told at the end, by what the server says of it.
  if (is(Format::Table) && !dry_run()) host_.write_output(printable_lines(sentence) + '\n');
}

}  // namespace ipam::cli
