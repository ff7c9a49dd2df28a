#include "wire/nps_log/reader.h"

#include "base/strings.h"
#include "wire/nps_log/formats.h"

#include <utility>

namespace ipam::wire::nps_log {
namespace {

constexpr std::string_view kBegin = "<Event>";
constexpr std::string_view kEnd = "</Event>";

}  // namespace

Reader::Reader(Takers takers, std::uint64_t offset)
    : takers_(std::move(takers)),
      lines_({.on_line = [this](const log_lines::Line& line) { return take_line(line); },
              .on_bad = [this](const log_lines::BadLine& line) { return take_bad(line); }},
             offset) {}

Result<void> Reader::finish() {
  IPAM_TRY(lines_.finish());
  return give_up_entry("it has no end");
}

Result<void> Reader::take_bad(const log_lines::BadLine& line) {
  IPAM_TRY(give_up_entry("it has no end"));
  return takers_.on_bad(line);
}

Result<void> Reader::give_up_entry(std::string_view why) {
  if (entry_.empty()) return {};
  const std::string text = std::exchange(entry_, {});
  return takers_.on_bad(log_lines::make_bad_line({entry_offset_, entry_size_, text}, std::string(why)));
}

Result<void> Reader::take_line(const log_lines::Line& line) {
  const std::string_view text = trim(line.text);
  if (!entry_.empty() && !text.starts_with(kBegin)) {
    entry_.append(" ").append(text);
    entry_size_ += line.size;
    if (entry_.size() > log_lines::LineReader::kMaxLine) return give_up_entry("it is longer than an entry can be");
    if (!text.ends_with(kEnd)) return {};
    const std::string whole = std::exchange(entry_, {});
    return take_entry({entry_offset_, entry_size_, whole});
  }
  IPAM_TRY(give_up_entry("it has no end"));
  if (text.empty()) return {};
  if (text.starts_with(kBegin) && text.find(kEnd) == std::string_view::npos) {
    entry_ = text;
    entry_offset_ = line.offset;
    entry_size_ = line.size;
    return {};
  }
  return take_entry({line.offset, line.size, text});
}

Result<void> Reader::take_entry(const log_lines::Line& entry) {
  Record record;
  record.offset = entry.offset;
  record.size = entry.size;
  std::string_view problem;
  if (entry.text.starts_with('<')) {
    record.format = Format::Dts;
    problem = read_dts(entry.text, order_, record);
  } else if (entry.text.starts_with('"')) {
    record.format = Format::Database;
    problem = read_database(entry.text, order_, record);
  } else {
    record.format = Format::Ias;
    problem = read_ias(entry.text, order_, record);
  }
  if (!problem.empty()) return takers_.on_bad(log_lines::make_bad_line(entry, std::string(problem)));
  return takers_.on_record(record);
}

}  // namespace ipam::wire::nps_log
