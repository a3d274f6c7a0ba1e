/// @file
/// Makes a forward range of something that hands out one value after another.

#ifndef TLSRPT_HPP_DETAIL_CORE_STEP_RANGE
#define TLSRPT_HPP_DETAIL_CORE_STEP_RANGE

#include <cstddef>
#include <iterator>

namespace tlsrpt::detail {

/// `Step` has a value_type and bool next(value_type&), which is false at the end; copies of one go
/// on independently.
template <class Step>
class step_range {
 public:
  class iterator {
   public:
    using value_type = typename Step::value_type;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::forward_iterator_tag;
    using iterator_category = std::input_iterator_tag;  // dereferencing gives a value

    constexpr iterator() = default;
    [[gnu::always_inline]] explicit constexpr iterator(const Step& first) noexcept : step_(first) {
      ++*this;
    }

    constexpr value_type operator*() const noexcept { return value_; }
    constexpr const value_type* operator->() const noexcept { return &value_; }
    [[gnu::always_inline]] constexpr iterator& operator++() noexcept {
      ++position_;
      if (!step_.next(value_)) position_ = 0;
      return *this;
    }
    constexpr iterator operator++(int) noexcept {
      iterator before = *this;
      ++*this;
      return before;
    }
    friend constexpr bool operator==(const iterator& a, const iterator& b) noexcept {
      return a.position_ == b.position_;
    }

   private:
    Step step_{};
    value_type value_{};
    std::size_t position_ = 0;  // 0 is the end
  };

  explicit constexpr step_range(const Step& first) noexcept : first_(first) {}
  constexpr iterator begin() const noexcept { return iterator(first_); }
  constexpr iterator end() const noexcept { return {}; }

 private:
  Step first_;
};

}  // namespace tlsrpt::detail

#endif
