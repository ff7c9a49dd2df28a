// FaultyStore: a store whose commits a test can count, hold back and let fail. Thread rule: as store::Store; any thread may script it.
#pragma once

#include "base/guarded.h"
#include "store/store.h"

#include <condition_variable>

namespace ipam::test {

class FaultyStore final : public store::Store {
 public:
  explicit FaultyStore(store::Store& real) : real_(real) {}

  // The next `times` commits answer `error` and change nothing.
  void fail_commits(Error error, std::size_t times);
  // Every commit for which `fails` answers an error answers that and changes nothing; null: none.
  void fail_commits_when(std::function<Result<void>(const store::WriteSet&)> fails);
  // Commits wait from now on; await_commit() returns once one does; release() lets all go on.
  void hold_commits();
  void await_commit();
  void release();
  // Called once with the next reader that is opened, after its snapshot was taken.
  void after_next_reader(std::function<void()> call);

  // Commits that succeeded.
  std::size_t commits() const { return state_.lock()->commits; }
  // Readers that were opened.
  std::size_t readers() const { return state_.lock()->readers; }

  Result<std::unique_ptr<store::Reader>> open_reader() override;
  Result<void> commit(const store::WriteSet& writes) override;
  Result<std::uint64_t> size_on_disk() override { return real_.size_on_disk(); }

 private:
  struct State {
    std::optional<Error> error;
    std::size_t failures_left = 0;
    std::function<Result<void>(const store::WriteSet&)> fails;
    std::function<void()> after_reader;
    bool held = false;
    std::size_t waiting = 0;
    std::size_t commits = 0;
    std::size_t readers = 0;
  };

  store::Store& real_;
  Guarded<State> state_;
  std::condition_variable changed_;
};

}  // namespace ipam::test
