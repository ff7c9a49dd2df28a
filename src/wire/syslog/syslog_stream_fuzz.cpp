// Whatever a stream holds: pieces make no difference, and no message is longer than allowed.
#include "wire/syslog/deframer.h"

#include "base/bytes.h"

#include <cstdlib>

namespace {

using namespace ipam;  // NOLINT: a program of one file
using namespace ipam::wire::syslog;

std::string read(std::string_view text, std::size_t piece) {
  std::string told;
  Deframer deframer({.on_message = [&](std::string_view octets) -> Result<void> {
                       if (octets.size() > 100) std::abort();
                       told.append(octets).append("|");
                       return {};
                     },
                     .on_bad = [&](const wire::log_lines::BadLine& line) -> Result<void> {
                       told += std::to_string(line.offset) + "+" + std::to_string(line.size) + line.reason;
                       return {};
                     }},
                    100);
  for (std::size_t at = 0; at < text.size(); at += piece) {
    if (!deframer.feed(text.substr(at, piece)).ok()) return told + "broken";
  }
  if (!deframer.finish().ok()) std::abort();
  return told;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  if (read(text, size + 1) != read(text, 3)) std::abort();
  return 0;
}
