// Range: all addresses from `first` to `last`, both included, of one family. Thread rule: a plain value.
#pragma once

#include "ip/prefix.h"

namespace ipam::ip {

class Range {
 public:
  constexpr Range() = default;
  Range(const Prefix& prefix) : first_(prefix.first()), last_(prefix.last()) {}

  // Errors: InvalidArgument (two families, first after last).
  static Result<Range> create(Address first, Address last);
  // "10.0.0.1-10.0.0.9" (spaces around '-' allowed), "10.0.0.0/24", or one address. Errors: InvalidArgument.
  static Result<Range> parse(std::string_view text);

  constexpr Family family() const { return first_.family(); }
  constexpr Address first() const { return first_; }
  constexpr Address last() const { return last_; }
  // Number of addresses; 2^128 is answered as 2^128 - 1.
  U128 size() const;
  // "10.0.0.1-10.0.0.9".
  std::string to_string() const;

  constexpr bool contains(Address address) const { return address.family() == family() && first_ <= address && address <= last_; }
  constexpr bool contains(const Range& other) const { return contains(other.first_) && contains(other.last_); }
  constexpr bool overlaps(const Range& other) const { return family() == other.family() && first_ <= other.last_ && other.first_ <= last_; }
  // The part both have in common, if any.
  std::optional<Range> intersection(const Range& other) const;

  constexpr auto operator<=>(const Range&) const = default;

 private:
  constexpr Range(Address first, Address last) : first_(first), last_(last) {}

  Address first_;
  Address last_;
};

}  // namespace ipam::ip
