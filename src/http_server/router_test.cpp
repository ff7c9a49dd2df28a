#include "http_server/router.h"
#include "http_server/problem.h"

#include "base/assert.h"

#include <gmock/gmock.h>

namespace ipam::http_server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

io::Task<Result<Response>> nothing(RequestContext&) { co_return Response(); }

Router router_of(const std::vector<std::pair<const char*, const char*>>& routes) {
  Router router;
  for (const auto& [method, path] : routes) router.add({.method = method, .path = path, .handler = nothing});
  return router;
}

std::string path_of(const Router::Match& match) { return match.route == nullptr ? "none" : match.route->path; }

TEST(Router, FindsLiteralsParametersAndVerbs) {
  const Router router = router_of({{"GET", "/"},
                                   {"GET", "/api/v1/blocks"},
                                   {"GET", "/api/v1/blocks/{id}"},
                                   {"POST", "/api/v1/blocks/{id}:merge"},
                                   {"POST", "/api/v1/addresses:allocate"},
                                   {"GET", "/api/v1/spaces/{space}/addresses/{address}"}});
  EXPECT_EQ(path_of(router.match("GET", "/")), "/");
  EXPECT_EQ(path_of(router.match("GET", "/api/v1/blocks")), "/api/v1/blocks");
  EXPECT_THAT(router.match("GET", "/api/v1/blocks/7").parameters, ElementsAre(Pair("id", "7")));
  EXPECT_THAT(router.match("POST", "/api/v1/blocks/7:merge").parameters, ElementsAre(Pair("id", "7")));
  EXPECT_EQ(path_of(router.match("POST", "/api/v1/addresses:allocate")), "/api/v1/addresses:allocate");
  EXPECT_THAT(router.match("GET", "/api/v1/spaces/a%20b/addresses/2001:db8::1").parameters,
              ElementsAre(Pair("space", "a b"), Pair("address", "2001:db8::1")));
  EXPECT_EQ(router.routes().size(), 6U);
}

TEST(Router, DecodesAfterSplittingSoThatAPrefixCanBeAnId) {
  const Router router = router_of({{"GET", "/prefixes/{prefix}"}});
  EXPECT_THAT(router.match("GET", "/prefixes/10.0.0.0%2F8").parameters, ElementsAre(Pair("prefix", "10.0.0.0/8")));
  EXPECT_EQ(path_of(router.match("GET", "/prefixes/10.0.0.0/8")), "none");
}

TEST(Router, TellsAnUnknownPathFromAMethodThatThePathLacks) {
  const Router router = router_of({{"GET", "/a/{id}"}, {"POST", "/a/x"}, {"DELETE", "/a/{id}"}});
  EXPECT_EQ(path_of(router.match("GET", "/a/x")), "/a/{id}");
  EXPECT_EQ(path_of(router.match("HEAD", "/a/x")), "/a/{id}");
  EXPECT_THAT(router.match("PUT", "/a/x").allowed, ElementsAre("DELETE", "GET", "HEAD", "OPTIONS", "POST"));
  EXPECT_THAT(router.match("PUT", "/a/y").allowed, ElementsAre("DELETE", "GET", "HEAD", "OPTIONS"));
  for (const char* path : {"/a", "/a/", "/a/x/", "//a/x", "/a//x", "/A/x", "*"}) {
    const auto match = router.match("GET", path);
    EXPECT_EQ(path_of(match), "none") << path;
    EXPECT_THAT(match.allowed, IsEmpty()) << path;
  }
}

TEST(Router, RefusesRoutesThatAreABugOfTheProgram) {
  EXPECT_THROW(router_of({{"GET", "/a"}, {"GET", "/a"}}), LogicError);
  EXPECT_THROW(router_of({{"GET", "/{a}/x"}, {"GET", "/{b}/y"}}), LogicError);
  EXPECT_THROW(router_of({{"GET", "a"}}), LogicError);
  EXPECT_THROW(router_of({{"GET", "/{a"}}), LogicError);
  EXPECT_THROW(router_of({{"GET", "/{a}b"}}), LogicError);
  EXPECT_THROW(router_of({{"GET", "//"}}), LogicError);
}

TEST(Problem, SaysWhatIsPublicAndNothingElse) {
  Error error = Error::field("/name", "must not be \"empty\"\n");
  error.detail = "secret detail";
  const Response response = problem_response(error, "id1");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.headers.find("content-type"), "application/problem+json");
  EXPECT_EQ(response.body,
            R"({"type":"about:blank","title":"Bad Request","status":400,"code":"invalid_argument","detail":"/name: must not be \"empty\"\u000a",)"
            R"("errors":[{"pointer":"/name","detail":"must not be \"empty\"\u000a"}],"request_id":"id1"})");
  const Response internal = problem_response(Error(ErrorCode::Internal, "table x is gone", "SELECT"), "id2");
  EXPECT_THAT(internal.body, Not(HasSubstr("table x")));
  EXPECT_THAT(internal.body, HasSubstr("id2"));
}

TEST(Problem, WritesAnyBytesAsAJsonString) {
  EXPECT_EQ(json_string("a\"\\\x01z"), R"("a\"\\\u0001z")");
  EXPECT_EQ(json_string("\u00e9"), "\"\u00e9\"");
  EXPECT_EQ(json_string("\xff\xfe"), "\"??\"");
}

}  // namespace
}  // namespace ipam::http_server
