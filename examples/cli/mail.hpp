/// @file
/// Takes mails (RFC 5322, MIME) apart: the parts that hold reports, and what stands around them.

#ifndef TLSRPT_EXAMPLES_CLI_MAIL
#define TLSRPT_EXAMPLES_CLI_MAIL

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/error.hpp>

namespace cli {

/// Octets of a mail that is read.
inline constexpr std::size_t largest_mail = std::size_t{64} << 20;

/// What is odd about a mail, and why one is not read. Reports are found all the same, except behind
/// the fatal ones.
enum class mail_fault : unsigned char {
  line_ends,             ///< CR without LF.
  byte_order_mark,       ///< In front of the header.
  nul_in_header,         ///< Read as blanks.
  header_line,           ///< A line of a header that is no field.
  missing_blank_line,    ///< Between a header and what it is the header of.
  field_syntax,          ///< A Content-Type, parameter or encoded word that is misspelt.
  raw_octets_in_header,  ///< Header octets above 127.
  repeated_parameter,
  repeated_field,
  boundary_not_closed,
  boundary_missing,      ///< The parameter is missing, or no line has it: guessed from the body.
  field_without_hyphen,  ///< "ContentType:"
  transfer_encoding,     ///< The content has another encoding than its label says.
  base64_form,           ///< Foreign octets, padding inside or missing, URL alphabet.
  encoded_message,       ///< A mail in the mail, in base64 or quoted-printable, or as octets.
  forwarded,             ///< The report is in a mail inside the mail.
  two_names,             ///< The two names of a part differ.
  several_reports,
  same_report,     ///< As in an earlier part.
  report_in_text,  ///< Pasted into a text, behind other words.
  unread_parts,    ///< Nested beyond a limit.
  // Fatal: the mail is not read.
  too_long,
  field_too_long,
  too_many_fields,
  too_many_parts,
  too_much_text,  ///< Of all reports in the mail.
  no_mail_support
};

/// "mail-line-ends" and so on: stable, for programs.
std::string_view name(mail_fault fault);
tlsrpt::grade grade_of(mail_fault fault);
/// One sentence for a person.
std::string_view message(mail_fault fault);

struct mail_remark {
  mail_fault fault;
  std::size_t offset = 0;  ///< Octets from the start of the mail, 0 when not known.
  std::string subject{};   ///< The text in question, if any.
};

/// Fields of a header, in UTF-8, unfolded and decoded.
struct mail_header {
  std::optional<std::string> subject{}, from{}, date{};
  std::vector<std::string> report_domain{}, report_submitter{};  ///< The first few.
};

/// A part that is not made of parts.
struct mail_part {
  std::string path{};  ///< "2.1": the first part of the second; "1" when there is one only.
  /// Of the innermost mail around the part; not null.
  std::shared_ptr<const mail_header> header = std::make_shared<mail_header>();
  std::string content_type{};  ///< "application/tlsrpt+gzip", without parameters.
  std::string file_name{};     ///< Of Content-Disposition, else of Content-Type; empty for none.
  std::string wrapper_type{};  ///< The type of the innermost multipart around it.
  std::string report_type{};   ///< Its report-type.
  std::string content{};       ///< Decoded.
  std::vector<mail_remark> remarks{};
  std::string raw{};  ///< Not decoded.
  int encoding = 0;   ///< What it is encoded with, by GMime's numbers.
};

/// A mail that was taken apart.
struct mail_contents {
  std::shared_ptr<const mail_header> header = std::make_shared<mail_header>();  ///< Not null.
  std::vector<mail_part> parts{};  ///< Those that may be or were to be reports.
  std::vector<mail_remark> remarks{};
  bool speaks_of_reports = false;  ///< By its header or the type or name of a part.
  /// A Subject that DMARC reports have, too (RFC 7489, section 7.2.1.1).
  bool has_report_subject = false;
  std::optional<mail_fault> refused{};
};

/// Takes apart a mail, with or without what without_preface() removes. Parts of every depth are
/// found, also those of mails in it. Linear in the size of the mail.
mail_contents read_mail(std::string_view mail);

/// What a part may hold besides its content.
struct other_content {
  std::string content;
  mail_fault fault;  ///< Why that is not what the labels say.
};

/// Other contents of a part, for when its own is of no use: its transfer encoding is not the one on
/// the label, or, if asked for, a report stands in a text behind other words. Most parts have none.
std::vector<other_content> other_contents(const mail_part& part, bool looks_into_texts = false);

}  // namespace cli

#endif
