#include "viewer.hpp"

#include <utility>
#include <vector>

#include <tlsrpt/mail_part.hpp>

namespace cli {

namespace {

/// What is around a mail or, if there is one, its part and, where that is of interest, what is
/// remarked upon.
mail_context context_of(const mail_contents& mail, const mail_part* part, bool wants_remarks) {
  mail_context context{part ? *part->header : *mail.header, part, part ? nullptr : &mail};
  if (!wants_remarks) return context;
  const auto add = [&context](const mail_remark& remark) {
    context.found.add(
        {remark.code, {.offset = remark.offset, .in = tlsrpt::source::mail}, remark.subject},
        "mail");
  };
  if (part) {
    context.found.add(part->header->fields().found);
    context.found.add(part->labels().found);
  }
  for (const mail_remark& remark : mail.remarks) add(remark);
  if (part)
    for (const mail_remark& remark : part->remarks) add(remark);
  return context;
}

}  // namespace

tlsrpt::diagnostic error_of_mail(tlsrpt::errc code) { return {code, {.in = tlsrpt::source::mail}}; }

mail_viewer::mail_viewer(bool strict, reader& with, sink& to)
    : to_(to), reader_(with), zip_(with.limits(), rules_of(strict)) {}

void mail_viewer::show(const input_place& place, std::string_view octets) {
  mail_contents mail = read_mail(octets);
  if (mail.refused) return to_.take({place, error_of_mail(*mail.refused)});
  reader_.begin_mail();

  bool has_report = false, has_failure = false, has_dmarc = false;
  const auto fail = [&](const failed_part& part) {
    to_.take_unusable(part.output);
    has_failure = true;
  };
  std::vector<failed_part> doubtful;
  for (const mail_part& part : mail.parts) {
    auto failed = show_part(mail, part, place);
    has_dmarc = has_dmarc || (failed && failed->is_dmarc);
    if (!failed)
      has_report = true;
    else if (was_surely_to_be_report(failed->why) && !failed->why.is_replaced)
      fail(*failed);
    else
      doubtful.push_back(std::move(*failed));
  }
  // Words in the place of the only report say that it was taken out.
  for (const failed_part& part : doubtful)
    if ((has_report || !part.why.is_replaced) && was_to_be_report(part.why, mail.claim, has_report))
      fail(part);
  if (has_report || has_failure) return;

  // What was to be a report is passed over, too, now that it is none.
  for (const mail_part& part : mail.parts)
    mail.passed_over.push_back({part.path, part.content_type, part.file_name, part.content.size(),
                                tlsrpt::part_kind::other, part.labels().says.content,
                                part.content.substr(0, max_beginning_bytes)});
  const mail_context context = context_of(mail, nullptr, reader_.wants_remarks());
  tlsrpt::errc shortage = mail.shortage;
  if (shortage == tlsrpt::errc::ok && mail.claim == tlsrpt::mail_claim::label)
    shortage = tlsrpt::errc::mail_report_missing;
  if (shortage != tlsrpt::errc::ok)
    to_.take({place, error_of_mail(shortage), nullptr, &context});
  else
    to_.take({place, no_report{has_dmarc}, nullptr, &context});
}

/// Shows the reports of a part; else says why there are none.
auto mail_viewer::show_part(const mail_contents& mail, const mail_part& part, input_place place)
    -> std::optional<failed_part> {
  place.part = part.path;
  const mail_context context = context_of(mail, &part, reader_.wants_remarks());
  if (part.kind == tlsrpt::part_kind::archive) return show_archive(part, place, context);
  const auto error = reader_.read_part(part.content, place, context,
                                       [this](const entry& shown) { to_.take(shown); });
  if (!error) return {};
  failed_part failed{{part.labels().says.evidence}, {}};
  failed.is_dmarc = error->code == tlsrpt::errc::dmarc_report;
  failed.why.is_something_else = is_something_else(error->code);
  failed.why.is_replaced = error->code == tlsrpt::errc::json_expected_value ||
                           error->code == tlsrpt::errc::html_document;
  failed.output = to_.noted({place, *error, &reader_.found(), &context});
  return failed;
}

/// Shows the reports of an archive in a mail. What else is in it does not matter when there is one.
auto mail_viewer::show_archive(const mail_part& part, input_place place,
                               const mail_context& context) -> std::optional<failed_part> {
  failed_part failed{{part.labels().says.evidence, true}, {}};
  findings around;
  const auto entries = zip_.open(part.content, around);
  if (!entries) {
    failed.why.is_something_else = false;
    failed.output = to_.noted({place, entries.error(), &around, &context});
    return failed;
  }
  bool has_report = false;
  for (const tlsrpt::zip_entry& each : *entries) {
    if (each.name.starts_with("__MACOSX/")) continue;
    place.entry = each.name;
    const auto content = zip_.read(each);
    std::optional<tlsrpt::diagnostic> error = content.error();
    if (content) {
      error = reader_.read_part(*content, place, context,
                                [this](const entry& shown) { to_.take(shown); });
      if (!error) {
        has_report = true;
        continue;
      }
    }
    failed.is_dmarc = failed.is_dmarc || error->code == tlsrpt::errc::dmarc_report;
    const bool is_something_else_here = is_something_else(error->code);
    if (failed.output.empty() || (failed.why.is_something_else && !is_something_else_here))
      failed.output = to_.noted({place, *error, content ? &reader_.found() : &around, &context});
    failed.why.is_something_else = failed.why.is_something_else && is_something_else_here;
  }
  if (has_report) {
    // An entry that was to be a report is not lost after another one that is.
    if (failed.why.is_something_else) return {};
    to_.take_unusable(failed.output);
    return {};
  }
  if (failed.output.empty())
    failed.output =
        to_.noted({place, error_of_mail(tlsrpt::errc::mail_report_missing), &around, &context});
  return failed;
}

}  // namespace cli
