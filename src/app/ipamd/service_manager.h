// ServiceManager: what systemd is told, and what it hands over: readiness, reload, stop, signs of life (sd_notify(3)) and the listening socket
// (sd_listen_fds(3)). Without a service manager every call does nothing. Thread rule: the main thread.
#pragma once

#include "base/clock.h"

#include <optional>
#include <string>

namespace ipam::app {

class ServiceManager {
 public:
  // Takes over what the environment says, and removes it from there.
  ServiceManager();

  // The listening socket that was passed, or nothing. Errors: InvalidArgument (several).
  Result<std::optional<int>> listening_socket() const;
  // How often it wants a sign of life.
  std::optional<Duration> watchdog_period() const { return watchdog_; }

  void ready(const std::string& status);
  void reloading();
  void stopping();
  void alive();

 private:
  void tell(const std::string& state) const;

  int sockets_ = 0;
  std::optional<Duration> watchdog_;
};

}  // namespace ipam::app
