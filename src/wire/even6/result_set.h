// Records of a result set (MS-EVEN6 section 2.2.17): what EvtRpcQueryNext and subscriptions answer. Thread rule: plain values; views into what was
// given.
#pragma once

#include "base/bytes.h"
#include "base/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ipam::wire::even6 {

inline constexpr std::size_t kMaxRecords = 1'024;                  // MAX_RPC_RECORD_COUNT
inline constexpr std::size_t kMaxPayload = std::size_t{2} << 20U;  // MAX_PAYLOAD

struct Record {
  ByteView binxml;
  std::vector<std::uint32_t> subquery_ids;
  // Where the cursor stands in each channel of the query, in its order; and which of them the event is from.
  std::vector<std::uint64_t> record_ids;
  std::uint32_t current_channel = 0;
  bool newest_first = false;
};

// The records of a buffer by their places and sizes. Errors: Malformed (they leave the buffer, or there is not a size for each place).
Result<std::vector<ByteView>> records_of(ByteView buffer, const std::vector<std::uint32_t>& places, const std::vector<std::uint32_t>& sizes);
// Errors: Malformed.
Result<Record> parse_record(ByteView bytes);

}  // namespace ipam::wire::even6
