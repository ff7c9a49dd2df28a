// A request read in one piece and byte by byte is the same request or refused alike; what is written from it reads as the same again.
#include "wire/http1/parser.h"

#include <algorithm>
#include <cstdlib>

namespace {

using namespace ipam;
using namespace ipam::wire::http1;

struct Outcome {
  ParserState state = ParserState::Header;
  int refusal = 0;
  std::size_t used = 0;
  Request request;
};

Outcome read(ByteView bytes, std::size_t piece) {
  RequestParser parser({.header_bytes = 512, .header_count = 8, .body_bytes = 256});
  Outcome outcome;
  bool limited = false;
  while (parser.state() != ParserState::Done && outcome.used < bytes.size()) {
    const auto used = parser.feed(bytes.subspan(outcome.used, std::min(piece, bytes.size() - outcome.used)));
    bool ok = used.ok();
    if (ok && parser.state() != ParserState::Header && !limited) {
      limited = true;
      ok = parser.set_body_limit(128).ok();
    }
    if (!ok) {
      outcome.refusal = parser.refusal_status();
      if (outcome.refusal < 400) std::abort();
      return outcome;
    }
    if (*used == 0) std::abort();
    outcome.used += *used;
  }
  outcome.state = parser.state();
  if (outcome.state != ParserState::Header) outcome.request = parser.request();
  if (outcome.request.body.size() > 128) std::abort();
  return outcome;
}

void require_same(const Request& a, const Request& b) {
  if (a.method != b.method || a.target != b.target || a.path != b.path || a.query != b.query || a.body != b.body || a.http10 != b.http10)
    std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Outcome whole = read({data, size}, std::max<std::size_t>(size, 1));
  const Outcome bytewise = read({data, size}, 1);
  if (whole.state != bytewise.state || (whole.refusal != 0) != (bytewise.refusal != 0)) std::abort();
  if (whole.refusal != 0) return 0;
  if (whole.used != bytewise.used) std::abort();
  require_same(whole.request, bytewise.request);
  if (whole.state != ParserState::Done) return 0;
  Request copy = whole.request;
  copy.headers.remove("Transfer-Encoding");
  copy.headers.remove("Content-Length");
  const std::string written = serialize(copy);
  // A body that was chunked, or had no length, may need a line more than the limit of this target allows.
  if (written.size() - copy.body.size() > 512 || copy.headers.size() == 8) return 0;
  const Outcome again = read(as_bytes(written), written.size());
  if (again.state != ParserState::Done) std::abort();
  require_same(copy, again.request);
  return 0;
}
