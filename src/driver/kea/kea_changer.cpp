#include "driver/kea/kea_changer.h"

#include "base/strings.h"
#include "crypto/hash.h"
#include "driver/change_check.h"
#include "driver/kea/json_fields.h"
#include "driver/kea/json_spans.h"
#include "driver/kea/kea_answer.h"
#include "driver/kea/kea_configuration.h"
#include "driver/kea/kea_reservation_edit.h"
#include "driver/kea/kea_secrets.h"
#include "driver/kea/kea_statistics.h"

#include <fmt/format.h>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace ipam::driver::kea {
namespace json = boost::json;

namespace {

// Measured: config-set makes Kea read its lease file again, 27 s for a million leases; with a database it takes a tenth of a second.
constexpr Duration kPauseOfALease = std::chrono::microseconds(27);
constexpr Duration kPauseOfAReload = std::chrono::milliseconds(100);

std::string body_of(Service service, std::string_view configuration) { return fmt::format(R"({{"{}":{}}})", root_of(service), configuration); }

// Of the answer to config-get: the text of "Dhcp4" or "Dhcp6".
std::optional<std::string_view> root_text(Service service, std::string_view answer) {
  std::string_view object = trim(answer);
  if (object.starts_with('[')) {
    const auto items = json_items(object);
    if (!items || items->empty()) return std::nullopt;
    object = items->front();
  }
  const auto arguments = json_member(object, "arguments");
  return arguments ? json_member(*arguments, root_of(service)) : std::nullopt;
}

bool is_lost(const Error& error) {
  return error.code == ErrorCode::Unavailable || error.code == ErrorCode::DeadlineExceeded || error.code == ErrorCode::Malformed ||
         error.code == ErrorCode::Cancelled;
}

std::string join_fingerprints(const std::string& a, const std::string& b) { return a.empty() ? b : a + " " + b; }

}  // namespace

// A server may quote in a refusal what it was sent.
Error KeaChanger::without_secrets_of(const Current& current, Error error) {
  for (const std::string& secret : current.secrets) {
    for (auto at = error.message.find(secret); at != std::string::npos; at = error.message.find(secret, at + kRemoved.size())) {
      error.message.replace(at, secret.size(), kRemoved);
    }
  }
  return error;
}

Error KeaChanger::of_server(Error error) const { return located(std::move(error), server_name_); }

// How long an answer may take that comes only when Kea has read its leases again.
Duration KeaChanger::patience(Duration pause) const { return limits_.request_timeout + 3 * pause; }

Result<std::vector<KeaChanger::Part>> KeaChanger::parts_of(const std::vector<Change>& changes) {
  std::vector<Part> parts{{Service::Dhcp4, {}}, {Service::Dhcp6, {}}};
  for (const Change& change : changes) {
    const auto* reservation = std::get_if<ReservationChange>(&change);
    if (reservation == nullptr) return Error(ErrorCode::Unsupported, "a Kea server has no DNS zones to change");
    const auto number = parse_scope_key(reservation->scope_key);
    if (!number) return Error(ErrorCode::InvalidArgument, fmt::format("\"{}\" is no scope of Kea's", shorten(reservation->scope_key, 40)));
    parts[number->service == Service::Dhcp4 ? 0 : 1].changes.push_back(*reservation);
  }
  parts.erase(std::remove_if(parts.begin(), parts.end(), [](const Part& part) { return part.changes.empty(); }), parts.end());
  if (parts.empty()) return Error(ErrorCode::InvalidArgument, "there is nothing to change");
  return parts;
}

io::Task<Result<KeaChanger::Current>> KeaChanger::read(Service service, io::Deadline deadline) {
  std::string body = question(service, "config-get");
  auto answer = co_await channel_.ask(std::move(body), deadline);
  if (!answer.ok()) co_return of_server(std::move(answer).error());
  // It also proves that the text is JSON, which the edit relies on.
  const auto configuration = read_configuration(service, *answer, limits_);
  if (!configuration.ok()) co_return of_server(configuration.error());
  const auto text = root_text(service, *answer);
  if (!text) co_return of_server({ErrorCode::Malformed, "config-get: the configuration is not found in the answer"});
  Current current;
  current.text = *text;
  // Over the document without secrets, whose members Kea always writes in one order: what is compared and stored tells nothing of a password.
  current.fingerprint = fmt::format("{}:{}", name_of(service), to_hex(crypto::sha256(as_bytes(configuration->document))));
  current.state = fmt::format("the configuration of {} is {}", name_of(service), current.fingerprint.substr(current.fingerprint.find(':') + 1, 12));
  current.lease_database = configuration->server.lease_database;
  current.secrets = secrets_in(current.text);
  co_return current;
}

io::Task<Result<std::uint64_t>> KeaChanger::count_leases(Service service, io::Deadline deadline) {
  std::string body = question(service, "statistic-get-all");
  auto answer = co_await channel_.ask(std::move(body), deadline);
  if (!answer.ok()) co_return std::move(answer).error();
  const auto statistics = read_statistics(service, *answer, limits_);
  if (!statistics.ok()) co_return statistics.error();
  std::uint64_t sum = 0;
  for (const ObservedStatistics& each : *statistics) sum += std::min<std::uint64_t>(each.assigned, 1U << 30U);
  co_return sum;
}

io::Task<Result<void>> KeaChanger::command(Service service, std::string name, std::string arguments, Duration patience, io::Deadline deadline) {
  std::string body = question(service, name, arguments);
  auto answer = co_await channel_.ask(std::move(body), deadline, patience);
  if (!answer.ok()) co_return std::move(answer).error();
  const auto opened = open_answer(service, name, *answer);
  if (!opened.ok()) co_return opened.error();
  co_return Result<void>();
}

io::Task<Result<void>> KeaChanger::plan_part(Part part, Plan& plan, io::Deadline deadline) {
  const Service service = part.service;
  IPAM_CO_TRY(const Current current, co_await read(service, deadline));
  auto edit = edit_reservations(service, current.text, part.changes);
  if (!edit.ok()) co_return of_server(std::move(edit).error());
  std::string body = body_of(service, edit->configuration);
  auto tested = co_await command(service, "config-test", std::move(body), limits_.request_timeout, deadline);
  if (!tested.ok()) {
    Error error = of_server(without_secrets_of(current, std::move(tested).error()));
    if (error.code == ErrorCode::FailedPrecondition) error.code = ErrorCode::InvalidArgument;  // what the server says of the change itself
    co_return error;
  }
  const auto leases = co_await count_leases(service, deadline);
  const bool in_file = current.lease_database.starts_with("memfile");
  const std::uint64_t count = leases.ok() ? *leases : 0;
  Duration pause = kPauseOfAReload;
  if (in_file) pause += kPauseOfALease * static_cast<std::int64_t>(count);
  plan.pause += pause;
  std::string effect = fmt::format("{} serves no client for about {}", program_of(service), format_duration(pause));
  if (in_file) effect += fmt::format(": it reads its {} leases again from their file", leases.ok() ? std::to_string(count) : "(uncounted)");
  plan.warnings.insert(plan.warnings.begin(), std::move(effect));
  if (current.lease_database == "memfile without a file") {
    plan.warnings.insert(plan.warnings.begin(), fmt::format("{} keeps its leases in memory alone: it forgets them all", program_of(service)));
  }
  plan.warnings.push_back(fmt::format("{} writes its whole configuration file anew, with all defaults in it", program_of(service)));
  plan.warnings.insert(plan.warnings.end(), edit->warnings.begin(), edit->warnings.end());
  plan.steps.insert(plan.steps.end(), edit->steps.begin(), edit->steps.end());
  plan.steps.push_back({fmt::format("{} takes the changed configuration", program_of(service)),
                        fmt::format(R"({{"command":"config-set","service":["{}"],"arguments":{{"{}":(as it is, with the changes above)}}}})",
                                    name_of(service), root_of(service))});
  plan.steps.push_back({fmt::format("{} writes it to its file", program_of(service)), question(service, "config-write")});
  plan.losses.insert(plan.losses.end(), edit->losses.begin(), edit->losses.end());
  plan.losses.push_back(fmt::format("comments, includes and line breaks of {}'s configuration file, which it writes anew", program_of(service)));
  plan.state += (plan.state.empty() ? "" : "; ") + current.state;
  plan.fingerprint = join_fingerprints(plan.fingerprint, current.fingerprint);
  co_return Result<void>();
}

io::Task<Result<Plan>> KeaChanger::plan(std::vector<Change> changes, io::Deadline deadline) {
  auto parts = parts_of(changes);
  if (!parts.ok()) co_return of_server(std::move(parts).error());
  const auto something = check_is_something(changes);
  if (!something.ok()) co_return of_server(something.error());
  Plan plan;
  for (const Part& part : *parts) {
    Part own = part;
    IPAM_CO_CHECK(co_await plan_part(std::move(own), plan, deadline));
  }
  plan.changes = std::move(changes);
  co_return plan;
}

io::Task<Result<Applied>> KeaChanger::apply(Plan plan, io::Deadline deadline) {
  auto parts = parts_of(plan.changes);
  if (!parts.ok()) co_return of_server(std::move(parts).error());
  std::vector<Step> steps;
  std::string fingerprint;
  for (const Part& part : *parts) {
    IPAM_CO_TRY(Current current, co_await read(part.service, deadline));
    fingerprint = join_fingerprints(fingerprint, current.fingerprint);
    steps.push_back({part, std::move(current), {}});
  }
  if (fingerprint != plan.fingerprint) {
    co_return of_server({ErrorCode::Stale, "the server's configuration was changed since the plan was made; nothing was done; plan again"});
  }
  for (Step& step : steps) {
    auto edit = edit_reservations(step.part.service, step.before.text, step.part.changes);
    if (!edit.ok()) co_return of_server(std::move(edit).error());
    step.after = std::move(edit->configuration);
  }
  Applied applied;
  applied.changes = plan.changes;
  for (std::size_t i = 0; i < steps.size() && applied.outcome == Applied::Outcome::Made; ++i) {
    const Step* step = &steps[i];
    Fate fate = co_await carry_out(step, plan.pause, deadline);
    if (fate.kind == Fate::Kind::Made) continue;
    std::string standing = co_await take_back(&steps, i, plan.pause, deadline);
    Error error = of_server(without_secrets_of(step->before, std::move(fate.why)));
    if (fate.kind == Fate::Kind::NotMade && standing.empty()) co_return error;
    applied.outcome = Applied::Outcome::Unknown;
    applied.problem = error.message + standing;
  }
  if (applied.outcome == Applied::Outcome::Unknown) co_return applied;
  std::string problem = co_await check(&steps, &applied, deadline);
  if (problem.empty()) co_return applied;
  applied.outcome = Applied::Outcome::Unknown;
  applied.problem = of_server({ErrorCode::Conflict, std::move(problem)}).message;
  applied.changes = std::move(plan.changes);
  co_return applied;
}

io::Task<std::string> KeaChanger::check(const std::vector<Step>* steps, Applied* applied, io::Deadline deadline) {
  applied->changes.clear();
  for (const Step& step : *steps) {
    const auto now = co_await read(step.part.service, deadline);
    if (!now.ok()) co_return "the server took the change, but cannot be read: " + now.error().message;
    auto seen = read_back(step.part.service, now->text, step.part.changes);
    if (!seen) {
      co_return "the server took the change, but does not hold what was asked for; somebody else may have changed it meanwhile: read its configuration "
                "again";
    }
    applied->changes.insert(applied->changes.end(), std::make_move_iterator(seen->begin()), std::make_move_iterator(seen->end()));
    applied->state += (applied->state.empty() ? "" : "; ") + now->state;
    applied->fingerprint = join_fingerprints(applied->fingerprint, now->fingerprint);
  }
  co_return std::string();
}

io::Task<KeaChanger::Fate> KeaChanger::carry_out(const Step* step, Duration pause, io::Deadline deadline) {
  const Service service = step->part.service;
  std::string body = body_of(service, step->after);
  auto set = co_await command(service, "config-set", std::move(body), patience(pause), deadline);
  Fate fate;
  if (!set.ok() && !is_lost(set.error())) {
    fate.kind = Fate::Kind::NotMade;
    fate.why = std::move(set).error();
    co_return fate;
  }
  if (!set.ok()) {
    Error lost = std::move(set).error();
    fate = co_await settle(step, std::move(lost), pause, deadline);
    if (fate.kind != Fate::Kind::Made) co_return fate;
  }
  std::string nothing;
  auto written = co_await command(service, "config-write", std::move(nothing), limits_.request_timeout, deadline);
  if (written.ok()) co_return fate;
  // It would be gone with the next start of the server.
  std::string original = body_of(service, step->before.text);
  const auto undone = co_await command(service, "config-set", std::move(original), patience(pause), deadline);
  fate.kind = undone.ok() ? Fate::Kind::NotMade : Fate::Kind::Unknown;
  fate.why = std::move(written).error();
  fate.why.message +=
      undone.ok() ? "; the change was taken back" : "; the change is in force until the server's next start, for it could not be taken back";
  co_return fate;
}

io::Task<KeaChanger::Fate> KeaChanger::settle(const Step* step, Error lost, Duration pause, io::Deadline deadline) {
  // A server that reads its leases answers nothing meanwhile: one question waits for it.
  std::string body = question(step->part.service, "config-get");
  const auto awake = co_await channel_.ask(std::move(body), deadline, patience(pause));
  Result<Current> now = Error(ErrorCode::Unavailable, "no answer");
  if (awake.ok()) now = co_await read(step->part.service, deadline);
  Fate fate;
  if (!now.ok()) {
    fate.kind = Fate::Kind::Unknown;
    fate.why = Error(ErrorCode::Unavailable, fmt::format("it is not known whether the change was made: the answer was lost ({}), and so was that to "
                                                         "config-get; read the server's configuration again",
                                                         lost.message));
  } else if (now->fingerprint == step->before.fingerprint) {
    fate.kind = Fate::Kind::NotMade;
    fate.why = Error(ErrorCode::Unavailable, fmt::format("{}; the change was not made", lost.message));
  } else if (!read_back(step->part.service, now->text, step->part.changes)) {
    fate.kind = Fate::Kind::NotMade;
    fate.why = Error(ErrorCode::Stale,
                     fmt::format("{}; the change was not made, and the server's configuration is another one now; plan again", lost.message));
  }
  co_return fate;
}

io::Task<std::string> KeaChanger::take_back(const std::vector<Step>* steps, std::size_t done, Duration pause, io::Deadline deadline) {
  std::string standing;
  for (std::size_t i = 0; i < done; ++i) {
    const Step& step = (*steps)[i];
    std::string original = body_of(step.part.service, step.before.text);
    auto undone = co_await command(step.part.service, "config-set", std::move(original), patience(pause), deadline);
    if (undone.ok()) {
      std::string nothing;
      undone = co_await command(step.part.service, "config-write", std::move(nothing), limits_.request_timeout, deadline);
    }
    if (!undone.ok()) {
      standing += fmt::format("; and the change of {} could not be taken back: {}", protocol_of(step.part.service), undone.error().message);
    }
  }
  co_return standing;
}

}  // namespace ipam::driver::kea
