#include <algorithm>
#include <utility>

#include "../output/words.hpp"
#include "judgement.hpp"
#include "mail.hpp"

namespace cli {

namespace {

/// Values kept of a field that may occur once.
constexpr std::size_t max_values_of_field = 16;
/// Parts that are passed over and listed.
constexpr std::size_t max_passed_parts = 20;

/// Adds a remark, unless there are enough of its kind. Remarks are repeated for each report of the
/// mail, so they are few and short.
void add_remark(std::vector<mail_remark>& remarks, const tlsrpt::diagnostic& found,
                std::size_t offset) {
  constexpr std::ptrdiff_t max_remarks_of_code = 3;
  constexpr std::size_t max_subject_bytes = 200;
  const auto same = [&found](const mail_remark& remark) { return remark.code == found.code; };
  if (std::count_if(remarks.begin(), remarks.end(), same) < max_remarks_of_code)
    remarks.push_back(
        {found.code, offset, std::string(found.subject.substr(0, max_subject_bytes))});
}

/// What write(out) writes.
template <class Write>
std::string written(Write&& write) {
  std::string text;
  write(text);
  return text;
}

std::string decoded(const tlsrpt::header_field& field) {
  return written([&field](std::string& out) { field.decode_to(out); });
}

/// Takes all that is of interest, in one pass.
void read_fields(const tlsrpt::mail_header& lines, header_fields& to) {
  const std::pair<std::string_view, std::optional<std::string>*> single[] = {
      {"Subject", &to.subject}, {"From", &to.from}, {"Date", &to.date}};
  const std::pair<std::string_view, std::vector<std::string>*> several[] = {
      {"TLS-Report-Domain", &to.report_domain}, {"TLS-Report-Submitter", &to.report_submitter}};
  for (const tlsrpt::header_field field : lines.fields()) {
    for (const auto& [name, first] : single)
      if (!*first && equal_ignoring_case(field.name, name)) *first = decoded(field);
    for (const auto& [name, values] : several)
      if (values->size() < max_values_of_field && equal_ignoring_case(field.name, name))
        values->push_back(decoded(field));
  }
}

/// Takes one mail apart, and the mails that have to be decoded.
class taker {
 public:
  explicit taker(mail_contents& contents) : contents_(contents) {}

  /// The header of a mail, read once for all its parts.
  std::shared_ptr<const mail_header> shared_header_of(const tlsrpt::mail_header& lines) {
    const char* const begin = lines.text().data();
    if (last_header_ == nullptr || last_begin_ != begin)
      last_header_ = std::make_shared<const mail_header>(lines);
    last_begin_ = begin;
    return last_header_;
  }

  void take(const tlsrpt::mail_view& mail) {
    contents_.claim = std::max(contents_.claim, mail.claim());
    for (const tlsrpt::mail_part_view part : mail.parts()) {
      if (!part.is_candidate())
        pass_over(part);
      else if (part.kind() == tlsrpt::part_kind::mail)
        take_inside(part);
      else
        take_part(part);
    }
  }

 private:
  void pass_over(const tlsrpt::mail_part_view& part) {
    if (contents_.passed_over.size() == max_passed_parts) {
      ++contents_.more_passed_over;
      return;
    }
    contents_.passed_over.push_back(
        {written([&part](std::string& out) { part.path_to(out); }),
         written([&part](std::string& out) { part.media_type_to(out); }),
         written([&part](std::string& out) { part.file_name_to(out); }), part.raw().size(),
         part.kind(), part.labels().content});
  }

  void take_inside(const tlsrpt::mail_part_view& part) {
    const auto remark = [this](const tlsrpt::diagnostic& found) {
      add_remark(contents_.remarks, found, 0);
    };
    const auto content = part.decode(contents_.decoded.emplace_back(), remark);
    if (!content) return pass_over(part);
    const auto mail = part.read_inside(*content, remark);
    if (!mail) {
      contents_.refused = mail.error().code;
      return;
    }
    if (contents_.shortage == tlsrpt::errc::ok) contents_.shortage = mail->shortage();
    last_header_ = nullptr;
    take(*mail);
    last_header_ = nullptr;
  }

  void take_part(const tlsrpt::mail_part_view& part) {
    mail_part taken;
    const auto content = part.decode(buffer_, [&taken](const tlsrpt::diagnostic& found) {
      add_remark(taken.remarks, found, 0);
    });
    if (!content) return pass_over(part);
    taken.content = *content;
    taken.kind = part.kind();
    taken.is_returned = part.is_returned();
    part.path_to(taken.path);
    part.media_type_to(taken.content_type);
    if (taken.content_type.empty()) taken.content_type = "text/plain";
    part.file_name_to(taken.file_name);
    part.wrapper_type_to(taken.wrapper_type);
    part.report_type_to(taken.report_type);
    taken.header = shared_header_of(part.header());
    contents_.parts.push_back(std::move(taken));
  }

  mail_contents& contents_;
  std::string buffer_;
  std::shared_ptr<const mail_header> last_header_;
  const char* last_begin_ = nullptr;
};

}  // namespace

const header_fields& mail_header::fields() const {
  if (!fields_) {
    read_fields(lines_, fields_.emplace());
    judge(*fields_);
  }
  return *fields_;
}

const std::optional<std::string>& mail_header::date() const {
  if (fields_) return fields_->date;
  if (!date_) {
    const tlsrpt::header_field field = lines_.date();
    date_.emplace(field.name.empty() ? std::nullopt : std::optional(decoded(field)));
  }
  return *date_;
}

const std::optional<std::string>& mail_header::to() const {
  if (to_) return *to_;
  constexpr std::size_t most_octets = 4096;
  to_.emplace();
  for (const tlsrpt::header_field field : lines_.fields()) {
    if (!equal_ignoring_case(field.name, "To")) continue;
    to_->emplace(decoded(field)).resize(std::min((*to_)->size(), most_octets));
    break;
  }
  return *to_;
}

const part_labels& mail_part::labels() const {
  if (!labels_) judge(*this, labels_.emplace());
  return *labels_;
}

mail_contents read_mail(std::string_view mail) {
  mail_contents contents;
  const auto read = tlsrpt::read_mail(mail, [&contents](const tlsrpt::diagnostic& found) {
    add_remark(contents.remarks, found, found.where.offset);
  });
  if (!read) {
    contents.refused = read.error().code;
    return contents;
  }
  contents.shortage = read->shortage();
  taker to(contents);
  contents.header = to.shared_header_of(read->header());
  to.take(*read);
  return contents;
}

}  // namespace cli
