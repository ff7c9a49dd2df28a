#include "base/error.h"

#include <algorithm>
#include <array>
#include <utility>

namespace ipam {
namespace {

// Exit statuses 1 and 2 stay free for the shell's own conventions (unspecified failure, wrong usage).
constexpr std::array<ErrorCodeRow, 16> kErrorCodes{{
    {ErrorCode::InvalidArgument, "invalid_argument", 400, 3},
    {ErrorCode::NotFound, "not_found", 404, 4},
    {ErrorCode::AlreadyExists, "already_exists", 409, 5},
    {ErrorCode::Conflict, "conflict", 409, 6},
    {ErrorCode::Exhausted, "exhausted", 409, 7},
    {ErrorCode::FailedPrecondition, "failed_precondition", 412, 8},
    {ErrorCode::PermissionDenied, "permission_denied", 403, 9},
    {ErrorCode::Unauthenticated, "unauthenticated", 401, 10},
    {ErrorCode::Unavailable, "unavailable", 503, 11},
    {ErrorCode::Overloaded, "overloaded", 429, 12},
    {ErrorCode::Stale, "stale", 409, 13},
    {ErrorCode::DeadlineExceeded, "deadline_exceeded", 504, 14},
    {ErrorCode::Cancelled, "cancelled", 503, 15},
    {ErrorCode::Unsupported, "unsupported", 501, 16},
    {ErrorCode::Malformed, "malformed", 400, 17},
    {ErrorCode::Internal, "internal", 500, 18},
}};

}  // namespace

Error::Error(ErrorCode code_in, std::string message_in, std::string detail_in)
    : code(code_in), message(std::move(message_in)), detail(std::move(detail_in)) {}

Error Error::wrapped(ErrorCode outer_code, std::string outer_message) && {
  Error outer(outer_code, std::move(outer_message));
  outer.cause = std::make_shared<const Error>(std::move(*this));
  return outer;
}

Error Error::field(std::string pointer, std::string message) {
  Error error(ErrorCode::InvalidArgument, pointer.empty() ? message : pointer + ": " + message);
  error.fields.push_back({std::move(pointer), std::move(message)});
  return error;
}

std::string Error::describe() const {
  std::string text(to_string(code));
  text += ": ";
  text += message;
  if (!detail.empty()) text += " (" + detail + ")";
  if (cause) text += " <- " + cause->describe();
  return text;
}

const ErrorCodeRow& error_code_row(ErrorCode code) { return kErrorCodes[static_cast<std::size_t>(code)]; }

const ErrorCodeRow& error_code_row(std::string_view name) {
  const auto* row = std::find_if(kErrorCodes.begin(), kErrorCodes.end(), [&](const ErrorCodeRow& r) { return r.name == name; });
  return row == kErrorCodes.end() ? error_code_row(ErrorCode::Internal) : *row;
}

}  // namespace ipam
