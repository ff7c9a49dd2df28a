// The session of a browser: a cookie that comes by itself, and so counts for a change only beside what no other site can send.
#include "integration/api_server.h"

#include <gmock/gmock.h>

namespace ipam::test {
namespace {

using testing::HasSubstr;

class SessionCookie : public testing::Test {
 protected:
  ApiServer server_;

  client::http::Response sign_in(const char* body_end) {
    (void)server_.bearer(model::Group::IpamAdministrators);
    const std::string name = ApiServer::user_name(model::Group::IpamAdministrators);
    return server_.ask("POST", "/api/v1/sessions", "",
                       fmt::format(R"({{"user_name":"{}","password":"{}"{}}})", name, ApiServer::kPassword, body_end));
  }
  std::string cookie() {
    const auto set = std::string(sign_in(R"(,"cookie":true)").headers.find("Set-Cookie").value_or(""));
    return set.substr(0, set.find(';'));
  }
  int status(const std::string& method, const std::string& path, const std::vector<wire::http1::Field>& fields, const std::string& body = "") {
    return server_.ask(method, path, "", body, fields).status;
  }
};

TEST_F(SessionCookie, IsGivenOnlyWhenItIsAskedFor) {
  EXPECT_FALSE(sign_in("").headers.contains("Set-Cookie"));
  EXPECT_FALSE(sign_in(R"(,"cookie":false)").headers.contains("Set-Cookie"));
  const auto answer = sign_in(R"(,"cookie":true)");
  EXPECT_EQ(answer.status, 201);
  EXPECT_THAT(answer.body, HasSubstr(R"("token":"")")) << "no script of the page may see it";
  const std::string set(answer.headers.find("Set-Cookie").value_or(""));
  for (const char* attribute : {"__Host-cadastre=", "; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict"})
    EXPECT_THAT(set, HasSubstr(attribute));
}

TEST_F(SessionCookie, SignsInAReadByItself) {
  EXPECT_EQ(status("GET", "/api/v1/me", {{"Cookie", "theme=dark; " + cookie()}}), 200);
  EXPECT_EQ(status("GET", "/api/v1/me", {{"Cookie", "__Host-cadastre=nonsense"}}), 401);
  EXPECT_EQ(status("GET", "/api/v1/me", {{"Cookie", "theme=dark"}}), 401);
}

TEST_F(SessionCookie, ChangesNothingWithoutTheFieldThatOtherSitesCannotSend) {
  const std::string name = cookie();
  const std::string body = R"({"name":"west"})";
  EXPECT_EQ(status("POST", "/api/v1/address_spaces", {{"Cookie", name}}, body), 403);
  EXPECT_EQ(status("DELETE", "/api/v1/sessions/current", {{"Cookie", name}}), 403);
  EXPECT_EQ(status("POST", "/api/v1/address_spaces", {{"Cookie", name}, {"X-Ipam-Console", "1"}}, body), 201);
}

TEST_F(SessionCookie, IsOfNoUseToAnotherSite) {
  const std::string name = cookie();
  for (const char* site : {"cross-site", "same-site"}) {
    EXPECT_EQ(status("GET", "/api/v1/me", {{"Cookie", name}, {"Sec-Fetch-Site", site}}), 403) << site;
    EXPECT_EQ(status("POST", "/api/v1/address_spaces", {{"Cookie", name}, {"X-Ipam-Console", "1"}, {"Sec-Fetch-Site", site}}, R"({"name":"x"})"), 403)
        << site;
  }
  EXPECT_EQ(status("GET", "/api/v1/me", {{"Cookie", name}, {"Sec-Fetch-Site", "same-origin"}}), 200);
}

TEST_F(SessionCookie, EndsWithItsSession) {
  const std::string name = cookie();
  const auto answer = server_.ask("DELETE", "/api/v1/sessions/current", "", "", {{"Cookie", name}, {"X-Ipam-Console", "1"}});
  EXPECT_EQ(answer.status, 204);
  EXPECT_THAT(std::string(answer.headers.find("Set-Cookie").value_or("")), HasSubstr("Max-Age=0"));
  EXPECT_EQ(status("GET", "/api/v1/me", {{"Cookie", name}}), 401);
}

TEST_F(SessionCookie, ABearerGoesBeforeIt) {
  EXPECT_EQ(server_
                .ask("POST", "/api/v1/address_spaces", server_.bearer(model::Group::IpamAdministrators), R"({"name":"north"})",
                     {{"Cookie", "__Host-cadastre=old"}})
                .status,
            201);
}

}  // namespace
}  // namespace ipam::test
