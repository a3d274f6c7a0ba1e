/// @file
/// Shows what files hold.

#ifndef TLSRPT_EXAMPLES_CLI_INPUT_VIEWER
#define TLSRPT_EXAMPLES_CLI_INPUT_VIEWER

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "../mail/viewer.hpp"
#include "../report/entry.hpp"
#include "../report/reader.hpp"
#include "../report/sink.hpp"
#include "files.hpp"
#include "maildir.hpp"
#include "source.hpp"

namespace cli {

/// Which mails of an mbox are shown: every `count`th one. What is no mbox is in the first share.
struct input_share {
  std::size_t number = 0, count = 1;
};

/// Gives what is in one file after the other to a sink: reports, mails, and what is around them.
class viewer {
 public:
  /// `now` is as of reader.
  viewer(moved_mails& moved, bool strict, std::optional<std::int64_t> now, sink& to);

  void show(const input& in, input_share share = {});
  /// Each line is a report, or gzip data in base64.
  void show_lines(const input& in);

 private:
  /// What is around a content that is shown as if it were a file.
  struct layers {
    std::size_t zips = 0;
    bool has_gzip = false;
    const findings* found = nullptr;  ///< In the archive around it.

    bool is_file() const { return zips == 0 && !has_gzip; }
  };

  void show_file(const input_place& place, source_file& from);
  void show_content(const input_place& place, source& from, const layers& around);
  void show_gzip(const input_place& place, source& from, std::string& content, layers around);
  bool show_if_report(const input_place& place, std::string_view octets, const layers& around);
  void show_zip(const input_place& place, std::string_view archive, layers around);
  void show_ledger(const input_place& place, source& from, std::string& content);
  void show_mbox(input_place place, source& from, std::string& content, const layers& around);
  void show_emlx(const input_place& place, source& from, std::string& content);
  void show_piece_of_mail(const input_place& place, std::string_view octets);
  void show_reports(const input_place& place, std::string_view octets, const layers& around);
  void take(const entry& shown, const layers& around);
  void take_error(const input_place& place, const source_error& error);

  sink& to_;
  reader reader_;
  mail_viewer mails_;
  zip_reader zip_, inner_zip_;
  moved_mails& moved_;
  input_share share_{};
};

}  // namespace cli

#endif
