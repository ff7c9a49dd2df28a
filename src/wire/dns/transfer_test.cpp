#include "wire/dns/transfer.h"

#include "wire/dns/bind_golden_suite.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace ipam::wire::dns {
namespace {

using ::testing::HasSubstr;

const Name kZone = Name::parse("example").value();

ResourceRecord record(std::string_view owner, std::string_view type, std::string_view rdata) { return make_record(owner, type, 300, rdata).value(); }
ResourceRecord soa(std::uint32_t serial) { return record("example", "SOA", "ns.example. hm.example. " + std::to_string(serial) + " 2 3 4 5"); }
ResourceRecord a(int last) { return record("h" + std::to_string(last) + ".example", "A", "10.0.0." + std::to_string(last)); }

// What a transfer does to a zone: the serial and the records as text.
struct Outcome {
  TransferKind kind = TransferKind::Undecided;
  std::vector<std::string> steps;
};

Result<Outcome> run(Transfer transfer, const std::vector<std::vector<ResourceRecord>>& messages) {
  Outcome outcome;
  for (const auto& message : messages) {
    for (const ResourceRecord& each : message) {
      const TransferStep step = IPAM_TRY(transfer.accept(each));
      if (const auto held = transfer.take_held_back()) outcome.steps.push_back("+" + held->rdata_text());
      if (step != TransferStep::Nothing) outcome.steps.push_back((step == TransferStep::Add ? "+" : "-") + each.rdata_text());
    }
    IPAM_TRY(transfer.end_message());
  }
  if (!transfer.complete()) return Error(ErrorCode::Internal, "not complete");
  outcome.kind = transfer.kind();
  return outcome;
}

const std::string kSoa5 = "ns.example. hm.example. 5 2 3 4 5", kSoa6 = "ns.example. hm.example. 6 2 3 4 5",
                  kSoa7 = "ns.example. hm.example. 7 2 3 4 5";

TEST(DnsTransfer, TakesAWholeZone) {
  const auto outcome = run(Transfer::full(kZone), {{soa(5), a(1)}, {a(2)}, {soa(5)}}).value();
  EXPECT_EQ(outcome.kind, TransferKind::Full);
  EXPECT_EQ(outcome.steps, (std::vector<std::string>{"+" + kSoa5, "+10.0.0.1", "+10.0.0.2"}));
}

TEST(DnsTransfer, TakesDifferencesInTheirOrder) {
  const auto outcome =
      run(Transfer::incremental(kZone, 5), {{soa(7), soa(5), a(1)}, {soa(6), a(2), soa(6), a(2), soa(7), a(3), a(4), soa(7)}}).value();
  EXPECT_EQ(outcome.kind, TransferKind::Incremental);
  EXPECT_EQ(outcome.steps, (std::vector<std::string>{"-" + kSoa5, "-10.0.0.1", "+" + kSoa6, "+10.0.0.2", "-" + kSoa6, "-10.0.0.2", "+" + kSoa7,
                                                     "+10.0.0.3", "+10.0.0.4"}));
}

TEST(DnsTransfer, TakesAWholeZoneInAnswerToIxfr) {
  for (const auto& messages : {std::vector<std::vector<ResourceRecord>>{{soa(7), a(1), soa(7)}}, {{soa(7)}, {a(1), soa(7)}}}) {
    const auto outcome = run(Transfer::incremental(kZone, 5), messages).value();
    EXPECT_EQ(outcome.kind, TransferKind::Full);
    EXPECT_EQ(outcome.steps, (std::vector<std::string>{"+" + kSoa7, "+10.0.0.1"}));
  }
}

TEST(DnsTransfer, IsUpToDateWhenTheSerialIsOurs) {
  const auto outcome = run(Transfer::incremental(kZone, 5), {{soa(5)}}).value();
  EXPECT_EQ(outcome.kind, TransferKind::UpToDate);
  EXPECT_TRUE(outcome.steps.empty());
}

TEST(DnsTransfer, RefusesASerialThatGoesBack) {
  for (const auto& messages : {std::vector<std::vector<ResourceRecord>>{{soa(4)}},     // older than ours
                               {{soa(4), a(1), soa(4)}},                               // with a zone after it
                               {{soa(7), soa(5), soa(5), soa(7)}},                     // a difference that leads nowhere
                               {{soa(7), soa(5), soa(3), soa(3), soa(7), soa(7)}}}) {  // back and then on
    const auto refused = run(Transfer::incremental(kZone, 5), messages);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::Stale) << refused.error().describe();
  }
  EXPECT_THAT(run(Transfer::incremental(kZone, 5), {{soa(4)}}).error().message, HasSubstr("from 5 to 4"));
}

TEST(DnsTransfer, RefusesWhatDoesNotJoinUp) {
  const std::vector<std::vector<std::vector<ResourceRecord>>> full = {
      {{a(1), soa(5)}},                                        // no SOA first
      {{soa(5), a(1), soa(6)}},                                // another at the end
      {{soa(5), a(1), soa(5), a(2)}},                          // something after the end
      {{soa(5), record("x.other", "A", "10.0.0.1"), soa(5)}},  // outside of the zone
      {{soa(5), record("x.example", "SOA", kSoa5), soa(5)}},   // a SOA below it
  };
  for (const auto& messages : full) {
    const auto refused = run(Transfer::full(kZone), messages);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::Malformed) << refused.error().describe();
  }
  const std::vector<std::vector<std::vector<ResourceRecord>>> incremental = {
      {{soa(7), soa(6), soa(7), soa(7)}},                  // begins where we are not
      {{soa(7), soa(5), soa(6), soa(5), soa(7), soa(7)}},  // the second begins where the first did not end
      {{soa(7), soa(5), soa(8), soa(8), soa(7)}},          // past the end
      {{soa(5), a(1)}},                                    // nothing has changed, and something comes
  };
  for (const auto& messages : incremental) {
    const auto refused = run(Transfer::incremental(kZone, 5), messages);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::Malformed) << refused.error().describe();
  }
  ResourceRecord chaos = a(1);
  chaos.record_class = RecordClass::Chaos;
  EXPECT_EQ(run(Transfer::full(kZone), {{soa(5), chaos}}).error().code, ErrorCode::Malformed);
  ResourceRecord meta = a(1);
  meta.type = RecordType::Any;
  EXPECT_EQ(run(Transfer::full(kZone), {{soa(5), meta}}).error().code, ErrorCode::Malformed);
}

Result<Outcome> run_golden(const std::string& name, Transfer transfer) {
  std::vector<std::vector<ResourceRecord>> messages;
  const std::uint16_t id = parse_message(golden_messages(name + ".request").at(0)).value().header.id;
  for (const Bytes& bytes : golden_messages(name + ".answer")) {
    const auto cursor = MessageCursor::create(bytes).value();
    IPAM_TRY(transfer.check_message(cursor, id));
    messages.push_back(parse_message(bytes).value().answers);
  }
  return run(std::move(transfer), messages);
}

TEST(DnsTransfer, UnderstandsBind) {
  const Name lab = Name::parse("lab.example").value(), big = Name::parse("big.example").value(), fixed = Name::parse("static.example").value();
  EXPECT_EQ(run_golden("axfr", Transfer::full(lab)).value().kind, TransferKind::Full);
  EXPECT_EQ(run_golden("axfr-many", Transfer::full(big)).value().steps.size(), 1502U);
  const auto changes = run_golden("ixfr", Transfer::incremental(lab, 2026112501)).value();
  EXPECT_EQ(changes.kind, TransferKind::Incremental);
  // Three updates: two additions and a removal, each with its SOA records.
  EXPECT_EQ(changes.steps.size(), 9U);
  EXPECT_EQ(std::count(changes.steps.begin(), changes.steps.end(), "+10.0.2.1"), 1);
  EXPECT_EQ(std::count(changes.steps.begin(), changes.steps.end(), "-10.0.2.1"), 1);
  EXPECT_EQ(run_golden("ixfr-up-to-date", Transfer::incremental(lab, 2026112504)).value().kind, TransferKind::UpToDate);
  EXPECT_EQ(run_golden("ixfr-whole-zone", Transfer::incremental(fixed, 2026112496)).value().kind, TransferKind::Full);
  const auto refused = run_golden("axfr-unsigned-refused", Transfer::full(lab));
  EXPECT_EQ(refused.error().code, ErrorCode::PermissionDenied);
  EXPECT_THAT(refused.error().message, HasSubstr("access lists"));
}

// dig asks "IXFR from a serial in the future"; BIND answers with its own, older one.
TEST(DnsTransfer, RefusesTheSerialThatBindHasWhenOursIsNewer) {
  const auto refused = run_golden("ixfr-went-back", Transfer::incremental(Name::parse("lab.example").value(), 2026113504));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::Stale);
  EXPECT_THAT(refused.error().message, HasSubstr("went back"));
}

TEST(DnsTransfer, RefusesAnswersToOtherQuestions) {
  const std::uint16_t id = parse_message(golden_messages("axfr.request").at(0)).value().header.id;
  const Bytes bytes = golden_messages("axfr.answer").at(0);
  const auto cursor = MessageCursor::create(bytes).value();
  const Name lab = Name::parse("lab.example").value();
  EXPECT_TRUE(Transfer::full(lab).check_message(cursor, id).ok());
  EXPECT_FALSE(Transfer::full(lab).check_message(cursor, static_cast<std::uint16_t>(id + 1)).ok());
  EXPECT_FALSE(Transfer::full(kZone).check_message(cursor, id).ok());
  EXPECT_FALSE(Transfer::incremental(lab, 1).check_message(cursor, id).ok());
}

}  // namespace
}  // namespace ipam::wire::dns
