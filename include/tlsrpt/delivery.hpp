/// @file
/// The names and envelopes of reports (RFC 8460, section 5): file names, Subjects, the header
/// fields TLS-Report-Domain and TLS-Report-Submitter, media types, and how duplicates are
/// recognised. Needs nothing but the standard library.
///
///     filename       = sender "!" policy-domain "!" begin-timestamp "!" end-timestamp
///                      [ "!" unique-id ] "." extension
///     unique-id      = 1*(ALPHA / DIGIT)
///     extension      = "json" / "json.gz"
///
///     tlsrpt-subject = %s"Report" FWS %s"Domain:" FWS domain-name FWS
///                      %s"Submitter:" FWS domain-name FWS
///                      %s"Report-ID:" FWS "<" id-left "@" id-right ">" [CFWS]
///
/// All of this is a hint: the report's body decides (RFC 8460, section 5.6), and none of it
/// is trustworthy unless the mail was authenticated. An error means that the name or field carries
/// no information, not that the report is unusable. Views live as long as the text they were read
/// from; offsets count from its start. All functions are constexpr, allocate nothing, and take time
/// linear in the text.

#ifndef TLSRPT_HPP_DELIVERY
#define TLSRPT_HPP_DELIVERY

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
#include <tlsrpt/digest.hpp>
#include <tlsrpt/error.hpp>
#include <tlsrpt/model.hpp>
#include <tlsrpt/result.hpp>

namespace tlsrpt {

// ---- The file name (RFC 8460, section 5.1)

/// What a file name says. What it does not say is absent.
struct file_name_view {
  std::string_view sender{};            ///< The domain of who reports.
  std::string_view policy_domain{};     ///< The domain that the report is about.
  std::optional<std::int64_t> begin{};  ///< Seconds since 1970-01-01T00:00:00Z.
  std::optional<std::int64_t> end{};    ///< Seconds since 1970-01-01T00:00:00Z.
  std::string_view unique_id{};         ///< Distinguishes reports about the same time.
  bool is_gzip = false;                 ///< Whether the extension says gzip.

  friend constexpr bool operator==(const file_name_view&, const file_name_view&) = default;
};

/// Reads a file name. A leading path is skipped; the name is a hint and must never be used as a
/// path. Whitespace and quotation marks around the parts are skipped; those inside a part stay
/// there, see unfold_file_name(). Another extension, as copies and other senders have it, is
/// ignored. A domain is returned as written, even if it is not one (errc::file_name_domain,
/// errc::u_label); a time that cannot be read or does not fit is absent
/// (errc::file_name_timestamp). Errors: not_a_report_file_name when this is not such a name, and
/// violations `C` does not accept.
template <conformance C = lenient, diagnostic_sink S = ignore_diagnostics>
constexpr result<file_name_view> parse_file_name(
    std::string_view text, S&& sink = {}, C conformance = {}) noexcept(detail::is_nothrow_sink<S>);

/// Removes the whitespace and line ends from a file name that was folded in a mail. Do not use it
/// for names of files on disk: "name 2.json" is a copy there. The view is of `text` when it has
/// none, else of `scratch`. Errors: buffer_too_small; where.offset is the size needed then.
constexpr result<std::string_view> unfold_file_name(std::string_view text,
                                                    std::span<char> scratch) noexcept;

/// Writes a file name to `out`. Domains lose a trailing dot; absent unique_id is left out.
/// Errors: file_name_domain (hint u_label where A-labels are needed; where.element is 0 for the
/// sender, 1 for the policy domain), file_name_timestamp when a time is absent or negative,
/// file_name_unique_id, buffer_too_small; where.offset is the size needed then.
constexpr result<std::string_view> write_file_name(const file_name_view& name,
                                                   std::span<char> out) noexcept;

// ---- The Subject (RFC 8460, section 5.3)

/// What a Subject says. What it does not say is absent.
struct subject_view {
  std::string_view domain{};     ///< What the report is about.
  std::string_view submitter{};  ///< Who reports.
  std::string_view report_id{};  ///< Without brackets. May differ from the report-id of the body.

  /// The part of report_id before the last `@`; all of it without `@`.
  constexpr std::string_view id_left() const noexcept;
  /// The part of report_id after the last `@`; empty without `@`.
  constexpr std::string_view id_right() const noexcept;

  friend constexpr bool operator==(const subject_view&, const subject_view&) = default;
};

/// Reads the value of a Subject field, folded or not, encoded words decoded. Leading ("Fwd:",
/// "[EXTERNAL]") and trailing text is skipped; words may have other case and other punctuation;
/// parts may be missing (errc::missing_subject_part), and the report-id need not look like a
/// message id. Errors: not_a_report_subject when no part is there, and violations `C` does not
/// accept.
template <conformance C = lenient, diagnostic_sink S = ignore_diagnostics>
constexpr result<subject_view> parse_subject(
    std::string_view text, S&& sink = {}, C conformance = {}) noexcept(detail::is_nothrow_sink<S>);

/// Columns of a line of mail that should not be exceeded (RFC 5322, section 2.1.1).
inline constexpr std::size_t mail_columns = 78;

/// Writes the value of a Subject field to `out`. A report-id that is not a message id becomes one:
/// what no dot-atom may hold turns into ".", and "@" and the submitter follow. With `columns` the
/// text is folded (CRLF and a space) so that no line is longer, "Subject: " counted, unless one
/// word is; 0 means no folding. Errors: subject_domain (where.element is 0 for the policy domain, 1
/// for the submitter; hint u_label where A-labels are needed), report_id_characters for control
/// characters, for an id without any character that can stay, and for one too long for a line of
/// mail, buffer_too_small; where.offset is the size needed then.
constexpr result<std::string_view> write_subject(std::string_view policy_domain,
                                                 std::string_view submitter,
                                                 std::string_view report_id, std::span<char> out,
                                                 std::size_t columns = 0) noexcept;

// ---- TLS-Report-Domain and TLS-Report-Submitter (RFC 8460, section 5.3)

/// Reads the value of one of the two fields, folded or not: the domain without trailing dot.
/// Comments, brackets, quotation marks and the dot are noted; U-labels are returned as written.
/// Of several domains in one value the first is used (errc::several_domains). Errors:
/// domain_field_value when there is no domain, and violations `C` does not accept.
template <conformance C = lenient, diagnostic_sink S = ignore_diagnostics>
constexpr result<std::string_view> parse_domain_field(
    std::string_view value, S&& sink = {}, C conformance = {}) noexcept(detail::is_nothrow_sink<S>);

/// The same for a field that occurs more than once: the first value with a domain is used;
/// others that differ are noted (errc::several_domains). where.element says which of `values` a
/// location is about.
template <conformance C = lenient, diagnostic_sink S = ignore_diagnostics>
constexpr result<std::string_view> select_domain_field(
    std::span<const std::string_view> values, S&& sink = {},
    C conformance = {}) noexcept(detail::is_nothrow_sink<S>);

/// Deleted: the views of a temporary would dangle.
template <conformance C = lenient, class Text, class... Rest>
requires std::same_as<std::remove_cv_t<Text>, std::string>
constexpr result<file_name_view> parse_file_name(Text&& text, Rest&&...) = delete;
/// Deleted: the views of a temporary would dangle.
template <conformance C = lenient, class Text, class... Rest>
requires std::same_as<std::remove_cv_t<Text>, std::string>
constexpr result<subject_view> parse_subject(Text&& text, Rest&&...) = delete;
/// Deleted: the views of a temporary would dangle.
template <conformance C = lenient, class Text, class... Rest>
requires std::same_as<std::remove_cv_t<Text>, std::string>
constexpr result<std::string_view> parse_domain_field(Text&& value, Rest&&...) = delete;
/// Deleted: the view of a temporary would dangle.
template <class Text>
requires std::same_as<std::remove_cv_t<Text>, std::string>
constexpr result<std::string_view> unfold_file_name(Text&& text, std::span<char>) = delete;

// ---- The parts of a mail (RFC 8460, sections 5.3, 6.4 and 6.5)

/// What a media type says about a part.
enum class media_type : std::uint8_t {
  report_json,       ///< application/tlsrpt+json
  report_gzip,       ///< application/tlsrpt+gzip
  report_other,      ///< application/tlsrpt without or with another suffix: not registered.
  gzip,              ///< application/gzip and its like: a report may be inside.
  json,              ///< application/json, text/json
  zip,               ///< application/zip and its like
  octets,            ///< application/octet-stream and its like
  text,              ///< text/plain; also an empty type, which means that (RFC 2045, section 5.2)
  multipart_report,  ///< multipart/report
  multipart,         ///< another multipart type
  message,           ///< message/rfc822, message/global: a mail in a mail
  other              ///< Anything else.
};

/// Classifies the value of a Content-Type field, without regard to case, parameters, trailing
/// comments and surrounding whitespace.
constexpr media_type classify_media_type(std::string_view content_type) noexcept;

/// What the octets of a part are.
enum class payload : std::uint8_t {
  empty,  ///< Nothing but whitespace.
  json,   ///< A JSON object, or what begins like one.
  gzip,   ///< gzip data (RFC 1952).
  zip,    ///< A ZIP archive.
  zlib,   ///< zlib data (RFC 1950).
  bzip2,  ///< bzip2 data.
  xz,     ///< xz data.
  zstd,   ///< Zstandard data (RFC 8878).
  utf16,  ///< UTF-16 or UTF-32.
  other   ///< Anything else.
};

/// Classifies decoded content by its first octets: whitespace and a byte order mark are skipped
/// before
/// "{", so give all there are.
constexpr payload classify_payload(std::string_view octets) noexcept;
/// Overload for std::byte.
constexpr payload classify_payload(std::span<const std::byte> octets) noexcept;

/// Evidence that a part is a report, weakest first.
enum class report_claim : std::uint8_t {
  none,       ///< Nothing suggests one.
  content,    ///< Only its octets, JSON or gzip, suggest it.
  file_name,  ///< A generic media type and a fitting file name.
  media_type  ///< A media type of RFC 8460 or one like it.
};

/// What labels and octets say about a part.
struct part_reading {
  media_type label = media_type::other;     ///< What the media type says.
  payload content = payload::other;         ///< What the octets are.
  report_claim claim = report_claim::none;  ///< Why it is taken for a report.

  /// Whether a report can be read from the octets. Without it, a claim by media type or file name
  /// says that a report was meant.
  constexpr bool is_readable() const noexcept {
    return content == payload::json || content == payload::gzip;
  }
};

/// Applies the order of choice among the parts of a mail: a media type of RFC 8460, else a generic
/// one and a fitting file name, else the octets; whatever the labels say, the octets decide how the
/// part is read. `content_type` is the field's value, `file_name` that of the part ("" for none),
/// `octets` the decoded content. Findings: unregistered_media_type, media_type_contradicted,
/// file_name_contradicted; the subject is the label.
template <diagnostic_sink S = ignore_diagnostics>
constexpr part_reading examine_part(std::string_view content_type, std::string_view file_name,
                                    std::string_view octets,
                                    S&& sink = {}) noexcept(detail::is_nothrow_sink<S>);

/// Whether the value of a report-type parameter is "tlsrpt", without regard to case, quotation
/// marks and surrounding whitespace.
constexpr bool is_tlsrpt_report_type(std::string_view value) noexcept;

/// Compares what is around a report part with RFC 8460, section 5.3: the Content-Type of the
/// innermost multipart (or of the part itself when there is none) and its report-type ("" for
/// none). Findings: wrapper_type, report_type_parameter. Neither matters to reading the report.
template <diagnostic_sink S>
constexpr void check_wrapper(std::string_view content_type, std::string_view report_type,
                             S&& sink) noexcept(detail::is_nothrow_sink<S>);

// ---- What the envelope says and what the report says (RFC 8460, section 5.6)

/// Everything around a report. What is missing is absent.
struct envelope_view {
  std::string_view report_domain{};     ///< TLS-Report-Domain, by parse_domain_field().
  std::string_view report_submitter{};  ///< TLS-Report-Submitter, by parse_domain_field().
  file_name_view file_name{};           ///< By parse_file_name().
  subject_view subject{};               ///< By parse_subject().
};

/// Where an inferred policy domain comes from.
enum class domain_source : std::uint8_t {
  none,          ///< There is none.
  header_field,  ///< TLS-Report-Domain.
  file_name,     ///< The file name.
  subject        ///< The Subject.
};

/// "header-field", "file-name" or "subject", for logs and for programs; a literal. Empty for
/// domain_source::none and for another value.
constexpr std::string_view name(domain_source from) noexcept;

/// A policy domain that the report lacks.
struct inferred_domain {
  std::string_view policy_domain{};            ///< Empty when there is none.
  domain_source source = domain_source::none;  ///< Who said it.

  friend constexpr bool operator==(const inferred_domain&, const inferred_domain&) = default;
};

/// The policy domain by the envelope alone: that of the header field, else of the file name, else
/// of the Subject; what is not a domain is skipped. Show it as inferred.
constexpr inferred_domain infer_policy_domain(const envelope_view& envelope) noexcept;

/// Reports each contradiction between envelope and report; the report takes precedence.
/// where.member names the member of the report that is contradicted, and the finding's subject is
/// what the envelope says. The submitter is compared with the domain of contact-info. Domains with
/// U-labels cannot be compared, nor can the policy domain of a report about TLSA records only: it
/// may be that of a mail host. Returns infer_policy_domain() when a policy lacks its domain or
/// there is none, and notes each such policy (errc::inferred_policy_domain); else nothing.
template <diagnostic_sink S = ignore_diagnostics>
constexpr inferred_domain compare_envelope(const envelope_view& envelope, const report_view& report,
                                           S&& sink = {}) noexcept(detail::is_nothrow_sink<S>);

// ---- Duplicates (RFC 8460, sections 5.3 and 5.6)

/// Identifies a report for duplicate detection. Senders repeat a report on every endpoint and on
/// every retry, and many of them use ids that are only day and domain, equal among senders.
///
/// `submitter` must be an authenticated identity, such as the domain of a valid DKIM signature, and
/// is empty when there is none. Were it taken from the report, a Subject or an address, anybody
/// could send a forgery with a predictable id first, and the true report would be dropped as its
/// duplicate. compare_duplicates() therefore calls no report without submitter a duplicate.
///
/// A report has one key for each of its policies; see make_duplicate_key().
struct duplicate_key {
  std::string_view submitter{};         ///< Who sent it, authenticated; empty for unknown.
  std::string_view report_id{};         ///< `report-id` of the report.
  std::string_view policy_domain{};     ///< `policy-domain` of the policy.
  std::optional<std::int64_t> begin{};  ///< Seconds since 1970-01-01T00:00:00Z.
  std::optional<std::int64_t> end{};    ///< Seconds since 1970-01-01T00:00:00Z.

  /// Domains without regard to case and trailing dot, all else exactly.
  friend constexpr bool operator==(const duplicate_key& a, const duplicate_key& b) noexcept;
};

/// The key of one policy of a report. Its policy_domain is empty when the policy lacks it; set it
/// to the inferred one then. Its views are those of the arguments.
constexpr duplicate_key make_duplicate_key(std::string_view authenticated_submitter,
                                           const report_head_view& report,
                                           const policy_head_view& policy) noexcept;
/// Deleted: the views of a temporary would dangle.
template <class Text>
requires std::same_as<std::remove_cv_t<Text>, std::string>
constexpr duplicate_key make_duplicate_key(Text&& authenticated_submitter, const report_head_view&,
                                           const policy_head_view&) = delete;

/// Writes a key in its canonical form to `out`: the parts as netstrings ("11:example.com,"), so
/// that no two keys have the same text; domains in lower case without trailing dot. Errors:
/// buffer_too_small; where.offset is the size needed then.
constexpr result<std::string_view> write_duplicate_key(const duplicate_key& key,
                                                       std::span<char> out) noexcept;

/// FNV-1a (64 bits) over the canonical form: the same on every platform and in every version. Not
/// for security: who may choose an id can make two keys collide, so compare the keys as well.
constexpr std::uint64_t hash_of(const duplicate_key& key) noexcept;

/// What to do with a report when another one is there.
enum class duplicate_verdict : std::uint8_t {
  different,   ///< Other reports, or one is not authenticated: keep both.
  duplicate,   ///< The same report again: one is enough.
  conflicting  ///< The same key, other content: keep both and warn (same_key_other_content).
};

/// Compares two reports by their keys and by their digest_of() in canonical.hpp. Keys without
/// submitter are different from all others, and from each other.
constexpr duplicate_verdict compare_duplicates(const duplicate_key& a, const digest& a_digest,
                                               const duplicate_key& b,
                                               const digest& b_digest) noexcept;

}  // namespace tlsrpt

#include <tlsrpt/impl/delivery.hpp>

#endif
