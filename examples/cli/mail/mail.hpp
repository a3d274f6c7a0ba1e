/// @file
/// Takes mails (RFC 5322, MIME) apart: the parts that hold reports, and what is around them.

#ifndef TLSRPT_EXAMPLES_CLI_MAIL_MAIL
#define TLSRPT_EXAMPLES_CLI_MAIL_MAIL

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/envelope.hpp>
#include <tlsrpt/error.hpp>
#include <tlsrpt/mail_part.hpp>

#include "../report/findings.hpp"

namespace cli {

/// A deviation of a mail. Reports are found all the same, except after the fatal ones.
struct mail_remark {
  tlsrpt::errc code;
  std::size_t offset = 0;  ///< Octets from the start of the mail, 0 when not known.
  std::string subject{};   ///< The text in question, if any.
};

/// The header of a mail, which its parts share: fields in UTF-8, unfolded and decoded, and what
/// judge() reads in them.
struct mail_header {
  mail_header() = default;
  mail_header(const mail_header&) = delete;
  mail_header& operator=(const mail_header&) = delete;

  std::optional<std::string> subject{}, from{}, date{};
  std::vector<std::string> report_domain{}, report_submitter{};  ///< The first few.

  tlsrpt::envelope_view says{};  ///< All but the file name.
  findings found{};
};

/// A multipart, which its parts share.
struct mail_wrapper {
  std::string content_type{};  ///< "multipart/report", without parameters.
  std::string report_type{};   ///< The parameter; empty for none.
};

enum class transfer_encoding : unsigned char { identity, base64, quoted_printable, uuencode };

/// A part that is not made of parts. It stays where it is: its findings have views of it.
struct mail_part {
  std::string path{};  ///< "2.1": the first part of the second; "1" when there is one only.
  std::shared_ptr<const mail_header> header{};    ///< Of the innermost mail around it; not null.
  std::shared_ptr<const mail_wrapper> wrapper{};  ///< The innermost multipart around it, if any.
  std::string content_type{};  ///< "application/tlsrpt+gzip", without parameters.
  std::string file_name{};     ///< Of Content-Disposition, else of Content-Type; empty for none.
  transfer_encoding encoding = transfer_encoding::identity;  ///< What the label says.
  std::string raw{};                                         ///< Not decoded.
  std::string content{};                                     ///< Decoded; see next_content().
  std::vector<mail_remark> remarks{};

  tlsrpt::part_assessment labels{};  ///< By judge(), as all that follows.
  tlsrpt::file_name_view name_says{};
  findings found{};

  unsigned decodings_tried = 0;  ///< By next_content().
};

/// A mail that was taken apart.
struct mail_contents {
  std::shared_ptr<const mail_header> header = std::make_shared<mail_header>();  ///< Not null.
  std::deque<mail_part> parts{};  ///< Those that may be or were to be reports.
  std::vector<mail_remark> remarks{};
  bool has_report_type = false;  ///< A multipart with the report-type of RFC 8460.
  std::optional<tlsrpt::errc> refused{};
};

/// Takes apart a mail, with or without what without_preface() removes. Parts of every depth are
/// found, also those of mails in it. Linear in the size of the mail.
mail_contents read_mail(std::string_view mail);

/// What a part may hold instead of its content.
struct other_content {
  std::string content;
  tlsrpt::errc code;  ///< Why that is not what the labels say.
};

/// The next content that a part may have, for when those before are of no use: its transfer
/// encoding is not the one on the label, or, if asked for, a report follows other words in a text.
/// Only what begins like a report is returned. Each way of decoding is tried once.
std::optional<other_content> next_content(mail_part& part, bool looks_into_texts = false);

}  // namespace cli

#endif
