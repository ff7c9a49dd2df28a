// Event: the fields of an event that everybody asks for, from its tree (MS-EVEN6 section 2.2.13). Thread rule: plain values.
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "wire/even6/element.h"

#include <cstdint>
#include <optional>

namespace ipam::wire::even6 {

struct Event {
  std::string provider, provider_guid;
  std::uint32_t id = 0;
  std::uint32_t version = 0, level = 0, task = 0, opcode = 0;
  std::uint64_t keywords = 0;
  std::optional<Time> time;
  std::uint64_t record_id = 0;
  std::string channel;
  std::string computer;  // where the event arose, also of an event that a collector forwarded
  std::string user_sid;
  // By name, in order: EventData's Data (a Data without a name has an empty one), or the fields of UserData's element. Printable UTF-8.
  std::vector<std::pair<std::string, std::string>> data;

  // The first of this name, or nothing.
  std::optional<std::string_view> find(std::string_view name) const;

  bool operator==(const Event&) const = default;
};

// Errors: Malformed (no Event with a System, an id or a time that is none).
Result<Event> read_event(const Element& root);

}  // namespace ipam::wire::even6
