// Error: the value that every fallible function of Cadastre returns instead of throwing.
//
// The codes are a closed list. What each means to an HTTP client and to the shell stands in one table (error.cpp): add a code there or nowhere.
// `message` is public: it may be shown to any caller, names the field or the server, and says what to do. `detail` is internal: it goes to the
// log only and may name files and SQL. Neither may hold a secret. Thread rule: a plain value.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ipam {

enum class ErrorCode {
  InvalidArgument,
  NotFound,
  AlreadyExists,
  Conflict,
  Exhausted,
  FailedPrecondition,
  PermissionDenied,
  Unauthenticated,
  Unavailable,
  Overloaded,
  Stale,
  DeadlineExceeded,
  Cancelled,
  Unsupported,
  Malformed,
  Internal,
};

// One field of a request that is wrong: a JSON pointer (RFC 6901) and what is wrong with it.
struct FieldError {
  std::string pointer;
  std::string message;

  bool operator==(const FieldError&) const = default;
};

struct Error {
  ErrorCode code = ErrorCode::Internal;
  std::string message;
  std::string detail;
  std::vector<FieldError> fields;
  std::shared_ptr<const Error> cause;  // shared: errors are copied into task outcomes and replies alike

  Error() = default;
  Error(ErrorCode code_in, std::string message_in, std::string detail_in = {});

  // This error as the cause of another one that says it in the caller's terms.
  [[nodiscard]] Error wrapped(ErrorCode outer_code, std::string outer_message) &&;
  // An error about one field of a request; `pointer` is a JSON pointer.
  [[nodiscard]] static Error field(std::string pointer, std::string message);
  // "code: message (detail) <- cause": for the log, never for a client.
  [[nodiscard]] std::string describe() const;
};

// One row of the table that maps a code to what callers see.
struct ErrorCodeRow {
  ErrorCode code;
  std::string_view name;  // stable text in problem+json and JSON output: "already_exists"
  int http_status;
  int exit_status;
};

const ErrorCodeRow& error_code_row(ErrorCode code);
// The row with this stable name, or the row of Internal when there is none.
const ErrorCodeRow& error_code_row(std::string_view name);
inline std::string_view to_string(ErrorCode code) { return error_code_row(code).name; }

}  // namespace ipam
