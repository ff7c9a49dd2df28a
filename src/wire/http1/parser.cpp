#include "wire/http1/parser.h"

#include "base/assert.h"
#include "base/strings.h"
#include "wire/http1/body_decoder.h"
#include "wire/http1/target.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include <limits>

namespace ipam::wire::http1 {
namespace {

namespace beast = boost::beast;
using beast::error_code;
using beast::string_view;

std::string text_of(string_view view) { return {view.data(), view.size()}; }

Refusal malformed(std::string message, int status = 400) { return {status, Error(ErrorCode::Malformed, std::move(message))}; }

// Reads the start line and the fields of one complete header. Only Beast's tokenizer is used: the framing of the body is decided here, because Beast
// accepts repeated lengths and treats an unknown transfer coding as no body.
template <bool isRequest>
class HeadReader final : public beast::http::basic_parser<isRequest> {
 public:
  struct Head {
    std::string method, target;
    int status = 0;
    int version = 11;
    Headers headers;
  };

  // The head, or why it is refused.
  std::optional<Refusal> read(const std::string& text, std::size_t field_limit) {
    field_limit_ = field_limit;
    this->skip(true);
    this->header_limit(std::numeric_limits<std::uint32_t>::max());
    error_code error;
    const std::size_t used = this->put(boost::asio::const_buffer(text.data(), text.size()), error);
    if (too_many_) return malformed("the message has too many header fields", 431);
    if (error == beast::http::error::bad_version) return Refusal{505, Error(ErrorCode::Unsupported, "the protocol is not HTTP/1.1")};
    if (error || used != text.size() || !this->is_done()) {
      return malformed(error ? "the header is malformed: " + error.message() : std::string("the header is malformed"));
    }
    return std::nullopt;
  }

  Head head;

 private:
  void on_request_impl(beast::http::verb, string_view method, string_view target, int version, error_code&) override {
    head.method = text_of(method);
    head.target = text_of(target);
    head.version = version;
  }
  void on_response_impl(int status, string_view, int version, error_code&) override {
    head.status = status;
    head.version = version;
  }
  void on_field_impl(beast::http::field, string_view name, string_view value, error_code& error) override {
    if (head.headers.size() == field_limit_) {
      too_many_ = true;
      error = beast::http::error::header_limit;
      return;
    }
    head.headers.add(text_of(name), text_of(value));
  }
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(string_view body, error_code&) override { return body.size(); }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code&) override { return body.size(); }
  void on_finish_impl(error_code&) override {}

  std::size_t field_limit_ = 0;
  bool too_many_ = false;
};

}  // namespace

struct MessageParser::Core {
  explicit Core(const Limits& limits_in) : limits(limits_in) {}
  virtual ~Core() = default;

  // Reads the complete header in `head_text` and prepares `decoder`.
  virtual std::optional<Refusal> read_head() = 0;
  virtual std::string& body() = 0;

  // Takes bytes of the header up to its end. Lines are checked as they come, so that nonsense is refused at once and not at the timeout.
  std::size_t feed_head(std::string_view bytes) {
    const std::size_t take = std::min(bytes.size(), limits.header_bytes - head_text.size());
    const std::size_t before = head_text.size();
    std::size_t scan = before == 0 ? 0 : before - 1;  // once more over a line end whose next byte was still to come
    head_text.append(bytes.substr(0, take));
    while ((scan = head_text.find('\n', scan)) != std::string::npos) {
      if (scan == 0 || head_text[scan - 1] != '\r') return refuse(malformed("a header line does not end with CR LF"));
      const bool empty_line = scan >= 3 && head_text[scan - 2] == '\n';
      if (scan == 1) return refuse(malformed("the message begins with an empty line"));
      if (empty_line) {
        head_text.resize(scan + 1);
        if (auto refused = read_head()) return refuse(std::move(*refused));
        state = decoder.done() ? ParserState::Done : ParserState::Body;
        if (const auto too_large = decoder.set_limit(limits.body_bytes); too_large && enforce_announced) return refuse(*too_large);
        const std::size_t used = head_text.size() - before;
        head_text.clear();
        head_text.shrink_to_fit();
        return used;
      }
      if (scan + 1 < head_text.size() && (head_text[scan + 1] == ' ' || head_text[scan + 1] == '\t')) {
        return refuse(malformed("a header line is folded"));
      }
      ++scan;
    }
    if (head_text.size() >= limits.header_bytes) return refuse(malformed("the header is too long", 431));
    return take;
  }

  std::size_t refuse(Refusal why) {
    refusal = std::move(why);
    return 0;
  }

  // Decides the framing by the fields (RFC 9112 section 6.3). `until_end`: what no length means.
  std::optional<Refusal> frame(const Headers& headers, bool http10, BodyDecoder::Framing without_length) {
    const std::size_t lengths = headers.count("Content-Length"), codings = headers.count("Transfer-Encoding");
    if (lengths + codings > 1) return malformed("the message has more than one Content-Length or Transfer-Encoding");
    if (codings == 1) {
      if (http10) return malformed("Transfer-Encoding does not exist in HTTP/1.0");
      if (!equals_ignoring_case(*headers.find("Transfer-Encoding"), "chunked")) {
        return Refusal{501, Error(ErrorCode::Unsupported, "no transfer coding but 'chunked' is known here")};
      }
      decoder = BodyDecoder(BodyDecoder::Framing::Chunked, 0, limits);
    } else if (lengths == 1) {
      const auto text = *headers.find("Content-Length");
      const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
      const auto length = parse_integer<std::uint64_t>(text);
      if (!digits || !length) return malformed("the Content-Length is not a number");
      decoder = BodyDecoder(BodyDecoder::Framing::Length, *length, limits);
    } else {
      decoder = BodyDecoder(without_length, 0, limits);
    }
    return std::nullopt;
  }

  Limits limits;
  std::string head_text;
  BodyDecoder decoder;
  ParserState state = ParserState::Header;
  bool started = false;
  bool keep_alive = false;
  bool enforce_announced = false;
  std::optional<Refusal> refusal;
};

namespace {

// A request's limit on the body is chosen by its route, after the header; a response's is known before.
template <class Base>
struct RequestCore final : Base {
  using Base::Base;

  std::optional<Refusal> read_head() override {
    HeadReader<true> reader;
    if (auto refused = reader.read(this->head_text, this->limits.header_count)) return refused;
    auto& head = reader.head;
    request.http10 = head.version == 10;
    auto target = parse_target(head.method, head.target);
    if (!target.ok()) return Refusal{400, std::move(target).error()};
    request.method = std::move(head.method);
    request.target = std::move(head.target);
    request.path = std::move(target->path);
    request.query = std::move(target->query);
    request.headers = std::move(head.headers);
    const std::size_t hosts = request.headers.count("Host");
    if (hosts > 1 || (hosts == 0 && !request.http10)) return malformed("a request has exactly one Host field");
    if (auto refused = this->frame(request.headers, request.http10, BodyDecoder::Framing::None)) return refused;
    this->keep_alive = reader.keep_alive();
    expects_continue = !request.http10 && !this->decoder.done() && request.headers.lists_token("Expect", "100-continue");
    return std::nullopt;
  }
  std::string& body() override { return request.body; }

  Request request;
  bool expects_continue = false;
};

template <class Base>
struct ResponseCore final : Base {
  using Base::Base;

  std::optional<Refusal> read_head() override {
    HeadReader<false> reader;
    if (auto refused = reader.read(this->head_text, this->limits.header_count)) return refused;
    auto& head = reader.head;
    if (head.status < 100 || head.status > 599) return malformed("the status of the answer is not one of HTTP");
    response.status = head.status;
    response.headers = std::move(head.headers);
    if (auto refused = this->frame(response.headers, head.version == 10, BodyDecoder::Framing::UntilEnd)) return refused;
    const bool bodiless = answer_to_head || head.status < 200 || head.status == 204 || head.status == 304;
    if (bodiless) this->decoder = BodyDecoder();
    this->keep_alive = reader.keep_alive() && this->decoder.framing() != BodyDecoder::Framing::UntilEnd;
    this->enforce_announced = true;
    return std::nullopt;
  }
  std::string& body() override { return response.body; }

  Response response;
  bool answer_to_head = false;
};

}  // namespace

MessageParser::MessageParser(std::unique_ptr<Core> core) : core_(std::move(core)) {}
MessageParser::~MessageParser() = default;

Result<std::size_t> MessageParser::feed(ByteView bytes) {
  Core& core = *core_;
  IPAM_ASSERT(!core.refusal, "a parser was fed after an error");
  if (bytes.empty() || core.state == ParserState::Done) return std::size_t{0};
  core.started = true;
  std::size_t used = 0;
  if (core.state == ParserState::Header) {
    used = core.feed_head(as_text(bytes));
  } else {
    used = core.decoder.feed(bytes, core.body(), core.refusal);
    if (core.decoder.done()) core.state = ParserState::Done;
  }
  if (core.refusal) return core.refusal->error;
  return used;
}

Result<void> MessageParser::end() {
  if (core_->state == ParserState::Done) return {};
  if (core_->state == ParserState::Body && core_->decoder.end()) {
    core_->state = ParserState::Done;
    return {};
  }
  core_->refusal = malformed("the connection ended in the middle of the message");
  return core_->refusal->error;
}

Result<void> MessageParser::set_body_limit(std::uint64_t bytes) {
  IPAM_ASSERT(core_->state != ParserState::Header, "the limit of a body is set after the header");
  core_->refusal = core_->decoder.set_limit(bytes);
  if (core_->refusal) return core_->refusal->error;
  return {};
}

ParserState MessageParser::state() const { return core_->state; }
bool MessageParser::started() const { return core_->started; }
bool MessageParser::keep_alive() const { return core_->keep_alive; }
int MessageParser::refusal_status() const { return core_->refusal ? core_->refusal->status : 0; }

RequestParser::RequestParser(const Limits& limits) : MessageParser(std::make_unique<RequestCore<Core>>(limits)) {}
RequestParser::~RequestParser() = default;

Request& RequestParser::request() { return static_cast<RequestCore<Core>&>(*core_).request; }
bool RequestParser::expects_continue() const { return static_cast<RequestCore<Core>&>(*core_).expects_continue; }

ResponseParser::ResponseParser(const Limits& limits, AnswerTo request) : MessageParser(nullptr) {
  auto core = std::make_unique<ResponseCore<Core>>(limits);
  core->answer_to_head = request == AnswerTo::Head;
  core_ = std::move(core);
}
ResponseParser::~ResponseParser() = default;

Response& ResponseParser::response() { return static_cast<ResponseCore<Core>&>(*core_).response; }

}  // namespace ipam::wire::http1
