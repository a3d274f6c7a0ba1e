/// @file
/// What stands in `policy-string`: lines of an MTA-STS policy (RFC 8460, section 4.5; RFC 8461,
/// section 3.2) and TLSA records (RFC 6698, section 2.2). Needs nothing but the standard library.
///
///     sts-policy-record = sts-policy-field *WSP *((LF / CRLF) sts-policy-field *WSP) [LF / CRLF]
///     version           = %s"version" ":" *WSP %s"STSv1"
///     mode              = %s"mode" ":" *WSP (%s"testing" / %s"enforce" / %s"none")
///     max_age           = %s"max_age" ":" *WSP 1*10(DIGIT)
///     mx                = %s"mx" ":" *WSP ["*."] Domain
///     extension         = (ALPHA / DIGIT) *31(ALPHA / DIGIT / "_" / "-" / ".") ":" *WSP value
///     value             = vchar [*(SP / vchar) vchar]       ; vchar = %x21-7E / beyond ASCII
///
///     TLSA record       = usage " " selector " " matching-type " " 1*(2HEXDIG)
///
/// A report repeats a policy with all mistakes of its author. So the readers here go on after every
/// deviation that `C` accepts; with tlsrpt::lenient they never fail.
///
/// Locations: where.element is the index of the line or record in the array, where.offset counts
/// octets inside that element, where.member is field::policy_string; fields that are missing have
/// no element. For a policy that is one text, offsets count octets of that text, and element and
/// member are not set.
///
/// Nothing is stored, allocated or thrown. Views live as long as the texts and, where they borrow a
/// span, the array it stands for.

#ifndef TLSRPT_HPP_POLICY_TEXT
#define TLSRPT_HPP_POLICY_TEXT

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include <tlsrpt/conformance.hpp>
#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/error.hpp>
#include <tlsrpt/result.hpp>
#include <tlsrpt/vocabulary.hpp>

#include <tlsrpt/detail/policy_lines.hpp>

namespace tlsrpt {

// ---- MTA-STS policies

/// `mode` of an MTA-STS policy (RFC 8461, section 5). `none` means to go on as without a policy.
enum class sts_mode : std::uint8_t {
  unknown,  ///< Absent, or a text that RFC 8461 does not know.
  testing,  ///< Failures are reported; mail goes out all the same.
  enforce,  ///< Mail goes to hosts that match and have a valid certificate, or not at all.
  none      ///< As without a policy.
};

/// What a mode means; differences in case are folded (`exact` is false then). Linear.
constexpr match<sts_mode> match_sts_mode(std::string_view text) noexcept;

/// The text of the mode; empty for unknown.
constexpr std::string_view name(sts_mode mode) noexcept;

/// The most seconds that max_age may say (RFC 8461, section 3.2).
inline constexpr std::uint64_t largest_max_age = 31'557'600;

/// The field that a line of an MTA-STS policy holds; none for a line without a well-formed key.
enum class sts_key : std::uint8_t {
  none,      ///< The line has no well-formed key.
  version,   ///< "version"
  mode,      ///< "mode"
  max_age,   ///< "max_age"
  mx,        ///< "mx"
  extension  ///< Another well-formed key, which senders ignore.
};

/// A line taken apart at its first colon. Key and value have no blanks around them, the value no
/// quotation marks either. A key of another case, or with "-" for "_", is read as the one that was
/// meant.
struct sts_field_view {
  sts_key key = sts_key::none;  ///< What the line is about.
  std::string_view name{};      ///< The key, as written.
  std::string_view value{};     ///< What stands behind the colon.
};

/// Takes one line apart; a line end may be at its end. Linear.
constexpr sts_field_view read_sts_line(std::string_view line) noexcept;

/// An MTA-STS policy. Borrows the array of lines, or the text; the ranges read it anew each time,
/// one line for each step.
class sts_policy_view {
 public:
  /// A policy without lines.
  constexpr sts_policy_view() = default;

  // Of each of these fields the first counts. Where a key is there in its right spelling, too,
  // misspelt ones do not.

  /// The version, as written: "STSv1"; empty when there is none.
  constexpr std::string_view version() const noexcept { return version_; }
  /// The mode; sts_mode::unknown when there is none.
  constexpr const token<sts_mode>& mode() const noexcept { return mode_; }
  /// Seconds, as written: not cut to largest_max_age. Nothing when it is not a number below 2^64.
  constexpr const std::optional<std::uint64_t>& max_age() const noexcept { return max_age_; }

  /// The mx patterns in their order, as written, without empty ones. A forward range of
  /// std::string_view.
  constexpr auto mx() const noexcept;

  /// Whether a host matches one of the mx patterns (RFC 8461, section 4.1). A pattern that is not
  /// well-formed matches nothing: it is not repaired, as senders do not repair it. Linear.
  constexpr bool matches(std::string_view host) const noexcept;

  /// The well-formed fields that RFC 8461 does not know and senders ignore. A forward range of
  /// sts_field_view.
  constexpr auto extensions() const noexcept;

  /// All lines that have a key. A forward range of sts_field_view.
  constexpr auto fields() const noexcept;

  /// All lines, whatever they hold, without their line ends. A forward range of std::string_view.
  constexpr auto lines() const noexcept;

 private:
  template <class Conformance, class Sink>
  friend class detail::sts_policy_reader;

  detail::policy_lines lines_{};
  std::string_view version_{};
  token<sts_mode> mode_{};
  std::optional<std::uint64_t> max_age_{};
};

/// Reads the lines of a policy, as policy_head_view::policy_string has them. Elements that hold
/// several lines are taken apart. Errors: the deviations that `C` does not accept. Linear.
template <conformance C = lenient, diagnostic_sink S = ignore_diagnostics>
constexpr result<sts_policy_view> parse_sts_policy(
    std::span<const std::string_view> lines, S&& sink = {},
    C conformance = {}) noexcept(detail::is_nothrow_sink<S>);

/// Reads a policy that is one text with LF or CRLF behind its lines, such as the body of
/// mta-sts.txt. Errors: the deviations that `C` does not accept. Linear.
template <conformance C = lenient, diagnostic_sink S = ignore_diagnostics>
constexpr result<sts_policy_view> parse_sts_policy(
    std::string_view text, S&& sink = {}, C conformance = {}) noexcept(detail::is_nothrow_sink<S>);

/// Deleted: the views of a temporary would dangle.
template <conformance C = lenient, class Text, class... Rest>
requires std::same_as<std::remove_cv_t<Text>, std::string>
constexpr result<sts_policy_view> parse_sts_policy(Text&& text, Rest&&...) = delete;

// ---- TLSA records

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

/// How the data stand for it (RFC 6698, section 2.1.3).
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

  /// Writes the octets of the data to `out`, as far as they fit. Returns the size needed, 0 for
  /// what is not readable.
  constexpr std::size_t decode_to(std::span<std::byte> out) const noexcept;
};

/// Reads one record. Not readable are texts without three numbers from 0 to 255, or known
/// mnemonics, and data in hexadecimal digits without blanks or parentheses inside: RFC 8460,
/// section 4.5 has no folded records. Errors: the deviations that `C` does not accept. Linear.
template <conformance C = lenient, diagnostic_sink S = ignore_diagnostics>
constexpr result<tlsa_record_view> parse_tlsa_record(
    std::string_view text, S&& sink = {}, C conformance = {}) noexcept(detail::is_nothrow_sink<S>);

/// A TLSA RRset. Borrows the array; the range reads it anew each time.
class tlsa_rrset_view {
 public:
  /// An RRset without records.
  constexpr tlsa_rrset_view() = default;
  /// The RRset with these texts of records, which are borrowed.
  explicit constexpr tlsa_rrset_view(std::span<const std::string_view> elements) noexcept
      : elements_(elements) {}

  /// One tlsa_record_view for each element, the unreadable ones included. A forward range.
  constexpr auto records() const noexcept;
  /// The texts, as they were given.
  constexpr std::span<const std::string_view> elements() const noexcept { return elements_; }

 private:
  std::span<const std::string_view> elements_{};
};

/// Reads the records of a policy, as policy_head_view::policy_string has them. Errors: the first
/// deviation that `C` does not accept. Linear.
template <conformance C = lenient, diagnostic_sink S = ignore_diagnostics>
constexpr result<tlsa_rrset_view> parse_tlsa_rrset(
    std::span<const std::string_view> elements, S&& sink = {},
    C conformance = {}) noexcept(detail::is_nothrow_sink<S>);

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

#include <tlsrpt/detail/sts_policy_impl.hpp>
#include <tlsrpt/detail/tlsa_record_impl.hpp>

#endif
