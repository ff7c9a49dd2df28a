#include "service/interchange/cell_text.h"
#include "service/interchange/column.h"
#include "service/interchange/export.h"
#include "service/interchange/row_source.h"

#include <gmock/gmock.h>

namespace ipam::service::interchange {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Cells = std::vector<std::optional<std::string>>;

template <class T>
std::string_view column_of(std::string_view header) {
  const Column<T>* column = find_column<T>(header);
  return column == nullptr ? std::string_view("none") : column->names.front();
}

TEST(ImportColumns, BothFormsOfMicrosoftsHeadersAreFound) {
  for (const char* header : {"IP Address", "IpAddress", "ip address", "IP_ADDRESS", " ip-address ", "address"}) {
    EXPECT_EQ(column_of<model::Address>(header), "IP Address") << header;
  }
  EXPECT_EQ(column_of<model::Address>("IpAddressState"), "IP Address State");
  EXPECT_EQ(column_of<model::Address>("MacAddress"), "MAC Address");
  EXPECT_EQ(column_of<model::Range>("StartIPAddress"), "Start IP address");
  EXPECT_EQ(column_of<model::Range>("ManagedByService"), "Managed by Service");
  EXPECT_EQ(column_of<model::Range>("NetworkId"), "Network");
  EXPECT_EQ(column_of<model::Subnet>("NETWORK ID"), "Network");
  EXPECT_EQ(column_of<model::Block>("Start IP address"), "Start IP address");
  EXPECT_EQ(column_of<model::Address>("Shoe Size"), "none");
}

template <class T>
void expect_no_name_twice() {
  std::map<std::string, int> keys;
  for (const Column<T>& column : columns<T>()) {
    for (const std::string_view name : column.names) EXPECT_EQ(++keys[column_key(name)], 1) << name;
    const bool is_read = column.role == Role::Key || column.role == Role::Field;
    EXPECT_EQ(column.read != nullptr, is_read) << column.names.front();
  }
}

TEST(ImportColumns, NoNameStandsForTwoColumns) {
  expect_no_name_twice<model::Block>();
  expect_no_name_twice<model::Subnet>();
  expect_no_name_twice<model::Range>();
  expect_no_name_twice<model::Address>();
}

TEST(ImportColumns, WhatIsWrittenIsReadBack) {
  model::Address object;
  object.address = ip::Address::parse("10.1.2.3").value();
  object.state = model::AddressState::Reserved;
  object.name = "app7";
  object.hardware_address = ip::HardwareAddress::parse("02:00:00:00:00:07").value();
  object.description = "=1+1, \"quoted\"\nand more";
  object.owner = "Müller";
  object.assigned_at = parse_time("2026-11-27T08:00:00Z").value();
  object.expires_at = parse_time("2027-01-01T00:00:00.5Z").value();
  object.managed_by = model::ManagedBy::NonMsDhcp;
  object.service_instance = "kea1";
  object.assignment = model::Assignment::Vip;
  object.asset_tag = "A 1";
  object.serial_number = "S-1";
  object.operating_system = "Debian 12";
  object.client_id = ip::ClientId::parse("01:02").value();
  model::Address read;
  for (const Column<model::Address>& column : columns<model::Address>()) {
    if (column.read == nullptr || column.write == nullptr) continue;
    const auto done = column.read(read, column.write(object, {}));
    EXPECT_TRUE(done.ok()) << column.names.front();
  }
  EXPECT_EQ(read, object);
}

TEST(ImportColumns, ListsAreReadBack) {
  model::Range range;
  const auto cell = [&](const char* header, const char* text) {
    const auto* column = find_column<model::Range>(header);
    const auto done = column->read(range, text);
    EXPECT_TRUE(done.ok()) << header << ": " << (done.ok() ? "" : done.error().message);
    return column->write(range, {});
  };
  EXPECT_EQ(cell("Gateway Address", "10.0.0.1; 10.0.0.2 metric 10;address=10.0.0.3, metric=7"), "10.0.0.1; 10.0.0.2 metric 10; 10.0.0.3 metric 7");
  EXPECT_EQ(cell("DNS Servers", "10.0.0.53,10.0.0.54 ;"), "10.0.0.53; 10.0.0.54");
  EXPECT_EQ(cell("dns_suffixes", "corp.example;example"), "corp.example; example");
  EXPECT_EQ(cell("Exclusion Ranges", "10.0.0.1-10.0.0.9; 10.0.0.77"), "10.0.0.1-10.0.0.9; 10.0.0.77");
  EXPECT_EQ(cell("stated_used", "17"), "17");
  EXPECT_EQ(cell("Stated Used", ""), "");
  EXPECT_FALSE(find_column<model::Range>("Gateway")->read(range, "10.0.0.1 metric many").ok());
  EXPECT_FALSE(find_column<model::Range>("VIPs")->read(range, "10.0.0.9-10.0.0.1").ok());
  model::Subnet subnet;
  EXPECT_TRUE(find_column<model::Subnet>("VLAN ID")->read(subnet, "10; 20").ok());
  EXPECT_THAT(subnet.vlans, ElementsAre(10, 20));
}

TEST(ImportColumns, AnEmptyCellEmptiesItsField) {
  model::Address object;
  object.hardware_address = ip::HardwareAddress::parse("02:00:00:00:00:07").value();
  object.expires_at = Time{};
  object.owner = "x";
  for (const char* header : {"MAC Address", "Expiry Date", "Owner"}) EXPECT_TRUE(find_column<model::Address>(header)->read(object, "").ok());
  EXPECT_FALSE(object.hardware_address);
  EXPECT_FALSE(object.expires_at);
  EXPECT_EQ(object.owner, "");
}

TEST(ImportCells, WordsAreReadInMicrosoftsSpelling) {
  EXPECT_EQ(read_word(managed_by_words(), "ms dhcp").value(), model::ManagedBy::MsDhcp);
  EXPECT_EQ(read_word(managed_by_words(), "ms_dhcp").value(), model::ManagedBy::MsDhcp);
  EXPECT_EQ(read_word(managed_by_words(), "Non-MS DHCP").value(), model::ManagedBy::NonMsDhcp);
  EXPECT_EQ(read_word(managed_by_words(), "Others").value(), model::ManagedBy::Other);
  EXPECT_EQ(read_word(address_state_words(), "in-use").value(), model::AddressState::InUse);
  EXPECT_EQ(read_word(address_state_words(), "in_use").value(), model::AddressState::InUse);
  EXPECT_THAT(read_word(address_state_words(), "gone").error().message, HasSubstr("'gone' is not one of In-Use, Reserved, Inactive, Held, Cooling"));
}

TEST(ImportCells, DatesAreReadInTheFormsOfSpreadsheets) {
  const auto day = parse_time("2026-12-24T00:00:00Z").value();
  for (const char* text : {"2026-12-24", "12/24/2026", "24.12.2026"}) EXPECT_EQ(read_date(text).value(), day) << text;
  EXPECT_EQ(read_date("12/24/2026 6:30 PM").value(), day + std::chrono::minutes(18 * 60 + 30));
  EXPECT_EQ(read_date("12/24/2026 12:05 AM").value(), day + std::chrono::minutes(5));
  EXPECT_EQ(read_date("24.12.2026 18:30:05").value(), day + std::chrono::seconds(66'605));
  EXPECT_EQ(read_date("2026-12-24T01:00:00+01:00").value(), day);
  for (const char* text : {"24/12/2026", "2026-02-30", "soon", "12/24/26", "24.12.2026 25:00"}) {
    EXPECT_THAT(read_date(text).error().message, HasSubstr("is no date")) << text;
  }
}

TEST(ImportCells, StartAndEndAreAPrefixOrAreRefused) {
  const auto prefix = [](const char* first, const char* last) {
    return prefix_of(ip::Address::parse(first).value(), ip::Address::parse(last).value());
  };
  EXPECT_EQ(prefix("65.52.0.0", "65.52.255.255")->to_string(), "65.52.0.0/16");
  EXPECT_EQ(prefix("10.0.0.1", "10.0.0.1")->to_string(), "10.0.0.1/32");
  EXPECT_EQ(prefix("0.0.0.0", "255.255.255.255")->to_string(), "0.0.0.0/0");
  EXPECT_EQ(prefix("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff")->to_string(), "2001:db8::/32");
  for (const auto& [first, last] : {std::pair("10.0.0.0", "10.0.0.2"), {"10.0.0.1", "10.0.0.2"}}) {
    EXPECT_THAT(prefix(first, last).error().message, HasSubstr("is no prefix"));
  }
  EXPECT_FALSE(prefix("10.0.0.9", "10.0.0.0").ok());
}

struct Rows {
  std::vector<SourceRow> all;
  std::vector<std::string> names;
};

Result<Rows> read(model::ImportFormat format, std::string_view text, std::size_t piece = 1'000) {
  Rows rows;
  const auto source = make_row_source(format, [&](SourceRow row) -> Result<void> {
    rows.all.push_back(std::move(row));
    return {};
  });
  for (std::size_t begin = 0; begin < text.size(); begin += piece) IPAM_TRY(source->feed(text.substr(begin, piece)));
  IPAM_TRY(source->finish());
  rows.names = source->names();
  return rows;
}

TEST(ImportRows, OfCsvStandUnderTheHeader) {
  const auto rows = read(model::ImportFormat::Csv, "\xEF\xBB\xBFIP Address;Owner\r\n10.0.0.1;\"a;b\"\r\n10.0.0.2;'=x\r\n", 3).value();
  EXPECT_THAT(rows.names, ElementsAre("IP Address", "Owner"));
  ASSERT_EQ(rows.all.size(), 2U);
  EXPECT_EQ(rows.all[0].cells, (Cells{"10.0.0.1", "a;b"}));
  EXPECT_EQ(rows.all[1].cells, (Cells{"10.0.0.2", "=x"}));
  EXPECT_EQ(rows.all[1].number, 3U);
}

TEST(ImportRows, OfJsonLinesAreObjectsOfTheApi) {
  const std::string text =
      "{\"address\":\"10.0.0.1\",\"vlans\":[10,20],\"expires_at\":null}\n\n{\"owner\":\"x\",\"custom_fields\":{\"Site\":\"London\"},\"address\":\"10."
      "0.0.2\"}";
  const auto rows = read(model::ImportFormat::JsonLines, text, 5).value();
  EXPECT_THAT(rows.names, ElementsAre("address", "vlans", "expires_at", "owner", "custom_fields"));
  ASSERT_EQ(rows.all.size(), 2U);
  EXPECT_EQ(rows.all[0].cells, (Cells{"10.0.0.1", "10; 20", ""}));
  EXPECT_EQ(rows.all[1].cells, (Cells{"10.0.0.2", std::nullopt, std::nullopt, "x", "Site=London"}));
  EXPECT_EQ(rows.all[1].number, 3U);
}

TEST(ImportRows, ABadLineOfJsonCostsItselfAlone) {
  const auto rows = read(model::ImportFormat::JsonLines, "[1]\n{\"a\":\n" + std::string(300'000, 'x') + "\n{\"a\":1}\n").value();
  ASSERT_EQ(rows.all.size(), 4U);
  EXPECT_THAT(rows.all[0].problem, HasSubstr("is no JSON object"));
  EXPECT_THAT(rows.all[1].problem, HasSubstr("is not JSON"));
  EXPECT_THAT(rows.all[2].problem, HasSubstr("is longer than"));
  EXPECT_EQ(rows.all[3].cells, Cells{"1"});
}

TEST(ImportRows, FieldsOfJsonAreBounded) {
  std::string text;
  for (int line = 0; line < 20; ++line) {
    text += "{\"a\":1";
    for (int i = 0; i < 100; ++i) text += ",\"f" + std::to_string(line * 100 + i) + "\":1";
    text += "}\n";
  }
  const auto rows = read(model::ImportFormat::JsonLines, text).value();
  EXPECT_EQ(rows.names.size(), kMaxColumns);
  EXPECT_THAT(rows.all.back().problem, HasSubstr("more than 1024 fields"));
}

TEST(Exports, AreGuardedAgainstFormulas) {
  model::Block object;
  object.prefix = ip::Prefix::parse("10.0.0.0/8").value();
  object.owner = "=HYPERLINK(\"x\")";
  std::string guarded, plain, header;
  write_object(object, {.space = "Default", .network = {}, .custom = {{"RIR", "ARIN"}}}, {"RIR"}, Formulas::Guarded, guarded);
  write_object(object, {.space = "Default", .network = {}, .custom = {{"RIR", "ARIN"}}}, {"RIR"}, Formulas::Plain, plain);
  write_header<model::Block>({"RIR"}, header);
  EXPECT_EQ(header,
            "Network,Start IP address,End IP address,Name,Description,Owner,RIR Received Date,Under Percent,Over Percent,Address Space,RIR\r\n");
  EXPECT_EQ(guarded, "10.0.0.0/8,10.0.0.0,10.255.255.255,,,\"'=HYPERLINK(\"\"x\"\")\",,,,Default,ARIN\r\n");
  EXPECT_EQ(plain, "10.0.0.0/8,10.0.0.0,10.255.255.255,,,\"=HYPERLINK(\"\"x\"\")\",,,,Default,ARIN\r\n");
}

}  // namespace
}  // namespace ipam::service::interchange
