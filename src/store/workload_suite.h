// Numbered write sets for tests of durability: each changes several rows of several tables, and whether it is in a store, whole, in part or not at
// all, can be told from its number alone. Thread rule: pure functions.
#pragma once

#include "store/store.h"

namespace ipam::store {

// The write set `number`, from 1 on; number 1 also makes the space that the others need. Each depends on the one before: it updates the space's
// revision, inserts a journal record and addresses (a few, now and then many), erases an old address and puts two counters.
WriteSet numbered_write_set(std::uint64_t number);

// How many numbered write sets are there, if each from the first is there whole and nothing of any later one. `from` skips the checking of the rows
// of those before it, for checks of a growing store. Errors: Internal, saying what is missing, left over or different.
Result<std::uint64_t> whole_write_sets(Reader& reader, std::uint64_t from = 1);

}  // namespace ipam::store
