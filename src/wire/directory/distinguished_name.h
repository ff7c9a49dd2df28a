// DistinguishedName: the name of an entry of a directory, leaf first: "CN=NTDS Settings,CN=DC1,CN=Servers,CN=Zurich,CN=Sites,…".
//
// Specification: RFC 4514 (string form). Types and values are compared ignoring case, as Active Directory does. Bounded: 16 KiB and 256 parts.
// Thread rule: a plain value.
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace ipam::wire::directory {

class DistinguishedName {
 public:
  // One attribute of a part; most parts have one, "CN=a+OU=b" has two.
  struct Attribute {
    std::string type;
    std::string value;  // unescaped octets
  };
  using Part = std::vector<Attribute>;

  // Errors: Malformed (not such a name; values in the form "#0403…" are kept as they are written).
  static Result<DistinguishedName> parse(std::string_view text);

  DistinguishedName() = default;  // the root

  const std::vector<Part>& parts() const { return parts_; }
  bool empty() const { return parts_.empty(); }
  // In one spelling, so that the same name is the same text but for its case.
  std::string to_string() const;
  // The first attribute's value of the part that is `above` parts above the leaf; empty when there is none.
  std::string_view value(std::size_t above = 0) const;
  // Without the leaf; that of the root is the root.
  DistinguishedName parent() const;
  // Whether this is `other` or lies below it.
  bool within(const DistinguishedName& other) const;
  // The parts "DC=" at the end as a domain name: "contoso.test". Empty without such parts.
  std::string domain() const;

  // Ignoring case.
  bool operator==(const DistinguishedName& other) const;

 private:
  std::vector<Part> parts_;
};

// The value as it may stand in a name.
std::string escape_name_value(std::string_view value);

}  // namespace ipam::wire::directory
