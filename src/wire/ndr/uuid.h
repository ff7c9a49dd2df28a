// Uuid: a universal unique identifier as DCE/RPC has it (C706 appendix A; MS-DTYP section 2.3.4): four parts, of which the first three are numbers in
// the byte order of the transfer syntax. Thread rule: a plain value.
#pragma once

#include "base/bytes.h"

#include <array>

namespace ipam::wire::ndr {

struct Uuid {
  std::uint32_t time_low = 0;
  std::uint16_t time_mid = 0;
  std::uint16_t time_high = 0;
  std::array<std::uint8_t, 8> rest{};

  // "50abc2a4-574d-40b3-9d66-ee4fd5fba076", in lower case.
  std::string to_string() const;
  // Errors: InvalidArgument.
  static Result<Uuid> parse(std::string_view text);

  bool operator==(const Uuid&) const = default;
};

}  // namespace ipam::wire::ndr
