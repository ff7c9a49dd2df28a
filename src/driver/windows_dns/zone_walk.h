// ZoneWalk: reads all records of a zone, node by node: a server tells a node and its children at a time, in pages, and how many children each child
// has.
//
// Bounded: no node is asked for twice, every child lies below its parent, and there are at most Limits::records records and nodes. A page that brings
// no new child ends the walk with Malformed. Thread rule: as DnsService.
#pragma once

#include "driver/windows_dns/dns_service.h"

#include <map>
#include <set>

namespace ipam::driver::windows_dns {

// As in model/dns.h: in lower case, without the final dot.
std::string model_name(const wire::dns::Name& name);

// As the protocol spells it (wire/dnsp/name_text.h), without the final dot.
std::string zone_text(const wire::dns::Name& zone);

class ZoneWalk {
 public:
  // All of these outlive the walk. Records are told as added with this serial.
  ZoneWalk(PageSource& pages, wire::dns::Name zone, std::uint32_t serial, RecordSink& sink, const Limits& limits)
      : pages_(pages), zone_(std::move(zone)), serial_(serial), sink_(sink), limits_(limits) {}

  // Errors: those of DnsService; those of the sink, upon which sink_failed is true.
  io::Task<Result<void>> run(io::Deadline deadline);
  std::uint64_t records() const { return records_; }
  bool sink_failed() const { return sink_failed_; }

 private:
  // The records of a node that are known already, so that none is told twice: type and data.
  using Known = std::set<std::pair<std::uint16_t, Bytes>>;

  io::Task<Result<void>> read_node(wire::dns::Name node, io::Deadline deadline);
  Result<std::optional<std::string>> take_page(const Page& page, const wire::dns::Name& node, std::set<wire::dns::Name>* children);
  Result<void> take_records(const wire::dnsp::Node& told, const wire::dns::Name& owner, Known* known);
  Result<wire::dns::Name> child_name(const wire::dnsp::Node& told, const wire::dns::Name& parent) const;
  io::Task<Result<void>> hand_on(std::size_t least);

  PageSource& pages_;
  wire::dns::Name zone_;
  std::uint32_t serial_;
  RecordSink& sink_;
  Limits limits_;
  std::vector<wire::dns::Name> to_read_;
  std::map<wire::dns::Name, Known> known_;  // of nodes that are still to be read, from their parents' pages
  std::vector<RecordDifference> ready_;
  std::uint64_t records_ = 0;
  std::uint64_t nodes_ = 0;
  bool sink_failed_ = false;
};

}  // namespace ipam::driver::windows_dns
