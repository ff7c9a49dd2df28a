#include "base/secret.h"

#include <cstring>
#include <utility>

namespace ipam {

Secret& Secret::operator=(const Secret& other) {
  if (this != &other) {
    wipe();
    text_ = other.text_;
  }
  return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    text_ = std::move(other.text_);
    other.wipe();
  }
  return *this;
}

void Secret::wipe() noexcept {
  // explicit_bzero is not removed by the optimizer; the small-string buffer and the heap block are both covered by capacity().
  explicit_bzero(text_.data(), text_.capacity());
  text_.clear();
}

}  // namespace ipam
