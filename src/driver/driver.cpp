#include "driver/driver.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace ipam::driver {
namespace {

std::string describe_reservation(const ObservedReservation& reservation) {
  std::string text = reservation.address.to_string();
  if (reservation.delegated_length) text += fmt::format("/{}", *reservation.delegated_length);
  text += fmt::format(" for {} {}", model::enum_to_text(reservation.identifier_type), to_hex(reservation.identifier, ':'));
  if (!reservation.hostname.empty()) text += fmt::format(" named {}", reservation.hostname);
  return text;
}

std::string join_data(const std::vector<ObservedRecord>& records) {
  std::vector<std::string> data;
  for (const ObservedRecord& record : records) data.push_back(record.data);
  return join(data, ", ");
}

struct Describe {
  std::string operator()(const ReservationChange& change) const {
    if (!change.before && !change.after) return "nothing";
    if (!change.before) return "reserve " + describe_reservation(*change.after);
    if (!change.after) return "remove the reservation of " + describe_reservation(*change.before);
    return fmt::format("change the reservation of {} into {}", describe_reservation(*change.before), describe_reservation(*change.after));
  }
  std::string operator()(const RecordSetChange& change) const {
    const std::string set = fmt::format("{} {}", change.name, change.type);
    if (change.before.empty()) return fmt::format("{}: add {}", set, join_data(change.after));
    if (change.after.empty()) return fmt::format("{}: remove {}", set, join_data(change.before));
    return fmt::format("{}: replace {} by {}", set, join_data(change.before), join_data(change.after));
  }
};

}  // namespace

const AccessEndpoint* Endpoint::find(model::AccessKind kind) const {
  const auto found = std::find_if(accesses.begin(), accesses.end(), [&](const AccessEndpoint& access) { return access.kind == kind; });
  return found == accesses.end() ? nullptr : &*found;
}

Change inverse(const Change& change) {
  Change turned = change;
  std::visit([](auto& each) { std::swap(each.before, each.after); }, turned);
  return turned;
}

std::string describe(const Change& change) { return std::visit(Describe{}, change); }

}  // namespace ipam::driver
