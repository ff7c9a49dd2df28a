#include "service/idempotency/answer_keeper.h"

#include "base/log.h"
#include "crypto/hash.h"
#include "io/sleep.h"

#include <fmt/format.h>

namespace ipam::service {
namespace {

using ledger::Step;
using model::KeptAnswer;
using store::Comparison;

constexpr std::size_t kCleanChunk = 32;

Bytes hash_of(const Principal& principal, std::string_view method, std::string_view path, std::string_view key) {
  const std::string text = fmt::format("{}\n{}\n{}\n{}", principal.user_id.to_string(), method, path, key);
  const crypto::Digest digest = crypto::sha256(as_bytes(text));
  return {digest.begin(), digest.end()};
}

std::string owner_of(const Bytes& hash) { return "kept_answer/" + to_hex(hash); }

Result<void> check_key(std::string_view key) {
  const bool visible = std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < 0x7F; });
  if (key.empty() || key.size() > AnswerKeeper::kMaxKeyBytes || !visible) {
    return Error(ErrorCode::InvalidArgument,
                 fmt::format("header Idempotency-Key must be 1 to {} visible ASCII characters, new for each request; a UUID is good",
                             AnswerKeeper::kMaxKeyBytes));
  }
  return {};
}

std::string write_steps(const std::vector<Step>& steps) {
  std::vector<store::Value> cells;
  for (const Step& step : steps) {
    cells.emplace_back(step.value);
    cells.emplace_back(static_cast<std::int64_t>(step.sequence));
  }
  return ledger::write_cells(cells);
}

Result<std::deque<Step>> read_steps(std::string_view text) {
  std::deque<Step> steps;
  const auto cells = IPAM_TRY(ledger::read_cells(text));
  for (std::size_t i = 0; i + 1 < cells.size(); i += 2) {
    const auto* value = std::get_if<std::string>(&cells[i]);
    const auto* sequence = std::get_if<std::int64_t>(&cells[i + 1]);
    if (value == nullptr || sequence == nullptr) return Error(ErrorCode::Internal, "a kept step is damaged");
    steps.push_back({*value, static_cast<std::uint64_t>(*sequence)});
  }
  return steps;
}

std::string write_headers(const Answer& answer) {
  std::vector<store::Value> cells;
  for (const auto& [name, value] : answer.headers) {
    cells.emplace_back(name);
    cells.emplace_back(value);
  }
  return ledger::write_cells(cells);
}

Result<Answer> read_answer(KeptAnswer row) {
  Answer answer{row.status, {}, std::move(row.body)};
  const auto cells = IPAM_TRY(ledger::read_cells(row.headers));
  for (std::size_t i = 0; i + 1 < cells.size(); i += 2) {
    const auto* name = std::get_if<std::string>(&cells[i]);
    const auto* value = std::get_if<std::string>(&cells[i + 1]);
    if (name == nullptr || value == nullptr) return Error(ErrorCode::Internal, "a kept answer is damaged");
    answer.headers.emplace_back(*name, *value);
  }
  return answer;
}

Error under_way() { return {ErrorCode::Conflict, "a request with this Idempotency-Key is under way; repeat it in a moment to get its answer"}; }

}  // namespace

AnswerKeeper::Request::Request(AnswerKeeper& keeper, KeptAnswer row, Row there, std::deque<Step> known)
    : Exchange(Mode::Write, known), keeper_(keeper), row_(std::move(row)), stored_(there != Row::None), steps_(known.begin(), known.end()) {}

AnswerKeeper::Request::~Request() { keeper_.state_.lock()->running.erase(row_.hash); }

void AnswerKeeper::Request::keep(ledger::Transaction& transaction, const Step& step) {
  std::vector<Step> steps = steps_;
  steps.push_back(step);
  row_.steps = write_steps(steps);
  // The first row must find its key free: should two nodes get the same request at once, one of the two commits fails.
  if (stored_) {
    transaction.put_row(row_);
  } else {
    transaction.insert_row(row_);
  }
}

void AnswerKeeper::Request::kept(const Step& step) {
  steps_.push_back(step);
  stored_ = true;
}

Result<std::optional<KeptAnswer>> AnswerKeeper::find(const Bytes& hash) {
  const auto reader = IPAM_TRY(store_.open_reader());
  return store::find_where<KeptAnswer>(*reader, {{"hash", Comparison::Equal, hash}});
}

Result<AnswerKeeper::Begun> AnswerKeeper::begin(const Principal& principal, std::string_view method, std::string_view path, std::string_view key,
                                                std::string_view body) {
  IPAM_TRY(check_key(key));
  const Bytes hash = hash_of(principal, method, path, key);
  const crypto::Digest digest = crypto::sha256(as_bytes(body));
  if (!state_.lock()->running.insert(hash).second) return under_way();
  // From here on the key is given back by the request that is made of it, or by hand.
  const auto begun = [&]() -> Result<Begun> {
    auto row = IPAM_TRY(find(hash));
    const Time now = clock_.now();
    if (row && row->expires_at > now) {
      const auto fingerprint = sealer_.open(row->fingerprint, owner_of(hash));
      if (!fingerprint.ok() || fingerprint->reveal() != to_hex(digest)) {
        return Error(ErrorCode::InvalidArgument, "this Idempotency-Key was used for another request; take a new key for a new request");
      }
      if (row->status != 0) return Begun{IPAM_TRY(read_answer(*std::move(row))), nullptr};
      auto known = IPAM_TRY(read_steps(row->steps));
      return Begun{std::nullopt, std::make_shared<Request>(*this, *std::move(row), Request::Row::GoesOn, std::move(known))};
    }
    IPAM_TRY(check_room(principal.user_id));
    KeptAnswer fresh;
    fresh.hash = hash;
    fresh.user_id = principal.user_id;
    fresh.fingerprint = IPAM_TRY(sealer_.seal(Secret(to_hex(digest)), owner_of(hash)));
    fresh.created_at = now;
    fresh.expires_at = now + options_.keep_for;
    return Begun{std::nullopt,
                 std::make_shared<Request>(*this, std::move(fresh), row ? Request::Row::Expired : Request::Row::None, std::deque<Step>())};
  }();
  if (!begun.ok() || begun->answer) state_.lock()->running.erase(hash);
  return begun;
}

io::Task<void> AnswerKeeper::finish(std::shared_ptr<Request> request, Answer answer) {
  KeptAnswer row = request->row_;
  row.status = answer.status;
  row.headers = write_headers(answer);
  row.body = std::move(answer.body);
  row.steps.clear();  // no further try needs them
  ledger::Work work = [row](ledger::Transaction& transaction) -> Result<void> {
    transaction.put_row(row);
    return {};
  };
  const auto committed = co_await ledger_.commit(ledger::Priority::Interactive, work);
  if (committed.ok()) {
    add_use(row.user_id, 1, row.body.size());
  } else {
    log::warning("IPAM-4022 an answer was not kept under its key", {{"error", committed.error().describe()}});
  }
}

Error AnswerKeeper::explained(const Request& request, Error error) {
  if (error.code != ErrorCode::AlreadyExists || request.stored_) return error;
  const auto row = find(request.hash());
  return row.ok() && *row && (*row)->expires_at > clock_.now() ? under_way() : error;
}

Result<void> AnswerKeeper::count() {
  std::map<std::uint64_t, Use> by_user;
  const auto reader = IPAM_TRY(store_.open_reader());
  IPAM_TRY(
      reader->query("SELECT user_id, COUNT(*), SUM(LENGTH(body)) FROM kept_answer GROUP BY user_id", {}, [&](const store::Row& row) -> Result<bool> {
        by_user[static_cast<std::uint64_t>(row.integer(0))] = {static_cast<std::uint64_t>(row.integer(1)),
                                                               static_cast<std::uint64_t>(row.integer(2))};
        return true;
      }));
  auto state = state_.lock();
  state->by_user = std::move(by_user);
  state->counted = true;
  return {};
}

Result<void> AnswerKeeper::check_room(model::Id<model::User> user) {
  const bool counted = state_.lock()->counted;
  if (!counted) IPAM_TRY(count());
  const Use use = state_.lock()->by_user[user.value];
  if (use.answers < options_.answers_per_user && use.bytes < options_.bytes_per_user) return {};
  return Error(ErrorCode::Overloaded, "too many of your answers are kept under keys; they go after a day. Nothing was changed");
}

void AnswerKeeper::add_use(model::Id<model::User> user, std::uint64_t answers, std::uint64_t bytes) {
  auto state = state_.lock();
  Use& use = state->by_user[user.value];
  use.answers += answers;
  use.bytes += bytes;
}

io::Task<Result<std::uint64_t>> AnswerKeeper::clean() {
  std::uint64_t erased = 0;
  while (true) {
    std::vector<Bytes> expired;
    {
      IPAM_CO_TRY(const auto reader, store_.open_reader());
      store::Query query;
      query.where.push_back({"expires_at", Comparison::LessOrEqual, store::to_value(clock_.now())});
      query.limit = kCleanChunk;
      IPAM_CO_TRY(const auto page, store::list<KeptAnswer>(*reader, query));
      for (const KeptAnswer& row : page.items) expired.push_back(row.hash);
    }
    if (expired.empty()) break;
    ledger::Work work = [expired](ledger::Transaction& transaction) -> Result<void> {
      for (const Bytes& hash : expired) transaction.erase_row<KeptAnswer>({hash});
      return {};
    };
    IPAM_CO_CHECK(co_await ledger_.commit(ledger::Priority::Bulk, work));
    erased += expired.size();
  }
  IPAM_CO_CHECK(count());
  co_return erased;
}

io::Task<void> AnswerKeeper::run_cleaning(std::stop_token stop) {
  const io::Deadline deadline = io::Deadline::never().with(stop);
  while (!stop.stop_requested()) {
    const auto cleaned = co_await clean();
    if (!cleaned.ok() && !stop.stop_requested()) log::warning("IPAM-4023 expired answers were not erased", {{"error", cleaned.error().describe()}});
    (void)co_await io::sleep_for(options_.cleaning_period, deadline);
  }
}

}  // namespace ipam::service
