#include "ip/uint128.h"

#include <algorithm>

namespace ipam::ip {

std::string to_decimal(U128 value) {
  std::string digits;
  do {
    digits += static_cast<char>('0' + static_cast<int>(value % 10));
    value /= 10;
  } while (value != 0);
  std::reverse(digits.begin(), digits.end());
  return digits;
}

}  // namespace ipam::ip
