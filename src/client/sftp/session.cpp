#include "client/sftp/session.h"

#include "base/bytes.h"
#include "base/strings.h"
#include "io/blocking_socket.h"
#include "io/cut_off.h"

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>
#include <libssh/libssh.h>
#include <libssh/sftp.h>

#include <array>
#include <deque>
#include <vector>

namespace ipam::client::sftp {
namespace {

constexpr std::uint32_t kPiece = 32'768;    // what every server answers at once
constexpr std::size_t kRequestsAhead = 16;  // half a megabyte under way
// No algorithm that OpenSSH has turned off; the key that is pinned should be the ed25519 one where there is one.
constexpr const char* kHostKeys = "ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,rsa-sha2-512,rsa-sha2-256";

struct Freeing {
  void operator()(ssh_session session) const {
    ssh_disconnect(session);
    ssh_free(session);
  }
  void operator()(sftp_session session) const { sftp_free(session); }
  void operator()(sftp_file file) const { sftp_close(file); }
  void operator()(sftp_attributes attributes) const { sftp_attributes_free(attributes); }
  void operator()(ssh_key key) const { ssh_key_free(key); }
};
using SshSession = std::unique_ptr<ssh_session_struct, Freeing>;
using SftpSession = std::unique_ptr<sftp_session_struct, Freeing>;
using SftpFile = std::unique_ptr<sftp_file_struct, Freeing>;
using Attributes = std::unique_ptr<sftp_attributes_struct, Freeing>;
using Key = std::unique_ptr<ssh_key_struct, Freeing>;

Result<void> check_host_key(ssh_session session, const SessionOptions& options, const std::string& place) {
  ssh_key shown = nullptr;
  if (ssh_get_server_publickey(session, &shown) != SSH_OK) return Error(ErrorCode::Unavailable, place + ": the server shows no host key");
  const Key key(shown);
  unsigned char* hash = nullptr;
  std::size_t size = 0;
  if (ssh_get_publickey_hash(key.get(), SSH_PUBLICKEY_HASH_SHA256, &hash, &size) != 0)
    return Error(ErrorCode::Unavailable, place + ": the host key has no hash");
  const Bytes fingerprint(hash, hash + size);
  ssh_clean_pubkey_hash(&hash);
  const auto pinned = from_hex(options.host_key_fingerprint);
  if (pinned.ok() && !pinned->empty() && *pinned == fingerprint) return {};
  std::string base64 = to_base64(fingerprint);
  base64.erase(base64.find_last_not_of('=') + 1);
  const std::string shows = fmt::format("the server shows {} (SHA256:{})", to_hex(fingerprint, ':'), base64);
  if (options.host_key_fingerprint.empty()) {
    return Error(
        ErrorCode::FailedPrecondition,
        fmt::format("{}: no host key is pinned; {}: if ssh-keygen -lf of its host keys says the same there, give it to the access as fingerprint",
                    place, shows));
  }
  return Error(ErrorCode::FailedPrecondition,
               fmt::format("{}: the host key is not the pinned one; {}: if it was changed on purpose, give the new one to the access", place, shows));
}

Result<void> sign_in(ssh_session session, const SessionOptions& options, const std::string& place) {
  int outcome = SSH_AUTH_DENIED;
  if (options.sign_in == SignIn::Password) {
    outcome = ssh_userauth_password(session, nullptr, options.secret.reveal().c_str());
  } else {
    ssh_key read = nullptr;
    if (ssh_pki_import_privkey_base64(options.secret.reveal().c_str(), nullptr, nullptr, nullptr, &read) != SSH_OK) {
      return Error(ErrorCode::InvalidArgument,
                   place + ": the credential's private key cannot be read; it must be one in OpenSSH's or PEM form without passphrase");
    }
    const Key key(read);
    outcome = ssh_userauth_publickey(session, nullptr, key.get());
  }
  if (outcome == SSH_AUTH_SUCCESS) return {};
  if (outcome == SSH_AUTH_ERROR) return Error(ErrorCode::Unavailable, place + ": the server hung up at the sign-in");
  const bool by_key = options.sign_in == SignIn::PrivateKey;
  return Error(ErrorCode::Unauthenticated, fmt::format("{}: the server refuses user '{}' with {}; {}", place, shorten(options.user_name, 60),
                                                       by_key ? "this key" : "this password",
                                                       by_key ? "put the public key into its authorized_keys"
                                                              : "correct the credential, or use a key (PasswordAuthentication may be off)"));
}

}  // namespace

struct Session::Handles {
  std::string place;
  io::BlockingSocket socket;  // ours beside libssh's own: it may be cut off at any time
  SshSession ssh;
  SftpSession sftp;

  // What a failed call means, seen from its deadline first: a connection that was cut off looks like one that was lost.
  Error failure(const io::Deadline& deadline, std::string_view doing) const {
    if (const auto verdict = deadline.verdict()) return io::wait_error(*verdict, place);
    const int code = sftp ? sftp_get_error(sftp.get()) : SSH_FX_OK;
    if (code == SSH_FX_PERMISSION_DENIED) {
      return {ErrorCode::PermissionDenied, fmt::format("{}: the user may not {}; let it read the file and enter the folders above it", place, doing)};
    }
    if (code == SSH_FX_NO_SUCH_FILE) return {ErrorCode::NotFound, fmt::format("{}: cannot {}: there is no such file", place, doing)};
    return {ErrorCode::Unavailable, fmt::format("{}: cannot {}", place, doing), ssh_get_error(ssh.get())};
  }
};

Session::Session(std::unique_ptr<Handles> handles) : handles_(std::move(handles)) {}
Session::~Session() {
  // Nothing is to be said to a server that may be silent.
  if (handles_) handles_->socket.shut_down();
}

Result<std::unique_ptr<Session>> Session::open(const SessionOptions& options, const io::Deadline& deadline) {
  auto handles = std::make_unique<Handles>();
  handles->place = fmt::format("sftp://{}:{}", options.host, options.port);
  const std::string question = "is sshd running there, and does the firewall let us in?";
  handles->socket = IPAM_TRY(io::BlockingSocket::connect(options.host, options.port, handles->place, question, deadline));
  std::unique_ptr<Session> session(new Session(std::move(handles)));
  Handles& own = *session->handles_;
  const io::CutOff cut_off(own.socket.number(), deadline);
  own.ssh.reset(ssh_new());
  int libsshs = dup(own.socket.number());  // libssh closes it
  const bool no_configuration = false;
  const int no_log = SSH_LOG_NOLOG;
  ssh_session ssh = own.ssh.get();
  ssh_options_set(ssh, SSH_OPTIONS_PROCESS_CONFIG, &no_configuration);
  ssh_options_set(ssh, SSH_OPTIONS_LOG_VERBOSITY, &no_log);
  ssh_options_set(ssh, SSH_OPTIONS_HOST, options.host.c_str());
  ssh_options_set(ssh, SSH_OPTIONS_USER, options.user_name.c_str());
  ssh_options_set(ssh, SSH_OPTIONS_KNOWNHOSTS, "/dev/null");
  ssh_options_set(ssh, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null");
  ssh_options_set(ssh, SSH_OPTIONS_HOSTKEYS, kHostKeys);
  ssh_options_set(ssh, SSH_OPTIONS_FD, &libsshs);
  if (ssh_connect(ssh) != SSH_OK) return own.failure(deadline, "agree with the server on a connection; does an SSH server answer there?");
  IPAM_TRY(check_host_key(ssh, options, own.place));
  if (auto signed_in = sign_in(ssh, options, own.place); !signed_in.ok()) {
    if (const auto verdict = deadline.verdict()) return io::wait_error(*verdict, own.place);
    return std::move(signed_in).error();
  }
  own.sftp.reset(sftp_new(ssh));
  if (!own.sftp || sftp_init(own.sftp.get()) != SSH_OK) {
    own.sftp.reset();
    return own.failure(deadline, "open SFTP; let sshd_config have \"Subsystem sftp internal-sftp\"");
  }
  return session;
}

Result<std::optional<FileStatus>> Session::find_status(const std::string& path, const io::Deadline& deadline) {
  Handles& own = *handles_;
  const io::CutOff cut_off(own.socket.number(), deadline);
  const Attributes attributes(sftp_stat(own.sftp.get(), path.c_str()));
  if (attributes) return std::optional(FileStatus{attributes->size, attributes->mtime});
  Error error = own.failure(deadline, "look at " + path);
  if (error.code == ErrorCode::NotFound) return std::optional<FileStatus>();
  return error;
}

Result<std::uint64_t> Session::read(const std::string& path, std::uint64_t limit, const OnData& on_data, const io::Deadline& deadline) {
  Handles& own = *handles_;
  const io::CutOff cut_off(own.socket.number(), deadline);
  const SftpFile file(sftp_open(own.sftp.get(), path.c_str(), O_RDONLY, 0));
  const std::string doing = "read " + path;
  if (!file) return own.failure(deadline, doing);
  std::vector<char> buffer(kPiece);
  std::uint64_t done = 0;
  while (true) {
    // A short answer leaves a gap before what was asked for behind it: that is thrown away and asked for again. At the end the first is empty.
    if (sftp_seek64(file.get(), done) < 0) return own.failure(deadline, doing);
    std::deque<std::uint32_t> asked;
    bool gap = false, any = false;
    while (!gap || !asked.empty()) {
      while (!gap && asked.size() < kRequestsAhead) {
        const int id = sftp_async_read_begin(file.get(), kPiece);
        if (id < 0) return own.failure(deadline, doing);
        asked.push_back(static_cast<std::uint32_t>(id));
      }
      const int count = sftp_async_read(file.get(), buffer.data(), kPiece, asked.front());
      asked.pop_front();
      if (count < 0) return own.failure(deadline, doing);
      if (gap) continue;
      gap = static_cast<std::uint32_t>(count) < kPiece;
      if (count == 0) continue;
      any = true;
      done += static_cast<std::uint64_t>(count);
      if (done > limit)
        return Error(ErrorCode::Malformed, fmt::format("{}: {} is larger than {} bytes, which is more than is read", own.place, path, limit));
      IPAM_TRY(on_data(std::string_view(buffer.data(), static_cast<std::size_t>(count))));
    }
    if (!any) return done;
  }
}

}  // namespace ipam::client::sftp
