// Whatever a server's configuration is, an edit of its reservations ends with a text or an error; a text that is made is JSON that holds what was
// asked for, and undoing it gives the bytes back. The spans of any text lie inside of it.
#include "base/assert.h"
#include "base/strings.h"
#include "driver/kea/json_spans.h"
#include "driver/kea/kea_reservation_edit.h"
#include "json/codec.h"

namespace {

using namespace ipam;  // NOLINT: a program of one file
using driver::kea::Service;

bool inside(std::string_view part, std::string_view text) {
  return part.data() >= text.data() && part.data() + part.size() <= text.data() + text.size();
}

void check_spans(std::string_view text) {
  if (const auto members = driver::kea::json_members(text)) {
    for (const auto& member : *members) {
      IPAM_ASSERT(inside(member.key, text) && inside(member.value, text), "a member outside of its text");
      if (member.value.size() < text.size()) check_spans(member.value);
    }
  }
  if (const auto items = driver::kea::json_items(text)) {
    for (const std::string_view item : *items) {
      IPAM_ASSERT(inside(item, text), "an item outside of its text");
      if (item.size() < text.size()) check_spans(item);
    }
  }
}

driver::ObservedReservation reservation(Service service) {
  driver::ObservedReservation wanted;
  wanted.address = ip::Address::parse(service == Service::Dhcp4 ? "10.64.0.77" : "2001:db8:1::77").value();
  wanted.identifier = {2, 0, 0, 0, 0, 7};
  wanted.hostname = "fuzz";
  return wanted;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  if (!json::parse(text).ok()) return 0;  // what a parser has refused never comes here
  check_spans(text);
  for (const Service service : {Service::Dhcp4, Service::Dhcp6}) {
    const driver::ReservationChange add{driver::kea::scope_key(service, 1), std::nullopt, reservation(service)};
    const auto edited = driver::kea::edit_reservations(service, text, {add});
    if (!edited.ok()) continue;
    IPAM_ASSERT(json::parse(edited->configuration).ok(), "an edit that is no JSON");
    IPAM_ASSERT(driver::kea::read_back(service, edited->configuration, {add}).has_value(), "an edit that does not hold what was asked for");
  }
  return 0;
}
