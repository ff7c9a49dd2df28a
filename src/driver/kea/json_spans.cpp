#include "driver/kea/json_spans.h"

#include <algorithm>

namespace ipam::driver::kea {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

std::size_t skip_space(std::string_view text, std::size_t at) { return std::min(text.find_first_not_of(kSpace, at), text.size()); }

// Behind the closing quote of the string that begins at `at`.
std::size_t skip_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      return at + 1;
    }
  }
  return text.size();
}

// Behind the value that begins at `at`.
std::size_t skip_value(std::string_view text, std::size_t at) {
  if (at >= text.size()) return text.size();
  if (text[at] == '"') return skip_string(text, at);
  if (text[at] != '{' && text[at] != '[') return std::min(text.find_first_of(",]} \t\r\n", at), text.size());
  std::size_t depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = skip_string(text, at);
      continue;
    }
    ++at;
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth == 0) return at;
  }
  return text.size();
}

// Behind the next comma, or nothing at the end.
std::optional<std::size_t> next(std::string_view text, std::size_t at) {
  at = skip_space(text, at);
  if (at >= text.size() || text[at] != ',') return std::nullopt;
  return skip_space(text, at + 1);
}

}  // namespace

std::optional<std::vector<JsonMember>> json_members(std::string_view object) {
  std::size_t at = skip_space(object, 0);
  if (at >= object.size() || object[at] != '{') return std::nullopt;
  std::vector<JsonMember> members;
  std::optional<std::size_t> from = skip_space(object, at + 1);
  while (from && *from < object.size() && object[*from] == '"') {
    const std::size_t key_end = skip_string(object, *from);
    const std::size_t colon = skip_space(object, key_end);
    if (colon >= object.size() || object[colon] != ':') return std::nullopt;
    const std::size_t begin = skip_space(object, colon + 1);
    const std::size_t end = skip_value(object, begin);
    members.push_back({object.substr(*from + 1, key_end - *from - 2), object.substr(begin, end - begin)});
    from = next(object, end);
  }
  return members;
}

std::optional<std::string_view> json_member(std::string_view object, std::string_view key) {
  const auto members = json_members(object);
  if (!members) return std::nullopt;
  const auto found = std::find_if(members->begin(), members->end(), [&](const JsonMember& member) { return member.key == key; });
  return found == members->end() ? std::nullopt : std::optional(found->value);
}

std::optional<std::vector<std::string_view>> json_items(std::string_view array) {
  std::size_t at = skip_space(array, 0);
  if (at >= array.size() || array[at] != '[') return std::nullopt;
  std::vector<std::string_view> items;
  std::optional<std::size_t> from = skip_space(array, at + 1);
  while (from && *from < array.size() && array[*from] != ']') {
    const std::size_t end = skip_value(array, *from);
    items.push_back(array.substr(*from, end - *from));
    from = next(array, end);
  }
  return items;
}

void TextEdit::replace(std::string_view part, std::string with) {
  replacements_.push_back({static_cast<std::size_t>(part.data() - text_.data()), part.size(), std::move(with)});
}

std::string TextEdit::finish() && {
  std::sort(replacements_.begin(), replacements_.end(), [](const Replacement& a, const Replacement& b) { return a.at < b.at; });
  std::string result;
  std::size_t at = 0;
  for (const Replacement& each : replacements_) {
    result.append(text_.substr(at, each.at - at)).append(each.with);
    at = each.at + each.size;
  }
  return result.append(text_.substr(at));
}

}  // namespace ipam::driver::kea
