// Imports in the API: /api/v1/imports. Exports have no JSON of their own. Thread rule: plain values.
#pragma once

#include "contract/long_work.h"

namespace ipam::contract {

enum class ImportKind { Block, Subnet, Range, Address };
BOOST_DESCRIBE_ENUM(ImportKind, Block, Subnet, Range, Address)
enum class ImportFormat { Csv, JsonLines };
BOOST_DESCRIBE_ENUM(ImportFormat, Csv, JsonLines)
enum class ImportMode { AddOrUpdate, Synchronize };
BOOST_DESCRIBE_ENUM(ImportMode, AddOrUpdate, Synchronize)

struct Import {
  ObjectId id;
  ObjectId operation_id;
  ImportKind kind = ImportKind::Address;
  ImportFormat format = ImportFormat::Csv;
  ImportMode mode = ImportMode::AddOrUpdate;
  bool dry_run = false;
  std::string file_name;
  std::string sha256;
  std::uint64_t bytes = 0;
  std::string actor;
  std::string node;
  OperationState state = OperationState::Waiting;
  bool resumable = false;
  std::uint64_t rows = 0;
  std::uint64_t created = 0;
  std::uint64_t updated = 0;
  std::uint64_t unchanged = 0;
  std::uint64_t removed = 0;
  std::uint64_t failed = 0;
  std::vector<std::string> columns_without_place;
  std::string message;
  Time started_at{};
  std::optional<Time> ended_at;
};
BOOST_DESCRIBE_STRUCT(Import, (),
                      (id, operation_id, kind, format, mode, dry_run, file_name, sha256, bytes, actor, node, state, resumable, rows, created, updated,
                       unchanged, removed, failed, columns_without_place, message, started_at, ended_at))

}  // namespace ipam::contract
