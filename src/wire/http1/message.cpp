#include "wire/http1/message.h"

#include "base/assert.h"

#include <charconv>

namespace ipam::wire::http1 {
namespace {

void append_number(std::string& out, std::uint64_t number) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  IPAM_ASSERT(is_token(name), "a field name is written by the program, never by input");
  out += name;
  out += ": ";
  const std::size_t start = out.size();
  out += value;
  for (std::size_t i = start; i < out.size(); ++i) {
    const auto byte = static_cast<unsigned char>(out[i]);
    if ((byte < 0x20 && byte != '\t') || byte == 0x7F) out[i] = ' ';
  }
  out += "\r\n";
}

void append_fields(std::string& out, const Headers& headers, std::optional<std::uint64_t> content_length) {
  for (const Field& field : headers) append_field(out, field.name, field.value);
  if (content_length) {
    out += "Content-Length: ";
    append_number(out, *content_length);
    out += "\r\n";
  }
  out += "\r\n";
}

bool expects_body(std::string_view method) { return method == "POST" || method == "PUT" || method == "PATCH"; }

}  // namespace

std::string_view reason_phrase(int status) {
  switch (status) {
    case 100: return "Continue";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Content";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return "Unknown";
  }
}

void append_head(std::string& out, const Response& response, std::optional<std::uint64_t> content_length) {
  IPAM_ASSERT(response.status >= 100 && response.status <= 599, "a status has three digits");
  out += "HTTP/1.1 ";
  append_number(out, static_cast<std::uint64_t>(response.status));
  out += ' ';
  out += reason_phrase(response.status);
  out += "\r\n";
  append_fields(out, response.headers, content_length);
}

void append_head(std::string& out, const Request& request, std::optional<std::uint64_t> content_length) {
  IPAM_ASSERT(is_token(request.method) && request.target.find_first_of(" \r\n") == std::string::npos, "a request line has three parts");
  out += request.method;
  out += ' ';
  out += request.target;
  out += request.http10 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n";
  append_fields(out, request.headers, content_length);
}

std::string serialize(const Request& request) {
  std::string out;
  const bool has_length = !request.body.empty() || expects_body(request.method);
  append_head(out, request, has_length ? std::optional<std::uint64_t>(request.body.size()) : std::nullopt);
  out += request.body;
  return out;
}

std::string serialize(const Response& response) {
  std::string out;
  append_head(out, response, response.body.size());
  out += response.body;
  return out;
}

}  // namespace ipam::wire::http1
