// Reads leases from the files of Kea's memfile backend, by SFTP (docs/decisions/0028-libssh-for-files-of-servers.md): needs no hook library, and
// costs the DHCP server nothing.
//
// What counts is what Kea would read at its start: what the last clean-up left, then the file itself; of the lines of one address the last. When a
// clean-up comes between, all is read again. Every lease is in memory once while they are brought into order.
// Errors: those of driver.h. Thread rule: as a driver's; the calls that block run on the pool.
#pragma once

#include "client/sftp/session.h"
#include "driver/driver.h"
#include "driver/kea/kea_leases.h"
#include "driver/kea/kea_service.h"
#include "io/worker_pool.h"

#include <map>
#include <memory>
#include <string>

namespace ipam::driver::kea {

struct FileLease {
  std::uint32_t lifetime = 0;
  std::uint32_t subnet_id = 0;
  std::uint64_t expire = 0;
  std::uint32_t iaid = 0;
  std::uint8_t state = 0;
  std::uint8_t delegated_length = 0;  // 0: an address
  Bytes hardware_address;
  Bytes client_id;
  std::string hostname;
};
using FileLeases = std::map<ip::Address, FileLease>;

class LeaseFiles {
 public:
  // The pool must outlive it. Errors: InvalidArgument (the URL).
  static Result<std::unique_ptr<LeaseFiles>> create(const AccessEndpoint& access, const Limits& limits, io::WorkerPool& blocking);

  // The path that the access names; empty when it leaves it to the server's configuration.
  const std::string& path() const { return path_; }

  // Signs in and looks whether the file is one of the service's leases.
  io::Task<Result<void>> probe(Service service, std::string path, io::Deadline deadline);
  io::Task<Result<void>> collect(Service service, std::string path, LeaseSink& sink, const Clock& clock, CollectedLeases& collected,
                                 io::Deadline deadline);

 private:
  LeaseFiles(client::sftp::SessionOptions options, std::string path, const Limits& limits, io::WorkerPool& blocking)
      : options_(std::move(options)), path_(std::move(path)), limits_(limits), blocking_(blocking) {}

  const client::sftp::SessionOptions options_;
  const std::string path_;
  const Limits limits_;
  io::WorkerPool& blocking_;
};

// The leases that the files at and beside `path` hold. Blocks. Errors: those of client::sftp::Session and of the reader; Unavailable (a clean-up
// comes between every time).
Result<FileLeases> read_lease_files(client::sftp::Session& session, Service service, const std::string& path, std::size_t most_leases,
                                    const io::Deadline& deadline);

}  // namespace ipam::driver::kea
