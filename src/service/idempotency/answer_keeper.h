// AnswerKeeper: the same request with the same key gets the same answer for a day, also after a restart, and takes effect once.
//
//   auto begun = keeper.begin(principal, "POST", "/api/v1/subnets", key, body);
//   if (begun->answer) return it;                          // it is answered already
//   context.exchange = begun->request;                     // the ledger keeps each step of it in the step's own commit
//   … do it …
//   co_await keeper.finish(begun->request, answer);        // before it is sent
//
// A request that was cut off after some of its steps goes on after them when it is repeated: the steps are not done again (ledger/exchange.h). A
// failure is not kept. Errors of begin: InvalidArgument (not a key; the key was used with another body), Conflict (the same request is under way),
// Overloaded (the user has too many answers kept), those of the store. Thread rule: any thread; coroutines on an I/O executor. It outlives its
// requests.
#pragma once

#include "crypto/seal.h"
#include "ledger/ledger.h"
#include "model/kept_answer.h"
#include "service/access/principal.h"

#include <map>
#include <set>

namespace ipam::service {

// As it is sent: nothing of the server that makes it (request id, date) is in it.
struct Answer {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  bool operator==(const Answer&) const = default;
};

struct AnswerKeeperOptions {
  Duration keep_for = std::chrono::hours(24);
  std::uint64_t answers_per_user = 1'000'000;
  std::uint64_t bytes_per_user = std::uint64_t{1} << 30U;
  Duration cleaning_period = std::chrono::minutes(10);
};

class AnswerKeeper {
 public:
  static constexpr std::size_t kMaxKeyBytes = 200;
  // When a request that found the first one under way is to be repeated.
  static constexpr int kRepeatAfterSeconds = 1;

  AnswerKeeper(store::Store& store, ledger::Ledger& ledger, const crypto::Sealer& sealer, const Clock& clock, const AnswerKeeperOptions& options = {})
      : store_(store), ledger_(ledger), sealer_(sealer), clock_(clock), options_(options) {}

  // One request with a key, under way. Its key is taken until it is destroyed.
  class Request;
  struct Begun {
    std::optional<Answer> answer;
    std::shared_ptr<Request> request;  // shared with the works that carry it; null when there is an answer
  };

  Result<Begun> begin(const Principal& principal, std::string_view method, std::string_view path, std::string_view key, std::string_view body);
  // Makes the answer durable. That it cannot be is logged and no error: the change is durable already.
  io::Task<void> finish(std::shared_ptr<Request> request, Answer answer);
  // What to tell of a failure: one that came of another node's request with the same key is said so.
  Error explained(const Request& request, Error error);

  // Erases what has expired, in small steps; answers how many.
  io::Task<Result<std::uint64_t>> clean();
  // Does so again and again until the token asks to stop.
  io::Task<void> run_cleaning(std::stop_token stop);

 private:
  struct Use {
    std::uint64_t answers = 0;
    std::uint64_t bytes = 0;
  };
  struct State {
    std::set<Bytes> running;
    std::map<std::uint64_t, Use> by_user;
    bool counted = false;
  };

  Result<std::optional<model::KeptAnswer>> find(const Bytes& hash);
  Result<void> check_room(model::Id<model::User> user);
  void add_use(model::Id<model::User> user, std::uint64_t answers, std::uint64_t bytes);
  Result<void> count();

  store::Store& store_;
  ledger::Ledger& ledger_;
  const crypto::Sealer& sealer_;
  const Clock& clock_;
  const AnswerKeeperOptions options_;
  Guarded<State> state_;
};

class AnswerKeeper::Request final : public ledger::Exchange {
 public:
  // What is there of an earlier try goes on; an expired row is replaced.
  enum class Row { None, GoesOn, Expired };
  Request(AnswerKeeper& keeper, model::KeptAnswer row, Row there, std::deque<ledger::Step> known);
  ~Request() override;

  bool keeps() const override { return true; }
  void keep(ledger::Transaction& transaction, const ledger::Step& step) override;
  void kept(const ledger::Step& step) override;
  const Bytes& hash() const { return row_.hash; }

 private:
  friend class AnswerKeeper;
  AnswerKeeper& keeper_;
  model::KeptAnswer row_;  // as it was stored last; the works and the coroutine of a request take turns
  bool stored_;            // whether a row is there: only a first one must find its key free
  std::vector<ledger::Step> steps_;
};

}  // namespace ipam::service
