// CutOff: cuts a connection off when a deadline passes or its token says so, so that a library that waits for the peer without end comes back.
// Thread rule: lives on the stack of the one call that it guards; the socket outlives it.
#pragma once

#include "io/deadline.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace ipam::io {

class CutOff {
 public:
  CutOff(int socket, const Deadline& deadline);
  ~CutOff();
  CutOff(const CutOff&) = delete;
  CutOff& operator=(const CutOff&) = delete;

 private:
  void watch(int socket, const Deadline& deadline);

  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool over_ = false;
  std::thread thread_;
};

}  // namespace ipam::io
