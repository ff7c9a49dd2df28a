#include "wire/kea_lease_file/reader.h"

#include "base/strings.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace ipam::wire::kea_lease_file {
namespace {

constexpr std::string_view kSign = "&#x";
constexpr std::size_t kMostColumns = 64;
constexpr std::uint64_t kMaxSubnetId = 4'294'967'294;
constexpr std::uint64_t kMaxSeconds = 253'402'300'799;  // the last second of the year 9999
constexpr std::size_t kMaxHardwareAddress = 20;
constexpr std::size_t kMaxClientId = 255;

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string_view at(const std::vector<std::string_view>& fields, int column) {
  return column < 0 ? std::string_view() : fields[static_cast<std::size_t>(column)];
}

}  // namespace

std::string unescape(std::string_view text) {
  std::string plain;
  while (!text.empty()) {
    const auto sign = text.find(kSign);
    plain += text.substr(0, sign);
    if (sign == std::string_view::npos) break;
    text.remove_prefix(sign);
    const int high = text.size() > 4 ? digit(text[3]) : -1, low = text.size() > 4 ? digit(text[4]) : -1;
    if (high < 0 || low < 0) {
      plain += kSign;
      text.remove_prefix(kSign.size());
    } else {
      plain += static_cast<char>(high * 16 + low);
      text.remove_prefix(5);
    }
  }
  return plain;
}

Error Reader::malformed(std::string_view why) const { return {ErrorCode::Malformed, fmt::format("line {} of the lease file: {}", line_, why)}; }

Result<void> Reader::feed(std::string_view piece) {
  while (!piece.empty()) {
    const auto end = piece.find('\n');
    if (rest_.size() + std::min(end, piece.size()) > kMaxLine) return malformed("it is longer than a line can be");
    if (end == std::string_view::npos) {
      rest_ += piece;
      return {};
    }
    if (rest_.empty()) {
      IPAM_TRY(read_line(piece.substr(0, end)));
    } else {
      rest_ += piece.substr(0, end);
      const std::string line = std::exchange(rest_, {});
      IPAM_TRY(read_line(line));
    }
    piece.remove_prefix(end + 1);
  }
  return {};
}

Result<void> Reader::finish() {
  rest_.clear();
  if (columns_.count == 0) return Error(ErrorCode::Malformed, "the file has no line of a lease file of Kea; is it the right one?");
  return {};
}

Result<void> Reader::read_line(std::string_view line) {
  ++line_;
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (columns_.count == 0) return read_header(line);
  if (line.empty()) return {};
  return on_row_(IPAM_TRY(read_row(line)));
}

Result<void> Reader::read_header(std::string_view line) {
  const auto names = split(line, ',');
  if (names.size() > kMostColumns) return malformed("there are more columns than a lease has");
  Columns columns;
  const bool version6 = family_ == ip::Family::V6;
  const std::array<std::pair<std::string_view, int*>, 11> known{{{"address", &columns.address},
                                                                 {"hwaddr", &columns.hardware_address},
                                                                 {version6 ? "duid" : "client_id", &columns.client_id},
                                                                 {"valid_lifetime", &columns.lifetime},
                                                                 {"expire", &columns.expire},
                                                                 {"subnet_id", &columns.subnet_id},
                                                                 {"hostname", &columns.hostname},
                                                                 {"state", &columns.state},
                                                                 {"lease_type", &columns.type},
                                                                 {"iaid", &columns.iaid},
                                                                 {"prefix_len", &columns.prefix_length}}};
  for (std::size_t i = 0; i < names.size(); ++i) {
    for (const auto& [name, column] : known) {
      if (names[i] == name) *column = static_cast<int>(i);
    }
  }
  bool complete = columns.address >= 0 && columns.lifetime >= 0 && columns.expire >= 0 && columns.subnet_id >= 0 && columns.client_id >= 0;
  if (version6) complete = complete && columns.type >= 0 && columns.iaid >= 0 && columns.prefix_length >= 0;
  if (!complete)
    return malformed(fmt::format("it is not the header of a lease file of {}; is the path right?", version6 ? "kea-dhcp6" : "kea-dhcp4"));
  columns.count = names.size();
  columns_ = columns;
  return {};
}

Result<Row> Reader::read_row(std::string_view line) const {
  const auto fields = split(line, ',');
  if (fields.size() != columns_.count) return malformed(fmt::format("{} columns are expected, not {}", columns_.count, fields.size()));
  Row row;
  const auto address = ip::Address::parse(at(fields, columns_.address));
  if (!address.ok() || address->family() != family_) return malformed("the address is none");
  row.address = *address;
  const auto number = [&](int column, std::uint64_t most) { return parse_integer<std::uint64_t>(at(fields, column), 0, most); };
  const auto lifetime = number(columns_.lifetime, 0xFFFFFFFF), expire = number(columns_.expire, kMaxSeconds);
  const auto subnet = number(columns_.subnet_id, kMaxSubnetId);
  if (!lifetime || !expire || !subnet) return malformed("a lifetime, time or subnet is no number");
  row.valid_lifetime = static_cast<std::uint32_t>(*lifetime);
  row.expire = *expire;
  row.subnet_id = static_cast<std::uint32_t>(*subnet);
  if (columns_.state >= 0 && !at(fields, columns_.state).empty()) {
    const auto state = number(columns_.state, 3);
    if (!state) return malformed("the state is none of Kea's");
    row.state = static_cast<std::uint8_t>(*state);
  }
  const auto identifier = [&](int column, std::size_t most, Bytes& bytes) {
    if (at(fields, column).empty()) return true;
    auto read = from_hex(at(fields, column));
    if (!read.ok() || read->size() > most) return false;
    bytes = std::move(read).value();
    return true;
  };
  if (!identifier(columns_.hardware_address, kMaxHardwareAddress, row.hardware_address)) return malformed("the hardware address is none");
  if (!identifier(columns_.client_id, kMaxClientId, row.client_id)) return malformed("the client's identifier is none");
  row.hostname = unescape(at(fields, columns_.hostname));
  if (family_ == ip::Family::V6) {
    const auto type = number(columns_.type, 2), iaid = number(columns_.iaid, 0xFFFFFFFF), length = number(columns_.prefix_length, 128);
    if (!type || !iaid || !length) return malformed("a type, IAID or length of a prefix is none");
    row.type = static_cast<LeaseType>(*type);
    row.iaid = static_cast<std::uint32_t>(*iaid);
    row.prefix_length = static_cast<std::uint8_t>(*length);
  }
  return row;
}

}  // namespace ipam::wire::kea_lease_file
