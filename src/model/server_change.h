// A change that was made on a managed server through Cadastre. It is announced, and so in the journal, before the server is asked, and told to its
// end afterwards; so one that nobody could tell the end of, because the process or the database died in between, can be seen and is settled by the
// next collection of its server. Thread rule: plain values.
#pragma once

#include "model/managed_server.h"

namespace ipam::model {

// Announced: the server was about to be asked. Made: read back from the server, or found there by a collection. NotMade: the server refused, or a
// collection found that it is not there. Unknown: no answer came, or something else is there than was and than was asked for. Undone: made, and taken
// back by a later change.
enum class ServerChangeState : std::uint8_t { Announced, Made, NotMade, Unknown, Undone };
BOOST_DESCRIBE_ENUM(ServerChangeState, Announced, Made, NotMade, Unknown, Undone)

struct ServerChange {
  Id<ServerChange> id;
  std::uint64_t revision = 0;
  Id<ManagedServer> server_id;  // which may be gone
  std::string server;           // its name at the time
  ServerChangeState state = ServerChangeState::Announced;
  std::string what;     // sentences for a person, one a line
  std::string changes;  // JSON: each with what was there before and what is there after
  std::string problem;  // why it was not made, or is not known to be
  std::string actor;    // these as in the journal
  std::string reason;
  std::string change_reference;
  Time announced_at{};
  std::optional<Time> ended_at;
  std::string parts;                          // ids, separated by spaces, of the changes on other servers that the same request made before it
  std::optional<Id<ServerChange>> undoes;     // what it takes back
  std::optional<Id<ServerChange>> undone_by;  // what took it back

  bool operator==(const ServerChange&) const = default;
};
BOOST_DESCRIBE_STRUCT(ServerChange, (),
                      (id, revision, server_id, server, state, what, changes, problem, actor, reason, change_reference, announced_at, ended_at, parts,
                       undoes, undone_by))

}  // namespace ipam::model
