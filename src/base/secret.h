// Secret: text that must never be printed, logged or stored in clear. It has no stream operator and no formatter; reveal() is the only way in,
// so that every use can be found by name. The memory is wiped when it goes. Thread rule: a plain value.
#pragma once

#include <string>
#include <string_view>

namespace ipam {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept : text_(std::move(other.text_)) { other.wipe(); }
  Secret& operator=(const Secret& other);
  Secret& operator=(Secret&& other) noexcept;
  ~Secret() { wipe(); }

  [[nodiscard]] const std::string& reveal() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }

 private:
  void wipe() noexcept;

  std::string text_;
};

}  // namespace ipam
