#include "wire/dns/loc.h"

#include "base/strings.h"
#include "wire/dns/reader.h"
#include "wire/dns/writer.h"

#include <fmt/format.h>

#include <cstdlib>

namespace ipam::wire::dns {
namespace {

constexpr std::int64_t kZero = std::int64_t{1} << 31;                                                 // the equator and the prime meridian
constexpr std::int64_t kDegree = 3'600'000;                                                           // thousandths of an arc second
constexpr std::int64_t kSeaLevel = 10'000'000;                                                        // centimeters above the lowest altitude
constexpr std::int64_t kDefaultSize = 100, kDefaultHorizontal = 1'000'000, kDefaultVertical = 1'000;  // centimeters

Error bad() {
  return {ErrorCode::InvalidArgument,
          "a location is written as \"DEGREES [MINUTES [SECONDS]] N|S DEGREES [MINUTES [SECONDS]] E|W ALTITUDEm [SIZEm [HORIZONTALm [VERTICALm]]]\""};
}

// A digit and a power of ten in one octet, in centimeters.
bool is_size(std::uint8_t octet) { return octet >> 4 <= 9 && (octet & 15) <= 9; }

std::int64_t size_of(std::uint8_t octet) {
  std::int64_t value = octet >> 4;
  for (int i = octet & 15; i > 0; --i) value *= 10;
  return value;
}

std::uint8_t octet_of(std::int64_t size) {
  int power = 0;
  for (; size > 9; size /= 10) ++power;
  return static_cast<std::uint8_t>(size << 4 | power);
}

std::string angle_text(std::uint32_t value, char positive, char negative) {
  const std::int64_t angle = static_cast<std::int64_t>(value) - kZero;
  const std::int64_t size = std::abs(angle);
  return fmt::format("{} {} {}.{:03} {}", size / kDegree, size / 60'000 % 60, size / 1000 % 60, size % 1000, angle < 0 ? negative : positive);
}

std::string meters(std::int64_t centimeters) {
  return fmt::format("{}{}.{:02}m", centimeters < 0 ? "-" : "", std::abs(centimeters) / 100, std::abs(centimeters) % 100);
}

// A decimal number with up to `digits` after the point, in units of its last digit.
std::optional<std::int64_t> decimal(std::string_view text, std::size_t digits, std::int64_t low, std::int64_t high) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const auto point = text.find('.');
  std::string fraction(point == std::string_view::npos ? "" : text.substr(point + 1));
  if (fraction.size() > digits) return std::nullopt;
  fraction.resize(digits, '0');
  const std::string whole(text.substr(0, point));
  if (whole.empty() || whole.size() > 12 || whole[0] == '-' || fraction[0] == '-') return std::nullopt;
  auto value = parse_integer<std::int64_t>(whole + fraction);
  if (!value) return std::nullopt;
  if (negative) *value = -*value;
  return *value < low || *value > high ? std::nullopt : value;
}

std::optional<std::int64_t> length(std::string_view text, std::int64_t low, std::int64_t high) {
  if (text.ends_with('m')) text.remove_suffix(1);
  return decimal(text, 2, low, high);
}

// Degrees, minutes and seconds up to the letter of the direction.
std::optional<std::uint32_t> angle(const std::vector<std::string_view>& parts, std::size_t& at, std::int64_t most, char positive, char negative) {
  const std::int64_t units[] = {kDegree, 60'000, 1};
  std::int64_t size = 0;
  for (int i = 0; i < 4 && at < parts.size(); ++i, ++at) {
    const std::string_view text = parts[at];
    if (i > 0 && text.size() == 1 &&
        (lower_octet(static_cast<std::uint8_t>(text[0])) == lower_octet(static_cast<std::uint8_t>(positive)) ||
         lower_octet(static_cast<std::uint8_t>(text[0])) == lower_octet(static_cast<std::uint8_t>(negative)))) {
      const bool is_negative = lower_octet(static_cast<std::uint8_t>(text[0])) == lower_octet(static_cast<std::uint8_t>(negative));
      ++at;
      if (size > most * kDegree) return std::nullopt;
      return static_cast<std::uint32_t>(kZero + (is_negative ? -size : size));
    }
    if (i == 3) return std::nullopt;
    const auto value = i == 2 ? decimal(text, 3, 0, 59'999) : decimal(text, 0, 0, i == 0 ? most : 59);
    if (!value) return std::nullopt;
    size += *value * units[i];
  }
  return std::nullopt;
}

}  // namespace

bool is_known_loc(ByteView rdata) {
  if (rdata.size() != 16 || rdata[0] != 0 || !is_size(rdata[1]) || !is_size(rdata[2]) || !is_size(rdata[3])) return false;
  Reader reader(rdata, 4);
  const auto within = [&](std::int64_t most) { return std::abs(static_cast<std::int64_t>(reader.u32()) - kZero) <= most * kDegree; };
  const bool latitude = within(90);
  return within(180) && latitude;
}

std::string loc_text(ByteView rdata) {
  Reader reader(rdata, 1);
  const std::uint8_t size = reader.u8(), horizontal = reader.u8(), vertical = reader.u8();
  const std::string latitude = angle_text(reader.u32(), 'N', 'S'), longitude = angle_text(reader.u32(), 'E', 'W');
  const std::string altitude = meters(static_cast<std::int64_t>(reader.u32()) - kSeaLevel);
  return fmt::format("{} {} {} {} {} {}", latitude, longitude, altitude, meters(size_of(size)), meters(size_of(horizontal)),
                     meters(size_of(vertical)));
}

Result<Bytes> loc_from_text(const std::vector<std::string_view>& parts) {
  std::size_t at = 0;
  const auto latitude = angle(parts, at, 90, 'N', 'S');
  const auto longitude = latitude ? angle(parts, at, 180, 'E', 'W') : std::nullopt;
  if (!longitude || at >= parts.size() || parts.size() - at > 4) return bad();
  const auto altitude = length(parts[at++], -kSeaLevel, 0xFFFFFFFFLL - kSeaLevel);
  if (!altitude) return bad();
  std::int64_t sizes[] = {kDefaultSize, kDefaultHorizontal, kDefaultVertical};
  for (std::int64_t& size : sizes) {
    if (at == parts.size()) break;
    const auto given = length(parts[at++], 0, 9'000'000'000);
    if (!given) return bad();
    size = *given;
  }
  Writer writer;
  writer.u8(0);
  for (const std::int64_t size : sizes) writer.u8(octet_of(size));
  writer.u32(*latitude);
  writer.u32(*longitude);
  writer.u32(static_cast<std::uint32_t>(*altitude + kSeaLevel));
  return std::move(writer).take();
}

}  // namespace ipam::wire::dns
