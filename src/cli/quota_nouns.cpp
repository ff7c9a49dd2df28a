// The noun of quotas.
#include "cli/cells.h"
#include "cli/noun.h"
#include "contract/quota.h"

namespace ipam::cli {

std::vector<Noun> quota_nouns() {
  using T = contract::Quota;
  Noun noun{"quota", {}, "quota", "quotas", "/api/v1/quotas", {"subject"}};
  const std::vector<Column<T>> columns{field("Subject", &T::subject),
                                       field("Kind", &T::subject_kind),
                                       field("Prefix", &T::prefix),
                                       field("Space", &T::space),
                                       field("Most addresses", &T::most_addresses),
                                       field("Addresses taken", &T::addresses_taken),
                                       field("Most subnets", &T::most_subnets),
                                       field("Subnets taken", &T::subnets_taken),
                                       field("Description", &T::description)};
  noun.table = view_of(std::vector<Column<T>>{field("Id", &T::id)} + columns);
  noun.record = view_of(std::vector<Column<T>>{field("Id", &T::id)} + columns);
  noun.table_sort = "prefix";
  noun.csv = csv_columns_of<T>();
  noun.filters = {{"--space", "NAME", "space", "Only in this address space"}, {"--subject", "NAME", "subject", "Only of this user or group"}};
  noun.keys = {Key::Name};
  noun.qualifiers = {{"--space", "NAME", "space", "The one in this address space"}, {"--prefix", "PREFIX", "prefix", "The one for this prefix"}};
  noun.name_query = "subject";
  noun.subject = "SUBJECT";
  noun.subject_fields = {"subject"};
  noun.add = body_of<contract::QuotaCreate>();
  noun.edit = body_of<contract::QuotaPatch>();
  noun.list_help = {"List the quotas, and what is taken of each.", "ipam quota list", ""};
  noun.show_help = {"Show one quota.", "ipam quota show alice --prefix 10.2.0.0/16", ""};
  noun.add_help = {"Say how much of a prefix a user, or all users of a group together, may take. What was taken before is not charged to it.",
                   "ipam quota add alice --prefix 10.2.0.0/16 --most-addresses 50", ""};
  noun.edit_help = {"Change a quota; an empty value means without limit.", "ipam quota edit alice --prefix 10.2.0.0/16 --most-addresses 80", ""};
  noun.delete_help = {"Delete a quota.", "ipam quota delete alice --prefix 10.2.0.0/16", ""};
  return {noun};
}

}  // namespace ipam::cli
