/// @file
/// Reports in mails: the mail read and its report decoded, inflated and parsed, by the library
/// alone.

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include <tlsrpt/mail.hpp>
#include <tlsrpt/report.hpp>
#if TLSRPT_BENCH_LIBDEFLATE
#include <tlsrpt/libdeflate.hpp>
#endif

#include "../common/tlsrpt_answer.hpp"
#include "../report/report_task.hpp"

namespace bench {
namespace {

/// The first report of a mail.
template <class Inflater>
class read_and_parse {
 public:
  bool read(const document& d) { return parse(d).has_value(); }

  std::optional<answer> answer_of(const document& d) {
    const auto report = parse(d);
    if (!report) return std::nullopt;
    return to_answer(*report);
  }

 private:
  tlsrpt::result<tlsrpt::report_view> parse(const document& d) {
    const auto mail = tlsrpt::read_mail(d.text());
    if (!mail) return mail.error();
    for (const tlsrpt::mail_part_view part : mail->candidates())
      if (const auto content = part.decode(buffer_)) return parser_.parse(*content);
    return tlsrpt::diagnostic{tlsrpt::errc::mail_report_missing};
  }

  tlsrpt::report_parser<tlsrpt::lenient, Inflater> parser_;
  std::string buffer_;
};

/// What it takes without the mail: inflating and parsing the gzip data of its report, or only
/// parsing one that is sent as it is. The mails are read before anything is timed.
template <class Inflater>
class parse_alone {
 public:
  bool read(const document& d) { return parser_.parse(content_of(d)).has_value(); }

 private:
  std::string_view content_of(const document& d) {
    auto [content, is_new] = contents_.try_emplace(d.text().data());
    if (is_new) {
      const auto mail = tlsrpt::read_mail(d.text());
      std::string buffer;
      for (const tlsrpt::mail_part_view part : mail->candidates())
        content->second = *part.decode(buffer);
    }
    return content->second;
  }

  tlsrpt::report_parser<tlsrpt::lenient, Inflater> parser_;
  std::unordered_map<const char*, std::string> contents_;
};

const bool added[] = {
    add_mail<read_and_parse<tlsrpt::zlib_inflater>>("tlsrpt"),
    add_mail<parse_alone<tlsrpt::zlib_inflater>>("tlsrpt_parse_alone"),
#if TLSRPT_BENCH_LIBDEFLATE
    add_mail<read_and_parse<tlsrpt::libdeflate_inflater>>("tlsrpt_libdeflate"),
    add_mail<parse_alone<tlsrpt::libdeflate_inflater>>("tlsrpt_parse_alone_libdeflate"),
#endif
};

}  // namespace
}  // namespace bench
