// Invocation: what one command line asked for, as the parser left it. Only one command runs, so all commands share these fields.
// Thread rule: a plain value.
#pragma once

#include "cli/api.h"
#include "cli/body.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ipam::cli {

class Session;
enum class Format { Table, Json, Csv, Plain };
enum class Confirmation { Ask, Given };
enum class Verification { Do, Skip };
enum class Waiting { Wait, DoNotWait };

struct Invocation {
  // Which server.
  std::string server;
  std::string profile;
  std::string config;
  std::string fingerprint;  // login only
  std::string ca_file;      // login only

  Format format = Format::Table;

  // Which objects.
  std::string subject;
  Query query;  // filters of a list; what tells objects of one name apart
  std::string sort;
  std::vector<std::string> conditions;  // --filter FIELD=VALUE
  std::optional<std::uint64_t> limit;

  // What to write, and why.
  GivenFields given;
  WriteContext context;
  Confirmation confirmation = Confirmation::Ask;
  std::string user_name;
  std::string password_file;
  std::string new_password_file;

  Verification verification = Verification::Do;  // server add
  Waiting waiting = Waiting::Wait;               // task run, server collect
  std::string timeout = "15m";                   // task run, server collect, operation wait
  std::optional<std::uint64_t> from;             // events tail

  // The command itself: the exit status, or what went wrong.
  std::function<Result<int>(Session&)> action;
};

}  // namespace ipam::cli
