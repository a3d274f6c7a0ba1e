/// @file
/// Reads the text form of a tally.

#ifndef TLSRPT_HPP_DETAIL_TALLY_READER
#define TLSRPT_HPP_DETAIL_TALLY_READER

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tlsrpt/day.hpp>
#include <tlsrpt/detail/ledger/line_reader.hpp>
#include <tlsrpt/detail/tally/keys.hpp>
#include <tlsrpt/detail/tally/parts.hpp>
#include <tlsrpt/detail/tally/rows.hpp>

namespace tlsrpt::detail {

/// Adds what a text says to an empty tally. Whoever reads has to compare what write() makes of it:
/// the order of the lines, for one, is not looked at here.
class tally_reader {
 public:
  tally_reader(tally& tally, std::string_view text) noexcept : tally_(tally), json_(text) {}

  bool read() noexcept;
  std::size_t offset() const noexcept { return json_.offset(); }
  /// Whether there was memory for the strings with escapes.
  bool has_memory() const noexcept { return json_.has_memory(); }

 private:
  bool header() noexcept;
  bool part() noexcept;
  bool domain() noexcept;
  bool policy() noexcept;
  bool failure() noexcept;

  bool number(std::string_view before, std::uint64_t& value,
              std::uint64_t most = most_sessions) noexcept {
    return json_.take(before) && json_.number(value, most);
  }
  /// What lies between an offset and the present one.
  std::string_view since(std::size_t begin) const noexcept {
    return json_.text().substr(begin, json_.offset() - begin);
  }

  tally& tally_;
  json_taker json_;
  std::uint32_t domain_ = tally_rows::none, policy_ = tally_rows::none;
};

/// Compares what is written to it with a text.
class compared_text {
 public:
  explicit compared_text(std::string_view expected) noexcept : expected_(expected) {}

  void append(std::string_view text) noexcept {
    if (!is_equal_) return;
    const auto [at, other] = std::ranges::mismatch(text, expected_.substr(size_));
    size_ += static_cast<std::size_t>(at - text.begin());
    is_equal_ = at == text.end();
  }

  bool is_equal() const noexcept { return is_equal_ && size_ == expected_.size(); }
  /// Octets that are equal.
  std::size_t size() const noexcept { return size_; }

 private:
  std::string_view expected_;
  std::size_t size_ = 0;
  bool is_equal_ = true;
};

}  // namespace tlsrpt::detail

#endif
