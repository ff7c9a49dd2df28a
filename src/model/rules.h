// What one value must obey, by itself. Each check answers InvalidArgument with every wrong field (JSON pointer of the field in the API) at once.
// Rules between values (nesting, overlap, uniqueness) stand in service/planning. Thread rule: pure functions.
#pragma once

#include "model/object.h"

namespace ipam::model {

inline constexpr std::size_t kMaxNameBytes = 255;
inline constexpr std::size_t kMaxDescriptionBytes = 4000;

Result<void> check(const AddressSpace& object);
Result<void> check(const Block& object);
Result<void> check(const Subnet& object);
Result<void> check(const Range& object);
Result<void> check(const Address& object);
Result<void> check(const Credential& object);
Result<void> check(const ManagedServer& object);
Result<void> check(const ServerAccess& object);
Result<void> check(const DiscoveryTarget& object);
Result<void> check(const User& object);
Result<void> check(const Token& object);

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
