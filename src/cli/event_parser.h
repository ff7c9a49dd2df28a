// EventParser: bytes of a text/event-stream (WHATWG HTML standard, section 9.2.6) to events, in pieces of any size. What is not asked for here is
// left out: "retry" and comments are passed over. Errors: Malformed (a line or the data of an event is over kMaxBytes). Thread rule: one thread.
#pragma once

#include "base/result.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ipam::cli {

struct StreamEvent {
  std::string type = "message";
  std::string data;
};

class EventParser {
 public:
  static constexpr std::size_t kMaxBytes = std::size_t{16} << 20U;

  // The events that the piece completes.
  Result<std::vector<StreamEvent>> feed(std::string_view piece);
  // To go on after it later; nothing before the first.
  const std::optional<std::string>& last_id() const { return last_id_; }

 private:
  void take_line(std::string_view line, std::vector<StreamEvent>& events);

  std::string line_;
  bool after_return_ = false;  // CR LF is one line end
  StreamEvent event_;
  bool has_data_ = false;
  std::optional<std::string> id_;
  std::optional<std::string> last_id_;
};

}  // namespace ipam::cli
