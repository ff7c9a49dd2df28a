#include "driver/bind9/zone_collector.h"

#include "driver/bind9/record_text.h"
#include "driver/bind9/zone_health.h"
#include "io/task_group.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace ipam::driver::bind9 {
namespace {

using wire::dns::Message;
using wire::dns::RecordType;

// Questions that got no answer, in a row of which no more are asked.
constexpr std::size_t kMostUnanswered = 3;

struct Questions {
  client::dns::Client* client;
  Duration request_timeout;
  io::Deadline deadline;
  std::vector<std::optional<SoaAnswer>> answers;
  std::size_t unanswered = 0;
  std::optional<Error> first_error;
};

std::optional<wire::dns::Soa> soa_of(const Message& message, const wire::dns::Name& zone) {
  for (const wire::dns::ResourceRecord& record : message.answers) {
    if (record.type == RecordType::Soa && record.owner == zone) return wire::dns::soa_in(record.rdata);
  }
  return std::nullopt;
}

io::Task<void> ask(Questions* questions, const ListedZone* zone, std::size_t index) {
  if (questions->unanswered >= kMostUnanswered) co_return;
  const wire::dns::Name name = zone->name;
  auto answer = co_await questions->client->query(name, RecordType::Soa, wire::dns::Recursion::NotDesired,
                                                  questions->deadline.at_most(questions->request_timeout));
  if (!answer.ok()) {
    ++questions->unanswered;
    if (!questions->first_error) questions->first_error = std::move(answer).error();
    co_return;
  }
  questions->answers[index] = SoaAnswer{answer->rcode(), soa_of(*answer, zone->name)};
}

bool has_data(model::ZoneKind kind) {
  return kind == model::ZoneKind::Primary || kind == model::ZoneKind::Secondary || kind == model::ZoneKind::Mirror;
}

}  // namespace

io::Task<Result<ObservedZones>> judge_zones(ListedZones listed, client::dns::Client* client, Time now, Duration request_timeout,
                                            io::Deadline deadline) {
  Questions questions{client, request_timeout, deadline, {}, 0, std::nullopt};
  questions.answers.resize(listed.zones.size());
  std::map<wire::dns::Name, std::size_t> views;  // of each zone
  for (const ListedZone& zone : listed.zones) ++views[zone.name];
  bool in_several = false;
  if (client != nullptr) {
    io::TaskGroup group(co_await io::current_executor(), kQuestionsAtATime);
    for (std::size_t i = 0; i < listed.zones.size(); ++i) {
      const ListedZone& zone = listed.zones[i];
      // One address, or one key, reaches one view.
      if (views[zone.name] > 1) {
        in_several = true;
      } else if (has_data(zone.kind)) {
        group.start(ask(&questions, &zone, i));
      }
    }
    IPAM_CO_CHECK(co_await group.wait());
    IPAM_CO_CHECK(deadline.check("the questions for the zones"));
  }
  ObservedZones observed_zones;
  observed_zones.findings = std::move(listed.findings);
  for (std::size_t i = 0; i < listed.zones.size(); ++i) observed_zones.zones.push_back(judge(listed.zones[i], questions.answers[i], now));
  std::sort(observed_zones.zones.begin(), observed_zones.zones.end(),
            [](const ObservedZone& one, const ObservedZone& other) { return std::tie(one.view, one.name) < std::tie(other.view, other.name); });
  if (questions.first_error) {
    observed_zones.findings.push_back(
        fmt::format("not every zone could be asked for, so its health is told from the list alone: {}", questions.first_error->message));
  }
  if (in_several) {
    observed_zones.findings.push_back(
        "some zones are in several views, of which our address or key reaches one; their health is told from the list alone. Transfers read the view "
        "that "
        "match-clients gives us");
  }
  co_return observed_zones;
}

}  // namespace ipam::driver::bind9
