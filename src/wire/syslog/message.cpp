#include "wire/syslog/message.h"

#include "base/strings.h"
#include "wire/log_lines/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace ipam::wire::syslog {
namespace {

using log_lines::printable;

constexpr std::size_t kMaxElements = 64;
constexpr std::size_t kMaxParameters = 512;
constexpr unsigned kMaxPriority = 191;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

Error malformed(std::string_view why) { return {ErrorCode::Malformed, fmt::format("a message of syslog is malformed: {}", why)}; }
Error exhausted() { return {ErrorCode::Exhausted, "a message of syslog is longer, or has more structured data, than is read"}; }

bool is_printable_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

class Parser {
 public:
  explicit Parser(std::string_view rest) : rest_(rest) {}

  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // "<85>"
  Result<void> priority(Message& message) {
    const auto end = take('<') ? rest_.find('>') : std::string_view::npos;
    if (end == std::string_view::npos || end == 0 || end > 3 || (end > 1 && rest_.front() == '0')) return malformed("it has no priority");
    const auto number = parse_integer<unsigned>(rest_.substr(0, end), 0, kMaxPriority);
    if (!number) return malformed("the priority is none");
    message.facility = static_cast<std::uint8_t>(*number / 8);
    message.severity = static_cast<std::uint8_t>(*number % 8);
    rest_.remove_prefix(end + 1);
    return {};
  }

  // Up to a space or the end; "-" is empty. Limits of RFC 5424 section 6 are not held against a sender, characters are.
  Result<std::string> field(std::string_view what) {
    const std::string_view text = rest_.substr(0, std::min(rest_.find(' '), rest_.size()));
    rest_.remove_prefix(text.size());
    if (text.empty() || !is_printable_ascii(text)) return malformed(fmt::format("the {} is none", what));
    return text == "-" ? std::string() : std::string(text);
  }

  Result<void> space(std::string_view before) {
    if (!take(' ')) return malformed(fmt::format("it ends before the {}", before));
    return {};
  }

  Result<std::vector<StructuredElement>> structured_data() {
    std::vector<StructuredElement> elements;
    if (take('-')) return elements;
    if (!rest_.starts_with('[')) return malformed("the structured data is none");
    std::size_t parameters = 0;
    while (take('[')) {
      if (elements.size() == kMaxElements) return exhausted();
      StructuredElement element{IPAM_TRY(name("] ")), {}};
      while (take(' ')) {
        if (++parameters > kMaxParameters) return exhausted();
        std::string parameter = IPAM_TRY(name("="));
        if (!take('=') || !take('"')) return malformed("a parameter has no value");
        element.parameters.emplace_back(std::move(parameter), IPAM_TRY(value()));
      }
      if (!take(']')) return malformed("an element of the structured data does not end");
      elements.push_back(std::move(element));
    }
    return elements;
  }

  std::string_view rest() const { return rest_; }

 private:
  Result<std::string> name(std::string_view ends) {
    const std::string_view text = rest_.substr(0, std::min(rest_.find_first_of(ends), rest_.size()));
    if (text.empty() || !is_printable_ascii(text) || text.find_first_of("=]\"") != std::string_view::npos) return malformed("a name is none");
    rest_.remove_prefix(text.size());
    return std::string(text);
  }

  // Section 6.3.3: a backslash before anything else than '"', '\' and ']' stands for itself.
  Result<std::string> value() {
    std::string text;
    while (!rest_.empty() && rest_.front() != '"') {
      if (rest_.front() == '\\' && rest_.size() > 1 && std::string_view("\"\\]").find(rest_[1]) != std::string_view::npos) rest_.remove_prefix(1);
      text += rest_.front();
      rest_.remove_prefix(1);
    }
    if (!take('"')) return malformed("a value does not end");
    return printable(text);
  }

  std::string_view rest_;
};

// "Nov 28 13:28:12", the day with a space or a zero before it.
bool is_old_time(std::string_view text) {
  static constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != 15 || std::find(kMonths.begin(), kMonths.end(), text.substr(0, 3)) == kMonths.end()) return false;
  constexpr std::string_view kShape = "    00 00:00:00";
  for (std::size_t i = 3; i < kShape.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    const bool fits = kShape[i] == '0' ? digit || (i == 4 && text[i] == ' ') : text[i] == kShape[i];
    if (!fits) return false;
  }
  return true;
}

// RFC 3164: "TIMESTAMP HOSTNAME TAG[pid]: text", of which senders leave out what they like; what is not recognized is text.
void parse_old(std::string_view rest, Message& message) {
  message.form = Form::Rfc3164;
  if (is_old_time(rest.substr(0, 15))) {
    message.local_time = rest.substr(0, 15);
    rest.remove_prefix(15);
    if (rest.starts_with(' ')) rest.remove_prefix(1);
    const std::string_view host = rest.substr(0, std::min(rest.find(' '), rest.size()));
    if (!host.empty() && host.find_first_of(":[") == std::string_view::npos && is_printable_ascii(host)) {
      message.host_name = host;
      rest.remove_prefix(std::min(host.size() + 1, rest.size()));
    }
  }
  const auto end = rest.find_first_of(":[ ");
  if (end != std::string_view::npos && end > 0 && end <= 48 && rest[end] != ' ' && is_printable_ascii(rest.substr(0, end))) {
    std::string_view behind = rest.substr(end);
    std::string_view process;
    if (behind.front() == '[') {
      const auto close = behind.find(']');
      process = close == std::string_view::npos ? std::string_view() : behind.substr(1, close - 1);
      behind = process.empty() ? std::string_view() : behind.substr(close + 1);
    }
    if (behind.starts_with(':') && is_printable_ascii(process)) {
      message.application = rest.substr(0, end);
      message.process_id = process;
      rest = behind.substr(1);
      if (rest.starts_with(' ')) rest.remove_prefix(1);
    }
  }
  message.text = printable(rest);
}

Result<void> parse_new(Parser& parser, Message& message) {
  IPAM_TRY(parser.space("time"));
  const std::string time = IPAM_TRY(parser.field("time"));
  if (!time.empty()) {
    const auto read = parse_time(time);
    if (!read.ok()) return malformed("the time is none");
    message.time = *read;
  }
  IPAM_TRY(parser.space("host name"));
  message.host_name = IPAM_TRY(parser.field("host name"));
  IPAM_TRY(parser.space("application"));
  message.application = IPAM_TRY(parser.field("application"));
  IPAM_TRY(parser.space("process"));
  message.process_id = IPAM_TRY(parser.field("process"));
  IPAM_TRY(parser.space("kind of message"));
  message.message_id = IPAM_TRY(parser.field("kind of message"));
  IPAM_TRY(parser.space("structured data"));
  message.structured_data = IPAM_TRY(parser.structured_data());
  std::string_view text = parser.rest();
  if (text.empty()) return {};
  IPAM_TRY(parser.space("text"));
  text.remove_prefix(1);
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  message.text = printable(text);
  return {};
}

}  // namespace

std::optional<std::string_view> Message::find(std::string_view element_id, std::string_view parameter) const {
  for (const StructuredElement& element : structured_data) {
    if (element.id != element_id) continue;
    for (const auto& [name, value] : element.parameters) {
      if (name == parameter) return value;
    }
    return std::nullopt;
  }
  return std::nullopt;
}

Result<Message> parse_message(std::string_view octets) {
  while (!octets.empty() && (octets.back() == '\0' || octets.back() == '\n' || octets.back() == '\r')) octets.remove_suffix(1);
  if (octets.size() > kMaxMessage) return exhausted();
  Message message;
  Parser parser(octets);
  IPAM_TRY(parser.priority(message));
  // Of versions there is one.
  if (parser.rest().starts_with("1 ")) {
    parser.take('1');
    IPAM_TRY(parse_new(parser, message));
  } else {
    parse_old(parser.rest(), message);
  }
  return message;
}

}  // namespace ipam::wire::syslog
