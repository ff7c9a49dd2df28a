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
  // What became of an update, and why.
  struct Fate {
    enum class Kind { Made, NotMade, Unknown };
    Kind kind = Kind::Made;
    Error why{ErrorCode::Internal, ""};  // of NotMade and Unknown
  };
  io::Task<Fate> send(const ZoneChanges* zone, Direction direction, io::Deadline deadline);
  // After an answer that was lost.
  io::Task<Fate> settle(const ZoneChanges* zone, Side wanted, Error lost, io::Deadline deadline);
  // What could not be taken back, or nothing.
  io::Task<std::string> take_back(const std::vector<ZoneChanges>* zones, std::size_t done, io::Deadline deadline);
  // Why the zones are not seen to hold what was asked for, or nothing; fills in what they hold.
  io::Task<std::string> read_back(std::vector<ZoneChanges>* zones, std::vector<Change>* changes, io::Deadline deadline);
  // "zone corp.example has serial 5"; what is not told now is left out.
  io::Task<std::string> state_of(const std::vector<ZoneChanges>* zones, io::Deadline deadline);
  // The records of a set as the server answers with them.
  io::Task<Result<std::vector<wire::dns::ResourceRecord>>> read(const RecordSet* set, io::Deadline deadline);
  io::Task<Error> conflict(const ZoneChanges* zone, io::Deadline deadline);
  Error named(Error error) const;

  std::string server_name_;
  client::dns::Client& client_;
  Limits limits_;
};

}  // namespace ipam::driver::bind9
