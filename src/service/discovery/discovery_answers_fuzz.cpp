// Whatever answers a question of discovery, the judgement is bounded and fit to be shown.
#include "base/strings.h"
#include "service/discovery/answers.h"

#include <algorithm>
#include <cstdlib>

namespace {

using namespace ipam;  // NOLINT: a program of one file

void check(const std::optional<service::Recognition>& recognition) {
  if (!recognition) return;
  const auto shown = [](char c) { return c >= ' ' && c <= '~'; };
  // shorten() ends what it cuts with "…".
  const std::string version =
      recognition->version.ends_with("…") ? recognition->version.substr(0, recognition->version.size() - 3) : recognition->version;
  const bool fine = version.size() <= 64 && std::all_of(version.begin(), version.end(), shown) && !recognition->evidence.empty() &&
                    recognition->evidence.size() <= 200;
  if (!fine) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes(data, size);
  const std::string_view text = as_text(bytes);
  for (const int status : {200, 401, 403}) check(service::recognize_control_agent(status, text));
  check(service::recognize_statistics_channel(200, text));
  if (const auto answer = wire::dns::parse_message(bytes); answer.ok()) check(service::recognize_name_server(*answer));
  return 0;
}
