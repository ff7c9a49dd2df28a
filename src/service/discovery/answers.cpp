#include "service/discovery/answers.h"

#include "base/strings.h"
#include "json/codec.h"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>

namespace ipam::service {
namespace {

constexpr std::size_t kVersionBytes = 60;

// Another's text as far as it may be shown: one line of printable ASCII.
std::string shown(std::string_view text) {
  const bool fine = std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
  return fine ? shorten(text, kVersionBytes) : std::string();
}

std::string_view text_of(const boost::json::object& object, std::string_view name) {
  const auto* field = object.if_contains(name);
  return field != nullptr && field->is_string() ? std::string_view(field->get_string()) : std::string_view();
}

std::optional<std::int64_t> integer_of(const boost::json::object& object, std::string_view name) {
  const auto* field = object.if_contains(name);
  return field != nullptr && field->is_int64() ? std::optional(field->get_int64()) : std::nullopt;
}

// "2.2.0", "9.18.49-1~deb12u1-Debian".
bool is_version(std::string_view text) { return text.size() >= 3 && text[0] >= '0' && text[0] <= '9' && text.find('.') != std::string_view::npos; }

// Kea refuses with the HTTP status as the result, and never without a text.
std::optional<Recognition> recognize_refusal(int status, const boost::json::object& answer) {
  if (integer_of(answer, "result") != status || text_of(answer, "text").empty() || answer.size() != 2) return std::nullopt;
  return Recognition{model::Product::Kea, {}, fmt::format("Refuses version-get without a credential as a Kea control agent does (HTTP {}).", status)};
}

// The texts of a TXT record (RFC 1035, section 3.3.14), one after the other.
std::string txt_text(const Bytes& rdata) {
  std::string text;
  for (std::size_t at = 0; at < rdata.size();) {
    const std::size_t size = std::min<std::size_t>(rdata[at], rdata.size() - at - 1);
    text.append(reinterpret_cast<const char*>(rdata.data()) + at + 1, size);
    at += size + 1;
  }
  return text;
}

}  // namespace

std::optional<Recognition> recognize_control_agent(int status, std::string_view body) {
  if (status != 200 && status != 401 && status != 403) return std::nullopt;
  const auto json = json::parse(body);
  if (!json.ok()) return std::nullopt;
  if (status != 200) return json->is_object() ? recognize_refusal(status, json->get_object()) : std::nullopt;
  if (!json->is_array() || json->get_array().size() != 1 || !json->get_array()[0].is_object()) return std::nullopt;
  const auto& answer = json->get_array()[0].get_object();
  const auto result = integer_of(answer, "result");
  const std::string_view text = text_of(answer, "text");
  if (result == 0 && is_version(text)) {
    return Recognition{model::Product::Kea, shown(text), "Answers version-get without a credential as a Kea control agent does."};
  }
  // 1: error, 2: unsupported; an agent that may not say its version still answers in this form.
  if ((result == 1 || result == 2) && !text.empty()) {
    return Recognition{model::Product::Kea, {}, "Answers version-get with an error in the form of a Kea control agent."};
  }
  return std::nullopt;
}

std::optional<Recognition> recognize_statistics_channel(int status, std::string_view body) {
  if (status != 200) return std::nullopt;
  const auto json = json::parse(body);
  if (!json.ok() || !json->is_object()) return std::nullopt;
  const auto& answer = json->get_object();
  if (text_of(answer, "json-stats-version").empty() || text_of(answer, "boot-time").empty()) return std::nullopt;
  return Recognition{model::Product::Bind9, shown(text_of(answer, "version")), "Its statistics channel answers /json/v1/status as BIND 9 does."};
}

std::optional<Recognition> recognize_name_server(const wire::dns::Message& answer) {
  using wire::dns::Rcode;
  if (!answer.header.response) return std::nullopt;
  const Rcode rcode = answer.rcode();
  if (rcode != Rcode::NoError && rcode != Rcode::Refused) return std::nullopt;
  for (const auto& record : answer.answers) {
    if (record.type != wire::dns::RecordType::Txt || record.record_class != wire::dns::RecordClass::Chaos) continue;
    const std::string text = txt_text(record.rdata);
    // BIND says its version alone, from "9." on; other servers begin with their names.
    if (!text.starts_with("9.")) return std::nullopt;
    return Recognition{model::Product::Bind9, shown(text), "Answers version.bind with the version of a BIND 9."};
  }
  return Recognition{model::Product::Bind9,
                     {},
                     fmt::format("Answers DNS and tells no version.bind ({}), as a BIND 9 with a hidden version does; other name servers may too.",
                                 rcode == Rcode::Refused ? "REFUSED" : "no records")};
}

wire::dns::Message version_question() {
  auto question = wire::dns::make_query(wire::dns::Name::parse("version.bind").value(), wire::dns::RecordType::Txt, wire::dns::Recursion::NotDesired);
  question.questions.front().record_class = wire::dns::RecordClass::Chaos;
  return question;
}

}  // namespace ipam::service
