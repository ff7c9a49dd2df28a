// The two messages of HTTP/1.1 (RFC 9110, RFC 9112) as values, and how they are written.
// Thread rule: plain values and pure functions.
#pragma once

#include "wire/http1/headers.h"
#include "wire/http1/query.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ipam::wire::http1 {

// What a peer may send before it is refused. The body limit can be set anew once the header is known.
struct Limits {
  std::size_t header_bytes = 16 * 1024;  // start line and fields with all line ends; as much again for chunk extensions and trailers
  std::size_t header_count = 100;
  std::uint64_t body_bytes = 1024 * 1024;
};

struct Request {
  std::string method;
  std::string target;  // as it stands in the request line: "/a/b%20c?x=1"
  std::string path;    // of the target, still percent-encoded, and sure to decode: "/a/b%20c"; "*" for OPTIONS of the server itself
  Query query;         // decoded
  Headers headers;
  std::string body;
  bool http10 = false;
};

struct Response {
  int status = 200;
  Headers headers;
  std::string body;
};

// "Not Found"; "Unknown" for a status that has no name here.
std::string_view reason_phrase(int status);

// The start line and fields with the empty line after them, appended to `out`. `content_length` becomes a field unless it is absent. A control
// character in a value is written as a space, so that no input can forge a field.
void append_head(std::string& out, const Response& response, std::optional<std::uint64_t> content_length);
void append_head(std::string& out, const Request& request, std::optional<std::uint64_t> content_length);
// The whole message. A request without a body has a Content-Length only where its method expects one (POST, PUT, PATCH).
std::string serialize(const Request& request);
std::string serialize(const Response& response);

}  // namespace ipam::wire::http1
