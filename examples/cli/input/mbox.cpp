#include "mbox.hpp"

#include <algorithm>

#include "mail_start.hpp"

namespace cli {

namespace {

/// Whether the line has a time of day, such as 06:00:00.
bool has_time(std::string_view line) {
  constexpr std::string_view form = "00:00:00";
  const auto class_of = [](char c) { return c >= '0' && c <= '9' ? '0' : c; };
  return std::search(line.begin(), line.end(), form.begin(), form.end(),
                     [=](char c, char wanted) { return class_of(c) == wanted; }) != line.end();
}

/// The offset of the first "From " line at or after `from` that begins another mail: a header field
/// follows, and an empty line comes before it or, since some writers forget that, it has a time.
/// `text.size()` when there is none; what is cut off at the end of `text` is not found.
std::size_t find_mbox_line(std::string_view text, std::size_t from) {
  constexpr std::string_view mark = "\nFrom ";
  for (std::size_t found = from == 0 ? 0 : from - 1;; ++found) {
    found = text.find(mark, found);
    if (found == text.npos) return text.size();
    const std::string_view before = text.substr(0, found);
    std::string_view rest = text.substr(found + 1);
    const std::size_t line_end = rest.find('\n');
    if (line_end == rest.npos) return text.size();
    const std::string_view line = rest.substr(0, line_end);
    if (!before.ends_with('\n') && !before.ends_with("\n\r") && !has_time(line)) continue;
    rest.remove_prefix(line_end + 1);
    const std::size_t next_end = rest.find('\n');
    if (next_end == rest.npos) return text.size();
    const std::string_view next = rest.substr(0, next_end);
    if (is_header_field(next) || next.starts_with(">From ")) return found + 1;
  }
}

}  // namespace

std::optional<mbox_mail> mbox_reader::next(std::size_t limit) {
  begin_ = end_;
  for (bool is_too_long = false;;) {
    const std::string_view rest = std::string_view(content_).substr(begin_);
    const bool is_all = from_.ended() || from_.error();
    if (rest.empty() && is_all) return {};
    const std::size_t size = find_mbox_line(rest, 1);
    if (size < rest.size() || is_all) {
      end_ = begin_ + size;
      return mbox_mail{rest.substr(0, size), is_too_long || size > limit};
    }
    // Of a mail that is too long only the end matters. A "From " line may be cut in two.
    constexpr std::size_t kept = mail_start_size;
    if (rest.size() > limit + kept) {
      is_too_long = true;
      begin_ = content_.size() - kept;
    }
    content_.erase(0, begin_);
    begin_ = 0;
    // Twice as much, so that searching anew takes linear time.
    from_.fill(content_, std::max(2 * content_.size(), kept));
  }
}

}  // namespace cli
