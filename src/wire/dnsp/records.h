// The records in the buffer that R_DnssrvEnumRecords2 answers (MS-DNSP sections 2.2.2.2.1 to 2.2.2.2.5): nodes, each with its records, of which the
// data is turned into what DNS itself has on the wire, so that wire/dns prints it.
//
// The data of each type stands as the protocol lays it out: numbers little-endian, names and texts as counted UTF-8. WKS (RFC 1035 section 3.4.2)
// stays as the server has it, because it tells services by names. Thread rule: plain values; a Record refers to the buffer.
#pragma once

#include "wire/dns/record.h"

#include <optional>

namespace ipam::wire::dnsp {

struct Record {
  std::uint16_t type = 0;
  std::uint32_t flags = 0;  // rank in the low octet
  std::uint32_t ttl = 0;
  std::uint32_t time_stamp = 0;  // hours since 1601 when it was registered last; zero: it does not age
  ByteView data;
};

struct Node {
  std::string name;  // empty: the node that was asked for; else a child of it, or an absolute name with a dot at its end
  std::uint32_t flags = 0;
  std::uint32_t children = 0;
  std::vector<Record> records;
};

// All nodes of a buffer. Errors: Malformed: "node 3 (mail): …".
Result<std::vector<Node>> read_nodes(ByteView buffer);

// Whether the record is a tombstone (section 2.2.2.2.4.23): what is kept of records that are gone.
bool is_tombstone(const Record& record);
// The data as in a DNS message, in full. Errors: Malformed.
Result<Bytes> rdata_of(const Record& record);

}  // namespace ipam::wire::dnsp
