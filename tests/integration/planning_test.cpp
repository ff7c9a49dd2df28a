// The rules of service/planning/placement.h, in both orders and inside one batch.
#include "integration/piled_requests.h"
#include "service/planning/placement.h"

#include <gmock/gmock.h>

namespace ipam::test {
namespace {

using ledger::Transaction;
using testing::HasSubstr;

class Planning : public testing::Test {
 protected:
  model::ChangeContext request_;
  House house_;
  model::Id<model::AddressSpace> space_ = house_.default_space().id;

  template <class T>
  Result<ledger::Written<T>> create(T object) {
    if constexpr (!std::is_same_v<T, model::AddressSpace>) {
      if (!object.space_id) object.space_id = space_;
    }
    return house_.run(house_.planning->create<T>(administrator(), object, request_));
  }
  template <class T>
  Result<std::uint64_t> erase(model::Id<T> id, std::optional<std::uint64_t> revision = std::nullopt) {
    return house_.run(house_.planning->erase<T>(administrator(), id, revision, request_));
  }
  template <class T>
  Result<ledger::Written<T>> rename(model::Id<T> id, const std::string& name, std::optional<std::uint64_t> revision = std::nullopt) {
    std::function<Result<void>(T&)> change = [name](T& object) -> Result<void> {
      object.name = name;
      return {};
    };
    return house_.run(house_.planning->update<T>(administrator(), id, revision, change, request_));
  }
  auto subnet(const std::string& text) { return create(model::Subnet{.space_id = space_, .prefix = prefix(text)}); }
  auto block(const std::string& text) { return create(model::Block{.space_id = space_, .prefix = prefix(text)}); }
  auto host(const std::string& text, const std::string& name = "") {
    return create(model::Address{.space_id = space_, .address = address(text), .name = name});
  }
  auto range(const std::string& first, const std::string& last, const std::string& name = "") {
    return create(model::Range{.space_id = space_, .first = address(first), .last = address(last), .name = name});
  }

  // "" or "code: message".
  template <class T>
  static std::string verdict(const Result<T>& result) {
    return result.ok() ? "" : std::string(to_string(result.error().code)) + ": " + result.error().message;
  }
};

TEST_F(Planning, TwoSpacesOfOneNameDoNotExist) {
  EXPECT_EQ(verdict(create(model::AddressSpace{.name = "lab"})), "");
  EXPECT_THAT(verdict(create(model::AddressSpace{.name = "lab"})), HasSubstr("already_exists: "));
}

TEST_F(Planning, ASpaceCannotTakeTheNameOfAnother) {
  const auto lab = create(model::AddressSpace{.name = "lab"}).value().value;
  create(model::AddressSpace{.name = "site"}).value();
  EXPECT_THAT(verdict(rename<model::AddressSpace>(lab.id, "site")), HasSubstr("already_exists: "));
  EXPECT_EQ(verdict(rename<model::AddressSpace>(lab.id, "lab")), "");
}

TEST_F(Planning, TheDefaultSpaceKeepsItsNameAndStays) {
  EXPECT_THAT(verdict(rename<model::AddressSpace>(space_, "other")), HasSubstr("/name"));
  EXPECT_THAT(verdict(erase(space_)), HasSubstr("failed_precondition: "));
}

TEST_F(Planning, ASpaceThatIsRenamedKeepsWhatLiesInIt) {
  const auto lab = create(model::AddressSpace{.name = "lab"}).value().value;
  const auto subnet = house_.put(model::Subnet{.space_id = lab.id, .prefix = prefix("10.0.0.0/24")});
  house_.put(model::Address{.space_id = lab.id, .address = address("10.0.0.7")});
  EXPECT_EQ(verdict(rename<model::AddressSpace>(lab.id, "laboratory")), "");
  EXPECT_EQ(house_.planning->usage(subnet).used, 1U);
  EXPECT_EQ(house_.index_defect(), "");
}

TEST_F(Planning, ASpaceThatIsNotEmptyStays) {
  const auto lab = create(model::AddressSpace{.name = "lab"}).value().value;
  const auto held = create(model::Block{.space_id = lab.id, .prefix = prefix("10.0.0.0/8")}).value().value;
  EXPECT_THAT(verdict(erase(lab.id)), HasSubstr("not empty"));
  EXPECT_EQ(verdict(erase(held.id)), "");
  EXPECT_EQ(verdict(erase(lab.id)), "");
  EXPECT_EQ(verdict(create(model::Block{.space_id = lab.id, .prefix = prefix("10.0.0.0/8")})),
            "not_found: there is no address space with id " + lab.id.to_string());
}

TEST_F(Planning, ASpaceWhereAServerBelongsStays) {
  const auto lab = create(model::AddressSpace{.name = "lab"}).value().value;
  house_.put(model::ManagedServer{.name = "kea1", .url = "http://kea1/", .space_id = lab.id});
  EXPECT_THAT(verdict(erase(lab.id)), HasSubstr("kea1"));
}

TEST_F(Planning, SpacesOverlapEachOther) {
  const auto lab = create(model::AddressSpace{.name = "lab"}).value().value;
  EXPECT_EQ(verdict(subnet("10.0.0.0/24")), "");
  EXPECT_EQ(verdict(create(model::Subnet{.space_id = lab.id, .prefix = prefix("10.0.0.0/24")})), "");
  EXPECT_EQ(verdict(host("10.0.0.1")), "");
  EXPECT_EQ(verdict(create(model::Address{.space_id = lab.id, .address = address("10.0.0.1")})), "");
}

TEST_F(Planning, BlocksNestInBothOrders) {
  EXPECT_EQ(verdict(block("10.0.0.0/16")), "");
  EXPECT_EQ(verdict(block("10.0.0.0/8")), "");
  EXPECT_EQ(verdict(block("10.0.0.0/24")), "");
  EXPECT_THAT(verdict(block("10.0.0.0/16")), HasSubstr("already_exists: "));
}

TEST_F(Planning, SubnetsDoNotOverlapInEitherOrder) {
  EXPECT_EQ(verdict(subnet("10.0.0.0/24")), "");
  EXPECT_THAT(verdict(subnet("10.0.0.0/24")), HasSubstr("already_exists: "));
  EXPECT_THAT(verdict(subnet("10.0.0.128/25")), HasSubstr("conflict: 10.0.0.128/25 overlaps subnet 10.0.0.0/24"));
  EXPECT_THAT(verdict(subnet("10.0.0.0/16")), HasSubstr("conflict: 10.0.0.0/16 overlaps subnet 10.0.0.0/24"));
  EXPECT_EQ(verdict(subnet("10.0.1.0/24")), "");
}

TEST_F(Planning, ABlockDoesNotLieInASubnetInEitherOrder) {
  EXPECT_EQ(verdict(subnet("10.0.0.0/16")), "");
  EXPECT_THAT(verdict(block("10.0.1.0/24")), HasSubstr("lies inside subnet 10.0.0.0/16"));
  EXPECT_EQ(verdict(block("10.1.1.0/24")), "");
  EXPECT_THAT(verdict(subnet("10.1.0.0/16")), HasSubstr("contains block 10.1.1.0/24"));
}

TEST_F(Planning, ABlockAndASubnetMayHaveOnePrefix) {
  EXPECT_EQ(verdict(block("10.0.0.0/24")), "");
  EXPECT_EQ(verdict(subnet("10.0.0.0/24")), "");
  EXPECT_EQ(verdict(subnet("10.1.0.0/24")), "");
  EXPECT_EQ(verdict(block("10.1.0.0/24")), "");
}

TEST_F(Planning, ASubnetThatHoldsAddressesOrRangesStays) {
  const auto made = subnet("10.0.0.0/24").value().value;
  const auto held = host("10.0.0.9").value().value;
  EXPECT_THAT(verdict(erase(made.id)), HasSubstr("holds 1 addresses"));
  EXPECT_EQ(verdict(erase(held.id)), "");
  const auto part = range("10.0.0.10", "10.0.0.20", "phones").value().value;
  EXPECT_THAT(verdict(erase(made.id)), HasSubstr("holds range 10.0.0.10-10.0.0.20"));
  EXPECT_EQ(verdict(erase(part.id)), "");
  EXPECT_EQ(verdict(erase(made.id)), "");
}

TEST_F(Planning, ARangeLiesInOneSubnet) {
  const auto made = subnet("10.0.0.0/24").value().value;
  subnet("10.0.1.0/24").value();
  EXPECT_THAT(verdict(range("10.2.0.1", "10.2.0.9")), HasSubstr("lies in no subnet"));
  EXPECT_THAT(verdict(range("10.0.0.200", "10.0.1.10")), HasSubstr("reaches beyond subnet 10.0.0.0/24"));
  EXPECT_THAT(verdict(range("10.0.0.20", "10.0.0.10")), HasSubstr("invalid_argument: "));
  EXPECT_THAT(verdict(range("10.0.0.20", "2001:db8::1")), HasSubstr("invalid_argument: "));
  EXPECT_EQ(range("10.0.0.10", "10.0.0.20").value().value.subnet_id, made.id);
}

TEST_F(Planning, RangesDoNotOverlapInEitherOrder) {
  subnet("10.0.0.0/24").value();
  const auto first = range("10.0.0.10", "10.0.0.20").value().value;
  EXPECT_THAT(verdict(range("10.0.0.20", "10.0.0.30")), HasSubstr("conflict: "));
  EXPECT_THAT(verdict(range("10.0.0.5", "10.0.0.10")), HasSubstr("conflict: "));
  EXPECT_THAT(verdict(range("10.0.0.1", "10.0.0.99")), HasSubstr("conflict: "));
  EXPECT_EQ(verdict(range("10.0.0.21", "10.0.0.30")), "");
  EXPECT_EQ(verdict(rename<model::Range>(first.id, "phones")), "") << "a range does not overlap itself";
}

TEST_F(Planning, ARangeMayCoverADhcpPool) {
  subnet("10.0.0.0/24").value();
  house_.put(model::DhcpPool{
      .scope_id = house_.add_scope("10.0.0.0/24").id, .space_id = space_, .first = address("10.0.0.10"), .last = address("10.0.0.20")});
  EXPECT_EQ(verdict(range("10.0.0.10", "10.0.0.20")), "");
}

TEST_F(Planning, AnAddressLiesInASubnetAndIsNoBoundary) {
  subnet("10.0.0.0/24").value();
  subnet("10.0.1.0/31").value();
  EXPECT_THAT(verdict(host("10.9.0.1")), HasSubstr("lies in no subnet"));
  EXPECT_THAT(verdict(host("10.0.0.0")), HasSubstr("is the network address of subnet 10.0.0.0/24"));
  EXPECT_THAT(verdict(host("10.0.0.255")), HasSubstr("is the broadcast address of subnet 10.0.0.0/24"));
  EXPECT_EQ(verdict(host("10.0.1.0")), "") << "RFC 3021";
  EXPECT_EQ(verdict(host("10.0.1.1")), "");
}

TEST_F(Planning, AnAddressExistsOnceAndTheMessageSaysWhoHasIt) {
  subnet("10.0.0.0/24").value();
  const auto made = host("10.0.0.9", "printer").value().value;
  EXPECT_THAT(verdict(host("10.0.0.9")), HasSubstr("already_exists: 10.0.0.9 is given already, to printer"));
  EXPECT_EQ(verdict(rename<model::Address>(made.id, "plotter")), "");
}

TEST_F(Planning, AnAddressThatALeaseOrReservationHoldsMayBeRecorded) {
  subnet("10.0.0.0/24").value();
  house_.put(model::DhcpReservation{
      .scope_id = house_.add_scope("10.0.0.0/24").id, .space_id = space_, .address = address("10.0.0.9"), .identifier = Bytes{1}});
  EXPECT_EQ(verdict(host("10.0.0.9")), "");
}

TEST_F(Planning, ANewAddressCarriesTheTimeOfItsAssignment) {
  subnet("10.0.0.0/24").value();
  EXPECT_EQ(host("10.0.0.9").value().value.assigned_at, house_.clock.now());
}

TEST_F(Planning, AnAddressOutsideTheRangeItIsMeantForIsRefused) {
  subnet("10.0.0.0/24").value();
  const auto phones = range("10.0.0.10", "10.0.0.20", "phones").value().value;
  const model::Address inside{.space_id = space_, .address = address("10.0.0.20")}, outside{.space_id = space_, .address = address("10.0.0.21")};
  EXPECT_THAT(verdict(house_.run(house_.planning->create_in_range(administrator(), outside, phones.id, request_))), HasSubstr("lies outside range"));
  EXPECT_EQ(verdict(house_.run(house_.planning->create_in_range(administrator(), inside, phones.id, request_))), "");
  EXPECT_THAT(verdict(house_.run(house_.planning->create_in_range(administrator(), inside, {99'999}, request_))),
              HasSubstr("no range with id 99999"));
}

// One of two that do not go together, asked for in one batch.
TEST_F(Planning, TheRulesHoldInsideOneBatch) {
  subnet("10.7.0.0/24").value();
  const auto empty = subnet("10.8.0.0/24").value().value;
  const auto place_and_make = [](auto object) -> ledger::Work {
    return [object](Transaction& transaction) -> Result<void> {
      auto copy = object;
      IPAM_TRY(service::place(transaction, copy));
      IPAM_TRY(transaction.create(copy));
      return {};
    };
  };
  const auto subnet_work = [&](const char* text) { return place_and_make(model::Subnet{.space_id = space_, .prefix = prefix(text)}); };
  PiledRequests piled(house_);
  piled.add(subnet_work("10.0.0.0/24"));
  const auto inner = piled.add(subnet_work("10.0.0.0/25"));
  piled.add(place_and_make(model::Block{.space_id = space_, .prefix = prefix("10.1.0.0/24")}));
  const auto around = piled.add(subnet_work("10.1.0.0/16"));
  piled.add(place_and_make(model::Address{.space_id = space_, .address = address("10.7.0.9")}));
  const auto twice = piled.add(place_and_make(model::Address{.space_id = space_, .address = address("10.7.0.9")}));
  piled.add(place_and_make(model::Range{.space_id = space_, .first = address("10.7.0.10"), .last = address("10.7.0.20")}));
  const auto over = piled.add(place_and_make(model::Range{.space_id = space_, .first = address("10.7.0.20"), .last = address("10.7.0.30")}));
  piled.add(place_and_make(model::AddressSpace{.name = "lab"}));
  const auto same_name = piled.add(place_and_make(model::AddressSpace{.name = "lab"}));
  piled.add([id = empty.id](Transaction& transaction) { return transaction.erase(id); });
  const auto orphan = piled.add(place_and_make(model::Address{.space_id = space_, .address = address("10.8.0.9")}));
  piled.commit();
  EXPECT_EQ(piled.error(inner), ErrorCode::Conflict);
  EXPECT_EQ(piled.error(around), ErrorCode::Conflict);
  EXPECT_EQ(piled.error(twice), ErrorCode::AlreadyExists);
  EXPECT_EQ(piled.error(over), ErrorCode::Conflict);
  EXPECT_EQ(piled.error(same_name), ErrorCode::AlreadyExists);
  EXPECT_EQ(piled.error(orphan), ErrorCode::InvalidArgument);
  EXPECT_EQ(house_.index_defect(), "");
}

TEST_F(Planning, AChangeOfWhatWasChangedSinceIsRefused) {
  const auto made = subnet("10.0.0.0/24").value().value;
  const auto changed = rename<model::Subnet>(made.id, "floor 1", made.revision).value().value;
  EXPECT_GT(changed.revision, made.revision);
  EXPECT_THAT(verdict(rename<model::Subnet>(made.id, "floor 2", made.revision)), HasSubstr("failed_precondition: "));
  EXPECT_THAT(verdict(erase(made.id, made.revision)), HasSubstr("failed_precondition: "));
  EXPECT_EQ(verdict(erase(made.id, changed.revision)), "");
  EXPECT_THAT(verdict(erase(made.id)), HasSubstr("not_found: "));
}

TEST_F(Planning, AChangeThatChangesNothingWritesNothing) {
  const auto made = subnet("10.0.0.0/24").value().value;
  const auto before = house_.ledger->sequence();
  EXPECT_EQ(rename<model::Subnet>(made.id, made.name).value().value.revision, made.revision);
  EXPECT_EQ(house_.ledger->sequence(), before);
}

TEST_F(Planning, ASubnetsUtilizationLeavesOutItsBoundaries) {
  const auto made = subnet("10.0.0.0/24").value().value;
  host("10.0.0.9").value();
  const auto usage = house_.planning->usage(made);
  EXPECT_TRUE(usage.capacity == 254 && usage.used == 1 && usage.assigned == 1);
  const auto pair = subnet("10.1.0.0/31").value().value;
  EXPECT_TRUE(house_.planning->usage(pair).capacity == 2);
}

TEST_F(Planning, ABlockOfPublicAddressesSaysItsRegistryAndOneOfPrivateNone) {
  ASSERT_TRUE(house_.planning->fields().create_built_in().ok());
  const auto catalog = house_.planning->fields().catalog().value();
  const auto with_registry = [&](const std::string& text) {
    model::Block object{.space_id = space_, .prefix = prefix(text)};
    EXPECT_TRUE(catalog->apply(object.custom, {{"RIR", "RIPE"}}).ok());
    return create(object);
  };
  EXPECT_THAT(verdict(block("8.0.0.0/8")), HasSubstr("say which registry it came from"));
  EXPECT_THAT(verdict(block("2a00::/12")), HasSubstr("global unicast"));
  EXPECT_THAT(verdict(with_registry("10.0.0.0/8")), HasSubstr("private addresses come from no registry"));
  EXPECT_EQ(verdict(with_registry("8.0.0.0/8")), "");
  EXPECT_EQ(verdict(block("8.8.0.0/16")), "");  // the block around it says so
  EXPECT_EQ(verdict(block("10.0.0.0/8")), "");
  EXPECT_THAT(verdict(create(model::Block{.space_id = space_, .prefix = prefix("10.1.0.0/16"), .received_at = Time{}})), HasSubstr("received_at"));
}

TEST_F(Planning, ABlockLiesInOneCategory) {
  EXPECT_THAT(verdict(block("8.0.0.0/6")), HasSubstr("several categories"));
  EXPECT_EQ(verdict(block("10.0.0.0/7")).substr(0, 17), "invalid_argument:");
}

TEST_F(Planning, BlocksNestToAnyDepth) {
  for (int length = 8; length <= 32; ++length) EXPECT_EQ(verdict(block("10.0.0.0/" + std::to_string(length))), "") << length;
  EXPECT_EQ(verdict(subnet("10.0.0.0/32")), "");
}

TEST_F(Planning, ACustomerSpaceIsCarriedByAProviderSpaceThatStays) {
  const auto provider = create(model::AddressSpace{.name = "carrier"}).value().value;
  const auto customer = create(model::AddressSpace{.name = "tenant", .kind = model::AddressSpaceKind::Customer, .provider_id = provider.id});
  ASSERT_EQ(verdict(customer), "");
  EXPECT_THAT(verdict(create(model::AddressSpace{.name = "x", .provider_id = provider.id})), HasSubstr("customer address spaces alone"));
  EXPECT_THAT(verdict(create(model::AddressSpace{.name = "x", .kind = model::AddressSpaceKind::Customer, .provider_id = customer.value().value.id})),
              HasSubstr("must be a provider address space"));
  EXPECT_THAT(verdict(erase(provider.id)), HasSubstr("carries customer address space tenant"));
  EXPECT_EQ(verdict(erase(customer.value().value.id)), "");
  EXPECT_EQ(verdict(erase(provider.id)), "");
}

TEST_F(Planning, ARangeMakesItsSubnetWhereThereIsNone) {
  const auto with_subnet = [&](const std::string& first, const std::string& text) {
    const model::Range object{.space_id = space_, .first = address(first), .last = address(first)};
    return house_.run(house_.planning->create_with_subnet(administrator(), object, prefix(text), request_));
  };
  EXPECT_EQ(verdict(with_subnet("10.1.0.5", "10.1.0.0/24")), "");
  EXPECT_EQ(verdict(with_subnet("10.1.0.6", "10.1.0.0/24")), "");
  EXPECT_THAT(verdict(with_subnet("10.1.0.7", "10.1.0.0/25")), HasSubstr("lies in subnet 10.1.0.0/24"));
  EXPECT_THAT(verdict(with_subnet("10.9.0.7", "10.2.0.0/24")), HasSubstr("lies in no subnet"));
  EXPECT_EQ(house_.rows<model::Subnet>().size(), 1U);
}

TEST_F(Planning, ExclusionsOfARangeAreNoCapacityAndReservedPartsAreNotAllocated) {
  ASSERT_EQ(verdict(subnet("10.1.0.0/24")), "");
  model::Range object{.space_id = space_, .first = address("10.1.0.10"), .last = address("10.1.0.19")};
  object.exclusions = {ip::Range::parse("10.1.0.12-10.1.0.13").value()};
  object.reserved = {ip::Range::parse("10.1.0.10-10.1.0.11").value()};
  object.vips = {ip::Range::parse("10.1.0.14").value()};
  const auto made = create(object);
  ASSERT_EQ(verdict(made), "");
  const auto usage = [&] { return house_.planning->usage(space_, ip::Range::parse("10.1.0.10-10.1.0.19").value()); };
  EXPECT_TRUE(usage().capacity == 8);
  const auto space = house_.index->snapshot(space_.value);
  EXPECT_EQ(space->next_free(ip::Range::parse("10.1.0.10-10.1.0.19").value())->to_string(), "10.1.0.15");
  EXPECT_THAT(space->recount(), testing::IsEmpty());
  ASSERT_EQ(verdict(erase(made.value().value.id)), "");
  EXPECT_TRUE(usage().capacity == 10);
}

TEST_F(Planning, ThePartsOfARangeLieInsideItAndApart) {
  ASSERT_EQ(verdict(subnet("10.1.0.0/24")), "");
  const auto with = [&](const std::string& reserved, const std::string& exclusion) {
    model::Range object{.space_id = space_, .first = address("10.1.0.10"), .last = address("10.1.0.19")};
    object.reserved = {ip::Range::parse(reserved).value()};
    object.exclusions = {ip::Range::parse(exclusion).value()};
    return verdict(create(object));
  };
  EXPECT_THAT(with("10.1.0.9-10.1.0.11", "10.1.0.15"), HasSubstr("lies outside the range"));
  EXPECT_THAT(with("10.1.0.10-10.1.0.15", "10.1.0.15"), HasSubstr("overlaps"));
  EXPECT_EQ(with("10.1.0.10-10.1.0.14", "10.1.0.15"), "");
}

TEST_F(Planning, ASubnetIsRemovedWithWhatLiesInsideWhereThatIsAskedFor) {
  const auto made = subnet("10.1.0.0/24").value().value;
  ASSERT_EQ(verdict(host("10.1.0.5")), "");
  ASSERT_EQ(verdict(range("10.1.0.10", "10.1.0.20")), "");
  EXPECT_THAT(verdict(erase(made.id)), HasSubstr("failed_precondition"));
  ASSERT_EQ(verdict(house_.run(house_.planning->erase(administrator(), made.id, std::nullopt, request_, service::Below::Remove))), "");
  EXPECT_TRUE(house_.rows<model::Address>().empty() && house_.rows<model::Range>().empty() && house_.rows<model::Subnet>().empty());
}

TEST_F(Planning, ABlockIsRemovedWithItsBlocksAndSubnetsAndNothingElse) {
  const auto outer = block("10.0.0.0/8").value().value;
  const auto inner = block("10.1.0.0/16").value().value;
  ASSERT_EQ(verdict(subnet("10.1.0.0/24")), "");
  ASSERT_EQ(verdict(subnet("10.2.0.0/24")), "");
  ASSERT_EQ(verdict(host("10.1.0.5")), "");
  ASSERT_EQ(verdict(house_.run(house_.planning->erase(administrator(), inner.id, std::nullopt, request_, service::Below::Remove))), "");
  ASSERT_EQ(house_.rows<model::Block>().size(), 1U);
  EXPECT_EQ(house_.rows<model::Block>()[0].id, outer.id);
  EXPECT_EQ(house_.rows<model::Subnet>().size(), 1U);
  EXPECT_TRUE(house_.rows<model::Address>().empty());
}

}  // namespace
}  // namespace ipam::test
