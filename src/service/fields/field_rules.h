// The rules between custom fields, their values and the objects that use them, checked inside the transaction that changes them.
//
// - The name of a field is unique whatever its case, the text of a value in its field; at most 128 fields are added to the built-in ones.
// - Built-in fields and values keep their names and stay. A field or value that an object, an association or a logical group uses stays too.
// - Only a Choice field has values, and only such fields are associated and make groups.
// Errors: InvalidArgument (with the field), AlreadyExists, FailedPrecondition, each naming the other object.
// Thread rule: the ledger's writer thread.
#pragma once

#include "ledger/transaction.h"

namespace ipam::service {

Result<void> place(ledger::Transaction& transaction, const model::CustomField& object);
Result<void> place(ledger::Transaction& transaction, const model::CustomFieldValue& object);
Result<void> place(ledger::Transaction& transaction, const model::CustomFieldAssociation& object);
Result<void> place(ledger::Transaction& transaction, const model::LogicalGroup& object);

Result<void> check_unused(ledger::Transaction& transaction, const model::CustomField& object);
Result<void> check_unused(ledger::Transaction& transaction, const model::CustomFieldValue& object);

// Whether each value is of a field that exists, and of a Choice one of its values. For values that were made of names a moment before.
Result<void> check_custom_values(ledger::Transaction& transaction, const model::CustomValues& values);

}  // namespace ipam::service
