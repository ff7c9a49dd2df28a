// Imports into the address plan on the real database. Long because one fixture, imports without the rest of a server, tries all their rules.
#include "service/interchange/export.h"
#include "service/interchange/import_service.h"
#include "store/sqlite/sqlite_store.h"
#include "support/temporary_folder.h"

#include "base/log.h"

#include <gmock/gmock.h>

#include <filesystem>

namespace ipam::test {
namespace {

using model::Import;
using model::ImportFormat;
using model::ImportKind;
using model::ImportMode;
using service::interchange::ImportRequest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// What imports stand on, without the rest of a server.
class Imports : public testing::Test {
 protected:
  Imports() {
    log::set_level(log::Level::Error);
    open();
    planning_->create_default_space().value();
  }

  void open() {
    store_ = store::sqlite::SqliteStore::open({.path = folder_.file("ipam.db")}).value();
    index_ = std::make_unique<occupancy::Index>();
    ledger::load_index(*store_, *index_).value();
    ledger_ = ledger::Ledger::open(*store_, *index_, clock_).value();
    planning_ = std::make_unique<service::PlanningService>(*store_, *ledger_, *index_);
    imports_ = std::make_unique<service::ImportService>(*store_, *ledger_, *planning_, clock_,
                                                        service::ImportOptions{.folder = folder_.file("imports"), .max_bytes = 1U << 26U});
  }
  void restart() {
    imports_.reset();
    planning_.reset();
    ledger_.reset();
    index_.reset();
    store_.reset();
    open();
  }

  Result<Import> create(const std::string& text, Import wish, const ImportRequest& request = {}) {
    const auto spool = IPAM_TRY(imports_->receive());
    IPAM_TRY(spool->write(text));
    return imports_->create(principal_, std::move(wish), request, *spool);
  }
  Result<Import> run(
      model::Id<Import> id, const service::interchange::ImportProgress& progress = [](int) { return true; }) {
    IPAM_TRY(imports_->run(principal_, id, {7}, {}, progress));
    return imports_->get(principal_, id);
  }
  Result<Import> import(const std::string& text, const Import& wish, const ImportRequest& request = {}) {
    return run(IPAM_TRY(create(text, wish, request)).id);
  }
  Result<Import> addresses(const std::string& text) { return import(text, {.kind = ImportKind::Address}); }

  void add_subnet(const std::string& prefix) {
    const auto made = import("Name,Network\nnet," + prefix + "\n", {.kind = ImportKind::Subnet});
    ASSERT_TRUE(made.ok() && made->created == 1) << prefix;
  }
  template <class T>
  std::vector<T> rows(std::vector<store::Condition> where = {}) {
    std::vector<T> all;
    const auto reader = store_->open_reader().value();
    store::for_each<T>(*reader, {.where = std::move(where)}, [&](T row) -> Result<bool> {
      all.push_back(std::move(row));
      return true;
    }).value();
    return all;
  }
  template <class T>
  std::map<std::string, std::string> custom_of(const T& object) {
    return planning_->fields().catalog().value()->texts_of(object.custom);
  }
  std::vector<std::string> reasons(const Import& import) {
    std::vector<std::string> texts;
    for (const auto& row : rows<model::ImportRow>({{"import_id", store::Comparison::Equal, store::to_value(import.id)}})) {
      texts.push_back(std::to_string(row.number) + " " + model::enum_to_text(row.outcome) + (row.reason.empty() ? "" : ": " + row.reason));
    }
    return texts;
  }

  TemporaryFolder folder_;
  ManualClock clock_{parse_time("2026-11-27T08:00:00Z").value()};
  std::unique_ptr<store::sqlite::SqliteStore> store_;
  std::unique_ptr<occupancy::Index> index_;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::unique_ptr<service::PlanningService> planning_;
  std::unique_ptr<service::ImportService> imports_;
  service::Principal principal_{{1}, "tester", model::Group::IpamAdministrators};
};

TEST_F(Imports, TheSamplesOfMicrosoftImportAsTheyStand) {
  planning_->fields().create_built_in().value();
  const auto block =
      import("\"Network\",\"Start IP address\",\"End IP address\",RIR\n65.52.0.0/14,65.52.0.0,65.52.255.255,ARIN\n", {.kind = ImportKind::Block})
          .value();
  EXPECT_EQ(block.created, 1U) << testing::PrintToString(reasons(block));
  EXPECT_EQ(rows<model::Block>().at(0).prefix.to_string(), "65.52.0.0/16");
  EXPECT_EQ(custom_of(rows<model::Block>().at(0)).at("RIR"), "ARIN");
  add_subnet("10.10.0.0/24");
  const auto made = addresses(
                        "\"IP Address\",\"Managed by Service\",\"Service Instance\",\"Device Type\",\"IP Address State\",\"Assignment Type\"\n"
                        "10.10.0.25,ms dhcp,dhcp1.adatum.com,host,in-use,static\n")
                        .value();
  EXPECT_EQ(made.created, 1U) << testing::PrintToString(reasons(made));
  EXPECT_TRUE(made.complete);
  const auto address = rows<model::Address>().at(0);
  EXPECT_EQ(address.address.to_string(), "10.10.0.25");
  EXPECT_EQ(address.managed_by, model::ManagedBy::MsDhcp);
  EXPECT_EQ(address.service_instance, "dhcp1.adatum.com");
  EXPECT_EQ(custom_of(address).at("Device Type"), "Host");
  EXPECT_EQ(made.unplaced + block.unplaced, "");
}

TEST_F(Imports, CustomFieldsAreColumnsByTheirNames) {
  planning_->fields().create_built_in().value();
  add_subnet("10.0.0.0/24");
  const auto made = addresses(
                        "IpAddress,DeviceType,Region,CustomConfiguration\n10.0.0.1,Printer,,RIR=RIPE; Country/Region = "
                        "Chad\n10.0.0.2,Toaster,,\n10.0.0.3,,South,\n")
                        .value();
  EXPECT_EQ(made.created, 1U) << testing::PrintToString(reasons(made));
  EXPECT_EQ(made.failed, 2U);
  const auto texts = reasons(made);
  EXPECT_THAT(texts.at(0), HasSubstr("3 failed: custom_fields/Device Type: 'Toaster' is no value"));
  EXPECT_THAT(texts.at(1), HasSubstr("4 failed: custom_fields/Region: 'South' is no value"));
  const auto custom = custom_of(rows<model::Address>().at(0));
  EXPECT_EQ(custom.at("Device Type") + custom.at("RIR") + custom.at("Country/Region"), "PrinterRIPEChad");
  const auto updated = addresses("IpAddress,Device Type\n10.0.0.3,\n10.0.0.1,printer\n").value();
  EXPECT_EQ(updated.unchanged, 1U);
  EXPECT_EQ(updated.created, 1U);
  EXPECT_EQ(addresses("IpAddress,Device Type\n10.0.0.1,\n")->updated, 1U);
}

TEST_F(Imports, ColumnsWithoutAPlaceAreTold) {
  add_subnet("10.0.0.0/24");
  const auto made = addresses("Shoe Size,IP Address,Import Error\n43,10.0.0.1,row 2: was wrong\n").value();
  EXPECT_EQ(made.unplaced, "Shoe Size");
  EXPECT_EQ(made.created, 1U);
}

TEST_F(Imports, RowsAddOrUpdateAndRepeatingChangesNothing) {
  add_subnet("10.0.0.0/24");
  const std::string text = "ip address,device name,owner\n10.0.0.1,a,x\n10.0.0.2,b,\n";
  const auto first = addresses(text).value();
  EXPECT_EQ(first.created, 2U);
  EXPECT_EQ(first.message, "2 rows: 2 created, 0 updated, 0 unchanged, 0 failed");
  const auto sequence = ledger_->sequence();
  const auto again = addresses(text).value();
  EXPECT_EQ(again.unchanged, 2U);
  EXPECT_EQ(ledger_->sequence(), sequence);
  // A column that the file lacks stays; an empty cell empties.
  const auto changed = addresses("IpAddress,Owner\n10.0.0.1,\n10.0.0.2,y\n10.0.0.3,z\n10.0.0.3,zz\n").value();
  EXPECT_EQ(changed.updated, 3U);
  EXPECT_EQ(changed.created, 1U);
  const auto all = rows<model::Address>();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].name + "/" + all[0].owner, "a/");
  EXPECT_EQ(all[1].name + "/" + all[1].owner, "b/y");
  EXPECT_EQ(all[2].owner, "zz");
}

TEST_F(Imports, BadRowsComeBackWithTheirReasonAndGoodOnesGoIn) {
  add_subnet("10.0.0.0/24");
  const auto made =
      addresses("IP Address,MAC Address,State\n10.0.0.1,,\nten,,\n10.9.0.1,,\n10.0.0.0,,\n10.0.0.2,zz,gone\n\"x\"y,,\n,,in-use\n10.0.0.3,,\n")
          .value();
  EXPECT_EQ(made.created, 2U);
  EXPECT_EQ(made.failed, 6U);
  EXPECT_EQ(made.rows, 8U);
  const auto texts = reasons(made);
  ASSERT_EQ(texts.size(), 6U);
  EXPECT_THAT(texts[0], HasSubstr("3 failed: IP Address: "));
  EXPECT_THAT(texts[1], HasSubstr("4 failed: address: 10.9.0.1 lies in no subnet"));
  EXPECT_THAT(texts[2], HasSubstr("5 failed: address: 10.0.0.0 is the network address"));
  EXPECT_THAT(texts[3], HasSubstr("6 failed: MAC Address: "));
  EXPECT_THAT(texts[4], HasSubstr("7 failed: has text after the closing quote"));
  EXPECT_THAT(texts[5], HasSubstr("8 failed: IP Address: must be given"));
  const auto kept = rows<model::ImportRow>();
  EXPECT_EQ(kept[0].text, "ten,,");
  EXPECT_EQ(kept[3].text, "10.0.0.2,zz,gone");
  EXPECT_EQ(made.header, "IP Address,MAC Address,State");
}

TEST_F(Imports, AFileThatCannotBeReadIsRefusedAsAWhole) {
  EXPECT_THAT(addresses("Owner\nx\n").error().message, HasSubstr("the header has no column 'IP Address'"));
  EXPECT_THAT(addresses("IP Address,ip_address\n1,2\n").error().message, HasSubstr("'IP Address' and 'ip_address' are the same field"));
  EXPECT_THAT(addresses("IP Addre\xDF\n").error().message, HasSubstr("not UTF-8"));
  EXPECT_EQ(addresses("").error().code, ErrorCode::InvalidArgument);
  EXPECT_TRUE(std::filesystem::is_empty(folder_.file("imports")));
}

TEST_F(Imports, RangesAreMadeWithTheirSubnets) {
  const std::string text =
      "NetworkId,StartIPAddress,EndIPAddress,ManagedByService,ServiceInstance\n"
      "10.1.0.0/24,10.1.0.10,10.1.0.20,IPAM,Localhost\n10.1.0.0/24,10.1.0.30,10.1.0.40,ms dhcp,dhcp1\n10.2.0.0/24,10.3.0.1,10.3.0.9,IPAM,Localhost\n";
  const auto without = import(text, {.kind = ImportKind::Range}).value();
  EXPECT_EQ(without.created, 0U);
  ImportRequest request;
  request.create_subnets = true;
  const auto made = import(text, {.kind = ImportKind::Range}, request).value();
  EXPECT_EQ(made.created, 1U);
  const auto texts = reasons(made);
  ASSERT_EQ(texts.size(), 2U);
  EXPECT_THAT(texts[0], HasSubstr("3 failed: Managed by Service: a range of MS DHCP is a scope"));
  EXPECT_THAT(texts[1], HasSubstr("4 failed: 10.3.0.1-10.3.0.9 lies outside the network 10.2.0.0/24"));
  EXPECT_EQ(rows<model::Subnet>().at(0).prefix.to_string(), "10.1.0.0/24");
}

TEST_F(Imports, ADryRunTellsEachRowAndChangesNothing) {
  add_subnet("10.0.0.0/24");
  addresses("IP Address,Owner\n10.0.0.1,a\n").value();
  const auto sequence = ledger_->sequence();
  const auto tried =
      import("IP Address,Owner\n10.0.0.1,a\n10.0.0.1,b\n10.0.0.2,\n10.0.0.2,\n10.9.0.1,\n", {.kind = ImportKind::Address, .dry_run = true}).value();
  EXPECT_EQ(ledger_->sequence(), sequence);
  EXPECT_EQ(rows<model::Address>().size(), 1U);
  // The rows of a small file see each other.
  const auto texts = reasons(tried);
  ASSERT_EQ(texts.size(), 5U);
  EXPECT_THAT(texts, ElementsAre("2 unchanged", "3 updated: Owner: a → b", "4 created", "5 unchanged", HasSubstr("6 failed: address: 10.9.0.1")));
  EXPECT_THAT(tried.message, HasSubstr("5 rows: 1 would be created, 1 would be updated, 2 unchanged, 1 failed"));
}

TEST_F(Imports, SynchronizingRemovesWhatTheFileDoesNotNameWithinItsScope) {
  add_subnet("10.0.0.0/24");
  addresses("IP Address\n10.0.0.1\n10.0.0.2\n10.0.0.3\n10.0.0.200\n").value();
  ImportRequest request;
  request.first = ip::Address::parse("10.0.0.0").value();
  request.last = ip::Address::parse("10.0.0.127").value();
  const Import wish{.kind = ImportKind::Address, .mode = ImportMode::Synchronize};
  Import dry = wish;
  dry.dry_run = true;
  const std::string text = "IP Address,State\n10.0.0.2,\n10.0.0.3,nonsense\n10.0.0.4,\n10.0.0.201,\n";
  const auto tried = import(text, dry, request).value();
  EXPECT_EQ(tried.removed, 1U);
  EXPECT_EQ(rows<model::Address>().size(), 4U);
  const auto made = import(text, wish, request).value();
  EXPECT_EQ(made.created, 1U);
  EXPECT_EQ(made.unchanged, 1U);
  EXPECT_EQ(made.removed, 1U);
  EXPECT_EQ(made.failed, 2U) << testing::PrintToString(reasons(made));
  std::vector<std::string> left;
  for (const auto& address : rows<model::Address>()) left.push_back(address.address.to_string());
  // 10.0.0.3 stands in the file, though its row is wrong; 10.0.0.200 lies outside.
  EXPECT_THAT(left, testing::UnorderedElementsAre("10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.200"));
}

TEST_F(Imports, NothingIsRemovedWhenARowNamesNobodyKnowsWhat) {
  add_subnet("10.0.0.0/24");
  addresses("IP Address\n10.0.0.1\n10.0.0.2\n").value();
  ImportRequest request;
  request.first = ip::Address::parse("10.0.0.0").value();
  request.last = ip::Address::parse("10.0.0.255").value();
  const auto made = import("IP Address\n10.0.0.1\n10.0.0.2x\n", {.kind = ImportKind::Address, .mode = ImportMode::Synchronize}, request).value();
  EXPECT_EQ(made.removed, 0U);
  EXPECT_THAT(made.message, HasSubstr("nothing was removed"));
  EXPECT_EQ(rows<model::Address>().size(), 2U);
}

TEST_F(Imports, SynchronizingNeedsAScope) {
  EXPECT_EQ(import("IP Address\n10.0.0.1\n", {.kind = ImportKind::Address, .mode = ImportMode::Synchronize}).error().fields.at(0).pointer, "/within");
  EXPECT_EQ(import("x\n", {.kind = ImportKind::Range, .mode = ImportMode::Synchronize}).error().fields.at(0).pointer, "/managed_by");
}

TEST_F(Imports, SynchronizesTheRangesOfOneServiceInstance) {
  add_subnet("10.1.0.0/24");
  const std::string header = "Start IP address,End IP address,Managed by Service,Service Instance\n";
  import(header + "10.1.0.1,10.1.0.9,VM Manager,vmm1\n10.1.0.11,10.1.0.19,VM Manager,vmm1\n10.1.0.21,10.1.0.29,IPAM,Localhost\n",
         {.kind = ImportKind::Range})
      .value();
  ImportRequest request;
  request.managed_by = "vm_manager";
  request.service_instance = "vmm1";
  const auto made = import(header + "10.1.0.11,10.1.0.19,VM Manager,vmm1\n10.1.0.31,10.1.0.39,VM Manager,vmm2\n",
                           {.kind = ImportKind::Range, .mode = ImportMode::Synchronize}, request)
                        .value();
  EXPECT_EQ(made.removed, 1U);
  EXPECT_EQ(made.failed, 1U);
  EXPECT_EQ(rows<model::Range>().size(), 2U);
}

TEST_F(Imports, ARangeThatGoesTakesItsAddressesAlongWhereThatIsAskedFor) {
  add_subnet("10.1.0.0/24");
  const std::string header = "Start IP address,End IP address,Managed by Service,Service Instance\n";
  import(header + "10.1.0.1,10.1.0.9,VM Manager,vmm1\n10.1.0.11,10.1.0.19,VM Manager,vmm1\n", {.kind = ImportKind::Range}).value();
  import("IP Address,Managed by Service,Service Instance\n10.1.0.1,VM Manager,vmm1\n10.1.0.2,IPAM,\n10.1.0.11,VM Manager,vmm1\n",
         {.kind = ImportKind::Address})
      .value();
  ImportRequest request;
  request.managed_by = "vm_manager";
  request.service_instance = "vmm1";
  request.delete_mapped_addresses = true;
  const auto done =
      import(header + "10.1.0.11,10.1.0.19,VM Manager,vmm1\n", {.kind = ImportKind::Range, .mode = ImportMode::Synchronize}, request).value();
  EXPECT_EQ(done.removed, 1U);
  std::vector<std::string> left;
  for (const auto& address : rows<model::Address>()) left.push_back(address.address.to_string());
  EXPECT_THAT(left, ElementsAre("10.1.0.2", "10.1.0.11"));
}

std::string many(int count) {
  std::string text = "IP Address,Device Name\n";
  for (int i = 0; i < count; ++i)
    text += "10.0." + std::to_string(i / 250) + "." + std::to_string(1 + i % 250) + (i % 100 == 99 ? ",\x01\n" : ",host\n");
  return text;
}

TEST_F(Imports, OneThatWasCutOffGoesOnWhereItWasAndDoublesNoRow) {
  add_subnet("10.0.0.0/16");
  constexpr int kRows = 5'000, kBad = 50;
  const auto id = create(many(kRows), {.kind = ImportKind::Address}).value().id;
  int steps = 0;
  const auto cut = run(id, [&](int) { return ++steps <= 2; });
  ASSERT_FALSE(cut.ok());
  EXPECT_EQ(cut.error().code, ErrorCode::Cancelled);
  const auto half = imports_->get(principal_, id).value();
  EXPECT_GT(half.rows, 0U);
  EXPECT_LT(half.rows, std::uint64_t{kRows});
  EXPECT_EQ(half.created + half.failed, half.rows);
  EXPECT_EQ(rows<model::Address>().size(), half.created);
  restart();
  EXPECT_TRUE(imports_->check_resume(principal_, id).ok());
  const auto whole = run(id).value();
  EXPECT_EQ(whole.rows, std::uint64_t{kRows});
  EXPECT_EQ(whole.created, std::uint64_t{kRows - kBad});
  EXPECT_EQ(whole.failed, std::uint64_t{kBad});
  EXPECT_EQ(whole.unchanged + whole.updated, 0U);
  EXPECT_EQ(rows<model::Address>().size(), std::size_t{kRows - kBad});
  EXPECT_EQ(rows<model::ImportRow>().size(), std::size_t{kBad});
  EXPECT_EQ(imports_->check_resume(principal_, id).error().code, ErrorCode::FailedPrecondition);
  EXPECT_TRUE(std::filesystem::is_empty(folder_.file("imports")));
}

TEST_F(Imports, TheSameImportDoesNotRunTwiceAtATime) {
  add_subnet("10.0.0.0/24");
  const auto id = create("IP Address\n10.0.0.1\n", {.kind = ImportKind::Address}).value().id;
  ErrorCode second = ErrorCode::Internal;
  const auto made = run(id, [&](int) {
    const auto again = run(id);
    if (!again.ok()) second = again.error().code;
    return true;
  });
  EXPECT_TRUE(made.ok());
  EXPECT_EQ(second, ErrorCode::FailedPrecondition);
}

TEST_F(Imports, JsonLinesAreObjectsOfTheApi) {
  add_subnet("10.0.0.0/24");
  const auto made =
      import(
          "{\"id\":\"5\",\"space\":\"Default\",\"address\":\"10.0.0.1\",\"state\":\"reserved\",\"name\":\"a\",\"hardware_address\":null}\n"
          "{\"address\":\"10.0.0.2\",\"shoe_size\":43}\n{\"name\":\"nobody\"}\n",
          {.kind = ImportKind::Address, .format = ImportFormat::JsonLines})
          .value();
  EXPECT_EQ(made.created, 2U);
  EXPECT_EQ(made.unplaced, "shoe_size");
  EXPECT_THAT(reasons(made), ElementsAre("3 failed: IP Address: must be given"));
  EXPECT_EQ(rows<model::ImportRow>().at(0).text, "{\"name\":\"nobody\"}");
  EXPECT_EQ(rows<model::Address>().at(0).state, model::AddressState::Reserved);
}

TEST_F(Imports, WhatIsExportedImportsWithoutAChange) {
  add_subnet("10.0.0.0/24");
  addresses("IP Address,Device Name,Description,Expiry Date,MAC Address\n10.0.0.1,a,\"=x, \"\"y\"\"\",12/24/2026,02-00-00-00-00-01\n10.0.0.2,b,,,\n")
      .value();
  std::string text;
  service::interchange::write_header<model::Address>({}, text);
  for (const auto& address : rows<model::Address>()) {
    service::interchange::write_object(address, {.space = "Default"}, {}, service::interchange::Formulas::Guarded, text);
  }
  const auto again = addresses(text).value();
  EXPECT_EQ(again.unchanged, 2U) << text;
  EXPECT_EQ(again.unplaced, "");
}

TEST_F(Imports, WhoMayNotChangeAddressesImportsNone) {
  const auto id = create("IP Address\n10.0.0.1\n", {.kind = ImportKind::Address}).value().id;
  principal_ = {{2}, "reader", model::Group::IpamUsers};
  EXPECT_EQ(create("IP Address\n10.0.0.1\n", {.kind = ImportKind::Address}).error().code, ErrorCode::PermissionDenied);
  EXPECT_EQ(imports_->get(principal_, id).error().code, ErrorCode::NotFound);
}

TEST_F(Imports, OldOnesAreForgottenWithTheirRowsAndFiles) {
  const auto id = create("IP Address\n10.0.0.1\n", {.kind = ImportKind::Address}).value().id;
  addresses("IP Address\nten\n").value();
  EXPECT_EQ(imports_->clean().value(), 0U);
  clock_.advance(std::chrono::hours(24 * 8));
  EXPECT_EQ(imports_->clean().value(), 2U);
  EXPECT_TRUE(rows<Import>().empty());
  EXPECT_TRUE(rows<model::ImportRow>().empty());
  EXPECT_TRUE(std::filesystem::is_empty(folder_.file("imports")));
  EXPECT_EQ(imports_->get(principal_, id).error().code, ErrorCode::NotFound);
}

TEST_F(Imports, AFileOverTheLimitIsRefused) {
  imports_ = std::make_unique<service::ImportService>(*store_, *ledger_, *planning_, clock_,
                                                      service::ImportOptions{.folder = folder_.file("imports"), .max_bytes = 10});
  EXPECT_EQ(create("IP Address\n10.0.0.1\n", {.kind = ImportKind::Address}).error().code, ErrorCode::Exhausted);
  EXPECT_TRUE(std::filesystem::is_empty(folder_.file("imports")));
}

}  // namespace
}  // namespace ipam::test
