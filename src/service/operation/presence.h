// Presence: tells the other nodes of a shared database that this one lives, and which of them do. A node's sign of life holds for a term by the
// database's clock, so that the clocks of the nodes do not matter; who does not renew it in its term, or has taken leave, is gone. A name is one
// process's and never comes again, so what a gone node ran nobody goes on with.
//
// A process that is alone with its database has no presence, and pays nothing for it. Errors: those of the store. Thread rule: any thread; renew and
// leave within works of the ledger.
#pragma once

#include "ledger/ledger.h"
#include "store/node_presence.h"

#include <set>

namespace ipam::service {

class Presence {
 public:
  static constexpr Duration kTerm = std::chrono::seconds(60);
  // Two renewals may fail before a node that lives counts as gone. So often is renew to be called.
  static constexpr Duration kRenewEvery = std::chrono::seconds(20);

  explicit Presence(store::Store& store) : feed_(store.feed()) {}

  // Whether this process is alone with its database.
  bool alone() const { return feed_ == nullptr; }
  // This node lives for another term. Answers which nodes do, this one among them; the rows of those that are gone go. Nothing when alone.
  Result<std::set<std::string>> renew(ledger::Transaction& transaction) const;
  // This node is gone from now on.
  void leave(ledger::Transaction& transaction) const;

 private:
  store::ChangeFeed* const feed_;
};

}  // namespace ipam::service
