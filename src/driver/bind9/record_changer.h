// RecordChanger: plans and applies changes of records by signed updates. What is there is asked of the server itself by updates that consist of
// prerequisites alone: they change nothing, tell the data of the zone and not what a wildcard makes of it, and are refused when our key may not
// update. Changes of several zones are several messages: when a later one fails, the earlier ones are taken back. Thread rule: as driver::Changer.
#pragma once

#include "client/dns/client.h"
#include "driver/bind9/record_changes.h"

namespace ipam::driver::bind9 {

class RecordChanger final : public Changer {
 public:
  RecordChanger(std::string server_name, client::dns::Client& client, const Limits& limits)
      : server_name_(std::move(server_name)), client_(client), limits_(limits) {}

  io::Task<Result<Plan>> plan(std::vector<Change> changes, io::Deadline deadline) override;
  io::Task<Result<Applied>> apply(Plan plan, io::Deadline deadline) override;

 private:
  enum class Holds { Yes, No };
  // Whether the zone holds exactly this side of the changes.
  io::Task<Result<Holds>> ask_whether(const ZoneChanges* zone, Side side, io::Deadline deadline);
  io::Task<Result<void>> send(const ZoneChanges* zone, Direction direction, io::Deadline deadline);
  // After an answer that was lost: whether the change was made.
  io::Task<Result<void>> settle(const ZoneChanges* zone, Error lost, io::Deadline deadline);
  io::Task<Error> take_back(const std::vector<ZoneChanges>* zones, std::size_t done, Error error, io::Deadline deadline);
  // The records of a set as the server answers with them.
  io::Task<Result<std::vector<wire::dns::ResourceRecord>>> read(const RecordSet* set, io::Deadline deadline);
  io::Task<Error> conflict(const ZoneChanges* zone, io::Deadline deadline);
  Error named(Error error) const;

  std::string server_name_;
  client::dns::Client& client_;
  Limits limits_;
};

}  // namespace ipam::driver::bind9
