#include "cli/cells.h"

#include "ip/uint128.h"

#include <fmt/format.h>

namespace ipam::cli {

Cell cell(Time time) {
  std::string text = format_time(std::chrono::floor<std::chrono::seconds>(time)).substr(0, 16);
  if (text.size() > 10) text[10] = ' ';
  return cell(text);
}

Cell cell(json::Wide number) {
  constexpr json::Wide kReadable = 1'000'000'000'000;
  return cell(number <= kReadable ? ip::to_decimal(number) : fmt::format("{:.3g}", ip::to_double(number)));
}

Cell cell(const contract::Gateway& gateway) {
  return cell(gateway.address.to_string() + (gateway.metric ? "@" + std::to_string(*gateway.metric) : std::string()));
}

Cell cell(bool yes) { return cell(std::string(yes ? "yes" : "no")); }

Cell utilization_cell(const contract::Utilization& utilization) {
  using enum contract::UtilizationStatus;
  const Tone tone = utilization.status == Over ? Tone::Bad : utilization.status == Under ? Tone::Warning : Tone::Good;
  return {{}, tone, utilization.percent};
}

Cell networks_cell(const contract::Utilization& utilization) {
  if (!utilization.networks_64) return {};
  return cell(ip::to_decimal(utilization.networks_64_used.value_or(0)) + " of " + ip::to_decimal(*utilization.networks_64) + " taken");
}

}  // namespace ipam::cli
