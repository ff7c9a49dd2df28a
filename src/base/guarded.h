// Guarded<T>: data that lives inside its lock, so that it cannot be touched without it.
//
//   Guarded<std::map<…>> table;
//   { auto locked = table.lock(); locked->insert(…); }   // unlocked at the end of the block
//   table.with([](auto& t) { return t.size(); });
//
// One plain mutex: glibc's shared_mutex starves the writer under steady readers. Never call out of the process, and take no second Guarded, while
// a lock is held. Thread rule: every member may be called from any thread.
#pragma once

#include <condition_variable>
#include <mutex>
#include <utility>

namespace ipam {

template <class T>
class Guarded {
 public:
  template <class Value>
  class Lock {
   public:
    Lock(std::mutex& mutex, Value& value) : lock_(mutex), value_(&value) {}
    Value* operator->() const { return value_; }
    Value& operator*() const { return *value_; }
    std::unique_lock<std::mutex>& raw() { return lock_; }  // for condition variables only

   private:
    std::unique_lock<std::mutex> lock_;
    Value* value_;
  };

  Guarded() = default;
  template <class... Args>
  explicit Guarded(std::in_place_t, Args&&... args) : value_(std::forward<Args>(args)...) {}
  explicit Guarded(T value) : value_(std::move(value)) {}
  Guarded(const Guarded&) = delete;
  Guarded& operator=(const Guarded&) = delete;

  [[nodiscard]] Lock<T> lock() { return {mutex_, value_}; }
  [[nodiscard]] Lock<const T> lock() const { return {mutex_, value_}; }

  template <class F>
  decltype(auto) with(F&& f) {
    auto locked = lock();
    return std::forward<F>(f)(*locked);
  }
  template <class F>
  decltype(auto) with(F&& f) const {
    auto locked = lock();
    return std::forward<F>(f)(*locked);
  }

 private:
  mutable std::mutex mutex_;
  T value_{};
};

}  // namespace ipam
