#include "service/operation/presence.h"

namespace ipam::service {

using store::NodePresence;

Result<std::set<std::string>> Presence::renew(ledger::Transaction& transaction) const {
  if (alone()) return std::set<std::string>();
  const Time now = IPAM_TRY(feed_->now());
  std::set<std::string> living{feed_->node()};
  std::vector<std::string> gone;
  IPAM_TRY(store::for_each<NodePresence>(transaction.committed(), {}, [&](const NodePresence& row) -> Result<bool> {
    if (now < row.until) {
      living.insert(row.node);
    } else if (row.node != feed_->node()) {
      gone.push_back(row.node);
    }
    return true;
  }));
  for (const std::string& node : gone) transaction.erase_row<NodePresence>({node});
  transaction.put_row(NodePresence{feed_->node(), now + kTerm});
  return living;
}

void Presence::leave(ledger::Transaction& transaction) const {
  if (!alone()) transaction.erase_row<NodePresence>({feed_->node()});
}

}  // namespace ipam::service
