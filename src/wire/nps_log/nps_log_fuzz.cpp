// Whatever the log holds: pieces make no difference, nor does going on from the stored place; what is told is printable.
#include "wire/nps_log/reader.h"

#include "base/strings.h"

#include <cstdlib>

namespace {

using namespace ipam;  // NOLINT: a program of one file
using namespace ipam::wire::nps_log;

Takers takers_of(std::vector<Record>& records) {
  return {.on_record = [&records](const Record& record) -> Result<void> {
            if (!is_clean_text(record.user_name) || !is_clean_text(record.account) || !is_clean_text(record.session_id)) std::abort();
            records.push_back(record);
            return {};
          },
          .on_bad = [](const wire::log_lines::BadLine& line) -> Result<void> {
            if (!is_clean_text(line.text)) std::abort();
            return {};
          }};
}

std::vector<Record> read(std::string_view text, std::size_t piece) {
  std::vector<Record> records;
  Reader reader(takers_of(records));
  for (std::size_t at = 0; at < text.size(); at += piece) {
    if (!reader.feed(text.substr(at, piece)).ok()) std::abort();
  }
  if (!reader.finish().ok() || reader.offset() != text.size()) std::abort();
  return records;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  const auto whole = read(text, size + 1);
  if (whole != read(text, 13)) std::abort();
  std::vector<Record> resumed;
  std::uint64_t offset = 0;
  {
    Reader reader(takers_of(resumed));
    if (!reader.feed(text.substr(0, size / 2)).ok()) std::abort();
    offset = reader.offset();
  }
  Reader reader(takers_of(resumed), offset);
  if (!reader.feed(text.substr(offset)).ok() || !reader.finish().ok()) std::abort();
  // The order of ambiguous dates may have been learnt before the stop.
  if (resumed.size() != whole.size()) std::abort();
  return 0;
}
