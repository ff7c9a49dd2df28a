#include "driver/windows_dns/zone_walk.h"

#include "base/strings.h"
#include "wire/dnsp/name_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace ipam::driver::windows_dns {
namespace {

using wire::dns::Name;
using wire::dns::RecordType;
using wire::dnsp::Node;
using wire::dnsp::Record;

constexpr std::size_t kChunk = 1000;

bool is_itself(const Node& told) { return told.name.empty() || told.name == "@"; }

}  // namespace

std::string model_name(const Name& name) {
  std::string text = name.lowered().to_string();
  if (!name.is_root()) text.pop_back();
  return text;
}

std::string zone_text(const Name& zone) {
  std::string text = wire::dnsp::name_text(zone);
  if (!zone.is_root()) text.pop_back();
  return text;
}

io::Task<Result<void>> ZoneWalk::run(io::Deadline deadline) {
  to_read_.push_back(zone_);
  while (!to_read_.empty()) {
    Name node = std::move(to_read_.back());
    to_read_.pop_back();
    IPAM_CO_CHECK(co_await read_node(std::move(node), deadline));
  }
  co_return co_await hand_on(1);
}

io::Task<Result<void>> ZoneWalk::read_node(Name node, io::Deadline deadline) {
  const std::string zone = zone_text(zone_);
  const std::string asked = node == zone_ ? "@" : wire::dnsp::name_text(node);
  std::set<Name> children;
  std::optional<std::string> start;
  bool more = true;
  while (more) {
    auto page = co_await pages_.records(zone, asked, start, deadline);
    if (!page.ok()) {
      // A node may be gone since its parent told of it; the zone itself may not.
      if (page.error().code == ErrorCode::NotFound && node != zone_) co_return Result<void>();
      co_return std::move(page).error();
    }
    const std::size_t before = children.size();
    IPAM_CO_TRY(start, take_page(*page, node, &children));
    more = page->more;
    if (more && children.size() == before) {
      co_return Error(ErrorCode::Malformed, fmt::format("the server says that {} has more names than it told, and tells no further one", asked));
    }
    IPAM_CO_CHECK(co_await hand_on(kChunk));
  }
  known_.erase(node);
  co_return Result<void>();
}

// The last child of the page, where the next one begins.
Result<std::optional<std::string>> ZoneWalk::take_page(const Page& page, const Name& node, std::set<Name>* children) {
  std::optional<std::string> last;
  for (const Node& told : page.nodes) {
    if (is_itself(told)) {
      IPAM_TRY(take_records(told, node, &known_[node]));
      continue;
    }
    // Names in full belong to what is told beside (targets of other records), which was not asked for.
    if (told.name.ends_with('.')) continue;
    const Name child = IPAM_TRY(child_name(told, node));
    last = told.name;
    if (!children->insert(child).second) continue;
    if (++nodes_ > limits_.records) {
      return Error(ErrorCode::Malformed, fmt::format("the zone has more than {} names, the most that are read from one zone", limits_.records));
    }
    if (told.children > 0) {
      IPAM_TRY(take_records(told, child, &known_[child]));
      to_read_.push_back(child);
    } else {
      IPAM_TRY(take_records(told, child, nullptr));
    }
  }
  return last;
}

Result<Name> ZoneWalk::child_name(const Node& told, const Name& parent) const {
  auto name = wire::dnsp::parse_name(parent.is_root() ? told.name : fmt::format("{}.{}", told.name, wire::dnsp::name_text(parent)));
  if (!name.ok()) {
    return Error(ErrorCode::Malformed,
                 fmt::format("the server tells the name '{}' below {}, which cannot be", shorten(told.name, 80), parent.to_string()));
  }
  return name;
}

Result<void> ZoneWalk::take_records(const Node& told, const Name& owner, Known* known) {
  const std::string name = model_name(owner);
  for (const Record& record : told.records) {
    if (is_tombstone(record)) continue;
    auto rdata = rdata_of(record);
    if (!rdata.ok()) return Error(ErrorCode::Malformed, fmt::format("{}: {}", name, rdata.error().message));
    if (known != nullptr && !known->emplace(record.type, *rdata).second) continue;
    if (++records_ > limits_.records) {
      return Error(ErrorCode::Malformed, fmt::format("the zone has more than {} records, the most that are read from one zone", limits_.records));
    }
    const auto type = static_cast<RecordType>(record.type);
    RecordDifference added;
    added.record = ObservedRecord{name, to_string(type), wire::dns::rdata_to_text(type, *rdata), record.ttl};
    added.serial = serial_;
    ready_.push_back(std::move(added));
  }
  return {};
}

// In chunks, as long as there are so many.
io::Task<Result<void>> ZoneWalk::hand_on(std::size_t least) {
  std::size_t at = 0;
  while (ready_.size() - at >= least) {
    const std::size_t count = std::min(kChunk, ready_.size() - at);
    const auto begin = std::make_move_iterator(ready_.begin() + static_cast<std::ptrdiff_t>(at));
    std::vector<RecordDifference> chunk(begin, begin + static_cast<std::ptrdiff_t>(count));
    at += count;
    auto taken = co_await sink_.accept(std::move(chunk));
    if (!taken.ok()) {
      sink_failed_ = true;
      co_return taken;
    }
  }
  ready_.erase(ready_.begin(), ready_.begin() + static_cast<std::ptrdiff_t>(at));
  co_return Result<void>();
}

}  // namespace ipam::driver::windows_dns
