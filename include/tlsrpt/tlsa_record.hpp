/// @file
/// TLSA records as `policy-string` quotes them (RFC 8460, section 4.5; RFC 6698, section 2.2).
/// Needs nothing but the standard library.
///
///     TLSA record       = usage " " selector " " matching-type " " 1*(2HEXDIG)
///
/// Reports quote records verbatim, mistakes included. So the readers here continue after every
/// deviation that `C` accepts; with tlsrpt::lenient they never fail.
///
/// Locations: where.element is the index of the record in the array, where.offset counts octets
/// inside that element, where.member is field::policy_string.
///
/// Nothing is stored or allocated, and nothing thrown but by a sink or an output of yours. Views
/// live as long as the texts and, where they borrow a span, its array.

#ifndef TLSRPT_HPP_TLSA_RECORD
#define TLSRPT_HPP_TLSA_RECORD

#include <compare>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <type_traits>

#include <tlsrpt/conformance.hpp>
#include <tlsrpt/detail/core/lifetime.hpp>
#include <tlsrpt/detail/core/step_iterator.hpp>
#include <tlsrpt/detail/policy/steps.hpp>
#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/error.hpp>
#include <tlsrpt/output.hpp>
#include <tlsrpt/result.hpp>
#include <tlsrpt/schema.hpp>

namespace tlsrpt {

// The numbers of a TLSA record (RFC 6698, section 2.1; names of RFC 7218). Values without a name
// are kept: they are unassigned.

/// The certificate usage (RFC 6698, section 2.1.1).
enum class tlsa_usage : std::uint8_t {
  pkix_ta = 0,     ///< PKIX-TA: a trust anchor that PKIX has to lead to; not for SMTP.
  pkix_ee = 1,     ///< PKIX-EE: the host's certificate, which PKIX has to accept; not for SMTP.
  dane_ta = 2,     ///< DANE-TA: a trust anchor of the domain's own.
  dane_ee = 3,     ///< DANE-EE: the host's certificate, whatever names and dates it has.
  priv_cert = 255  ///< PrivCert: for private use.
};

/// What of the certificate is compared (RFC 6698, section 2.1.2).
enum class tlsa_selector : std::uint8_t {
  cert = 0,       ///< Cert: all of it.
  spki = 1,       ///< SPKI: the public key.
  priv_sel = 255  ///< PrivSel: for private use.
};

/// How the data represents it (RFC 6698, section 2.1.3).
enum class tlsa_matching_type : std::uint8_t {
  full = 0,         ///< Full: the octets themselves.
  sha2_256 = 1,     ///< SHA2-256: 32 octets.
  sha2_512 = 2,     ///< SHA2-512: 64 octets.
  priv_match = 255  ///< PrivMatch: for private use.
};

/// The mnemonic of RFC 7218, such as "DANE-EE"; empty for unassigned values.
constexpr std::string_view name(tlsa_usage usage) noexcept;
/// The mnemonic of RFC 7218, such as "SPKI"; empty for unassigned values.
constexpr std::string_view name(tlsa_selector selector) noexcept;
/// The mnemonic of RFC 7218, such as "SHA2-256"; empty for unassigned values.
constexpr std::string_view name(tlsa_matching_type type) noexcept;

/// An element of a TLSA policy (RFC 6698, section 2).
struct tlsa_record_view {
  tlsa_usage usage{};                  ///< The first field.
  tlsa_selector selector{};            ///< The second field.
  tlsa_matching_type matching_type{};  ///< The third field.
  /// The certificate association data: hexadecimal digits, an even number, in either case.
  std::string_view data{};
  std::string_view text{};  ///< As written.

  /// Whether the text is a record; else only `text` is set.
  constexpr bool readable() const noexcept { return !data.empty(); }

  /// Writes the octets of the data, data.size() / 2; none of what is not readable. Throws what
  /// `out` throws.
  template <text_output Out>
  constexpr void decode_to(Out&& out) const noexcept(detail::is_nothrow_output<Out>);
};

/// Reads one record. Not readable are texts without three numbers from 0 to 255, or known
/// mnemonics, and data in hexadecimal digits without whitespace or parentheses inside: RFC 8460,
/// section 4.5 has no folded records. Errors: the deviations that `C` does not accept. Linear.
template <conformance C = lenient, diagnostic_sink S = ignore_diagnostics>
constexpr result<tlsa_record_view> parse_tlsa_record(
    std::string_view text TLSRPT_HPP_LIFETIMEBOUND, S&& sink = {},
    C conformance = {}) noexcept(detail::is_nothrow_sink<S>);

/// The same without a sink.
template <conformance C>
requires(!diagnostic_sink<C>) constexpr result<tlsa_record_view> parse_tlsa_record(
    std::string_view text TLSRPT_HPP_LIFETIMEBOUND, const C& conformance) noexcept;

/// Deleted: the views of a temporary would dangle.
template <conformance C = lenient, detail::owning_temporary Text, class... Rest>
constexpr result<tlsa_record_view> parse_tlsa_record(Text&&, Rest&&...) = delete;

/// The records of an RRset, see tlsa_rrset_view::records(): a forward range that parses an element
/// for each step. Iterators give values, borrow the array, and outlive their range.
class tlsa_record_range {
 public:
  /// A forward iterator that gives tlsa_record_view.
  using iterator = detail::step_iterator<detail::tlsa_record_step>;

  /// The first record.
  constexpr iterator begin() const noexcept;
  /// After the last record.
  constexpr iterator end() const noexcept;

 private:
  friend class tlsa_rrset_view;
  explicit constexpr tlsa_record_range(const detail::tlsa_record_step& first) noexcept
      : first_(first) {}

  detail::tlsa_record_step first_;
};

/// A TLSA RRset. Borrows the array.
class tlsa_rrset_view {
 public:
  /// An RRset without records.
  constexpr tlsa_rrset_view() = default;
  /// The RRset with these texts of records, which are borrowed.
  explicit constexpr tlsa_rrset_view(
      std::span<const std::string_view> elements TLSRPT_HPP_LIFETIMEBOUND) noexcept
      : elements_(elements) {}
  /// Deleted: the view of a temporary would dangle.
  template <detail::owning_temporary Elements>
  // NOLINTNEXTLINE(bugprone-forwarding-reference-overload): no tlsa_rrset_view is such a temporary
  explicit tlsa_rrset_view(Elements&&) = delete;
  /// Deleted: the array of a list in braces is a temporary.
  explicit tlsa_rrset_view(std::initializer_list<std::string_view>) = delete;

  /// One record for each element, the unreadable ones included.
  constexpr tlsa_record_range records() const noexcept;
  /// The texts, as they were given.
  constexpr std::span<const std::string_view> elements() const noexcept { return elements_; }

 private:
  std::span<const std::string_view> elements_{};
};

/// Reads the records of a policy, as policy_head_view::policy_string has them. Errors: the first
/// deviation that `C` does not accept. Linear.
template <conformance C = lenient, diagnostic_sink S = ignore_diagnostics>
constexpr result<tlsa_rrset_view> parse_tlsa_rrset(
    std::span<const std::string_view> elements TLSRPT_HPP_LIFETIMEBOUND, S&& sink = {},
    C conformance = {}) noexcept(detail::is_nothrow_sink<S>);

/// The same without a sink.
template <conformance C>
requires(!diagnostic_sink<C>) constexpr result<tlsa_rrset_view> parse_tlsa_rrset(
    std::span<const std::string_view> elements TLSRPT_HPP_LIFETIMEBOUND,
    const C& conformance) noexcept;

/// Deleted: the views of a temporary would dangle.
template <conformance C = lenient, detail::owning_temporary Elements, class... Rest>
constexpr result<tlsa_rrset_view> parse_tlsa_rrset(Elements&&, Rest&&...) = delete;
/// Deleted: the array of a list in braces is a temporary.
template <conformance C = lenient, class... Rest>
constexpr result<tlsa_rrset_view> parse_tlsa_rrset(std::initializer_list<std::string_view>,
                                                   Rest&&...) = delete;

/// An order of the texts of TLSA records by what they say: numbers by value, then data without
/// regard to case. Texts that are not readable come last, in the order of their octets.
constexpr std::weak_ordering tlsa_order(std::string_view a, std::string_view b) noexcept;

/// A hash that is the same for records that are equivalent by tlsa_order(). It is not keyed and may
/// change with the version of the library.
constexpr std::uint64_t tlsa_hash(std::string_view text) noexcept;

/// The most elements that same_tlsa_set() takes for an RRset: no DNS message has room for more
/// records with digests.
inline constexpr std::size_t max_tlsa_records = 1400;

/// The most octets that same_tlsa_set() takes for the texts of an RRset: no DNS message has room
/// for more data, which is twice as long in hexadecimal digits.
inline constexpr std::size_t max_tlsa_octets = std::size_t{2} * 65'535;

/// Whether two TLSA RRsets hold the same records by tlsa_order(), whatever the order and number of
/// each. Arrays of more than max_tlsa_records elements or max_tlsa_octets are no RRsets: they have
/// to be equivalent element by element. Complexity: n log n, with n limited to max_tlsa_records;
/// linear above.
constexpr bool same_tlsa_set(std::span<const std::string_view> a,
                             std::span<const std::string_view> b) noexcept;

/// A hash that is the same for RRsets with the same records, whatever the order and number of each.
/// Linear. See tlsa_hash().
constexpr std::uint64_t tlsa_set_hash(std::span<const std::string_view> elements) noexcept;

}  // namespace tlsrpt

#include <tlsrpt/impl/tlsa_record.hpp>

#endif
