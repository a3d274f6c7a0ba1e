/// @file
/// An output that grows and reports the exhaustion of memory instead of throwing.

#ifndef TLSRPT_HPP_DETAIL_TALLY_GROWN_TEXT
#define TLSRPT_HPP_DETAIL_TALLY_GROWN_TEXT

#include <string_view>

#include <tlsrpt/detail/core/buffer.hpp>

namespace tlsrpt::detail {

class grown_text {
 public:
  void append(std::string_view text) noexcept {
    has_memory_ = has_memory_ && octets_.make_room(text.size());
    if (!has_memory_) return;
    for (char c : text) octets_.push(c);
  }

  /// Begins anew.
  void clear() noexcept {
    octets_.clear();
    has_memory_ = true;
  }

  /// Whether all of the text is there.
  bool has_memory() const noexcept { return has_memory_; }
  std::string_view view() const noexcept { return {octets_.data(), octets_.size()}; }

 private:
  arena<char> octets_;
  bool has_memory_ = true;
};

}  // namespace tlsrpt::detail

#endif
