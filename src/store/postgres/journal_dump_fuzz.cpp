// Whatever text a damaged archive unpacks to, it is read to its end or refused, in pieces of any size the same.
#include "base/assert.h"
#include "store/postgres/journal_dump.h"

namespace {

struct Reading {
  bool ok = false;
  std::uint64_t records = 0;
};

Reading read(std::string_view text, std::size_t piece) {
  Reading reading;
  ipam::store::postgres::JournalDump dump([&](const ipam::model::JournalRecord&) {
    ++reading.records;
    return ipam::Result<void>();
  });
  for (std::size_t at = 0; at < text.size(); at += piece) {
    if (!dump.take(text.substr(at, piece)).ok()) return reading;
  }
  reading.ok = dump.finish().ok();
  return reading;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = ipam::as_text({data, size});
  const Reading whole = read(text, text.size() + 1), pieces = read(text, 7);
  IPAM_ASSERT(whole.ok == pieces.ok && whole.records == pieces.records, "the same text is read otherwise in other pieces");
  return 0;
}
