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

namespace ipam::app {

class Daemon {
 public:
  // Errors: Unavailable (port in use, folder or database not to be had), FailedPrecondition (another server uses the folder; a newer database; keys
  // that others can read), InvalidArgument (settings).
  static Result<std::unique_ptr<Daemon>> start(const Settings& settings);
  ~Daemon();

  std::uint16_t port() const;
  // SHA-256 of the certificate, as clients compare it.
  const std::string& fingerprint() const;
  // What the ledger did since the start.
  ledger::LedgerStatistics ledger_statistics() const;
  // Where the first administrator's password is, if this was the first start.
  const std::filesystem::path& first_password_file() const;

  // Lets running requests end, finishes what is queued for the database, ends within about ten seconds. Idempotent.
  void stop();

 private:
  struct Parts;
  explicit Daemon(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace ipam::app
