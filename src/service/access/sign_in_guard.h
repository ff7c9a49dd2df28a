// SignInGuard: makes the guessing of passwords slow.
//
// Failed sign-ins are counted under the name that was given, whether or not it is a user's (so that nobody learns which names exist), and under the
// address of the client. After some, the next attempt is refused unseen until a delay has passed, which doubles with every further failure. A right
// password forgets the failures of the name; those of an address are forgotten with time alone, because its owner may have an account of his own.
// A name's delay does not hold at an address where its user is signed in already: others cannot lock somebody out of his own desk.
// What is counted is bounded: when there is too much, the one goes whose last failure is the longest ago, and that has no attempt under way; found in
// logarithmic time, because whoever floods the door makes it needed with each attempt. Thread rule: any thread.
#pragma once

#include "base/clock.h"
#include "base/guarded.h"
#include "model/security.h"

#include <functional>
#include <map>
#include <set>

namespace ipam::service {

struct SignInLimits {
  std::uint64_t failures_of_name = 5;      // without delay
  std::uint64_t failures_of_address = 25;  // the same; many people may share one
  Duration first_delay = std::chrono::seconds(5);
  Duration longest_delay = std::chrono::minutes(15);
  Duration forgotten_after = std::chrono::hours(24);  // without a further failure
};

class SignInGuard {
 public:
  static constexpr std::size_t kMaxSubjects = 10'000;
  // So many attempts of one name, and of one address, may be looked at side by side.
  static constexpr std::size_t kMaxUnderWay = 16;

  SignInGuard(const Clock& clock, const SignInLimits& limits) : clock_(clock), limits_(limits) {}

  // What was stored before a restart.
  void load(std::vector<model::Lockout> rows);

  // Before a password is looked at; `at_home` answers whether the user is signed in at this address, and is asked only when it matters. Success is
  // followed by exactly one of the three below. Errors: Overloaded; then the time to wait is in
  // `retry_after_seconds`.
  Result<void> begin(const std::string& name, const std::string& address, const std::function<bool()>& at_home, int* retry_after_seconds);
  void failed(const std::string& name, const std::string& address);
  void succeeded(const std::string& name, const std::string& address);
  // The attempt came to neither.
  void abandoned(const std::string& name, const std::string& address);

  void lift(model::Id<model::Lockout> id);

  struct Changes {
    std::vector<model::Lockout> changed;
    std::vector<model::Id<model::Lockout>> erased;
    bool empty() const { return changed.empty() && erased.empty(); }
  };
  // What is to be stored since the last call, with what time has forgotten.
  Changes take_changes();

 private:
  using Key = std::pair<model::LockoutKind, std::string>;
  struct Entry {
    model::Lockout row;
    std::size_t under_way = 0;
    bool changed = false;
  };
  using Entries = std::map<Key, Entry>;
  // Whether attempts are under way, the last failure, the key: who is first goes first.
  using Place = std::tuple<bool, Time, Key>;
  struct State {
    Entries entries;
    std::set<Place> order;  // of every entry; change() keeps it so
    std::vector<model::Id<model::Lockout>> erased;
  };

  static Key name_key(const std::string& name);
  static Key address_key(const std::string& address);
  std::uint64_t free_failures(model::LockoutKind kind) const;
  std::optional<Duration> wait_of(const State& state, const Key& key) const;
  void count_failure(State& state, const Key& key) const;
  static void make_room(State& state);
  static void leave(State& state, const Key& key);
  static Place place_of(const Entries::value_type& entry) { return {entry.second.under_way > 0, entry.second.row.last_failure_at, entry.first}; }
  static Entries::iterator find_or_add(State& state, const Key& key);
  // Every change of an entry but of `changed` goes through here.
  static void change(State& state, Entries::iterator entry, const std::function<void(Entry&)>& edit);
  // From memory; erase: from the database too.
  static void drop(State& state, Entries::iterator entry);
  static void erase(State& state, Entries::iterator entry);

  const Clock& clock_;
  const SignInLimits limits_;
  Guarded<State> state_;
};

// The address as limits count it: itself, of IPv6 the /64, which one client has whole. What is no address stays as it is.
std::string counted_address(const std::string& address);

}  // namespace ipam::service
