// BlockingSocket: a connection over TCP for libraries that block on a socket of the caller's making. Connecting ends at its deadline and when it is
// cancelled; a look-up of the name does not (it ends when the system's resolver gives up). The socket is non-blocking while it is connected and as
// the caller wants it afterwards; what blocks on it is ended by CutOff. Thread rule: one thread at a time. Calls block: never on an I/O thread.
#pragma once

#include "base/result.h"
#include "io/deadline.h"

#include <string>
#include <utility>

namespace ipam::io {

class BlockingSocket {
 public:
  // One address of the host after the other until one accepts. `place` begins the messages ("sftp://host:22"), `question` ends that of a server that
  // is not reached ("is sshd running there?"). Errors: Unavailable, DeadlineExceeded, Cancelled.
  static Result<BlockingSocket> connect(const std::string& host, std::uint16_t port, const std::string& place, const std::string& question,
                                        const Deadline& deadline);

  BlockingSocket() = default;
  explicit BlockingSocket(int number) : number_(number) {}
  BlockingSocket(BlockingSocket&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  BlockingSocket& operator=(BlockingSocket&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~BlockingSocket();

  int number() const { return number_; }
  bool open() const { return number_ >= 0; }
  // Reads and writes wait for the peer from now on.
  void make_blocking() const;
  // Ends both directions: whoever waits on it, or on a duplicate of it, comes back.
  void shut_down() const;

 private:
  int number_ = -1;
};

}  // namespace ipam::io
