#include "client/sql/errors.h"

#include "base/strings.h"

#include <algorithm>
#include <array>

namespace ipam::client::sql {
namespace {

struct StateRow {
  std::string_view state;  // five characters, or the two of a class
  ErrorCode code;
  std::string_view message;  // after the server's name
};

// The first row that the state begins with counts.
constexpr std::array kStates = {
    StateRow{"23505", ErrorCode::AlreadyExists, " has an object with the same key already"},
    StateRow{"23503", ErrorCode::Conflict, ": an object that this one refers to is gone, or others still refer to it"},
    StateRow{"23514", ErrorCode::Stale, " was changed by someone else meanwhile; repeat the change"},
    StateRow{"25006", ErrorCode::Unavailable, " can only be read: it is a standby. Connect to the primary (target_session_attrs=read-write)"},
    StateRow{"57014", ErrorCode::DeadlineExceeded, " did not finish in time; try again"},
    StateRow{"55P03", ErrorCode::Unavailable, " is locked by another session; nothing was changed. Try again"},
    StateRow{"40", ErrorCode::Unavailable, " had to give up a transaction because of another one; nothing was changed. Try again"},
    StateRow{"53100", ErrorCode::Unavailable, "'s disk is full; nothing was changed. Free some space and try again"},
    StateRow{"53300", ErrorCode::Unavailable, " has no connection left (max_connections); try again"},
    StateRow{"53", ErrorCode::Unavailable, " is out of resources; its log says of which"},
    StateRow{"57P0", ErrorCode::Unavailable, " stops or starts; try again"},
    StateRow{"25P03", ErrorCode::Unavailable, " ended a transaction that was left waiting; try again"},
    StateRow{"08", ErrorCode::Unavailable, " is not reachable; try again"},
    StateRow{"28", ErrorCode::FailedPrecondition, " refused the user or the password; check both, and pg_hba.conf of the server"},
    StateRow{"3D000", ErrorCode::FailedPrecondition, " is not there; create it first (createdb)"},
    StateRow{"42501", ErrorCode::FailedPrecondition, " denies a right that is needed; let the user own its schema"},
    StateRow{"42P01", ErrorCode::FailedPrecondition, " lacks a table: its schema is of another version than this program"},
    StateRow{"42703", ErrorCode::FailedPrecondition, " lacks a column: its schema is of another version than this program"},
    StateRow{"54", ErrorCode::InvalidArgument, " cannot hold so much in one value"},
    StateRow{"22", ErrorCode::InvalidArgument, " cannot hold such a value"},
    StateRow{"58", ErrorCode::Unavailable, " cannot read or write its files; its log says why"},
    StateRow{"XX001", ErrorCode::Unavailable, " is damaged; restore it from a backup"},
    StateRow{"XX002", ErrorCode::Unavailable, " is damaged; restore it from a backup"},
};

}  // namespace

Error error_of_state(std::string_view sqlstate, const std::string& server, std::string detail) {
  for (const StateRow& row : kStates) {
    if (sqlstate.starts_with(row.state)) return {row.code, server + std::string(row.message), std::move(detail)};
  }
  return {ErrorCode::Internal, server + " refused a statement", std::move(detail)};
}

std::string one_line(const char* text) {
  std::string line = text == nullptr ? "" : text;
  std::replace(line.begin(), line.end(), '\n', ' ');
  return std::string(trim(line));
}

}  // namespace ipam::client::sql
