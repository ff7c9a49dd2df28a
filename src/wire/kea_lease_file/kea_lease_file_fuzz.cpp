// Whatever a file holds, the reader ends with rows or an error, and the pieces in which it comes make no difference.
#include "wire/kea_lease_file/reader.h"

#include <cstdlib>

namespace {

using namespace ipam;  // NOLINT: a program of one file
using wire::kea_lease_file::Reader;
using wire::kea_lease_file::Row;

struct Outcome {
  std::vector<Row> rows;
  bool whole = false;

  bool operator==(const Outcome&) const = default;
};

Outcome read(ip::Family family, std::string_view text, std::size_t piece) {
  Outcome outcome;
  Reader reader(family, [&](Row row) -> Result<void> {
    outcome.rows.push_back(std::move(row));
    return {};
  });
  for (std::size_t begin = 0; begin < text.size(); begin += piece) {
    if (!reader.feed(text.substr(begin, piece)).ok()) return outcome;
  }
  outcome.whole = reader.finish().ok();
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  for (const ip::Family family : {ip::Family::V4, ip::Family::V6}) {
    if (!(read(family, text, size + 1) == read(family, text, 7))) std::abort();
  }
  return 0;
}
