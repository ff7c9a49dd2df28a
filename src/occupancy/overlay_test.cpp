#include "occupancy/overlay.h"

#include "occupancy/index.h"
#include "occupancy/naive_model_suite.h"
#include "support/rapidcheck.h"

#include <thread>

namespace ipam::occupancy {
namespace {

constexpr std::uint64_t kSpace = 7;

ip::Address v4(std::uint32_t number) { return ip::Address::v4(number); }

RC_GTEST_PROP(Overlay, AnswersAsTheIndexAfterPublishingAndAsBeforeAfterRollback, ()) {
  RandomChanges random(*rc::gen::arbitrary<std::uint64_t>());
  Index index;
  index.edit(kSpace, [](SpaceIndex&) {});
  NaiveModel published;
  for (int batch = 0; batch < 6; ++batch) {
    Overlay overlay(index);
    NaiveModel draft = published;
    for (int request = 0; request < 5; ++request) {
      const Overlay::Mark mark = overlay.mark();
      const NaiveModel before = draft;
      for (std::uint64_t i = random.below(25); i > 0; --i) {
        const Delta delta = random.next(draft);
        overlay.apply(kSpace, delta);
        draft.apply(delta);
      }
      RC_ASSERT(difference(*overlay.find_space(kSpace), draft, random, 2) == "");
      if (random.below(3) == 0) {
        overlay.rollback_to(mark);
        draft = before;
        RC_ASSERT(difference(*overlay.find_space(kSpace), draft, random, 2) == "");
      }
    }
    RC_ASSERT(difference(*index.snapshot(kSpace), published, random, 2) == "");
    switch (random.below(3)) {
      case 0: break;  // the commit failed
      case 1: published = draft, index.publish(overlay); break;
      default: published = draft, index.publish(overlay.take());
    }
    RC_ASSERT(difference(*index.snapshot(kSpace), published, random, 4) == "");
  }
}

TEST(Overlay, RefusesWhatCannotBeAndStaysAsItWas) {
  Index index;
  Overlay overlay(index);
  EXPECT_THROW(overlay.apply(kSpace, AddressAcquired{v4(1), Holder::Static}), LogicError);
  EXPECT_EQ(overlay.find_space(kSpace), nullptr);
  overlay.apply(kSpace, SpaceCreated{});
  EXPECT_THROW(overlay.apply(kSpace, SpaceCreated{}), LogicError);
  EXPECT_THROW(overlay.apply(kSpace, AddressReleased{v4(1), Holder::Static}), LogicError);
  overlay.apply(kSpace, AddressAcquired{v4(1), Holder::Static});
  EXPECT_THROW(overlay.apply(kSpace, SpaceDropped{}), LogicError);
  EXPECT_EQ(overlay.deltas().size(), 2U);
}

TEST(Overlay, CreatesAndDropsSpaces) {
  Index index;
  Overlay overlay(index);
  overlay.apply(1, SpaceCreated{});
  overlay.apply(2, SpaceCreated{});
  const Overlay::Mark mark = overlay.mark();
  overlay.apply(3, SpaceCreated{});
  overlay.rollback_to(mark);
  EXPECT_TRUE(index.spaces().empty());
  index.publish(overlay);
  EXPECT_EQ(index.spaces(), (std::vector<std::uint64_t>{1, 2}));
  overlay.apply(1, SpaceDropped{});
  index.publish(overlay);
  EXPECT_EQ(index.spaces(), (std::vector<std::uint64_t>{2}));
  EXPECT_EQ(index.with(1, [](const SpaceIndex&) { return 0; }).error().code, ErrorCode::NotFound);
}

TEST(Overlay, IsAppliedToTheNewerVersionWhenTheSpaceChangedMeanwhile) {
  Index index;
  index.edit(kSpace, [](SpaceIndex&) {});
  Overlay overlay(index);
  overlay.apply(kSpace, AddressAcquired{v4(1), Holder::Static});
  index.publish(std::vector<SpaceDelta>{{kSpace, AddressAcquired{v4(2), Holder::Lease}}});
  index.publish(overlay);
  EXPECT_TRUE(index.with(kSpace, [](const SpaceIndex& space) { return space.is_held(v4(1)) && space.is_held(v4(2)); }).value());
}

TEST(Index, PublishesDeltasAllOrNone) {
  Index index;
  index.edit(kSpace, [](SpaceIndex&) {});
  const std::vector<SpaceDelta> deltas = {{kSpace, AddressAcquired{v4(1), Holder::Static}}, {kSpace, AddressReleased{v4(2), Holder::Static}}};
  EXPECT_THROW(index.publish(deltas), LogicError);
  EXPECT_FALSE(index.with(kSpace, [](const SpaceIndex& space) { return space.is_held(v4(1)); }).value());
}

TEST(Index, ReadersSeeWholeBatchesWhileTheWriterPublishes) {
  // Each batch takes one address in every /16 of 10.0.0.0/12, so that any reader must count a multiple of 16.
  constexpr std::uint32_t kBase = 10U << 24;
  Index index;
  index.edit(kSpace, [](SpaceIndex&) {});
  std::atomic<bool> done = false;
  std::atomic<int> torn = 0;
  const ip::Range all = ip::Prefix::containing(v4(kBase), 12);
  std::vector<std::jthread> readers;
  readers.reserve(3);
  for (int reader = 0; reader < 3; ++reader) {
    readers.emplace_back([&] {
      while (!done) {
        const SpaceIndex space = *index.snapshot(kSpace);
        if (space.usage(all).used % 16 != 0 || !space.recount().empty()) ++torn;
      }
    });
  }
  for (std::uint32_t batch = 0; batch < 500; ++batch) {
    Overlay overlay(index);
    for (std::uint32_t i = 0; i < 16; ++i) {
      const ip::Range within = ip::Prefix::containing(v4(kBase + (i << 16)), 16);
      const auto free = overlay.find_space(kSpace)->next_free(within);
      overlay.apply(kSpace, AddressAcquired{*free, Holder::Lease});
    }
    index.publish(overlay);
  }
  done = true;
  readers.clear();
  EXPECT_EQ(torn, 0);
  EXPECT_EQ(index.snapshot(kSpace)->usage(all).used, 8'000U);
}

}  // namespace
}  // namespace ipam::occupancy
