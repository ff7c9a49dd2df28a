#include "service/provision/reachability.h"

#include "io/ping.h"

#include <fmt/format.h>

namespace ipam::service {

io::Task<Result<std::string>> Reachability::sign_of_life(ip::Address address, Checks checks, io::Deadline deadline) {
  const std::string text = address.to_string();
  if (checks.ping) {
    const io::PingOptions usual;
    IPAM_CO_TRY(const auto answered, co_await io::ping(text, usual, deadline));
    if (answered) co_return fmt::format("answers ping after {:.1f} ms", std::chrono::duration<double, std::milli>(*answered).count());
  }
  if (checks.dns) {
    IPAM_CO_TRY(const std::string name, co_await resolver_.name_of(text, deadline));
    if (!name.empty()) co_return fmt::format("is named {} in DNS", name);
  }
  co_return std::string();
}

}  // namespace ipam::service
