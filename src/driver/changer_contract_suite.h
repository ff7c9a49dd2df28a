// What every driver that changes servers must do, as tests: Changer of `driver.h` in running form. A driver's own test instantiates it with a server
// whose truth is known from elsewhere than the driver: from the server's own tools, or because the test wrote it. An empty success fails it.
//
//   INSTANTIATE_TEST_SUITE_P(Bind9, ChangerContract, testing::Values(changer_case("Real", start_bind)), name_of_changer_case);
//
// Thread rule: one test at a time.
#pragma once

#include "driver/driver.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>

namespace ipam::driver {

// Changes that the server would take, each of one place.
struct ChangeSamples {
  Change make;               // of something that is not there: nothing before
  Change edit;               // of what `make` leaves there, into something else
  Change beside;             // as `make`, of another place
  Change of_another_kind;    // which no server of this product can take
  std::string must_mention;  // a part of what `make` says, which its request must show: an address
};

// A server that lives as long as the object.
class ChangerContractServer {
 public:
  virtual ~ChangerContractServer() = default;
  // Of places that no other number has, and that hold nothing yet.
  virtual ChangeSamples samples(int number) const = 0;
  virtual std::vector<std::string> secrets() const = 0;  // what must be found nowhere
  virtual Endpoint endpoint() const = 0;
  virtual Endpoint endpoint_of_nobody() const = 0;
  // The right server, and a secret that is not its.
  virtual Endpoint endpoint_with_wrong_secret() const = 0;
  virtual std::unique_ptr<Driver> connect(const Endpoint& endpoint) = 0;
  // What stands at the place of this change as somebody else than the driver reads it, as content_before and content_after write it.
  virtual std::vector<std::string> read(const Change& place) = 0;
  // Somebody else than the driver makes this change.
  virtual void make_elsewhere(const Change& change) = 0;
};

// One line for each thing, ascending; none when there is nothing: "10.0.0.5" of a record of type A, reservation_line() of a reservation.
std::vector<std::string> content_before(const Change& change);
std::vector<std::string> content_after(const Change& change);
// "10.0.0.5 for 02:00:00:00:00:01 named app7", "2001:db8:80::/56 for …".
std::string reservation_line(std::string_view address, std::string_view identifier, std::string_view hostname);

struct ChangerContractCase {
  std::string name;
  std::function<std::unique_ptr<ChangerContractServer>()> start;
};

class ChangerContract : public ::testing::TestWithParam<ChangerContractCase> {
 protected:
  void SetUp() override;

  std::unique_ptr<ChangerContractServer> server_;
  ChangeSamples samples_;
};

ChangerContractCase changer_case(std::string name, std::function<std::unique_ptr<ChangerContractServer>()> start);
std::string name_of_changer_case(const ::testing::TestParamInfo<ChangerContractCase>& info);

}  // namespace ipam::driver
