// Whatever a log holds: pieces make no difference, nor does stopping in the middle and going on from the stored state; every line counts once at
// most.
#include "wire/dhcp_audit_log/reader.h"

#include "base/strings.h"

#include <cstdlib>

namespace {

using namespace ipam;  // NOLINT: a program of one file
using namespace ipam::wire::dhcp_audit_log;

struct Outcome {
  std::vector<Event> events;
  std::vector<wire::log_lines::BadLine> bad;
  bool operator==(const Outcome&) const = default;
};

Reader::Takers takers_of(Outcome& outcome) {
  return {.on_event = [&outcome](const Event& event) -> Result<void> {
            if (!is_clean_text(event.host_name) || !is_clean_text(event.user_name)) std::abort();
            if (!outcome.events.empty() && event.offset <= outcome.events.back().offset) std::abort();
            outcome.events.push_back(event);
            return {};
          },
          .on_bad = [&outcome](const wire::log_lines::BadLine& line) -> Result<void> {
            outcome.bad.push_back(line);
            return {};
          }};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  const Options options{.expected_day = std::chrono::local_days(std::chrono::year(2026) / 11 / 28), .max_line = 2'000};
  Outcome whole, pieces, resumed;
  {
    Reader reader(takers_of(whole), options);
    if (!reader.feed(text).ok() || !reader.finish().ok()) std::abort();
  }
  {
    Reader reader(takers_of(pieces), options);
    for (std::size_t at = 0; at < size; at += 11) {
      if (!reader.feed(text.substr(at, 11)).ok()) std::abort();
    }
    if (!reader.finish().ok()) std::abort();
  }
  if (!(whole == pieces)) std::abort();
  State state;
  for (const std::size_t cut : {size / 3, 2 * size / 3, size}) {
    if (cut < state.offset) continue;
    Reader reader(takers_of(resumed), options, state);
    if (!reader.feed(text.substr(state.offset, cut - state.offset)).ok()) std::abort();
    state = reader.state();
    if (cut == size && !reader.finish().ok()) std::abort();
  }
  if (resumed.events != whole.events) std::abort();
  return 0;
}
