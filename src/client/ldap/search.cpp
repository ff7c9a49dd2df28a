#include "base/strings.h"
#include "client/ldap/handles.h"
#include "client/ldap/value_range.h"
#include "io/cut_off.h"

#include <fmt/format.h>

namespace ipam::client::ldap {
namespace {

struct Freeing {
  void operator()(LDAPMessage* message) const { ldap_msgfree(message); }
  void operator()(BerElement* element) const { ber_free(element, 0); }
  void operator()(LDAPControl* control) const { ldap_control_free(control); }
  void operator()(LDAPControl** controls) const { ldap_controls_free(controls); }
  void operator()(berval** values) const { ldap_value_free_len(values); }
  void operator()(char* text) const { ldap_memfree(text); }
};
using Message = std::unique_ptr<LDAPMessage, Freeing>;
using Control = std::unique_ptr<LDAPControl, Freeing>;
using Text = std::unique_ptr<char, Freeing>;

// What the server gives with each page, and wants back for the next one.
class Cookie {
 public:
  Cookie() = default;
  ~Cookie() { ber_memfree(value_.bv_val); }
  Cookie(const Cookie&) = delete;
  Cookie& operator=(const Cookie&) = delete;

  berval* get() { return &value_; }
  bool last() const { return value_.bv_len == 0; }
  void clear() {
    ber_memfree(value_.bv_val);
    value_ = {};
  }

 private:
  berval value_{};
};

std::vector<char*> pointers(std::vector<std::string>& names) {
  std::vector<char*> list;
  for (std::string& name : names) list.push_back(name.data());
  list.push_back(nullptr);
  return list;
}

int depth_of(Depth depth) {
  switch (depth) {
    case Depth::Base: return LDAP_SCOPE_BASE;
    case Depth::OneLevel: return LDAP_SCOPE_ONELEVEL;
    case Depth::Subtree: return LDAP_SCOPE_SUBTREE;
  }
  return LDAP_SCOPE_BASE;
}

std::size_t size_of(const Entry& entry) {
  std::size_t bytes = entry.dn.size();
  for (const Attribute& attribute : entry.attributes) {
    bytes += attribute.name.size();
    for (const std::string& value : attribute.values) bytes += value.size();
  }
  return bytes;
}

}  // namespace

const std::vector<std::string>* Entry::find(std::string_view name) const {
  for (const Attribute& attribute : attributes) {
    if (equals_ignoring_case(attribute.name, name)) return &attribute.values;
  }
  return nullptr;
}

std::string_view Entry::first(std::string_view name) const {
  const auto* values = find(name);
  return values != nullptr && !values->empty() ? std::string_view(values->front()) : std::string_view();
}

// One search under way. Its references outlive it.
struct Session::Reading {
  const Handles& own;
  const Limits& limits;
  const io::Deadline& deadline;
  std::string doing;
  std::uint64_t entries = 0;
  std::size_t bytes = 0;

  Error failure(int code) const { return own.failure(code, deadline, doing); }

  Result<Entry> entry_of(LDAPMessage* message) {
    LDAP* const ldap = own.ldap.get();
    const Text dn(ldap_get_dn(ldap, message));
    if (!dn) return failure(LDAP_DECODING_ERROR);
    Entry entry{.dn = dn.get(), .attributes = {}};
    BerElement* state = nullptr;
    Text name(ldap_first_attribute(ldap, message, &state));
    const std::unique_ptr<BerElement, Freeing> owned(state);
    for (; name; name.reset(ldap_next_attribute(ldap, message, state))) {
      Attribute& attribute = entry.attributes.emplace_back(Attribute{.name = name.get(), .values = {}});
      const std::unique_ptr<berval*, Freeing> values(ldap_get_values_len(ldap, message, name.get()));
      for (berval** each = values.get(); each != nullptr && *each != nullptr; ++each) attribute.values.emplace_back((*each)->bv_val, (*each)->bv_len);
      // Of a long attribute a server may name the whole one too, without values, beside "member;range=0-1499".
      if (attribute.values.empty()) entry.attributes.pop_back();
    }
    return entry;
  }

  // Counts what was read against the limits.
  Result<void> take(const Entry& entry) {
    bytes += size_of(entry);
    if (bytes <= limits.bytes && entries <= limits.entries) return {};
    return Error(ErrorCode::Exhausted, fmt::format("{}: cannot {}: the server has more than {} entries or {} bytes there, which is more than is read",
                                                   own.place, doing, limits.entries, limits.bytes));
  }

  // One request and its answers. Asks for a page when there is a cookie.
  Result<void> ask(const Search& search, Cookie* cookie, const std::function<Result<void>(LDAPMessage*)>& on_entry) {
    LDAP* const ldap = own.ldap.get();
    std::vector<std::string> names = search.attributes;
    std::vector<char*> attributes = pointers(names);
    Control page;
    if (cookie != nullptr) {
      LDAPControl* made = nullptr;
      const int code = ldap_create_page_control(ldap, static_cast<ber_int_t>(limits.page), cookie->get(), 'F', &made);
      if (code != LDAP_SUCCESS) return failure(code);
      page.reset(made);
    }
    std::array<LDAPControl*, 2> controls{page.get(), nullptr};
    int id = 0;
    const int sent =
        ldap_search_ext(ldap, search.base.c_str(), depth_of(search.depth), search.filter.c_str(), names.empty() ? nullptr : attributes.data(), 0,
                        page ? controls.data() : nullptr, nullptr, nullptr, LDAP_NO_LIMIT, &id);
    if (sent != LDAP_SUCCESS) return failure(sent);
    while (true) {
      LDAPMessage* received = nullptr;
      const int type = ldap_result(ldap, id, LDAP_MSG_ONE, nullptr, &received);
      const Message message(received);
      if (type == LDAP_RES_SEARCH_ENTRY) {
        if (auto taken = on_entry(received); !taken.ok()) {
          ldap_abandon_ext(ldap, id, nullptr, nullptr);
          return taken;
        }
      } else if (type == LDAP_RES_SEARCH_RESULT) {
        return end(received, cookie);
      } else if (type != LDAP_RES_SEARCH_REFERENCE) {
        int code = LDAP_SERVER_DOWN;
        ldap_get_option(ldap, LDAP_OPT_RESULT_CODE, &code);
        return failure(type > 0 || code == LDAP_SUCCESS ? LDAP_DECODING_ERROR : code);
      }
    }
  }

  Result<void> end(LDAPMessage* message, Cookie* cookie) {
    LDAP* const ldap = own.ldap.get();
    int code = LDAP_SUCCESS;
    LDAPControl** answered = nullptr;
    const int parsed = ldap_parse_result(ldap, message, &code, nullptr, nullptr, nullptr, &answered, 0);
    const std::unique_ptr<LDAPControl*, Freeing> controls(answered);
    if (parsed != LDAP_SUCCESS) return failure(parsed);
    if (code != LDAP_SUCCESS) return failure(code);
    if (cookie == nullptr) return {};
    cookie->clear();
    LDAPControl* page = answered != nullptr ? ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, answered, nullptr) : nullptr;
    if (page == nullptr) return {};  // a server without pages has answered all
    ber_int_t estimate = 0;
    const int read = ldap_parse_pageresponse_control(ldap, page, &estimate, cookie->get());
    return read == LDAP_SUCCESS ? Result<void>() : failure(read);
  }

  // An attribute of very many values comes in ranges ("member;range=0-1499"): the rest is asked for, so that it is whole.
  Result<void> complete(Entry& entry) {
    for (Attribute& attribute : entry.attributes) {
      auto range = ValueRange::parse(attribute.name);
      if (!range) continue;
      attribute.name = range->name;
      while (!range->last()) {
        const std::uint64_t before = attribute.values.size();
        const Search rest{.base = entry.dn, .depth = Depth::Base, .attributes = {range->following()}};
        std::optional<ValueRange> next;
        const auto append = [&](LDAPMessage* message) -> Result<void> {
          Entry more = IPAM_TRY(entry_of(message));
          IPAM_TRY(take(more));
          for (Attribute& part : more.attributes) {
            const auto answered = ValueRange::parse(part.name);
            if (!answered || !range->continued_by(*answered)) continue;
            next = answered;
            std::move(part.values.begin(), part.values.end(), std::back_inserter(attribute.values));
          }
          return {};
        };
        IPAM_TRY(ask(rest, nullptr, append));
        if (!next || (attribute.values.size() == before && !next->last()))
          return Error(ErrorCode::Malformed, fmt::format("{}: cannot {}: the values of {} end in the middle", own.place, doing, attribute.name));
        range = next;
      }
    }
    return {};
  }
};

Result<std::uint64_t> Session::search(const Search& search, const Limits& limits, const OnEntry& on_entry, const io::Deadline& deadline) {
  Reading reading{.own = *handles_,
                  .limits = limits,
                  .deadline = deadline,
                  .doing = search.base.empty() ? "read what the server says of itself" : "search in " + shorten(search.base, 120)};
  IPAM_TRY(deadline.check(handles_->place));
  const io::CutOff cut_off(handles_->socket.number(), deadline);
  Cookie cookie;
  // What a server says of itself does not come in pages.
  Cookie* const pages = search.base.empty() ? nullptr : &cookie;
  const auto deliver = [&](LDAPMessage* message) -> Result<void> {
    Entry entry = IPAM_TRY(reading.entry_of(message));
    ++reading.entries;
    IPAM_TRY(reading.take(entry));
    IPAM_TRY(reading.complete(entry));
    return on_entry(entry);
  };
  do {
    IPAM_TRY(reading.ask(search, pages, deliver));
  } while (!cookie.last());
  return reading.entries;
}

Result<Entry> Session::read(const std::string& dn, std::vector<std::string> attributes, const io::Deadline& deadline) {
  std::optional<Entry> found;
  const auto keep = [&](const Entry& entry) -> Result<void> {
    if (!found) found = entry;
    return {};
  };
  const Search one{.base = dn, .depth = Depth::Base, .attributes = std::move(attributes)};
  IPAM_TRY(search(one, Limits{}, keep, deadline));
  if (!found) return Error(ErrorCode::NotFound, fmt::format("{}: there is no {}, or the account may not read it", handles_->place, shorten(dn, 120)));
  return *std::move(found);
}

}  // namespace ipam::client::ldap
