// The changes of one object as lines, one for each field that a change changed: when, by whom, what was there before and is there after, and why.
// Thread rule: one thread.
#pragma once

#include "cli/api.h"
#include "cli/noun.h"

#include <boost/json/object.hpp>

#include <map>

namespace ipam::cli {

// How such lines are shown.
Noun change_line_noun();

class ChangeLines {
 public:
  explicit ChangeLines(Api& api) : api_(api) {}

  // At least one line; of a table the later ones of a change do not repeat what the first one says.
  std::vector<boost::json::value> lines_of(const boost::json::value& change, bool repeats);

 private:
  // "space_id": 131072 → "space": Lab. What is gone, or may not be read, keeps its id.
  void add_reference(std::vector<boost::json::object>& lines, const boost::json::object& sides, const std::string& field);
  // Custom fields are told by their ids; a person knows their names.
  void add_custom(std::vector<boost::json::object>& lines, const boost::json::object& change);
  std::string field_name(const std::string& id);
  std::string value_text(const std::string& field, const std::string& value);
  const boost::json::value& known(const std::string& path);

  Api& api_;
  std::map<std::string, boost::json::value> known_;
};

}  // namespace ipam::cli
