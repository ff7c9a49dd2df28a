// Changes of reservations on the real Kea of tests/lab/kea_lab.py, of DHCPv4 and of DHCPv6. What Kea keeps is read, and changed by somebody else, by
// its own Unix socket: past the control agent and past this driver.
#include "driver/changer_contract_suite.h"
#include "driver/kea/kea_driver.h"
#include "driver/kea/kea_lab_suite.h"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <stdexcept>

namespace ipam::driver::kea {
namespace json = boost::json;

namespace {

// One lab for all tests: each has places of its own.
KeaLab& shared_lab() {
  static KeaLab lab({"--leases", "0", "--ipv6"});
  return lab;
}

std::string_view view(const json::string& text) { return {text.data(), text.size()}; }

ObservedReservation reservation(const std::string& address, Bytes identifier, const std::string& hostname) {
  return {.address = ip::Address::parse(address).value(),
          .identifier = std::move(identifier),
          .hostname = hostname,
          .delegated_length = std::nullopt,
          .options = ""};
}

class ChangedKea : public ChangerContractServer {
 public:
  explicit ChangedKea(Service service) : service_(service) {}

  std::vector<std::string> secrets() const override { return shared_lab().truth().secrets; }
  Endpoint endpoint() const override { return shared_lab().endpoint(); }
  Endpoint endpoint_of_nobody() const override {
    Endpoint endpoint = this->endpoint();
    endpoint.url = "http://127.0.0.1:1/";
    return endpoint;
  }
  Endpoint endpoint_with_wrong_secret() const override {
    Endpoint endpoint = this->endpoint();
    endpoint.password = Secret("not-the-password");
    return endpoint;
  }
  std::unique_ptr<Driver> connect(const Endpoint& endpoint) override { return KeaDriver::create(endpoint, {}, clock_, resolver_).value(); }

  std::vector<std::string> read(const Change& place) override {
    const auto& change = std::get<ReservationChange>(place);
    const std::string address = written(change.before ? *change.before : *change.after);
    json::value arguments = configuration();
    std::vector<std::string> lines;
    for (const json::value& kept : reservations(arguments)) {
      if (!keeps(kept, address)) continue;
      const json::object& object = kept.as_object();
      const json::value& identifier = object.contains("duid") ? object.at("duid") : object.at("hw-address");
      lines.push_back(reservation_line(address, view(identifier.as_string()), view(object.at("hostname").as_string())));
    }
    return lines;
  }

  void make_elsewhere(const Change& wanted) override {
    const auto& change = std::get<ReservationChange>(wanted);
    json::value arguments = configuration();
    json::array& kept = reservations(arguments);
    if (change.before) {
      const auto old = std::find_if(kept.begin(), kept.end(), [&](const json::value& each) { return keeps(each, written(*change.before)); });
      if (old == kept.end()) throw std::runtime_error("the server has no such reservation");
      kept.erase(old);
    }
    if (change.after) kept.push_back(object_of(*change.after));
    const json::value answer =
        json::parse(shared_lab().ask_server(service_, json::serialize(json::object{{"command", "config-set"}, {"arguments", std::move(arguments)}})));
    if (answer.at("result").to_number<int>() != 0) throw std::runtime_error("config-set: " + json::serialize(answer));
  }

 protected:
  ChangeSamples samples_of(const std::string& scope, const ObservedReservation& made, const ObservedReservation& beside) const {
    ObservedReservation renamed = made;
    renamed.hostname = "web";
    return {
        .make = ReservationChange{scope, std::nullopt, made},
        .edit = ReservationChange{scope, made, renamed},
        .beside = ReservationChange{scope, std::nullopt, beside},
        .of_another_kind =
            RecordSetChange{
                .zone = "a.example", .view = "", .name = "x.a.example", .type = "A", .before = {}, .after = {{"x.a.example", "A", "10.0.0.1", 300}}},
        .must_mention = made.address.to_string()};
  }

 private:
  static std::string written(const ObservedReservation& kept) {
    return kept.delegated_length ? fmt::format("{}/{}", kept.address.to_string(), *kept.delegated_length) : kept.address.to_string();
  }
  static bool keeps(const json::value& kept, const std::string& address) {
    const json::object& object = kept.as_object();
    if (const json::value* one = object.if_contains("ip-address")) return view(one->as_string()) == address;
    for (const char* list : {"ip-addresses", "prefixes"}) {
      for (const json::value& each : object.at(list).as_array()) {
        if (view(each.as_string()) == address) return true;
      }
    }
    return false;
  }
  json::object object_of(const ObservedReservation& kept) const {
    const std::string identifier = to_hex(kept.identifier, ':');
    const bool by_duid = kept.identifier_type == model::ReservationIdentifier::Duid;
    json::object object{{by_duid ? "duid" : "hw-address", identifier}, {"hostname", kept.hostname}};
    if (service_ == Service::Dhcp4) {
      object["ip-address"] = written(kept);
    } else {
      object[kept.delegated_length ? "prefixes" : "ip-addresses"] = json::array{json::string(written(kept))};
    }
    return object;
  }
  // The arguments of config-get, as config-set takes them.
  json::value configuration() const {
    json::value answer = json::parse(shared_lab().ask_server(service_, R"({"command":"config-get"})"));
    json::value arguments = answer.at("arguments");
    arguments.as_object().erase("hash");
    return arguments;
  }
  // Of scope 1.
  json::array& reservations(json::value& arguments) const {
    json::array& subnets = arguments.as_object().at(root_of(service_)).as_object().at(subnets_of(service_)).as_array();
    for (json::value& subnet : subnets) {
      if (subnet.at("id").to_number<int>() == 1) return subnet.as_object()["reservations"].as_array();
    }
    throw std::runtime_error("the lab has no scope 1");
  }

  const Service service_;
  SystemClock clock_;
  io::Resolver resolver_{1};
};

class ChangedKea4 final : public ChangedKea {
 public:
  ChangedKea4() : ChangedKea(Service::Dhcp4) {}
  ChangeSamples samples(int number) const override {
    const auto byte = static_cast<std::uint8_t>(number);
    return samples_of("1", reservation(fmt::format("10.64.1.{}", number), {2, 0, 0, 1, 0, byte}, "app"),
                      reservation(fmt::format("10.64.2.{}", number), {2, 0, 0, 2, 0, byte}, "beside"));
  }
};

// The second place is that of a prefix for delegation.
class ChangedKea6 final : public ChangedKea {
 public:
  ChangedKea6() : ChangedKea(Service::Dhcp6) {}
  ChangeSamples samples(int number) const override {
    const auto byte = static_cast<std::uint8_t>(number);
    ObservedReservation made = reservation(fmt::format("2001:db8:1::1e{:02x}", number), {0, 3, 0, 1, 2, 0, 0, 1, 0, byte}, "app");
    ObservedReservation beside = reservation(fmt::format("2001:db8:80{:02x}::", number), {0, 3, 0, 1, 2, 0, 0, 2, 0, byte}, "beside");
    beside.delegated_length = std::uint8_t{56};
    made.identifier_type = beside.identifier_type = model::ReservationIdentifier::Duid;
    return samples_of("6:1", made, beside);
  }
};

INSTANTIATE_TEST_SUITE_P(Kea, ChangerContract,
                         ::testing::Values(changer_case("RealDhcp4", [] { return std::make_unique<ChangedKea4>(); }),
                                           changer_case("RealDhcp6", [] { return std::make_unique<ChangedKea6>(); })),
                         name_of_changer_case);

}  // namespace
}  // namespace ipam::driver::kea
