// The bodies of request, response and fault, each before the octets of the parameters (C706 section 12.6.4.9 and following; MS-RPCE
// section 2.2.2.12), and the putting together of fragments. Thread rule: plain values; an Assembler belongs to one thread.
#pragma once

#include "wire/dcerpc/pdu.h"

namespace ipam::wire::dcerpc {

struct RequestHead {
  static constexpr std::size_t kSize = 8;
  std::uint32_t allocation_hint = 0;  // octets of parameters, from here on
  std::uint16_t context_id = 0;
  std::uint16_t operation = 0;

  bool operator==(const RequestHead&) const = default;
};
constexpr auto layout(const RequestHead*) {
  using namespace ndr;
  return structure(field("alloc_hint", &RequestHead::allocation_hint, u32), field("p_cont_id", &RequestHead::context_id, u16),
                   field("opnum", &RequestHead::operation, u16));
}

struct ResponseHead {
  static constexpr std::size_t kSize = 8;
  std::uint32_t allocation_hint = 0;
  std::uint16_t context_id = 0;
  std::uint8_t cancel_count = 0;

  bool operator==(const ResponseHead&) const = default;
};
constexpr auto layout(const ResponseHead*) {
  using namespace ndr;
  return structure(field("alloc_hint", &ResponseHead::allocation_hint, u32), field("p_cont_id", &ResponseHead::context_id, u16),
                   field("cancel_count", &ResponseHead::cancel_count, u8), reserved("reserved", u8));
}

struct Fault {
  std::uint32_t allocation_hint = 0;
  std::uint16_t context_id = 0;
  std::uint8_t cancel_count = 0;
  std::uint32_t status = 0;

  bool operator==(const Fault&) const = default;
};
constexpr auto layout(const Fault*) {
  using namespace ndr;
  return structure(field("alloc_hint", &Fault::allocation_hint, u32), field("p_cont_id", &Fault::context_id, u16),
                   field("cancel_count", &Fault::cancel_count, u8), reserved("reserved", u8), field("status", &Fault::status, u32),
                   reserved("reserved2", u32));
}

// Errors: Malformed.
Result<Fault> read_fault(ByteView body);
// The status of a fault as an error that says what it means and what would mend it (C706 appendix E; MS-RPCE section 3.3.1.5.7 and appendix A).
Error fault_error(std::uint32_t status);

// Puts the fragments of one response together. Bounded: with at most `limit` octets of parameters in all.
class Assembler {
 public:
  Assembler(std::uint32_t call_id, std::size_t limit) : call_id_(call_id), limit_(limit) {}

  // The parameters of one fragment, opened already. Errors: Malformed (another call's, out of order, too long).
  Result<void> add(const Header& header, ByteView parameters);
  bool complete() const { return complete_; }
  const Bytes& parameters() const { return parameters_; }
  Bytes take() && { return std::move(parameters_); }

 private:
  std::uint32_t call_id_;
  std::size_t limit_;
  bool begun_ = false;
  bool complete_ = false;
  Bytes parameters_;
};

}  // namespace ipam::wire::dcerpc
