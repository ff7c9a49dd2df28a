// ProgressLine: one line on a terminal's error stream that is written over and over while something goes on, and is gone afterwards; nothing
// elsewhere. Thread rule: one thread.
#pragma once

#include "cli/session.h"
#include "cli/text.h"

#include <fmt/format.h>

#include <array>

namespace ipam::cli {

class ProgressLine {
 public:
  explicit ProgressLine(Session& session) : session_(session), shown_(session.host().terminals().error) {}
  ~ProgressLine() {
    if (drawn_) session_.note("\r\x1b[K");
  }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  // "| ServerConfiguration is running, 4 s"
  void show(std::string_view name, Duration elapsed) {
    constexpr std::array<std::string_view, 4> kTurns{"|", "/", "-", "\\"};
    const auto seconds = std::chrono::floor<std::chrono::seconds>(elapsed);
    draw(fmt::format("{} {} is running, {} s", kTurns.at(turn_++ % kTurns.size()), printable(name), seconds.count()));
  }
  // "▕█████     ▏  50 %  kea1: leases"
  void show(double percent, std::string_view what) {
    Style style = session_.style();
    style.colours = false;
    draw(draw_bar(percent, style) + "  " + printable(what));
  }

 private:
  void draw(const std::string& text) {
    if (!shown_) return;
    session_.note("\r" + text + "\x1b[K");
    drawn_ = true;
  }

  Session& session_;
  const bool shown_;
  bool drawn_ = false;
  std::size_t turn_ = 0;
};

}  // namespace ipam::cli
