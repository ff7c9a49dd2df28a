// The nouns of what is changed on managed servers: reservation, change.
#include "cli/cells.h"
#include "cli/noun.h"
#include "contract/change.h"

namespace ipam::cli {
namespace {

const Filter kServer{"--server", "NAME", "server", "Only of this server"};

Cell state_cell(contract::ServerChangeState state) {
  using enum contract::ServerChangeState;
  switch (state) {
    case Made: return {"made", Tone::Good, {}};
    case Undone: return {"undone", Tone::Faint, {}};
    case NotMade: return {"not made", Tone::Warning, {}};
    case Announced: return {"announced", Tone::Warning, {}};
    case Unknown: return {"UNKNOWN", Tone::Bad, {}};
  }
  return cell(state);
}

std::string sentence(const contract::ServerChange& change) {
  std::string text;
  for (const std::string& what : change.what) text += (text.empty() ? "" : "; ") + what;
  return text;
}

Noun reservation_noun() {
  using T = contract::DhcpReservation;
  Noun noun{"reservation", {"dhcp-reservation"}, "DHCP reservation", "DHCP reservations", "/api/v1/dhcp_reservations", {"address"}};
  noun.table = view_of(std::vector<Column<T>>{field("Address", &T::address), field("Identifier", &T::identifier), field("Host name", &T::hostname),
                                              field("Scope", &T::scope), field("Server", &T::server), field("Space", &T::space)});
  noun.record = view_of(std::vector<Column<T>>{field("Id", &T::id), field("Address", &T::address), field("Identified by", &T::identifier_type),
                                               field("Identifier", &T::identifier), field("Host name", &T::hostname), field("Scope", &T::scope),
                                               field("Server", &T::server), field("Space", &T::space)});
  noun.table_sort = "address";
  noun.csv = csv_columns_of<T>();
  noun.filters = {kServer,
                  {"--space", "NAME", "space", "Only in this address space"},
                  {"--hostname", "TEXT", "hostname__contains", "Only where the host name contains this"}};
  noun.within = true;
  noun.keys = {Key::Address};
  noun.qualifiers = {{"--space", "NAME", "space", "In this address space"}};
  noun.subject = "ADDRESS";
  noun.subject_fields = {"address"};
  noun.add = body_of<contract::DhcpReservationCreate>();
  noun.edit = body_of<contract::DhcpReservationPatch>();
  noun.on_server = true;
  noun.list_help = {"List the DHCP reservations of the managed servers; with a prefix, those that lie in it.", "ipam reservation list 10.0.0.0/24",
                    "Get-IpamAddress with reservations"};
  noun.show_help = {"Show one reservation by address or id.", "ipam reservation show 10.0.0.77", ""};
  noun.add_help = {"Reserve an address for a client on the DHCP server of its scope. What it costs the server's clients is shown with --dry-run.",
                   "ipam reservation add 10.0.0.77 --identifier 02:00:00:00:00:07 --hostname app7 --reason 'New host'",
                   "Set-IpamDhcpScope and Add-IpamDhcpReservation in the console"};
  noun.edit_help = {"Change a reservation on its server.", "ipam reservation edit 10.0.0.77 --hostname app8", ""};
  noun.delete_help = {"Remove a reservation from its server.", "ipam reservation delete 10.0.0.77", ""};
  return noun;
}

Noun change_noun() {
  using T = contract::ServerChange;
  Noun noun{"change", {}, "change to a managed server", "changes to managed servers", "/api/v1/changes", {"id"}};
  const auto state = computed<T>("State", [](const T& change) { return state_cell(change.state); });
  const auto what = computed<T>(
      "What", [](const T& change) { return cell(sentence(change)); }, Align::Left, Width::MayCut);
  noun.table = view_of(std::vector<Column<T>>{field("Id", &T::id), field("At (UTC)", &T::announced_at), field("Server", &T::server), state, what,
                                              field("By", &T::actor), field("Reference", &T::change_reference)});
  noun.record = view_of(std::vector<Column<T>>{field("Id", &T::id), field("Server", &T::server), state, what, field("Problem", &T::problem),
                                               field("By", &T::actor), field("Reason", &T::reason), field("Reference", &T::change_reference),
                                               field("Announced (UTC)", &T::announced_at), field("Ended (UTC)", &T::ended_at),
                                               field("Undoes", &T::undoes), field("Undone by", &T::undone_by)});
  noun.csv = csv_columns_of<T>();
  noun.filters = {kServer,
                  {"--state", "STATE", "state", "Only in this state: announced, made, not_made, unknown, undone"},
                  {"--actor", "NAME", "actor", "Only by this user"},
                  {"--reference", "TEXT", "change_reference", "Only of this change or ticket"}};
  noun.table_sort = "-id";
  noun.subject = "ID";
  noun.list_help = {"List the changes that were made on managed servers, the newest first.", "ipam change list --state unknown", ""};
  noun.show_help = {"Show one change: what was asked for, why, and what became of it.", "ipam change show 131099", ""};
  return noun;
}

}  // namespace

std::vector<Noun> change_nouns() { return {reservation_noun(), change_noun()}; }

}  // namespace ipam::cli
