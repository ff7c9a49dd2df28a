// Whatever comes as a packet: what is written of it reads as the same, nobody without the secret is believed, and texts are printable.
#include "wire/radius/accounting.h"

#include "base/strings.h"

#include <cstdlib>

using namespace ipam;
using namespace ipam::wire::radius;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Secret secret("nobody has this one");
  const ByteView input(data, size);
  if (verify_request(input, secret).ok()) std::abort();
  const auto packet = parse_packet(input);
  if (!packet.ok()) return 0;
  if (!(parse_packet(serialize(*packet).value()).value() == *packet)) std::abort();
  if (!verify_response(make_response(*packet, secret), *packet, secret).ok()) std::abort();
  const auto accounting = read_accounting(*packet);
  if (accounting.ok()) {
    for (const std::string* each : {&accounting->user_name, &accounting->calling_station, &accounting->session_id}) {
      if (!is_clean_text(*each)) std::abort();
    }
    station_address(accounting->calling_station);
  }
  return 0;
}
