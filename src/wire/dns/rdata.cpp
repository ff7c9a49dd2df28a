#include "wire/dns/rdata.h"

#include "wire/dns/rdata_layout.h"
#include "wire/dns/service_parameters.h"

#include <algorithm>
#include <cctype>

namespace ipam::wire::dns {
namespace {

void append(Bytes& out, ByteView bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

// A length octet with its octets.
void read_counted(Reader& reader, Bytes& out) {
  const std::uint8_t length = reader.u8();
  out.push_back(length);
  append(out, reader.bytes(length));
}

// Windows ascend, and each holds 1 to 32 octets of which the last one says something (RFC 4034 section 4.1.2).
void read_types(Reader& reader, Bytes& out) {
  int last_window = -1;
  while (reader.ok() && reader.remaining() > 0) {
    const std::uint8_t window = reader.u8(), length = reader.u8();
    if (window <= last_window || length == 0 || length > 32) return reader.fail("a type bitmap is not in order");
    const ByteView bits = reader.bytes(length);
    if (!bits.empty() && bits.back() == 0) return reader.fail("a type bitmap ends with nothing");
    last_window = window;
    out.push_back(window);
    out.push_back(length);
    append(out, bits);
  }
}

void read_field(Reader& reader, Field field, Bytes& out) {
  switch (field) {
    case Field::U8: return append(out, reader.bytes(1));
    case Field::U16:
    case Field::Type: return append(out, reader.bytes(2));
    case Field::U32:
    case Field::Time:
    case Field::Ipv4: return append(out, reader.bytes(4));
    case Field::Ipv6:
    case Field::Loc: return append(out, reader.bytes(16));
    case Field::OldName:
    case Field::Name: return append(out, reader.name().wire());
    case Field::Text:
    case Field::Salt: return read_counted(reader, out);
    case Field::Texts:
      do read_counted(reader, out);
      while (reader.ok() && reader.remaining() > 0);
      return;
    case Field::Hex:
    case Field::Base64:
      if (reader.remaining() == 0) return reader.fail("the last field of a record is empty");
      return append(out, reader.bytes(reader.remaining()));
    case Field::Value: return append(out, reader.bytes(reader.remaining()));
    case Field::Types: return read_types(reader, out);
    case Field::Parameters: {
      const ByteView parameters = reader.bytes(reader.remaining());
      if (!are_service_parameters(parameters)) return reader.fail("service parameters are not whole, or not in order");
      return append(out, parameters);
    }
    case Field::Hash: {
      const std::size_t at = out.size();
      read_counted(reader, out);
      if (reader.ok() && out[at] == 0) reader.fail("a hash is empty");
      return;
    }
    case Field::Tag: {
      const std::size_t at = out.size();
      read_counted(reader, out);
      const bool plain = std::all_of(out.begin() + static_cast<std::ptrdiff_t>(at) + (reader.ok() ? 1 : 0), out.end(), [](std::uint8_t octet) {
        return (octet >= '0' && octet <= '9') || (lower_octet(octet) >= 'a' && lower_octet(octet) <= 'z');
      });
      if (reader.ok() && (out[at] == 0 || !plain)) reader.fail("a property tag is not letters and digits");
      return;
    }
  }
}

}  // namespace

void read_rdata(Reader& reader, RecordType type, std::size_t length, Bytes& out) {
  if (reader.remaining() < length) return reader.fail("the data of a record goes past the end");
  const std::size_t outer_end = reader.end();
  const std::size_t own_end = reader.at() + length;
  const auto layout = layout_of(type);
  if (layout.empty()) return append(out, reader.bytes(length));
  reader.set_end(own_end);
  const std::size_t before = out.size();
  for (const Field field : layout) {
    if (!reader.ok()) break;
    read_field(reader, field, out);
  }
  if (reader.ok() && reader.at() != own_end) reader.fail("the data of a record is longer than its type has it");
  if (reader.ok() && out.size() - before > 0xFFFF) reader.fail("the data of a record is longer than 65535 octets");
  reader.set_end(outer_end);
}

void write_rdata(Writer& writer, RecordType type, ByteView rdata) {
  const auto layout = layout_of(type);
  const bool compresses = std::find(layout.begin(), layout.end(), Field::OldName) != layout.end();
  // An UPDATE has records without data (RFC 2136 section 2.4).
  if (!compresses || rdata.empty()) return writer.bytes(rdata);
  Reader reader(rdata);
  reader.allow_compression(false);
  Bytes scratch;
  for (const Field field : layout) {
    if (field == Field::OldName) {
      writer.compressed(reader.name());
      continue;
    }
    scratch.clear();
    read_field(reader, field, scratch);
    writer.bytes(scratch);
  }
  IPAM_ASSERT(reader.ok() && reader.remaining() == 0, "the data of a record that is written fits its type");
}

Result<void> check_rdata(RecordType type, ByteView rdata) {
  if (rdata.size() > 0xFFFF) return Error(ErrorCode::Malformed, "the data of a record is longer than 65535 octets");
  Reader reader(rdata);
  reader.allow_compression(false);
  Bytes copy;
  read_rdata(reader, type, rdata.size(), copy);
  return reader.check();
}

Bytes rdata_of(const ip::Address& address) { return address.network_bytes(); }

std::optional<ip::Address> address_in(RecordType type, ByteView rdata) {
  const std::size_t expected = type == RecordType::A ? 4 : type == RecordType::Aaaa ? 16 : 0;
  if (expected == 0 || rdata.size() != expected) return std::nullopt;
  return ip::Address::from_network_bytes(rdata).value();
}

Bytes rdata_of(const Name& target) { return {target.wire().begin(), target.wire().end()}; }

std::optional<Name> name_in(RecordType type, ByteView rdata) {
  if (type != RecordType::Ns && type != RecordType::Cname && type != RecordType::Ptr && type != RecordType::Dname) return std::nullopt;
  auto name = Name::from_wire(rdata);
  return name.ok() ? std::optional(std::move(name).value()) : std::nullopt;
}

std::optional<Soa> soa_in(ByteView rdata) {
  Reader reader(rdata);
  reader.allow_compression(false);
  Soa soa;
  reader.name(soa.primary);
  reader.name(soa.mailbox);
  for (std::uint32_t* field : {&soa.serial, &soa.refresh, &soa.retry, &soa.expire, &soa.minimum}) *field = reader.u32();
  if (!reader.ok() || reader.remaining() > 0) return std::nullopt;
  return soa;
}

Bytes rdata_of(const Soa& soa) {
  Writer writer;
  writer.in_full(soa.primary);
  writer.in_full(soa.mailbox);
  for (const std::uint32_t field : {soa.serial, soa.refresh, soa.retry, soa.expire, soa.minimum}) writer.u32(field);
  return std::move(writer).take();
}

}  // namespace ipam::wire::dns
