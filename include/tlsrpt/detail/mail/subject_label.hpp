/// @file
/// The labels of a Subject, such as "Report Domain:", as people and gateways write them.

#ifndef TLSRPT_HPP_DETAIL_MAIL_SUBJECT_LABEL
#define TLSRPT_HPP_DETAIL_MAIL_SUBJECT_LABEL

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/fold.hpp>
#include <tlsrpt/detail/text/trim.hpp>

namespace tlsrpt::detail {

/// What a word before a label may end in.
inline constexpr charset subject_word_octet = alphanumeric_octet | charset("-_.@");
/// What may be between the two words of a label.
inline constexpr charset label_separator_octet = whitespace_octet | charset("-_");

/// What a label begins with.
inline constexpr charset label_start_octet = charset("dDrRsS");

enum class subject_label : std::uint8_t { domain, submitter, report_id };

/// A label of a Subject such as "Report Domain:".
struct subject_label_match {
  subject_label label = subject_label::domain;
  std::size_t size = 0;    ///< Octets with the colon; 0 for no label.
  bool is_exact = false;   ///< As RFC 8460 has it.
  bool is_strong = false;  ///< Hardly anything but a Subject of a report has it.
};

/// The octets that `text` begins with and that are `word`, without regard to case; 0 for none.
constexpr std::size_t word_size(std::string_view text, std::string_view word) noexcept {
  return starts_with_folded(text, word) ? word.size() : 0;
}

/// Matches the label that `text` begins with.
constexpr subject_label_match match_subject_label(std::string_view text) noexcept {
  const auto skip = [text](std::size_t at, const charset& octets) {
    return text.size() - trim_front(text.substr(at), octets).size();
  };
  // There may be whitespace before the colon; what follows it does not matter.
  const auto finish = [&](subject_label label, std::size_t at, bool exact_word, bool strong) {
    const std::size_t colon = skip(at, whitespace_octet);
    if (colon == text.size() || text[colon] != ':') return subject_label_match{};
    const bool whitespace_follows = colon + 1 == text.size() || whitespace_octet(text[colon + 1]);
    return subject_label_match{label, colon + 1, exact_word && colon == at && whitespace_follows,
                               strong};
  };
  if (const std::size_t size = word_size(text, "submitter"))
    return finish(subject_label::submitter, size, text.starts_with("Submitter"), false);
  if (const std::size_t size = word_size(text, "domain"))
    return finish(subject_label::domain, size, false, false);
  const std::size_t report = word_size(text, "report");
  if (report == 0) return {};
  const std::size_t next = skip(report, label_separator_octet);
  const bool is_apart = next != report && skip(report, whitespace_octet) == next;
  const std::string_view rest = text.substr(next);
  if (const std::size_t size = word_size(rest, "domain"))
    return finish(subject_label::domain, next + size,
                  text.starts_with("Report") && is_apart && rest.starts_with("Domain"), true);
  if (const std::size_t size = word_size(rest, "id"))
    return finish(subject_label::report_id, next + size, text.starts_with("Report-ID"), true);
  return {};
}

}  // namespace tlsrpt::detail

#endif
