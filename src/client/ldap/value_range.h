// ValueRange: which values of an attribute an answer holds, when a server does not give all of them at once: "member;range=0-1499",
// "member;range=1500-*". Specification: MS-ADTS 3.1.1.3.1.3.3. Thread rule: a plain value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ipam::client::ldap {

struct ValueRange {
  std::string name;  // of the attribute
  std::uint64_t low = 0;
  std::optional<std::uint64_t> high;  // none: to the end

  // Nothing when it is a name without a range, or with one that is written wrongly.
  static std::optional<ValueRange> parse(std::string_view description);

  bool last() const { return !high.has_value(); }
  // How the values after these are asked for.
  std::string following() const;
  // Whether the other one begins where this one ends.
  bool continued_by(const ValueRange& other) const;
};

}  // namespace ipam::client::ldap
