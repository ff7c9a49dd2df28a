#include "wire/dhcp_audit_log/reader.h"

#include "base/strings.h"

#include <utility>

namespace ipam::wire::dhcp_audit_log {
namespace {

bool begins_head(std::string_view text) {
  return text.find("Activity Log") != std::string_view::npos || (text.starts_with("Event ID") && text.find("Meaning") != std::string_view::npos) ||
         Legend().take(text);
}

bool begins_with_digit(std::string_view text) { return text.front() >= '0' && text.front() <= '9'; }

}  // namespace

Reader::Reader(Takers takers, Options options, const State& state)
    : takers_(std::move(takers)),
      options_(options),
      date_order_(state.date_order),
      lines_({.on_line = [this](const log_lines::Line& line) { return take_line(line); },
              .on_bad = [this](const log_lines::BadLine& line) { return take_bad(line); }},
             state.offset, options.max_line) {
  // By its place, not by its looks: a line may be both a header and an entry of a legend.
  const auto header = state.head.rfind('\n') + 1;  // 0 where there is no legend
  header_text_ = state.head.substr(header);
  columns_ = Columns::read(header_text_);
  in_head_ = !columns_;
  if (!columns_) return;
  legend_text_ = state.head.substr(0, header);
  for (const std::string_view line : split(legend_text_, '\n')) legend_.take(line);
}

State Reader::state() const { return {waiting_.empty() ? lines_.offset() : waiting_.front().line.offset, legend_text_ + header_text_, date_order_}; }

Result<void> Reader::finish() {
  IPAM_TRY(lines_.finish());
  return give_up_head();
}

Result<void> Reader::take_bad(const log_lines::BadLine& line) {
  if (waiting_.empty()) return takers_.on_bad(line);
  waiting_.push_back({line, true});
  return {};
}

Result<void> Reader::give_up_head() {
  for (const Waiting& each : std::exchange(waiting_, {})) IPAM_TRY(takers_.on_bad(each.line));
  in_head_ = false;
  return {};
}

Result<void> Reader::end_head(const Columns& columns, std::string_view header) {
  Legend legend;
  std::string text;
  for (const Waiting& each : std::exchange(waiting_, {})) {
    if (each.bad) {
      IPAM_TRY(takers_.on_bad(each.line));
    } else if (legend.take(each.line.text) && text.size() < State::kMaxHead) {
      text.append(each.line.text).append("\n");
    }
  }
  if (!legend.empty()) {  // a header alone changes the columns and leaves the legend
    legend_ = std::move(legend);
    legend_text_ = std::move(text);
  }
  columns_ = columns;
  header_text_ = header;
  in_head_ = false;
  return {};
}

Result<void> Reader::take_row(const log_lines::Line& line) {
  IPAM_TRY(give_up_head());
  const std::string_view problem = read_row(line.text, {*columns_, legend_, options_.expected_day}, date_order_, event_);
  if (!problem.empty()) return takers_.on_bad(log_lines::make_bad_line(line, std::string(problem)));
  event_.offset = line.offset;
  event_.size = line.size;
  return takers_.on_event(event_);
}

Result<void> Reader::take_line(const log_lines::Line& line) {
  const std::string_view text = trim(line.text);
  if (text.empty()) return {};
  if (columns_ && looks_like_row(text, *columns_)) return take_row(line);
  if (const auto columns = Columns::read(text)) return end_head(*columns, text);
  const bool head = in_head_ ? !begins_with_digit(text) || Legend().take(text) : begins_head(text);
  auto told = log_lines::make_bad_line(line, columns_ ? "it is no event" : "there is no header before it that says what its columns are");
  if (!head) return take_bad(told);
  in_head_ = true;
  waiting_.push_back({std::move(told), false});
  return waiting_.size() < kMaxHeadLines ? Result<void>() : give_up_head();
}

}  // namespace ipam::wire::dhcp_audit_log
