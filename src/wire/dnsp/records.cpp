#include "wire/dnsp/records.h"

#include "base/strings.h"
#include "wire/dns/writer.h"
#include "wire/dnsp/name_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::wire::dnsp {
namespace {

using dns::Name;

constexpr std::uint32_t kWireFormat = 0x00100000;  // DNS_RPC_FLAG_RECORD_WIRE_FORMAT

// Types that wire/dns does not speak of by name.
enum Type : std::uint16_t {
  kMd = 3,
  kMf = 4,
  kMb = 7,
  kMg = 8,
  kMr = 9,
  kMinfo = 14,
  kX25 = 19,
  kIsdn = 20,
  kRt = 21,
  kSig = 24,
  kNxt = 30,
  kWins = 0xFF01,
  kWinsr = 0xFF02,
};
constexpr std::uint16_t number(dns::RecordType type) { return static_cast<std::uint16_t>(type); }

// Takes octets apart; what is wrong first is remembered, and everything after it is zero.
class Fields {
 public:
  explicit Fields(ByteView octets) : octets_(octets) {}

  std::uint8_t u8() { return static_cast<std::uint8_t>(little_endian(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(little_endian(2)); }
  std::uint32_t u32() { return little_endian(4); }
  ByteView octets(std::size_t count) {
    if (count > octets_.size()) {
      fail("the data is shorter than its type");
      return {};
    }
    const ByteView view = octets_.first(count);
    octets_ = octets_.subspan(count);
    return view;
  }
  ByteView rest() { return octets(octets_.size()); }
  // DNS_RPC_NAME, section 2.2.2.2.1.
  std::string_view text() { return as_text(octets(u8())); }
  Name name() {
    const std::string_view content = text();
    if (content.empty()) return {};
    auto parsed = parse_name(content);
    if (!parsed.ok()) {
      fail(parsed.error().message);
      return {};
    }
    return std::move(parsed).value();
  }
  bool at_end() const { return octets_.empty(); }
  void fail(std::string problem) {
    if (problem_.empty()) problem_ = std::move(problem);
    octets_ = {};
  }
  const std::string& problem() const { return problem_; }

 private:
  std::uint32_t little_endian(std::size_t size) {
    const ByteView view = octets(size);
    std::uint32_t value = 0;
    for (std::size_t i = view.size(); i > 0; --i) value = value << 8 | view[i - 1];
    return value;
  }

  ByteView octets_;
  std::string problem_;
};

void put_text(dns::Writer& writer, std::string_view text) {
  writer.u8(static_cast<std::uint8_t>(text.size()));
  writer.bytes(as_bytes(text));
}

// Section 2.2.2.2.4.3: serial, times, then the names.
void put_soa(Fields& fields, dns::Writer& writer) {
  std::uint32_t numbers[5];
  for (std::uint32_t& each : numbers) each = fields.u32();
  writer.in_full(fields.name());
  writer.in_full(fields.name());
  for (const std::uint32_t each : numbers) writer.u32(each);
}

// Section 2.2.2.2.4.10 and 2.2.2.2.4.11.
void put_signature(Fields& fields, dns::Writer& writer) {
  writer.u16(fields.u16());
  writer.u8(fields.u8());
  writer.u8(fields.u8());
  for (int i = 0; i < 3; ++i) writer.u32(fields.u32());
  writer.u16(fields.u16());
  writer.in_full(fields.name());
  writer.bytes(fields.rest());
}

// Section 2.2.2.2.4.17: words of a bitmap before the name, where RFC 2535 section 5.2 has its octets behind it.
void put_nxt(Fields& fields, dns::Writer& writer) {
  std::vector<std::uint16_t> words(fields.u16());
  for (std::uint16_t& word : words) {
    if (fields.at_end()) break;
    word = fields.u16();
  }
  writer.in_full(fields.name());
  for (const std::uint16_t word : words) writer.u16(word);
}

void put_naptr(Fields& fields, dns::Writer& writer) {
  writer.u16(fields.u16());
  writer.u16(fields.u16());
  for (int i = 0; i < 3; ++i) put_text(writer, fields.text());
  writer.in_full(fields.name());
}

// Sections 2.2.2.2.4.25 and 2.2.2.2.4.26: both lengths before both values.
void put_nsec3(Fields& fields, dns::Writer& writer, bool with_hash) {
  writer.u8(fields.u8());
  writer.u8(fields.u8());
  writer.u16(fields.u16());
  const std::uint8_t salt_size = fields.u8();
  const std::uint8_t hash_size = with_hash ? fields.u8() : std::uint8_t{0};
  writer.u8(salt_size);
  writer.bytes(fields.octets(salt_size));
  if (!with_hash) return;
  writer.u8(hash_size);
  writer.bytes(fields.octets(hash_size));
  writer.bytes(fields.rest());
}

// Sections 2.2.2.2.4.21 and 2.2.2.2.4.22, as Windows puts them into messages: everything in the byte order of the network.
void put_wins(Fields& fields, dns::Writer& writer) {
  for (int i = 0; i < 3; ++i) writer.u32(fields.u32());
  const std::uint32_t servers = fields.u32();
  writer.u32(servers);
  if (servers > 0x4000) fields.fail("there are too many WINS servers");
  writer.bytes(fields.octets(std::size_t{servers} * 4));
}

void put_winsr(Fields& fields, dns::Writer& writer) {
  for (int i = 0; i < 3; ++i) writer.u32(fields.u32());
  writer.in_full(fields.name());
}

void put_texts(Fields& fields, dns::Writer& writer) {
  if (fields.at_end()) put_text(writer, "");  // a text without any string is one empty string in DNS
  while (!fields.at_end()) put_text(writer, fields.text());
}

void put_two_names(Fields& fields, dns::Writer& writer) {
  writer.in_full(fields.name());
  writer.in_full(fields.name());
}

void put_preference(Fields& fields, dns::Writer& writer) {
  writer.u16(fields.u16());
  writer.in_full(fields.name());
}

void put_srv(Fields& fields, dns::Writer& writer) {
  for (int i = 0; i < 3; ++i) writer.u16(fields.u16());
  writer.in_full(fields.name());
}

// DNSKEY, KEY and DS: a number, two octets and the rest.
void put_key(Fields& fields, dns::Writer& writer) {
  writer.u16(fields.u16());
  writer.bytes(fields.rest());
}

void put_name_and_rest(Fields& fields, dns::Writer& writer) {
  writer.in_full(fields.name());
  writer.bytes(fields.rest());
}

void put_data(std::uint16_t type, Fields& fields, dns::Writer& writer) {
  using dns::RecordType;
  switch (type) {
    case number(RecordType::Ns):
    case kMd:
    case kMf:
    case number(RecordType::Cname):
    case kMb:
    case kMg:
    case kMr:
    case number(RecordType::Ptr):
    case number(RecordType::Dname): return writer.in_full(fields.name());
    case number(RecordType::Soa): return put_soa(fields, writer);
    case kMinfo:
    case number(RecordType::Rp): return put_two_names(fields, writer);
    case number(RecordType::Mx):
    case number(RecordType::Afsdb):
    case kRt: return put_preference(fields, writer);
    case number(RecordType::Hinfo):
    case number(RecordType::Txt):
    case kX25:
    case kIsdn: return put_texts(fields, writer);
    case kSig:
    case number(RecordType::Rrsig): return put_signature(fields, writer);
    case number(RecordType::Key):
    case number(RecordType::Dnskey):
    case number(RecordType::Ds): return put_key(fields, writer);
    case kNxt: return put_nxt(fields, writer);
    case number(RecordType::Srv): return put_srv(fields, writer);
    case number(RecordType::Naptr): return put_naptr(fields, writer);
    case number(RecordType::Nsec): return put_name_and_rest(fields, writer);
    case number(RecordType::Nsec3): return put_nsec3(fields, writer, true);
    case number(RecordType::Nsec3param): return put_nsec3(fields, writer, false);
    case kWins: return put_wins(fields, writer);
    case kWinsr: return put_winsr(fields, writer);
    default: return writer.bytes(fields.rest());  // A, AAAA, DHCID, TLSA, ATMA, and everything that is not known
  }
}

constexpr std::size_t kNodeHead = 12;
constexpr std::size_t kRecordHead = 24;

Record read_record(Fields& fields, std::uint16_t& data_size) {
  Record record;
  data_size = fields.u16();
  record.type = fields.u16();
  record.flags = fields.u32();
  fields.u32();  // dwSerial, of no meaning
  record.ttl = fields.u32();
  record.time_stamp = fields.u32();
  fields.u32();
  return record;
}

}  // namespace

Result<std::vector<Node>> read_nodes(ByteView buffer) {
  std::vector<Node> nodes;
  std::size_t at = 0;
  const auto left = [&] { return buffer.size() - at; };
  const auto wrong = [&](std::string_view problem) {
    return Error(ErrorCode::Malformed, fmt::format("node {} ({}), octet {}: {}", nodes.size(), shorten(nodes.back().name, 60), at, problem));
  };
  while (left() > 0) {
    Node& node = nodes.emplace_back();
    Fields fields(buffer.subspan(at));
    const std::uint16_t size = fields.u16();
    std::uint16_t records = fields.u16();
    node.flags = fields.u32();
    node.children = fields.u32();
    node.name = std::string(fields.text());
    if (!fields.problem().empty() || size > left() || size < kNodeHead + 1 + node.name.size()) return wrong("the node is longer than the octets");
    at += size;
    for (; records > 0; --records) {
      Fields head(buffer.subspan(at));
      std::uint16_t data_size = 0;
      Record record = read_record(head, data_size);
      if (!head.problem().empty() || data_size > left() - kRecordHead) return wrong("a record is longer than the octets");
      record.data = buffer.subspan(at + kRecordHead, data_size);
      node.records.push_back(record);
      // Records are aligned to four octets, the last one maybe not.
      at += std::min<std::size_t>((kRecordHead + data_size + 3U) / 4 * 4, left());
    }
  }
  return nodes;
}

bool is_tombstone(const Record& record) { return record.type == 0; }

Result<Bytes> rdata_of(const Record& record) {
  if ((record.flags & kWireFormat) != 0) return Bytes(record.data.begin(), record.data.end());
  Fields fields(record.data);
  dns::Writer writer;
  put_data(record.type, fields, writer);
  if (fields.problem().empty() && !fields.at_end()) fields.fail("the data is longer than its type");
  if (!fields.problem().empty()) {
    return Error(ErrorCode::Malformed,
                 fmt::format("a record of type {}: {}", to_string(static_cast<dns::RecordType>(record.type)), fields.problem()));
  }
  return std::move(writer).take();
}

}  // namespace ipam::wire::dnsp
