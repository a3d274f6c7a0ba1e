/// @file
/// Shows the reports of a mail.

#ifndef TLSRPT_EXAMPLES_CLI_MAIL_VIEWER
#define TLSRPT_EXAMPLES_CLI_MAIL_VIEWER

#include <optional>
#include <string>
#include <string_view>

#include <tlsrpt/zip.hpp>

#include "../report/entry.hpp"
#include "../report/reader.hpp"
#include "../report/sink.hpp"
#include "judgement.hpp"
#include "mail.hpp"

namespace cli {

/// The error of a mail as a whole.
tlsrpt::diagnostic error_of_mail(tlsrpt::errc code);

/// Gives what is in mails to a sink.
class mail_viewer {
 public:
  mail_viewer(bool strict, reader& with, sink& to);

  /// Shows a mail, which is `octets`. Nothing of it is kept.
  void show(const input_place& place, std::string_view octets);

 private:
  /// A part of a mail from which no report could be read.
  struct failed_part {
    unread_part why;
    std::string output;
    bool is_dmarc = false;  ///< It is a DMARC report.
  };

  std::optional<failed_part> show_part(const mail_contents& mail, const mail_part& part,
                                       input_place place);
  std::optional<failed_part> show_archive(const mail_part& part, input_place place,
                                          const mail_context& context);

  sink& to_;
  reader& reader_;
  zip_reader zip_;  ///< Another one than that of files: the mail may be in an archive itself.
};

}  // namespace cli

#endif
