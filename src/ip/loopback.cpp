#include "ip/loopback.h"

#include "ip/prefix.h"

namespace ipam::ip {

bool is_loopback(const Address& address) {
  static const Prefix v4 = Prefix::parse("127.0.0.0/8").value();
  return v4.contains(address) || address == Address::v6(1);
}

}  // namespace ipam::ip
