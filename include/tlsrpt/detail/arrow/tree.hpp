/// @file
/// Trees of ArrowSchema or ArrowArray, whose parts may be moved away and released one by one.

#ifndef TLSRPT_HPP_DETAIL_ARROW_TREE
#define TLSRPT_HPP_DETAIL_ARROW_TREE

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <memory>
#include <span>

#include <tlsrpt/detail/arrow/abi.hpp>

namespace tlsrpt::detail {

/// What several owners have, on any threads; the last one frees it.
template <class T>
struct shared {
  std::atomic<std::size_t> owners{1};
  T value{};

  /// Null when there is no memory.
  static shared* make() noexcept {
    void* const memory = std::malloc(sizeof(shared));
    return memory == nullptr ? nullptr : std::construct_at(static_cast<shared*>(memory));
  }
  shared* share() noexcept {
    owners.fetch_add(1, std::memory_order_relaxed);
    return this;
  }
  void drop() noexcept {
    if (owners.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    std::destroy_at(this);
    std::free(this);
  }
  /// drop() as a function of a pointer to anything.
  static void drop_any(void* one) noexcept { static_cast<shared*>(one)->drop(); }
};

/// A struct that came from elsewhere, to be released once.
template <class Node>
struct taken_node {
  Node node{};

  taken_node() = default;
  taken_node(const taken_node&) = delete;
  taken_node& operator=(const taken_node&) = delete;
  ~taken_node() {
    if (node.release != nullptr) node.release(&node);
  }
};

/// The memory of all nodes of a tree and what they point into. Each node owns a part of it, because
/// a consumer may move a child away and release it last.
template <class Node>
class alignas(std::max_align_t) node_tree {
 public:
  /// A tree with room for `nodes` nodes besides its root. `let_go(kept)` is called when all are
  /// released. Null, with nothing called, when there is no memory.
  static node_tree* make(std::size_t nodes, void* kept, void (*let_go)(void*)) noexcept {
    constexpr std::size_t size = sizeof(Node) + sizeof(Node*);
    if (nodes > (std::numeric_limits<std::size_t>::max() - sizeof(node_tree)) / size)
      return nullptr;
    void* const memory = std::malloc(sizeof(node_tree) + nodes * size);
    if (memory == nullptr) return nullptr;
    auto* const tree = std::construct_at(static_cast<node_tree*>(memory));
    tree->kept_ = kept;
    tree->let_go_ = let_go;
    auto* const after = reinterpret_cast<std::byte*>(tree + 1);
    tree->nodes_ = reinterpret_cast<Node*>(after);
    tree->pointers_ = reinterpret_cast<Node**>(after + nodes * sizeof(Node));
    std::uninitialized_value_construct_n(tree->nodes_, nodes);
    return tree;
  }

  /// Makes `node` one of the tree.
  void adopt(Node& node) noexcept {
    owners_.fetch_add(1, std::memory_order_relaxed);
    node.private_data = this;
    node.release = [](Node* released) { release(*released); };
  }
  /// Gives `parent` children, which are not yet nodes of the tree.
  std::span<Node> add_children(Node& parent, std::size_t count) noexcept {
    const std::span<Node> added(nodes_ + used_, count);
    parent.n_children = static_cast<std::int64_t>(count);
    parent.children = count == 0 ? nullptr : pointers_ + used_;
    for (std::size_t i = 0; i < count; ++i) pointers_[used_ + i] = &added[i];
    used_ += count;
    return added;
  }
  Node& add_dictionary(Node& parent) noexcept {
    parent.dictionary = nodes_ + used_++;
    return *parent.dictionary;
  }

 private:
  static void release(Node& node) noexcept {
    const auto release_part = [](Node* part) {
      if (part->release != nullptr) part->release(part);
    };
    for (std::int64_t i = 0; i < node.n_children; ++i) release_part(node.children[i]);
    if (node.dictionary != nullptr) release_part(node.dictionary);
    auto* const tree = static_cast<node_tree*>(node.private_data);
    node.release = nullptr;
    if (tree->owners_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    if (tree->let_go_ != nullptr) tree->let_go_(tree->kept_);
    std::destroy_at(tree);
    std::free(tree);
  }

  std::atomic<std::size_t> owners_{0};
  void* kept_ = nullptr;
  void (*let_go_)(void*) = nullptr;
  Node* nodes_ = nullptr;
  Node** pointers_ = nullptr;
  std::size_t used_ = 0;
};

/// Nodes of a tree below its root.
template <class Node>
std::size_t count_below(const Node& root) noexcept {
  std::size_t count = 0;
  for (std::int64_t i = 0; i < root.n_children; ++i) count += 1 + count_below(*root.children[i]);
  if (root.dictionary != nullptr) count += 1 + count_below(*root.dictionary);
  return count;
}

template <class Node>
void copy_node(node_tree<Node>& tree, const Node& from, Node& to) noexcept {
  to = from;
  tree.adopt(to);
  const auto children = tree.add_children(to, static_cast<std::size_t>(from.n_children));
  for (std::size_t i = 0; i < children.size(); ++i) copy_node(tree, *from.children[i], children[i]);
  if (from.dictionary != nullptr) copy_node(tree, *from.dictionary, tree.add_dictionary(to));
}

/// Another tree over the memory of one that is part of `owner`, without a copy of any value. False
/// when there is no memory.
template <class Node>
bool share_node(shared<taken_node<Node>>& owner, const Node& part, Node& out) noexcept {
  auto* const tree =
      node_tree<Node>::make(count_below(part), &owner, shared<taken_node<Node>>::drop_any);
  if (tree == nullptr) return false;
  owner.share();
  copy_node(*tree, part, out);
  return true;
}

/// Moves the children of `root`, which is released, and then `more` below a new root. False when
/// there is no memory; then nothing has changed.
template <class Node>
bool add_columns(Node& root, std::span<Node> more) noexcept {
  const auto own = static_cast<std::size_t>(root.n_children);
  auto* const tree = node_tree<Node>::make(own + more.size(), nullptr, nullptr);
  if (tree == nullptr) return false;
  Node joined = root;
  const auto children = tree->add_children(joined, own + more.size());
  const auto move = [](Node& from, Node& to) {
    to = from;
    from.release = nullptr;
  };
  for (std::size_t i = 0; i < own; ++i) move(*root.children[i], children[i]);
  for (std::size_t i = 0; i < more.size(); ++i) move(more[i], children[own + i]);
  root.release(&root);
  tree->adopt(joined);
  root = joined;
  return true;
}

}  // namespace tlsrpt::detail

#endif
