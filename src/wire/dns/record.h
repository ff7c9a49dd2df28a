// ResourceRecord: one record of a zone or a message (RFC 1035 section 3.2.1), and serial numbers (RFC 1982). Thread rule: plain values.
#pragma once

#include "wire/dns/rdata.h"

namespace ipam::wire::dns {

struct ResourceRecord {
  Name owner;
  RecordType type = RecordType::A;
  RecordClass record_class = RecordClass::In;
  std::uint32_t ttl = 0;
  Bytes rdata;  // in full, see rdata.h

  // "www.example. 3600 IN A 10.0.0.1"
  std::string to_string() const;
  std::string rdata_text() const { return rdata_to_text(type, rdata); }
  bool operator==(const ResourceRecord&) const = default;
};

// A record from its parts as text. Errors: InvalidArgument.
Result<ResourceRecord> make_record(std::string_view owner, std::string_view type, std::uint32_t ttl, std::string_view rdata);

enum class SerialOrder { Older, Same, Newer, Undefined };
// What `a` is to `b`, RFC 1982 section 3.2: Undefined when they are exactly half of the number circle apart.
SerialOrder compare_serials(std::uint32_t a, std::uint32_t b);

}  // namespace ipam::wire::dns
