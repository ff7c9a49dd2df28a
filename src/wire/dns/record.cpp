#include "wire/dns/record.h"

#include "base/strings.h"
#include "wire/dns/escape.h"

#include <fmt/format.h>

namespace ipam::wire::dns {

std::string ResourceRecord::to_string() const {
  return fmt::format("{} {} {} {} {}", owner.to_string(), ttl, dns::to_string(record_class), dns::to_string(type), rdata_text());
}

Result<ResourceRecord> make_record(std::string_view owner, std::string_view type, std::uint32_t ttl, std::string_view rdata) {
  const auto number = record_type_of(type);
  if (!number || is_meta_type(*number)) {
    return Error(ErrorCode::InvalidArgument,
                 fmt::format("'{}' is not a type of records; types are A, AAAA, PTR, … or TYPE123", shorten(printable(type), 60)));
  }
  // RFC 2181 section 8.
  if (ttl > 0x7FFFFFFF) return Error(ErrorCode::InvalidArgument, "a time to live is at most 2147483647 seconds");
  ResourceRecord record;
  record.owner = IPAM_TRY(Name::parse(owner));
  record.type = *number;
  record.ttl = ttl;
  record.rdata = IPAM_TRY(rdata_from_text(*number, rdata));
  return record;
}

SerialOrder compare_serials(std::uint32_t a, std::uint32_t b) {
  const std::uint32_t ahead = a - b;
  if (ahead == 0) return SerialOrder::Same;
  if (ahead == 0x80000000U) return SerialOrder::Undefined;
  return ahead < 0x80000000U ? SerialOrder::Newer : SerialOrder::Older;
}

}  // namespace ipam::wire::dns
