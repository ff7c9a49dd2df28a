// An encoder of BinXml and of records for tests and doubles of servers, written from the grammar of MS-EVEN6 section 2.2.12. Each function answers
// the bytes of one rule; they are put together with `+`. Strings are ASCII. Thread rule: pure functions.
#pragma once

#include "base/bytes.h"

#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace ipam::wire::even6::encode {

Bytes operator+(Bytes a, const Bytes& b);
Bytes little_endian(std::uint64_t value, std::size_t size);
Bytes utf16(std::string_view text);

Bytes name(std::string_view text);
Bytes text(std::string_view value);
Bytes cdata(std::string_view value);
Bytes character(std::uint16_t unit);
Bytes entity(std::string_view entity_name);
Bytes processing_instruction(std::string_view target, std::string_view data);
Bytes substitution(std::uint16_t index, std::uint8_t type);

using Attributes = std::vector<std::pair<std::string_view, Bytes>>;
// Outside of templates there is no dependency; within, 0xFFFF says so.
Bytes element(std::string_view element_name, const Attributes& attributes, const Bytes& content, std::optional<std::uint16_t> dependency = {});

using Guid = std::array<std::uint8_t, 16>;
struct Value {
  std::uint8_t type = 0;
  Bytes bytes;
};
// `definition`: the element; nothing when it was sent before in the session.
Bytes template_instance(const Guid& id, const std::optional<Bytes>& definition, const std::vector<Value>& values);
// With its header and its end token.
Bytes fragment(const Bytes& content);

// Section 2.2.17: a record of a query over these channels.
Bytes record(const Bytes& binxml, const std::vector<std::uint64_t>& record_ids, std::uint32_t current_channel,
             const std::vector<std::uint32_t>& subquery_ids = {});

}  // namespace ipam::wire::even6::encode
