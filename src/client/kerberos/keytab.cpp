#include "client/kerberos/keytab.h"

#include <cstdlib>
#include <optional>

namespace ipam::client::kerberos {
namespace {

// Big-endian; what is wrong makes everything after it nothing.
class Octets {
 public:
  explicit Octets(ByteView octets) : octets_(octets) {}

  std::uint32_t number(std::size_t size) {
    std::uint32_t value = 0;
    for (const std::uint8_t octet : take(size)) value = value << 8 | octet;
    return value;
  }
  ByteView counted() { return take(number(2)); }
  ByteView take(std::size_t count) {
    if (count > octets_.size()) {
      ok_ = false;
      octets_ = {};
      return {};
    }
    const ByteView view = octets_.first(count);
    octets_ = octets_.subspan(count);
    return view;
  }
  std::size_t left() const { return octets_.size(); }
  bool ok() const { return ok_; }

 private:
  ByteView octets_;
  bool ok_ = true;
};

std::optional<KeytabEntry> read_entry(Octets record) {
  KeytabEntry entry;
  const std::uint32_t components = record.number(2);
  entry.realm = as_text(record.counted());
  for (std::uint32_t i = 0; i < components && record.ok(); ++i) entry.components.emplace_back(as_text(record.counted()));
  record.number(4);  // the kind of name
  record.number(4);  // when it was written
  entry.version = record.number(1);
  entry.encryption_type = static_cast<std::uint16_t>(record.number(2));
  const ByteView key = record.counted();
  entry.key.assign(key.begin(), key.end());
  if (!record.ok() || entry.components.empty() || entry.key.empty()) return std::nullopt;
  // Versions above 255 stand behind.
  if (record.left() >= 4) {
    const std::uint32_t version = record.number(4);
    if (version != 0) entry.version = version;
  }
  return entry;
}

}  // namespace

Result<std::vector<KeytabEntry>> read_keytab(ByteView octets) {
  const Error bad(ErrorCode::InvalidArgument, "this is no keytab; a keytab begins with the octets 05 02, and base64 of one with BQI");
  Octets file(octets);
  if (file.number(2) != 0x0502) return bad;
  std::vector<KeytabEntry> entries;
  while (file.left() > 0) {
    // A negative length is a hole that a removed entry left.
    const auto length = static_cast<std::int32_t>(file.number(4));
    if (!file.ok()) return bad;
    if (length == 0) break;
    const ByteView record = file.take(length < 0 ? std::size_t{0} - static_cast<std::size_t>(length) : static_cast<std::size_t>(length));
    if (!file.ok()) return bad;
    if (length < 0) continue;
    auto entry = read_entry(Octets(record));
    if (!entry) return bad;
    entries.push_back(std::move(*entry));
  }
  if (entries.empty()) return Error(ErrorCode::InvalidArgument, "the keytab holds no key");
  return entries;
}

}  // namespace ipam::client::kerberos
