#include "driver/kea/kea_lab_suite.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <boost/json.hpp>

#include <array>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <utility>

namespace ipam::driver::kea {
namespace json = boost::json;

namespace {

std::string contents(const json::value& path) {
  std::ifstream file(std::string(path.as_string()), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string text(const json::value& object, std::string_view name) { return std::string(object.at(json::string_view(name)).as_string()); }
template <class T>
T number(const json::value& object, std::string_view name) {
  return object.at(json::string_view(name)).to_number<T>();
}

KnownScope known_scope(const json::value& scope) {
  const auto declined = number<std::uint64_t>(scope, "server_declined");
  return {.key = text(scope, "key"),
          .prefix = ip::Prefix::parse(text(scope, "prefix")).value(),
          .shared_network = text(scope, "network"),
          .lease_seconds = number<std::uint32_t>(scope, "lease_seconds"),
          .pools = number<std::size_t>(scope, "pools"),
          .pool_addresses = number<std::uint64_t>(scope, "pool_addresses"),
          .reservations = number<std::size_t>(scope, "reservations"),
          .assigned = number<std::uint64_t>(scope, "server_assigned") + declined,
          .declined = declined};
}

// Kea forgets who had an address that is declined.
KnownLease known_lease(const json::value& lease) {
  KnownLease known{.address = ip::Address::parse(text(lease, "address")).value(), .scope_key = text(lease, "key")};
  if (lease.at("declined").as_bool()) {
    known.state = model::LeaseState::Declined;
  } else {
    known.hardware_address = text(lease, "hardware_address");
    known.hostname = text(lease, "hostname");
    if (lease.as_object().contains("duid")) known.client_id = text(lease, "duid");
  }
  if (lease.as_object().contains("iaid")) known.iaid = number<std::uint32_t>(lease, "iaid");
  if (lease.as_object().contains("delegated_length")) known.delegated_length = number<std::uint8_t>(lease, "delegated_length");
  return known;
}

}  // namespace

KeaLab::KeaLab(std::vector<std::string> arguments) : program_("kea_lab.py", std::move(arguments)) { read_truth(program_.line()); }

std::string KeaLab::ask_server(Service service, const std::string& command) const {
  const int channel = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto close_channel = [](const int* open) { close(*open); };
  const std::unique_ptr<const int, decltype(close_channel)> closed(&channel, close_channel);
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  const std::string path = fmt::format("{}/{}.sock", folder_, name_of(service));
  path.copy(&address.sun_path[0], sizeof(address.sun_path) - 1);
  if (connect(channel, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) throw std::runtime_error("no way to " + path);
  if (send(channel, command.data(), command.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(command.size())) {
    throw std::runtime_error("the lab's server takes no command");
  }
  std::string answer;
  std::array<char, 65536> buffer{};
  for (ssize_t count = 0; (count = read(channel, buffer.data(), buffer.size())) > 0;) answer.append(buffer.data(), static_cast<std::size_t>(count));
  if (answer.empty()) throw std::runtime_error("the lab's server answers nothing");
  return answer;
}

void KeaLab::read_truth(const std::string& line) {
  const json::value lab = json::parse(line);
  folder_ = text(lab, "folder");
  endpoint_.server_name = "lab-kea";
  endpoint_.url = text(lab, "url");
  endpoint_.user_name = text(lab, "user");
  endpoint_.password = Secret(contents(lab.at("password_file")));
  endpoint_.tls_fingerprint = text(lab, "fingerprint");
  if (!endpoint_.tls_fingerprint.empty()) endpoint_.tls_trust = model::TlsTrust::Fingerprint;
  truth_.version = "2.";
  truth_.lease_count = number<std::size_t>(lab, "leases");
  const json::value secrets = json::parse(contents(lab.at("secrets_file")));
  for (const json::value& secret : secrets.as_array()) truth_.secrets.emplace_back(secret.as_string().c_str());
  for (const json::value& scope : lab.at("scopes").as_array()) truth_.scopes.push_back(known_scope(scope));
  const json::value made = json::parse(contents(lab.at("made_file")));
  for (const json::value& lease : made.as_array()) truth_.leases.push_back(known_lease(lease));
  for (const json::value& expired : lab.at("expired").as_array()) {
    truth_.leases.push_back({.address = ip::Address::parse(text(expired, "address")).value(),
                             .scope_key = text(expired, "key"),
                             .state = model::LeaseState::Expired,
                             .hardware_address = text(expired, "hardware_address"),
                             .hostname = text(expired, "hostname")});
  }
}

}  // namespace ipam::driver::kea
