#include "wire/dns/transfer.h"

#include <fmt/format.h>

#include <utility>

namespace ipam::wire::dns {

Error rcode_error(Rcode rcode, std::string_view doing, const std::string& extended) {
  const std::string name = extended.empty() ? to_string(rcode) : fmt::format("{}, {}", to_string(rcode), extended);
  const auto error = [&](ErrorCode code, std::string_view remedy) {
    return Error(code, fmt::format("{}: the server answers {}: {}", doing, name, remedy));
  };
  switch (rcode) {
    case Rcode::Refused: return error(ErrorCode::PermissionDenied, "its access lists do not allow it; allow our address or our key there");
    case Rcode::NotAuth:
      return error(ErrorCode::NotFound, "it is not authoritative for this zone, or does not know the key; correct the zone or the key");
    case Rcode::NxDomain: return error(ErrorCode::NotFound, "there is no such name");
    case Rcode::ServFail: return error(ErrorCode::Unavailable, "it cannot serve the zone now (not loaded, or expired); look into its log");
    case Rcode::YxDomain: return error(ErrorCode::AlreadyExists, "the name is there already");
    case Rcode::YxRrset: return error(ErrorCode::AlreadyExists, "there are such records already");
    case Rcode::NxRrset: return error(ErrorCode::Conflict, "the records are not there, or not as they were read; read them again");
    case Rcode::NotZone: return error(ErrorCode::InvalidArgument, "the name does not lie in this zone");
    case Rcode::NotImp: return error(ErrorCode::Unsupported, "it does not do this at all");
    case Rcode::FormErr: return error(ErrorCode::Unsupported, "it does not understand the question");
    default: return error(ErrorCode::Unavailable, "look into its log");
  }
}

Transfer Transfer::full(const Name& zone) { return Transfer(zone); }

Transfer Transfer::incremental(const Name& zone, std::uint32_t from_serial) {
  Transfer transfer(zone);
  transfer.from_serial_ = from_serial;
  return transfer;
}

Message Transfer::query() const {
  Message message;
  message.questions.push_back({zone_, from_serial_ ? RecordType::Ixfr : RecordType::Axfr, RecordClass::In});
  if (from_serial_) {
    Soa ours;
    ours.serial = *from_serial_;
    message.authorities.push_back({zone_, RecordType::Soa, RecordClass::In, 0, rdata_of(ours)});
  }
  return message;
}

Error Transfer::malformed(std::string_view why) const {
  return {ErrorCode::Malformed, fmt::format("the transfer of zone {} is malformed: {}", zone_.to_string(), why)};
}

Result<void> Transfer::check_message(const MessageCursor& cursor, std::uint16_t id) {
  const Header& header = cursor.header();
  if (!header.response || header.id != id || header.opcode != Opcode::Query) return malformed("a message is no answer to our question");
  if (header.truncated) return malformed("a message over TCP is marked as cut off");
  if (header.rcode != 0) {
    return rcode_error(static_cast<Rcode>(header.rcode), fmt::format("the transfer of zone {}", zone_.to_string()), "");
  }
  const auto& questions = cursor.questions();
  const bool first = std::exchange(first_message_, false);
  if (questions.empty() && !first) return {};
  const RecordType type = from_serial_ ? RecordType::Ixfr : RecordType::Axfr;
  if (questions.size() != 1 || questions[0].name != zone_ || questions[0].type != type || questions[0].record_class != RecordClass::In) {
    return malformed("a message answers another question than ours");
  }
  return {};
}

Result<void> Transfer::check_record(const ResourceRecord& record) const {
  if (state_ == State::Complete) return malformed("a record follows after its end");
  if (record.record_class != RecordClass::In) return malformed("a record is not of class IN");
  if (is_meta_type(record.type)) return malformed(fmt::format("it holds a record of type {}, which no zone has", dns::to_string(record.type)));
  if (!record.owner.is_within(zone_)) return malformed(fmt::format("{} does not lie in the zone", record.owner.to_string()));
  if (record.type == RecordType::Soa && record.owner != zone_)
    return malformed(fmt::format("{} has a SOA record of its own", record.owner.to_string()));
  return {};
}

Result<TransferStep> Transfer::accept(const ResourceRecord& record) {
  IPAM_TRY(check_record(record));
  switch (state_) {
    case State::First: return accept_first(record);
    case State::Second: return accept_second(record);
    case State::FullZone:
      if (record.type != RecordType::Soa) return TransferStep::Add;
      if (soa_in(record.rdata) != soa_) return malformed("it ends with another SOA record than it began with: the zone changed meanwhile; try again");
      state_ = State::Complete;
      return TransferStep::Nothing;
    case State::Removing:
    case State::Adding: return accept_difference(record);
    case State::Complete: break;
  }
  return malformed("a record follows after its end");
}

Result<TransferStep> Transfer::accept_first(const ResourceRecord& record) {
  const auto soa = soa_in(record.rdata);
  if (record.type != RecordType::Soa || !soa) return malformed("it does not begin with the zone's SOA record");
  soa_record_ = record;
  soa_ = *soa;
  if (!from_serial_) {
    state_ = State::FullZone;
    kind_ = TransferKind::Full;
    return TransferStep::Add;
  }
  state_ = State::Second;
  return TransferStep::Nothing;
}

// RFC 1995 section 4: a SOA record with our serial begins differences; anything else, the whole zone.
Result<TransferStep> Transfer::accept_second(const ResourceRecord& record) {
  if (compare_serials(soa_.serial, *from_serial_) != SerialOrder::Newer) {
    if (soa_.serial != *from_serial_) return end_message().error();
    return malformed("a record follows although the zone has not changed");
  }
  const auto soa = record.type == RecordType::Soa ? soa_in(record.rdata) : std::nullopt;
  if (soa && soa->serial != soa_.serial) {
    kind_ = TransferKind::Incremental;
    reached_ = *from_serial_;
    return begin_removing(*soa);
  }
  kind_ = TransferKind::Full;
  state_ = State::FullZone;
  released_ = soa_record_;
  if (!soa) return TransferStep::Add;
  if (*soa != soa_) return malformed("it ends with another SOA record than it began with");
  state_ = State::Complete;
  return TransferStep::Nothing;
}

Result<TransferStep> Transfer::begin_removing(const Soa& old) {
  if (old.serial != reached_) {
    return malformed(fmt::format("its differences do not join up: one begins at serial {} where {} was reached", old.serial, reached_));
  }
  state_ = State::Removing;
  return TransferStep::Remove;
}

Result<TransferStep> Transfer::accept_difference(const ResourceRecord& record) {
  const bool removing = state_ == State::Removing;
  if (record.type != RecordType::Soa) return removing ? TransferStep::Remove : TransferStep::Add;
  const auto soa = soa_in(record.rdata);
  if (!soa) return malformed("a SOA record cannot be read");
  if (removing) {
    if (compare_serials(soa->serial, reached_) != SerialOrder::Newer) {
      return Error(ErrorCode::Stale, fmt::format("the transfer of zone {}: the serial goes back from {} to {}; read the whole zone again",
                                                 zone_.to_string(), reached_, soa->serial));
    }
    if (compare_serials(soa->serial, soa_.serial) == SerialOrder::Newer) return malformed("a difference leads past the zone's serial");
    reached_ = soa->serial;
    state_ = State::Adding;
    return TransferStep::Add;
  }
  if (reached_ != soa_.serial) return begin_removing(*soa);
  if (*soa != soa_) return malformed("it ends with another SOA record than it began with");
  state_ = State::Complete;
  return TransferStep::Nothing;
}

Result<void> Transfer::end_message() {
  if (state_ != State::Second) return {};
  switch (compare_serials(soa_.serial, *from_serial_)) {
    case SerialOrder::Newer: return {};  // more is to come
    case SerialOrder::Same:
      state_ = State::Complete;
      kind_ = TransferKind::UpToDate;
      return {};
    case SerialOrder::Older:
    case SerialOrder::Undefined: break;
  }
  return Error(
      ErrorCode::Stale,
      fmt::format("the serial of zone {} went back from {} to {}: the zone was restored or made anew on the server; raise its serial there, or "
                  "read the whole zone again",
                  zone_.to_string(), *from_serial_, soa_.serial));
}

}  // namespace ipam::wire::dns
