#include "wire/dns/message.h"

#include "base/strings.h"
#include "wire/dns/escape.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::wire::dns {
namespace {

constexpr std::uint16_t kExtendedErrorOption = 15;
constexpr std::size_t kSmallestQuestion = 5;

Header read_header(Reader& reader) {
  Header header;
  header.id = reader.u16();
  const std::uint16_t flags = reader.u16();
  header.response = (flags & 0x8000U) != 0;
  header.opcode = static_cast<Opcode>(flags >> 11 & 15);
  header.authoritative = (flags & 0x0400U) != 0;
  header.truncated = (flags & 0x0200U) != 0;
  header.recursion_desired = (flags & 0x0100U) != 0;
  header.recursion_available = (flags & 0x0080U) != 0;
  header.authentic_data = (flags & 0x0020U) != 0;
  header.checking_disabled = (flags & 0x0010U) != 0;
  header.rcode = flags & 15;
  return header;
}

std::uint16_t flags_of(const Header& header) {
  unsigned flags = (static_cast<unsigned>(header.opcode) & 15U) << 11 | (header.rcode & 15U);
  if (header.response) flags |= 0x8000U;
  if (header.authoritative) flags |= 0x0400U;
  if (header.truncated) flags |= 0x0200U;
  if (header.recursion_desired) flags |= 0x0100U;
  if (header.recursion_available) flags |= 0x0080U;
  if (header.authentic_data) flags |= 0x0020U;
  if (header.checking_disabled) flags |= 0x0010U;
  return static_cast<std::uint16_t>(flags);
}

void write_record(Writer& writer, const ResourceRecord& record) {
  writer.compressed(record.owner);
  writer.u16(static_cast<std::uint16_t>(record.type));
  writer.u16(static_cast<std::uint16_t>(record.record_class));
  writer.u32(record.ttl);
  const std::size_t length_at = writer.size();
  writer.u16(0);
  write_rdata(writer, record.type, record.rdata);
  writer.set_u16(length_at, static_cast<std::uint16_t>(writer.size() - length_at - 2));
}

void write_edns(Writer& writer, const Edns& edns) {
  writer.u8(0);
  writer.u16(static_cast<std::uint16_t>(RecordType::Opt));
  writer.u16(edns.payload_size);
  writer.u8(edns.extended_rcode);
  writer.u8(edns.version);
  writer.u16(edns.dnssec_ok ? 0x8000U : 0U);
  const std::size_t length_at = writer.size();
  writer.u16(0);
  for (const EdnsOption& option : edns.options) {
    writer.u16(option.code);
    writer.u16(static_cast<std::uint16_t>(option.data.size()));
    writer.bytes(option.data);
  }
  writer.set_u16(length_at, static_cast<std::uint16_t>(writer.size() - length_at - 2));
}

bool is_deletion(const ResourceRecord& record) { return record.record_class == RecordClass::Any || record.record_class == RecordClass::None; }

}  // namespace

Rcode Message::rcode() const { return static_cast<Rcode>((edns ? edns->extended_rcode : 0U) << 4U | header.rcode); }

std::string Message::extended_error() const {
  if (!edns) return "";
  for (const EdnsOption& option : edns->options) {
    if (option.code != kExtendedErrorOption || option.data.size() < 2) continue;
    const auto code = static_cast<std::uint16_t>(option.data[0] << 8 | option.data[1]);
    std::string text = fmt::format("{} ({})", extended_error_name(code), code);
    if (option.data.size() > 2) text += ": " + shorten(printable(as_text(ByteView(option.data).subspan(2))), 200);
    return text;
  }
  return "";
}

Result<MessageCursor> MessageCursor::create(ByteView message) {
  MessageCursor cursor(message);
  Reader& reader = cursor.reader_;
  cursor.header_ = read_header(reader);
  const std::uint16_t question_count = reader.u16();
  for (std::uint16_t& count : cursor.left_) count = reader.u16();
  cursor.questions_.reserve(std::min<std::size_t>(question_count, reader.remaining() / kSmallestQuestion));
  for (std::uint16_t i = 0; i < question_count && reader.ok(); ++i) {
    Question question;
    reader.name(question.name);
    question.type = static_cast<RecordType>(reader.u16());
    question.record_class = static_cast<RecordClass>(reader.u16());
    cursor.questions_.push_back(std::move(question));
  }
  if (auto read = reader.check(); !read.ok()) return std::move(read).error();
  return cursor;
}

// Moves to the section that the next record is in; false at the end.
bool MessageCursor::enter_section() {
  while (left_[static_cast<std::size_t>(section_)] == 0) {
    if (section_ == Section::Additional) return false;
    section_ = static_cast<Section>(static_cast<std::uint8_t>(section_) + 1);
  }
  --left_[static_cast<std::size_t>(section_)];
  return true;
}

Result<bool> MessageCursor::next(ResourceRecord& record) {
  while (enter_section()) {
    reader_.name(record.owner);
    record.type = static_cast<RecordType>(reader_.u16());
    record.record_class = static_cast<RecordClass>(reader_.u16());
    record.ttl = reader_.u32();
    const std::uint16_t length = reader_.u16();
    record.rdata.clear();
    // Only an UPDATE has records without data (RFC 2136 sections 2.4 and 2.5).
    if (length > 0 || !is_deletion(record)) read_rdata(reader_, record.type, length, record.rdata);
    const bool opt = record.type == RecordType::Opt, tsig = record.type == RecordType::Tsig;
    if (reader_.ok() && (opt || tsig) && section_ != Section::Additional) reader_.fail("OPT or TSIG stands outside of the additional section");
    if (reader_.ok() && tsig && left_[static_cast<std::size_t>(Section::Additional)] != 0) reader_.fail("TSIG is not the last record");
    if (reader_.ok() && opt) read_edns(record);
    if (!reader_.ok()) return reader_.check().error();
    if (!opt && !tsig) return true;
  }
  if (reader_.remaining() > 0) {
    reader_.fail("something follows after its last record");
    return reader_.check().error();
  }
  return false;
}

void MessageCursor::read_edns(const ResourceRecord& record) {
  if (edns_) return reader_.fail("it has two OPT records");
  if (!record.owner.is_root()) return reader_.fail("an OPT record has an owner");
  Edns& edns = edns_.emplace();
  edns.payload_size = static_cast<std::uint16_t>(record.record_class);
  edns.extended_rcode = static_cast<std::uint8_t>(record.ttl >> 24);
  edns.version = static_cast<std::uint8_t>(record.ttl >> 16);
  edns.dnssec_ok = (record.ttl & 0x8000U) != 0;
  Reader options(record.rdata);
  while (options.ok() && options.remaining() > 0) {
    EdnsOption& option = edns.options.emplace_back();
    option.code = options.u16();
    const ByteView data = options.bytes(options.u16());
    option.data.assign(data.begin(), data.end());
  }
  if (!options.ok()) reader_.fail("an EDNS option goes past its end");
}

Result<Message> parse_message(ByteView bytes) {
  MessageCursor cursor = IPAM_TRY(MessageCursor::create(bytes));
  Message message;
  message.header = cursor.header();
  ResourceRecord record;
  while (IPAM_TRY(cursor.next(record))) {
    auto& section = cursor.section() == Section::Answer      ? message.answers
                    : cursor.section() == Section::Authority ? message.authorities
                                                             : message.additionals;
    section.push_back(std::move(record));
  }
  message.questions = cursor.questions();
  message.edns = cursor.edns();
  return message;
}

Result<Bytes> serialize(const Message& message) {
  Writer writer;
  writer.u16(message.header.id);
  writer.u16(flags_of(message.header));
  writer.u16(static_cast<std::uint16_t>(message.questions.size()));
  writer.u16(static_cast<std::uint16_t>(message.answers.size()));
  writer.u16(static_cast<std::uint16_t>(message.authorities.size()));
  writer.u16(static_cast<std::uint16_t>(message.additionals.size() + (message.edns ? 1 : 0)));
  for (const Question& question : message.questions) {
    writer.compressed(question.name);
    writer.u16(static_cast<std::uint16_t>(question.type));
    writer.u16(static_cast<std::uint16_t>(question.record_class));
  }
  const Error too_long(ErrorCode::InvalidArgument, "a DNS message of more than 65535 octets; divide what it holds into several");
  for (const auto* section : {&message.answers, &message.authorities, &message.additionals}) {
    for (const ResourceRecord& record : *section) {
      write_record(writer, record);
      if (writer.size() > kMaxMessageSize) return too_long;
    }
  }
  if (message.edns) write_edns(writer, *message.edns);
  if (writer.size() > kMaxMessageSize) return too_long;
  return std::move(writer).take();
}

Message make_query(const Name& name, RecordType type, Recursion recursion) {
  Message message;
  message.header.recursion_desired = recursion == Recursion::Desired;
  message.questions.push_back({name, type, RecordClass::In});
  message.edns.emplace();
  return message;
}

Message make_notify(const Name& zone) {
  Message message;
  message.header.opcode = Opcode::Notify;
  message.header.authoritative = true;
  message.questions.push_back({zone, RecordType::Soa, RecordClass::In});
  return message;
}

}  // namespace ipam::wire::dns
