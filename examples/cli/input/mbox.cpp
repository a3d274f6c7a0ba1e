#include "mbox.hpp"

#include <algorithm>

#include "../output/words.hpp"
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

/// The offset of the first place at or after `from` where `first` is followed by `second`, which
/// are `text[found]` and the next one; `npos` when there is none. Most octets are looked at in
/// blocks, without a branch for each line.
std::size_t find_pair(std::string_view text, char first, char second, std::size_t from) {
  constexpr std::size_t block_size = 64;
  for (; text.size() > from + block_size; from += block_size) {
    const char* const block = text.data() + from;
    unsigned char any = 0;
    for (std::size_t i = 0; i < block_size; ++i)
      any |= static_cast<unsigned char>((block[i] == first) & (block[i + 1] == second));
    if (any != 0) break;
  }
  const char pair[] = {first, second};
  return text.find(std::string_view(pair, sizeof pair), from);
}

/// The offset of the first "From " line at or after `from` that begins another mail: a header field
/// follows, and it has a time or, from `weak_from` on, an empty line comes before it. (Some writers
/// forget the empty line, others the time.) `text.size()` when there is none; what is cut off at
/// the end of `text` is not found.
std::size_t find_mbox_line(std::string_view text, std::size_t from, std::size_t weak_from) {
  for (std::size_t found = from == 0 ? 0 : from - 1;; ++found) {
    found = find_pair(text, '\n', 'F', found);
    if (found == text.npos) return text.size();
    const std::string_view before = text.substr(0, found);
    std::string_view rest = text.substr(found + 1);
    if (!rest.starts_with("From ")) continue;
    const std::size_t line_end = rest.find('\n');
    if (line_end == rest.npos) return text.size();
    const bool is_apart = before.ends_with('\n') || before.ends_with("\n\r");
    if (!(is_apart && found + 1 >= weak_from) && !has_time(rest.substr(0, line_end))) continue;
    rest.remove_prefix(line_end + 1);
    const std::size_t next_end = rest.find('\n');
    if (next_end == rest.npos) return text.size();
    const std::string_view next = rest.substr(0, next_end);
    if (is_header_field(next) || next.starts_with(">From ")) return found + 1;
  }
}

/// What the value of a Content-Length says; 0 for nothing.
std::size_t read_length(std::string_view value) {
  value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
  std::size_t length = 0;
  constexpr std::size_t most_digits = 12;
  for (const char digit : value.substr(0, most_digits)) {
    if (digit < '0' || digit > '9') break;
    length = 10 * length + std::size_t(digit - '0');
  }
  return length;
}

/// The body of a mail.
struct mail_body {
  std::size_t begin = 0;  ///< Its offset; 0 when the header has no end.
  /// By the last Content-Length of the header: that is of the mbox, and not of the sender. 0 for
  /// none.
  std::size_t said_size = 0;
};

mail_body body_of(std::string_view mail) {
  constexpr std::string_view length_name = "content-length:";
  std::size_t said_size = 0;
  for (std::size_t end = mail.find('\n'); end != mail.npos; end = mail.find('\n', end + 1)) {
    const std::string_view next = mail.substr(end + 1);
    if (next.starts_with("From ")) break;  // of the next mail
    if (next.starts_with('\n')) return {end + 2, said_size};
    if (next.starts_with("\r\n")) return {end + 3, said_size};
    if (!next.starts_with('C') && !next.starts_with('c')) continue;
    if (equal_ignoring_case(next.substr(0, length_name.size()), length_name))
      said_size = read_length(next.substr(length_name.size()));
  }
  return {};
}

/// Takes one ">" off the lines of a body that have it before "From ", as writers put it there.
/// False, and nothing done, when there is none.
bool unquote(std::string_view mail, std::string& to) {
  constexpr std::string_view quote = "\n>";
  const auto next = [mail](std::size_t from) { return find_pair(mail, '\n', '>', from); };
  std::size_t taken = 0;
  to.clear();
  std::size_t found = next(0);
  if (found == mail.npos) return false;
  for (found = next(std::max(found, body_of(mail).begin)); found != mail.npos;
       found = next(found + 1)) {
    const std::size_t text = mail.find_first_not_of('>', found + 1);
    if (text == mail.npos || !mail.substr(text).starts_with("From ")) continue;
    to += mail.substr(taken, found + 1 - taken);
    taken = found + quote.size();
  }
  if (taken == 0) return false;
  to += mail.substr(taken);
  return true;
}

}  // namespace

std::optional<mbox_mail> mbox_reader::next(std::size_t limit) {
  begin_ = end_;
  std::size_t text_size = said_size(limit);
  for (bool is_too_long = false;;) {
    const bool is_all = from_.ended();
    if (rest().empty() && is_all) return {};
    const std::size_t size = find_mbox_line(rest(), 1, text_size);
    if (size < rest().size() || is_all) {
      end_ = begin_ + size;
      const std::string_view octets = rest().substr(0, size);
      const bool was_quoted = unquote(octets, unquoted_);
      return mbox_mail{was_quoted ? unquoted_ : octets, is_too_long || size > limit};
    }
    // Of a mail that is too long only the end matters. A "From " line may be cut in two.
    constexpr std::size_t kept = mail_start_size;
    if (rest().size() > limit + kept) {
      is_too_long = true;
      text_size = 0;
      begin_ = content_.size() - kept;
    }
    // Twice as much, so that searching anew takes linear time.
    read_on(std::max(2 * rest().size(), kept));
  }
}

/// How many octets the mail has by its Content-Length, where that is right: another mail or nothing
/// follows. Lines in it that look like the beginning of a mail without a time are text. All that
/// have one do begin a mail: else a sender could hide the mails of others with a false length.
std::size_t mbox_reader::said_size(std::size_t limit) {
  read_on(mail_start_size);
  const auto [body, length] = body_of(rest().substr(0, mail_start_size));
  if (length == 0 || length > limit) return 0;
  constexpr std::string_view separator = "\r\n\r\nFrom ";
  read_on(body + length + separator.size());
  if (rest().size() < body + length) return 0;
  const std::string_view after = rest().substr(body + length);
  const std::size_t next = after.find_first_not_of("\r\n");
  return next == after.npos || after.substr(next).starts_with("From ") ? body + length : 0;
}

/// Reads until `size` octets are there from the beginning of the mail. What came before it is
/// forgotten when it is half of all, so that moving the rest takes linear time. More than is wanted
/// is read: most mails are short, and each reading takes time of its own.
void mbox_reader::read_on(std::size_t size) {
  if (rest().size() >= size) return;
  if (begin_ > content_.size() / 2) {
    end_ -= std::min(end_, begin_);
    content_.erase(0, begin_);
    begin_ = 0;
  }
  from_.fill(content_, begin_ + size + mail_start_size);
}

}  // namespace cli
