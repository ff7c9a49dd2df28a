// Whatever a log holds: every byte belongs to exactly one line or bad line, in order; pieces make no difference; what is shown is clean text.
#include "wire/log_lines/line_reader.h"
#include "wire/log_lines/text.h"

#include "base/bytes.h"
#include "base/strings.h"

#include <cstdlib>

namespace {

using namespace ipam;  // NOLINT: a program of one file
using namespace ipam::wire::log_lines;

std::string read(std::string_view text, std::size_t piece) {
  std::string told;
  std::uint64_t at = 0;
  const auto check = [&](std::uint64_t offset, std::uint64_t size) {
    if (offset != at) std::abort();
    at += size;
  };
  LineReader reader({.on_line = [&](const Line& line) -> Result<void> {
                       check(line.offset, line.size);
                       const std::string shown = printable(line.text);
                       if (!is_clean_text(shown)) std::abort();
                       told += shown + '\n';
                       return {};
                     },
                     .on_bad = [&](const BadLine& line) -> Result<void> {
                       check(line.offset, line.size);
                       if (!is_clean_text(line.text)) std::abort();
                       told += "bad " + line.text + '\n';
                       return {};
                     }},
                    0, 64);
  for (std::size_t begin = 0; begin < text.size(); begin += piece) {
    if (!reader.feed(text.substr(begin, piece)).ok()) std::abort();
  }
  if (!reader.finish().ok() || at != text.size() || reader.offset() != at) std::abort();
  return told;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  if (read(text, size + 1) != read(text, 5)) std::abort();
  if (!is_clean_text(printable(utf8_of_utf16le(text)))) std::abort();
  return 0;
}
