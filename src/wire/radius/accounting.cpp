#include "wire/radius/accounting.h"

#include "wire/log_lines/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::wire::radius {
namespace {

constexpr std::uint32_t kAssignedByUser = 0xFFFFFFFF, kAssignedByNas = 0xFFFFFFFE;

// Collects what is wrong: the type of the first attribute that does not have its size.
class AttributeReader {
 public:
  explicit AttributeReader(const Attribute& attribute) : attribute_(attribute) {}

  std::string text() const { return log_lines::printable(as_text(attribute_.value)); }
  std::uint32_t number() { return static_cast<std::uint32_t>(unsigned_of(4)); }
  std::uint64_t number64() { return unsigned_of(8); }
  std::optional<ip::Address> address(ip::Family family) {
    const auto address = ip::Address::from_network_bytes(attribute_.value);
    if (address.ok() && address->family() == family) return *address;
    ok_ = false;
    return std::nullopt;
  }
  // RFC 3162 section 2.3: a reserved octet, the length, and as many octets as it needs. Host bits that are set do not count.
  std::optional<ip::Prefix> prefix() {
    const Bytes& value = attribute_.value;
    if (value.size() < 2 || value.size() > 18 || value[1] > 128 || value.size() - 2 < (value[1] + 7U) / 8) {
      ok_ = false;
      return std::nullopt;
    }
    Bytes octets(value.begin() + 2, value.end());
    octets.resize(16, 0);
    return ip::Prefix::containing(ip::Address::from_network_bytes(octets).value(), value[1]);
  }
  bool ok() const { return ok_; }

 private:
  std::uint64_t unsigned_of(std::size_t size) {
    if (attribute_.value.size() != size) ok_ = false;
    std::uint64_t value = 0;
    if (ok_) {
      for (const std::uint8_t octet : attribute_.value) value = value << 8U | octet;
    }
    return value;
  }

  const Attribute& attribute_;
  bool ok_ = true;
};

// RFC 2865 section 5.26: attributes within, as nearly all vendors write them. False: it is something else and stays as it is.
bool read_vendor(const Attribute& attribute, std::vector<VendorAttribute>& out) {
  const Bytes& value = attribute.value;
  if (value.size() < 6) return false;
  std::uint32_t vendor = 0;
  for (std::size_t i = 0; i < 4; ++i) vendor = vendor << 8U | value[i];
  std::vector<VendorAttribute> read;
  for (std::size_t at = 4; at < value.size();) {
    const std::size_t size = value.size() - at < 2 ? 0 : value[at + 1];
    if (size < 2 || size > value.size() - at) return false;
    const auto begin = value.begin() + static_cast<std::ptrdiff_t>(at);
    read.push_back({vendor, value[at], Bytes(begin + 2, begin + static_cast<std::ptrdiff_t>(size))});
    at += size;
  }
  std::move(read.begin(), read.end(), std::back_inserter(out));
  return true;
}

void add_octets(std::optional<std::uint64_t>& octets, std::uint64_t more) { octets = octets.value_or(0) + more; }

}  // namespace

Result<Accounting> read_accounting(const Packet& packet) {
  Accounting accounting;
  bool has_status = false;
  for (const Attribute& attribute : packet.attributes) {
    AttributeReader reader(attribute);
    switch (attribute.type) {
      case 1: accounting.user_name = reader.text(); break;
      case 4: accounting.nas_address = reader.address(ip::Family::V4); break;
      case 5: accounting.nas_port = reader.number(); break;
      case 8: {
        const auto address = reader.address(ip::Family::V4);
        if (address && address->number() != kAssignedByUser && address->number() != kAssignedByNas) accounting.framed_address = address;
        break;
      }
      case 25: accounting.classes.push_back(attribute.value); break;
      case 26:
        if (!read_vendor(attribute, accounting.vendor_attributes)) accounting.others.push_back(attribute);
        break;
      case 30: accounting.called_station = reader.text(); break;
      case 31: accounting.calling_station = reader.text(); break;
      case 32: accounting.nas_identifier = reader.text(); break;
      case 40:
        accounting.status = reader.number();
        has_status = true;
        break;
      case 41: accounting.delay = reader.number(); break;
      case 42: add_octets(accounting.input_octets, reader.number()); break;
      case 43: add_octets(accounting.output_octets, reader.number()); break;
      case 44: accounting.session_id = reader.text(); break;
      case 46: accounting.session_time = reader.number(); break;
      case 49: accounting.terminate_cause = reader.number(); break;
      case 50: accounting.multi_session_id = reader.text(); break;
      case 52: add_octets(accounting.input_octets, std::uint64_t{reader.number()} << 32U); break;
      case 53: add_octets(accounting.output_octets, std::uint64_t{reader.number()} << 32U); break;
      case 55: accounting.event_time = Time(std::chrono::seconds(reader.number())); break;
      case 87: accounting.nas_port_id = reader.text(); break;
      case 95: accounting.nas_address = reader.address(ip::Family::V6); break;
      case 96: accounting.framed_interface_id = reader.number64(); break;
      case 97:
        if (const auto prefix = reader.prefix()) accounting.framed_ipv6_prefixes.push_back(*prefix);
        break;
      case 123:
        if (const auto prefix = reader.prefix()) accounting.delegated_ipv6_prefixes.push_back(*prefix);
        break;
      case 168:
        if (const auto address = reader.address(ip::Family::V6)) accounting.framed_ipv6_addresses.push_back(*address);
        break;
      default: accounting.others.push_back(attribute);
    }
    if (!reader.ok()) return Error(ErrorCode::Malformed, fmt::format("attribute {} of an accounting request does not have its size", attribute.type));
  }
  if (!has_status) return Error(ErrorCode::Malformed, "an accounting request does not say what it tells of (Acct-Status-Type)");
  return accounting;
}

std::optional<ip::HardwareAddress> station_address(std::string_view station) {
  // A name of a network may follow.
  for (const std::size_t size : {station.size(), std::size_t{17}, std::size_t{14}, std::size_t{12}}) {
    if (size > station.size() || (size < station.size() && station[size] != ':')) continue;
    const auto address = ip::HardwareAddress::parse(station.substr(0, size));
    if (address.ok() && address->bytes().size() == 6) return *address;
  }
  return std::nullopt;
}

Time moment_of(const Accounting& accounting, Time received) {
  return accounting.event_time.value_or(received - std::chrono::seconds(accounting.delay.value_or(0)));
}

}  // namespace ipam::wire::radius
