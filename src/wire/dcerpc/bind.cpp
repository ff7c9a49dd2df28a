#include "wire/dcerpc/bind.h"

#include <fmt/format.h>

namespace ipam::wire::dcerpc {

// C706 section 12.6.4.5 and MS-RPCE section 2.2.2.5. Versions and an extended error may follow; they are of no use here.
Result<std::string> read_bind_nak(ByteView body) {
  ndr::Reader reader(body);
  const std::uint16_t reason = reader.u16();
  IPAM_TRY(reader.check());
  switch (reason) {
    case 1: return "the server is too busy now";
    case 2: return "the server's limit of connections is reached";
    case 4: return "the server does not speak this version of DCE/RPC";
    case 8: return "the server does not know this kind of authentication";
    case 9: return "the server does not accept the security token";
    default: return fmt::format("the server gives reason {}", reason);
  }
}

std::string explain(const ContextAnswer& answer) {
  switch (answer.reason) {
    case 1: return "the server does not serve this interface here";
    case 2: return "the server does not speak NDR";
    case 3: return "the server's local limit is exceeded";
    default: return fmt::format("the server refuses the interface (result {}, reason {})", static_cast<unsigned>(answer.result), answer.reason);
  }
}

}  // namespace ipam::wire::dcerpc
