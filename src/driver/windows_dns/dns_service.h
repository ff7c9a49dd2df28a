// DnsService: the questions of MS-DNSP, one call each, over a connection that is made when it is needed and made again after an error.
//
// Errors begin with the server's URL: those of client/dcerpc and of wire/dnsp, and Unavailable when one question gets no answer within its time.
// Thread rule: one executor, one call after the other; resolver and worker pool outlive it.
#pragma once

#include "driver/windows_dns/access.h"
#include "wire/dnsp/operations.h"
#include "wire/dnsp/records.h"

namespace ipam::driver::windows_dns {

// One answer to EnumRecords2. The nodes refer to the buffer.
struct Page {
  Bytes buffer;
  std::vector<wire::dnsp::Node> nodes;
  bool more = false;
};

// Where the pages of a zone come from.
class PageSource {
 public:
  virtual ~PageSource() = default;
  // The records of a node ("@", or an absolute name with its dot) and of its children, from this child on.
  virtual io::Task<Result<Page>> records(std::string zone, std::string node, std::optional<std::string> start_child, io::Deadline deadline) = 0;
};

class DnsService final : public PageSource {
 public:
  DnsService(client::dcerpc::Services services, Access access, std::string url, std::shared_ptr<client::kerberos::Credential> credential,
             const Limits& limits)
      : services_(services), access_(std::move(access)), url_(std::move(url)), credential_(std::move(credential)), limits_(limits) {}

  io::Task<Result<wire::dnsp::ServerInfo>> server_info(io::Deadline deadline);
  // Every zone but those that are no zones (root hints, caches, those that every server makes by itself).
  io::Task<Result<std::vector<wire::dnsp::Zone>>> zones(io::Deadline deadline);
  io::Task<Result<wire::dnsp::ZoneInfo>> zone_info(std::string zone, io::Deadline deadline);
  // The SOA record of a zone; nothing when the server tells none. Errors beside the usual: NotFound (no such zone).
  io::Task<Result<std::optional<wire::dns::Soa>>> soa(std::string zone, io::Deadline deadline);
  io::Task<Result<Page>> records(std::string zone, std::string node, std::optional<std::string> start_child, io::Deadline deadline) override;

 private:
  io::Task<Result<Bytes>> call(wire::dnsp::Operation operation, Bytes parameters, io::Deadline deadline);
  io::Task<Result<wire::dnsp::Data>> data(wire::dnsp::Operation operation, Bytes parameters, io::Deadline deadline);
  io::Task<Result<std::vector<wire::dnsp::Zone>>> zones_of(std::uint32_t filter, io::Deadline deadline);
  io::Task<Result<Page>> page(wire::dnsp::EnumRecords2Request request, io::Deadline deadline);
  Error named(Error error) const;

  client::dcerpc::Services services_;
  Access access_;
  std::string url_;
  std::shared_ptr<client::kerberos::Credential> credential_;
  Limits limits_;
  std::unique_ptr<client::dcerpc::Connection> connection_;  // null when there is none
};

}  // namespace ipam::driver::windows_dns
