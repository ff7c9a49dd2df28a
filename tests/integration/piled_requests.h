// PiledRequests: requests to the ledger that are sure to be in one batch: while the commit of a first one is held back, all others queue behind it.
// Thread rule: the test's thread.
#pragma once

#include "integration/house.h"

#include <deque>

namespace ipam::test {

class PiledRequests {
 public:
  // Starts a request of its own, whose commit waits.
  explicit PiledRequests(House& house) : house_(house) {
    house_.store->hold_commits();
    add([](ledger::Transaction& transaction) -> Result<void> {
      transaction.put_row(model::TaskState{.name = "first"});
      return {};
    });
    house_.store->await_commit();
  }

  // Queues the work and answers its number, from 1 on.
  std::size_t add(ledger::Work work, ledger::Priority priority = ledger::Priority::Interactive) {
    answers_.emplace_back();
    io::spawn(house_.loop.executor(), commit_into(house_.ledger.get(), priority, std::move(work), &answers_.back()), "a request");
    house_.settle();
    return answers_.size() - 1;
  }

  void commit() {
    house_.store->release();
    house_.run_until([&] { return std::all_of(answers_.begin(), answers_.end(), [](const auto& answer) { return answer.has_value(); }); });
  }

  const Result<ledger::Receipt>& operator[](std::size_t number) const { return *answers_.at(number); }
  std::optional<ErrorCode> error(std::size_t number) const {
    const auto& answer = *answers_.at(number);
    return answer.ok() ? std::nullopt : std::optional(answer.error().code);
  }

 private:
  static io::Task<void> commit_into(ledger::Ledger* ledger, ledger::Priority priority, ledger::Work work,
                                    std::optional<Result<ledger::Receipt>>* answer) {
    model::ChangeContext context;
    context.actor = "tester";
    auto receipt = co_await ledger->commit(context, priority, work);
    answer->emplace(std::move(receipt));
  }

  House& house_;
  std::deque<std::optional<Result<ledger::Receipt>>> answers_;
};

}  // namespace ipam::test
