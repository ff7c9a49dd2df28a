// A response read in one piece and byte by byte is the same response or refused alike. The first byte chooses whether it answers HEAD.
#include "wire/http1/parser.h"

#include <algorithm>
#include <cstdlib>

namespace {

using namespace ipam;
using namespace ipam::wire::http1;

struct Outcome {
  ParserState state = ParserState::Header;
  int refusal = 0;
  bool keep_alive = false;
  bool ended = false;
  std::size_t used = 0;
  Response response;
};

Outcome read(ByteView bytes, std::size_t piece, ResponseParser::AnswerTo request) {
  ResponseParser parser({.header_bytes = 512, .header_count = 8, .body_bytes = 128}, request);
  Outcome outcome;
  while (parser.state() != ParserState::Done && outcome.used < bytes.size()) {
    const auto used = parser.feed(bytes.subspan(outcome.used, std::min(piece, bytes.size() - outcome.used)));
    if (!used.ok()) {
      outcome.refusal = parser.refusal_status();
      if (outcome.refusal < 400) std::abort();
      return outcome;
    }
    if (*used == 0) std::abort();
    outcome.used += *used;
  }
  outcome.state = parser.state();
  if (outcome.state != ParserState::Header) {
    outcome.response = parser.response();
    outcome.keep_alive = parser.keep_alive();
  }
  if (outcome.response.body.size() > 128) std::abort();
  outcome.ended = parser.end().ok();
  if (outcome.ended != (parser.state() == ParserState::Done)) std::abort();
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto request = (data[0] & 1U) != 0 ? ResponseParser::AnswerTo::Head : ResponseParser::AnswerTo::Other;
  const ByteView bytes(data + 1, size - 1);
  const Outcome whole = read(bytes, std::max<std::size_t>(bytes.size(), 1), request);
  const Outcome bytewise = read(bytes, 1, request);
  if (whole.state != bytewise.state || (whole.refusal != 0) != (bytewise.refusal != 0) || whole.ended != bytewise.ended) std::abort();
  if (whole.refusal != 0) return 0;
  if (whole.used != bytewise.used || whole.keep_alive != bytewise.keep_alive) std::abort();
  if (whole.response.status != bytewise.response.status || whole.response.body != bytewise.response.body) std::abort();
  if (whole.response.headers != bytewise.response.headers) std::abort();
  return 0;
}
