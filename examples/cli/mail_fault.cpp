#include <array>

#include "mail.hpp"

namespace cli {

namespace {

struct row {
  mail_fault fault;
  tlsrpt::grade how_grave;
  std::string_view name, message;
};

constexpr auto rows = std::to_array<row>({
    {mail_fault::line_ends, tlsrpt::grade::violation, "mail-line-ends",
     "Lines of the mail end in CR alone or in several CRs."},
    {mail_fault::byte_order_mark, tlsrpt::grade::violation, "mail-byte-order-mark",
     "A byte order mark precedes the mail."},
    {mail_fault::nul_in_header, tlsrpt::grade::violation, "mail-nul-in-header",
     "The header of the mail has NUL octets; they are read as spaces."},
    {mail_fault::header_line, tlsrpt::grade::violation, "mail-header-line",
     "A line of a header is not a field; it is skipped."},
    {mail_fault::missing_blank_line, tlsrpt::grade::violation, "mail-missing-blank-line",
     "The empty line after a header is missing; it is assumed."},
    {mail_fault::field_syntax, tlsrpt::grade::violation, "mail-field-syntax",
     "A header field is malformed; as much of it as possible is read."},
    {mail_fault::raw_octets_in_header, tlsrpt::grade::warning, "mail-raw-octets-in-header",
     "A header field has octets outside ASCII that are not encoded."},
    {mail_fault::repeated_parameter, tlsrpt::grade::violation, "mail-repeated-parameter",
     "A parameter occurs more than once."},
    {mail_fault::repeated_field, tlsrpt::grade::violation, "mail-repeated-field",
     "A header field that may occur only once is repeated."},
    {mail_fault::boundary_not_closed, tlsrpt::grade::violation, "mail-boundary-not-closed",
     "A multipart has no closing boundary; its end closes it."},
    {mail_fault::boundary_missing, tlsrpt::grade::violation, "mail-boundary-missing",
     "The boundary of a multipart is not declared, or is not the one in the body; the one in the "
     "body is used."},
    {mail_fault::field_without_hyphen, tlsrpt::grade::violation, "mail-field-without-hyphen",
     "The header field Content-Type is written without its hyphen."},
    {mail_fault::transfer_encoding, tlsrpt::grade::violation, "mail-transfer-encoding",
     "The content is not in the transfer encoding that its label says."},
    {mail_fault::base64_form, tlsrpt::grade::violation, "mail-base64-form",
     "The base64 has foreign characters, the wrong alphabet, or padding that is missing or "
     "misplaced."},
    {mail_fault::encoded_message, tlsrpt::grade::violation, "mail-encoded-message",
     "A mail inside the mail is encoded or is not labelled as a mail."},
    {mail_fault::forwarded, tlsrpt::grade::note, "mail-forwarded",
     "The report is in a mail inside the mail: the signatures of the outer one say nothing about "
     "it."},
    {mail_fault::two_names, tlsrpt::grade::warning, "mail-two-file-names",
     "The part has two different file names; the one in Content-Disposition is used."},
    {mail_fault::several_reports, tlsrpt::grade::warning, "mail-several-reports",
     "The mail contains more than one report."},
    {mail_fault::same_report, tlsrpt::grade::warning, "mail-same-report",
     "The same report is in an earlier part; it is counted once."},
    {mail_fault::report_in_text, tlsrpt::grade::violation, "mail-report-in-text",
     "The report is not a part of its own: it follows other words in a text."},
    {mail_fault::unread_parts, tlsrpt::grade::violation, "mail-nested-too-deep",
     "Parts are nested too deeply; the deepest are not read."},
    {mail_fault::too_long, tlsrpt::grade::fatal, "mail-too-long",
     "The mail is longer than the limit."},
    {mail_fault::field_too_long, tlsrpt::grade::fatal, "mail-field-too-long",
     "A header field is longer than the limit or has too many parameters."},
    {mail_fault::too_many_fields, tlsrpt::grade::fatal, "mail-too-many-fields",
     "The headers have more fields than the limit."},
    {mail_fault::too_many_parts, tlsrpt::grade::fatal, "mail-too-many-parts",
     "The mail has more lines that may begin a part than the limit."},
    {mail_fault::too_much_text, tlsrpt::grade::fatal, "mail-too-much-text",
     "The mail has more reports, or larger ones, than the limit allows; this one is not read."},
    {mail_fault::no_mail_support, tlsrpt::grade::fatal, "no-mail-support",
     "This is a mail, and this program was built without mail support (GMime)."},
});

constexpr bool is_in_order() {
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (static_cast<std::size_t>(rows[i].fault) != i) return false;
  return rows.size() == static_cast<std::size_t>(mail_fault::no_mail_support) + 1;
}
static_assert(is_in_order());

const row& row_of(mail_fault fault) { return rows[static_cast<std::size_t>(fault)]; }

}  // namespace

std::string_view name(mail_fault fault) { return row_of(fault).name; }
tlsrpt::grade grade_of(mail_fault fault) { return row_of(fault).how_grave; }
std::string_view message(mail_fault fault) { return row_of(fault).message; }

}  // namespace cli
