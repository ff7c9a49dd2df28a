// A keytab's octets (the file format of MIT Kerberos, version 0x0502; 0x0501 is not read): the keys of accounts. Thread rule: plain values and
// pure functions.
#pragma once

#include "base/bytes.h"

#include <string>
#include <vector>

namespace ipam::client::kerberos {

struct KeytabEntry {
  std::string realm;
  std::vector<std::string> components;  // of the principal: {"reader"}, {"host", "dc1.contoso.test"}
  std::uint32_t version = 0;            // of the key
  std::uint16_t encryption_type = 0;
  Bytes key;
};

// Errors: InvalidArgument (no keytab, or cut off).
Result<std::vector<KeytabEntry>> read_keytab(ByteView octets);

}  // namespace ipam::client::kerberos
