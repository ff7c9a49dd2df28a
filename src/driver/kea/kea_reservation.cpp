#include "driver/kea/kea_reservation.h"

#include "base/strings.h"
#include "driver/kea/json_fields.h"

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <array>

namespace ipam::driver::kea {
namespace json = boost::json;

namespace {

using model::ReservationIdentifier;

struct IdentifierField {
  std::string_view name;
  ReservationIdentifier type;
  std::size_t most_bytes;
};

// Kea's identifier types; the most bytes are RFC 2131's hardware address with InfiniBand's, RFC 8415's DUID, and an option's length.
constexpr std::array<IdentifierField, 5> kIdentifiers{{
    {"hw-address", ReservationIdentifier::HardwareAddress, 20},
    {"client-id", ReservationIdentifier::ClientId, 255},
    {"duid", ReservationIdentifier::Duid, 130},
    {"circuit-id", ReservationIdentifier::CircuitId, 255},
    {"flex-id", ReservationIdentifier::FlexId, 255},
}};

// "02:00:…", "0200…", "0x0200…" or a text in apostrophes: what the manual allows to be written. config-get answers the first two.
Result<Bytes> identifier_bytes(std::string_view text) {
  if (text.size() >= 2 && text.front() == '\'' && text.back() == '\'') {
    const ByteView bytes = as_bytes(text.substr(1, text.size() - 2));
    return Bytes(bytes.begin(), bytes.end());
  }
  if (text.starts_with("0x")) text.remove_prefix(2);
  return from_hex(text);
}

struct Identifier {
  ReservationIdentifier type = ReservationIdentifier::HardwareAddress;
  Bytes bytes;
};

Result<Identifier> read_identifier(const json::object& reservation) {
  Identifier identifier;
  for (const IdentifierField& field : kIdentifiers) {
    const std::string_view text = IPAM_TRY(optional_text_field(reservation, field.name));
    if (text.empty()) continue;
    if (!identifier.bytes.empty()) return Error(ErrorCode::Malformed, "it has more than one identifier");
    auto bytes = identifier_bytes(text);
    if (!bytes.ok() || bytes->empty() || bytes->size() > field.most_bytes) {
      return Error(ErrorCode::Malformed, fmt::format("field \"{}\" is no identifier: \"{}\"", field.name, shorten(text, kQuotedBytes)));
    }
    identifier = {field.type, std::move(*bytes)};
  }
  if (identifier.bytes.empty()) return Error(ErrorCode::Malformed, "it has no identifier that is known here");
  return identifier;
}

// What is kept, before it is said for whom.
struct Kept {
  ip::Address address;
  std::optional<std::uint8_t> delegated_length;
};

Result<std::vector<Kept>> read_kept4(const json::object& reservation) {
  const std::string_view text = IPAM_TRY(optional_text_field(reservation, "ip-address"));
  if (text.empty() || text == "0.0.0.0") return std::vector<Kept>();
  const auto address = ip::Address::parse(text);
  if (!address.ok() || address->family() != ip::Family::V4) {
    return Error(ErrorCode::Malformed, fmt::format("a reservation's \"ip-address\" is no IPv4 address: \"{}\"", shorten(text, kQuotedBytes)));
  }
  return std::vector<Kept>{{*address, std::nullopt}};
}

Result<std::string_view> text_item(const json::value& item, std::string_view name) {
  const json::string* text = item.if_string();
  if (text == nullptr) return Error(ErrorCode::Malformed, fmt::format("a reservation's \"{}\" holds what is no text", name));
  return std::string_view(text->data(), text->size());
}

Result<std::vector<Kept>> read_kept6(const json::object& reservation) {
  std::vector<Kept> kept;
  const json::array& addresses = *IPAM_TRY(array_field(reservation, "ip-addresses"));
  const json::array& prefixes = *IPAM_TRY(array_field(reservation, "prefixes"));
  if (addresses.size() + prefixes.size() > kMostOfOneReservation) {
    return Error(ErrorCode::Malformed, fmt::format("a reservation keeps more than {} addresses and prefixes", kMostOfOneReservation));
  }
  for (const json::value& item : addresses) {
    const std::string_view text = IPAM_TRY(text_item(item, "ip-addresses"));
    const auto address = ip::Address::parse(text);
    if (!address.ok() || address->family() != ip::Family::V6) {
      return Error(ErrorCode::Malformed, fmt::format("a reservation's \"ip-addresses\" holds no IPv6 address: \"{}\"", shorten(text, kQuotedBytes)));
    }
    kept.push_back({*address, std::nullopt});
  }
  for (const json::value& item : prefixes) {
    const std::string_view text = IPAM_TRY(text_item(item, "prefixes"));
    const auto prefix = ip::Prefix::parse(text);
    if (!prefix.ok() || prefix->family() != ip::Family::V6) {
      return Error(ErrorCode::Malformed, fmt::format("a reservation's \"prefixes\" holds no IPv6 prefix: \"{}\"", shorten(text, kQuotedBytes)));
    }
    kept.push_back({prefix->network(), static_cast<std::uint8_t>(prefix->length())});
  }
  return kept;
}

Result<std::string> read_hostname(const json::object& reservation) {
  const std::string_view hostname = IPAM_TRY(optional_text_field(reservation, "hostname"));
  if (hostname.size() > 255 || !is_clean_text(hostname)) return Error(ErrorCode::Malformed, "field \"hostname\" is no name");
  return std::string(hostname);
}

Result<std::string> read_options(const json::object& reservation) {
  const json::array* options = IPAM_TRY(array_field(reservation, "option-data"));
  return options->empty() ? std::string() : json::serialize(*options);
}

}  // namespace

Result<std::vector<ObservedReservation>> read_reservation(Service service, const json::object& reservation) {
  const std::vector<Kept> kept = IPAM_TRY(service == Service::Dhcp4 ? read_kept4(reservation) : read_kept6(reservation));
  std::vector<ObservedReservation> list;
  if (kept.empty()) return list;
  const auto where = [&](Error error) { return located(std::move(error), "the reservation of " + kept.front().address.to_string()); };
  const auto identifier = read_identifier(reservation);
  if (!identifier.ok()) return where(identifier.error());
  const auto hostname = read_hostname(reservation);
  if (!hostname.ok()) return where(hostname.error());
  const auto options = read_options(reservation);
  if (!options.ok()) return where(options.error());
  for (const Kept& each : kept) {
    list.push_back({each.address, identifier->type, identifier->bytes, *hostname, each.delegated_length, *options});
  }
  return list;
}

std::string_view identifier_field_of(ReservationIdentifier type) {
  for (const IdentifierField& field : kIdentifiers) {
    if (field.type == type) return field.name;
  }
  return {};
}

}  // namespace ipam::driver::kea
