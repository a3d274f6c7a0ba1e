/// @file
/// Bodies of zone_text.hpp.

#ifndef TLSRPT_HPP_IMPL_ZONE_TEXT
#define TLSRPT_HPP_IMPL_ZONE_TEXT

#include <algorithm>
#include <array>

#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/edit_distance.hpp>
#include <tlsrpt/detail/text/fold.hpp>
#include <tlsrpt/detail/text/trim.hpp>
#include <tlsrpt/detail/text/utf8.hpp>
#include <tlsrpt/detail/zone/strings.hpp>
#include <tlsrpt/detail/zone/words.hpp>
#include <tlsrpt/hostname.hpp>

namespace tlsrpt {

namespace detail {

template <class Take>
class zone_reader {
 public:
  constexpr zone_reader(std::string_view text, std::span<char> scratch, Take& take) noexcept
      : text_(text), scratch_(scratch), take_(take) {}

  constexpr void read() {
    while (next_ < text_.size()) {
      begin_ = next_;
      const std::size_t end = std::min(text_.find('\n', begin_), text_.size());
      next_ = end + 1;
      std::string_view line = text_.substr(begin_, end - begin_);
      if (line.ends_with('\r')) line.remove_suffix(1);
      end_ = text_.size();
      this->line(line);
    }
  }

 private:
  static constexpr std::string_view nothing{};

  constexpr void line(std::string_view line) {
    std::string_view content = line;
    if (content.starts_with(byte_order_mark)) content.remove_prefix(byte_order_mark.size());
    content = trim(content, wsp_octet);
    if (content.empty()) return;
    if (content.starts_with(';') || content.starts_with("--")) return comment(content);
    if (content.starts_with('$')) return directive(content);
    if (content.starts_with('"')) return strings(content, nothing);
    if (const std::string_view inner = zone::without_page_quotes(content);
        inner != content && end_ == text_.size()) {
      end_ = offset_of(inner) + inner.size();
      return this->line(inner);
    }
    if (sentence(content) || equation(content) || list_line(content) || resource_record(content))
      return;
    if (content.ends_with('.') && is_host_name(content)) return alias(nothing, content);
    bare(line, content);
  }

  // ---- giving entries

  constexpr void give(zone_entry entry) {
    entry.origin = origin_;
    if (entry.fault == errc::ok) entry.offset = begin_;
    take_(static_cast<const zone_entry&>(entry));
  }

  constexpr void alias(std::string_view owner, std::string_view target) {
    give({.kind = zone_entry_kind::alias, .owner = owner, .text = target});
  }

  constexpr std::size_t offset_of(std::string_view part) const noexcept {
    return static_cast<std::size_t>(part.data() - text_.data());
  }

  // ---- lines

  /// Says what a tool says of its answer. The sum of what was read may tell that there is none.
  constexpr void comment(std::string_view content) {
    constexpr std::string_view success[] = {"status: noerror", "rcode: noerror"};
    constexpr std::string_view any_status[] = {"status: ", "rcode: "};
    zone_entry entry{.kind = zone_entry_kind::comment, .text = content};
    if (zone::has_any_of(content, any_status)) {
      is_answered_ = zone::has_any_of(content, success);
      if (!is_answered_) entry.kind = zone_entry_kind::failure;
    } else if (is_answered_ && zone::find_folded(content, "answer: 0") != content.npos) {
      entry.kind = zone_entry_kind::absence;
    } else if (!content.starts_with("; <<>>")) {
      entry.kind = kind_of_message(content);
    }
    give(entry);
  }

  static constexpr zone_entry_kind kind_of_message(std::string_view content) noexcept {
    if (zone::has_any_of(content, zone::absence_phrases)) return zone_entry_kind::absence;
    if (zone::has_any_of(content, zone::failure_phrases)) return zone_entry_kind::failure;
    return zone_entry_kind::comment;
  }

  /// $ORIGIN and others.
  constexpr void directive(std::string_view content) noexcept {
    const std::string_view name = zone::take_word(content);
    if (equals_folded(name, "$ORIGIN")) origin_ = zone::take_word(content);
  }

  /// What host says.
  constexpr bool sentence(std::string_view content) {
    std::string_view rest = content;
    const std::string_view owner = zone::take_word(rest);
    constexpr std::string_view is_text = "descriptive text ", is_alias = "is an alias for ";
    if (!zone::is_owner(owner)) return false;
    if (rest.starts_with(is_text))
      strings(trim_front(rest.substr(is_text.size()), wsp_octet), owner);
    else if (rest.starts_with(is_alias))
      alias(owner, rest.substr(is_alias.size()));
    else
      return false;
    return true;
  }

  /// What nslookup says: a name, a property and a value.
  constexpr bool equation(std::string_view content) {
    std::string_view rest = content;
    const std::string_view owner = zone::take_word(rest);
    const std::size_t equals = rest.find('=');
    if (!zone::is_owner(owner) || equals == rest.npos) return false;
    const std::string_view property = trim(rest.substr(0, equals), wsp_octet);
    const std::string_view value = trim(rest.substr(equals + 1), wsp_octet);
    if (property == "text")
      strings(value, owner, true);
    else if (property == "canonical name")
      alias(owner, value);
    else
      return property == "nameserver" || property == "internet address";
    return true;
  }

  /// What Resolve-DnsName says in a list: a name, a colon and a value.
  constexpr bool list_line(std::string_view content) {
    std::string_view rest = content;
    const std::string_view name = zone::take_word(rest);
    if (zone::take_word(rest) != ":") return false;
    if (name == "Name")
      owner_ = rest;
    else if (name == "NameHost")
      alias(owner_, rest);
    else if (name == "Strings" && rest.starts_with('{'))
      braces(rest, owner_);
    else
      return false;
    return true;
  }

  /// A line of a zone file, or of a table with the same columns.
  constexpr bool resource_record(std::string_view content) {
    std::string_view rest = content;
    std::string_view word = zone::take_word(rest);
    const bool has_owner =
        !zone::is_time_to_live(word) && !zone::is_class(word) && !zone::is_txt(word);
    std::string_view owner = owner_;
    if (has_owner) {
      owner = word;
      word = zone::take_word(rest);
      if (!zone::is_owner(owner)) return false;
    }
    bool is_of_zone = false;
    for (; zone::is_time_to_live(word) || zone::is_class(word); word = zone::take_word(rest))
      is_of_zone = true;
    if (rest.empty()) return false;
    if (zone::is_txt(word)) {
      const bool is_signature =
          !has_owner && !is_of_zone && zone::is_time_to_live(until(rest, wsp_octet));
      if (is_signature) return false;  // of RRSIG, as dig +short prints it
      owner_ = owner;
      if (const std::string_view list = after_columns(rest); list.starts_with('{'))
        braces(list, owner);
      else
        strings(rest, owner, false, is_of_zone);
    } else if (zone::is_cname(word)) {
      owner_ = owner;
      rest = after_columns(rest);
      alias(owner, zone::take_word(rest));
    } else if (is_of_zone && zone::is_record_type(word)) {
      owner_ = owner;
      skip_strings(rest);
    } else {
      return false;
    }
    return true;
  }

  /// What follows the time to live and the section in a table of Resolve-DnsName.
  static constexpr std::string_view after_columns(std::string_view rest) noexcept {
    constexpr std::string_view sections[] = {"Answer", "Authority", "Additional", "Question"};
    std::string_view after = rest;
    if (!zone::is_time_to_live(zone::take_word(after))) return rest;
    return zone::is_one_of(zone::take_word(after), sections) ? after : rest;
  }

  /// A line that is nothing of the above.
  constexpr void bare(std::string_view line, std::string_view content) {
    const bool is_version = starts_with_folded(content, "v=");
    const zone_entry_kind kind = kind_of_message(content);
    if (is_version || kind == zone_entry_kind::comment)
      give({.text = line, .is_bare = true});
    else
      give({.kind = kind, .text = content});
  }

  // ---- strings

  /// The strings of a record, which begin at `rest` and may go beyond its line.
  constexpr void strings(std::string_view rest, std::string_view owner, bool continues = false,
                         bool is_of_zone = false) {
    zone_entry entry{.owner = owner};
    const std::string_view inner = zone::without_page_quotes(rest);
    const bool is_plain = starts_with_folded(rest, "v=") && rest.find('\\') == rest.npos;
    if (inner != rest || is_plain) {
      entry.text = inner;
      // A server would take the rest for a comment.
      if (const std::size_t semicolon = rest.find(';'); is_of_zone && semicolon != rest.npos) {
        entry.fault = errc::zone_unquoted_semicolon;
        entry.offset = offset_of(rest) + semicolon;
      }
      return give(entry);
    }
    const std::size_t begin = offset_of(rest);
    zone_strings strings(text_.substr(begin, end_ - begin), continues);
    const std::size_t before = used_;
    for (char c = 0; strings.next(c);) keep(c);
    entry.text = kept_since(before);
    if (strings.fault().code != errc::ok) {
      entry.fault = strings.fault().code;
      entry.offset = begin + strings.fault().offset;
    }
    go_to_line_after(begin + strings.size());
    give(entry);
  }

  /// Goes over the data of a record of another type, which may be in parentheses.
  constexpr void skip_strings(std::string_view rest) noexcept {
    const std::size_t begin = offset_of(rest);
    zone_strings strings(text_.substr(begin, end_ - begin));
    for (char c = 0; strings.next(c);) {
    }
    go_to_line_after(begin + strings.size());
  }

  /// A line that was cut out of others may have been read beyond its end.
  constexpr void go_to_line_after(std::size_t at) noexcept {
    const std::size_t end = std::min(text_.find('\n', at), text_.size());
    next_ = std::max(next_, end + 1);
  }

  /// Strings as Resolve-DnsName prints a list. What separates them may also be inside one, so it
  /// counts only where a string has to end.
  constexpr void braces(std::string_view list, std::string_view owner) {
    constexpr std::size_t longest = 255;
    constexpr std::string_view separator = ", ";
    if (!list.ends_with('}') || list.ends_with("...}") || list.ends_with("\xe2\x80\xa6}"))
      return give({.kind = zone_entry_kind::failure, .owner = owner, .text = list});
    list = list.substr(1, list.size() - 2);
    const std::size_t before = used_;
    while (list.size() > longest && list.substr(longest).starts_with(separator)) {
      for (char c : list.substr(0, longest)) keep(c);
      list.remove_prefix(longest + separator.size());
    }
    for (char c : list) keep(c);
    give({.owner = owner, .text = kept_since(before)});
  }

  constexpr void keep(char octet) noexcept { scratch_[used_++] = octet; }

  constexpr std::string_view kept_since(std::size_t begin) const noexcept {
    return {scratch_.data() + begin, used_ - begin};
  }

  std::string_view text_;
  std::span<char> scratch_;
  Take& take_;
  std::size_t end_ = 0;               ///< What is from here on belongs to no record of this line.
  std::size_t used_ = 0;              ///< Octets of the scratch.
  std::size_t begin_ = 0, next_ = 0;  ///< Of the line and of the next.
  std::string_view owner_{}, origin_{};  ///< The last ones.
  bool is_answered_ = false;             ///< The status is that there is no error.
};

// ---- names

/// The first label of a name, and the rest of it.
constexpr std::string_view take_label(std::string_view& name) noexcept {
  const std::size_t dot = std::min(name.find('.'), name.size());
  const std::string_view label = name.substr(0, dot);
  name.remove_prefix(std::min(dot + 1, name.size()));
  return label;
}

/// Whether a label in front of a domain, or of `next`, was meant as "_smtp", "_tls" or both.
constexpr bool is_service_label(std::string_view label, std::string_view next) noexcept {
  constexpr std::string_view names[] = {"smtp-tlsrpt", "smtp-tls", "smtptls", "tlsrpt", "tls-rpt"};
  return label.starts_with('_') || next.starts_with('_') || zone::is_one_of(label, names);
}

/// Whether two labels are the right ones but for their order and their "_".
constexpr bool are_service_labels(std::string_view first, std::string_view second) noexcept {
  constexpr charset underscore("_");
  constexpr std::string_view names[] = {"smtp", "tls"};
  return zone::is_one_of(trim_front(first, underscore), names) &&
         zone::is_one_of(trim_front(second, underscore), names);
}

/// A domain that is there twice, once.
constexpr std::string_view without_repetition(std::string_view domain) noexcept {
  const std::size_t half = domain.size() / 2;
  const std::string_view front = domain.substr(0, half);
  const bool is_twice = domain.size() % 2 == 1 && domain[half] == '.' &&
                        front.find('.') != front.npos && same_host(front, domain.substr(half + 1));
  return is_twice ? front : domain;
}

}  // namespace detail

template <zone_entry_taker Take>
constexpr bool read_zone_text(std::string_view text, std::span<char> scratch, Take&& take) {
  if (scratch.size() < text.size()) return false;
  detail::zone_reader<std::remove_reference_t<Take>>(text, scratch, take).read();
  return true;
}

template <text_output Out>
constexpr result<void> read_zone_strings(Out&& out, std::string_view text) noexcept(
    detail::is_nothrow_output<Out>) {
  detail::zone_strings checked(text, true);
  for (char c = 0; checked.next(c);) {
  }
  if (const detail::remark& fault = checked.fault(); fault.code != errc::ok)
    return diagnostic{fault.code, {.offset = fault.offset, .in = source::zone_text}};
  detail::zone_strings strings(text, true);
  for (char c = 0; strings.next(c);) detail::put(out, c);
  return {};
}

constexpr owner_reading read_owner_name(std::string_view name) noexcept {
  std::string_view rest = detail::without_trailing_dot(name);
  const std::string_view whole = rest;
  if (rest == "@") return {errc::wrong_owner_name, {}};
  const std::string_view first = detail::take_label(rest), second = detail::take_label(rest);
  if (detail::equals_folded(first, "_smtp") && detail::equals_folded(second, "_tls")) {
    const std::string_view domain = detail::without_repetition(rest);
    return {domain == rest ? errc::ok : errc::wrong_owner_name, domain};
  }
  if (detail::are_service_labels(first, second))
    return {errc::wrong_owner_name, detail::without_repetition(rest)};
  std::string_view domain = whole;
  for (std::string_view after = whole; !domain.empty(); domain = after) {
    const std::string_view label = detail::take_label(after);
    if (!detail::is_service_label(label, after)) break;
  }
  return {errc::wrong_owner_name, detail::without_repetition(domain)};
}

}  // namespace tlsrpt

#endif
