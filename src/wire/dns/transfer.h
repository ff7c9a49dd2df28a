// Transfer: what the records of an AXFR (RFC 5936) or IXFR (RFC 1995) answer mean, one after the other.
//
//   Transfer transfer = Transfer::incremental(zone, 2026112501);
//   for each message, for each record of its answer section:
//     const TransferStep step = IPAM_TRY(transfer.accept(record));   // add, remove, or nothing of either
//   … until transfer.complete()
//
// An IXFR is answered by differences, by the whole zone, or by one SOA record: "you are up to date". Errors of accept: Malformed (no SOA first, a
// record of another zone or class, a type that no zone holds, differences that do not join up, a record after the end) and Stale (the server's serial
// is older than ours: it went back). Thread rule: a plain value.
#pragma once

#include "wire/dns/message.h"

#include <utility>

namespace ipam::wire::dns {

enum class TransferKind {
  Undecided,    // not enough records came yet
  Full,         // what comes is the whole zone
  Incremental,  // what comes are differences, oldest first
  UpToDate,     // nothing has changed since the serial that was given
};

// For a full transfer every record is Add; the second SOA, which only ends it, is Nothing. In differences the SOA records are removed and added as
// all others.
enum class TransferStep { Nothing, Add, Remove };

class Transfer {
 public:
  static Transfer full(const Name& zone);
  static Transfer incremental(const Name& zone, std::uint32_t from_serial);

  // The question that asks for it.
  Message query() const;
  // Whether the header and question of a message of the answer belong to it: the id of the query, no error, the same question (only the first message
  // must have one). Errors: Malformed, PermissionDenied (REFUSED, or NOTAUTH without a word on the signature), Unavailable (SERVFAIL), NotFound
  // (NOTAUTH: not its zone), Unsupported (NOTIMP, FORMERR).
  Result<void> check_message(const MessageCursor& cursor, std::uint16_t id);
  // What the record means. The first SOA of an IXFR answer is held back until it is known what it begins: `before` then says that it is to be added
  // first.
  Result<TransferStep> accept(const ResourceRecord& record);
  // The SOA record that belongs before the one accepted last, once.
  std::optional<ResourceRecord> take_held_back() { return std::exchange(released_, std::nullopt); }
  // A message has ended. A lone SOA that is ours ends an IXFR.
  Result<void> end_message();

  bool complete() const { return state_ == State::Complete; }
  TransferKind kind() const { return kind_; }
  // Of the zone as it is after the transfer; only once a record was accepted.
  const Soa& soa() const { return soa_; }
  const ResourceRecord& soa_record() const { return soa_record_; }

 private:
  enum class State { First, Second, FullZone, Removing, Adding, Complete };

  explicit Transfer(const Name& zone) : zone_(zone) {}
  Result<void> check_record(const ResourceRecord& record) const;
  Result<TransferStep> accept_first(const ResourceRecord& record);
  Result<TransferStep> accept_second(const ResourceRecord& record);
  Result<TransferStep> accept_difference(const ResourceRecord& record);
  Result<TransferStep> begin_removing(const Soa& old);
  Error malformed(std::string_view why) const;

  Name zone_;
  std::optional<std::uint32_t> from_serial_;
  State state_ = State::First;
  TransferKind kind_ = TransferKind::Undecided;
  ResourceRecord soa_record_;
  Soa soa_;
  std::optional<ResourceRecord> released_;
  std::uint32_t reached_ = 0;  // the serial of the zone after the differences so far
  bool first_message_ = true;
};

// What an rcode other than NOERROR means for a question about a zone or name, in words that say what to do; `extended` is Message::extended_error.
Error rcode_error(Rcode rcode, std::string_view doing, const std::string& extended);

}  // namespace ipam::wire::dns
