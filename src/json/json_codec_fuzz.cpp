// Text that reads as a struct must write to text that reads as the same struct.
#include "json/codec.h"

#include "base/bytes.h"

#include <cstdlib>

namespace {

enum class Colour { LightRed, Green };
BOOST_DESCRIBE_ENUM(Colour, LightRed, Green)

struct Inner {
  std::int16_t small = 0;
  std::optional<std::optional<std::string>> patch;
  Colour colour = Colour::Green;
};
BOOST_DESCRIBE_STRUCT(Inner, (), (small, patch, colour))

struct Outer {
  std::string name;
  std::uint64_t count = 0;
  std::optional<ipam::Time> at;
  std::vector<Inner> items;
  std::optional<ipam::json::Raw> raw;
};
BOOST_DESCRIBE_STRUCT(Outer, (), (name, count, at, items, raw))

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto value = ipam::json::read<Outer>(ipam::as_text({data, size}));
  if (!value.ok()) return 0;
  const std::string written = ipam::json::write(*value);
  const auto again = ipam::json::read<Outer>(written);
  // An absent patch is written as null, which reads as a null: the second round must be stable.
  if (!again.ok()) std::abort();
  if (ipam::json::write(*again) != written) std::abort();
  return 0;
}
