// What any write may be asked for beside being done: a dry run; and many writes in one request: POST …:batch, /api/v1/batch. Thread rule: plain
// values.
#pragma once

#include "contract/operation.h"

namespace ipam::contract {

// The answer to any write with ?dry_run=true: nothing was changed. The id of an object that would be made is given to nobody.
struct DryRunAnswer {
  bool dry_run = true;
  int status = 0;               // what the write itself would have answered
  std::vector<Change> changes;  // what the journal would say; their sequence is 0
  json::Raw result;             // the body of the write's own answer, or null
};
BOOST_DESCRIBE_STRUCT(DryRunAnswer, (), (dry_run, status, changes, result))

enum class BatchVerb { Create, Update, Delete };
BOOST_DESCRIBE_ENUM(BatchVerb, Create, Update, Delete)

struct BatchOperation {
  BatchVerb operation = BatchVerb::Create;
  std::optional<std::string> collection;  // "subnets"; only and always at /api/v1/batch
  std::optional<ObjectId> id;             // of an update or delete
  std::optional<std::string> if_match;    // the ETag that the object must still have
  std::optional<json::Raw> body;          // of a create or update, as the collection's POST or PATCH takes it
};
BOOST_DESCRIBE_STRUCT(BatchOperation, (), (operation, collection, id, if_match, body))

struct BatchRequest {
  std::optional<bool> atomic;  // all or nothing; false unless given
  std::vector<BatchOperation> operations;
};
BOOST_DESCRIBE_STRUCT(BatchRequest, (), (atomic, operations))

struct BatchResult {
  int status = 0;  // as the operation alone would have been answered
  std::optional<ObjectId> id;
  json::Raw object;                // as it is now; null after a delete or failure
  std::optional<Problem> problem;  // why it failed
};
BOOST_DESCRIBE_STRUCT(BatchResult, (), (status, id, object, problem))

struct BatchAnswer {
  bool atomic = false;
  std::uint64_t succeeded = 0;
  std::uint64_t failed = 0;
  std::uint64_t sequence = 0;        // of the newest journal record of the batch
  std::vector<BatchResult> results;  // one for each operation, in order
};
BOOST_DESCRIBE_STRUCT(BatchAnswer, (), (atomic, succeeded, failed, sequence, results))

}  // namespace ipam::contract
