// Which fields the data of a type consists of: the one table that reading, writing, printing and parsing follow. Internal to this room.
// Thread rule: constants.
#pragma once

#include "wire/dns/types.h"

#include <span>

namespace ipam::wire::dns {

enum class Field : std::uint8_t {
  U8,
  U16,
  U32,
  OldName,  // may be compressed when it is written (RFC 3597 section 4)
  Name,     // is written in full
  Ipv4,
  Ipv6,
  Text,        // one <character-string>
  Texts,       // one or more until the end
  Hex,         // at least one octet until the end
  Base64,      // the same, as base64
  Type,        // a record type
  Types,       // a type bitmap until the end, RFC 4034 section 4.1.2
  Salt,        // RFC 5155 section 3.2: length and octets, "-" for none
  Hash,        // RFC 5155 section 3.2: length and octets, as base32hex
  Time,        // RFC 4034 section 3.2: YYYYMMDDHHmmSS
  Tag,         // RFC 8659 section 4.1: length and letters or digits
  Value,       // a text of any length until the end
  Loc,         // RFC 1876 section 2, all of it
  Parameters,  // RFC 9460 section 2.2, until the end
};

// The fields, or none for a type whose data are octets.
std::span<const Field> layout_of(RecordType type);

}  // namespace ipam::wire::dns
