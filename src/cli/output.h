// Objects on standard output in the format that was asked for. Lists are written as they arrive, but for tables, which must know every width.
//
// Plain output is one line an object: what it is called, for scripts. Thread rule: one thread.
#pragma once

#include "cli/noun.h"
#include "cli/session.h"

namespace ipam::cli {

class ListWriter {
 public:
  ListWriter(Session& session, const Noun& noun) : session_(session), noun_(noun) {}

  // Errors: Malformed (the item is not what the contract says).
  Result<void> add(const boost::json::value& item);
  // The end of the document, and for a table the line that says how many there are.
  void finish(const Api::ListResult& result);

 private:
  void begin_document();

  Session& session_;
  const Noun& noun_;
  std::vector<Row> rows_;
  std::uint64_t written_ = 0;
};

// One object as a record.
Result<void> print_record(Session& session, const Noun& noun, const boost::json::value& item);
// What dry runs said: sentences for people, the server's answers for programs that read JSON.
void print_dry_runs(Session& session);
// One object that was written: a sentence for people, the object for programs.
void print_written(Session& session, const Noun& noun, const boost::json::value& item, std::string_view sentence);

}  // namespace ipam::cli
