#include "cli/event_parser.h"

#include <utility>

namespace ipam::cli {

Result<std::vector<StreamEvent>> EventParser::feed(std::string_view piece) {
  std::vector<StreamEvent> events;
  for (const char c : piece) {
    const bool second_half = std::exchange(after_return_, c == '\r') && c == '\n';
    if (second_half) continue;
    if (c == '\r' || c == '\n') {
      take_line(line_, events);
      line_.clear();
      if (event_.data.size() > kMaxBytes) return Error(ErrorCode::Malformed, "an event of the stream is too large");
      continue;
    }
    if (line_.size() >= kMaxBytes) return Error(ErrorCode::Malformed, "a line of the event stream is too long");
    line_ += c;
  }
  return events;
}

void EventParser::take_line(std::string_view line, std::vector<StreamEvent>& events) {
  if (line.empty()) {
    last_id_ = id_;
    StreamEvent event = std::exchange(event_, {});
    if (!std::exchange(has_data_, false)) return;
    event.data.pop_back();  // the line end after the last line
    events.push_back(std::move(event));
    return;
  }
  const auto colon = line.find(':');
  const std::string_view field = line.substr(0, colon);
  std::string_view value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "data") {
    event_.data.append(value).push_back('\n');
    has_data_ = true;
  } else if (field == "event") {
    event_.type = value.empty() ? "message" : std::string(value);
  } else if (field == "id" && value.find('\0') == std::string_view::npos) {
    id_ = std::string(value);
  }
}

}  // namespace ipam::cli
