#include "reader.hpp"

#include <algorithm>
#include <stdexcept>

#include <tlsrpt/mail_part.hpp>

namespace cli {

namespace {

/// Texts one after the other that are read.
constexpr std::size_t max_documents = 16;

/// What follows the report and begins like another one; empty for none.
std::string further_text(const findings& found) {
  const auto& kept = found.kept();
  const auto trailing = std::find_if(kept.begin(), kept.end(), [](const finding& each) {
    return each.what.code == tlsrpt::errc::trailing_bytes;
  });
  if (trailing == kept.end() ||
      tlsrpt::classify_payload(trailing->what.subject) != tlsrpt::payload::json)
    return {};
  return std::string(trailing->what.subject);
}

/// Whether something was skipped that may have had counts: an element of `policies` or of
/// `failure-details`, or one of the objects and arrays around counts. null has none.
bool has_skipped(const findings& found) {
  using tlsrpt::field;
  return std::any_of(found.kept().begin(), found.kept().end(), [](const finding& each) {
    const tlsrpt::location& where = each.what.where;
    if (each.what.code != tlsrpt::errc::wrong_type || each.what.subject == "null") return false;
    return where.member == field::none || where.member == field::policies ||
           where.member == field::summary || where.member == field::failure_details;
  });
}

/// So much of a text as shows what it is.
std::string_view beginning(std::string_view text) {
  constexpr std::size_t most_octets = 60;
  return text.substr(0, std::min(text.find('\n'), most_octets));
}

/// Whether the program or the machine is at fault, and no input.
bool is_ours(tlsrpt::errc code) {
  return code == tlsrpt::errc::out_of_memory || code == tlsrpt::errc::simdjson_unusable;
}

}  // namespace

tlsrpt::rules rules_of(bool strict) {
  return strict ? tlsrpt::rules(tlsrpt::strict{}) : tlsrpt::rules(tlsrpt::lenient{});
}

reader::reader(bool strict, std::int64_t now)
    : parser_(limits_, rules_of(strict)), consistency_(now) {}

std::optional<tlsrpt::diagnostic> reader::read(std::string_view octets, input_place place,
                                               const mail_context* mail, const taker& take) {
  for (std::string rest;; ++place.document, octets = rest) {
    found_.clear();
    const auto report = parser_.parse(octets, found_);
    if (!report) {
      tlsrpt::diagnostic error = report.error();
      if (is_ours(error.code)) throw std::runtime_error(std::string(message(error.code)));
      if (error.where.offset == 0 && error.subject.empty())
        error.subject = beginning(parser_.text().empty() ? octets : parser_.text());
      if (place.document == 1) return error;
      take({place, error, &found_, mail});
      return {};
    }
    consistency_.check(*report, found_);
    rest = further_text(found_);
    if (mail) {
      mail_context context = *mail;
      const shown_report shown = judged(*report, place, &context);
      take({place, shown, &found_, &context});
    } else {
      take({place, judged(*report, place, nullptr), &found_});
    }
    if (rest.empty() || place.document == max_documents) return {};
  }
}

shown_report reader::judged(const tlsrpt::report_view& report, const input_place& place,
                            mail_context* mail) {
  const auto [first, is_new] = places_.try_emplace(digest_of(report), place.text());
  if (!is_new)
    found_({tlsrpt::errc::repeated_report, {}, first->second});
  else if (mail && reports_of_mail_ != 0)
    mail->found.add({tlsrpt::errc::mail_several_reports}, "mail");
  ++reports_of_mail_;
  return {report, compare(report, place, mail), !is_new, has_skipped(found_),
          mail && mail->part && mail->part->is_returned};
}

/// Compares the report with what is around it.
tlsrpt::inferred_domain reader::compare(const tlsrpt::report_view& report, const input_place& place,
                                        mail_context* mail) {
  if (mail) {
    tlsrpt::envelope_view says = mail->header.says;
    if (mail->part) says.file_name = mail->part->name_says;
    return tlsrpt::compare_envelope(says, report, mail->found);
  }
  // Whoever has a file may have renamed it: its name fills in, but contradicts nothing.
  tlsrpt::envelope_view says;
  const std::string_view path = place.entry.empty() ? place.file : place.entry;
  const std::string_view name = path.substr(path.rfind('/') + 1);
  if (const auto read = tlsrpt::parse_file_name(name)) says.file_name = *read;
  return tlsrpt::compare_envelope(says, report, [this](const tlsrpt::diagnostic& found) {
    if (found.code == tlsrpt::errc::inferred_policy_domain) found_(found);
  });
}

}  // namespace cli
