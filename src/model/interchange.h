// An import of a file into the address plan: what was asked for, how far it is, and the rows that need a person. Bookkeeping. Thread rule: plain
// values.
#pragma once

#include "model/access.h"
#include "model/operation.h"

namespace ipam::model {

enum class ImportKind : std::uint8_t { Block, Subnet, Range, Address };
BOOST_DESCRIBE_ENUM(ImportKind, Block, Subnet, Range, Address)
enum class ImportFormat : std::uint8_t { Csv, JsonLines };
BOOST_DESCRIBE_ENUM(ImportFormat, Csv, JsonLines)
// Synchronize: also removes what the file does not name, within a scope.
enum class ImportMode : std::uint8_t { AddOrUpdate, Synchronize };
BOOST_DESCRIBE_ENUM(ImportMode, AddOrUpdate, Synchronize)

struct Import {
  Id<Import> id;
  Id<Operation> operation_id;  // the newest one that works on it
  ImportKind kind = ImportKind::Address;
  ImportFormat format = ImportFormat::Csv;
  ImportMode mode = ImportMode::AddOrUpdate;
  bool dry_run = false;
  std::string file_name;  // as its sender calls it
  Bytes digest;           // SHA-256 of the file
  std::uint64_t bytes = 0;
  std::string request;  // further wishes, as the service keeps them
  std::string actor;
  Id<User> user_id;
  std::string node;        // where the file is kept
  std::uint64_t rows = 0;  // done, from the beginning; a resumed import goes on behind them
  std::uint64_t created = 0;
  std::uint64_t updated = 0;
  std::uint64_t unchanged = 0;
  std::uint64_t removed = 0;
  std::uint64_t failed = 0;
  std::string header;    // of the file, as a CSV row; empty for other formats
  std::string unplaced;  // columns that have no place here, one a line
  bool complete = false;
  std::string message;  // what came of it
  Time started_at{};
  std::optional<Time> ended_at;

  bool operator==(const Import&) const = default;
};
BOOST_DESCRIBE_STRUCT(Import, (),
                      (id, operation_id, kind, format, mode, dry_run, file_name, digest, bytes, request, actor, user_id, node, rows, created, updated,
                       unchanged, removed, failed, header, unplaced, complete, message, started_at, ended_at))

// Conflict: a row that is as the plan has it, but a DHCP or DNS server says something else. Seen: no row and no object, but a server has it.
enum class RowOutcome : std::uint8_t { Created, Updated, Unchanged, Removed, Failed, Conflict, Seen };
BOOST_DESCRIBE_ENUM(RowOutcome, Created, Updated, Unchanged, Removed, Failed, Conflict, Seen)

// A row that failed; of a dry run every row.
struct ImportRow {
  Id<Import> import_id;
  std::uint64_t number = 0;  // as a spreadsheet counts
  RowOutcome outcome = RowOutcome::Failed;
  std::string reason;  // of a failed one why; in a dry run also what differs
  std::string object;  // which it is about, as a person calls it
  std::string text;    // a failed row as it was given: a row of CSV, or a line of JSON

  bool operator==(const ImportRow&) const = default;
};
BOOST_DESCRIBE_STRUCT(ImportRow, (), (import_id, number, outcome, reason, object, text))

}  // namespace ipam::model
