/// @file
/// Mails with reports, as tlsrpt::read_mail() reads them, in strings of their own.

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
#include <tlsrpt/mail.hpp>
#include <tlsrpt/mail_part.hpp>

#include "../report/findings.hpp"

namespace cli {

/// A deviation of a mail. Reports are found all the same, except after the fatal ones.
struct mail_remark {
  tlsrpt::errc code;
  std::size_t offset = 0;  ///< Octets from the start of the mail, 0 when not known.
  std::string subject{};   ///< The text in question, if any.
};

/// The fields of a header in UTF-8, unfolded and decoded, and what judge() reads in them.
struct header_fields {
  std::optional<std::string> subject{}, from{}, date{};
  std::vector<std::string> report_domain{}, report_submitter{};  ///< The first few.

  tlsrpt::envelope_view says{};  ///< All but the file name.
  findings found{};
};

/// The header of a mail, which its parts share. What a count of reports has no use for is read when
/// it is asked for.
class mail_header {
 public:
  explicit mail_header(const tlsrpt::mail_header& lines) : lines_(lines) {}
  mail_header(const mail_header&) = delete;
  mail_header& operator=(const mail_header&) = delete;

  const header_fields& fields() const;
  /// That of fields().
  const std::optional<std::string>& date() const;
  /// To whom the mail was sent, unfolded and decoded: the first few thousand octets.
  const std::optional<std::string>& to() const;

 private:
  using lazy_field = std::optional<std::optional<std::string>>;

  tlsrpt::mail_header lines_;
  // Reports of one mail may be many, and its header long, so all is read once.
  mutable std::optional<header_fields> fields_{};
  mutable lazy_field date_{}, to_{};
};

/// What judge() reads in a part.
struct part_labels {
  tlsrpt::part_assessment says{};
  tlsrpt::file_name_view name_says{};
  findings found{};
};

/// A part that is not made of parts. It stays where it is: its findings have views of it.
struct mail_part {
  std::string path{};  ///< "2.1": the first part of the second; "1" when there is one only.
  std::shared_ptr<const mail_header> header{};  ///< Of the innermost mail around it; not null.
  std::string
      wrapper_type{};         ///< "multipart/report": of the innermost multipart around it, if any.
  std::string report_type{};  ///< Its parameter; empty for none.
  std::string content_type{};  ///< "application/tlsrpt+gzip", without parameters.
  std::string file_name{};     ///< Of Content-Disposition, else of Content-Type; empty for none.
  tlsrpt::part_kind kind = tlsrpt::part_kind::report;
  std::string content{};  ///< Decoded.
  bool is_returned = false;
  std::vector<mail_remark> remarks{};

  /// Read when they are asked for.
  const part_labels& labels() const;

 private:
  mutable std::optional<part_labels> labels_{};
};

/// A part that is passed over.
struct passed_part {
  std::string path{}, content_type{}, file_name{};
  std::size_t size = 0;  ///< Octets, encoded.
  tlsrpt::part_kind kind = tlsrpt::part_kind::other;
  tlsrpt::payload content = tlsrpt::payload::other;  ///< What it is by its octets.
  std::string begins{};  ///< The first octets, decoded, where a report was expected.
};

/// Octets of a part that are quoted.
inline constexpr std::size_t max_beginning_bytes = 60;

/// A mail that was taken apart. It must not outlive the octets of the mail.
struct mail_contents {
  std::shared_ptr<const mail_header> header{};  ///< Not null, unless the mail is refused.
  std::deque<std::string> decoded{};            ///< Mails in it that had to be decoded.
  std::deque<mail_part> parts{};                ///< Those that may be or were to be reports.
  std::vector<passed_part> passed_over{};       ///< The first few of the others.
  std::size_t more_passed_over = 0;             ///< How many others there are besides.
  std::vector<mail_remark> remarks{};
  tlsrpt::mail_claim claim = tlsrpt::mail_claim::none;  ///< Of it and of all mails in it.
  tlsrpt::errc shortage = tlsrpt::errc::ok;  ///< Why no report can be in it, though one should be.
  std::optional<tlsrpt::errc> refused{};
};

/// Octets of a mail that is read.
inline constexpr std::size_t max_mail_bytes = tlsrpt::mail_limits{}.max_mail_bytes;

/// Takes apart a mail, with all mails in it. Linear in its size.
mail_contents read_mail(std::string_view mail);

}  // namespace cli

#endif
