// ReplacedState: what a restored database takes over from the one that it replaces.
//
// - The restored journal goes on above its sequences and ids; the record of the restoration is the first one there.
// - Its journal records since the backup are kept beside, so that somebody can tell what is to be made again.
// - What it had handed out since: address spaces, blocks, subnets, addresses, reservations and leases that the backup does not know, where they
//   have a place. Nobody gets such an address a second time.
// - Who may sign in: users with their passwords and groups, tokens and sessions are those of the replaced database: a restore neither lets in who was
//   shut out meanwhile, nor shuts out who restores. A user who had been removed comes back disabled.
// - The answers kept for repeated requests.
// Rows of the replaced database that cannot be read are left out, and the restoration says why. Thread rule: one thread; calls block.
#pragma once

#include "ledger/ledger.h"
#include "service/backup/backup_folder.h"

namespace ipam::service {

class ReplacedState {
 public:
  // `restored` and its ledger are of the new database. `replaced` is null where the replaced one cannot be read; `restoration.problem` says why then.
  ReplacedState(store::Store& restored, ledger::Ledger& ledger, const occupancy::Index& index, store::Store* replaced, model::ChangeContext context)
      : restored_(restored), ledger_(ledger), index_(index), replaced_(replaced), context_(std::move(context)) {}

  // Takes over, and completes and stores the restoration. Errors: those of the ledger; the replaced database's go into `problem`.
  Result<model::Restoration> take_over(model::Restoration restoration);

 private:
  using Part = Result<void> (ReplacedState::*)(store::Reader& replaced);

  struct End {
    std::uint64_t sequence = 0;
    std::uint64_t id = 0;
  };

  // Stores the restoration as the first record above the replaced database's.
  Result<void> begin();
  Result<End> end_of_replaced();
  // Where both journals part: the newest sequence with the same link in both.
  Result<std::uint64_t> common_sequence(store::Reader& replaced);
  Result<void> commit(const ledger::Work& work);
  void run(Part part);
  void tell_problem(const Error& error);

  Result<void> keep_records(store::Reader& replaced);
  Result<void> keep_plan(store::Reader& replaced);
  Result<void> keep_reservations(store::Reader& replaced);
  Result<void> keep_leases(store::Reader& replaced);
  Result<void> keep_users(store::Reader& replaced);
  Result<void> keep_sign_ins(store::Reader& replaced);
  Result<void> keep_answers(store::Reader& replaced);
  Result<void> end_sessions();

  // Puts objects of the replaced plan that the restored one lacks in their places; counts those that have one.
  template <class T>
  Result<void> keep_placed(store::Reader& replaced, std::uint64_t& kept, const std::function<bool(const T&)>& is_there);
  bool is_held(std::uint64_t space, const ip::Address& address) const;

  store::Store& restored_;
  ledger::Ledger& ledger_;
  const occupancy::Index& index_;
  store::Store* const replaced_;
  const model::ChangeContext context_;
  model::Restoration restoration_;
};

}  // namespace ipam::service
