// Messages of syslog: RFC 5424 with structured data, and the older RFC 3164 as far as it is one. Thread rule: plain values and pure functions.
#pragma once

#include "base/clock.h"
#include "base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ipam::wire::syslog {

inline constexpr std::size_t kMaxMessage = 65'536;

enum class Form : std::uint8_t { Rfc5424, Rfc3164 };

// Section 6.3. Names are printable ASCII, values printable UTF-8 (wire/log_lines/text.h) with their escapes taken away.
struct StructuredElement {
  std::string id;
  std::vector<std::pair<std::string, std::string>> parameters;

  bool operator==(const StructuredElement&) const = default;
};

// Texts are printable UTF-8; what the message has as "-" is empty.
struct Message {
  Form form = Form::Rfc5424;
  std::uint8_t facility = 0;  // 0 to 23
  std::uint8_t severity = 0;  // 0 emergency to 7 debug
  std::optional<Time> time;   // RFC 3164 has neither year nor zone: see local_time
  std::string local_time;     // "Nov 28 13:28:12", RFC 3164 only
  std::string host_name, application, process_id, message_id;
  std::vector<StructuredElement> structured_data;
  std::string text;

  // The value of the first parameter of this name in the first element of this id, or nothing.
  std::optional<std::string_view> find(std::string_view element_id, std::string_view parameter) const;

  bool operator==(const Message&) const = default;
};

// One message without its framing. NULs and line ends at its end do not count. Errors: Malformed, Exhausted (longer than kMaxMessage, more structured
// data than a message needs).
Result<Message> parse_message(std::string_view octets);

}  // namespace ipam::wire::syslog
