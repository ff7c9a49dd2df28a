#include "wire/even6/decoder.h"

#include "wire/even6/cursor.h"
#include "wire/even6/value.h"
#include "wire/log_lines/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace ipam::wire::even6 {
namespace {

// Section 2.2.12, "Token Types". kMore: more attributes, or more character data, follow.
constexpr std::uint8_t kMore = 0x40;
enum Token : std::uint8_t {
  kEof = 0x00,
  kOpenStartElement = 0x01,
  kCloseStartElement = 0x02,
  kCloseEmptyElement = 0x03,
  kEndElement = 0x04,
  kValueText = 0x05,
  kAttribute = 0x06,
  kCdata = 0x07,
  kCharRef = 0x08,
  kEntityRef = 0x09,
  kPiTarget = 0x0A,
  kPiData = 0x0B,
  kTemplateInstance = 0x0C,
  kNormalSubstitution = 0x0D,
  kOptionalSubstitution = 0x0E,
  kFragmentHeader = 0x0F,
};
constexpr std::uint16_t kNoDependency = 0xFFFF;

Error malformed(std::string_view why) { return {ErrorCode::Malformed, fmt::format("an event of the log is malformed (BinXml): {}", why)}; }
Error exhausted(std::string_view what) { return {ErrorCode::Exhausted, fmt::format("an event of the log has more {} than are read", what)}; }

struct Value {
  std::uint8_t type = 0;
  ByteView bytes;
};
using Values = std::vector<Value>;

std::string entity(const std::string& name) {
  if (name == "amp") return "&";
  if (name == "lt") return "<";
  if (name == "gt") return ">";
  if (name == "quot") return "\"";
  if (name == "apos") return "'";
  return "&" + name + ";";
}

}  // namespace

// One event. `values`: those of the template that is being read; none outside of templates.
class BinXmlParser {
 public:
  explicit BinXmlParser(Decoder& decoder) : decoder_(decoder), limits_(decoder.limits_) {}

  Result<Element> fragment(ByteView bytes) {
    if (++fragments_ > limits_.fragments) return exhausted("fragments within each other");
    Cursor cursor(bytes);
    std::vector<Element> elements;
    while (cursor.peek() == kPiTarget) IPAM_TRY(processing_instruction(cursor));
    skip_headers(cursor);
    if (cursor.peek() == kTemplateInstance) {
      IPAM_TRY(template_instance(cursor, elements));
    } else {
      IPAM_TRY(element(cursor, nullptr, elements));
    }
    while (cursor.peek() == kPiTarget) IPAM_TRY(processing_instruction(cursor));
    if (cursor.u8() != kEof || !cursor.ok()) return malformed("the end token is missing");
    if (elements.size() != 1) return malformed("it is not one element");
    --fragments_;
    return std::move(elements.front());
  }

 private:
  // What an element with an array in it needs to know: which item is told now, and how many there are.
  struct Repetition {
    std::size_t item = 0;
    std::optional<std::size_t> items;
  };

  Result<void> step() {
    if (++steps_ > limits_.steps) return exhausted("tokens");
    return {};
  }

  Result<void> take_text(std::size_t bytes) {
    text_ += bytes;
    if (text_ > limits_.text) return exhausted("bytes of text");
    return {};
  }

  static void skip_headers(Cursor& cursor) {
    while (cursor.peek() == kFragmentHeader) cursor.skip(4);
  }

  Result<std::string> name(Cursor& cursor) {
    cursor.u16();  // its hash
    const ByteView units = cursor.bytes(std::size_t{2} * cursor.u16());
    if (cursor.u16() != 0 || !cursor.ok() || units.empty()) return malformed("a name is none");
    std::string text = log_lines::printable(log_lines::utf8_of_utf16le(as_text(units)));
    IPAM_TRY(take_text(text.size()));
    return text;
  }

  Result<std::string> prefixed_text(Cursor& cursor) {
    const ByteView units = cursor.bytes(std::size_t{2} * cursor.u16());
    if (!cursor.ok()) return malformed("a text goes past its end");
    std::string text = IPAM_TRY(value_text(ValueType::String, units));
    IPAM_TRY(take_text(text.size()));
    return text;
  }

  Result<void> processing_instruction(Cursor& cursor) {
    IPAM_TRY(step());
    cursor.u8();
    IPAM_TRY(name(cursor));
    if (cursor.u8() != kPiData) return malformed("a processing instruction has no data");
    IPAM_TRY(prefixed_text(cursor));
    return {};
  }

  Result<void> template_instance(Cursor& cursor, std::vector<Element>& out) {
    IPAM_TRY(step());
    cursor.u8();
    if (cursor.u8() != 0) return malformed("a template instance has a form that is not known");
    const ByteView id_bytes = cursor.bytes(16);
    const std::uint32_t size = cursor.u32();
    const ByteView sent = cursor.bytes(size);
    if (!cursor.ok()) return malformed("a template goes past its end");
    Decoder::TemplateId id{};
    std::copy(id_bytes.begin(), id_bytes.end(), id.begin());
    if (size != 0) IPAM_TRY(keep(id, sent));
    const auto kept = decoder_.templates_.find(id);
    if (kept == decoder_.templates_.end()) return Error(ErrorCode::NotFound, "an event of the log names a template that the server has not sent");
    const Values values = IPAM_TRY(instance_values(cursor));
    const std::shared_ptr<const Bytes> definition = kept->second;
    Cursor body(*definition);
    skip_headers(body);
    IPAM_TRY(element(body, &values, out));
    if (body.u8() != kEof || !body.ok()) return malformed("the end token of a template is missing");
    return {};  // what follows in the definition is left over from its making: section 4.8
  }

  Result<void> keep(const Decoder::TemplateId& id, ByteView definition) {
    const auto former = decoder_.templates_.find(id);
    const bool is_new = former == decoder_.templates_.end();
    const std::size_t bytes = decoder_.template_bytes_ + definition.size() - (is_new ? 0 : former->second->size());
    if (decoder_.templates_.size() + (is_new ? 1 : 0) > limits_.templates || bytes > limits_.template_bytes)
      return exhausted("templates in a session");
    decoder_.templates_[id] = std::make_shared<const Bytes>(definition.begin(), definition.end());
    decoder_.template_bytes_ = bytes;
    return {};
  }

  Result<Values> instance_values(Cursor& cursor) {
    const std::uint32_t count = cursor.u32();
    if (count > cursor.remaining() / 4) return malformed("a template has more values than there are bytes");
    std::vector<std::pair<std::uint16_t, std::uint8_t>> specifications;
    specifications.reserve(count);
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint16_t size = cursor.u16();
      const std::uint8_t type = cursor.u8();
      cursor.u8();
      specifications.emplace_back(size, type);
    }
    Values values;
    values.reserve(count);
    for (const auto& [size, type] : specifications) values.push_back({type, cursor.bytes(size)});
    if (!cursor.ok()) return malformed("the values of a template go past their end");
    return values;
  }

  Result<void> element(Cursor& cursor, const Values* values, std::vector<Element>& out) {
    const std::uint8_t token = cursor.u8();
    if ((token & ~kMore) != kOpenStartElement) return malformed("an element was expected");
    const std::uint16_t dependency = values != nullptr ? cursor.u16() : kNoDependency;
    const std::uint32_t size = cursor.u32();
    const ByteView body = cursor.bytes(size);
    if (!cursor.ok()) return malformed("an element goes past its end");
    if (dependency != kNoDependency) {
      if (dependency >= values->size()) return malformed("an element depends on a value that is not there");
      if ((*values)[dependency].type == static_cast<std::uint8_t>(ValueType::Null)) return {};
    }
    if (++depth_ > limits_.depth) return exhausted("elements within each other");
    Repetition repetition;
    do {
      if (++elements_ > limits_.elements) return exhausted("elements");
      Element read = IPAM_TRY(element_body(body, (token & kMore) != 0, values, repetition));
      if (!repetition.items || repetition.item < *repetition.items) out.push_back(std::move(read));
      ++repetition.item;
    } while (repetition.items && repetition.item < *repetition.items);
    --depth_;
    return {};
  }

  Result<Element> element_body(ByteView body, bool has_attributes, const Values* values, Repetition& repetition) {
    IPAM_TRY(step());
    Cursor cursor(body);
    Element element;
    element.name = IPAM_TRY(name(cursor));
    if (has_attributes) {
      const std::uint32_t size = cursor.u32();
      Cursor list(cursor.bytes(size));
      while (cursor.ok() && list.remaining() > 0) IPAM_TRY(attribute(list, values, element, repetition));
    }
    const std::uint8_t close = cursor.u8();
    if (!cursor.ok() || (close != kCloseStartElement && close != kCloseEmptyElement)) return malformed("a start tag does not end");
    if (close == kCloseEmptyElement) return element;
    while ((cursor.peek() & ~kMore) != kEndElement) IPAM_TRY(content(cursor, values, element, repetition));
    cursor.u8();
    return element;
  }

  Result<void> attribute(Cursor& list, const Values* values, Element& element, Repetition& repetition) {
    if ((list.u8() & ~kMore) != kAttribute) return malformed("an attribute was expected");
    std::string attribute_name = IPAM_TRY(name(list));
    Element holder;  // collects the character data
    while (list.remaining() > 0 && (list.peek() & ~kMore) != kAttribute) {
      const std::uint8_t token = list.peek() & static_cast<std::uint8_t>(~kMore);
      if (token == kOpenStartElement || token == kTemplateInstance || token == kPiTarget) return malformed("an attribute holds what it cannot");
      IPAM_TRY(content(list, values, holder, repetition));
    }
    if (!holder.children.empty()) return malformed("an attribute holds an element");
    if (!holder.text.empty()) element.attributes.emplace_back(std::move(attribute_name), std::move(holder.text));
    return {};
  }

  // One piece of content into `element`.
  Result<void> content(Cursor& cursor, const Values* values, Element& element, Repetition& repetition) {
    IPAM_TRY(step());
    const std::uint8_t token = cursor.peek() & static_cast<std::uint8_t>(~kMore);
    switch (token) {
      case kOpenStartElement: return this->element(cursor, values, element.children);
      case kTemplateInstance: return template_instance(cursor, element.children);
      case kPiTarget: return processing_instruction(cursor);
      default: break;
    }
    cursor.u8();
    switch (token) {
      case kValueText:
        if (cursor.u8() != static_cast<std::uint8_t>(ValueType::String)) return malformed("a text has another type");
        element.text += IPAM_TRY(prefixed_text(cursor));
        return {};
      case kCdata: element.text += IPAM_TRY(prefixed_text(cursor)); return {};
      case kCharRef: {
        const std::uint16_t unit = cursor.u16();
        const std::array<std::uint8_t, 2> bytes{static_cast<std::uint8_t>(unit & 0xFFU), static_cast<std::uint8_t>(unit >> 8U)};
        if (!cursor.ok() || unit == 0) return malformed("a character reference is none");
        element.text += log_lines::utf8_of_utf16le(as_text(bytes));
        return {};
      }
      case kEntityRef: element.text += entity(IPAM_TRY(name(cursor))); return {};
      case kNormalSubstitution:
      case kOptionalSubstitution: return substitution(cursor, values, element, repetition);
      default: return malformed("a token is not known, or stands where it cannot");
    }
  }

  Result<void> substitution(Cursor& cursor, const Values* values, Element& element, Repetition& repetition) {
    const std::uint16_t index = cursor.u16();
    cursor.u8();  // the type that the template expects; the value's own is what counts
    if (!cursor.ok() || values == nullptr || index >= values->size()) return malformed("a substitution has no value");
    Value value = (*values)[index];
    if (is_array(value.type)) {
      const auto items = IPAM_TRY(array_items(scalar_of(value.type), value.bytes, limits_.array_items));
      steps_ += items.size() / 8;  // a long list costs time for each of its items
      repetition.items = std::max(repetition.items.value_or(0), items.size());
      if (repetition.item >= items.size()) return {};
      value = {static_cast<std::uint8_t>(scalar_of(value.type)), items[repetition.item]};
    }
    if (scalar_of(value.type) == ValueType::BinXml) {
      if (value.bytes.empty()) return {};
      element.children.push_back(IPAM_TRY(fragment(value.bytes)));
      return {};
    }
    std::string text = IPAM_TRY(value_text(scalar_of(value.type), value.bytes));
    IPAM_TRY(take_text(text.size()));
    element.text += text;
    return {};
  }

  Decoder& decoder_;
  const DecoderLimits& limits_;
  std::size_t depth_ = 0, fragments_ = 0, elements_ = 0, steps_ = 0, text_ = 0;
};

Result<Element> Decoder::decode(ByteView binxml) { return BinXmlParser(*this).fragment(binxml); }

}  // namespace ipam::wire::even6
