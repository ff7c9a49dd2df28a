// Name: a domain name, always absolute (RFC 1035 section 2.3 and 3.1, RFC 2181 section 11: any octet may stand in a label).
//
// Text: labels separated by dots, with or without the last one ("www.example" and "www.example." are the same name, "." is the root); `\.` and `\DDD`
// (three decimal digits) stand for one octet. Printed with the last dot. Limits: 63 octets a label, 255 the whole name with its length octets.
// Equality ignores the case of ASCII letters, which is kept for printing; the order is DNSSEC's canonical one (RFC 4034 section 6.1), in which a name
// stands right before what lies below it. Thread rule: a plain value.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "ip/address.h"

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace ipam::wire::dns {

class Name {
 public:
  static constexpr std::size_t kMaxWireSize = 255;
  static constexpr std::size_t kMaxLabelSize = 63;

  Name() : wire_(1, '\0') {}  // the root

  // Errors: InvalidArgument, with a message that quotes the text and says what is wrong with it.
  static Result<Name> parse(std::string_view text);
  // From its uncompressed form, all of it. Errors: Malformed.
  static Result<Name> from_wire(ByteView bytes);
  // The name under in-addr.arpa or ip6.arpa that has the address's PTR records (RFC 1035 section 3.5, RFC 3596 section 2.5).
  static Name reverse_of(const ip::Address& address);

  // Length octets and labels with the root at the end: at least one octet.
  ByteView wire() const { return as_bytes(wire_); }
  std::string to_string() const;
  // Without the root.
  std::size_t label_count() const;
  bool is_root() const { return wire_.size() == 1; }
  bool is_wildcard() const { return wire_.size() > 2 && wire_[0] == 1 && wire_[1] == '*'; }
  // Without its first label; the root's parent is the root.
  Name parent() const;
  // Whether it is the name or lies below it.
  bool is_within(const Name& ancestor) const;
  // With ASCII letters in lower case: the canonical form (RFC 4034 section 6.2).
  Name lowered() const;
  // The whole address of a complete reverse name, nothing for every other name.
  std::optional<ip::Address> reversed_address() const;

  friend bool operator==(const Name& a, const Name& b);
  friend std::strong_ordering operator<=>(const Name& a, const Name& b);

 private:
  friend class Reader;
  explicit Name(std::string wire) : wire_(std::move(wire)) {}

  std::string wire_;
};

// The octet in lower case if it is an ASCII letter.
constexpr std::uint8_t lower_octet(std::uint8_t octet) { return octet >= 'A' && octet <= 'Z' ? static_cast<std::uint8_t>(octet + 32) : octet; }

}  // namespace ipam::wire::dns
