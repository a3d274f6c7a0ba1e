/// @file
/// uuencode (POSIX, "uuencode", historical algorithm): files in the texts of old mail programs.

#ifndef TLSRPT_HPP_DETAIL_MAIL_UUENCODE
#define TLSRPT_HPP_DETAIL_MAIL_UUENCODE

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>

#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/split.hpp>
#include <tlsrpt/detail/text/trim.hpp>

namespace tlsrpt::detail {

/// What stands for six bits: a space for 0, which is also written as "`".
inline constexpr charset uuencode_octet = charset::range(' ', '`');
inline constexpr charset octal_octet = charset::range('0', '7');

constexpr unsigned uuencode_value(char c) noexcept {
  return (static_cast<unsigned>(c) - ' ') & 0x3f;
}

/// Whether a line can be one of data: how many octets it holds, then four characters for each three
/// of them. Spaces at its end may be missing, and some programs add a character or two. A line of
/// whitespace is one that holds nothing.
constexpr bool is_uuencoded_line(std::string_view line) noexcept {
  constexpr std::size_t most_added = 2;
  line = trim_back(line, wsp_octet);
  if (line.empty()) return true;
  const std::size_t groups = (uuencode_value(line.front()) + 2) / 3;
  return consists_of(line, uuencode_octet) && line.size() - 1 <= 4 * groups + most_added;
}

/// A file in a text.
struct uuencoded_file {
  std::string_view name{};  ///< As written; it may be empty.
  std::string_view data{};  ///< The lines between "begin" and "end", for a uuencode_decoder.
  std::size_t offset = 0;   ///< Of "begin" in the text.
  bool has_end = false;     ///< Else something else follows the data, so that some may be missing.
};

/// Hands out the files in a text, whose lines may have ends of any kind. Linear in the text.
class uuencode_step {
 public:
  using value_type = uuencoded_file;

  constexpr uuencode_step() = default;
  explicit constexpr uuencode_step(std::string_view text) noexcept : text_(text), rest_(text) {}

  constexpr bool next(uuencoded_file& file) noexcept {
    while (!rest_.empty()) {
      file.offset = offset();
      if (takes_begin(take_line(rest_), file.name) && takes_data(file)) return true;
    }
    return false;
  }

 private:
  constexpr std::size_t offset() const noexcept { return text_.size() - rest_.size(); }

  /// "begin", the file's mode and its name.
  static constexpr bool takes_begin(std::string_view line, std::string_view& name) noexcept {
    constexpr std::string_view begin = "begin ";
    if (!line.starts_with(begin)) return false;
    line = trim_front(line.substr(begin.size()), wsp_octet);
    const std::string_view after_mode = trim_front(line, octal_octet);
    const std::size_t digits = line.size() - after_mode.size();
    if (digits < 3 || digits > 4 || (!after_mode.empty() && !wsp_octet(after_mode.front())))
      return false;
    name = trim(after_mode, wsp_octet);
    return true;
  }

  /// Data, which people who only write "begin 100" do not continue with. In their lines no "end"
  /// can be: it has small letters.
  constexpr bool takes_data(uuencoded_file& file) noexcept {
    const std::size_t begin = offset();
    std::size_t end = begin;
    bool has_data = false;
    file.has_end = false;
    for (std::string_view ahead = rest_; !ahead.empty() && !file.has_end;) {
      const std::string_view line = take_line(ahead);
      file.has_end = trim_back(line, wsp_octet) == "end";
      if (!file.has_end) {
        if (!is_uuencoded_line(line)) break;
        has_data |= !consists_of(line, wsp_octet);
        end = text_.size() - ahead.size();
      }
      rest_ = ahead;
    }
    file.data = text_.substr(begin, end - begin);
    return has_data;
  }

  std::string_view text_, rest_;
};

/// Decodes the data of an uuencoded_file piece by piece. A line never gives more octets than it
/// has, however many its first character promises: that many spaces may be missing at its end.
class uuencode_decoder {
 public:
  explicit constexpr uuencode_decoder(std::string_view data) noexcept : rest_(data) {}

  /// Room for all of data of this size.
  static constexpr std::size_t bound(std::size_t size) noexcept { return size + 2; }

  /// Fills the room, but for two octets at most, and returns how many octets it wrote. They may
  /// overwrite the data where they have been read: `room` may begin where the data do.
  constexpr std::size_t read(std::span<char> room) noexcept {
    std::size_t size = 0;
    while (room.size() - size >= 3 && (left_ != 0 || begin_line())) {
      const unsigned group =
          take_value() << 18 | take_value() << 12 | take_value() << 6 | take_value();
      for (int shift = 16; shift >= 0 && left_ != 0; shift -= 8, --left_)
        room[size++] = static_cast<char>(group >> shift & 0xff);
    }
    return size;
  }

  /// Whether all that was read has the characters that it should have, but for a few spaces.
  constexpr bool is_clean() const noexcept { return is_clean_; }

 private:
  constexpr bool begin_line() noexcept {
    while (!rest_.empty()) {
      const std::size_t before = rest_.size();
      line_ = take_line(rest_);
      if (line_.empty()) continue;
      const std::size_t promised = uuencode_value(line_.front());
      line_.remove_prefix(1);
      left_ = std::min(promised, before - rest_.size());
      is_clean_ = is_clean_ && left_ == promised;
      if (left_ != 0) return true;
    }
    return false;
  }

  constexpr unsigned take_value() noexcept {
    if (line_.empty()) return 0;
    const char c = line_.front();
    line_.remove_prefix(1);
    return uuencode_value(c);
  }

  std::string_view rest_, line_;
  std::size_t left_ = 0;  ///< Octets of the line that are not read yet.
  bool is_clean_ = true;
};

}  // namespace tlsrpt::detail

#endif
