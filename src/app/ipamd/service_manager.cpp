#include "app/ipamd/service_manager.h"

#include "base/log.h"

#include <fmt/format.h>
#include <systemd/sd-daemon.h>

namespace ipam::app {

ServiceManager::ServiceManager() : sockets_(sd_listen_fds(1)) {
  std::uint64_t microseconds = 0;
  // The variable stays: sd_notify needs its neighbour, and none of the programs that are started (pg_dump and its kin) knows it.
  if (sd_watchdog_enabled(0, &microseconds) > 0) watchdog_ = Duration(microseconds);
}

Result<std::optional<int>> ServiceManager::listening_socket() const {
  if (sockets_ <= 0) return std::optional<int>{};
  if (sockets_ > 1)
    return Error(ErrorCode::InvalidArgument, fmt::format("the service manager passed {} sockets; give the socket unit one ListenStream", sockets_));
  if (sd_is_socket(SD_LISTEN_FDS_START, 0, 1, 1) <= 0)
    return Error(ErrorCode::InvalidArgument, "what the service manager passed is no listening stream socket");
  return std::optional<int>(SD_LISTEN_FDS_START);
}

void ServiceManager::tell(const std::string& state) const {
  if (const int answer = sd_notify(0, state.c_str()); answer < 0) log::debug("the service manager cannot be told", {{"error", -answer}});
}

void ServiceManager::ready(const std::string& status) { tell("READY=1\nSTATUS=" + status); }
void ServiceManager::reloading() { tell("RELOADING=1"); }
void ServiceManager::stopping() { tell("STOPPING=1"); }
void ServiceManager::alive() { tell("WATCHDOG=1"); }

}  // namespace ipam::app
