// Reads leases where Kea keeps them: in tables of a PostgreSQL database (schema of Kea 1.6 and later; share/kea/scripts/pgsql/dhcpdb_create.pgsql).
// It costs the DHCP server nothing and needs no hook library.
//
// Reads only: every session is read-only, and needs no more than SELECT on lease4 and lease6. Pages of 1 000 rows: memory is bounded. Leases of
// DHCPv4 are paged by key, each page a transaction of its own; those of DHCPv6 by a cursor of one transaction, because before Kea 2.5 their addresses
// are text, whose order is not that of addresses.
// Errors: those of driver.h. Thread rule: as a driver's; the calls that block run on the pool.
#pragma once

#include "client/sql/connection.h"
#include "driver/driver.h"
#include "driver/kea/kea_leases.h"
#include "driver/kea/kea_service.h"
#include "io/worker_pool.h"

#include <functional>
#include <memory>

namespace ipam::driver::kea {

class LeaseDatabase {
 public:
  // The pool must outlive it. Errors: InvalidArgument (the URL).
  static Result<std::unique_ptr<LeaseDatabase>> create(const AccessEndpoint& access, const Limits& limits, io::WorkerPool& blocking);

  // Signs in and looks whether the service's leases may be read.
  io::Task<Result<void>> probe(Service service, io::Deadline deadline);

  // All leases of the service in ascending order. The clock must outlive the call.
  io::Task<Result<void>> collect(Service service, LeaseSink& sink, const Clock& clock, CollectedLeases& collected, io::Deadline deadline);

  // Whether the way to the server hides the password and the leases from others, as the URL says.
  bool is_exposed() const { return exposed_; }

 private:
  LeaseDatabase(client::sql::ConnectOptions options, const Limits& limits, io::WorkerPool& blocking, bool exposed)
      : options_(std::move(options)), limits_(limits), blocking_(blocking), exposed_(exposed) {}

  const client::sql::ConnectOptions options_;
  const Limits limits_;
  io::WorkerPool& blocking_;
  const bool exposed_;
};

// The access's URL as libpq takes it: with the user, and with the verification of the server's certificate unless the URL says otherwise (sslmode,
// sslrootcert; nothing else may be set there) or the server is on this machine. Errors: InvalidArgument.
Result<std::string> connection_url(const AccessEndpoint& access);

}  // namespace ipam::driver::kea
