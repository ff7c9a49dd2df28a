#include "json/codec.h"

#include "base/strings.h"

#include <fmt/format.h>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/stream_parser.hpp>

#include <charconv>
#include <cmath>
#include <mutex>
#include <set>

namespace ipam::json {
namespace {

constexpr std::uint64_t kExactInteger = 1ULL << 53U;

constexpr std::size_t kMaxDepth = 32;

// Boost.JSON keeps the last of two members with one name. Two readers of such a document could understand it differently, so it is refused.
// A pass of its own: the DOM parser does not tell.
struct RepeatFinder {
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
  using Code = boost::json::error_code;
  using View = boost::json::string_view;

  std::vector<std::set<std::string>> names;
  std::string key;
  bool repeated = false;

  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_object_begin(Code&) { return names.emplace_back(), true; }
  bool on_object_end(std::size_t, Code&) { return names.pop_back(), true; }
  bool on_array_begin(Code&) { return true; }
  bool on_array_end(std::size_t, Code&) { return true; }
  bool on_key_part(View part, std::size_t, Code&) { return key.append(part.data(), part.size()), true; }
  bool on_key(View part, std::size_t, Code&) {
    key.append(part.data(), part.size());
    repeated = repeated || !names.back().insert(std::move(key)).second;
    key.clear();
    return true;
  }
  bool on_string_part(View, std::size_t, Code&) { return true; }
  bool on_string(View, std::size_t, Code&) { return true; }
  bool on_number_part(View, Code&) { return true; }
  bool on_int64(std::int64_t, View, Code&) { return true; }
  bool on_uint64(std::uint64_t, View, Code&) { return true; }
  bool on_double(double, View, Code&) { return true; }
  bool on_bool(bool, Code&) { return true; }
  bool on_null(Code&) { return true; }
  bool on_comment_part(View, Code&) { return true; }
  bool on_comment(View, Code&) { return true; }
};

}  // namespace

namespace detail {

const std::string& snake(std::string_view enumerator) {
  static std::mutex mutex;
  static std::map<std::string, std::string, std::less<>> names;
  const std::lock_guard lock(mutex);
  const auto found = names.find(enumerator);
  if (found != names.end()) return found->second;
  return names.emplace(enumerator, to_snake_case(enumerator)).first->second;
}

}  // namespace detail

Result<boost::json::value> parse(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = kMaxDepth;
  boost::json::stream_parser parser({}, options);
  boost::json::error_code error;
  const std::size_t consumed = parser.write_some(text.data(), text.size(), error);
  if (!error) parser.finish(error);
  if (!error && trim(text.substr(consumed)).empty()) {
    boost::json::basic_parser<RepeatFinder> finder(options);
    finder.write_some(false, text.data(), text.size(), error);
    if (finder.handler().repeated) return Error(ErrorCode::Malformed, "the body is not clear JSON: an object has the same name twice");
    return parser.release();
  }
  if (!error) return Error(ErrorCode::Malformed, fmt::format("the body is not JSON: more text follows its end at byte {}", consumed));
  return Error(ErrorCode::Malformed, fmt::format("the body is not JSON: {} near byte {}", error.message(), std::min(consumed, text.size())));
}

void append_string(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '"';
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, plain, i - plain);
    plain = i + 1;
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        out += "\\u00";
        out += kHex[c >> 4];
        out += kHex[c & 15];
    }
  }
  out.append(text, plain, text.size() - plain);
  out += '"';
}

void append_integer(std::string& out, std::int64_t value) {
  if (value < 0 && static_cast<std::uint64_t>(-(value + 1)) >= kExactInteger) {
    append_string(out, std::to_string(value));
  } else if (value < 0) {
    out += std::to_string(value);
  } else {
    append_unsigned(out, static_cast<Wide>(value));
  }
}

void append_unsigned(std::string& out, Wide value) {
  char digits[40];
  char* begin = std::end(digits);
  const bool exact = value <= kExactInteger;
  do {
    *--begin = static_cast<char>('0' + static_cast<int>(value % 10));
    value /= 10;
  } while (value != 0);
  if (!exact) out += '"';
  out.append(begin, std::end(digits));
  if (!exact) out += '"';
}

void append_double(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  char digits[32];
  const auto [end, error] = std::to_chars(std::begin(digits), std::end(digits), value);
  out.append(std::begin(digits), error == std::errc() ? end : std::begin(digits));
}

Reader::Scope::Scope(Reader& reader, std::string_view name) : reader_(reader), length_(reader.pointer_.size()) {
  reader.pointer_ += '/';
  for (const char c : name.substr(0, 100)) {  // RFC 6901, section 3
    if (c == '~') {
      reader.pointer_ += "~0";
    } else if (c == '/') {
      reader.pointer_ += "~1";
    } else {
      reader.pointer_ += c;
    }
  }
}

Result<void> Reader::result() && {
  constexpr std::size_t kMaxReported = 50;
  if (errors_.empty()) return {};
  Error error = Error::field(errors_.front().pointer, errors_.front().message);
  if (errors_.size() > 1) error.message = fmt::format("{}, and {} more", error.message, errors_.size() - 1);
  if (errors_.size() > kMaxReported) errors_.resize(kMaxReported);
  error.fields = std::move(errors_);
  return error;
}

bool read_bool(Reader& reader, const boost::json::value& json, bool& out) {
  if (!json.is_bool()) return reader.fail("must be true or false"), false;
  out = json.get_bool();
  return true;
}

bool read_integer(Reader& reader, const boost::json::value& json, std::int64_t low, std::int64_t high, std::int64_t& out) {
  std::optional<std::int64_t> value;
  if (json.is_int64()) value = json.get_int64();
  if (json.is_string()) value = parse_integer<std::int64_t>(std::string_view(json.get_string()));
  if (json.is_uint64()) return reader.fail(fmt::format("must be within {} and {}", low, high)), false;
  if (!value) return reader.fail("must be an integer"), false;
  if (*value < low || *value > high) return reader.fail(fmt::format("must be within {} and {}", low, high)), false;
  out = *value;
  return true;
}

bool read_unsigned(Reader& reader, const boost::json::value& json, Wide high, Wide& out) {
  if (json.is_int64() && json.get_int64() >= 0) {
    out = static_cast<Wide>(json.get_int64());
  } else if (json.is_uint64()) {
    out = json.get_uint64();
  } else if (json.is_string() && !json.get_string().empty() && json.get_string().size() < 39) {
    out = 0;
    for (const char c : json.get_string()) {
      if (c < '0' || c > '9') return reader.fail("must be an integer that is not negative"), false;
      out = out * 10 + static_cast<Wide>(c - '0');
    }
  } else {
    return reader.fail("must be an integer that is not negative"), false;
  }
  if (out > high) {
    std::string limit;
    append_unsigned(limit, high);
    return reader.fail("must be at most " + limit), false;
  }
  return true;
}

bool read_double(Reader& reader, const boost::json::value& json, double& out) {
  if (!json.is_number()) return reader.fail("must be a number"), false;
  out = json.to_number<double>();
  return true;
}

bool read_string(Reader& reader, const boost::json::value& json, std::string& out) {
  if (!json.is_string()) return reader.fail("must be a string"), false;
  out.assign(json.get_string().data(), json.get_string().size());
  return true;
}

std::string raw_text(const boost::json::value& json) { return boost::json::serialize(json); }

}  // namespace ipam::json
