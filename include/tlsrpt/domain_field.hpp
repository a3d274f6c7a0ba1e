/// @file
/// The header fields TLS-Report-Domain and TLS-Report-Submitter (RFC 8460, section 5.3). Needs
/// nothing but the standard library.
///
/// A field is a hint: the content of the report decides (RFC 8460, section 5.6), and the field is
/// not trustworthy unless the mail was authenticated. Everything here is constexpr, allocates
/// nothing and takes time linear in the text.

#ifndef TLSRPT_HPP_DOMAIN_FIELD
#define TLSRPT_HPP_DOMAIN_FIELD

#include <span>
#include <string_view>
#include <type_traits>

#include <tlsrpt/detail/core/lifetime.hpp>
#include <tlsrpt/conformance.hpp>
#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/result.hpp>

namespace tlsrpt {

/// Reads the value of one of the two fields, folded or not: the domain without a trailing dot.
/// Comments, brackets, quotation marks and the dot are reported; U-labels are returned as written.
/// Of several domains in one value the first is used (errc::several_domains). The view points into
/// `value`. Errors: domain_field_value when there is no domain, and violations that `C` does not
/// accept.
template <conformance C = lenient, diagnostic_sink S = ignore_diagnostics>
constexpr result<std::string_view> parse_domain_field(
    std::string_view value, S&& sink = {}, C conformance = {}) noexcept(detail::is_nothrow_sink<S>);

/// The same without a sink.
template <conformance C>
requires(!diagnostic_sink<C>) constexpr result<std::string_view> parse_domain_field(
    std::string_view value, const C& conformance) noexcept;

/// Deleted: the view of a temporary would dangle.
template <conformance C = lenient, detail::owning_temporary Text, class... Rest>
constexpr result<std::string_view> parse_domain_field(Text&& value, Rest&&...) = delete;

/// The same for a field that occurs more than once: the first value with a domain is used; others
/// that differ are reported (errc::several_domains). where.element is the index in `values` of the
/// one that a location counts in.
template <conformance C = lenient, diagnostic_sink S = ignore_diagnostics>
constexpr result<std::string_view> select_domain_field(
    std::span<const std::string_view> values, S&& sink = {},
    C conformance = {}) noexcept(detail::is_nothrow_sink<S>);

/// The same without a sink.
template <conformance C>
requires(!diagnostic_sink<C>) constexpr result<std::string_view> select_domain_field(
    std::span<const std::string_view> values, const C& conformance) noexcept;

}  // namespace tlsrpt

#include <tlsrpt/impl/mail/domain_field.hpp>

#endif
