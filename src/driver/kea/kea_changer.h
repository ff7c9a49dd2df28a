// KeaChanger: plans and applies changes of reservations. Kea takes a whole configuration at a time (docs/decisions/0021): the one that it answers to
// config-get is edited as text and sent back by config-set, then config-write makes it the one of the next start.
//
// config-get answers passwords in clear and config-set needs them back: they live in this call's memory only, and are in no plan, message or log.
// Thread rule: as driver::Changer.
#pragma once

#include "driver/driver.h"
#include "driver/kea/kea_channel.h"
#include "driver/kea/kea_service.h"

#include <string>
#include <vector>

namespace ipam::driver::kea {

class KeaChanger final : public Changer {
 public:
  // The channel must outlive it.
  KeaChanger(std::string server_name, const Limits& limits, Channel& channel)
      : server_name_(std::move(server_name)), limits_(limits), channel_(channel) {}

  io::Task<Result<Plan>> plan(std::vector<Change> changes, io::Deadline deadline) override;
  io::Task<Result<Applied>> apply(Plan plan, io::Deadline deadline) override;

 private:
  // The changes of one service.
  struct Part {
    Service service = Service::Dhcp4;
    std::vector<ReservationChange> changes;
  };
  // What config-get answered.
  struct Current {
    std::string text;  // of "Dhcp4" or "Dhcp6", with its secrets
    std::string fingerprint;
    std::string state;  // "dhcp4 has configuration 1a2b3c4d"
    std::string lease_database;
    std::vector<std::string> secrets;  // what no message may repeat
  };
  // One part on its way.
  struct Step {
    Part part;
    Current before;
    std::string after;  // the text to set
  };

  static Result<std::vector<Part>> parts_of(const std::vector<Change>& changes);
  io::Task<Result<Current>> read(Service service, io::Deadline deadline);
  io::Task<Result<std::uint64_t>> count_leases(Service service, io::Deadline deadline);
  io::Task<Result<void>> plan_part(Part part, Plan& plan, io::Deadline deadline);
  // What became of a step, and why. NotMade: the server holds what it held before.
  struct Fate {
    enum class Kind { Made, NotMade, Unknown };
    Kind kind = Kind::Made;
    Error why{ErrorCode::Internal, ""};  // of NotMade and Unknown
  };
  // Sets and writes.
  io::Task<Fate> carry_out(const Step* step, Duration pause, io::Deadline deadline);
  // After a config-set without an answer.
  io::Task<Fate> settle(const Step* step, Error lost, Duration pause, io::Deadline deadline);
  // What could not be taken back, or nothing.
  io::Task<std::string> take_back(const std::vector<Step>* steps, std::size_t done, Duration pause, io::Deadline deadline);
  // Why the server is not seen to hold what was asked for, or nothing; fills in what it holds.
  io::Task<std::string> check(const std::vector<Step>* steps, Applied* applied, io::Deadline deadline);
  io::Task<Result<void>> command(Service service, std::string name, std::string arguments, Duration patience, io::Deadline deadline);
  Duration patience(Duration pause) const;
  static Error without_secrets_of(const Current& current, Error error);
  Error of_server(Error error) const;

  const std::string server_name_;
  const Limits limits_;
  Channel& channel_;
};

}  // namespace ipam::driver::kea
