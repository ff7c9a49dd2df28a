#include "http_server/problem.h"

#include "base/strings.h"

#include <fmt/format.h>

namespace ipam::http_server {

std::string json_string(std::string_view text) {
  const bool clean = is_clean_text(text);
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(byte));
    } else {
      out += byte >= 0x7F && !clean ? '?' : c;
    }
  }
  return out + '"';
}

wire::http1::Response problem_response(const Error& error, std::string_view request_id, int status) {
  const ErrorCodeRow& row = error_code_row(error.code);
  wire::http1::Response response;
  response.status = status == 0 ? row.http_status : status;
  response.headers.add("Content-Type", "application/problem+json");
  const bool internal = error.code == ErrorCode::Internal;
  response.body = fmt::format(R"({{"type":"about:blank","title":{},"status":{},"code":"{}","detail":{},"errors":[)",
                              json_string(wire::http1::reason_phrase(response.status)), response.status, row.name,
                              json_string(internal ? "internal error; the server's log has it under the request id" : error.message));
  for (std::size_t i = 0; i < error.fields.size(); ++i) {
    const FieldError& field = error.fields[i];
    response.body += fmt::format(R"({}{{"pointer":{},"detail":{}}})", i == 0 ? "" : ",", json_string(field.pointer), json_string(field.message));
  }
  response.body += fmt::format(R"(],"request_id":{}}})", json_string(request_id));
  return response;
}

}  // namespace ipam::http_server
