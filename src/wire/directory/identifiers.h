// Identifiers of Active Directory as attributes hold them. Thread rule: plain values and pure functions.
#pragma once

#include "base/bytes.h"

#include <optional>
#include <string>
#include <vector>

namespace ipam::wire::directory {

// Who somebody is (objectSid): "S-1-5-21-1-2-3-553". Specification: MS-DTYP 2.4.2.2 (octets), 2.4.2.1 (text).
struct SecurityIdentifier {
  std::uint64_t authority = 0;  // 48 bits
  std::vector<std::uint32_t> parts;

  // Errors: Malformed.
  static Result<SecurityIdentifier> decode(ByteView octets);
  Bytes encode() const;
  std::string to_string() const;
  // The last part, which is the account's within its domain; nothing without parts.
  std::optional<std::uint32_t> relative() const;
  // The account of this number in the domain that this is the identifier of.
  SecurityIdentifier account(std::uint32_t relative) const;

  bool operator==(const SecurityIdentifier&) const = default;
};

// objectGUID as text: "3f2504e0-4f89-11d3-9a0c-0305e82c3301". Specification: MS-DTYP 2.3.4.2 (octets), 2.3.4.3 (text). Errors: Malformed.
Result<std::string> decode_guid(ByteView octets);

}  // namespace ipam::wire::directory
