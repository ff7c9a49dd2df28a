#include "driver/kea/scripted_agent_suite.h"

#include "base/bytes.h"
#include "base/strings.h"
#include "driver/kea/kea_golden_suite.h"
#include "io/sleep.h"

#include <fmt/format.h>

#include <array>

namespace ipam::driver::kea {
namespace {

const io::Deadline kNever = io::Deadline::never();

// Reads until `text` holds `end`; answers where it begins, or npos when the peer ended first.
io::Task<std::size_t> read_until(io::Stream& stream, std::string& text, std::string end) {
  std::array<std::uint8_t, 4096> buffer{};
  while (true) {
    if (const auto at = text.find(end); at != std::string::npos) co_return at;
    const auto count = co_await stream.read_some(buffer, kNever);
    if (!count.ok() || *count == 0) co_return std::string::npos;
    text.append(reinterpret_cast<const char*>(buffer.data()), *count);
  }
}

std::size_t content_length(const std::string& head) {
  for (const std::string_view line : split(head, '\n')) {
    const auto colon = line.find(':');
    if (colon != std::string_view::npos && equals_ignoring_case(line.substr(0, colon), "content-length")) {
      return parse_integer<std::size_t>(trim(line.substr(colon + 1))).value_or(0);
    }
  }
  return 0;
}

std::string head_of(const ScriptedAnswer& answer, std::size_t length) {
  return fmt::format("HTTP/1.1 {} Scripted\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", answer.status, length);
}

// False when the connection is of no further use.
io::Task<bool> give(io::Stream& stream, ScriptedAnswer answer) {
  std::string text;
  switch (answer.manner) {
    case Manner::Whole: text = head_of(answer, answer.body.size()) + answer.body; break;
    case Manner::HalfOfIt: text = head_of(answer, answer.body.size()) + answer.body.substr(0, answer.body.size() / 2); break;
    case Manner::HangUp: co_return false;
    case Manner::Silence: (void)co_await io::sleep_for(std::chrono::hours(1), kNever); co_return false;
    case Manner::EndlessBody: text = "HTTP/1.1 200 Scripted\r\nTransfer-Encoding: chunked\r\n\r\n"; break;
    case Manner::EndlessHead: text = "HTTP/1.1 200 Scripted\r\n"; break;
  }
  auto written = co_await stream.write(as_bytes(text), kNever);
  const bool endless = answer.manner == Manner::EndlessBody || answer.manner == Manner::EndlessHead;
  const std::string more =
      answer.manner == Manner::EndlessBody ? "10000\r\n" + std::string(0x10000, ' ') + "\r\n" : "X-More: " + std::string(1000, 'x') + "\r\n";
  while (endless && written.ok()) written = co_await stream.write(as_bytes(more), kNever);
  co_return written.ok() && answer.manner == Manner::Whole;
}

}  // namespace

bool ScriptedQuestion::has_credential(const std::string& user, const std::string& password) const {
  return head.find("Basic " + to_base64(as_bytes(user + ":" + password)) + "\r\n") != std::string::npos;
}

std::string ScriptedQuestion::field(const std::string& name) const {
  const std::string key = fmt::format("\"{}\":\"", name);
  const auto begin = body.find(key);
  if (begin == std::string::npos) return {};
  const auto from = begin + key.size();
  return body.substr(from, body.find('"', from) - from);
}

ScriptedAgent::ScriptedAgent(Script script) : state_{.script = std::move(script)}, pool_(1) {
  const auto executor = pool_.executor();
  auto acceptor = io::Acceptor::listen(executor, "127.0.0.1", 0).value();
  url_ = fmt::format("http://{}/", acceptor->local().to_string());
  io::spawn(executor, serve(state_, std::move(acceptor)), "scripted agent");
}

io::Task<void> ScriptedAgent::serve(State& state, std::unique_ptr<io::Acceptor> acceptor) {
  const auto executor = co_await io::current_executor();
  while (true) {
    auto stream = co_await acceptor->accept(executor, kNever);
    if (!stream.ok()) co_return;
    ++state.connections;
    io::spawn(executor, serve_connection(state, std::move(stream).value()), "scripted connection");
  }
}

io::Task<void> ScriptedAgent::serve_connection(State& state, io::StreamPtr stream) {
  std::string text;
  bool useful = true;
  while (useful) {
    const std::size_t end = co_await read_until(*stream, text, "\r\n\r\n");
    if (end == std::string::npos) co_return;
    ScriptedQuestion question{.head = text.substr(0, end + 2)};
    text.erase(0, end + 4);
    const std::size_t length = content_length(question.head);
    std::array<std::uint8_t, 4096> buffer{};
    while (text.size() < length) {
      const auto count = co_await stream->read_some(buffer, kNever);
      if (!count.ok() || *count == 0) co_return;
      text.append(reinterpret_cast<const char*>(buffer.data()), *count);
    }
    question.body = text.substr(0, length);
    text.erase(0, length);
    ++state.questions;
    useful = co_await give(*stream, state.script(question));
  }
}

Script golden_script(std::string user, std::string password, GoldenServices services) {
  return [user = std::move(user), password = std::move(password), services](const ScriptedQuestion& question) -> ScriptedAnswer {
    if (!question.has_credential(user, password)) return {.body = golden("error.unauthorized"), .status = 401};
    if (question.is_for_dhcp6() && services == GoldenServices::Dhcp4) return {.body = golden("error.no-such-service")};
    const std::string command = question.field("command");
    std::string name = (question.is_for_dhcp6() ? "dhcp6." : "") + command;
    if (command.ends_with("-get-page")) name += "." + question.field("from");
    if (command.ends_with("-get-all") && command.starts_with("lease")) {
      const auto begin = question.body.find('[', question.body.find("\"subnets\"")) + 1;
      name += "." + question.body.substr(begin, question.body.find(']', begin) - begin);
    }
    return {.body = golden(name)};
  };
}

}  // namespace ipam::driver::kea
