#include "metrics/text_writer.h"

#include <fmt/format.h>

#include <cmath>

namespace ipam::metrics {
namespace {

void append_escaped(std::string& text, std::string_view value) {
  for (const char c : value) {
    if (c == '\\' || c == '"') {
      text += '\\';
      text += c;
    } else if (c == '\n') {
      text += "\\n";
    } else {
      text += c;
    }
  }
}

// Whole numbers without an exponent: counters are compared digit by digit by people too.
std::string number(double value) {
  if (std::floor(value) == value && std::abs(value) < 1e15) return fmt::format("{:.0f}", value);
  return fmt::format("{}", value);
}

}  // namespace

void TextWriter::family(std::string_view name, Type type, std::string_view help) {
  constexpr std::string_view kTypes[] = {"counter", "gauge", "histogram"};
  name_ = name;
  text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, kTypes[static_cast<std::size_t>(type)]);
}

void TextWriter::line(std::string_view suffix, const Labels& labels, std::string_view bound, double value) {
  text_ += name_;
  text_ += suffix;
  bool first = true;
  const auto label = [&](std::string_view name, std::string_view content) {
    text_ += first ? '{' : ',';
    first = false;
    text_ += name;
    text_ += "=\"";
    append_escaped(text_, content);
    text_ += '"';
  };
  for (const auto& [name, content] : labels) label(name, content);
  if (!bound.empty()) label("le", bound);
  if (!first) text_ += '}';
  text_ += ' ';
  text_ += number(value);
  text_ += '\n';
}

void TextWriter::sample(const Labels& labels, double value) { line({}, labels, {}, value); }

void TextWriter::single(std::string_view name, Type type, std::string_view help, double value) {
  family(name, type, help);
  sample(value);
}

void TextWriter::histogram(const Labels& labels, const Histogram::Reading& reading) {
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < kLatencyBounds.size(); ++i) {
    below += reading.counts[i];
    line("_bucket", labels, number(kLatencyBounds[i]), static_cast<double>(below));
  }
  line("_bucket", labels, "+Inf", static_cast<double>(reading.count));
  line("_sum", labels, {}, reading.sum);
  line("_count", labels, {}, static_cast<double>(reading.count));
}

}  // namespace ipam::metrics
