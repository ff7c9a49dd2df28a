#include "cli/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace ipam::cli {
namespace {

constexpr char32_t kBroken = 0xFFFD;

struct Interval {
  char32_t first, last;
};

// Combining marks and invisible joiners (general categories Mn, Me, Cf) of the scripts that names are written in.
constexpr std::array<Interval, 14> kZeroWidth{{{0x0300, 0x036F},
                                               {0x0483, 0x0489},
                                               {0x0591, 0x05BD},
                                               {0x0610, 0x061A},
                                               {0x064B, 0x065F},
                                               {0x0E34, 0x0E3A},
                                               {0x0E47, 0x0E4E},
                                               {0x1AB0, 0x1AFF},
                                               {0x1DC0, 0x1DFF},
                                               {0x200B, 0x200D},
                                               {0x2060, 0x2064},
                                               {0x20D0, 0x20FF},
                                               {0xFE00, 0xFE0F},
                                               {0xFE20, 0xFE2F}}};
// East Asian Width W and F (Unicode Standard Annex 11), in whole blocks.
constexpr std::array<Interval, 11> kWide{{{0x1100, 0x115F},
                                          {0x2E80, 0x303E},
                                          {0x3041, 0x33FF},
                                          {0x3400, 0x4DBF},
                                          {0x4E00, 0x9FFF},
                                          {0xA000, 0xA4CF},
                                          {0xAC00, 0xD7A3},
                                          {0xF900, 0xFAFF},
                                          {0xFE30, 0xFE6F},
                                          {0xFF00, 0xFF60},
                                          {0x1F300, 0x1FAFF}}};

bool within(const auto& intervals, char32_t c) {
  return std::any_of(intervals.begin(), intervals.end(), [c](const Interval& i) { return c >= i.first && c <= i.last; });
}

std::size_t width_of(char32_t c) {
  if (c < 0x300) return 1;
  if (within(kZeroWidth, c)) return 0;
  return within(kWide, c) || (c >= 0x20000 && c <= 0x3FFFD) ? 2 : 1;
}

// Takes one character off the front; a byte that begins none is taken alone, as U+FFFD.
char32_t take(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  const std::size_t length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  char32_t c = length == 1 ? first : first & (0xFFU >> (length + 1));
  bool fine = first < 0x80 || (first >= 0xC2 && first <= 0xF4 && text.size() >= length);
  for (std::size_t i = 1; fine && i < length; ++i) {
    fine = (byte(i) & 0xC0U) == 0x80;
    c = c << 6U | (byte(i) & 0x3FU);
  }
  constexpr std::array<char32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};
  if (fine && (c < kLeast.at(length) || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))) fine = false;
  text.remove_prefix(fine ? length : 1);
  return fine ? c : kBroken;
}

bool steers(char32_t c) {
  const bool control = c < 0x20 || (c >= 0x7F && c <= 0x9F);
  const bool direction = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E || c == 0x200F || c == 0x061C;
  return control || direction || c == 0x2028 || c == 0x2029;
}

enum class Lines { Escape, Keep };

// A carriage return alone would let the rest of a line overwrite its beginning; only a whole line end is kept.
bool is_layout(char32_t c, std::string_view rest) { return c == '\n' || c == '\t' || (c == '\r' && rest.starts_with('\n')); }

std::string cleaned(std::string_view text, Lines lines) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::string_view before = text;
    const char32_t c = take(text);
    if (steers(c) && !(lines == Lines::Keep && is_layout(c, text))) {
      out += fmt::format(fmt::runtime(c < 0x100 ? "\\x{:02x}" : "\\u{:04x}"), static_cast<std::uint32_t>(c));
    } else if (c == kBroken) {
      out += "\xEF\xBF\xBD";
    } else {
      out.append(before.substr(0, before.size() - text.size()));
    }
  }
  return out;
}

}  // namespace

std::string printable(std::string_view text) { return cleaned(text, Lines::Escape); }
std::string printable_lines(std::string_view text) { return cleaned(text, Lines::Keep); }

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) width += width_of(take(text));
  return width;
}

std::string fit(std::string_view text, std::size_t width, std::string_view ellipsis) {
  if (display_width(text) <= width) return std::string(text);
  const std::size_t mark = display_width(ellipsis);
  if (width < mark) return {};
  std::string_view rest = text;
  std::size_t used = 0;
  std::size_t kept = 0;
  while (!rest.empty()) {
    used += width_of(take(rest));
    if (used > width - mark) break;
    kept = text.size() - rest.size();
  }
  return std::string(text.substr(0, kept)) + std::string(ellipsis);
}

std::string counted(unsigned long long count, std::string_view singular, std::string_view plural) {
  return fmt::format("{} {}", count, count == 1 ? singular : plural);
}

}  // namespace ipam::cli
