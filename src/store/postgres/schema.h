// The schema of the database: which version it is of, and bringing it to this program's. Thread rule: pure functions of a connection.
#pragma once

#include "client/sql/connection.h"

namespace ipam::store::postgres {

// The version this program works with.
std::int64_t newest_schema();
// Errors: FailedPrecondition when the database is not of this program's version; it says which of the two is to be changed.
Result<void> check_schema(client::sql::Connection& connection, const io::Deadline& deadline);
// Brings the schema to `version`, one migration a transaction; several nodes may do it at once. Errors: FailedPrecondition (a newer version).
Result<void> migrate(client::sql::Connection& connection, std::int64_t version = newest_schema());

}  // namespace ipam::store::postgres
