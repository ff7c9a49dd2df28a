// Reader: lines of a Kea lease file, as they come in.
//
//   Reader reader(ip::Family::V4, [&](Row row) -> Result<void> { … });
//   IPAM_TRY(reader.feed(piece)); …                      // pieces of any size
//   IPAM_TRY(reader.finish());                           // a last line without its end is left out: Kea is still writing it
//
// A comma or an ampersand in a value is written as "&#x2c" and "&#x26" (two hexadecimal digits). Errors: Malformed, with the number of the line and
// without its content; what the row's taker answers. Thread rule: one thread.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "ip/address.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace ipam::wire::kea_lease_file {

inline constexpr std::size_t kMaxLine = 65'536;

enum class LeaseType : std::uint8_t { Address = 0, TemporaryAddress = 1, Prefix = 2 };

struct Row {
  ip::Address address;
  Bytes hardware_address;            // may be empty
  Bytes client_id;                   // DHCPv6: the DUID
  std::uint32_t valid_lifetime = 0;  // seconds; 0: the lease is gone
  std::uint64_t expire = 0;          // seconds since 1970
  std::uint32_t subnet_id = 0;
  std::string hostname;
  std::uint8_t state = 0;  // 0 to 3
  LeaseType type = LeaseType::Address;
  std::uint32_t iaid = 0;
  std::uint8_t prefix_length = 128;

  bool operator==(const Row&) const = default;
};

class Reader {
 public:
  using OnRow = std::function<Result<void>(Row)>;
  Reader(ip::Family family, OnRow on_row) : family_(family), on_row_(std::move(on_row)) {}

  Result<void> feed(std::string_view piece);
  // Errors: Malformed also when there was no header.
  Result<void> finish();

 private:
  // Where each column stands; -1: it does not.
  struct Columns {
    int address = -1, hardware_address = -1, client_id = -1, lifetime = -1, expire = -1, subnet_id = -1, hostname = -1, state = -1, type = -1,
        iaid = -1, prefix_length = -1;
    std::size_t count = 0;
  };
  Result<void> read_line(std::string_view line);
  Result<void> read_header(std::string_view line);
  Result<Row> read_row(std::string_view line) const;
  Error malformed(std::string_view why) const;

  const ip::Family family_;
  const OnRow on_row_;
  Columns columns_;
  std::string rest_;  // of a line whose end has not come
  std::uint64_t line_ = 0;
};

// "a&#x2cb" as "a,b"; what is no such sign stays as it is.
std::string unescape(std::string_view text);

}  // namespace ipam::wire::kea_lease_file
