#include "show.hpp"

#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include <tlsrpt/canonical.hpp>
#include <tlsrpt/delivery.hpp>
#include <tlsrpt/report.hpp>
#include <tlsrpt/version.hpp>

#include "consistency.hpp"
#include "input.hpp"
#include "json_output.hpp"
#include "mail.hpp"
#include "mail_output.hpp"
#include "mail_start.hpp"
#include "terminal.hpp"
#include "text_output.hpp"

namespace cli {

namespace {

/// Texts one behind the other that are read.
constexpr std::size_t most_documents = 16;

/// Octets of text that are read of one mail: a thousand usual reports, or a few large ones.
constexpr std::size_t most_text_of_mail = std::size_t{1} << 30;

failure failure_of(mail_fault fault) {
  return {
      .code = name(fault), .how_grave = grade_of(fault), .message = std::string(message(fault))};
}

/// Whether a text is something else than a report, and not a broken one.
bool is_something_else(tlsrpt::errc code) {
  return code == tlsrpt::errc::json_expected_value || code == tlsrpt::errc::not_an_object ||
         code == tlsrpt::errc::not_a_report;
}

/// Whether the first file in a zip archive is XML, as in DMARC reports. Its name stands behind the
/// 30 octets of the local header.
bool is_zip_of_xml(std::string_view content) {
  constexpr std::size_t header_size = 30;
  if (!content.starts_with("PK\x03\x04") || content.size() < header_size) return false;
  const auto octet = [content](std::size_t i) { return static_cast<unsigned char>(content[i]); };
  std::string name(content.substr(header_size, octet(26) | std::size_t{octet(27)} << 8));
  for (char& c : name)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return name.ends_with(".xml");
}

bool has_remark(const mail_contents& mail, mail_fault fault) {
  return std::any_of(mail.remarks.begin(), mail.remarks.end(),
                     [fault](const mail_remark& remark) { return remark.fault == fault; });
}

template <tlsrpt::conformance Conformance>
class viewer {
 public:
  viewer(output_style output, consistency& odd)
      : format_(output.format), colour_(output.colour), odd_(odd) {}

  void show(const input& in);
  /// Whether all inputs were usable.
  bool finish();

 private:
  /// What came of a part of a mail.
  struct outcome {
    std::string output{};
    tlsrpt::report_claim claim = tlsrpt::report_claim::none;
    bool is_report = false, is_something_else = false;
  };

  void show_mbox(const std::string& name, source& from);
  void show_mail(const input_place& place, std::string_view octets);
  bool may_read(std::string_view content);
  outcome read_part(const mail_contents& mail, const mail_part& part, input_place place);
  tlsrpt::diagnostic read_texts(std::string_view text, input_place place,
                                const mail_context* context, std::string& output);
  std::string output_of(const input_place& place, const tlsrpt::report_view& report);
  std::string output_of(const input_place& place, tlsrpt::report_view report, mail_context context);
  std::string output_of(const input_place& place, const failure& error,
                        const mail_context* context = nullptr) const;
  void write_unusable(const std::string& output);

  const output_format format_;
  const bool colour_;
  consistency& odd_;
  const tlsrpt::limits limits_;
  tlsrpt::report_parser<Conformance> parser_{limits_};
  totals sum_;
  findings diagnostics_;
  std::string content_;
  std::vector<tlsrpt::digest> digests_;  ///< Of the reports in this mail.
  std::size_t text_of_mail_ = 0;         ///< What was read of it, at most.
};

template <tlsrpt::conformance Conformance>
void viewer<Conformance>::show(const input& in) {
  const input_place place{in.name};
  const auto unusable = [&](const failure& error) { write_unusable(output_of(place, error)); };
  diagnostics_.clear();
  content_.clear();
  if (in.error) return unusable(cannot_read(in.error));
  source from(in.name);
  from.fill(content_, mail_start_size);
  const mail_kind kind = kind_of_mail(content_);
  if (kind == mail_kind::mbox) return show_mbox(in.name, from);
  const bool is_mail = kind == mail_kind::mail;
  const std::size_t limit = is_mail ? largest_mail : limits_.max_text_bytes;
  from.fill(content_, limit + 1);
  if (from.error()) return unusable(cannot_read(from.error()));
  if (content_.size() > limit) {
    const auto code = content_.starts_with("\x1f\x8b") ? tlsrpt::errc::compressed_too_long
                                                       : tlsrpt::errc::text_too_long;
    return unusable(is_mail ? failure_of(mail_fault::too_long)
                            : to_failure({.code = code, .where = {.offset = limit}}));
  }
  if (is_mail) return show_mail(place, content_);
  std::string output;
  const tlsrpt::diagnostic error = read_texts(content_, place, nullptr, output);
  if (error.code != tlsrpt::errc::ok) return unusable(to_failure(error));
  write_out(output);
}

template <tlsrpt::conformance Conformance>
void viewer<Conformance>::show_mbox(const std::string& name, source& from) {
  input_place place{name};
  mbox_reader mails(from, content_);
  while (const auto mail = mails.next(largest_mail)) {
    ++place.message;
    if (mail->is_too_long)
      write_unusable(output_of(place, failure_of(mail_fault::too_long)));
    else
      show_mail(place, mail->octets);
    diagnostics_.clear();
  }
  if (from.error()) write_unusable(output_of({name}, cannot_read(from.error())));
}

template <tlsrpt::conformance Conformance>
void viewer<Conformance>::show_mail(const input_place& place, std::string_view octets) {
  const mail_contents mail = read_mail(octets);
  diagnostics_.clear();
  digests_.clear();
  text_of_mail_ = 0;
  if (mail.refused) return write_unusable(output_of(place, failure_of(*mail.refused)));

  bool has_report = false, has_failure = false;
  std::vector<outcome> doubtful;  // What fails and may be something else.
  for (const mail_part& part : mail.parts) {
    outcome each = read_part(mail, part, place);
    if (each.is_report) {
      write_out(each.output);
      has_report = true;
    } else if (each.claim == tlsrpt::report_claim::media_type) {
      write_unusable(each.output);
      has_failure = true;
    } else {
      doubtful.push_back(std::move(each));
    }
  }
  for (const outcome& each : doubtful) {
    if (!mail.speaks_of_reports && !mail.has_report_subject) break;
    if (has_report && each.claim == tlsrpt::report_claim::none) continue;
    if ((has_report || !mail.speaks_of_reports) && each.is_something_else) continue;
    write_unusable(each.output);
    has_failure = true;
  }
  if (has_report || has_failure) return;

  const mail_context context{.header = mail.header.get(), .remarks = mail.remarks};
  diagnostics_.clear();
  if (has_remark(mail, mail_fault::unread_parts))
    return write_unusable(output_of(place, failure_of(mail_fault::unread_parts), &context));
  sum_.add_mail_without_report();
  if (format_ == output_format::json)
    write_out(to_line(with_context(mail_without_report_object(place.file), place, &context)));
  else
    write_out(mail_without_report_text(place.text(), context, colour_));
}

template <tlsrpt::conformance Conformance>
auto viewer<Conformance>::read_part(const mail_contents& mail, const mail_part& part,
                                    input_place place) -> outcome {
  place.part = part.path;
  mail_context context = context_of(mail, part);
  outcome result;
  result.claim =
      tlsrpt::examine_part(part.content_type, part.file_name, std::string_view(part.content)).claim;
  if (!may_read(part.content)) {
    diagnostics_.clear();
    result.output = output_of(place, failure_of(mail_fault::too_much_text), &context);
    return result;
  }
  const tlsrpt::diagnostic error = read_texts(part.content, place, &context, result.output);
  result.is_report = error.code == tlsrpt::errc::ok;
  if (result.is_report) return result;
  result.is_something_else = is_something_else(error.code) || is_zip_of_xml(part.content);
  result.output = output_of(place, to_failure(error), &context);
  // The labels may be wrong in a way that the first octets do not show.
  for (const other_content& other : other_contents(part)) {
    const tlsrpt::payload payload = tlsrpt::classify_payload(std::string_view(other.content));
    if (payload != tlsrpt::payload::json && payload != tlsrpt::payload::gzip) continue;
    mail_context changed = context;
    changed.remarks.push_back({other.fault});
    std::string output;
    if (!may_read(other.content) ||
        read_texts(other.content, place, &changed, output).code != tlsrpt::errc::ok)
      continue;
    result.is_report = true;
    result.output = std::move(output);
    break;
  }
  return result;
}

/// Whether the mail may have that much more to read. A gzip stream counts as the longest text it
/// may hold.
template <tlsrpt::conformance Conformance>
bool viewer<Conformance>::may_read(std::string_view content) {
  const std::size_t most = most_text_of_mail - text_of_mail_;
  std::size_t size = content.size();
  if (content.starts_with("\x1f\x8b"))
    size = std::min(limits_.max_text_bytes,
                    std::max(limits_.expansion_free_bytes, limits_.max_expansion * size));
  if (size > most) return false;
  text_of_mail_ += size;
  return true;
}

/// Reads a report, and further ones behind it. The error is that of the first; what stands behind
/// the last and is no report is remarked upon with it.
template <tlsrpt::conformance Conformance>
tlsrpt::diagnostic viewer<Conformance>::read_texts(std::string_view text, input_place place,
                                                   const mail_context* context,
                                                   std::string& output) {
  std::string rest;
  for (;; ++place.document) {
    diagnostics_.clear();
    const auto report = parser_.parse(text, diagnostics_);
    if (!report) return place.document == 1 ? report.error() : tlsrpt::diagnostic{};
    odd_.check(*report, diagnostics_);
    output += context ? output_of(place, *report, *context) : output_of(place, *report);
    const auto& found = diagnostics_.kept();
    const auto trailing = std::find_if(found.begin(), found.end(), [](const auto& d) {
      return d.code == tlsrpt::errc::trailing_bytes;
    });
    if (trailing == found.end() || place.document == most_documents) return {};
    rest.assign(trailing->subject);
    if (tlsrpt::classify_payload(std::string_view(rest)) != tlsrpt::payload::json) return {};
    text = rest;
  }
}

template <tlsrpt::conformance Conformance>
std::string viewer<Conformance>::output_of(const input_place& place,
                                           const tlsrpt::report_view& report) {
  sum_.add(report);
  if (format_ == output_format::json)
    return to_line(with_context(report_object(place.file, report, diagnostics_), place, nullptr));
  return report_text(place.text(), report, diagnostics_, colour_);
}

template <tlsrpt::conformance Conformance>
std::string viewer<Conformance>::output_of(const input_place& place, tlsrpt::report_view report,
                                           mail_context context) {
  const tlsrpt::inferred_domain inferred =
      tlsrpt::compare_envelope(context.says, report, [&](const tlsrpt::diagnostic& found) {
        context.findings.push_back({"report", found});
      });
  const tlsrpt::report_view as_written = report;
  std::vector<tlsrpt::policy_view> policies;
  if (!inferred.policy_domain.empty())
    report = with_inferred_domain(report, inferred.policy_domain, policies);

  const tlsrpt::digest digest = digest_of(as_written);
  const bool is_repeated = std::find(digests_.begin(), digests_.end(), digest) != digests_.end();
  if (is_repeated)
    context.remarks.push_back({mail_fault::same_report});
  else if (!digests_.empty())
    context.remarks.push_back({mail_fault::several_reports});
  digests_.push_back(digest);
  if (!is_repeated) sum_.add(report);

  if (format_ == output_format::json) {
    json object = report_object(place.file, report, diagnostics_);
    if (!policies.empty()) mark_inferred_domains(object, as_written);
    return to_line(with_context(std::move(object), place, &context));
  }
  return report_text(place.text(), report, diagnostics_, colour_,
                     {inferred.policy_domain, name(inferred.source)}) +
         mail_text(context, colour_);
}

template <tlsrpt::conformance Conformance>
std::string viewer<Conformance>::output_of(const input_place& place, const failure& error,
                                           const mail_context* context) const {
  if (format_ == output_format::json)
    return to_line(
        with_context(failed_report_object(place.file, error, diagnostics_), place, context));
  return failure_text(place.text(), error, diagnostics_, colour_) +
         (context ? mail_text(*context, colour_) : "");
}

template <tlsrpt::conformance Conformance>
void viewer<Conformance>::write_unusable(const std::string& output) {
  sum_.add_unusable();
  write_out(output);
}

template <tlsrpt::conformance Conformance>
bool viewer<Conformance>::finish() {
  if (format_ == output_format::text) write_out(sum_.text(colour_));
  return sum_.unusable() == 0;
}

template <tlsrpt::conformance Conformance>
bool show_as(const std::vector<std::string>& paths, output_style output, consistency& odd) {
  viewer<Conformance> view(output, odd);
  const std::vector<input> inputs = find_inputs(paths);
  progress shown(inputs.size());
  for (const input& in : inputs) {
    view.show(in);
    shown.step();
  }
  return view.finish();
}

}  // namespace

bool show(const std::vector<std::string>& paths, bool strict, output_style output,
          std::int64_t now) {
  consistency odd(now);
  return strict ? show_as<tlsrpt::strict>(paths, output, odd)
                : show_as<tlsrpt::lenient>(paths, output, odd);
}

std::string version_line() {
  using namespace simdjson;
  return "tlsrpt " TLSRPT_HPP_VERSION_STRING " (simdjson " +
         std::to_string(SIMDJSON_VERSION_MAJOR) + '.' + std::to_string(SIMDJSON_VERSION_MINOR) +
         '.' + std::to_string(SIMDJSON_VERSION_REVISION) + ", zlib " + zlibVersion() + ")";
}

}  // namespace cli
