// Access, tasks and the journal in the API: /api/v1/sessions, me, users, tokens, tasks, journal. Thread rule: plain values.
#pragma once

#include "contract/common.h"

namespace ipam::contract {

enum class Group { IpamUsers, IpamMsmAdministrators, IpamAsmAdministrators, IpamIpAuditAdministrators, IpamAdministrators };
BOOST_DESCRIBE_ENUM(Group, IpamUsers, IpamMsmAdministrators, IpamAsmAdministrators, IpamIpAuditAdministrators, IpamAdministrators)

struct SessionCreate {
  std::string user_name;
  std::string password;
  std::optional<bool> cookie;  // true: the session is a cookie of the browser, and `token` of the answer is empty
};
BOOST_DESCRIBE_STRUCT(SessionCreate, (), (user_name, password, cookie))

struct Session {
  std::string token;  // send it as "Authorization: Bearer …"; empty when the session is a cookie
  Time expires_at{};
  std::string user_name;
  Group access_group = Group::IpamUsers;
};
BOOST_DESCRIBE_STRUCT(Session, (), (token, expires_at, user_name, access_group))

struct Me {
  ObjectId id;
  std::string user_name;
  Group access_group = Group::IpamUsers;
};
BOOST_DESCRIBE_STRUCT(Me, (), (id, user_name, access_group))

struct PasswordChange {
  std::string current_password;
  std::string new_password;
};
BOOST_DESCRIBE_STRUCT(PasswordChange, (), (current_password, new_password))

struct User {
  ObjectId id;
  std::string name;
  Group access_group = Group::IpamUsers;
  bool enabled = true;
  std::string description;
};
BOOST_DESCRIBE_STRUCT(User, (), (id, name, access_group, enabled, description))

struct UserCreate {
  std::string name;
  std::string password;
  std::optional<Group> access_group;
  std::optional<std::string> description;
};
BOOST_DESCRIBE_STRUCT(UserCreate, (), (name, password, access_group, description))

struct UserPatch {
  std::optional<std::string> password;
  std::optional<Group> access_group;
  std::optional<bool> enabled;
  Patch<std::string> description;
};
BOOST_DESCRIBE_STRUCT(UserPatch, (), (password, access_group, enabled, description))

struct Token {
  ObjectId id;
  std::string name;
  std::string user_name;
  Group access_group = Group::IpamUsers;
  Time created_at{};
  std::optional<Time> expires_at;
};
BOOST_DESCRIBE_STRUCT(Token, (), (id, name, user_name, access_group, created_at, expires_at))

struct TokenCreate {
  std::string name;
  std::optional<Group> access_group;  // default and at most: the caller's own
  std::optional<Time> expires_at;
};
BOOST_DESCRIBE_STRUCT(TokenCreate, (), (name, access_group, expires_at))

// The answer to its creation is the only place where a token's secret is ever told.
struct TokenCreated : Token {
  std::string token;
};
BOOST_DESCRIBE_STRUCT(TokenCreated, (Token), (token))

enum class TaskResult { Never, Running, Succeeded, PartlyFailed, Failed, Cancelled };
BOOST_DESCRIBE_ENUM(TaskResult, Never, Running, Succeeded, PartlyFailed, Failed, Cancelled)

struct TaskOutcome {
  ObjectId server_id;
  std::string server;
  TaskResult result = TaskResult::Never;
  std::string message;
  Time started_at{};
  Time ended_at{};
};
BOOST_DESCRIBE_STRUCT(TaskOutcome, (), (server_id, server, result, message, started_at, ended_at))

struct Task {
  std::string name;
  std::string description;
  std::int64_t period_seconds = 0;
  std::int64_t default_period_seconds = 0;
  bool enabled = true;
  bool running = false;
  std::uint64_t runs = 0;
  TaskResult last_result = TaskResult::Never;
  std::string last_message;
  std::optional<Time> last_started_at;
  std::optional<Time> last_ended_at;
  std::optional<Time> next_due_at;
  std::vector<TaskOutcome> outcomes;  // of the last run, one a server
};
BOOST_DESCRIBE_STRUCT(Task, (),
                      (name, description, period_seconds, default_period_seconds, enabled, running, runs, last_result, last_message, last_started_at,
                       last_ended_at, next_due_at, outcomes))

struct TaskPatch {
  std::optional<std::int64_t> period_seconds;
  std::optional<bool> enabled;
};
BOOST_DESCRIBE_STRUCT(TaskPatch, (), (period_seconds, enabled))

// POST /api/v1/tasks/{name}:run answers 202 at once; the run is over when the task's `runs` has reached `run`.
struct TaskRunAnswer {
  std::string name;
  std::uint64_t run = 0;
  bool already_running = false;  // a run was under way; another one follows it
};
BOOST_DESCRIBE_STRUCT(TaskRunAnswer, (), (name, run, already_running))

enum class ChangeKind { Created, Updated, Deleted };
BOOST_DESCRIBE_ENUM(ChangeKind, Created, Updated, Deleted)

struct Change {
  std::uint64_t sequence = 0;
  Time at{};
  std::string actor;
  std::string on_behalf_of;
  std::string request_id;
  std::string reason;
  std::string change_reference;
  ChangeKind kind = ChangeKind::Created;
  std::string object_type;
  ObjectId object_id;
  std::string object_name;
  json::Raw differences;
};
BOOST_DESCRIBE_STRUCT(Change, (),
                      (sequence, at, actor, on_behalf_of, request_id, reason, change_reference, kind, object_type, object_id, object_name,
                       differences))

}  // namespace ipam::contract
