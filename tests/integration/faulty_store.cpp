#include "integration/faulty_store.h"

namespace ipam::test {

void FaultyStore::fail_commits(Error error, std::size_t times) {
  auto state = state_.lock();
  state->error = std::move(error);
  state->failures_left = times;
}

void FaultyStore::fail_commits_when(std::function<Result<void>(const store::WriteSet&)> fails) { state_.lock()->fails = std::move(fails); }

void FaultyStore::hold_commits() { state_.lock()->held = true; }

void FaultyStore::await_commit() {
  auto state = state_.lock();
  changed_.wait(state.raw(), [&] { return state->waiting > 0; });
}

void FaultyStore::release() {
  state_.lock()->held = false;
  changed_.notify_all();
}

void FaultyStore::after_next_reader(std::function<void()> call) { state_.lock()->after_reader = std::move(call); }

Result<std::unique_ptr<store::Reader>> FaultyStore::open_reader() {
  auto reader = real_.open_reader();
  ++state_.lock()->readers;
  const std::function<void()> call = std::exchange(state_.lock()->after_reader, nullptr);
  if (call) call();
  return reader;
}

Result<void> FaultyStore::commit(const store::WriteSet& writes) {
  std::function<Result<void>(const store::WriteSet&)> fails;
  {
    auto state = state_.lock();
    if (state->held) {
      ++state->waiting;
      changed_.notify_all();
      changed_.wait(state.raw(), [&] { return !state->held; });
      --state->waiting;
    }
    if (state->failures_left > 0) {
      --state->failures_left;
      return *state->error;
    }
    fails = state->fails;
  }
  if (fails) IPAM_TRY(fails(writes));
  IPAM_TRY(real_.commit(writes));
  ++state_.lock()->commits;
  return {};
}

}  // namespace ipam::test
