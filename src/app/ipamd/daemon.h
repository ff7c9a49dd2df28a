// Daemon: the whole server as one object: opens what it stands on in order, serves, and stops in the opposite order with everything acknowledged
// kept.
//
// Data folder: ipam.db (the database, unless it is PostgreSQL), master.key (0600, seals credentials; never in the database or a backup), server.key
// and server.crt (TLS), first-password (0600, until the first sign-in), lock (held while a server uses the folder). Thread rule: made, started and
// stopped by one thread, which is none of its own.
#pragma once

#include "app/ipamd/settings.h"
#include "ledger/ledger.h"

#include <memory>
#include <optional>

namespace ipam::app {

class Daemon {
 public:
  // Errors: Unavailable (port in use, folder or database not to be had), FailedPrecondition (another server uses the folder; a newer database; keys
  // that others can read), InvalidArgument (settings).
  // `listening_socket` is one that the service manager has opened; it replaces settings.listen.
  static Result<std::unique_ptr<Daemon>> start(const Settings& settings, std::optional<int> listening_socket = std::nullopt);
  ~Daemon();

  // Whether it asked for its own end and a new start, by SIGUSR1 to its process: a restore waits for that.
  bool wants_restart() const;
  std::uint16_t port() const;
  // SHA-256 of the certificate, as clients compare it.
  std::string fingerprint() const;
  // What the ledger did since the start.
  ledger::LedgerStatistics ledger_statistics() const;
  // Where the first administrator's password is, if this was the first start.
  const std::filesystem::path& first_password_file() const;

  // Takes over what can be changed while it runs: log level and TLS certificate. Errors: those of the certificate and its key; then the old one
  // stays.
  Result<void> reload(const Settings& settings);

  // Whether every thread that serves connections answers within the time.
  bool is_alive(Duration patience) const;

  // Lets running requests end, finishes what is queued for the database, ends within about ten seconds. Idempotent.
  void stop();

 private:
  struct Parts;
  explicit Daemon(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace ipam::app
