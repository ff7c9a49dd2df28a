// Finds values inside of the text of a JSON document, so that a part of it can be replaced and every other byte stays: numbers keep their form
// ("1.0", integers beyond 64 bits), members their order. The text must be JSON that a parser has accepted (depth and syntax are its business); what
// is none is answered as nothing found, never read beyond its end. Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ipam::driver::kea {

struct JsonMember {
  std::string_view key;    // as it is written, without its quotes
  std::string_view value;  // as it is written
};

// Views into `object`, in the order of the text; nothing when it is no object.
std::optional<std::vector<JsonMember>> json_members(std::string_view object);
// The value of one member, or nothing.
std::optional<std::string_view> json_member(std::string_view object, std::string_view key);
// Views into `array`; nothing when it is no array.
std::optional<std::vector<std::string_view>> json_items(std::string_view array);

// Replacements of parts of one text.
class TextEdit {
 public:
  explicit TextEdit(std::string_view text) : text_(text) {}
  // `part` is a view into the text; parts do not overlap. An empty part is a place to insert at.
  void replace(std::string_view part, std::string with);
  std::string finish() &&;

 private:
  struct Replacement {
    std::size_t at = 0;
    std::size_t size = 0;
    std::string with;
  };
  std::string_view text_;
  std::vector<Replacement> replacements_;
};

}  // namespace ipam::driver::kea
