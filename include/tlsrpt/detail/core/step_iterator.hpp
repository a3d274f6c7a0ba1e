/// @file
/// Makes forward iterators of something that hands out one value after another.

#ifndef TLSRPT_HPP_DETAIL_CORE_STEP_ITERATOR
#define TLSRPT_HPP_DETAIL_CORE_STEP_ITERATOR

#include <cstddef>

namespace tlsrpt::detail {

/// `Step` has a value_type and bool next(value_type&), which is false at the end; copies of one
/// continue independently. The category is left to the standard library, so <iterator> is not
/// needed: a forward iterator, and in terms of C++17 an input iterator, since `*` gives a value.
template <class Step>
class step_iterator {
 public:
  using value_type = typename Step::value_type;
  using difference_type = std::ptrdiff_t;

  /// The end.
  constexpr step_iterator() = default;
  /// The first value of `first`, or the end.
  [[gnu::always_inline]] explicit constexpr step_iterator(const Step& first) noexcept
      : step_(first) {
    ++*this;
  }

  constexpr value_type operator*() const noexcept { return value_; }
  constexpr const value_type* operator->() const noexcept { return &value_; }
  [[gnu::always_inline]] constexpr step_iterator& operator++() noexcept {
    ++position_;
    if (!step_.next(value_)) position_ = 0;
    return *this;
  }
  constexpr step_iterator operator++(int) noexcept {
    step_iterator before = *this;
    ++*this;
    return before;
  }
  friend constexpr bool operator==(const step_iterator& a, const step_iterator& b) noexcept {
    return a.position_ == b.position_;
  }

 private:
  Step step_{};
  value_type value_{};
  std::size_t position_ = 0;  // 0 is the end
};

}  // namespace tlsrpt::detail

#endif
