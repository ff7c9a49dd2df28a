#include "wire/csv/decoder.h"

namespace ipam::wire::csv {
namespace {

constexpr std::size_t kLongestMark = 3;

void append(std::uint32_t c, std::string& text) {
  const auto byte = [&](std::uint32_t value) { text += static_cast<char>(value); };
  if (c < 0x80) {
    byte(c);
  } else if (c < 0x800) {
    byte(0xC0 | (c >> 6U));
    byte(0x80 | (c & 0x3FU));
  } else if (c < 0x10000) {
    byte(0xE0 | (c >> 12U));
    byte(0x80 | ((c >> 6U) & 0x3FU));
    byte(0x80 | (c & 0x3FU));
  } else {
    byte(0xF0 | (c >> 18U));
    byte(0x80 | ((c >> 12U) & 0x3FU));
    byte(0x80 | ((c >> 6U) & 0x3FU));
    byte(0x80 | (c & 0x3FU));
  }
}

}  // namespace

void Decoder::feed(std::string_view piece, std::string& text) {
  if (!begun_) {
    start_ += piece;
    if (start_.size() >= kLongestMark) begin(text);
    return;
  }
  decode(piece, text);
}

void Decoder::begin(std::string& text) {
  begun_ = true;
  std::string_view bytes = start_;
  if (bytes.starts_with("\xEF\xBB\xBF")) {
    bytes.remove_prefix(3);
  } else if (bytes.starts_with("\xFF\xFE")) {
    encoding_ = Encoding::Utf16LittleEndian;
    bytes.remove_prefix(2);
  } else if (bytes.starts_with("\xFE\xFF")) {
    encoding_ = Encoding::Utf16BigEndian;
    bytes.remove_prefix(2);
  }
  decode(bytes, text);
  start_ = {};
}

void Decoder::decode(std::string_view bytes, std::string& text) {
  if (encoding_ == Encoding::Utf8) {
    text += bytes;
    return;
  }
  for (const char c : bytes) {
    const int byte = static_cast<unsigned char>(c);
    if (half_unit_ < 0) {
      half_unit_ = byte;
      continue;
    }
    const int unit = encoding_ == Encoding::Utf16LittleEndian ? half_unit_ | (byte << 8) : (half_unit_ << 8) | byte;
    half_unit_ = -1;
    take_unit(static_cast<std::uint16_t>(unit), text);
  }
}

void Decoder::take_unit(std::uint16_t unit, std::string& text) {
  const bool is_high = unit >= 0xD800 && unit <= 0xDBFF, is_low = unit >= 0xDC00 && unit <= 0xDFFF;
  if (high_ != 0) {
    const std::uint16_t high = high_;
    high_ = 0;
    if (is_low) {
      append(0x10000U + ((static_cast<std::uint32_t>(high) - 0xD800U) << 10U) + (unit - 0xDC00U), text);
      return;
    }
    text += kNoCharacter;
  }
  if (is_high) {
    high_ = unit;
  } else if (is_low) {
    text += kNoCharacter;
  } else {
    append(unit, text);
  }
}

void Decoder::finish(std::string& text) {
  if (!begun_) begin(text);
  if (half_unit_ >= 0 || high_ != 0) text += kNoCharacter;
  half_unit_ = -1;
  high_ = 0;
}

}  // namespace ipam::wire::csv
