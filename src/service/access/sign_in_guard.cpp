#include "service/access/sign_in_guard.h"

#include "base/strings.h"
#include "crypto/random.h"
#include "ip/prefix.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::service {
namespace {

using model::Lockout;
using model::LockoutKind;

constexpr std::size_t kMaxSubjectBytes = 100;

}  // namespace

std::string counted_address(const std::string& text) {
  const auto parsed = ip::Address::parse(text);
  if (!parsed.ok()) return text;
  const ip::Address address = parsed->unmapped();
  if (address.family() == ip::Family::V4) return address.to_string();
  return ip::Prefix::containing(address, 64).to_string();
}

SignInGuard::Key SignInGuard::name_key(const std::string& name) { return {LockoutKind::UserName, shorten(name, kMaxSubjectBytes)}; }
SignInGuard::Key SignInGuard::address_key(const std::string& address) { return {LockoutKind::ClientAddress, counted_address(address)}; }

std::uint64_t SignInGuard::free_failures(LockoutKind kind) const {
  return kind == LockoutKind::UserName ? limits_.failures_of_name : limits_.failures_of_address;
}

void SignInGuard::load(std::vector<Lockout> rows) {
  auto state = state_.lock();
  for (Lockout& row : rows) {
    // Several nodes may each have counted the same.
    change(*state, find_or_add(*state, {row.kind, row.subject}), [&](Entry& entry) {
      if (entry.row.failures <= row.failures) entry.row = std::move(row);
    });
  }
}

std::optional<Duration> SignInGuard::wait_of(const State& state, const Key& key) const {
  const auto found = state.entries.find(key);
  if (found == state.entries.end()) return std::nullopt;
  const Entry& entry = found->second;
  const Time now = clock_.now();
  if (now < entry.row.blocked_until) return entry.row.blocked_until - now;
  // Attempts side by side must not be as many guesses for the price of one.
  const std::size_t side_by_side = entry.row.failures >= free_failures(key.first) ? 1 : kMaxUnderWay;
  if (entry.under_way >= side_by_side) return std::chrono::seconds(1);
  return std::nullopt;
}

Result<void> SignInGuard::begin(const std::string& name, const std::string& address, const std::function<bool()>& at_home, int* retry_after_seconds) {
  const Key of_name = name_key(name), of_address = address_key(address);
  const auto name_waits = [&] { return wait_of(*state_.lock(), of_name).has_value(); };
  const bool exempt = name_waits() && at_home();
  auto state = state_.lock();
  auto wait = wait_of(*state, of_address);
  if (const auto more = exempt ? std::nullopt : wait_of(*state, of_name)) wait = std::max(wait.value_or(Duration::zero()), *more);
  if (wait) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*wait);
    *retry_after_seconds = static_cast<int>(seconds.count());
    return Error(ErrorCode::Overloaded, fmt::format("too many sign-ins have failed; try again in {}", format_duration(seconds)));
  }
  for (const Key& key : {of_name, of_address}) {
    if (!state->entries.contains(key)) make_room(*state);
    change(*state, find_or_add(*state, key), [](Entry& entry) { ++entry.under_way; });
  }
  return {};
}

void SignInGuard::make_room(State& state) {
  if (state.entries.size() < kMaxSubjects) return;
  erase(state, state.entries.find(std::get<Key>(*state.order.begin())));
}

SignInGuard::Entries::iterator SignInGuard::find_or_add(State& state, const Key& key) {
  const auto [entry, fresh] = state.entries.try_emplace(key);
  if (fresh) {
    entry->second.row.kind = key.first;
    entry->second.row.subject = key.second;
    state.order.insert(place_of(*entry));
  }
  return entry;
}

void SignInGuard::change(State& state, Entries::iterator entry, const std::function<void(Entry&)>& edit) {
  state.order.erase(place_of(*entry));
  edit(entry->second);
  state.order.insert(place_of(*entry));
}

void SignInGuard::drop(State& state, Entries::iterator entry) {
  state.order.erase(place_of(*entry));
  state.entries.erase(entry);
}

void SignInGuard::erase(State& state, Entries::iterator entry) {
  if (entry->second.row.id) state.erased.push_back(entry->second.row.id);
  drop(state, entry);
}

void SignInGuard::leave(State& state, const Key& key) {
  const auto found = state.entries.find(key);
  if (found == state.entries.end()) return;
  change(state, found, [](Entry& entry) { entry.under_way -= entry.under_way > 0 ? 1 : 0; });
  if (found->second.under_way == 0 && found->second.row.failures == 0) erase(state, found);
}

void SignInGuard::count_failure(State& state, const Key& key) const {
  const auto found = state.entries.find(key);
  if (found == state.entries.end()) return;
  const Time now = clock_.now();
  change(state, found, [&](Entry& entry) {
    Lockout& row = entry.row;
    if (!row.id) row.id.value = crypto::random_number() >> 2U;
    if (now - row.last_failure_at >= limits_.forgotten_after) row.failures = 0;
    ++row.failures;
    row.last_failure_at = now;
    if (row.failures >= free_failures(row.kind)) {
      const std::uint64_t doublings = std::min<std::uint64_t>(row.failures - free_failures(row.kind), 20);
      row.blocked_until = now + std::min<Duration>(limits_.first_delay * (std::int64_t{1} << doublings), limits_.longest_delay);
    }
    entry.changed = true;
  });
}

void SignInGuard::failed(const std::string& name, const std::string& address) {
  auto state = state_.lock();
  for (const Key& key : {name_key(name), address_key(address)}) {
    count_failure(*state, key);
    leave(*state, key);
  }
}

void SignInGuard::succeeded(const std::string& name, const std::string& address) {
  auto state = state_.lock();
  const Key of_name = name_key(name);
  if (const auto found = state->entries.find(of_name); found != state->entries.end() && found->second.row.failures > 0) {
    // Others may be under way: the entry stays for them, its row goes.
    if (found->second.row.id) state->erased.push_back(found->second.row.id);
    change(*state, found, [&](Entry& entry) {
      entry.row = {};
      entry.row.kind = of_name.first;
      entry.row.subject = of_name.second;
      entry.changed = false;
    });
  }
  leave(*state, of_name);
  leave(*state, address_key(address));
}

void SignInGuard::abandoned(const std::string& name, const std::string& address) {
  auto state = state_.lock();
  leave(*state, name_key(name));
  leave(*state, address_key(address));
}

void SignInGuard::lift(model::Id<Lockout> id) {
  auto state = state_.lock();
  const auto found = std::find_if(state->entries.begin(), state->entries.end(), [&](const auto& entry) { return entry.second.row.id == id; });
  if (found != state->entries.end()) drop(*state, found);
}

SignInGuard::Changes SignInGuard::take_changes() {
  auto state = state_.lock();
  Changes changes;
  const Time now = clock_.now();
  for (auto entry = state->entries.begin(); entry != state->entries.end();) {
    const auto next = std::next(entry);
    if (entry->second.under_way == 0 && now - entry->second.row.last_failure_at >= limits_.forgotten_after) {
      erase(*state, entry);
    } else if (std::exchange(entry->second.changed, false)) {
      changes.changed.push_back(entry->second.row);
    }
    entry = next;
  }
  changes.erased = std::exchange(state->erased, {});
  return changes;
}

}  // namespace ipam::service
