/// @file
/// Bodies of delivery.hpp.

#ifndef TLSRPT_HPP_IMPL_DELIVERY
#define TLSRPT_HPP_IMPL_DELIVERY

#include <algorithm>
#include <array>
#include <limits>

#include <tlsrpt/detail/core/gate.hpp>
#include <tlsrpt/schema.hpp>
#include <tlsrpt/detail/text/addr_spec.hpp>
#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/container.hpp>
#include <tlsrpt/detail/text/fold.hpp>
#include <tlsrpt/detail/text/hash.hpp>
#include <tlsrpt/detail/text/number.hpp>
#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/detail/text/trim.hpp>
#include <tlsrpt/detail/text/utf8.hpp>
#include <tlsrpt/hostname.hpp>
#include <tlsrpt/output.hpp>

namespace tlsrpt {

namespace detail {

// ---- what all of them need

/// All that separates words of letters and digits.
inline constexpr charset between_octet = charset::range(0, 255) - alphanumeric_octet;

/// After the comment (RFC 5322, section 3.2.2) that `text` begins with; 0 when it is not a comment
/// or does not end.
constexpr std::size_t end_of_comment(std::string_view text) noexcept {
  if (!text.starts_with('(')) return 0;
  std::size_t depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '(') {
      ++depth;
    } else if (text[i] == ')' && --depth == 0) {
      return i + 1;
    }
  }
  return 0;
}

/// The deviations of a text; their subjects are parts of it.
template <class Conformance, class Sink>
class text_gate {
 public:
  constexpr text_gate(source in, std::string_view text, std::uint32_t element,
                      const Conformance& conformance, Sink& sink) noexcept
      : text_(text), element_(element), gate_(conformance, sink, in) {}

  /// False means stop.
  constexpr bool pass(errc code, std::string_view subject) {
    return gate_.pass(code, where(subject), subject);
  }
  constexpr bool stop(errc code, std::string_view subject) noexcept {
    return gate_.stop(code, where(subject), subject);
  }

  constexpr const diagnostic& error() const noexcept { return gate_.error(); }

 private:
  constexpr location where(std::string_view subject) const noexcept {
    return {.offset = static_cast<std::size_t>(subject.data() - text_.data()), .element = element_};
  }

  std::string_view text_;
  std::uint32_t element_;
  deviation_gate<Conformance, Sink> gate_;
};

/// What was written to a span.
constexpr result<std::string_view> written(const span_output& out) noexcept {
  if (!out.fits()) return diagnostic{errc::buffer_too_small, {.offset = out.size()}};
  return out.text();
}

// ---- domains

/// What people put around a domain or an id, and between several.
inline constexpr charset domain_clothing_octet = charset("<>\"',;");

/// Whether `text` is a host name of two labels or more without a trailing dot: the domain-name of
/// RFC 6376, section 3.5.
constexpr bool is_domain_name(std::string_view text) noexcept {
  return is_host_name(text) && !text.ends_with('.') && text.find('.') != std::string_view::npos;
}

/// Whether `text` can be taken for a domain, U-labels included.
constexpr bool may_be_domain(std::string_view text) noexcept {
  return is_host_name(text) || (has_non_ascii(text) && is_mail_domain(text));
}

/// errc::ok for a host name; errc::u_label when only its letters are at fault; else `otherwise`.
constexpr errc domain_fault(std::string_view text, errc otherwise) noexcept {
  if (is_host_name(text)) return errc::ok;
  return may_be_domain(text) ? errc::u_label : otherwise;
}

/// Whether two domains are surely not the same one. U-labels and A-labels of one domain look
/// different, so of domains with U-labels that cannot be said.
constexpr bool are_different_domains(std::string_view a, std::string_view b) noexcept {
  return !has_non_ascii(a) && !has_non_ascii(b) && !same_host(a, b);
}

/// Why a domain cannot be written; errc::ok in `code` when it can.
constexpr diagnostic unwritable_domain(std::string_view domain, std::uint32_t element, errc code,
                                       bool needs_two_labels) noexcept {
  if (has_non_ascii(domain)) return {code, {.element = element}, domain, errc::u_label};
  const bool good =
      is_host_name(domain) && (!needs_two_labels || is_domain_name(without_trailing_dot(domain)));
  if (!good) return {code, {.element = element}, domain};
  return {};
}

// ---- the file name

/// What surrounds the parts of file names without belonging to them.
inline constexpr charset file_name_clothing_octet = whitespace_octet | charset("\"");
/// What may follow a unique-id besides an extension: copies are called "001 (1).json".
inline constexpr charset behind_unique_id_octet = file_name_clothing_octet | charset("(");
/// What may follow a time: also "1_2.json" and "1.json.2" are names of copies.
inline constexpr charset behind_timestamp_octet = behind_unique_id_octet | charset("._-");

/// The part of a file name after its last "!": the end or the unique-id, and the extension.
struct file_name_tail {
  std::string_view value{}, extension{};
};

/// The size of ".json.gz" or ".json" at the end; 0 when it ends otherwise.
constexpr std::size_t report_extension_size(std::string_view name) noexcept {
  for (std::string_view extension : {".json.gz", ".json"}) {
    if (name.size() < extension.size()) continue;
    if (equals_folded(name.substr(name.size() - extension.size()), extension))
      return extension.size();
  }
  return 0;
}

/// A time ends where its digits do.
constexpr file_name_tail split_end_timestamp(std::string_view tail) noexcept {
  std::size_t size = tail.size() - trim_front(tail, digit_octet).size();
  if (size == 0 || (size < tail.size() && !behind_timestamp_octet(tail[size])))
    size = tail.substr(0, tail.find('.')).size();
  return {tail.substr(0, size), tail.substr(size)};
}

constexpr file_name_tail split_unique_id(std::string_view tail) noexcept {
  const std::size_t known = report_extension_size(tail);
  const std::size_t dot = known != 0 ? tail.size() - known : tail.find('.');
  const std::size_t size = until(tail.substr(0, dot), behind_unique_id_octet).size();
  return {tail.substr(0, size), tail.substr(size)};
}

/// Whether one of the words of an extension is `word`.
constexpr bool has_word(std::string_view extension, std::string_view word) noexcept {
  while (!extension.empty()) {
    extension = trim_front(extension, between_octet);
    const std::string_view first = until(extension, between_octet);
    if (equals_folded(first, word)) return true;
    extension.remove_prefix(first.size());
  }
  return false;
}

template <class Conformance, class Sink>
class file_name_reader {
 public:
  constexpr file_name_reader(std::string_view text, const Conformance& conformance,
                             Sink& sink) noexcept
      : text_(text), gate_(source::file_name, text, location::npos, conformance, sink) {}

  /// False: see error().
  constexpr bool read() {
    const std::size_t name = text_.find_last_of("/\\") + 1;  // npos + 1 is 0
    if (!split(text_.substr(name))) return foreign();
    const std::string_view begin = parts_[2], end = count_ == 4 ? tail_.value : parts_[3];
    const bool has_time = (!begin.empty() && consists_of(begin, digit_octet)) ||
                          (!end.empty() && consists_of(end, digit_octet));
    if (!has_time) return foreign();

    if (name != 0 && !gate_.pass(errc::file_name_path, text_.substr(0, name))) return false;
    if (!clothing_.empty() && !gate_.pass(errc::file_name_decorated, clothing_)) return false;
    return domain(parts_[0], found_.sender) && domain(parts_[1], found_.policy_domain) &&
           time(begin, found_.begin) && time(end, found_.end) && unique_id() && extension();
  }

  constexpr const file_name_view& found() const noexcept { return found_; }
  constexpr const diagnostic& error() const noexcept { return gate_.error(); }

 private:
  constexpr bool foreign() { return gate_.stop(errc::not_a_report_file_name, text_); }

  /// False when there are not four or five parts.
  constexpr bool split(std::string_view name) noexcept {
    for (;;) {
      const std::size_t size = name.substr(0, name.find('!')).size();
      if (count_ == parts_.size()) return false;
      parts_[count_++] = undress(name.substr(0, size));
      if (size == name.size()) break;
      name.remove_prefix(size + 1);
    }
    if (count_ < 4) return false;
    tail_ = count_ == 4 ? split_end_timestamp(parts_[3]) : split_unique_id(parts_[4]);
    tail_.value = undress(tail_.value);
    tail_.extension = undress(tail_.extension);
    return true;
  }

  /// Takes off what does not belong to a part, and remembers the first of it.
  constexpr std::string_view undress(std::string_view part) noexcept {
    const std::string_view bare = trim(part, file_name_clothing_octet);
    if (bare.size() != part.size() && clothing_.empty()) clothing_ = part;
    return bare;
  }

  constexpr bool domain(std::string_view part, std::string_view& found) {
    if (!part.empty()) found = part;
    const errc fault =
        part.ends_with('.') ? errc::file_name_domain : domain_fault(part, errc::file_name_domain);
    return fault == errc::ok || gate_.pass(fault, part);
  }

  constexpr bool time(std::string_view part, std::optional<std::int64_t>& found) {
    found = read_number<std::int64_t>(part);
    return found || gate_.pass(errc::file_name_timestamp, part);
  }

  constexpr bool unique_id() {
    if (count_ == 4) return true;
    if (!tail_.value.empty()) found_.unique_id = tail_.value;
    return (!tail_.value.empty() && consists_of(tail_.value, alphanumeric_octet)) ||
           gate_.pass(errc::file_name_unique_id, tail_.value);
  }

  constexpr bool extension() {
    found_.is_gzip = has_word(tail_.extension, "gz");
    const std::size_t known = report_extension_size(tail_.extension);
    return (known != 0 && known == tail_.extension.size()) ||
           gate_.pass(errc::file_name_extension, tail_.extension);
  }

  std::string_view text_;
  text_gate<Conformance, Sink> gate_;
  std::array<std::string_view, 5> parts_{};
  std::size_t count_ = 0;
  file_name_tail tail_{};
  std::string_view clothing_{};
  file_name_view found_{};
};

}  // namespace detail

template <conformance C, diagnostic_sink S>
constexpr result<file_name_view> parse_file_name(
    std::string_view text, S&& sink, C conformance) noexcept(detail::is_nothrow_sink<S>) {
  detail::file_name_reader<C, std::remove_reference_t<S>> reader(text, conformance, sink);
  if (!reader.read()) return reader.error();
  return reader.found();
}

constexpr result<std::string_view> unfold_file_name(std::string_view text,
                                                    std::span<char> scratch) noexcept {
  if (detail::until(text, detail::whitespace_octet).size() == text.size()) return text;
  span_output unfolded(scratch);
  for (char c : text)
    if (!detail::whitespace_octet(c)) detail::put(unfolded, c);
  return detail::written(unfolded);
}

constexpr result<std::string_view> write_file_name(const file_name_view& name,
                                                   std::span<char> out) noexcept {
  const std::string_view domains[] = {name.sender, name.policy_domain};
  for (std::uint32_t i = 0; i < 2; ++i) {
    const diagnostic fault =
        detail::unwritable_domain(domains[i], i, errc::file_name_domain, false);
    if (fault.code != errc::ok) return fault;
  }
  if (name.begin.value_or(-1) < 0 || name.end.value_or(-1) < 0)
    return diagnostic{errc::file_name_timestamp};
  if (!detail::consists_of(name.unique_id, detail::alphanumeric_octet))
    return diagnostic{errc::file_name_unique_id};

  span_output text(out);
  for (std::string_view domain : domains) {
    text.append(detail::without_trailing_dot(domain));
    text.append("!");
  }
  detail::put_number(text, *name.begin);
  text.append("!");
  detail::put_number(text, *name.end);
  if (!name.unique_id.empty()) {
    text.append("!");
    text.append(name.unique_id);
  }
  text.append(name.is_gzip ? ".json.gz" : ".json");
  return detail::written(text);
}

namespace detail {

// ---- the Subject

/// Whether `text` is a dot-atom-text of RFC 5322, section 3.2.3.
constexpr bool is_dot_atom(std::string_view text) noexcept {
  bool in_atom = false;
  for (char c : text) {
    if (c == '.' ? !in_atom : !atext_octet(c)) return false;
    in_atom = c != '.';
  }
  return in_atom;
}

inline constexpr charset dtext_octet = charset::range(0x21, 0x7e) - charset("[]\\");

/// Whether `text` is a no-fold-literal of RFC 5322, section 3.6.4.
constexpr bool is_no_fold_literal(std::string_view text) noexcept {
  return text.size() >= 2 && text.starts_with('[') && text.ends_with(']') &&
         consists_of(text.substr(1, text.size() - 2), dtext_octet);
}

constexpr bool is_id_left(std::string_view text) noexcept {
  return is_dot_atom(text) || (text.starts_with('"') && is_local_part(text));
}

constexpr bool is_id_right(std::string_view text) noexcept {
  return is_dot_atom(text) || is_no_fold_literal(text);
}

/// What a word before a label may end in.
inline constexpr charset subject_word_octet = alphanumeric_octet | charset("-_.@");
/// What people put around an id instead of "<" and ">", and after it.
inline constexpr charset id_clothing_octet = charset("<>,;");
/// What may separate the two words of a label.
inline constexpr charset label_separator_octet = whitespace_octet | charset("-_");

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
  // The colon may be apart; what follows it does not matter.
  const auto finish = [&](subject_label label, std::size_t at, bool exact_word, bool strong) {
    const std::size_t colon = skip(at, whitespace_octet);
    if (colon == text.size() || text[colon] != ':') return subject_label_match{};
    const bool blank_follows = colon + 1 == text.size() || whitespace_octet(text[colon + 1]);
    return subject_label_match{label, colon + 1, exact_word && colon == at && blank_follows,
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
      subject_label_match match = match_subject_label(text_.substr(i));
      if (match.size == 0 || (is_bare_domain(match) && !with_bare_domain)) continue;
      if (i != 0 && !whitespace_octet(text_[i - 1])) {
        // No domain has a colon, so a space was lost here; "preport id:" is something else.
        if (subject_word_octet(text_[i - 1]) && !match.is_exact) continue;
        match.is_exact = false;
      }
      if (has(match.label)) {
        end_ = i;
        return;
      }
      sections_[count_++] = {match, i};
      i += match.size - 1;
      if (match.label == subject_label::report_id) i = end_of_id(i + 1) - 1;
    }
  }

  static constexpr bool is_bare_domain(const subject_label_match& match) noexcept {
    return match.label == subject_label::domain && !match.is_strong;
  }

  /// After the brackets that begin at `at`, or `at`: no label is inside.
  constexpr std::size_t end_of_id(std::size_t at) const noexcept {
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
    const std::string_view bare = without_trailing_dot(trim(word, domain_clothing_octet));
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
        closed ? word.substr(1, word.size() - 2) : trim(word, id_clothing_octet);
    if (!id.empty()) found_.report_id = id;
    if (!closed && !gate_.pass(errc::report_id_brackets, word)) return false;
    if (!id.empty() && !message_id(id)) return false;
    std::string_view rest = value.substr(word.size());
    do {
      rest.remove_prefix(end_of_comment(rest));
      rest = trim_front(rest, whitespace_octet);
    } while (end_of_comment(rest) != 0);
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

/// Writes a report-id as the inside of a message id; false when nothing of it can be used.
constexpr bool put_message_id(span_output& out, std::string_view report_id,
                              std::string_view submitter) noexcept {
  const std::size_t at = report_id.rfind('@');
  if (at != std::string_view::npos && !has_non_ascii(report_id) &&
      is_dot_atom(report_id.substr(0, at)) && is_dot_atom(report_id.substr(at + 1))) {
    out.append(report_id);
    return true;
  }
  bool has_atom = false, owes_dot = false;  // a dot-atom has single dots, each between atoms
  for (char c : report_id) {
    if (!atext_octet(c) || octet_above_ascii(c)) {
      owes_dot = has_atom;
      continue;
    }
    if (owes_dot) put(out, '.');
    put(out, c);
    has_atom = true;
    owes_dot = false;
  }
  out.append("@");
  out.append(submitter);
  return has_atom;
}

}  // namespace detail

template <conformance C, diagnostic_sink S>
constexpr result<subject_view> parse_subject(std::string_view text, S&& sink,
                                             C conformance) noexcept(detail::is_nothrow_sink<S>) {
  detail::subject_reader<C, std::remove_reference_t<S>> reader(text, conformance, sink);
  if (!reader.read()) return reader.error();
  return reader.found();
}

constexpr std::string_view subject_view::id_left() const noexcept {
  return report_id.substr(0, report_id.rfind('@'));
}

constexpr std::string_view subject_view::id_right() const noexcept {
  const std::size_t at = report_id.rfind('@');
  return at == std::string_view::npos ? std::string_view() : report_id.substr(at + 1);
}

constexpr result<std::string_view> write_subject(std::string_view policy_domain,
                                                 std::string_view submitter,
                                                 std::string_view report_id, std::span<char> out,
                                                 std::size_t columns) noexcept {
  const std::string_view domains[] = {policy_domain, submitter};
  for (std::uint32_t i = 0; i < 2; ++i) {
    const diagnostic fault = detail::unwritable_domain(domains[i], i, errc::subject_domain, true);
    if (fault.code != errc::ok) return fault;
  }
  policy_domain = detail::without_trailing_dot(policy_domain);
  submitter = detail::without_trailing_dot(submitter);

  constexpr std::size_t longest_line = 998;  // RFC 5322, section 2.1.1
  for (std::size_t i = 0; i < report_id.size(); ++i)
    if (detail::control_octet(report_id[i]))
      return diagnostic{errc::report_id_characters, {.offset = i}};
  span_output id({});  // only counts
  const bool has_id = detail::put_message_id(id, report_id, submitter);
  if (!has_id || id.size() + 3 > longest_line)  // a space and two brackets
    return diagnostic{errc::report_id_characters};

  span_output text(out);
  std::size_t column = std::string_view("Subject:").size();
  bool is_first = true;
  const auto begin_word = [&](std::size_t size) {
    column += size + 1;  // with the space before it
    if (is_first) {
      is_first = false;  // the space is before the value
    } else if (columns != 0 && column > columns) {
      text.append("\r\n ");
      column = size + 1;
    } else {
      text.append(" ");
    }
  };
  for (std::string_view word :
       {std::string_view("Report"), std::string_view("Domain:"), policy_domain,
        std::string_view("Submitter:"), submitter, std::string_view("Report-ID:")}) {
    begin_word(word.size());
    text.append(word);
  }
  begin_word(id.size() + 2);
  text.append("<");
  detail::put_message_id(text, report_id, submitter);
  text.append(">");
  return detail::written(text);
}

namespace detail {

// ---- TLS-Report-Domain and TLS-Report-Submitter

/// What ends a domain in the value of a field.
inline constexpr charset domain_end_octet = whitespace_octet | charset("(,;");

template <class Conformance, class Sink>
class domain_field_reader {
 public:
  constexpr domain_field_reader(std::string_view text, std::uint32_t element,
                                const Conformance& conformance, Sink& sink) noexcept
      : text_(text), rest_(text), gate_(source::header_field, text, element, conformance, sink) {}

  /// False: see error().
  constexpr bool read() {
    std::string_view word;
    if (!next_word(word)) return false;
    if (word.empty()) return gate_.stop(errc::domain_field_value, text_);
    found_ = undressed(word);
    const std::size_t host = found_.rfind('@') + 1;  // npos + 1 is 0
    const bool is_address = host != 0;
    found_.remove_prefix(host);
    const errc fault = domain_fault(found_, errc::domain_field_value);
    if (fault == errc::domain_field_value) return gate_.stop(fault, word);
    if (is_address) {
      if (!gate_.pass(errc::domain_field_value, word)) return false;
    } else if (found_.size() != word.size() && !gate_.pass(errc::domain_field_decorated, word)) {
      return false;
    }
    if (fault != errc::ok && !gate_.pass(fault, found_)) return false;
    for (;;) {
      if (!next_word(word)) return false;
      if (word.empty()) return true;
      const std::string_view other = undressed(word);
      const errc code = other.empty()              ? errc::domain_field_decorated
                        : !may_be_domain(other)    ? errc::domain_field_value
                        : same_host(other, found_) ? errc::domain_field_decorated
                                                   : errc::several_domains;
      if (!gate_.pass(code, word)) return false;
    }
  }

  constexpr std::string_view found() const noexcept { return found_; }
  constexpr const diagnostic& error() const noexcept { return gate_.error(); }

 private:
  /// The next word outside of comments; empty at the end. False means stop.
  constexpr bool next_word(std::string_view& word) {
    word = {};
    for (;;) {
      rest_ = trim_front(rest_, whitespace_octet);
      if (rest_.empty()) return true;
      if (!rest_.starts_with('(')) break;
      const std::size_t comment = end_of_comment(rest_);
      if (comment == 0) {  // It does not end, so neither does what is not a domain.
        word = rest_;
        rest_ = {};
        return true;
      }
      if (!gate_.pass(errc::domain_field_decorated, rest_.substr(0, comment))) return false;
      rest_.remove_prefix(comment);
    }
    word = rest_.substr(0, 1 + until(rest_.substr(1), domain_end_octet).size());
    rest_.remove_prefix(word.size());
    return true;
  }

  static constexpr std::string_view undressed(std::string_view word) noexcept {
    return without_trailing_dot(trim(word, domain_clothing_octet));
  }

  std::string_view text_, rest_;
  text_gate<Conformance, Sink> gate_;
  std::string_view found_{};
};

}  // namespace detail

template <conformance C, diagnostic_sink S>
constexpr result<std::string_view> parse_domain_field(
    std::string_view value, S&& sink, C conformance) noexcept(detail::is_nothrow_sink<S>) {
  detail::domain_field_reader<C, std::remove_reference_t<S>> reader(value, location::npos,
                                                                    conformance, sink);
  if (!reader.read()) return reader.error();
  return reader.found();
}

template <conformance C, diagnostic_sink S>
constexpr result<std::string_view> select_domain_field(
    std::span<const std::string_view> values, S&& sink,
    C conformance) noexcept(detail::is_nothrow_sink<S>) {
  std::string_view chosen;
  diagnostic first_error{errc::domain_field_value};
  bool has_error = false;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto element = static_cast<std::uint32_t>(i);
    detail::domain_field_reader<C, std::remove_reference_t<S>> reader(values[i], element,
                                                                      conformance, sink);
    if (!reader.read()) {
      if (!conformance.accepts(reader.error().code)) return reader.error();
      if (!has_error) first_error = reader.error();
      has_error = true;
      sink(diagnostic{reader.error().code, reader.error().where, values[i]});
      continue;
    }
    if (chosen.empty()) {
      chosen = reader.found();
    } else if (!same_host(chosen, reader.found())) {
      const location where{.element = element};
      if (!conformance.accepts(errc::several_domains))
        return diagnostic{errc::several_domains, where};
      sink(diagnostic{errc::several_domains, where, values[i]});
    }
  }
  if (chosen.empty()) return first_error;
  return chosen;
}

// ---- the parts of a mail

namespace detail {

inline constexpr charset media_type_end_octet = whitespace_octet | charset(";(");
inline constexpr charset parameter_clothing_octet = whitespace_octet | charset("\"';");

}  // namespace detail

constexpr media_type classify_media_type(std::string_view content_type) noexcept {
  struct row {
    std::string_view name;
    media_type type;
  };
  constexpr row rows[] = {
      {"application/tlsrpt+gzip", media_type::report_gzip},
      {"application/tlsrpt+json", media_type::report_json},
      {"application/gzip", media_type::gzip},
      {"application/x-gzip", media_type::gzip},
      {"application/gzip-compressed", media_type::gzip},
      {"application/gzipped", media_type::gzip},
      {"application/x-gunzip", media_type::gzip},
      {"application/x-gzip-compressed", media_type::gzip},
      {"application/json", media_type::json},
      {"application/x-json", media_type::json},
      {"text/json", media_type::json},
      {"text/x-json", media_type::json},
      {"application/zip", media_type::zip},
      {"application/x-zip", media_type::zip},
      {"application/x-zip-compressed", media_type::zip},
      {"application/octet-stream", media_type::octets},
      {"application/x-octet-stream", media_type::octets},
      {"application/binary", media_type::octets},
      {"application/x-compressed", media_type::octets},
      {"application/x-compress", media_type::octets},
      {"application/x-download", media_type::octets},
      {"application/force-download", media_type::octets},
      {"application/unknown", media_type::octets},
      {"text/plain", media_type::text},
      {"multipart/report", media_type::multipart_report},
      {"message/rfc822", media_type::message},
      {"message/global", media_type::message},
  };
  const std::string_view name = detail::until(
      detail::trim_front(content_type, detail::whitespace_octet), detail::media_type_end_octet);
  if (name.empty()) return media_type::text;
  for (const row& r : rows)
    if (detail::equals_folded(name, r.name)) return r.type;
  if (detail::starts_with_folded(name, "application/tlsrpt")) return media_type::report_other;
  if (detail::starts_with_folded(name, "multipart/")) return media_type::multipart;
  return media_type::other;
}

namespace detail {

/// Octet is char or std::byte.
template <class Octet>
constexpr payload classify_octets(std::span<const Octet> octets) noexcept {
  std::array<std::byte, longest_container_mark> first{};
  const std::size_t size = std::min(octets.size(), first.size());
  for (std::size_t i = 0; i < size; ++i) first[i] = static_cast<std::byte>(octets[i]);
  const std::span<const std::byte> begin = std::span(first).first(size);
  switch (container_of(begin)) {
    case container::gzip:
      return payload::gzip;
    case container::zip:
      return payload::zip;
    case container::zlib:
      return payload::zlib;
    case container::bzip2:
      return payload::bzip2;
    case container::xz:
      return payload::xz;
    case container::zstd:
      return payload::zstd;
    case container::utf16:
      return payload::utf16;
    case container::none:
      break;
  }
  for (std::size_t i = has_mark(begin, byte_order_mark) ? byte_order_mark.size() : 0;
       i < octets.size(); ++i)
    if (!whitespace_octet(static_cast<char>(octets[i])))
      return static_cast<char>(octets[i]) == '{' ? payload::json : payload::other;
  return payload::empty;
}

}  // namespace detail

constexpr payload classify_payload(std::string_view octets) noexcept {
  return detail::classify_octets(std::span(octets.data(), octets.size()));
}

constexpr payload classify_payload(std::span<const std::byte> octets) noexcept {
  return detail::classify_octets(octets);
}

namespace detail {

/// What a media type says that the octets are; payload::other when it does not say.
constexpr payload promised_payload(media_type label) noexcept {
  switch (label) {
    case media_type::report_json:
    case media_type::json:
      return payload::json;
    case media_type::report_gzip:
    case media_type::gzip:
      return payload::gzip;
    case media_type::zip:
      return payload::zip;
    default:
      return payload::other;
  }
}

}  // namespace detail

template <diagnostic_sink S>
constexpr part_reading examine_part(std::string_view content_type, std::string_view file_name,
                                    std::string_view octets,
                                    S&& sink) noexcept(detail::is_nothrow_sink<S>) {
  part_reading found{classify_media_type(content_type), classify_payload(octets)};
  const std::string_view bare_name = detail::trim(file_name, detail::file_name_clothing_octet);
  const std::size_t extension = detail::report_extension_size(bare_name);
  // A DMARC report has such a name, too, but ends in .xml.
  const bool fits = (parse_file_name(file_name).has_value() &&
                     !detail::has_word(bare_name.substr(bare_name.rfind('!')), "xml")) ||
                    (extension != 0 && found.is_readable());
  switch (found.label) {
    case media_type::report_json:
    case media_type::report_gzip:
    case media_type::report_other:
      found.claim = report_claim::media_type;
      break;
    case media_type::multipart_report:
    case media_type::multipart:
    case media_type::message:
      return found;
    default:
      if (fits)
        found.claim = report_claim::file_name;
      else if (found.is_readable())
        found.claim = report_claim::content;
  }
  if (found.claim == report_claim::none) return found;

  if (found.label != media_type::report_json && found.label != media_type::report_gzip)
    sink(diagnostic{errc::unregistered_media_type, {}, content_type});
  if (found.content == payload::empty || found.content == payload::other) return found;
  const payload promised = detail::promised_payload(found.label);
  if (promised != payload::other && promised != found.content)
    sink(diagnostic{errc::media_type_contradicted, {}, content_type});
  const bool names_gzip = extension == std::string_view(".json.gz").size();
  const payload named = names_gzip ? payload::gzip : payload::json;
  if (extension != 0 && named != found.content)
    sink(diagnostic{errc::file_name_contradicted, {}, file_name});
  return found;
}

constexpr bool is_tlsrpt_report_type(std::string_view value) noexcept {
  return detail::equals_folded(detail::trim(value, detail::parameter_clothing_octet), "tlsrpt");
}

template <diagnostic_sink S>
constexpr void check_wrapper(std::string_view content_type, std::string_view report_type,
                             S&& sink) noexcept(detail::is_nothrow_sink<S>) {
  if (classify_media_type(content_type) != media_type::multipart_report)
    sink(diagnostic{errc::wrapper_type, {}, content_type});
  else if (!is_tlsrpt_report_type(report_type))
    sink(diagnostic{errc::report_type_parameter, {}, report_type});
}

// ---- envelope and report

constexpr std::string_view name(domain_source from) noexcept {
  switch (from) {
    case domain_source::none:
      break;
    case domain_source::header_field:
      return "header-field";
    case domain_source::file_name:
      return "file-name";
    case domain_source::subject:
      return "subject";
  }
  return {};
}

constexpr inferred_domain infer_policy_domain(const envelope_view& envelope) noexcept {
  const inferred_domain candidates[] = {
      {envelope.report_domain, domain_source::header_field},
      {envelope.file_name.policy_domain, domain_source::file_name},
      {envelope.subject.domain, domain_source::subject},
  };
  for (const inferred_domain& candidate : candidates)
    if (detail::may_be_domain(candidate.policy_domain)) return candidate;
  return {};
}

namespace detail {

/// Whether `domain` cannot be what a report is about. `inferred` replaces the domain of policies
/// without domain.
constexpr bool contradicts_policies(std::string_view domain, const report_view& report,
                                    std::string_view inferred) noexcept {
  bool differs = false;
  for (const policy_view& policy : report.policies) {
    const std::string_view about = present(policy.policy_domain) ? policy.policy_domain : inferred;
    if (about.empty()) continue;
    if (!are_different_domains(domain, about)) return false;
    // The TLSA records of a mail host say nothing of the domain it serves.
    differs = differs || policy.policy_type.value != policy_type::tlsa;
  }
  return differs;
}

/// What ends a mail address in free text.
inline constexpr charset address_end_octet = charset::range(0, 0x20) | charset("<>()[],;:\\\"'?@");

/// Whether `domain` is the domain of no mail address in `contact_info`, and there is one.
constexpr bool contradicts_contact(std::string_view domain,
                                   std::string_view contact_info) noexcept {
  bool differs = false;
  for (std::size_t at = contact_info.find('@'); at != std::string_view::npos;
       at = contact_info.find('@', at + 1)) {
    const std::string_view host = until(contact_info.substr(at + 1), address_end_octet);
    if (host.empty()) continue;
    if (!are_different_domains(domain, host)) return false;
    differs = true;
  }
  return differs;
}

/// Whether two ids are the same but for what an id may not have where one of them is: senders
/// turn ":" into "." or "_" into "+". Only letters and digits count, and where they are apart.
constexpr bool are_similar_ids(std::string_view a, std::string_view b) noexcept {
  for (;;) {
    a = trim_front(a, between_octet);
    b = trim_front(b, between_octet);
    const std::string_view word = until(a, between_octet);
    if (word != until(b, between_octet)) return false;
    if (word.empty()) return true;
    a.remove_prefix(word.size());
    b.remove_prefix(word.size());
  }
}

/// Whether two ends of a range are the same: 23:59:59 and the midnight after it mean the same day.
constexpr bool are_similar_ends(std::int64_t a, std::int64_t b) noexcept {
  constexpr std::int64_t day = 86'400;
  return a == b || (a + 1 == b && b % day == 0) || (b + 1 == a && a % day == 0);
}

/// Notes what compare_envelope() is for.
template <class Sink>
constexpr void note_contradictions(const envelope_view& envelope, const report_view& report,
                                   const inferred_domain& inferred, Sink& sink) {
  const auto note = [&sink](errc code, field member, std::string_view subject) {
    sink(diagnostic{code, {.member = member}, subject});
  };
  const auto domain = [&](errc code, std::string_view says) {
    if (!says.empty() && contradicts_policies(says, report, inferred.policy_domain))
      note(code, field::policies, says);
  };
  const auto submitter = [&](errc code, std::string_view says) {
    if (!says.empty() && contradicts_contact(says, report.contact_info))
      note(code, field::contact_info, says);
  };
  const auto& [header_domain, header_submitter, name, subject] = envelope;
  domain(errc::header_domain_differs, header_domain);
  submitter(errc::header_submitter_differs, header_submitter);

  submitter(errc::file_name_sender_differs, name.sender);
  domain(errc::file_name_domain_differs, name.policy_domain);
  const auto& [start, end] = report.date_range;
  if (name.begin && start.known && *name.begin != start.seconds)
    note(errc::file_name_range_differs, field::start_datetime, {});
  if (name.end && end.known && !are_similar_ends(*name.end, end.seconds))
    note(errc::file_name_range_differs, field::end_datetime, {});

  domain(errc::subject_domain_differs, subject.domain);
  submitter(errc::subject_submitter_differs, subject.submitter);
  const std::string_view id = report.report_id;
  if (!id.empty() && !subject.report_id.empty() && !are_similar_ids(subject.report_id, id) &&
      !are_similar_ids(subject.id_left(), id))
    note(errc::subject_report_id_differs, field::report_id, subject.report_id);

  if (inferred.source == domain_source::none) return;
  for (std::size_t i = 0; i < report.policies.size(); ++i)
    if (!present(report.policies[i].policy_domain))
      sink(diagnostic{errc::inferred_policy_domain,
                      {.policy = static_cast<std::uint32_t>(i), .member = field::policy_domain},
                      inferred.policy_domain});
}

}  // namespace detail

template <diagnostic_sink S>
constexpr inferred_domain compare_envelope(const envelope_view& envelope, const report_view& report,
                                           S&& sink) noexcept(detail::is_nothrow_sink<S>) {
  const bool lacks_domain =
      report.policies.empty() ||
      std::any_of(report.policies.begin(), report.policies.end(),
                  [](const policy_view& policy) { return !present(policy.policy_domain); });
  const inferred_domain inferred = lacks_domain ? infer_policy_domain(envelope) : inferred_domain{};
  if constexpr (detail::is_listening<S>)
    detail::note_contradictions(envelope, report, inferred, sink);
  return inferred;
}

// ---- duplicates

namespace detail {

/// Adds a text as a netstring: its size, ":", the text, ",".
template <text_output Out>
constexpr void put_netstring(Out& out, std::string_view text) noexcept {
  put_number(out, text.size());
  put(out, ':');
  put(out, text);
  put(out, ',');
}

template <text_output Out>
constexpr void put_netstring_of_domain(Out& out, std::string_view domain) noexcept {
  domain = without_trailing_dot(domain);
  put_number(out, domain.size());
  put(out, ':');
  for (char c : domain) put(out, lower_case(c));
  put(out, ',');
}

/// A number as a netstring; an empty one when it is unknown.
template <text_output Out>
constexpr void put_netstring_of_number(Out& out, std::optional<std::int64_t> number) noexcept {
  short_text<20> digits;  // "-9223372036854775808"
  if (number) put_number(digits, *number);
  put_netstring(out, digits);
}

template <text_output Out>
constexpr void put_key(Out& out, const duplicate_key& key) noexcept {
  put_netstring_of_domain(out, key.submitter);
  put_netstring(out, key.report_id);
  put_netstring_of_domain(out, key.policy_domain);
  put_netstring_of_number(out, key.begin);
  put_netstring_of_number(out, key.end);
}

}  // namespace detail

constexpr bool operator==(const duplicate_key& a, const duplicate_key& b) noexcept {
  return same_host(a.submitter, b.submitter) && a.report_id == b.report_id &&
         same_host(a.policy_domain, b.policy_domain) && a.begin == b.begin && a.end == b.end;
}

constexpr duplicate_key make_duplicate_key(std::string_view authenticated_submitter,
                                           const report_head_view& report,
                                           const policy_head_view& policy) noexcept {
  const auto seconds = [](const timestamp& time) {
    return time.known ? std::optional(time.seconds) : std::nullopt;
  };
  return {authenticated_submitter, report.report_id, policy.policy_domain,
          seconds(report.date_range.start_datetime), seconds(report.date_range.end_datetime)};
}

constexpr result<std::string_view> write_duplicate_key(const duplicate_key& key,
                                                       std::span<char> out) noexcept {
  span_output text(out);
  detail::put_key(text, key);
  return detail::written(text);
}

constexpr std::uint64_t hash_of(const duplicate_key& key) noexcept {
  detail::fnv1a fnv;
  detail::put_key(fnv, key);
  return fnv.value();
}

constexpr duplicate_verdict compare_duplicates(const duplicate_key& a, const digest& a_digest,
                                               const duplicate_key& b,
                                               const digest& b_digest) noexcept {
  if (a.submitter.empty() || !(a == b)) return duplicate_verdict::different;
  return a_digest == b_digest ? duplicate_verdict::duplicate : duplicate_verdict::conflicting;
}

}  // namespace tlsrpt

#endif
