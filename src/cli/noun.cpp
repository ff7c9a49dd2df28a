#include "cli/noun.h"

#include "base/strings.h"
#include "cli/document.h"
#include "cli/security_nouns.h"

#include <iterator>

namespace ipam::cli {

std::string text_field(const boost::json::value& item, std::string_view name) { return csv_value(item, name); }

std::string own_name(const Noun& noun, const boost::json::value& item) {
  std::vector<std::string> parts;
  for (const std::string& field : noun.own_name) parts.push_back(text_field(item, field));
  return join(parts, "-");
}

std::vector<Noun> all_nouns() {
  std::vector<Noun> nouns = address_plan_nouns();
  for (auto part : {custom_field_nouns(), search_nouns(), quota_nouns(), server_nouns(), discovery_nouns(), dns_nouns(), change_nouns(),
                    tracking_nouns(), access_nouns(), security_nouns(), operation_nouns(), backup_nouns(), interchange_nouns()})
    std::move(part.begin(), part.end(), std::back_inserter(nouns));
  return nouns;
}

}  // namespace ipam::cli
