// RDATA: the data of a record, as octets in full (without compression) and as text in the presentation format of its type.
//
// One table (rdata_layout.cpp) says of which fields a type's data consists; reading, writing, printing and parsing all follow it. Types that are not
// in the table, and data given as `\# 4 0A000001`, are octets (RFC 3597). Specifications: RFC 1035, 1183, 1876 (LOC), 2782 (SRV), 3403 (NAPTR), 3596
// (AAAA), 4034 and 5155 (DNSSEC), 4255 (SSHFP), 4398 (CERT), 6672 (DNAME), 6698 (TLSA), 7553 (URI), 8659 (CAA), 8976 (ZONEMD),
// 9460 (SVCB, HTTPS). Thread rule: pure functions.
#pragma once

#include "wire/dns/reader.h"
#include "wire/dns/types.h"
#include "wire/dns/writer.h"

#include <optional>

namespace ipam::wire::dns {

// Appends the `length` octets of data that the reader is at to `out`, names decompressed. What is wrong stays in the reader.
void read_rdata(Reader& reader, RecordType type, std::size_t length, Bytes& out);
// Writes data in full; the names of the types of RFC 1035 are compressed.
void write_rdata(Writer& writer, RecordType type, ByteView rdata);

// Data that does not fit its type is printed as octets.
std::string rdata_to_text(RecordType type, ByteView rdata);
// Names in it are absolute. Errors: InvalidArgument, which names the field and what is expected in it.
Result<Bytes> rdata_from_text(RecordType type, std::string_view text);
// Whether octets in full are data of this type. Errors: Malformed.
Result<void> check_rdata(RecordType type, ByteView rdata);

// The data of A and AAAA records.
Bytes rdata_of(const ip::Address& address);
std::optional<ip::Address> address_in(RecordType type, ByteView rdata);
// The data of NS, CNAME, PTR and DNAME records; of others nothing.
Bytes rdata_of(const Name& target);
std::optional<Name> name_in(RecordType type, ByteView rdata);

// SOA data, RFC 1035 section 3.3.13. Times in seconds.
struct Soa {
  Name primary;
  Name mailbox;
  std::uint32_t serial = 0;
  std::uint32_t refresh = 0;
  std::uint32_t retry = 0;
  std::uint32_t expire = 0;
  std::uint32_t minimum = 0;

  bool operator==(const Soa&) const = default;
};
std::optional<Soa> soa_in(ByteView rdata);
Bytes rdata_of(const Soa& soa);

}  // namespace ipam::wire::dns
