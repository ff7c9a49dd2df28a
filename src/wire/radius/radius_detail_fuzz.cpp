// Whatever a detail file holds: pieces make no difference, nor does stopping and going on; every byte is accounted for.
#include "wire/radius/detail_reader.h"

#include "base/strings.h"

#include <cstdlib>

namespace {

using namespace ipam;  // NOLINT: a program of one file
using namespace ipam::wire::radius;

DetailReader::Takers takers_of(std::vector<DetailEntry>& entries) {
  return {.on_entry = [&entries](const DetailEntry& entry) -> Result<void> {
            if (!is_clean_text(entry.accounting.user_name) || !is_clean_text(entry.unique_id)) std::abort();
            entries.push_back(entry);
            return {};
          },
          .on_bad = [](const wire::log_lines::BadLine& line) -> Result<void> {
            if (!is_clean_text(line.text)) std::abort();
            return {};
          }};
}

std::vector<DetailEntry> read(std::string_view text, std::size_t piece) {
  std::vector<DetailEntry> entries;
  DetailReader reader(takers_of(entries));
  for (std::size_t at = 0; at < text.size(); at += piece) {
    if (!reader.feed(text.substr(at, piece)).ok()) std::abort();
  }
  if (!reader.finish().ok() || reader.offset() != text.size()) std::abort();
  return entries;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  const auto whole = read(text, size + 1);
  if (whole != read(text, 9)) std::abort();
  std::vector<DetailEntry> resumed;
  std::uint64_t offset = 0;
  {
    DetailReader reader(takers_of(resumed));
    if (!reader.feed(text.substr(0, size / 2)).ok()) std::abort();
    offset = reader.offset();
  }
  DetailReader reader(takers_of(resumed), offset);
  if (!reader.feed(text.substr(offset)).ok() || !reader.finish().ok()) std::abort();
  if (resumed != whole) std::abort();
  return 0;
}
