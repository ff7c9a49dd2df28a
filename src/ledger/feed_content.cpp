#include "ledger/feed_content.h"

#include <algorithm>

namespace ipam::ledger {
namespace {

using namespace occupancy;  // NOLINT(google-build-using-namespace): the names of deltas, in this file alone

constexpr std::uint8_t kVersion = 1;

class Writer {
 public:
  void number(std::uint64_t value) {
    for (; value >= 0x80U; value >>= 7U) bytes_.push_back(static_cast<std::uint8_t>(value | 0x80U));
    bytes_.push_back(static_cast<std::uint8_t>(value));
  }
  void block(ByteView bytes) {
    number(bytes.size());
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }
  template <class E>
  requires std::is_enum_v<E>
  void kind(E value) { number(static_cast<std::uint64_t>(value)); }

  void write(const PrefixEntry& entry) {
    block(entry.prefix.key());
    kind(entry.kind);
    number(entry.id);
  }
  void write(const RangeEntry& entry) {
    number(entry.id);
    block(entry.range.first().key());
    block(entry.range.last().key());
    kind(entry.kind);
  }
  void write(const PrefixAdded& delta) { write(delta.entry); }
  void write(const PrefixRemoved& delta) { write(delta.entry); }
  void write(const RangeAdded& delta) { write(delta.entry); }
  void write(const RangeRemoved& delta) { write(delta.entry); }
  void write(const AddressAcquired& delta) {
    block(delta.address.key());
    kind(delta.holder);
  }
  void write(const AddressReleased& delta) {
    block(delta.address.key());
    kind(delta.holder);
  }
  void write(const SpaceCreated& /*delta*/) {}
  void write(const SpaceDropped& /*delta*/) {}

  Bytes finish() { return std::move(bytes_); }

 private:
  Bytes bytes_;
};

class Reader {
 public:
  explicit Reader(ByteView bytes) : rest_(bytes) {}

  bool at_end() const { return rest_.empty(); }

  Result<std::uint64_t> number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const std::uint8_t byte = rest_.front();
      rest_ = rest_.subspan(1);
      if (shift == 63 && byte > 1) break;
      value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
      if ((byte & 0x80U) == 0) return value;
    }
    return bad();
  }
  Result<ByteView> block() {
    const std::uint64_t size = IPAM_TRY(number());
    if (size > rest_.size()) return bad();
    const ByteView bytes = rest_.first(size);
    rest_ = rest_.subspan(size);
    return bytes;
  }
  // A number of things of at least one byte each, so that no count makes us reserve more than there is.
  Result<std::size_t> count() {
    const std::uint64_t things = IPAM_TRY(number());
    if (things > rest_.size()) return bad();
    return static_cast<std::size_t>(things);
  }
  template <class E>
  Result<E> kind(std::uint64_t kinds) {
    const std::uint64_t value = IPAM_TRY(number());
    if (value >= kinds) return bad();
    return static_cast<E>(value);
  }
  Result<ip::Address> address() { return ip::Address::from_key(IPAM_TRY(block())); }
  Result<PrefixEntry> prefix_entry() {
    PrefixEntry entry;
    entry.prefix = IPAM_TRY(ip::Prefix::from_key(IPAM_TRY(block())));
    entry.kind = IPAM_TRY(kind<PrefixKind>(2));
    entry.id = IPAM_TRY(number());
    return entry;
  }
  Result<RangeEntry> range_entry() {
    RangeEntry entry;
    entry.id = IPAM_TRY(number());
    const ip::Address first = IPAM_TRY(address());
    const ip::Address last = IPAM_TRY(address());
    entry.range = IPAM_TRY(ip::Range::create(first, last));
    entry.kind = IPAM_TRY(kind<RangeKind>(kRangeKinds));
    return entry;
  }
  Result<Delta> delta() {
    switch (IPAM_TRY(number())) {
      case 0: return Delta(PrefixAdded{IPAM_TRY(prefix_entry())});
      case 1: return Delta(PrefixRemoved{IPAM_TRY(prefix_entry())});
      case 2: return Delta(RangeAdded{IPAM_TRY(range_entry())});
      case 3: return Delta(RangeRemoved{IPAM_TRY(range_entry())});
      case 4: {
        const ip::Address held = IPAM_TRY(address());
        return Delta(AddressAcquired{held, IPAM_TRY(kind<Holder>(kHolderKinds))});
      }
      case 5: {
        const ip::Address held = IPAM_TRY(address());
        return Delta(AddressReleased{held, IPAM_TRY(kind<Holder>(kHolderKinds))});
      }
      case 6: return Delta(SpaceCreated{});
      case 7: return Delta(SpaceDropped{});
      default: return bad();
    }
  }

  static Error bad() { return {ErrorCode::Malformed, "an entry of the change feed cannot be read"}; }

 private:
  ByteView rest_;
};

// The numbers of the form are the places in the variant.
static_assert(
    std::is_same_v<std::variant_alternative_t<0, Delta>, PrefixAdded> && std::is_same_v<std::variant_alternative_t<1, Delta>, PrefixRemoved> &&
    std::is_same_v<std::variant_alternative_t<2, Delta>, RangeAdded> && std::is_same_v<std::variant_alternative_t<3, Delta>, RangeRemoved> &&
    std::is_same_v<std::variant_alternative_t<4, Delta>, AddressAcquired> && std::is_same_v<std::variant_alternative_t<5, Delta>, AddressReleased> &&
    std::is_same_v<std::variant_alternative_t<6, Delta>, SpaceCreated> && std::is_same_v<std::variant_alternative_t<7, Delta>, SpaceDropped>);

}  // namespace

Bytes write_feed_content(const store::WriteSet& writes, std::span<const SpaceDelta> deltas) {
  std::vector<std::string_view> tables;
  for (const store::RowOperation& operation : writes.operations) {
    if (std::find(tables.begin(), tables.end(), operation.table->name) == tables.end()) tables.push_back(operation.table->name);
  }
  Writer writer;
  writer.number(kVersion);
  writer.number(tables.size());
  for (const std::string_view table : tables) writer.block(as_bytes(table));
  writer.number(deltas.size());
  for (const SpaceDelta& each : deltas) {
    writer.number(each.space);
    writer.number(each.delta.index());
    std::visit([&writer](const auto& delta) { writer.write(delta); }, each.delta);
  }
  return writer.finish();
}

Result<FeedContent> read_feed_content(ByteView bytes) {
  Reader reader(bytes);
  FeedContent content;
  if (IPAM_TRY(reader.number()) != kVersion) {
    return Error(ErrorCode::Malformed, "an entry of the change feed was written by another version of this program; use one version on all nodes");
  }
  for (std::size_t left = IPAM_TRY(reader.count()); left > 0; --left) content.tables.emplace_back(as_text(IPAM_TRY(reader.block())));
  const std::size_t deltas = IPAM_TRY(reader.count());
  content.deltas.reserve(deltas);
  for (std::size_t i = 0; i < deltas; ++i) {
    const std::uint64_t space = IPAM_TRY(reader.number());
    content.deltas.push_back({space, IPAM_TRY(reader.delta())});
  }
  if (!reader.at_end()) return Reader::bad();
  return content;
}

}  // namespace ipam::ledger
