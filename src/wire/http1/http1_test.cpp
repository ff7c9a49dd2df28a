#include "wire/http1/parser.h"
#include "wire/http1/target.h"

#include "support/rapidcheck.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ipam::wire::http1 {
namespace {

using testing::HasSubstr;

struct Read {
  Result<void> result;
  int status = 0;
  ParserState state = ParserState::Header;
  std::size_t used = 0;
};

Read read(MessageParser& parser, std::string_view text, std::size_t piece = 7) {
  Read outcome;
  while (outcome.used < text.size() && parser.state() != ParserState::Done) {
    const auto used = parser.feed(as_bytes(text.substr(outcome.used, piece)));
    if (!used.ok()) {
      outcome.result = used.error();
      break;
    }
    outcome.used += *used;
  }
  outcome.status = parser.refusal_status();
  outcome.state = parser.state();
  return outcome;
}

Read read_request(std::string_view text, const Limits& limits = {}) {
  RequestParser parser(limits);
  return read(parser, text);
}

Read read_response(std::string_view text, ResponseParser::AnswerTo request = ResponseParser::AnswerTo::Other) {
  ResponseParser parser({}, request);
  return read(parser, text);
}

std::string get(std::string_view line, std::string_view fields = "Host: x\r\n") { return fmt::format("{}\r\n{}\r\n", line, fields); }
std::string post(std::string_view fields, std::string_view body) { return fmt::format("POST /a HTTP/1.1\r\nHost: x\r\n{}\r\n{}", fields, body); }

TEST(HttpRequest, IsReadFromPiecesOfAnySize) {
  const std::string text = "POST /api/v1/blocks?name=a%20b&x=1+2 HTTP/1.1\r\nHost: ipam.example\r\nContent-Length: 5\r\nX-Tag:  one \r\n\r\nhelloGET";
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    RequestParser parser({});
    const Read outcome = read(parser, text, piece);
    ASSERT_TRUE(outcome.result.ok()) << outcome.result.error().describe();
    EXPECT_EQ(outcome.state, ParserState::Done);
    EXPECT_EQ(outcome.used, text.size() - 3);
    const Request& request = parser.request();
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.path, "/api/v1/blocks");
    EXPECT_EQ(request.query.find("name"), "a b");
    EXPECT_EQ(request.query.find("x"), "1 2");
    EXPECT_EQ(request.headers.find("x-tag"), "one");
    EXPECT_EQ(request.body, "hello");
    EXPECT_TRUE(parser.keep_alive());
  }
}

TEST(HttpRequest, StopsAfterTheHeaderSoThatTheBodyLimitCanBeChosen) {
  RequestParser parser({.body_bytes = 10});
  const std::string text = post("Content-Length: 100\r\n", std::string(100, 'x'));
  const auto used = parser.feed(as_bytes(text));
  ASSERT_TRUE(used.ok());
  EXPECT_EQ(*used, text.size() - 100);
  EXPECT_EQ(parser.state(), ParserState::Body);
  EXPECT_TRUE(parser.set_body_limit(100).ok());
  EXPECT_TRUE(parser.feed(as_bytes(text).subspan(*used)).ok());
  EXPECT_EQ(parser.state(), ParserState::Done);
}

TEST(HttpRequest, RefusesABodyOverTheLimitOfItsRouteBeforeReadingIt) {
  RequestParser parser({.body_bytes = 1U << 30});
  const auto used = parser.feed(as_bytes(post("Content-Length: 1073741824\r\n", "")));
  ASSERT_TRUE(used.ok());
  EXPECT_FALSE(parser.set_body_limit(65536).ok());
  EXPECT_EQ(parser.refusal_status(), 413);
}

TEST(HttpRequest, ReadsChunksAndDropsExtensionsAndTrailers) {
  const std::string body = "4;name=\"v\"\r\nWiki\r\n5 \r\npedia\r\n0\r\nX-Sum: 1\r\nY: 2\r\n\r\n";
  for (std::size_t piece = 1; piece < 60; ++piece) {
    RequestParser parser({});
    const Read outcome = read(parser, post("Transfer-Encoding: chunked\r\n", body), piece);
    ASSERT_TRUE(outcome.result.ok()) << outcome.result.error().describe();
    EXPECT_EQ(outcome.state, ParserState::Done);
    EXPECT_EQ(parser.request().body, "Wikipedia");
    EXPECT_EQ(parser.request().headers.size(), 2U);
  }
}

TEST(HttpRequest, RefusesMalformedChunks) {
  for (const char* body : {"\r\n", "x\r\n", "-1\r\n", "1\r\nab", "1\r\na\n", "1\na\r\n0\r\n\r\n", "10000000000000000\r\n", "00000000000000001\r\na",
                           "0\r\n: x\r\n\r\n", "0\r\n\n", "1;\x01\r\n", "1;a\nb\r\n"}) {
    EXPECT_EQ(read_request(post("Transfer-Encoding: chunked\r\n", body)).status, 400) << body;
  }
}

TEST(HttpRequest, EnforcesTheBodyLimitAlsoOnChunks) {
  const Limits limits{.body_bytes = 8};
  EXPECT_EQ(read_request(post("Transfer-Encoding: chunked\r\n", "8\r\n12345678\r\n0\r\n\r\n"), limits).state, ParserState::Done);
  EXPECT_EQ(read_request(post("Transfer-Encoding: chunked\r\n", "9\r\n"), limits).status, 413);
  EXPECT_EQ(read_request(post("Transfer-Encoding: chunked\r\n", "8\r\n12345678\r\n1\r\n"), limits).status, 413);
  EXPECT_EQ(read_request(post("Transfer-Encoding: chunked\r\n", "ffffffffffffffff\r\n"), limits).status, 413);
  EXPECT_EQ(read_request(post("Transfer-Encoding: chunked\r\n", "1\r\na\r\nffffffffffffffff\r\n"), limits).status, 413);
}

TEST(HttpRequest, BoundsChunkExtensionsAndTrailers) {
  const Limits limits{.header_bytes = 100};
  std::string extensions, trailers = "0\r\n";
  for (int i = 0; i < 20; ++i) extensions += "1;abcdefgh\r\nx\r\n";
  for (int i = 0; i < 20; ++i) trailers += "Abcdef: x\r\n";
  EXPECT_EQ(read_request(post("Transfer-Encoding: chunked\r\n", extensions), limits).status, 431);
  EXPECT_EQ(read_request(post("Transfer-Encoding: chunked\r\n", trailers), limits).status, 431);
}

TEST(HttpRequest, EnforcesTheHeaderLimitsExactly) {
  const std::string text = get("GET / HTTP/1.1", "Host: x\r\nA: 1\r\n");
  EXPECT_EQ(read_request(text, {.header_bytes = text.size(), .header_count = 2}).state, ParserState::Done);
  EXPECT_EQ(read_request(text, {.header_bytes = text.size() - 1}).status, 431);
  EXPECT_EQ(read_request(text, {.header_count = 1}).status, 431);
  EXPECT_EQ(read_request(std::string(1'000'000, 'a')).status, 431);
}

TEST(HttpRequest, RefusesWhatTwoProgramsCouldReadDifferently) {
  const std::string cases[] = {
      post("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", ""),
      post("Transfer-Encoding: chunked\r\nContent-Length: 1\r\n", ""),
      post("Content-Length: 1\r\nContent-Length: 1\r\n", ""),
      post("Content-Length: 1, 1\r\n", ""),
      post("Content-Length: +1\r\n", ""),
      post("Content-Length: -1\r\n", ""),
      post("Content-Length: 0x1\r\n", ""),
      post("Content-Length: 18446744073709551616\r\n", ""),
      post("Content-Length:\r\n", ""),
      post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", ""),
      post("A : 1\r\n", ""),
      post("A: 1\r\n folded\r\n", ""),
      post(" A: 1\r\n", ""),
      post(": 1\r\n", ""),
      post("A\r\n", ""),
      post("A: 1\n", ""),
      post("A: 1\rB: 2\r\n", ""),
      post(std::string("A: 1\0\r\n", 7), ""),
      get("GET / HTTP/1.1", ""),
      get("GET / HTTP/1.1", "Host: x\r\nHost: y\r\n"),
      get("GET  / HTTP/1.1"),
      get("GET / HTTP/1.1 "),
      get("GET /"),
      get("G@T / HTTP/1.1"),
      get(" GET / HTTP/1.1"),
      get("GET\t/ HTTP/1.1"),
      "\r\n" + get("GET / HTTP/1.1"),
      "\n",
      "GET / HTTP/1.1\nHost: x\n\n",
      "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
  };
  for (const std::string& text : cases) EXPECT_GE(read_request(text).status, 400) << text;
  EXPECT_EQ(read_request(post("Transfer-Encoding: gzip, chunked\r\n", "")).status, 501);
  EXPECT_EQ(read_request(post("Transfer-Encoding: identity\r\n", "")).status, 501);
  EXPECT_EQ(read_request(get("GET / HTTP/2.0")).status, 505);
  EXPECT_EQ(read_request(get("GET / HTTP/0.9")).status, 505);
}

TEST(HttpRequest, RefusesALineFoldedAcrossPieces) {
  RequestParser parser({});
  ASSERT_TRUE(parser.feed(as_bytes("GET / HTTP/1.1\r\nHost: x\r\n")).ok());
  EXPECT_FALSE(parser.feed(as_bytes(" y\r\n\r\n")).ok());
}

TEST(HttpRequest, KeepsTheConnectionAsTheVersionAndTheFieldSay) {
  const auto keeps = [](const std::string& text) {
    RequestParser parser({});
    EXPECT_TRUE(read(parser, text).result.ok());
    return parser.keep_alive();
  };
  EXPECT_TRUE(keeps(get("GET / HTTP/1.1")));
  EXPECT_FALSE(keeps(get("GET / HTTP/1.1", "Host: x\r\nConnection: foo, close\r\n")));
  EXPECT_FALSE(keeps(get("GET / HTTP/1.0", "")));
  EXPECT_TRUE(keeps(get("GET / HTTP/1.0", "Connection: keep-alive\r\n")));
}

TEST(HttpRequest, TellsThatTheClientWaitsForContinue) {
  RequestParser parser({});
  read(parser, post("Content-Length: 3\r\nExpect: 100-continue\r\n", ""));
  EXPECT_TRUE(parser.expects_continue());
  EXPECT_EQ(parser.state(), ParserState::Body);
}

TEST(HttpRequest, ThatEndsInTheMiddleIsAnError) {
  RequestParser parser({});
  read(parser, post("Content-Length: 3\r\n", "ab"));
  EXPECT_FALSE(parser.end().ok());
}

TEST(HttpTarget, ReadsOriginAndAbsoluteFormAndTheStar) {
  EXPECT_EQ(parse_target("GET", "/a%2Fb?x=%C3%A9").value().path, "/a%2Fb");
  EXPECT_EQ(parse_target("GET", "/a?x=%C3%A9").value().query.find("x"), "\u00e9");
  EXPECT_EQ(parse_target("GET", "http://host:1/p?q=1").value().path, "/p");
  EXPECT_EQ(parse_target("GET", "HTTPS://host").value().path, "/");
  EXPECT_EQ(parse_target("GET", "https://host?q=1").value().query.find("q"), "1");
  EXPECT_EQ(parse_target("OPTIONS", "*").value().path, "*");
  EXPECT_EQ(parse_target("POST", "/api/v1/addresses:allocate").value().path, "/api/v1/addresses:allocate");
}

TEST(HttpTarget, RefusesNonsense) {
  for (const char* text : {"", "*", "a", "host:443", "/a#b", "/\xC3\xA9", "/%", "/%4", "/%zz", "/%00", "/a?b=%", "/<>", "/a\\b", "http://",
                           "http:///x", "ftp://x/", "/{id}"}) {
    EXPECT_FALSE(parse_target("GET", text).ok()) << text;
  }
}

TEST(HttpResponse, IsReadByLengthChunksAndEndOfConnection) {
  ResponseParser by_length({}, ResponseParser::AnswerTo::Other);
  EXPECT_EQ(read(by_length, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").state, ParserState::Done);
  EXPECT_EQ(by_length.response().body, "ok");
  EXPECT_TRUE(by_length.keep_alive());

  ResponseParser until_end({}, ResponseParser::AnswerTo::Other);
  EXPECT_EQ(read(until_end, "HTTP/1.1 200 OK\r\nServer: x\r\n\r\nall of it").state, ParserState::Body);
  EXPECT_TRUE(until_end.end().ok());
  EXPECT_EQ(until_end.response().body, "all of it");
  EXPECT_FALSE(until_end.keep_alive());

  ResponseParser chunked({}, ResponseParser::AnswerTo::Other);
  EXPECT_EQ(read(chunked, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n").state, ParserState::Done);
  EXPECT_EQ(chunked.response().body, "ok");
}

TEST(HttpResponse, HasNoBodyWhereHttpSaysSo) {
  EXPECT_EQ(read_response("HTTP/1.1 204 No Content\r\n\r\n").state, ParserState::Done);
  EXPECT_EQ(read_response("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n").state, ParserState::Done);
  EXPECT_EQ(read_response("HTTP/1.1 100 Continue\r\n\r\n").state, ParserState::Done);
  EXPECT_EQ(read_response("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", ResponseParser::AnswerTo::Head).state, ParserState::Done);
}

TEST(HttpResponse, RefusesGarbageAndBodiesOverTheLimit) {
  for (const char* text : {"hello\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 999 x\r\n\r\n", "HTTP/1.1 000 x\r\n\r\n", "SSH-2.0-x\r\n"}) {
    ResponseParser parser({}, ResponseParser::AnswerTo::Other);
    const Read outcome = read(parser, text);
    EXPECT_FALSE(outcome.result.ok() && parser.end().ok()) << text;
  }
  ResponseParser announced({.body_bytes = 4}, ResponseParser::AnswerTo::Other);
  EXPECT_EQ(read(announced, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n").status, 413);
  ResponseParser endless({.body_bytes = 4}, ResponseParser::AnswerTo::Other);
  EXPECT_EQ(read(endless, "HTTP/1.1 200 OK\r\n\r\n12345").status, 413);
}

TEST(HttpMessage, IsWrittenAsItIsRead) {
  Request request;
  request.method = "POST";
  request.target = "/x?y=1";
  request.headers.add("Host", "h");
  request.body = "{}";
  EXPECT_EQ(serialize(request), "POST /x?y=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}");
  Response response{404, {{"Content-Type", "text/plain"}}, "no"};
  EXPECT_EQ(serialize(response), "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nno");
}

TEST(HttpMessage, LetsNoInputForgeAField) {
  Response response{201, {{"Location", "/a\r\nSet-Cookie: x"}}, ""};
  EXPECT_THAT(serialize(response), HasSubstr("Location: /a  Set-Cookie: x\r\n"));
}

TEST(Headers, FindNamesInAnyCaseAndTokensInLists) {
  Headers headers{{"Connection", "Keep-Alive, Upgrade"}, {"X", "1"}, {"x", "2"}};
  EXPECT_TRUE(headers.lists_token("connection", "upgrade"));
  EXPECT_FALSE(headers.lists_token("connection", "up"));
  EXPECT_EQ(headers.count("X"), 2U);
  headers.set("X", "3");
  EXPECT_EQ(headers.find("x"), "3");
  EXPECT_EQ(headers.count("x"), 1U);
  EXPECT_FALSE(headers.contains("y"));
}

TEST(Query, RefusesBadEncodingAndTooManyParameters) {
  EXPECT_FALSE(Query::parse("a=%4").ok());
  EXPECT_FALSE(Query::parse("%zz=1").ok());
  std::string many;
  for (int i = 0; i < 1001; ++i) many += "a&";
  EXPECT_FALSE(Query::parse(many).ok());
  EXPECT_EQ(Query::parse("flag&&a=b=c").value(), Query({{"flag", ""}, {"a", "b=c"}}));
}

RC_GTEST_PROP(Query, ReadsWhatItWrites, ()) {
  const auto pairs = *rc::gen::container<std::vector<std::pair<std::string, std::string>>>(
      rc::gen::pair(rc::gen::nonEmpty(rc::gen::string<std::string>()), rc::gen::string<std::string>()));
  for (const auto& [name, value] : pairs) {
    RC_PRE(name.find('\0') == std::string::npos && value.find('\0') == std::string::npos);
  }
  const Query query(pairs);
  RC_ASSERT(Query::parse(query.to_string()).value() == query);
}

}  // namespace
}  // namespace ipam::wire::http1
