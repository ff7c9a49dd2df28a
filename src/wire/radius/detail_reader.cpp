#include "wire/radius/detail_reader.h"

#include "base/strings.h"
#include "wire/radius/detail_attribute.h"

#include <utility>

namespace ipam::wire::radius {

DetailReader::DetailReader(Takers takers, std::uint64_t offset)
    : takers_(std::move(takers)),
      lines_({.on_line = [this](const log_lines::Line& line) { return take_line(line); },
              .on_bad = [this](const log_lines::BadLine& line) { return take_bad(line); }},
             offset) {}

Result<void> DetailReader::finish() {
  IPAM_TRY(lines_.finish());
  return end_entry();
}

// A line that cannot be read spoils the entry that it is in.
Result<void> DetailReader::take_bad(const log_lines::BadLine& line) {
  if (!begun_) return takers_.on_bad(line);
  if (problem_.empty()) problem_ = line.reason;
  entry_.size += line.size;
  return {};
}

Result<void> DetailReader::end_entry() {
  if (!begun_) return {};
  begun_ = false;
  if (problem_.empty() && !has_status_) problem_ = "it does not say what it tells of (Acct-Status-Type)";
  if (problem_.empty() && !entry_.received) problem_ = "it does not say when it was received (Timestamp)";
  if (problem_.empty()) return takers_.on_entry(entry_);
  return takers_.on_bad(log_lines::make_bad_line({entry_.offset, entry_.size, head_}, std::exchange(problem_, {})));
}

Result<void> DetailReader::take_line(const log_lines::Line& line) {
  const bool attribute = line.text.starts_with('\t') || line.text.starts_with(' ');
  if (trim(line.text).empty()) {
    if (begun_) entry_.size += line.size;
    return end_entry();
  }
  if (!attribute) {
    IPAM_TRY(end_entry());
    begun_ = true;
    has_status_ = false;
    attributes_ = 0;
    problem_.clear();
    entry_ = {};
    entry_.offset = line.offset;
    entry_.size = line.size;
    head_ = line.text.substr(0, log_lines::BadLine::kMaxText);
    return {};
  }
  if (!begun_) return takers_.on_bad(log_lines::make_bad_line(line, "it belongs to no entry"));
  entry_.size += line.size;
  if (!problem_.empty()) return {};
  const std::string_view text = trim(line.text);
  const auto equals = text.find(" = ");
  const auto value = equals == std::string_view::npos ? std::nullopt : detail_text(text.substr(equals + 3));
  if (!value) {
    problem_ = "one of its lines is no attribute";
  } else if (++attributes_ > kMaxAttributes) {
    problem_ = "it has more attributes than are read";
  } else {
    const std::string_view name = text.substr(0, equals);
    problem_ = set_detail_attribute(entry_, name, *value);
    has_status_ = has_status_ || name == "Acct-Status-Type";
  }
  return {};
}

}  // namespace ipam::wire::radius
