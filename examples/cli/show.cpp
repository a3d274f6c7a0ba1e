#include "show.hpp"

#include <zlib.h>

#include <algorithm>
#include <iostream>
#include <optional>
#include <string_view>
#include <variant>

#include <simdjson.h>

#include <tlsrpt/mail_part.hpp>
#include <tlsrpt/version.hpp>
#include <tlsrpt/zip.hpp>

#include "input/files.hpp"
#include "input/mail_start.hpp"
#include "input/mbox.hpp"
#include "mail/judgement.hpp"
#include "mail/mail.hpp"
#include "output/json.hpp"
#include "output/remarks.hpp"
#include "output/text.hpp"
#include "output/totals.hpp"
#include "report/entry.hpp"
#include "report/reader.hpp"

namespace cli {

namespace {

/// Octets of text that are read of one mail: a thousand usual reports, or a few large ones.
constexpr std::size_t max_text_of_mail = std::size_t{1} << 30;

/// How a ledger begins, and how much is read of one.
constexpr std::string_view ledger_start = "{\"_ledger\":";
constexpr std::size_t max_ledger_bytes = std::size_t{1} << 30;

bool is_gzip(std::string_view content) {
  return tlsrpt::classify_payload(content) == tlsrpt::payload::gzip;
}

tlsrpt::diagnostic error_of_mail(tlsrpt::errc code) { return {code, {.in = tlsrpt::source::mail}}; }

/// What is remarked upon in a mail and, if there is one, in its part.
mail_context context_of(const mail_contents& mail, const mail_part* part) {
  mail_context context{part ? *part->header : *mail.header, part, part ? nullptr : &mail};
  const auto add = [&context](const mail_remark& remark) {
    context.found.add(
        {remark.code, {.offset = remark.offset, .in = tlsrpt::source::mail}, remark.subject},
        "mail");
  };
  if (part) {
    context.found.add(part->header->found);
    context.found.add(part->found);
  }
  for (const mail_remark& remark : mail.remarks) add(remark);
  if (part)
    for (const mail_remark& remark : part->remarks) add(remark);
  return context;
}

/// Shows one input after the other to a sink.
class viewer {
 public:
  viewer(bool strict, std::int64_t now, sink& to)
      : to_(to),
        reader_(strict, now),
        zip_(reader_.limits(), rules_of(strict)),
        zip_of_mail_(reader_.limits(), rules_of(strict)) {}

  void show(const input& in);

 private:
  /// A part of a mail from which no report could be read.
  struct failed_part {
    unread_part why;
    std::string output;
  };

  void show_mbox(const std::string& name, source_file& from);
  void show_ledger(const input_place& place, source_file& from);
  void show_mail(const input_place& place, std::string_view octets);
  void show_zip(input_place place, std::string_view archive);
  void show_zip_entry(const input_place& place, std::string_view content, const findings& around);
  std::optional<failed_part> show_part(const mail_contents& mail, const mail_part& part,
                                       input_place place);
  std::optional<failed_part> show_archive(const mail_part& part, input_place place,
                                          const mail_context& context);
  bool may_read(std::string_view content);
  std::string output_of(const entry& shown) { return to_.noted(shown); }
  void take(const entry& shown) { to_.take(shown); }
  void take_failure(const std::string& output) { to_.take_unusable(output); }

  sink& to_;
  reader reader_;
  tlsrpt::zip_reader<tlsrpt::rules> zip_;
  tlsrpt::zip_reader<tlsrpt::rules> zip_of_mail_;  ///< The mail may be in a ZIP archive itself.
  std::string content_;
  std::size_t text_of_mail_ = 0;  ///< What was read of it, at most.
};

void viewer::show(const input& in) {
  const input_place place{in.name};
  content_.clear();
  if (in.error) return take({place, unreadable{in.error.message()}});
  source_file from(in.name);
  from.fill(content_, mail_start_size);
  const mail_kind kind = kind_of_mail(content_);
  if (kind == mail_kind::mbox) return show_mbox(in.name, from);
  const bool is_mail = kind == mail_kind::mail;
  if (to_.wants_ledgers() && content_.starts_with(ledger_start)) return show_ledger(place, from);
  const std::size_t limit = is_mail ? max_mail_bytes : reader_.limits().max_text_bytes;
  from.fill(content_, limit + 1);
  if (from.error()) return take({place, unreadable{from.error().message()}});
  if (is_mail) return show_mail(place, content_);
  if (tlsrpt::classify_payload(content_) == tlsrpt::payload::zip) return show_zip(place, content_);
  if (content_.size() > limit) {
    using tlsrpt::errc, tlsrpt::source;
    return take({place, is_gzip(content_)
                            ? tlsrpt::diagnostic{errc::compressed_too_long,
                                                 {.offset = limit, .in = source::gzip}}
                            : tlsrpt::diagnostic{errc::text_too_long, {.offset = limit}}});
  }
  const auto error =
      reader_.read(content_, place, nullptr, [this](const entry& shown) { take(shown); });
  if (error) take({place, *error, &reader_.found()});
}

void viewer::show_ledger(const input_place& place, source_file& from) {
  from.fill(content_, max_ledger_bytes + 1);
  if (from.error()) return take({place, unreadable{from.error().message()}});
  if (content_.size() > max_ledger_bytes)
    return take(
        {place, tlsrpt::diagnostic{tlsrpt::errc::text_too_long, {.offset = max_ledger_bytes}}});
  to_.take_ledger(place, content_);
}

void viewer::show_mbox(const std::string& name, source_file& from) {
  input_place place{name};
  mbox_reader mails(from, content_);
  while (const auto mail = mails.next(max_mail_bytes)) {
    ++place.message;
    if (mail->is_too_long)
      take({place, error_of_mail(tlsrpt::errc::mail_too_long)});
    else
      show_mail(place, mail->octets);
  }
  if (from.error()) take({{name}, unreadable{from.error().message()}});
}

/// Each entry of an archive is shown as if it were a file.
void viewer::show_zip(input_place place, std::string_view archive) {
  findings around;
  const auto entries = zip_.open(archive, around);
  if (!entries) return take({place, entries.error(), &around});
  for (const tlsrpt::zip_entry& entry : *entries) {
    // What macOS notes about the other entries.
    if (entry.name.starts_with("__MACOSX/")) continue;
    place.entry = entry.name;
    if (const auto content = zip_.read(entry))
      show_zip_entry(place, *content, around);
    else
      take({place, content.error(), &around});
  }
}

void viewer::show_zip_entry(const input_place& place, std::string_view content,
                            const findings& around) {
  const mail_kind kind = kind_of_mail(content);
  if (kind == mail_kind::mail) return show_mail(place, content);
  if (kind == mail_kind::mbox)
    return take({place, unreadable{"an mbox in an archive is not read; unpack it first"}});
  const auto error = reader_.read(content, place, nullptr, [&](entry shown) {
    findings found = around;
    found.add(*shown.found);
    shown.found = &found;
    take(shown);
  });
  if (error) take({place, *error, &reader_.found()});
}

void viewer::show_mail(const input_place& place, std::string_view octets) {
  mail_contents mail = read_mail(octets);
  if (mail.refused) return take({place, error_of_mail(*mail.refused)});
  reader_.begin_mail();
  text_of_mail_ = 0;

  bool has_report = false, has_failure = false;
  const auto fail = [&](const failed_part& part) {
    take_failure(part.output);
    has_failure = true;
  };
  std::vector<failed_part> doubtful;
  for (const mail_part& part : mail.parts) {
    auto failed = show_part(mail, part, place);
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
                                tlsrpt::part_kind::other, part.labels.content});
  const mail_context context = context_of(mail, nullptr);
  tlsrpt::errc shortage = mail.shortage;
  if (shortage == tlsrpt::errc::ok && mail.claim == tlsrpt::mail_claim::label)
    shortage = tlsrpt::errc::mail_report_missing;
  if (shortage != tlsrpt::errc::ok)
    take({place, error_of_mail(shortage), nullptr, &context});
  else
    take({place, no_report{}, nullptr, &context});
}

/// Shows the reports of a part; else says why there are none.
auto viewer::show_part(const mail_contents& mail, const mail_part& part, input_place place)
    -> std::optional<failed_part> {
  place.part = part.path;
  const mail_context context = context_of(mail, &part);
  failed_part failed{{part.labels.evidence}, {}};
  if (!may_read(part.content)) {
    failed.output =
        output_of({place, error_of_mail(tlsrpt::errc::mail_too_much_text), nullptr, &context});
    return failed;
  }
  if (part.kind == tlsrpt::part_kind::archive) return show_archive(part, place, context);
  const auto error =
      reader_.read(part.content, place, &context, [this](const entry& shown) { take(shown); });
  if (!error) return {};
  failed.why.is_something_else = is_something_else(error->code);
  failed.why.is_replaced = error->code == tlsrpt::errc::json_expected_value ||
                           error->code == tlsrpt::errc::html_document;
  failed.output = output_of({place, *error, &reader_.found(), &context});
  return failed;
}

/// Shows the reports of an archive in a mail. What else is in it does not matter when there is one.
auto viewer::show_archive(const mail_part& part, input_place place, const mail_context& context)
    -> std::optional<failed_part> {
  failed_part failed{{part.labels.evidence, true}, {}};
  findings around;
  const auto entries = zip_of_mail_.open(part.content, around);
  if (!entries) {
    failed.why.is_something_else = false;
    failed.output = output_of({place, entries.error(), &around, &context});
    return failed;
  }
  bool has_report = false;
  for (const tlsrpt::zip_entry& each : *entries) {
    if (each.name.starts_with("__MACOSX/")) continue;
    place.entry = each.name;
    const auto content = zip_of_mail_.read(each);
    std::optional<tlsrpt::diagnostic> error = content.error();
    if (content) {
      error = reader_.read(*content, place, &context, [this](const entry& shown) { take(shown); });
      if (!error) {
        has_report = true;
        continue;
      }
    }
    const bool is_something_else_here = is_something_else(error->code);
    if (failed.output.empty() || (failed.why.is_something_else && !is_something_else_here))
      failed.output = output_of({place, *error, content ? &reader_.found() : &around, &context});
    failed.why.is_something_else = failed.why.is_something_else && is_something_else_here;
  }
  if (has_report) {
    // An entry that was to be a report is not lost behind another one that is.
    if (failed.why.is_something_else) return {};
    take_failure(failed.output);
    return {};
  }
  if (failed.output.empty())
    failed.output =
        output_of({place, error_of_mail(tlsrpt::errc::mail_report_missing), &around, &context});
  return failed;
}

/// Whether the mail may have that much more to read. A gzip stream counts as the longest text it
/// may hold.
bool viewer::may_read(std::string_view content) {
  const tlsrpt::limits& limits = reader_.limits();
  std::size_t size = content.size();
  if (is_gzip(content))
    size = std::min(limits.max_text_bytes,
                    std::max(limits.expansion_free_bytes, limits.max_expansion * size));
  if (size > max_text_of_mail - text_of_mail_) return false;
  text_of_mail_ += size;
  return true;
}

/// Writes what was read, and the sums.
class writer final : public sink {
 public:
  explicit writer(output_style output) : output_(output) {}

  void take(const entry& shown) override;
  std::string noted(const entry& shown) override;
  void take_unusable(const std::string& note) override;
  /// Whether all inputs were usable in full.
  bool finish();

 private:
  const output_style output_;
  totals sum_;
  explained_types explained_;
};

std::string writer::noted(const entry& shown) {
  switch (output_.format) {
    case output_format::json:
      return json_line(shown);
    case output_format::text:
      return text_of(shown, output_, explained_);
    default:
      return complaint(shown);
  }
}

void writer::take(const entry& shown) {
  if (output_.format != output_format::reports) {
    sum_.add(shown);
    return write_out(noted(shown));
  }
  if (std::holds_alternative<no_report>(shown.what)) return;
  const auto* const report = std::get_if<shown_report>(&shown.what);
  if (report == nullptr) return take_unusable(noted(shown));
  if (report->is_repeated) return;
  if (report->is_partial) {
    take_unusable(complaint({shown.place, tlsrpt::diagnostic{tlsrpt::errc::wrong_type}}));
    if (!output_.form.faithful) return;  // it would look like a whole report
  }
  std::string text;
  if (const auto written = write_report_text(text, report->report, output_.form); !written)
    take_unusable(complaint({shown.place, written.error()}));
  write_out(text);
}

void writer::take_unusable(const std::string& note) {
  sum_.add_unusable();
  if (output_.format == output_format::reports)
    std::cerr << note;
  else
    write_out(note);
}

bool writer::finish() {
  if (output_.format == output_format::text) write_out(sum_.text(output_));
  return sum_.are_all_usable();
}

}  // namespace

void read_inputs(const std::vector<std::string>& paths, bool strict, std::int64_t now, sink& to) {
  viewer view(strict, now, to);
  const std::vector<input> inputs = find_inputs(paths);
  progress shown(inputs.size());
  for (const input& in : inputs) {
    view.show(in);
    shown.step();
  }
}

bool show(const std::vector<std::string>& paths, bool strict, output_style output,
          std::int64_t now) {
  writer out(output);
  read_inputs(paths, strict, now, out);
  return out.finish();
}

std::string version_line() {
  using namespace simdjson;
  return "tlsrpt " TLSRPT_HPP_VERSION_STRING " (simdjson " +
         std::to_string(SIMDJSON_VERSION_MAJOR) + '.' + std::to_string(SIMDJSON_VERSION_MINOR) +
         '.' + std::to_string(SIMDJSON_VERSION_REVISION) + ", zlib " + zlibVersion() + ")";
}

}  // namespace cli
