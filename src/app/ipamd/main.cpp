#include "app/ipamd/daemon.h"
#include "app/ipamd/restoring.h"
#include "app/ipamd/service_manager.h"
#include "base/log.h"
#include "base/version.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include <condition_variable>
#include <iostream>
#include <mutex>
#include <thread>

namespace {

// Blocked in every thread, so that the main thread alone takes them, when it waits.
sigset_t block_stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  sigaddset(&signals, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return signals;
}

const char* variable(const char* name) { return getenv(name); }

// On SIGHUP: what is wrong then is told and changes nothing.
void reload(int argc, char** argv, ipam::app::Daemon& daemon) {
  const auto parsed = ipam::app::read_settings(argc, argv, variable, std::cout, std::cerr);
  const auto reloaded = parsed.ok() ? daemon.reload(parsed->settings) : parsed.error();
  if (reloaded.ok()) {
    ipam::log::info("IPAM-1007 settings read again", {{"fingerprint", daemon.fingerprint()}});
  } else {
    ipam::log::error("IPAM-1008 settings not taken over; the old ones hold", {{"error", reloaded.error().describe()}});
  }
}

// The next signal. Meanwhile the service manager gets its signs of life, as long as the server shows some itself.
int wait_for_signal(const sigset_t& signals, ipam::app::ServiceManager& manager, const ipam::app::Daemon& daemon) {
  if (!manager.watchdog_period()) {
    int number = 0;
    sigwait(&signals, &number);
    return number;
  }
  const ipam::Duration third = *manager.watchdog_period() / 3;
  const auto pause = std::chrono::duration_cast<std::chrono::nanoseconds>(third);
  const timespec timeout{pause.count() / 1'000'000'000, pause.count() % 1'000'000'000};
  while (true) {
    if (const int number = sigtimedwait(&signals, nullptr, &timeout); number > 0) return number;
    if (daemon.is_alive(third)) {
      manager.alive();
    } else {
      ipam::log::error("IPAM-1011 the threads that serve connections do not answer");
    }
  }
}

// Signs of life for the service manager while a server starts in the place of one that ended: its watchdog does not wait for a restore.
class SignsOfLife {
 public:
  explicit SignsOfLife(ipam::app::ServiceManager& manager) {
    if (!manager.watchdog_period()) return;
    thread_ = std::jthread([&manager](const std::stop_token& stop) {
      std::mutex mutex;
      std::unique_lock lock(mutex);
      std::condition_variable_any ended;
      while (!ended.wait_for(lock, stop, *manager.watchdog_period() / 3, [&] { return stop.stop_requested(); })) manager.alive();
    });
  }

 private:
  std::jthread thread_;
};

enum class Ending { Stop, Restart, Failed };

// One server, from its start to the signal that ends it. `port` is set to the one that it had.
Ending serve(int argc, char** argv, const ipam::app::Settings& settings, std::optional<int> socket, const sigset_t& signals,
             ipam::app::ServiceManager& manager, std::uint16_t& port) {
  namespace log = ipam::log;
  auto daemon = [&] {
    const SignsOfLife signs(manager);
    return ipam::app::Daemon::start(settings, socket);
  }();
  if (!daemon.ok()) {
    log::error("IPAM-1001 ipamd cannot start", {{"error", daemon.error().describe()}});
    return Ending::Failed;
  }
  port = (*daemon)->port();
  log::info("IPAM-1002 ipamd serves",
            {{"version", ipam::kVersion}, {"port", port}, {"data", settings.data_folder.string()}, {"fingerprint", (*daemon)->fingerprint()}});
  if (!(*daemon)->first_password_file().empty()) {
    log::info("IPAM-1003 first start: sign in as admin with the password in this file; it goes at the first sign-in",
              {{"file", (*daemon)->first_password_file().string()}});
  }
  const std::string status = fmt::format("Serves on port {}", port);
  manager.ready(status);
  int signal_number = 0;
  while (true) {
    signal_number = wait_for_signal(signals, manager, **daemon);
    if (signal_number == SIGUSR1 && !(*daemon)->wants_restart()) continue;
    if (signal_number != SIGHUP) break;
    manager.reloading();
    reload(argc, argv, **daemon);
    manager.ready(status);
  }
  const bool again = signal_number == SIGUSR1;
  if (!again) manager.stopping();
  log::info("IPAM-1004 ipamd stops", {{"signal", signal_number}});
  (*daemon)->stop();
  const ipam::ledger::LedgerStatistics ledger = (*daemon)->ledger_statistics();
  log::info("IPAM-1009 ipamd stopped", {{"requests", ledger.requests}, {"commits", ledger.commits}, {"failed_commits", ledger.failed_commits}});
  return again ? Ending::Restart : Ending::Stop;
}

int run(int argc, char** argv) {
  namespace app = ipam::app;
  auto parsed = app::read_settings(argc, argv, variable, std::cout, std::cerr);
  if (!parsed.ok()) {
    std::cerr << "ipamd: " << parsed.error().message << '\n';
    return 2;
  }
  if (parsed->exit_status) return *parsed->exit_status;
  if (geteuid() == 0 && !parsed->settings.allow_root) {
    std::cerr << "ipamd: it needs no privileges and does not run as root; run it as a user of its own, or say --allow-root\n";
    return 2;
  }
  umask(077);  // database and keys are nobody else's
  const sigset_t signals = block_stop_signals();
  if (!parsed->restore.empty()) return app::restore_and_end(parsed->settings, parsed->restore);
  app::ServiceManager manager;
  const auto socket = manager.listening_socket();
  if (!socket.ok()) {
    ipam::log::error("IPAM-1001 ipamd cannot start", {{"error", socket.error().describe()}});
    return 1;
  }
  while (true) {
    // Each server closes the socket that it is given; the one of the service manager stays for the next.
    const std::optional<int> own = *socket ? std::optional<int>(fcntl(**socket, F_DUPFD_CLOEXEC, 3)) : std::nullopt;
    const Ending ending = serve(argc, argv, parsed->settings, own, signals, manager, parsed->settings.listen.port);
    if (ending != Ending::Restart) return ending == Ending::Stop ? 0 : 1;
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& exception) {
    ipam::log::error("IPAM-1010 ipamd ends on an unexpected exception", {{"what", exception.what()}});
    return 1;
  }
}
