// Result<T>: a value or an Error. What can happen outside the process (input, network, peer, database) is returned, never thrown.
//
// IPAM_TRY(expr) yields the value of `expr` or returns its error from a plain function. In a coroutine use the statement forms
// IPAM_CO_TRY(auto x, co_await f()) and IPAM_CO_CHECK(co_await f()): GCC 12.2 crashes on co_await inside a statement expression.
#pragma once

#include "base/assert.h"
#include "base/error.h"

#include <concepts>
#include <type_traits>
#include <utility>
#include <variant>

namespace ipam {

template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}
  // The constraint keeps it from hiding the copy and move constructors.
  template <class U = T>
    requires(std::convertible_to<U &&, T> && !std::same_as<std::remove_cvref_t<U>, Error> && !std::same_as<std::remove_cvref_t<U>, Result>)
  // NOLINTNEXTLINE(bugprone-forwarding-reference-overload)
  Result(U&& value) : state_(std::in_place_index<0>, std::forward<U>(value)) {}

  bool ok() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return ok(); }

  T& value() & { return check(), std::get<0>(state_); }
  const T& value() const& { return check(), std::get<0>(state_); }
  T value() && { return check(), std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  template <class U>
  T value_or(U&& fallback) && {
    return ok() ? std::get<0>(std::move(state_)) : static_cast<T>(std::forward<U>(fallback));
  }

  Error& error() & { return std::get<1>(state_); }
  const Error& error() const& { return std::get<1>(state_); }
  Error error() && { return std::get<1>(std::move(state_)); }

 private:
  void check() const { IPAM_ASSERT(ok(), std::get<1>(state_).describe()); }

  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return ok(); }
  void value() const { IPAM_ASSERT(ok(), std::get<1>(state_).describe()); }

  Error& error() & { return std::get<1>(state_); }
  const Error& error() const& { return std::get<1>(state_); }
  Error error() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<std::monostate, Error> state_;
};

}  // namespace ipam

#define IPAM_CONCAT_INNER(a, b) a##b
#define IPAM_CONCAT(a, b) IPAM_CONCAT_INNER(a, b)

#define IPAM_TRY_NAMED(name, expr)                      \
  __extension__({                                       \
    auto name = (expr);                                 \
    if (!name.ok()) return ::std::move(name).error();   \
    ::std::move(name).value();                          \
  })
#define IPAM_TRY(expr) IPAM_TRY_NAMED(IPAM_CONCAT(ipam_try_, __COUNTER__), expr)

#define IPAM_CO_TRY_NAMED(name, declaration, ...)     \
  auto name = (__VA_ARGS__);                          \
  if (!name.ok()) co_return ::std::move(name).error(); \
  declaration = ::std::move(name).value()
#define IPAM_CO_TRY(declaration, ...) IPAM_CO_TRY_NAMED(IPAM_CONCAT(ipam_co_try_, __COUNTER__), declaration, __VA_ARGS__)

#define IPAM_CO_CHECK_NAMED(name, ...) \
  auto name = (__VA_ARGS__);           \
  if (!name.ok()) co_return ::std::move(name).error()
#define IPAM_CO_CHECK(...) IPAM_CO_CHECK_NAMED(IPAM_CONCAT(ipam_co_check_, __COUNTER__), __VA_ARGS__)
