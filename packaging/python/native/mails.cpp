#include <cstring>
#include <deque>
#include <string_view>

#include <tlsrpt/domain_field.hpp>
#include <tlsrpt/envelope.hpp>
#include <tlsrpt/file_name.hpp>
#include <tlsrpt/mail.hpp>
#include <tlsrpt/subject.hpp>
#include <tlsrpt/zip.hpp>

#include "streams.hpp"

namespace tlsrpt_python {

namespace {

/// What may be a report, or why there is none.
struct found_part {
  std::string octets{};
  tlsrpt::diagnostic refused{};
  std::string report_domain{};
};

/// Where the next mail of an mbox begins after octet 0; the size when there is none.
std::size_t end_of_mail(std::string_view text) {
  constexpr std::string_view mark = "\nFrom ";
  for (std::size_t found = text.find(mark); found != text.npos;
       found = text.find(mark, found + 1)) {
    const std::string_view before = text.substr(0, found);
    const bool is_after_empty_line =
        before.empty() || before.ends_with('\n') || before.ends_with("\n\r");
    if (is_after_empty_line && tlsrpt::is_mail(text.substr(found + 1))) return found + 1;
  }
  return text.size();
}

/// What write(out) writes.
template <class Write>
std::string written(const Write& write) {
  std::string text;
  write(text);
  return text;
}

/// The domain that the mail, or the name of the part, says the report is about.
std::string domain_around(const tlsrpt::mail_part_view& part) {
  const tlsrpt::mail_header header = part.header();
  std::vector<std::string> fields;
  for (const tlsrpt::header_field field : header.report_domains())
    fields.push_back(written([&field](std::string& out) { field.decode_to(out); }));
  const std::vector<std::string_view> values(fields.begin(), fields.end());
  const std::string file_name = written([&part](std::string& out) { part.file_name_to(out); });
  const std::string subject = written([&header](std::string& out) {
    if (const auto field = header.subject()) field.decode_to(out);
  });
  tlsrpt::envelope_view says;
  if (const auto domain = tlsrpt::select_domain_field(std::span(values)))
    says.report_domain = *domain;
  if (const auto name = tlsrpt::parse_file_name(file_name)) says.file_name = *name;
  if (const auto read = tlsrpt::parse_subject(subject)) says.subject = *read;
  return std::string(tlsrpt::infer_policy_domain(says).policy_domain);
}

/// Whether a text may begin as JSON or gzip. Mails begin with letters, and what some programs write
/// before them.
bool is_like_report(std::string_view begin) {
  const std::size_t first = begin.find_first_not_of(" \t\r\n\xef\xbb\xbf");
  return first == begin.npos || std::string_view("{[\x1f\xff\xfe").find(begin[first]) != begin.npos;
}

class mails : public any_inputs {
 public:
  mails(std::vector<std::string> paths, const options& how)
      : paths_(std::move(paths)), how_(how), archives_(how.limits, how.rules) {}

  bool next(tlsrpt::arrow_input& input) override {
    if (!parts_.empty()) parts_.pop_front();
    while (parts_.empty()) {
      if (!rest_.empty())
        take_mail();
      else if (!open_file(input))
        return false;
      else if (!input.unreadable.empty())
        return true;
    }
    input.source.name = paths_[file_ - 1];
    input.source.position = position_++;
    input.octets = std::as_bytes(std::span(parts_.front().octets));
    input.source.report_domain = parts_.front().report_domain;
    input.refused = parts_.front().refused;
    return true;
  }

 private:
  /// Opens the next file. False when there is none.
  bool open_file(tlsrpt::arrow_input& input) {
    if (file_ == paths_.size()) return false;
    const std::string& path = paths_[file_++];
    position_ = 0;
    content_ = read_file(path, std::string().max_size() / 4);
    rest_ = content_.octets;
    if (content_.error != 0) {
      input.source.name = path;
      input.unreadable = std::strerror(content_.error);
    } else if (rest_.empty()) {
      refuse({tlsrpt::errc::empty_input, {.in = tlsrpt::source::mail}});
    }
    return true;
  }

  void take_mail() {
    const bool is_mbox = rest_.starts_with("From ");
    const std::size_t size = is_mbox ? end_of_mail(rest_) : rest_.size();
    const std::string_view octets = rest_.substr(0, size);
    rest_.remove_prefix(size);
    const auto mail = tlsrpt::read_mail(octets, how_.rules);
    if (!mail) return refuse(mail.error());
    take(*mail);
    const tlsrpt::errc shortage = mail->shortage();
    if (parts_.empty())
      refuse({shortage == tlsrpt::errc::ok ? tlsrpt::errc::mail_report_missing : shortage,
              {.in = tlsrpt::source::mail}});
  }

  void take(const tlsrpt::mail_view& mail) {
    for (const tlsrpt::mail_part_view part : mail.candidates()) {
      // About what others received.
      if (part.is_returned()) {
        refuse(
            {tlsrpt::errc::mail_returned, {.offset = part.offset(), .in = tlsrpt::source::mail}});
        continue;
      }
      // The octets of a mail inside have to outlive what is read in it.
      std::string buffer;
      const auto content = part.decode(buffer, how_.rules);
      if (!content)
        refuse(content.error());
      else if (part.kind() == tlsrpt::part_kind::mail)
        take_inside(part, *content);
      else if (part.kind() == tlsrpt::part_kind::archive)
        take_archive(part, *content);
      else
        parts_.push_back({std::string(*content), {}, domain_around(part)});
    }
  }
  void take_inside(const tlsrpt::mail_part_view& part, std::string_view content) {
    const auto mail = part.read_inside(content, how_.rules);
    if (mail)
      take(*mail);
    else
      refuse(mail.error());
  }
  void take_archive(const tlsrpt::mail_part_view& part, std::string_view content) {
    const auto entries = archives_.open(content);
    if (!entries) return refuse(entries.error());
    for (const tlsrpt::zip_entry& entry : *entries) {
      const auto octets = archives_.read(entry);
      if (octets)
        parts_.push_back({std::string(*octets), {}, domain_around(part)});
      else
        refuse(octets.error());
    }
  }
  void refuse(const tlsrpt::diagnostic& error) {
    parts_.push_back({{}, error, {}});
    parts_.back().refused.subject = {};  // its text is about to go
  }

  std::vector<std::string> paths_;
  options how_;
  tlsrpt::zip_reader<tlsrpt::rules> archives_;
  std::size_t file_ = 0;
  std::int64_t position_ = 0;  ///< In the rows of the file.
  file_content content_;
  std::string_view rest_;
  std::deque<found_part> parts_;  ///< Of the mail that was read last.
};

}  // namespace

std::unique_ptr<any_inputs> inputs_of_file(std::string path, const options& how) {
  constexpr std::size_t enough_to_see = std::size_t{64} << 10;
  const std::string begin = read_file(path, enough_to_see).octets;
  std::vector<std::string> paths(1, std::move(path));
  if (is_like_report(begin) && !tlsrpt::is_mail(begin))
    return inputs_of_files(std::move(paths), how);
  return std::make_unique<mails>(std::move(paths), how);
}

PyObject* stream_of_mails(std::vector<std::string> paths, const options& how) {
  return stream_of(std::make_unique<mails>(std::move(paths), how), how);
}

}  // namespace tlsrpt_python
