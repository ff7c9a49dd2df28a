#include "wire/even6/result_set.h"

#include "wire/even6/cursor.h"

namespace ipam::wire::even6 {
namespace {

constexpr std::uint32_t kHeaderSize = 0x10;
constexpr std::uint32_t kBookmarkHeaderSize = 0x18;
constexpr std::uint32_t kMaxChannels = 8'192;  // MAX_RPC_CHANNEL_COUNT

Error malformed() { return {ErrorCode::Malformed, "a record of an event log has lengths or places that do not fit together"}; }

Result<void> parse_bookmark(ByteView bytes, Record& record) {
  Cursor cursor(bytes);
  const std::uint32_t size = cursor.u32(), header_size = cursor.u32(), channels = cursor.u32();
  record.current_channel = cursor.u32();
  const std::uint32_t direction = cursor.u32(), place = cursor.u32();
  if (!cursor.ok() || size > bytes.size() || header_size != kBookmarkHeaderSize || direction > 1 || place < kBookmarkHeaderSize || place > size ||
      channels > kMaxChannels || channels > (size - place) / 8 || (channels > 0 && record.current_channel >= channels)) {
    return malformed();
  }
  record.newest_first = direction == 1;
  Cursor ids(bytes.subspan(place));
  for (std::uint32_t i = 0; i < channels; ++i) record.record_ids.push_back(ids.u64());
  return {};
}

}  // namespace

Result<std::vector<ByteView>> records_of(ByteView buffer, const std::vector<std::uint32_t>& places, const std::vector<std::uint32_t>& sizes) {
  if (places.size() != sizes.size() || places.size() > kMaxRecords) return malformed();
  std::vector<ByteView> records;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (places[i] > buffer.size() || sizes[i] > buffer.size() - places[i]) return malformed();
    records.push_back(buffer.subspan(places[i], sizes[i]));
  }
  return records;
}

Result<Record> parse_record(ByteView bytes) {
  Cursor header(bytes);
  const std::uint32_t total = header.u32(), header_size = header.u32(), event_place = header.u32(), bookmark_place = header.u32();
  if (!header.ok() || header_size != kHeaderSize || event_place != kHeaderSize || total > bytes.size() || total < kHeaderSize) return malformed();
  Cursor cursor(bytes.first(total));
  cursor.skip(event_place);
  Record record;
  record.binxml = cursor.bytes(cursor.u32());
  const std::uint32_t subqueries = cursor.u32();
  if (!cursor.ok() || subqueries > cursor.remaining() / 4) return malformed();
  for (std::uint32_t i = 0; i < subqueries; ++i) record.subquery_ids.push_back(cursor.u32());
  if (bookmark_place < cursor.at() || bookmark_place > total) return malformed();
  IPAM_TRY(parse_bookmark(bytes.first(total).subspan(bookmark_place), record));
  return record;
}

}  // namespace ipam::wire::even6
