// Two octets of length, a request, and the stream of its answer: no transfer comes to its end by more changes than there are octets, and one that is
// signed comes to its end only if it was signed by the server.
#include "wire/dns/transfer.h"
#include "wire/dns/tsig.h"

#include <cstdlib>

using namespace ipam;
using namespace ipam::wire::dns;

namespace {

// The transfer that the request asks for.
Transfer transfer_of(const Message& request) {
  const Name zone = request.questions.empty() ? Name() : request.questions[0].name;
  if (request.authorities.empty()) return Transfer::full(zone);
  const auto soa = soa_in(request.authorities[0].rdata);
  return Transfer::incremental(zone, soa ? soa->serial : 0);
}

Result<std::size_t> run(Transfer& transfer, std::uint16_t id, ByteView stream) {
  std::size_t changes = 0;
  ResourceRecord record;
  while (!transfer.complete()) {
    if (stream.size() < 2) return Error(ErrorCode::Unavailable, "cut off");
    const std::size_t length = static_cast<std::size_t>(stream[0]) << 8 | stream[1];
    if (stream.size() < 2 + length) return Error(ErrorCode::Unavailable, "cut off");
    auto cursor = IPAM_TRY(MessageCursor::create(stream.subspan(2, length)));
    stream = stream.subspan(2 + length);
    IPAM_TRY(transfer.check_message(cursor, id));
    while (IPAM_TRY(cursor.next(record))) {
      if (cursor.section() != Section::Answer) continue;
      const TransferStep step = IPAM_TRY(transfer.accept(record));
      if (transfer.take_held_back()) ++changes;
      if (step != TransferStep::Nothing) ++changes;
    }
    IPAM_TRY(transfer.end_message());
  }
  return changes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  if (size < 4) return 0;
  const std::size_t length = static_cast<std::size_t>(input[0]) << 8 | input[1];
  if (length < 2 || size < 2 + length) return 0;
  // The recorded request carries its own length, as TCP has it.
  const auto request = parse_message(input.subspan(4, length - 2));
  if (!request.ok()) return 0;
  Transfer transfer = transfer_of(*request);
  const auto changes = run(transfer, request->header.id, input.subspan(2 + length));
  if (changes.ok() && *changes > size) std::abort();
  if (changes.ok() && transfer.kind() == TransferKind::Undecided) std::abort();
  return 0;
}
