// What one value must obey, by itself. Each check answers InvalidArgument with every wrong field (JSON pointer of the field in the API) at once.
// Rules between values (nesting, overlap, uniqueness) stand in service/planning. Thread rule: pure functions.
#pragma once

#include "model/object.h"

namespace ipam::model {

inline constexpr std::size_t kMaxNameBytes = 255;
inline constexpr std::size_t kMaxDescriptionBytes = 4000;
inline constexpr std::size_t kMaxCustomBytes = 1024;  // of one value in a custom field; Microsoft's 256 characters and room for their bytes
inline constexpr std::size_t kMaxCustomFields = 128;  // that were added (MS-IPAMM2, section 3.3.4.128)
inline constexpr std::size_t kMaxVlans = 64;          // of a subnet
inline constexpr std::size_t kMaxListed = 32;         // gateways, DNS servers and the like of a range
inline constexpr std::size_t kMaxParts = 256;         // reserved parts, virtual addresses or exclusions of a range
inline constexpr std::size_t kMaxGroupFields = 8;

Result<void> check(const AddressSpace& object);
Result<void> check(const Block& object);
Result<void> check(const Subnet& object);
Result<void> check(const Range& object);
Result<void> check(const Address& object);
Result<void> check(const Credential& object);
Result<void> check(const ManagedServer& object);
Result<void> check(const ServerAccess& object);
Result<void> check(const DiscoveryTarget& object);
Result<void> check(const DiscoveryDomain& object);
Result<void> check(const User& object);
Result<void> check(const Token& object);
Result<void> check(const CustomField& object);
Result<void> check(const CustomFieldValue& object);
Result<void> check(const CustomFieldAssociation& object);
Result<void> check(const LogicalGroup& object);
Result<void> check(const Quota& object);

// Whether it is a fingerprint of that kind: 32 octets in hexadecimal, with or without colons.
bool is_sha256(const std::string& fingerprint);

// Collects wrong fields, so that a caller learns all of them from one answer.
class FieldChecks {
 public:
  void name(std::string_view pointer, std::string_view text);                     // mandatory, one line
  void text(std::string_view pointer, std::string_view text, std::size_t limit);  // optional
  void require(bool holds, std::string_view pointer, std::string message);
  Result<void> result() &&;

 private:
  std::vector<FieldError> errors_;
};

}  // namespace ipam::model
