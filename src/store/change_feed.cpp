#include "store/change_feed.h"

namespace ipam::store {

Result<std::uint64_t> ChangeFeed::position(Reader& reader) {
  const auto head = IPAM_TRY(find_where<FeedHead>(reader, {{"name", Comparison::Equal, std::string("ledger")}}));
  return head ? head->position : 0;
}

// A power that only some stores have is an interface of its own, so that those without it have nothing to say about it.
ChangeFeed* feed_of(Store& store) { return dynamic_cast<ChangeFeed*>(&store); }

}  // namespace ipam::store
