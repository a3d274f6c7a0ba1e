/// @file
/// The header of a mail (RFC 5322): its fields, as they lie in memory. Needs nothing but the
/// standard library.
///
/// Nothing in a header is trustworthy unless the mail was authenticated. Everything here is
/// constexpr and allocates nothing; views live as long as the header. Any line end will do.

#ifndef TLSRPT_HPP_MAIL_HEADER
#define TLSRPT_HPP_MAIL_HEADER

#include <string_view>

#include <tlsrpt/detail/core/step_iterator.hpp>
#include <tlsrpt/detail/mail/message/lines.hpp>
#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/output.hpp>

namespace tlsrpt {

/// A header field as written.
struct header_field {
  std::string_view name{};   ///< Without the colon.
  std::string_view value{};  ///< What follows the colon, with its folding and its whitespace.

  /// Writes the value on one line, without whitespace around it. value.size() octets are enough.
  template <text_output Out>
  constexpr void unfold_to(Out&& out) const noexcept(detail::is_nothrow_output<Out>);

  /// Writes the value on one line in UTF-8, with encoded words (RFC 2047) decoded. UTF-8, ISO
  /// 8859-1 and windows-1252 are converted, other charsets are read as ISO 8859-1, and so is what
  /// is not UTF-8.
  template <text_output Out>
  constexpr void decode_to(Out&& out) const noexcept(detail::is_nothrow_output<Out>);

  /// Whether there is a field; mail_header::field() gives one without a name when there is none.
  explicit constexpr operator bool() const noexcept { return !name.empty(); }
};

namespace detail {

/// Hands out the fields of a header one after the other.
class header_field_step {
 public:
  using value_type = header_field;

  constexpr header_field_step() = default;
  /// `name` is of the fields that are wanted; empty for all.
  constexpr header_field_step(std::string_view header, std::string_view name) noexcept
      : header_(header), name_(name) {}

  constexpr bool next(header_field& field) noexcept;

 private:
  std::string_view header_{}, name_{};
  std::size_t at_ = 0;
};

}  // namespace detail

/// Fields of a header in their order, see mail_header.
class header_field_range {
 public:
  /// A forward iterator that gives header_field.
  using iterator = detail::step_iterator<detail::header_field_step>;

  /// The first field.
  constexpr iterator begin() const noexcept { return iterator(first_); }
  /// After the last field.
  constexpr iterator end() const noexcept { return {}; }
  /// Whether there is none.
  constexpr bool empty() const noexcept { return begin() == end(); }

 private:
  friend class mail_header;
  explicit constexpr header_field_range(const detail::header_field_step& first) noexcept
      : first_(first) {}

  detail::header_field_step first_;
};

/// The header of a mail. Each call is linear in it.
class mail_header {
 public:
  /// A header without fields.
  constexpr mail_header() = default;
  /// The lines of a header, without the empty line after it. Lines that are no fields are skipped.
  explicit constexpr mail_header(std::string_view text) noexcept : text_(text) {}

  /// The lines.
  constexpr std::string_view text() const noexcept { return text_; }

  /// All fields.
  constexpr header_field_range fields() const noexcept;
  /// The fields of this name, in any case. The range has a view of it.
  constexpr header_field_range fields(std::string_view name) const noexcept;
  /// The first field of this name; one without a name when there is none.
  constexpr header_field field(std::string_view name) const noexcept;

  /// The first From field.
  constexpr header_field from() const noexcept { return field("From"); }
  /// The first To field.
  constexpr header_field to() const noexcept { return field("To"); }
  /// The first Subject field; parse_subject() reads its value.
  constexpr header_field subject() const noexcept { return field("Subject"); }
  /// The first Date field.
  constexpr header_field date() const noexcept { return field("Date"); }
  /// The first Message-ID field.
  constexpr header_field message_id() const noexcept { return field("Message-ID"); }
  /// The TLS-Report-Domain fields (RFC 8460, section 5.3); select_domain_field() reads their
  /// values.
  constexpr header_field_range report_domains() const noexcept {
    return fields("TLS-Report-Domain");
  }
  /// The TLS-Report-Submitter fields (RFC 8460, section 5.3).
  constexpr header_field_range report_submitters() const noexcept {
    return fields("TLS-Report-Submitter");
  }
  /// The first TLS-Required field (RFC 8689, section 5).
  constexpr header_field tls_required() const noexcept { return field("TLS-Required"); }
  /// The Received fields, the last hop first.
  constexpr header_field_range received() const noexcept { return fields("Received"); }
  /// The Authentication-Results fields (RFC 8601). Whoever sent the mail may have written some.
  constexpr header_field_range authentication_results() const noexcept {
    return fields("Authentication-Results");
  }

 private:
  std::string_view text_{};
};

}  // namespace tlsrpt

#include <tlsrpt/impl/mail/mail_header.hpp>

#endif
