// Message: a whole DNS message as values (RFC 1035 section 4), with EDNS (RFC 6891) taken out of the additional section.
//
// MessageCursor reads the records of a message one by one into the same memory: what a transfer of a million records does. Every count in a header is
// believed only as far as there are octets. A TSIG record must be the last one; it is passed over here, for tsig.h works on the octets.
// Thread rule: plain values.
#pragma once

#include "wire/dns/record.h"

#include <vector>

namespace ipam::wire::dns {

constexpr std::size_t kHeaderSize = 12;
constexpr std::size_t kMaxMessageSize = 0xFFFF;

struct Header {
  std::uint16_t id = 0;
  bool response = false;
  Opcode opcode = Opcode::Query;
  bool authoritative = false;
  bool truncated = false;
  bool recursion_desired = false;
  bool recursion_available = false;
  bool authentic_data = false;
  bool checking_disabled = false;
  std::uint8_t rcode = 0;  // the lower four bits

  bool operator==(const Header&) const = default;
};

// In an UPDATE message, the zone (RFC 2136 section 2.3).
struct Question {
  Name name;
  RecordType type = RecordType::A;
  RecordClass record_class = RecordClass::In;

  bool operator==(const Question&) const = default;
};

struct EdnsOption {
  std::uint16_t code = 0;
  Bytes data;

  bool operator==(const EdnsOption&) const = default;
};

struct Edns {
  std::uint16_t payload_size = 1232;
  std::uint8_t extended_rcode = 0;  // the upper eight bits
  std::uint8_t version = 0;
  bool dnssec_ok = false;
  std::vector<EdnsOption> options;

  bool operator==(const Edns&) const = default;
};

struct Message {
  Header header;
  std::vector<Question> questions;
  std::vector<ResourceRecord> answers;      // in an UPDATE message, the prerequisites
  std::vector<ResourceRecord> authorities;  // in an UPDATE message, the changes
  std::vector<ResourceRecord> additionals;
  std::optional<Edns> edns;

  Rcode rcode() const;
  // What the server adds to a failure (RFC 8914): "Prohibited (18): not from there". Empty when it adds nothing.
  std::string extended_error() const;
  bool operator==(const Message&) const = default;
};

enum class Section : std::uint8_t { Answer, Authority, Additional };

class MessageCursor {
 public:
  // Errors: Malformed, when there is no whole header or the questions are not whole.
  static Result<MessageCursor> create(ByteView message);

  const Header& header() const { return header_; }
  const std::vector<Question>& questions() const { return questions_; }
  // The next record, but for OPT and TSIG: false at the end of the message, after which nothing may follow. Errors: Malformed.
  Result<bool> next(ResourceRecord& record);
  Section section() const { return section_; }  // of the record read last
  const std::optional<Edns>& edns() const { return edns_; }

 private:
  explicit MessageCursor(ByteView message) : reader_(message) {}
  bool enter_section();
  void read_edns(const ResourceRecord& record);

  Reader reader_;
  Header header_;
  std::vector<Question> questions_;
  std::optional<Edns> edns_;
  std::uint16_t left_[3] = {0, 0, 0};
  Section section_ = Section::Answer;
};

// Errors: Malformed.
Result<Message> parse_message(ByteView bytes);
// Errors: InvalidArgument, when it is longer than 65535 octets.
Result<Bytes> serialize(const Message& message);

// A question with EDNS, as a resolver (recursion desired) or a server's peer asks it.
enum class Recursion { Desired, NotDesired };
Message make_query(const Name& name, RecordType type, Recursion recursion);
// RFC 1996: the zone has changed.
Message make_notify(const Name& zone);

}  // namespace ipam::wire::dns
