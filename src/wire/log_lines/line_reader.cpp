#include "wire/log_lines/line_reader.h"

#include "base/strings.h"
#include "wire/log_lines/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace ipam::wire::log_lines {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

BadLine make_bad_line(const Line& line, std::string reason) {
  return {line.offset, line.size, std::move(reason), shorten(printable(line.text.substr(0, BadLine::kMaxText)), BadLine::kMaxText)};
}

LineReader::LineReader(Takers takers, std::uint64_t offset, std::size_t max_line)
    : takers_(std::move(takers)), max_line_(max_line), offset_(offset), at_start_(offset == 0) {}

// A part of a line whose end has not come.
void LineReader::take_part(std::string_view part) {
  const std::size_t room = max_line_ - std::min(max_line_, rest_.size());
  rest_ += part.substr(0, room);
  if (part.size() > room) skipped_ += part.size() - room;
}

Result<void> LineReader::take_nuls() {
  if (nuls_ == 0) return {};
  const std::uint64_t count = std::exchange(nuls_, 0);
  const std::uint64_t begin = offset_;
  offset_ += count;
  return takers_.on_bad({begin, count, fmt::format("{} that were never written (NUL)", count_of(count, "byte")), ""});
}

Result<void> LineReader::take_end(std::string_view last_part, std::size_t end_size) {
  std::string_view text = last_part;
  if (!rest_.empty() || last_part.size() > max_line_) {
    take_part(last_part);
    text = rest_;
  }
  Line line{offset_, text.size() + skipped_ + end_size, text};
  const bool too_long = skipped_ > 0;
  skipped_ = 0;
  if (std::exchange(at_start_, false) && line.text.starts_with(kByteOrderMark)) line.text.remove_prefix(kByteOrderMark.size());
  while (line.text.ends_with('\r')) line.text.remove_suffix(1);
  offset_ += line.size;
  Result<void> taken =
      too_long ? takers_.on_bad(make_bad_line(line, fmt::format("it is longer than {} bytes", max_line_))) : takers_.on_line(line);
  rest_.clear();
  return taken;
}

Result<void> LineReader::feed(std::string_view piece) {
  while (!piece.empty()) {
    if (rest_.empty() && skipped_ == 0 && piece.front() == '\0') {
      const auto end = std::min(piece.find_first_not_of('\0'), piece.size());
      nuls_ += end;
      piece.remove_prefix(end);
      continue;
    }
    IPAM_TRY(take_nuls());
    const auto end = piece.find('\n');
    if (end == std::string_view::npos) {
      take_part(piece);
      return {};
    }
    IPAM_TRY(take_end(piece.substr(0, end), 1));
    piece.remove_prefix(end + 1);
  }
  return {};
}

Result<void> LineReader::finish() {
  IPAM_TRY(take_nuls());
  if (rest_.empty()) return {};
  return take_end({}, 0);
}

}  // namespace ipam::wire::log_lines
