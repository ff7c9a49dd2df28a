// Queries and bookmarks as text (MS-EVEN6 sections 2.2.14 to 2.2.16): what is asked of an event log, and from where on. Thread rule: pure functions.
#pragma once

#include "base/clock.h"
#include "base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ipam::wire::even6 {

struct IdRange {
  std::uint32_t first = 0, last = 0;
};

struct QueryFilter {
  std::vector<IdRange> ids;   // empty: every event
  std::optional<Time> since;  // whole milliseconds, rounded down: an event may come twice, none is left out
  std::optional<std::uint64_t> after_record;
};

// "*[System[(EventID=4624 or (EventID>=70 and EventID<=166)) and TimeCreated[@SystemTime>='…']]]".
std::string xpath(const QueryFilter& filter);
// A structured query (QueryList) of one channel. Windows refuses an XPath of more than some twenty comparisons, so that many ids become several
// Selects, which select together. Subqueries have the id 0.
std::string structured_query(std::string_view channel, const QueryFilter& filter);

struct Bookmark {
  std::string channel;
  std::uint64_t record_id = 0;
  bool current = false;  // the last event was from this channel; one of them is

  bool operator==(const Bookmark&) const = default;
};

std::string to_xml(const std::vector<Bookmark>& bookmarks);
// Reads what to_xml wrote, and what Windows writes. Errors: Malformed.
Result<std::vector<Bookmark>> parse_bookmarks(std::string_view xml);

}  // namespace ipam::wire::even6
