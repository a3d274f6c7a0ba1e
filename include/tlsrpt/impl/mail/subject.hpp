/// @file
/// Bodies of subject.hpp.

#ifndef TLSRPT_HPP_IMPL_MAIL_SUBJECT
#define TLSRPT_HPP_IMPL_MAIL_SUBJECT

#include <array>
#include <cstddef>

#include <tlsrpt/detail/mail/comment.hpp>
#include <tlsrpt/detail/mail/domain.hpp>
#include <tlsrpt/detail/mail/message_id.hpp>
#include <tlsrpt/detail/mail/subject_label.hpp>
#include <tlsrpt/detail/mail/text_gate.hpp>
#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/detail/text/trim.hpp>
#include <tlsrpt/hostname.hpp>

namespace tlsrpt {

namespace detail {

/// What people put around an id instead of "<" and ">", and after it.
inline constexpr charset id_decoration_octet = charset("<>,;");

template <class Conformance, class Sink>
class subject_reader {
 public:
  constexpr subject_reader(std::string_view text, const Conformance& conformance,
                           Sink& sink) noexcept
      : text_(text), gate_(source::subject, text, location::npos, conformance, sink) {}

  /// False: see error().
  constexpr bool read() {
    find_sections(false);
    if (!has(subject_label::domain)) find_sections(true);
    if (!is_report_subject()) return gate_.stop(errc::not_a_report_subject, text_);
    if (!around(trim(text_.substr(0, sections_[0].at), whitespace_octet))) return false;
    for (std::size_t i = 0; i < count_; ++i)
      if (!section(i)) return false;
    if (end_ != text_.size() && !around(trim(text_.substr(end_), whitespace_octet))) return false;
    const bool complete =
        !found_.domain.empty() && !found_.submitter.empty() && !found_.report_id.empty();
    return complete || gate_.pass(errc::missing_subject_part, text_.substr(text_.size()));
  }

  constexpr const subject_view& found() const noexcept { return found_; }
  constexpr const diagnostic& error() const noexcept { return gate_.error(); }

 private:
  struct section_match : subject_label_match {
    std::size_t at = 0;
  };

  constexpr bool has(subject_label label) const noexcept {
    for (std::size_t i = 0; i < count_; ++i)
      if (sections_[i].label == label) return true;
    return false;
  }

  /// Finds each label once; one that comes again ends the Subject. A bare "Domain:" may be part of
  /// what a gateway put in front, so it counts only where there is nothing better.
  constexpr void find_sections(bool with_bare_domain) noexcept {
    count_ = 0;
    end_ = text_.size();
    for (std::size_t i = 0; i < text_.size(); ++i) {
      if (!label_start_octet(text_[i])) continue;
      subject_label_match match = match_subject_label(text_.substr(i));
      if (match.size == 0 || (is_bare_domain(match) && !with_bare_domain)) continue;
      if (i != 0 && !whitespace_octet(text_[i - 1])) {
        // No domain has a colon, so whitespace was lost here; "preport id:" is something else.
        if (subject_word_octet(text_[i - 1]) && !match.is_exact) continue;
        match.is_exact = false;
      }
      if (has(match.label)) {
        end_ = i;
        return;
      }
      sections_[count_++] = {match, i};
      i += match.size - 1;
      if (match.label == subject_label::report_id) i = after_brackets(i + 1) - 1;
    }
  }

  static constexpr bool is_bare_domain(const subject_label_match& match) noexcept {
    return match.label == subject_label::domain && !match.is_strong;
  }

  /// The end of the brackets that begin at `at`, or `at` without brackets: no label is inside them.
  constexpr std::size_t after_brackets(std::size_t at) const noexcept {
    const std::string_view rest = trim_front(text_.substr(at), whitespace_octet);
    const std::size_t close = rest.starts_with('<') ? rest.find('>') : std::string_view::npos;
    return close == std::string_view::npos ? at : text_.size() - rest.size() + close + 1;
  }

  constexpr bool is_report_subject() const noexcept {
    for (std::size_t i = 0; i < count_; ++i)
      if (sections_[i].is_strong) return true;
    return count_ == 2;
  }

  constexpr bool section(std::size_t i) {
    const section_match& match = sections_[i];
    const std::size_t first = match.at + match.size;
    const std::size_t last = i + 1 < count_ ? sections_[i + 1].at : end_;
    const bool in_order = i == 0 || sections_[i - 1].label < match.label;
    if ((!match.is_exact || !in_order) &&
        !gate_.pass(errc::subject_wording, text_.substr(match.at, match.size)))
      return false;
    const std::string_view value = trim(text_.substr(first, last - first), whitespace_octet);
    if (value.empty()) return true;
    if (match.label == subject_label::report_id) return report_id(value);
    return domain(value, match.label == subject_label::domain ? found_.domain : found_.submitter);
  }

  constexpr bool domain(std::string_view value, std::string_view& found) {
    const std::string_view word = until(value, whitespace_octet);
    const std::string_view bare = without_trailing_dot(trim(word, domain_decoration_octet));
    if (bare.size() != word.size() && !gate_.pass(errc::subject_wording, word)) return false;
    if (!bare.empty()) found = bare;
    const errc fault = is_domain_name(bare)                         ? errc::ok
                       : has_non_ascii(bare) && may_be_domain(bare) ? errc::u_label
                                                                    : errc::subject_domain;
    if (fault != errc::ok && !gate_.pass(fault, bare)) return false;
    return around(trim_front(value.substr(word.size()), whitespace_octet));
  }

  constexpr bool report_id(std::string_view value) {
    const bool opened = value.starts_with('<');
    const std::size_t close = opened ? value.find('>') : std::string_view::npos;
    const bool closed = close != std::string_view::npos;
    const std::string_view word =
        closed ? value.substr(0, close + 1) : until(value, whitespace_octet);
    const std::string_view id =
        closed ? word.substr(1, word.size() - 2) : trim(word, id_decoration_octet);
    if (!id.empty()) found_.report_id = id;
    if (!closed && !gate_.pass(errc::report_id_brackets, word)) return false;
    if (!id.empty() && !message_id(id)) return false;
    std::string_view rest = value.substr(word.size());
    do {
      rest.remove_prefix(comment_size(rest));
      rest = trim_front(rest, whitespace_octet);
    } while (comment_size(rest) != 0);
    return around(rest);
  }

  constexpr bool message_id(std::string_view id) {
    const std::size_t at = id.rfind('@');
    if (at == std::string_view::npos && !gate_.pass(errc::report_id_without_at, id)) return false;
    const bool is_good = at == std::string_view::npos
                             ? is_id_left(id)
                             : is_id_left(id.substr(0, at)) && is_id_right(id.substr(at + 1));
    return is_good || gate_.pass(errc::report_id_characters, id);
  }

  constexpr bool around(std::string_view text) {
    return text.empty() || gate_.pass(errc::text_around_subject, text);
  }

  std::string_view text_;
  text_gate<Conformance, Sink> gate_;
  std::array<section_match, 3> sections_{};
  std::size_t count_ = 0;
  std::size_t end_ = 0;
  subject_view found_{};
};

}  // namespace detail

constexpr std::string_view subject_view::id_left() const noexcept {
  return report_id.substr(0, report_id.rfind('@'));
}

constexpr std::string_view subject_view::id_right() const noexcept {
  const std::size_t at = report_id.rfind('@');
  return at == std::string_view::npos ? std::string_view() : report_id.substr(at + 1);
}

template <conformance C, diagnostic_sink S>
constexpr result<subject_view> parse_subject(std::string_view text, S&& sink,
                                             C conformance) noexcept(detail::is_nothrow_sink<S>) {
  detail::subject_reader<C, std::remove_reference_t<S>> reader(text, conformance, sink);
  if (!reader.read()) return reader.error();
  return reader.found();
}

template <conformance C>
requires(!diagnostic_sink<C>) constexpr result<subject_view> parse_subject(
    std::string_view text, const C& conformance) noexcept {
  return parse_subject(text, ignore_diagnostics(), conformance);
}

template <text_output Out>
constexpr result<void> write_subject(Out&& out, const subject_view& subject,
                                     std::size_t columns) noexcept(detail::is_nothrow_output<Out>) {
  const diagnostic fault = detail::find_unwritable_domain(subject.submitter, subject.domain, true,
                                                          errc::subject_domain, source::subject);
  if (fault.code != errc::ok) return fault;
  const std::string_view domain = detail::without_trailing_dot(subject.domain);
  const std::string_view submitter = detail::without_trailing_dot(subject.submitter);

  constexpr std::size_t longest_line = 998;  // RFC 5322, section 2.1.1
  const std::size_t before_control = detail::until(subject.report_id, detail::control_octet).size();
  if (before_control != subject.report_id.size())
    return diagnostic{errc::report_id_characters,
                      {.offset = before_control, .in = source::subject},
                      subject.report_id};
  span_output id({});  // only counts
  const bool has_id = detail::put_message_id(id, subject.report_id, submitter);
  if (!has_id || id.size() + 3 > longest_line)  // a space and two brackets
    return diagnostic{errc::report_id_characters, {.in = source::subject}, subject.report_id};

  std::size_t column = std::string_view("Subject:").size();
  bool is_first = true;
  const auto begin_word = [&](std::size_t size) {
    column += size + 1;  // with the space before it
    if (is_first) {
      is_first = false;  // the space is before the value
    } else if (columns != 0 && column > columns) {
      detail::put(out, "\r\n ");
      column = size + 1;
    } else {
      detail::put(out, ' ');
    }
  };
  for (std::string_view word :
       {std::string_view("Report"), std::string_view("Domain:"), domain,
        std::string_view("Submitter:"), submitter, std::string_view("Report-ID:")}) {
    begin_word(word.size());
    detail::put(out, word);
  }
  begin_word(id.size() + 2);
  detail::put(out, '<');
  detail::put_message_id(out, subject.report_id, submitter);
  detail::put(out, '>');
  return {};
}

}  // namespace tlsrpt

#endif
