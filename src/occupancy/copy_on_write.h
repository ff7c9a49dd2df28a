// CopyOnWrite<T>: a counted pointer to a node of a tree whose versions share what they have in common.
//
// Copying the pointer shares the node; `edit` gives a node that nobody else sees: the node itself when this is its only owner, else a copy that
// replaces it here. So a tree that is not shared changes in place, and a copied tree costs only the paths that are changed in it.
// T derives from SharedNode; it is copied by its copy constructor, or by `clone` when it is polymorphic.
// Thread rule: one CopyOnWrite belongs to one thread at a time, as any value; copies in different threads may share nodes.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

namespace ipam::occupancy {

class SharedNode {
 protected:
  SharedNode() = default;
  SharedNode(const SharedNode& /*other*/) {}  // a copy has its own owners
  SharedNode& operator=(const SharedNode&) = delete;
  ~SharedNode() = default;

 private:
  template <class T>
  friend class CopyOnWrite;
  mutable std::atomic<std::uint32_t> owners_{1};
};

template <class T>
class CopyOnWrite {
 public:
  CopyOnWrite() = default;
  explicit CopyOnWrite(std::unique_ptr<T> node) : node_(node.release()) {}
  template <class... Args>
  static CopyOnWrite make(Args&&... args) {
    return CopyOnWrite(std::make_unique<T>(std::forward<Args>(args)...));
  }

  CopyOnWrite(const CopyOnWrite& other) : node_(other.node_) {
    if (node_ != nullptr) owners(*node_).fetch_add(1, std::memory_order_relaxed);
  }
  CopyOnWrite(CopyOnWrite&& other) noexcept : node_(std::exchange(other.node_, nullptr)) {}
  CopyOnWrite& operator=(CopyOnWrite other) noexcept {
    std::swap(node_, other.node_);
    return *this;
  }
  ~CopyOnWrite() {
    // The analyzer does not follow the count and takes another owner's look at the node for a use after free.
    // NOLINTNEXTLINE(clang-analyzer-cplusplus.NewDelete)
    if (node_ != nullptr && owners(*node_).fetch_sub(1, std::memory_order_acq_rel) == 1) delete node_;
  }

  explicit operator bool() const { return node_ != nullptr; }
  const T& operator*() const { return *node_; }
  const T* operator->() const { return node_; }
  const T* get() const { return node_; }

  T& edit() {
    if (owners(*node_).load(std::memory_order_acquire) != 1) *this = CopyOnWrite(copy(*node_));
    return *node_;
  }

 private:
  static std::atomic<std::uint32_t>& owners(const T& node) { return static_cast<const SharedNode&>(node).owners_; }
  static std::unique_ptr<T> copy(const T& node) {
    if constexpr (std::is_polymorphic_v<T>) {
      return node.clone();
    } else {
      return std::make_unique<T>(node);
    }
  }

  T* node_ = nullptr;
};

}  // namespace ipam::occupancy
