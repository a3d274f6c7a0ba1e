/// @file
/// A mail in memory and the reports in it (RFC 8460, section 5.3; RFC 5322, RFC 2045). Needs
/// nothing but the standard library.
///
///     const auto mail = tlsrpt::read_mail(octets);
///     std::string buffer;
///     for (const tlsrpt::mail_part_view part : mail->candidates())
///       if (const auto content = part.decode(buffer)) parser.parse(*content);
///
/// A mail is read where it lies: nothing is copied and nothing allocated. Parts beyond the first
/// few are found again on each traversal. Lines may end in CR LF, LF or CR. Labels are hints: the
/// octets decide what a part is. Nothing in a mail is trustworthy unless it was authenticated.
/// Everything takes time linear in the mail.

#ifndef TLSRPT_HPP_MAIL
#define TLSRPT_HPP_MAIL

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <tlsrpt/conformance.hpp>
#include <tlsrpt/detail/core/late_stack.hpp>
#include <tlsrpt/detail/core/lifetime.hpp>
#include <tlsrpt/detail/core/step_iterator.hpp>
#include <tlsrpt/detail/mail/message/leaf.hpp>
#include <tlsrpt/detail/mail/message/walker.hpp>
#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/limits.hpp>
#include <tlsrpt/mail_header.hpp>
#include <tlsrpt/mail_part.hpp>
#include <tlsrpt/output.hpp>
#include <tlsrpt/result.hpp>

namespace tlsrpt {

class mail_view;

namespace detail {

class part_step;
template <class Conformance, class Sink>
class mail_reader;

}  // namespace detail

/// A part of a mail that is not made of parts. Lives as long as the mail.
class mail_part_view {
 public:
  /// A part without content.
  constexpr mail_part_view() noexcept {}  // Were it defaulted, `{}` would write zeros to all of it.

  /// What it is; is_candidate() says whether to decode it.
  constexpr part_kind kind() const noexcept { return leaf_.kind; }
  /// Whether a report may be found in it.
  constexpr bool is_candidate() const noexcept { return tlsrpt::is_candidate(leaf_.kind); }
  /// What its labels say, and why it is taken for a report, if it is.
  constexpr const part_assessment& labels() const& noexcept TLSRPT_HPP_LIFETIMEBOUND {
    return leaf_.labels;
  }
  /// The same, copied out of a temporary.
  constexpr part_assessment labels() && noexcept { return leaf_.labels; }

  /// Its number among all parts of the mail that are not made of parts, from 1.
  constexpr std::uint32_t number() const noexcept { return leaf_.number; }
  /// Writes its place, such as "2.1", the first part of the second; "1" when there is one only.
  /// Several uuencoded files in one text are parts in one place.
  template <text_output Out>
  void path_to(Out&& out) const noexcept(detail::is_nothrow_output<Out>);
  /// Where its content begins: octets from the start of the mail.
  constexpr std::size_t offset() const noexcept { return offset_; }
  /// Its content as it lies in the mail, encoded.
  constexpr std::string_view raw() const noexcept { return leaf_.body; }
  /// The encoding that its label says. decode() follows the octets.
  constexpr transfer_encoding encoding() const noexcept { return leaf_.label; }

  /// Writes its media type without comments and parameters; nothing when it has none.
  template <text_output Out>
  void media_type_to(Out&& out) const noexcept(detail::is_nothrow_output<Out>);
  /// Writes its file name in UTF-8: that of Content-Disposition, else of Content-Type. Folding
  /// inside is left out; parameters in sections (RFC 2231) and encoded words (RFC 2047) are
  /// decoded.
  template <text_output Out>
  void file_name_to(Out&& out) const noexcept(detail::is_nothrow_output<Out>);

  /// The header of the innermost mail around it.
  constexpr mail_header header() const noexcept { return mail_header(leaf_.header); }
  /// Writes the media type of the innermost multipart around it, for check_wrapper(); nothing when
  /// there is none.
  template <text_output Out>
  void wrapper_type_to(Out&& out) const noexcept(detail::is_nothrow_output<Out>);
  /// Writes the report-type of that multipart.
  template <text_output Out>
  void report_type_to(Out&& out) const noexcept(detail::is_nothrow_output<Out>);
  /// Whether it is in a mail inside the mail.
  constexpr bool is_forwarded() const noexcept { return leaf_.is_forwarded; }
  /// Whether it came back or was complained about: it is in a multipart/report of type
  /// delivery-status or feedback-report. Such a report is about what others received.
  constexpr bool is_returned() const noexcept { return leaf_.is_returned; }

  /// Gives its content. What needs no decoding is a view of the mail; other content is written to
  /// `buffer`, a std::string, a std::vector of char or the like, which grows to what is needed and
  /// never shrinks. Of a text only what begins like a report is given, without its quoting.
  /// Findings are about this part: mail_transfer_encoding, mail_base64_form, mail_report_in_text,
  /// mail_forwarded, mail_returned, mail_encoded_message, mail_two_file_names. Errors:
  /// mail_part_too_long, and violations that `C` does not accept. Linear.
  template <class Buffer, diagnostic_sink S = ignore_diagnostics, conformance C = lenient>
  result<std::string_view> decode(Buffer& buffer, S&& sink = {}, C conformance = {}) const;
  /// The same without a sink.
  template <class Buffer, conformance C>
  requires(!diagnostic_sink<C>) result<std::string_view> decode(Buffer& buffer,
                                                                const C& conformance)
  const;

  /// Reads the mail that is the content of a part of kind part_kind::mail; `decoded` is what
  /// decode() gave. Places, depth and whether it was returned continue those of this part; what was
  /// signed has the header of the mail around it. It lives as long as `decoded` and this mail: so
  /// its parts need another buffer to be decoded to.
  template <diagnostic_sink S = ignore_diagnostics, conformance C = lenient>
  result<mail_view> read_inside(std::string_view decoded TLSRPT_HPP_LIFETIMEBOUND, S&& sink = {},
                                C conformance = {}) const;
  /// The same without a sink.
  template <conformance C>
  requires(!diagnostic_sink<C>) result<mail_view> read_inside(
      std::string_view decoded TLSRPT_HPP_LIFETIMEBOUND, const C& conformance)
  const;

 private:
  friend class detail::part_step;

  detail::leaf_part leaf_{};
  std::size_t offset_ = 0;
  mail_limits limits_{};
};

namespace detail {

/// Parts of which a view keeps what was found: most mails have no more.
using first_parts = late_stack<leaf_part, 4>;

/// Which parts a range has.
enum class part_choice : std::uint8_t { all, candidates, passed_over };

/// Hands out the parts of a mail one after the other: those that were kept, and then those that are
/// found again.
class part_step {
 public:
  using value_type = mail_part_view;

  part_step() = default;
  part_step(const mail_view& mail, part_choice choice) noexcept : mail_(&mail), choice_(choice) {}

  bool next(mail_part_view& part) noexcept;

 private:
  bool next_beyond(leaf_part& leaf) noexcept;

  const mail_view* mail_ = nullptr;
  std::size_t at_ = 0;  ///< Among all parts.
  std::optional<mail_walker> walker_{};
  part_choice choice_ = part_choice::all;
};

}  // namespace detail

/// Parts of a mail in their order, see mail_view, as long as which it lives.
class mail_part_range {
 public:
  /// A forward iterator that gives mail_part_view.
  using iterator = detail::step_iterator<detail::part_step>;

  /// The first part.
  iterator begin() const noexcept { return iterator(first_); }
  /// After the last part.
  iterator end() const noexcept { return {}; }
  /// Whether there is none.
  bool empty() const noexcept { return begin() == end(); }

 private:
  friend class mail_view;
  explicit mail_part_range(const detail::part_step& first) noexcept : first_(first) {}

  detail::part_step first_;
};

/// Why a mail should bring a report, weakest first.
enum class mail_claim : std::uint8_t {
  none,     ///< It does not say so.
  subject,  ///< Its Subject, which those of DMARC reports are like (RFC 7489, section 7.2.1.1).
  label     ///< A TLS-Report- field, a report-type, or the media type or file name of a part.
};

/// A mail that was read.
class mail_view {
 public:
  /// A mail without parts.
  constexpr mail_view() noexcept {}  // as mail_part_view()

  /// The octets.
  constexpr std::string_view text() const noexcept { return text_; }
  /// Its header, not those of mails inside.
  constexpr mail_header header() const noexcept { return mail_header(header_); }

  /// All parts that are not made of parts.
  mail_part_range parts() const& noexcept TLSRPT_HPP_LIFETIMEBOUND;
  /// Deleted: the range of a temporary would dangle.
  mail_part_range parts() const&& = delete;
  /// Those in which reports may be found.
  mail_part_range candidates() const& noexcept TLSRPT_HPP_LIFETIMEBOUND;
  /// Deleted: the range of a temporary would dangle.
  mail_part_range candidates() const&& = delete;
  /// Those that are passed over; kind() says why.
  mail_part_range passed_over() const& noexcept TLSRPT_HPP_LIFETIMEBOUND;
  /// Deleted: the range of a temporary would dangle.
  mail_part_range passed_over() const&& = delete;

  /// Whether it says that it brings a report. Returned mails inside it do not count.
  constexpr mail_claim claim() const noexcept { return claim_; }
  /// Why no report can be found in it, although it may or should have one: cms_encrypted,
  /// pgp_encrypted, tnef_container, compound_file, mail_nested_too_deep, or mail_report_missing
  /// when it only says so. errc::ok when a candidate looks readable, and when nothing says that
  /// there should be one.
  constexpr errc shortage() const noexcept { return shortage_; }

 private:
  template <class Conformance, class Sink>
  friend class detail::mail_reader;
  friend class detail::part_step;

  std::string_view text_{}, header_{};
  mail_limits limits_{};
  detail::message_place place_{};
  detail::first_parts first_{};
  bool has_more_ = false;  ///< Parts than the first ones.
  mail_claim claim_ = mail_claim::none;
  errc shortage_ = errc::ok;
};

/// Whether an input begins like a mail: a header with at least one usual field. A byte order mark,
/// empty lines and a "From " line of an mbox may precede it. The first 64 KiB are always enough.
constexpr bool is_mail(std::string_view start) noexcept;

/// Reads one mail, of which `octets` is all; what is_mail() skips may precede it. Locations are in
/// source::mail. Errors: mail_too_long, mail_header_too_long, mail_too_many_parts, and violations
/// that `C` does not accept. Octets that are no mail have one part, without a type.
template <diagnostic_sink S = ignore_diagnostics, conformance C = lenient>
result<mail_view> read_mail(std::string_view octets TLSRPT_HPP_LIFETIMEBOUND, S&& sink = {},
                            C conformance = {}, const mail_limits& limits = {});

/// The same without a sink.
template <conformance C>
requires(!diagnostic_sink<C>) result<mail_view> read_mail(
    std::string_view octets TLSRPT_HPP_LIFETIMEBOUND, const C& conformance,
    const mail_limits& limits = {});

/// Deleted: the views of a temporary would dangle.
template <conformance C = lenient, detail::owning_temporary Text, class... Rest>
result<mail_view> read_mail(Text&&, Rest&&...) = delete;

}  // namespace tlsrpt

#include <tlsrpt/impl/mail/mail.hpp>

#endif
