// The journal: every change of planned or configured state, in the order of its commit, written in the same transaction as the change.
// Thread rule: plain values.
#pragma once

#include "model/access.h"
#include "model/dhcp.h"
#include "model/discovery.h"
#include "model/dns.h"

#include <memory>

namespace ipam::model {

enum class ChangeKind : std::uint8_t { Created, Updated, Deleted };
BOOST_DESCRIBE_ENUM(ChangeKind, Created, Updated, Deleted)

// What one request agreed with the ledger beyond the change itself: ledger::Exchange. Opaque here, so that it can travel with the context.
struct ChangeExchange {
  virtual ~ChangeExchange() = default;
};

// On whose word a change is made and why: the same for all records of one request.
struct ChangeContext {
  std::string actor;                              // user name, or "task/<name>"
  std::string on_behalf_of;                       // who the actor says it acts for; not proven
  std::string request_id;                         // ties the records of one request together
  std::string reason;                             // free text of the caller
  std::string change_reference;                   // a ticket of the caller's change process
  std::shared_ptr<ChangeExchange> exchange = {};  // shared with works that outlive their caller; null: a plain change
};

struct JournalRecord {
  std::uint64_t sequence = 0;  // from 1, gapless but before the record of a restore
  Time at{};
  std::string actor;
  std::string on_behalf_of;
  std::string request_id;
  std::string reason;
  std::string change_reference;
  ChangeKind kind = ChangeKind::Created;
  std::string object_type;  // "subnet", "address", …
  std::uint64_t object_id = 0;
  std::string object_name;  // what a person calls it: its prefix, address or name at the time
  std::string differences;  // JSON: {"v":1,"fields":{"name":{"before":"a","after":"b"},…}}; never a secret
  Bytes chain;              // SHA-256 over the previous record's chain and this record: a record cannot be altered or dropped unseen

  bool operator==(const JournalRecord&) const = default;
};
BOOST_DESCRIBE_STRUCT(JournalRecord, (),
                      (sequence, at, actor, on_behalf_of, request_id, reason, change_reference, kind, object_type, object_id, object_name,
                       differences, chain))

}  // namespace ipam::model
