#include "lines.hpp"

#include <algorithm>
#include <cstdint>

namespace cli {

std::optional<input_line> line_reader::next(std::size_t limit) {
  constexpr std::size_t piece = std::size_t{64} << 10;
  bool is_too_long = false;
  for (std::size_t searched = begin_;;) {
    const std::size_t end = content_.find('\n', searched);
    const bool is_last = end == content_.npos && from_.ended();
    if (is_last && begin_ == content_.size() && !is_too_long) return {};
    if (end != content_.npos || is_last) {
      std::string_view line =
          std::string_view(content_).substr(begin_, std::min(end, content_.size()) - begin_);
      begin_ = is_last ? content_.size() : end + 1;
      if (line.ends_with('\r')) line.remove_suffix(1);
      return input_line{line, is_too_long || line.size() > limit};
    }
    // Of a line that is too long only the end matters.
    if (content_.size() - begin_ > limit) {
      is_too_long = true;
      begin_ = content_.size();
    }
    content_.erase(0, begin_);
    begin_ = 0;
    searched = content_.size();
    from_.fill(content_, std::max(2 * content_.size(), piece));
  }
}

std::optional<std::string> decode_base64(std::string_view line) {
  constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::size_t size = std::min(line.find_last_not_of('=') + 1, line.size());
  if (size % 4 == 1 || line.size() - size > 2) return {};
  std::string octets;
  octets.reserve(size / 4 * 3 + 2);
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i != size; ++i) {
    const std::size_t value = letters.find(line[i]);
    if (value == letters.npos) return {};
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    if (i % 4 != 0) octets += static_cast<char>(bits >> (6 - i % 4 * 2));
  }
  return octets;
}

}  // namespace cli
