// Whatever is typed, it is an expression or an error with a column; an expression is written so that reading it gives the same one.
#include "base/bytes.h"
#include "wire/query_text/parser.h"
#include "wire/query_text/printer.h"
#include "wire/query_text/values.h"

#include <cstdlib>

namespace {

using namespace ipam;                    // NOLINT: a program of one file
using namespace ipam::wire::query_text;  // NOLINT

void read_values(const Expression& expression) {
  for (const Value& value : expression.comparison.values) {
    (void)as_number(value).ok();
    (void)as_integer(value).ok();
    (void)as_time(value, Time{}).ok();
    (void)as_duration(value).ok();
    (void)as_prefix(value).ok();
    (void)matches(value.text, expression.comparison.field);
    if (value.text.find_first_of("*?") == std::string::npos && !matches("*" + value.text + "*", value.text)) std::abort();
  }
  for (const Expression& part : expression.parts) read_values(part);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto expression = parse(as_text({data, size}));
  if (!expression.ok()) {
    if (expression.error().code != ErrorCode::InvalidArgument || expression.error().message.empty()) std::abort();
    return 0;
  }
  read_values(*expression);
  const std::string text = print(*expression);
  const auto again = parse(text);
  // Quotes may make it longer than what is read.
  if (!again.ok()) return text.size() > kMaxBytes ? 0 : (std::abort(), 0);
  if (!(*again == *expression) || print(*again) != text) std::abort();
  return 0;
}
