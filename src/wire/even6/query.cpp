#include "wire/even6/query.h"

#include "base/strings.h"
#include "wire/even6/element.h"

#include <fmt/format.h>

#include <array>

namespace ipam::wire::even6 {
namespace {

constexpr std::size_t kMaxComparisons = 18;  // and two for the time and the record
constexpr std::size_t kMaxBookmarks = 8'192;
constexpr std::size_t kMaxBookmarkText = std::size_t{2} << 20U;

std::string system_time(Time time) {
  const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(time);
  std::string text = format_time(Time(milliseconds));
  return text;
}

std::string condition(const std::vector<IdRange>& ids, const QueryFilter& filter) {
  std::vector<std::string> parts;
  std::vector<std::string> alternatives;
  alternatives.reserve(ids.size());
  for (const IdRange& range : ids) {
    alternatives.push_back(range.first == range.last ? fmt::format("EventID={}", range.first)
                                                     : fmt::format("(EventID>={} and EventID<={})", range.first, range.last));
  }
  if (!alternatives.empty()) parts.push_back("(" + join(alternatives, " or ") + ")");
  if (filter.since) parts.push_back(fmt::format("TimeCreated[@SystemTime>='{}']", system_time(*filter.since)));
  if (filter.after_record) parts.push_back(fmt::format("EventRecordID>{}", *filter.after_record));
  return parts.empty() ? "*" : "*[System[" + join(parts, " and ") + "]]";
}

Error malformed() { return {ErrorCode::Malformed, "this is no bookmark of an event log"}; }

std::string unescaped(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, char>, 5> kEntities{
      {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}};
  std::string plain;
  while (!text.empty()) {
    bool found = false;
    for (const auto& [name, character] : kEntities) {
      if (!text.starts_with(name)) continue;
      plain += character;
      text.remove_prefix(name.size());
      found = true;
      break;
    }
    if (found) continue;
    plain += text.front();
    text.remove_prefix(1);
  }
  return plain;
}

// The attributes of one tag, from behind its name to its end. Errors: Malformed.
Result<Bookmark> parse_bookmark(std::string_view attributes) {
  Bookmark bookmark;
  bool has_channel = false, has_record = false;
  for (attributes = trim(attributes); !attributes.empty() && attributes != "/"; attributes = trim(attributes)) {
    const auto equals = attributes.find('=');
    if (equals == std::string_view::npos) return malformed();
    const std::string_view name = trim(attributes.substr(0, equals));
    attributes = trim(attributes.substr(equals + 1));
    if (attributes.empty() || (attributes.front() != '\'' && attributes.front() != '"')) return malformed();
    const auto end = attributes.find(attributes.front(), 1);
    if (end == std::string_view::npos) return malformed();
    const std::string value = unescaped(attributes.substr(1, end - 1));
    attributes.remove_prefix(end + 1);
    if (name == "Channel") {
      bookmark.channel = value;
      has_channel = !value.empty();
    } else if (name == "RecordId") {
      const auto number = parse_integer<std::uint64_t>(value);
      if (!number) return malformed();
      bookmark.record_id = *number;
      has_record = true;
    } else if (name == "IsCurrent") {
      bookmark.current = equals_ignoring_case(value, "true") || value == "1";
    }
  }
  if (!has_channel || !has_record) return malformed();
  return bookmark;
}

}  // namespace

std::string xpath(const QueryFilter& filter) { return condition(filter.ids, filter); }

std::string structured_query(std::string_view channel, const QueryFilter& filter) {
  std::string selects;
  const std::string path = xml_escaped(channel);
  std::size_t at = 0;
  do {
    std::vector<IdRange> ids;
    for (std::size_t comparisons = 0; at < filter.ids.size(); ++at) {
      comparisons += filter.ids[at].first == filter.ids[at].last ? 1 : 2;
      if (comparisons > kMaxComparisons) break;
      ids.push_back(filter.ids[at]);
    }
    selects += fmt::format("<Select Path=\"{}\">{}</Select>", path, xml_escaped(condition(ids, filter)));
  } while (at < filter.ids.size());
  return fmt::format("<QueryList><Query Id=\"0\" Path=\"{}\">{}</Query></QueryList>", path, selects);
}

std::string to_xml(const std::vector<Bookmark>& bookmarks) {
  std::string xml = "<BookmarkList>";
  for (const Bookmark& each : bookmarks) {
    xml += fmt::format("<Bookmark Channel=\"{}\" RecordId=\"{}\"{}/>", xml_escaped(each.channel), each.record_id,
                       each.current ? " IsCurrent=\"true\"" : "");
  }
  return xml + "</BookmarkList>";
}

Result<std::vector<Bookmark>> parse_bookmarks(std::string_view xml) {
  if (xml.size() > kMaxBookmarkText) return malformed();
  const auto begin = xml.find("<BookmarkList");
  const auto end = xml.find("</BookmarkList>");
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) return malformed();
  std::string_view body = xml.substr(begin, end - begin);
  const auto list_end = body.find('>');
  if (list_end == std::string_view::npos) return malformed();
  body.remove_prefix(list_end + 1);
  std::vector<Bookmark> bookmarks;
  constexpr std::string_view kTag = "<Bookmark ";
  for (body = trim(body); !body.empty(); body = trim(body)) {
    if (!body.starts_with(kTag) || bookmarks.size() >= kMaxBookmarks) return malformed();
    const auto tag_end = body.find("/>");
    if (tag_end == std::string_view::npos) return malformed();
    bookmarks.push_back(IPAM_TRY(parse_bookmark(body.substr(kTag.size(), tag_end - kTag.size()))));
    body.remove_prefix(tag_end + 2);
  }
  return bookmarks;
}

}  // namespace ipam::wire::even6
