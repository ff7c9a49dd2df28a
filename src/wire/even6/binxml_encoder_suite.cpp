#include "wire/even6/binxml_encoder_suite.h"

namespace ipam::wire::even6::encode {

Bytes operator+(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

Bytes little_endian(std::uint64_t value, std::size_t size) {
  Bytes bytes;
  for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<std::uint8_t>(value >> 8U * i));
  return bytes;
}

Bytes utf16(std::string_view text) {
  Bytes bytes;
  for (const char c : text) bytes = std::move(bytes) + little_endian(static_cast<unsigned char>(c), 2);
  return bytes;
}

Bytes name(std::string_view text) {
  std::uint32_t hash = 0;
  for (const char c : text) hash = hash * 65'599 + static_cast<unsigned char>(c);
  return little_endian(hash & 0xFFFFU, 2) + little_endian(text.size(), 2) + utf16(text) + Bytes{0, 0};
}

Bytes text(std::string_view value) { return Bytes{0x05, 0x01} + little_endian(value.size(), 2) + utf16(value); }
Bytes cdata(std::string_view value) { return Bytes{0x07} + little_endian(value.size(), 2) + utf16(value); }
Bytes character(std::uint16_t unit) { return Bytes{0x08} + little_endian(unit, 2); }
Bytes entity(std::string_view entity_name) { return Bytes{0x09} + name(entity_name); }
Bytes processing_instruction(std::string_view target, std::string_view data) {
  return Bytes{0x0A} + name(target) + Bytes{0x0B} + little_endian(data.size(), 2) + utf16(data);
}
Bytes substitution(std::uint16_t index, std::uint8_t type) { return Bytes{0x0E} + little_endian(index, 2) + Bytes{type}; }

Bytes element(std::string_view element_name, const Attributes& attributes, const Bytes& content, std::optional<std::uint16_t> dependency) {
  Bytes body = name(element_name);
  if (!attributes.empty()) {
    Bytes list;
    for (std::size_t i = 0; i < attributes.size(); ++i) {
      const std::uint8_t token = i + 1 < attributes.size() ? 0x46 : 0x06;
      list = std::move(list) + Bytes{token} + name(attributes[i].first) + attributes[i].second;
    }
    body = std::move(body) + little_endian(list.size(), 4) + list;
  }
  body = std::move(body) + (content.empty() ? Bytes{0x03} : Bytes{0x02} + content + Bytes{0x04});
  const Bytes depends = dependency ? little_endian(*dependency, 2) : Bytes{};
  return Bytes{static_cast<std::uint8_t>(attributes.empty() ? 0x01 : 0x41)} + depends + little_endian(body.size(), 4) + body;
}

Bytes template_instance(const Guid& id, const std::optional<Bytes>& definition, const std::vector<Value>& values) {
  const Bytes sent = definition ? Bytes{0x0F, 1, 1, 0} + *definition + Bytes{0} : Bytes{};
  Bytes bytes = Bytes{0x0C, 0} + Bytes(id.begin(), id.end()) + little_endian(sent.size(), 4) + sent + little_endian(values.size(), 4);
  for (const Value& value : values) bytes = std::move(bytes) + little_endian(value.bytes.size(), 2) + Bytes{value.type, 0};
  for (const Value& value : values) bytes = std::move(bytes) + value.bytes;
  return bytes;
}

Bytes fragment(const Bytes& content) { return Bytes{0x0F, 1, 1, 0} + content + Bytes{0}; }

Bytes record(const Bytes& binxml, const std::vector<std::uint64_t>& record_ids, std::uint32_t current_channel,
             const std::vector<std::uint32_t>& subquery_ids) {
  Bytes body = little_endian(binxml.size(), 4) + binxml + little_endian(subquery_ids.size(), 4);
  for (const std::uint32_t id : subquery_ids) body = std::move(body) + little_endian(id, 4);
  Bytes bookmark = little_endian(0x18 + 8 * record_ids.size(), 4) + little_endian(0x18, 4) + little_endian(record_ids.size(), 4) +
                   little_endian(current_channel, 4) + little_endian(0, 4) + little_endian(0x18, 4);
  for (const std::uint64_t id : record_ids) bookmark = std::move(bookmark) + little_endian(id, 8);
  const std::size_t place = 0x10 + body.size();
  return little_endian(place + bookmark.size(), 4) + little_endian(0x10, 4) + little_endian(0x10, 4) + little_endian(place, 4) + body + bookmark;
}

}  // namespace ipam::wire::even6::encode
