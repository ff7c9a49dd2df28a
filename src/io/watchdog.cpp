#include "io/watchdog.h"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <utility>

namespace ipam::io {
namespace {

constexpr auto kNever = Deadline::TimePoint::max();

}  // namespace

struct Watchdog::State : std::enable_shared_from_this<Watchdog::State> {
  State(const Executor& executor_in, std::function<void()> interrupt_in)
      : executor(executor_in), timer(executor_in), interrupt(std::move(interrupt_in)) {}

  // Called by the thread that stops the token: only posts. The operation's number keeps a late post from hitting the next operation.
  struct OnStop {
    std::weak_ptr<State> state;
    Executor executor;
    std::uint64_t operation;

    void operator()() const {
      boost::asio::post(executor, [weak = state, number = operation] {
        if (const auto locked = weak.lock(); locked && locked->operation == number) locked->fire(ErrorCode::Cancelled);
      });
    }
  };

  void arm(Deadline::TimePoint time) {
    armed_for = time;
    timer.expires_at(time);
    timer.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
      if (error) return;
      if (const auto state = weak.lock()) state->on_timer();
    });
  }

  void on_timer() {
    armed_for = kNever;
    if (!waiting || deadline == kNever) return;
    if (std::chrono::steady_clock::now() >= deadline) return fire(ErrorCode::DeadlineExceeded);
    arm(deadline);
  }

  void fire(ErrorCode code) {
    if (!waiting) return;
    waiting = false;
    verdict = code;
    interrupt();
  }

  Executor executor;
  boost::asio::steady_timer timer;
  std::function<void()> interrupt;
  std::optional<std::stop_callback<OnStop>> on_stop;
  Deadline::TimePoint deadline = kNever;
  Deadline::TimePoint armed_for = kNever;
  std::uint64_t operation = 0;
  std::optional<ErrorCode> verdict;
  bool waiting = false;
};

Watchdog::Watchdog(const Executor& executor, std::function<void()> interrupt) : state_(std::make_shared<State>(executor, std::move(interrupt))) {}

Watchdog::~Watchdog() {
  state_->waiting = false;
  state_->on_stop.reset();
  state_->timer.cancel();
}

std::optional<ErrorCode> Watchdog::begin(const Deadline& deadline) {
  if (const auto ended = deadline.verdict()) return ended;
  State& state = *state_;
  ++state.operation;
  state.verdict.reset();
  state.deadline = deadline.time();
  state.waiting = true;
  if (state.deadline < state.armed_for) state.arm(state.deadline);
  if (deadline.token().stop_possible()) {
    state.on_stop.emplace(deadline.token(), State::OnStop{state_, state.executor, state.operation});
  }
  return std::nullopt;
}

std::optional<ErrorCode> Watchdog::end() {
  state_->waiting = false;
  state_->on_stop.reset();
  return std::exchange(state_->verdict, std::nullopt);
}

}  // namespace ipam::io
