/// @file
/// The TXT record that says where reports go, at `_smtp._tls.example.com` for example.com (RFC
/// 8460, section 3). Needs nothing but the standard library.
///
///     tlsrpt-record     = tlsrpt-version 1*(field-delim tlsrpt-field) [field-delim]
///     field-delim       = *WSP ";" *WSP
///     tlsrpt-field      = tlsrpt-rua / tlsrpt-extension
///     tlsrpt-version    = %s"v=TLSRPTv1"
///     tlsrpt-rua        = %s"rua=" tlsrpt-uri *(*WSP "," *WSP tlsrpt-uri)
///     tlsrpt-uri        = URI        ; RFC 3986; "," "!" ";" are percent-encoded
///     tlsrpt-extension  = tlsrpt-ext-name "=" tlsrpt-ext-value
///     tlsrpt-ext-name   = (ALPHA / DIGIT) *31(ALPHA / DIGIT / "_" / "-" / ".")
///     tlsrpt-ext-value  = 1*(%x21-3A / %x3C / %x3E-7E)
///
/// Views live as long as the text they were read from. All functions are constexpr, allocate
/// nothing and throw nothing but what a sink or an output of yours throws.

#ifndef TLSRPT_HPP_RECORD
#define TLSRPT_HPP_RECORD

#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>

#include <tlsrpt/conformance.hpp>
#include <tlsrpt/detail/core/lifetime.hpp>
#include <tlsrpt/detail/core/step_iterator.hpp>
#include <tlsrpt/detail/record/plain_record.hpp>
#include <tlsrpt/detail/record/steps.hpp>
#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/error.hpp>
#include <tlsrpt/limits.hpp>
#include <tlsrpt/output.hpp>
#include <tlsrpt/result.hpp>
#include <tlsrpt/uri_scheme.hpp>

namespace tlsrpt {

/// An element of a rua list, as written.
struct rua_view {
  std::string_view uri{};                 ///< As written, without surrounding whitespace.
  uri_scheme scheme = uri_scheme::other;  ///< What the URI begins with.

  /// mailto: the address, still percent-encoded, without header fields. Else the URI without its
  /// fragment.
  constexpr std::string_view target() const noexcept;

  /// mailto: writes the address with its percent triplets decoded (once). Else writes target(),
  /// since an encoded octet of a URL must go out as it is (RFC 3986, section 2.2). target().size()
  /// octets are always enough.
  template <text_output Out>
  constexpr void decode_to(Out&& out) const noexcept(detail::is_nothrow_output<Out>);
};

/// A field that RFC 8460 does not know; RFC 8460, section 3 has such fields ignored.
struct extension_view {
  std::string_view name{};   ///< As written, before the "=".
  std::string_view value{};  ///< As written, after it.
};

// The parts of a record are forward ranges that parse its text on each traversal. Iterators give
// values, borrow the text alone, and outlive their range.

/// The endpoints of a record, see record_view::endpoints(). For a record in the common form it is
/// known where they are, so that nothing is parsed again.
class endpoint_range {
 public:
  /// A forward iterator that gives rua_view.
  using iterator = detail::step_iterator<detail::endpoint_step>;

  /// The first endpoint.
  constexpr iterator begin() const noexcept;
  /// After the last endpoint.
  constexpr iterator end() const noexcept;

 private:
  friend class record_view;
  explicit constexpr endpoint_range(const detail::endpoint_step& first) noexcept : first_(first) {}

  detail::endpoint_step first_;
};

/// The elements of the rua fields of a record, see record_view::rua().
class rua_range {
 public:
  /// A forward iterator that gives rua_view.
  using iterator = detail::step_iterator<detail::rua_step>;

  /// The first element.
  constexpr iterator begin() const noexcept;
  /// After the last element.
  constexpr iterator end() const noexcept;

 private:
  friend class record_view;
  explicit constexpr rua_range(const detail::rua_step& first) noexcept : first_(first) {}

  detail::rua_step first_;
};

/// The fields of a record that are not rua, see record_view::extensions().
class extension_range {
 public:
  /// A forward iterator that gives extension_view.
  using iterator = detail::step_iterator<detail::extension_step>;

  /// The first field.
  constexpr iterator begin() const noexcept;
  /// After the last field.
  constexpr iterator end() const noexcept;

 private:
  friend class record_view;
  explicit constexpr extension_range(const detail::extension_step& first) noexcept
      : first_(first) {}

  detail::extension_step first_;
};

/// A record that was found usable. Borrows the text.
class record_view {
 public:
  /// A record without text and endpoints.
  constexpr record_view() = default;

  /// The addresses that reports go to: elements of all rua fields that can be used, mailto: or
  /// https:, in order, each once, max_endpoints at most. Linear for each step.
  constexpr endpoint_range endpoints() const noexcept;

  /// Every element of all rua fields, as written, the unusable ones included; empty ones are left
  /// out.
  constexpr rua_range rua() const noexcept;

  /// The well-formed fields that are not rua.
  constexpr extension_range extensions() const noexcept;

  /// The text that was read.
  constexpr std::string_view text() const noexcept { return text_; }

 private:
  template <class Conformance, class Sink>
  friend class detail::record_reader;
  constexpr record_view(std::string_view text, detail::plain_list list) noexcept
      : text_(text), list_(list) {}

  std::string_view text_{};
  detail::plain_list list_{};
};

/// Reads one record: the character-strings of one TXT record joined, as DNS has it, not as
/// zone files or tools write it. Errors: the codes of records of grade fatal, and the violations
/// that `C` does not accept; where a usual slip explains the failure, error().hint names it. Linear
/// in the text but for the number of endpoints, which is limited.
template <conformance C = lenient, diagnostic_sink S = ignore_diagnostics>
constexpr result<record_view> parse_record(std::string_view txt TLSRPT_HPP_LIFETIMEBOUND,
                                           S&& sink = {},
                                           C conformance = {}) noexcept(detail::is_nothrow_sink<S>);

/// The same without a sink.
template <conformance C>
requires(!diagnostic_sink<C>) constexpr result<record_view> parse_record(
    std::string_view txt TLSRPT_HPP_LIFETIMEBOUND, const C& conformance) noexcept;

/// Deleted: the views of a temporary would dangle.
template <conformance C = lenient, detail::owning_temporary Text, class... Rest>
constexpr result<record_view> parse_record(Text&&, Rest&&...) = delete;

/// Picks the record among all TXT records of the name, each joined from its strings (RFC
/// 8460, section 3): those that do not begin with exactly "v=TLSRPTv1;" are dropped when there are
/// several, then one has to be left. Locations with source::record_set are about the record with
/// the index where.element, those with source::record of the text of the one that was left. Errors:
/// no_txt_record, not_tlsrpt, several_records, identical_records and those of parse_record.
template <conformance C = lenient, diagnostic_sink S = ignore_diagnostics>
constexpr result<record_view> select_record(
    std::span<const std::string_view> rrset, S&& sink = {},
    C conformance = {}) noexcept(detail::is_nothrow_sink<S>);

/// The same without a sink.
template <conformance C>
requires(!diagnostic_sink<C>) constexpr result<record_view> select_record(
    std::span<const std::string_view> rrset, const C& conformance) noexcept;

// What writes throws what its output throws, and is linear. On an error nothing is written.

/// Writes the strings of one TXT record with nothing between them (RFC 7208, section 3.3), as they
/// have to be before anything reads them.
template <text_output Out>
constexpr void join_strings(Out&& out, std::span<const std::string_view> strings) noexcept(
    detail::is_nothrow_output<Out>);

/// Writes the name to query: "_smtp._tls." and the domain without a trailing dot, 253 octets at
/// most. Errors: invalid_domain (with hint u_label when A-labels are needed),
/// address_literal_domain, policy_domain_too_long.
template <text_output Out>
constexpr result<void> query_name(Out&& out, std::string_view policy_domain) noexcept(
    detail::is_nothrow_output<Out>);

}  // namespace tlsrpt

#include <tlsrpt/impl/record.hpp>

#endif
