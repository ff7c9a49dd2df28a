// The walk over a zone of a server that lies, or tells pages as only Windows does.
#include "driver/windows_dns/zone_walk.h"

#include "driver/fake_driver_suite.h"
#include "io/blocking.h"

#include <gmock/gmock.h>

#include <functional>

namespace ipam::driver::windows_dns {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;
using wire::dns::Name;

io::Deadline soon() { return io::Deadline::after(std::chrono::seconds(60)); }

// A buffer as EnumRecords2 answers it, put together by hand.
class PageMaker {
 public:
  PageMaker& node(const std::string& name, std::uint32_t children = 0) {
    count_at_ = buffer_.size() + 2;
    const std::size_t size = (13 + name.size() + 3) / 4 * 4;
    put(size, 2);
    put(0, 2);
    put(0, 4);
    put(children, 4);
    put(name.size(), 1);
    buffer_.insert(buffer_.end(), name.begin(), name.end());
    buffer_.resize((buffer_.size() + 3) / 4 * 4);
    return *this;
  }
  PageMaker& address(std::uint8_t last) {
    ++buffer_[count_at_];
    put(4, 2);
    put(1, 2);
    put(0xF0, 4);
    put(0, 4);
    put(300, 4);
    put(0, 8);
    for (const std::uint8_t octet : {std::uint8_t{10}, std::uint8_t{0}, std::uint8_t{0}, last}) buffer_.push_back(octet);
    return *this;
  }
  Page page(bool more = false) const {
    Page page;
    page.buffer = buffer_;
    page.nodes = wire::dnsp::read_nodes(page.buffer).value();
    page.more = more;
    return page;
  }

 private:
  void put(std::size_t value, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) buffer_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  }

  Bytes buffer_;
  std::size_t count_at_ = 0;
};

// Answers each question by a function of node and start.
class ScriptedPages final : public PageSource {
 public:
  using Script = std::function<Result<Page>(const std::string& node, const std::string& start)>;
  explicit ScriptedPages(Script script) : script_(std::move(script)) {}
  io::Task<Result<Page>> records(std::string, std::string node, std::optional<std::string> start, io::Deadline) override {
    asked.push_back(node + (start ? " from " + *start : ""));
    co_return script_(node, start.value_or(""));
  }
  std::vector<std::string> asked;

 private:
  Script script_;
};

struct Outcome {
  Result<void> result;
  std::vector<std::string> records;  // "www.corp.example 10.0.0.1"
  std::vector<std::string> asked;
};

Outcome walk(ScriptedPages::Script script, const Limits& limits = {}) {
  io::BlockingLoop loop;
  ScriptedPages pages(std::move(script));
  CollectingRecordSink sink;
  ZoneWalk zone_walk(pages, Name::parse("corp.example").value(), 7, sink, limits);
  Outcome outcome{loop.run(zone_walk.run(soon())), {}, {}};
  outcome.asked = pages.asked;
  for (const RecordDifference& each : sink.differences) outcome.records.push_back(each.record.name + " " + each.record.data);
  return outcome;
}

TEST(ZoneWalk, GoesOnWhereAPageEndedAndTellsNothingTwice) {
  const Outcome outcome = walk([](const std::string&, const std::string& start) -> Result<Page> {
    if (start.empty()) return PageMaker().node("").address(1).node("a").address(2).node("b").address(3).page(true);
    // The next page may begin with the child that the one before ended with.
    if (start == "b") return PageMaker().node("").address(1).node("b").address(3).node("c").address(4).page(true);
    return PageMaker().node("d").address(5).page();
  });
  ASSERT_TRUE(outcome.result.ok()) << outcome.result.error().describe();
  EXPECT_THAT(outcome.asked, ElementsAre("@", "@ from b", "@ from c"));
  EXPECT_THAT(outcome.records, ElementsAre("corp.example 10.0.0.1", "a.corp.example 10.0.0.2", "b.corp.example 10.0.0.3", "c.corp.example 10.0.0.4",
                                           "d.corp.example 10.0.0.5"));
}

TEST(ZoneWalk, RecordsOfANodeWithChildrenAreTakenFromBothAnswers) {
  const Outcome outcome = walk([](const std::string& node, const std::string&) -> Result<Page> {
    if (node == "@") return PageMaker().node("").node("sub", 1).address(1).page();
    return PageMaker().node("").address(1).address(2).node("deep").address(3).page();
  });
  ASSERT_TRUE(outcome.result.ok()) << outcome.result.error().describe();
  EXPECT_THAT(outcome.asked, ElementsAre("@", "sub.corp.example."));
  EXPECT_THAT(outcome.records, UnorderedElementsAre("sub.corp.example 10.0.0.1", "sub.corp.example 10.0.0.2", "deep.sub.corp.example 10.0.0.3"));
}

TEST(ZoneWalk, NamesThatAreNotAsciiAreAskedForAsTheServerSpellsThem) {
  const Outcome outcome = walk([](const std::string& node, const std::string&) -> Result<Page> {
    if (node == "@") return PageMaker().node("b\u00fcro", 1).page();
    return PageMaker().node("").address(1).page();
  });
  ASSERT_TRUE(outcome.result.ok()) << outcome.result.error().describe();
  EXPECT_THAT(outcome.asked, ElementsAre("@", "b\u00fcro.corp.example."));
  EXPECT_THAT(outcome.records, ElementsAre("b\\195\\188ro.corp.example 10.0.0.1"));
  EXPECT_EQ(zone_text(Name()), ".");
}

TEST(ZoneWalk, ANodeThatIsGoneMeanwhileIsPassedOverButNotTheZone) {
  const auto gone = [] { return Error(ErrorCode::NotFound, "no such name"); };
  const Outcome node = walk([&](const std::string& asked, const std::string&) -> Result<Page> {
    if (asked == "@") return PageMaker().node("sub", 1).node("a").address(1).page();
    return gone();
  });
  EXPECT_TRUE(node.result.ok());
  EXPECT_THAT(node.records, ElementsAre("a.corp.example 10.0.0.1"));
  const Outcome zone = walk([&](const std::string&, const std::string&) -> Result<Page> { return gone(); });
  EXPECT_EQ(zone.result.error().code, ErrorCode::NotFound);
}

TEST(ZoneWalk, APageWithoutANewChildEndsIt) {
  const Outcome outcome = walk([](const std::string&, const std::string&) -> Result<Page> { return PageMaker().node("a").address(1).page(true); });
  ASSERT_FALSE(outcome.result.ok());
  EXPECT_EQ(outcome.result.error().code, ErrorCode::Malformed);
  EXPECT_THAT(outcome.result.error().message, HasSubstr("has more names than it told"));
  EXPECT_EQ(outcome.asked.size(), 2U);
}

TEST(ZoneWalk, ATreeWithoutEndIsBounded) {
  const auto endless = [](const std::string&, const std::string&) -> Result<Page> { return PageMaker().node("a", 1).node("b", 1).page(); };
  Limits limits;
  limits.records = 100;
  const Outcome wide = walk(endless, limits);
  EXPECT_EQ(wide.result.error().code, ErrorCode::Malformed);
  // One child a level: no name is longer than 255 octets.
  const Outcome deep = walk([](const std::string&, const std::string&) -> Result<Page> { return PageMaker().node("a", 1).page(); });
  EXPECT_EQ(deep.result.error().code, ErrorCode::Malformed);
  EXPECT_LT(deep.asked.size(), 128U);
}

TEST(ZoneWalk, NamesInFullBelongToOthersAndNamesThatCannotBeAreRefused) {
  const Outcome beside = walk([](const std::string&, const std::string&) -> Result<Page> {
    return PageMaker().node("a").address(1).node("mail.elsewhere.example.").address(2).page();
  });
  EXPECT_THAT(beside.records, ElementsAre("a.corp.example 10.0.0.1"));
  const Outcome wrong = walk([](const std::string&, const std::string&) -> Result<Page> { return PageMaker().node("a..b").page(); });
  EXPECT_EQ(wrong.result.error().code, ErrorCode::Malformed);
  EXPECT_THAT(wrong.result.error().message, HasSubstr("a..b"));
}

}  // namespace
}  // namespace ipam::driver::windows_dns
