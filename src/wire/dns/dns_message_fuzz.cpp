// What is written of a message reads as what was read; every record's text reads as the record; signatures of nobody are refused.
#include "wire/dns/tsig.h"

#include <cstdlib>

using namespace ipam;
using namespace ipam::wire::dns;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  static const TsigKey key{.name = Name::parse("transfer-key").value(), .algorithm = TsigAlgorithm::Sha256, .secret = Secret("nobody has this one")};
  TsigVerifier verifier(key, Bytes(32, 1));
  if (verifier.verify(input, Time(std::chrono::seconds(1'764'000'000))).ok()) std::abort();
  const auto message = parse_message(input);
  if (!message.ok()) {
    if (message.error().code != ErrorCode::Malformed) std::abort();
    return 0;
  }
  for (const auto* section : {&message->answers, &message->authorities, &message->additionals}) {
    for (const ResourceRecord& record : *section) {
      const auto owner = Name::parse(record.owner.to_string());
      if (!owner.ok() || as_text(owner->wire()) != as_text(record.owner.wire())) std::abort();
      if (record.rdata.empty() && record.record_class != RecordClass::In) continue;
      const auto rdata = rdata_from_text(record.type, rdata_to_text(record.type, record.rdata));
      if (!rdata.ok() || *rdata != record.rdata) std::abort();
    }
  }
  const auto bytes = serialize(*message);
  if (!bytes.ok()) return 0;  // what was compressed may be longer in full
  const auto again = parse_message(*bytes);
  if (!again.ok() || *again != *message) std::abort();
  return 0;
}
