#include "app/ipamd/daemon.h"
#include "base/log.h"
#include "base/version.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include <iostream>

namespace {

// Blocked in every thread, so that the main thread alone takes them, when it waits.
sigset_t block_stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return signals;
}

int run(int argc, char** argv) {
  namespace app = ipam::app;
  namespace log = ipam::log;
  const auto parsed = app::read_settings(argc, argv, std::cout, std::cerr);
  if (!parsed.ok()) {
    std::cerr << "ipamd: " << parsed.error().message << '\n';
    return 2;
  }
  if (parsed->exit_status) return *parsed->exit_status;
  umask(077);  // database and keys are nobody else's
  const sigset_t signals = block_stop_signals();
  auto daemon = app::Daemon::start(parsed->settings);
  if (!daemon.ok()) {
    log::error("ipamd cannot start", {{"error", daemon.error().describe()}});
    return 1;
  }
  log::info("ipamd serves", {{"version", ipam::kVersion},
                             {"port", (*daemon)->port()},
                             {"data", parsed->settings.data_folder.string()},
                             {"fingerprint", (*daemon)->fingerprint()}});
  if (!(*daemon)->first_password_file().empty()) {
    log::info("first start: sign in as admin with the password in this file; it goes at the first sign-in",
              {{"file", (*daemon)->first_password_file().string()}});
  }
  int signal_number = 0;
  sigwait(&signals, &signal_number);
  log::info("ipamd stops", {{"signal", signal_number}});
  (*daemon)->stop();
  const ipam::ledger::LedgerStatistics ledger = (*daemon)->ledger_statistics();
  log::info("ipamd stopped", {{"requests", ledger.requests}, {"commits", ledger.commits}, {"failed_commits", ledger.failed_commits}});
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& exception) {
    ipam::log::error("ipamd ends on an unexpected exception", {{"what", exception.what()}});
    return 1;
  }
}
