// A change of records as BIND takes it: one UPDATE message (RFC 2136) a zone, with prerequisites that make it a compare-and-set, and the same as
// text. Thread rule: pure functions and plain values.
#pragma once

#include "driver/driver.h"
#include "wire/dns/update.h"

namespace ipam::driver::bind9 {

// One set of records, checked: names and data can be written, and lie in the zone.
struct RecordSet {
  wire::dns::Name zone;
  wire::dns::Name name;
  wire::dns::RecordType type = wire::dns::RecordType::A;
  std::vector<wire::dns::ResourceRecord> before;
  std::vector<wire::dns::ResourceRecord> after;

  // Errors: InvalidArgument (names, data, a name outside of the zone, records of another name or type, a type that nobody sets), Unsupported (not
  // records).
  static Result<RecordSet> create(const Change& change);
};

// The sets of one zone, in the order of the changes.
struct ZoneChanges {
  wire::dns::Name zone;
  std::vector<RecordSet> sets;
  std::vector<std::size_t> indexes;  // of the changes they come from
};

// By zone, in the order in which the zones come first. Errors: those of RecordSet::create; InvalidArgument for the same set twice.
Result<std::vector<ZoneChanges>> by_zone(const std::vector<Change>& changes);

enum class Side { Before, After };
// Only prerequisites: that the zone holds exactly this side. Changes nothing, whatever the answer.
wire::dns::Update check_of(const ZoneChanges& changes, Side side);
// From `before` to `after`, or back.
enum class Direction { Forward, Back };
wire::dns::Update update_of(const ZoneChanges& changes, Direction direction);
// As nsupdate would be told it.
std::string update_text(const wire::dns::Update& update);
// Of the sets as they are before: SHA-256 as hexadecimal digits.
std::string fingerprint_of(const std::vector<ZoneChanges>& zones);

}  // namespace ipam::driver::bind9
