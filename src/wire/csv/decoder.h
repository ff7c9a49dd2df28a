// Decoder: the bytes of a text file to UTF-8, by pieces of any size.
//
// A byte order mark says UTF-8 or UTF-16 (either order) and is left out; without one the bytes are taken for UTF-8 and given as they are. What is no
// character of UTF-16 (half a surrogate pair, half a unit at the end) becomes kNoCharacter, a byte that is in no UTF-8 text: who reads the text finds
// it where it finds other wrong bytes. Thread rule: one thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ipam::wire::csv {

inline constexpr char kNoCharacter = '\xFF';

enum class Encoding { Utf8, Utf16LittleEndian, Utf16BigEndian };

class Decoder {
 public:
  // Appends the text of the piece.
  void feed(std::string_view piece, std::string& text);
  // Appends what waited for more.
  void finish(std::string& text);

  // Known once four bytes or the end have come; Utf8 before.
  Encoding encoding() const { return encoding_; }

 private:
  void begin(std::string& text);
  void decode(std::string_view bytes, std::string& text);
  void take_unit(std::uint16_t unit, std::string& text);

  Encoding encoding_ = Encoding::Utf8;
  bool begun_ = false;
  std::string start_;       // the first bytes, until the byte order mark is known
  int half_unit_ = -1;      // the first byte of a unit
  std::uint16_t high_ = 0;  // the first half of a surrogate pair
};

}  // namespace ipam::wire::csv
