// The search box: one text looked for in everything that has a name or an address.
#include "service/planning/place_conditions.h"
#include "service/search/search_service.h"
#include "service/search/word_conditions.h"
#include "wire/query_text/parser.h"

#include <fmt/format.h>

namespace ipam::service {
namespace {

using search::WordColumns;
using store::Comparison;
using store::Condition;
using store::Query;

std::string joined(std::initializer_list<std::string> parts) {
  std::string text;
  for (const std::string& part : parts) {
    if (!part.empty()) text += (text.empty() ? "" : ", ") + part;
  }
  return text;
}

// One search: what is looked for, by whom, and what was found so far.
class Search {
 public:
  Search(store::Store& store, PlanningService& planning, SearchService& lists, const Principal& principal, std::string_view text, std::size_t limit)
      : store_(store), planning_(planning), lists_(lists), principal_(principal), text_(trim(text)), limit_(limit) {}

  Result<SearchResult> run() {
    if (wire::query_text::parse(text_).ok()) return by_query();
    IPAM_TRY(search::word_conditions(text_, {}));  // what is wrong with the words, before anything is looked for
    if (text_.find(' ') == std::string_view::npos) {
      place_ = search::place_meant(text_);
      hardware_address_ = search::hardware_address_meant(text_);
    }
    result_.understood_as = is_address() ? "address" : place_ ? "prefix" : hardware_address_ ? "hardware_address" : "words";
    IPAM_TRY(find_in_plan());
    if (may(principal_.access_group, Operation::ReadDhcp)) IPAM_TRY(find_in_dhcp());
    if (may(principal_.access_group, Operation::ReadDns)) IPAM_TRY(find_in_dns());
    if (may(principal_.access_group, Operation::ReadServers)) IPAM_TRY(find_servers());
    if (place_) IPAM_TRY(find_parents());
    return std::move(result_);
  }

 private:
  bool is_address() const { return place_ && place_->length() == ip::bit_count(place_->family()); }

  // A query is looked for in each kind that has its fields.
  Result<SearchResult> by_query() {
    result_.understood_as = "query";
    std::optional<Error> wrong;
    bool understood = false;
    const auto look = [&]<class T>(T) -> Result<void> {
      Query query;
      query.limit = limit_;
      auto page = lists_.list<T>(principal_, query, {.query = std::string(text_), .words = {}});
      if (!page.ok() && page.error().code != ErrorCode::InvalidArgument) return page.error();
      if (!page.ok()) {
        if (!wrong) wrong = page.error();
        return {};
      }
      understood = true;
      take(*page);
      return {};
    };
    IPAM_TRY(look(model::Subnet{}));
    IPAM_TRY(look(model::Range{}));
    IPAM_TRY(look(model::Address{}));
    IPAM_TRY(look(model::Block{}));
    IPAM_TRY(look(model::AddressSpace{}));
    if (!understood) return Error::field("/q", wrong->fields.empty() ? wrong->message : wrong->fields.front().message);
    return std::move(result_);
  }

  template <class T>
  void take(const store::Page<T>& page) {
    for (const T& object : page.items) result_.hits.push_back(hit(object));
    if (!page.next_cursor.empty()) result_.more_of.emplace_back(kind_name<T>());
  }

  template <class T>
  Result<void> look(std::vector<Condition> where, std::vector<store::SortKey> sort = {}) {
    const auto reader = IPAM_TRY(store_.open_reader());
    Query query;
    query.where = std::move(where);
    query.sort = std::move(sort);
    query.limit = limit_;
    take(IPAM_TRY(store::list<T>(*reader, query)));
    return {};
  }

  // Conditions by what the text means: a place, a MAC, or words in these columns.
  Result<std::vector<Condition>> meant(const WordColumns& columns) const {
    if (place_) {
      std::vector<Condition> where{every_space()};
      add_within(where, columns.first, columns.first == "prefix" ? Place::Prefix : Place::Address, *place_);
      where.back().column = columns.last;
      return where;
    }
    if (hardware_address_ && !columns.hardware_address.empty()) {
      return std::vector<Condition>{{std::string(columns.hardware_address), Comparison::Equal, store::to_value(*hardware_address_)}};
    }
    return search::word_conditions(text_, columns);
  }
  // Indexes of places begin with the space.
  static Condition every_space() { return {"space_id IN (SELECT id FROM address_space)", Comparison::Holds, {}}; }

  // A host name as it stands is found by an index; what no name equals is looked for in every text, which reads the whole table.
  Result<bool> look_host_name() {
    const auto reader = IPAM_TRY(store_.open_reader());
    Query query;
    query.where = {{"name", Comparison::In, {}, {std::string(text_), to_lower(text_)}}};
    query.limit = limit_;
    const auto page = IPAM_TRY(store::list<model::Address>(*reader, query));
    take(page);
    return !page.items.empty();
  }

  template <class T>
  Result<void> look_planned() {
    const auto columns = search::word_columns<T>(model::type_name<T>());
    if (place_ && columns.first.empty()) return {};
    return look<T>(IPAM_TRY(meant(columns)), order_of<T>());
  }
  template <class T>
  static std::vector<store::SortKey> order_of() {
    if constexpr (search::kHasPlace<T>) return {{std::string(search::kFirstColumn<T>), false}};
    return {{"name", false}};
  }

  Result<void> find_in_plan() {
    const bool is_named = !place_ && !hardware_address_ && IPAM_TRY(look_host_name());
    if (!is_named) IPAM_TRY(look_planned<model::Address>());
    IPAM_TRY(look_planned<model::Subnet>());
    IPAM_TRY(look_planned<model::Range>());
    IPAM_TRY(look_planned<model::Block>());
    return look_planned<model::AddressSpace>();
  }

  Result<void> find_in_dhcp() {
    IPAM_TRY(look<model::Lease>(IPAM_TRY(meant({{}, {"hostname"}, "address", "address", "hardware_address"})), {{"address", false}}));
    if (hardware_address_) return look<model::DhcpReservation>({{"identifier", Comparison::Equal, store::to_value(*hardware_address_)}});
    IPAM_TRY(look<model::DhcpReservation>(IPAM_TRY(meant({{}, {"hostname"}, "address", "address", {}})), {{"address", false}}));
    return look<model::DhcpScope>(IPAM_TRY(meant({{}, {"name", "shared_network"}, "prefix", "prefix", {}})), {{"prefix", false}});
  }

  Result<void> find_in_dns() {
    if (hardware_address_) return {};
    std::vector<Condition> where;
    if (place_) {
      where.push_back({"address", Comparison::IsNotNull, {}});
      add_within(where, "address", Place::Address, *place_);
    } else {
      where = IPAM_TRY(search::word_conditions(text_, {{}, {"name", "data"}, {}, {}, {}}));
      IPAM_TRY(look<model::DnsZone>(IPAM_TRY(search::word_conditions(text_, {{}, {"name"}, {}, {}, {}})), {{"name", false}}));
    }
    where.push_back({"removed", Comparison::Equal, store::to_value(model::DnsRecord::kNotRemoved)});
    return look<model::DnsRecord>(std::move(where));
  }

  Result<void> find_servers() {
    if (place_ || hardware_address_) return {};
    return look<model::ManagedServer>(
        IPAM_TRY(search::word_conditions(text_, {model::type_name<model::ManagedServer>(), {"name", "url", "description"}, {}, {}, {}})),
        {{"name", false}});
  }

  // What the place lies in, of every space; what is the place itself has been found already.
  Result<void> find_parents() {
    std::vector<std::pair<int, SearchHit>> found;
    const auto reader = IPAM_TRY(store_.open_reader());
    const auto collect = [&]<class T>(T, std::vector<Condition> where) -> Result<void> {
      return store::for_each<T>(*reader, {.where = std::move(where)}, [&](T object) -> Result<bool> {
        if (object.prefix != *place_) found.emplace_back(object.prefix.length(), hit(object));
        return found.size() < SearchService::kMaxHits;
      });
    };
    IPAM_TRY(collect(model::Subnet{}, {every_space(), containing("prefix", *place_)}));
    IPAM_TRY(collect(model::Block{}, {every_space(), containing("prefix", *place_)}));
    if (may(principal_.access_group, Operation::ReadDhcp)) IPAM_TRY(collect(model::DhcpScope{}, {every_space(), containing("prefix", *place_)}));
    // A range lies in one subnet, and so around what that contains.
    Condition within_subnets{
        "subnet_id IN (SELECT id FROM subnet WHERE space_id IN (SELECT id FROM address_space) AND prefix IN (", Comparison::Holds, {}};
    const Condition parents = containing("prefix", *place_);
    for (std::size_t i = 0; i < parents.values.size(); ++i) within_subnets.column += i == 0 ? "?" : ", ?";
    within_subnets.column += "))";
    within_subnets.values = parents.values;
    const std::vector<Condition> around_place{within_subnets,
                                              {"first", Comparison::LessOrEqual, store::to_value(place_->first())},
                                              {"last", Comparison::GreaterOrEqual, store::to_value(place_->last())}};
    IPAM_TRY(store::for_each<model::Range>(*reader, {.where = around_place}, [&](model::Range range) -> Result<bool> {
      const int innermost = ip::bit_count(place_->family());
      found.emplace_back(innermost, hit(range));
      return found.size() < SearchService::kMaxHits;
    }));
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    for (auto& [length, parent] : found) result_.parents.push_back(std::move(parent));
    return {};
  }

  // As the command line calls it.
  template <class T>
  static std::string_view kind_name() {
    if constexpr (std::is_same_v<T, model::Lease>)
      return "lease";
    else if constexpr (std::is_same_v<T, model::DnsRecord>)
      return "record";
    else if constexpr (std::is_same_v<T, model::DnsZone>)
      return "zone";
    else if constexpr (std::is_same_v<T, model::DhcpScope>)
      return "scope";
    else if constexpr (std::is_same_v<T, model::DhcpReservation>)
      return "reservation";
    else if constexpr (std::is_same_v<T, model::ManagedServer>)
      return "server";
    else
      return model::type_name<T>();
  }

  template <class T>
  SearchHit hit(const T& object) {
    SearchHit found;
    found.kind = kind_name<T>();
    if constexpr (requires { object.id; }) found.id = object.id.value;
    if constexpr (requires { object.space_id; }) found.space = planning_.space_name(object.space_id);
    if constexpr (requires { object.server_id; }) found.server = server_name(object.server_id);
    describe(object, found);
    return found;
  }

  static void describe(const model::AddressSpace& object, SearchHit& hit) {
    hit.name = object.name;
    hit.detail = joined({object.description, object.owner});
  }
  template <class T>
  requires requires(const T& object) {
    object.prefix;
    object.owner;
  }
  static void describe(const T& object, SearchHit& hit) {
    hit.name = object.prefix.to_string();
    hit.detail = joined({object.name, object.description, object.owner});
  }
  static void describe(const model::Range& object, SearchHit& hit) {
    hit.name = fmt::format("{}-{}", object.first.to_string(), object.last.to_string());
    hit.detail = joined({object.name, object.description, object.owner});
  }
  static void describe(const model::Address& object, SearchHit& hit) {
    hit.name = object.address.to_string();
    hit.detail =
        joined({object.name, object.hardware_address ? object.hardware_address->to_string() : std::string(), object.description, object.owner});
  }
  static void describe(const model::Lease& object, SearchHit& hit) {
    hit.name = object.address.to_string();
    hit.detail = joined({object.hostname, object.hardware_address ? object.hardware_address->to_string() : std::string(),
                         model::enum_to_text(object.state) + " until " + format_time(object.expires_at)});
  }
  static void describe(const model::DhcpReservation& object, SearchHit& hit) {
    hit.name = object.address.to_string();
    hit.detail = joined({object.hostname, model::enum_to_text(object.identifier_type)});
  }
  static void describe(const model::DhcpScope& object, SearchHit& hit) {
    hit.name = object.prefix.to_string();
    hit.detail = joined({object.name, object.shared_network});
  }
  static void describe(const model::DnsZone& object, SearchHit& hit) {
    hit.name = object.name;
    hit.detail = joined({model::enum_to_text(object.kind), object.view == "_default" ? std::string() : "view " + object.view});
  }
  static void describe(const model::DnsRecord& object, SearchHit& hit) {
    hit.name = object.name;
    hit.detail = object.type + " " + object.data;
  }
  static void describe(const model::ManagedServer& object, SearchHit& hit) {
    hit.name = object.name;
    hit.detail = joined({model::enum_to_text(object.product), object.description});
  }

  std::string server_name(model::Id<model::ManagedServer> id) {
    const auto [known, is_new] = servers_.try_emplace(id.value);
    if (is_new) {
      const auto reader = store_.open_reader();
      if (reader.ok()) {
        const auto server = store::find(**reader, id);
        if (server.ok() && *server) known->second = (*server)->name;
      }
    }
    return known->second;
  }

  store::Store& store_;
  PlanningService& planning_;
  SearchService& lists_;
  const Principal& principal_;
  const std::string_view text_;
  const std::size_t limit_;
  std::optional<ip::Prefix> place_;
  std::optional<ip::HardwareAddress> hardware_address_;
  std::map<std::uint64_t, std::string> servers_;
  SearchResult result_;
};

}  // namespace

Result<SearchResult> SearchService::find(const Principal& principal, std::string_view text, std::size_t limit) {
  IPAM_TRY(authorize(principal, Operation::ReadAddressPlan));
  auto found = Search(store_, planning_, *this, principal, text, limit).run();
  if (!found.ok() && found.error().code == ErrorCode::InvalidArgument && found.error().fields.empty()) {
    return Error::field("/q", found.error().message);
  }
  return found;
}

}  // namespace ipam::service
