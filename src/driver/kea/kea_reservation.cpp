#include "driver/kea/kea_reservation.h"

#include "base/strings.h"
#include "driver/kea/json_fields.h"

#include <fmt/format.h>
#include <boost/json/object.hpp>

#include <array>

namespace ipam::driver::kea {
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

}  // namespace

Result<std::optional<ObservedReservation>> read_reservation(const boost::json::object& reservation) {
  const std::string_view address_text = IPAM_TRY(optional_text_field(reservation, "ip-address"));
  if (address_text.empty() || address_text == "0.0.0.0") return std::optional<ObservedReservation>();
  const auto address = ip::Address::parse(address_text);
  if (!address.ok() || address->family() != ip::Family::V4) {
    return Error(ErrorCode::Malformed, fmt::format("a reservation's \"ip-address\" is no IPv4 address: \"{}\"", shorten(address_text, kQuotedBytes)));
  }
  const auto where = [&](Error error) { return located(std::move(error), "the reservation of " + address->to_string()); };

  ObservedReservation observed{.address = *address};
  for (const IdentifierField& field : kIdentifiers) {
    const auto text = optional_text_field(reservation, field.name);
    if (!text.ok()) return where(text.error());
    if (text->empty()) continue;
    if (!observed.identifier.empty()) return where({ErrorCode::Malformed, "it has more than one identifier"});
    auto bytes = identifier_bytes(*text);
    if (!bytes.ok() || bytes->empty() || bytes->size() > field.most_bytes) {
      return where({ErrorCode::Malformed, fmt::format("field \"{}\" is no identifier: \"{}\"", field.name, shorten(*text, kQuotedBytes))});
    }
    observed.identifier_type = field.type;
    observed.identifier = std::move(*bytes);
  }
  if (observed.identifier.empty()) return where({ErrorCode::Malformed, "it has no identifier that is known here"});

  const auto hostname = optional_text_field(reservation, "hostname");
  if (!hostname.ok()) return where(hostname.error());
  if (hostname->size() > 255 || !is_clean_text(*hostname)) return where({ErrorCode::Malformed, "field \"hostname\" is no name"});
  observed.hostname = *hostname;
  return std::optional(std::move(observed));
}

}  // namespace ipam::driver::kea
