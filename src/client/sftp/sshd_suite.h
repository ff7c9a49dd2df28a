// A real sshd for tests, on a free port of 127.0.0.1, with a host key of its own, for the user of the test alone. Stopped with the object. Throws
// when it is not installed (Debian package openssh-server) or does not start. Thread rule: one thread, the one that made it.
#pragma once

#include "client/sftp/session.h"
#include "support/temporary_folder.h"

#include <sys/types.h>

#include <filesystem>
#include <string>

namespace ipam::client::sftp {

class Sshd {
 public:
  Sshd();
  ~Sshd();
  Sshd(const Sshd&) = delete;
  Sshd& operator=(const Sshd&) = delete;

  // With the right key of host and user.
  SessionOptions options() const;
  const std::filesystem::path& folder() const { return folder_.path(); }

 private:
  test::TemporaryFolder folder_;
  std::uint16_t port_ = 0;
  std::string user_;
  std::string fingerprint_;
  std::string private_key_;
  pid_t server_ = -1;
};

}  // namespace ipam::client::sftp
