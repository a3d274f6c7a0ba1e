#include "reader.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include <tlsrpt/gzip.hpp>
#include <tlsrpt/payload.hpp>

#include "../input/json_texts.hpp"

namespace cli {

namespace {

/// Texts one after the other that are read of so many octets: more than honest input has.
constexpr std::size_t max_documents(std::size_t octets) {
  constexpr std::size_t always = 16, octets_of_small_report = 256;
  return always + octets / octets_of_small_report;
}

/// Texts that break off, of one input. Looking for the end of each takes time.
constexpr std::size_t max_broken_documents = 16;

/// What follows the report; empty for nothing.
std::string_view text_after(const findings& found) {
  const auto& kept = found.kept();
  const auto trailing = std::find_if(kept.begin(), kept.end(), [](const finding& each) {
    return each.what.code == tlsrpt::errc::trailing_bytes;
  });
  return trailing == kept.end() ? std::string_view() : trailing->what.subject;
}

bool begins_like_report(std::string_view text) {
  return tlsrpt::classify_payload(text) == tlsrpt::payload::json;
}

/// Whether a report says itself what it is about.
bool has_all_domains(const tlsrpt::report_view& report) {
  return !report.policies.empty() &&
         std::ranges::all_of(report.policies, [](const tlsrpt::policy_view& policy) {
           return tlsrpt::present(policy.policy_domain);
         });
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

/// Whether a text is neither JSON nor anything else that is known.
bool is_of_no_known_kind(const tlsrpt::diagnostic& error, std::string_view text) {
  if (text.starts_with(start_of_7z)) return true;
  return error.code == tlsrpt::errc::json_expected_value &&
         text.find_first_not_of(" \t\r\n") >= error.where.offset &&
         tlsrpt::classify_payload(text) == tlsrpt::payload::other;
}

/// What a JSON object is that is no report, where that is known; `found` has its members.
tlsrpt::errc what_else_it_is(std::string_view text, const findings& found) {
  const auto has_member = [&found](std::string_view name) {
    return std::any_of(found.kept().begin(), found.kept().end(), [name](const finding& each) {
      return each.what.code == tlsrpt::errc::unknown_member && each.what.subject == name;
    });
  };
  // What a report says of a policy and of a host, beside each other.
  if (has_member("policy") && has_member("sending-mta-ip")) return tlsrpt::errc::session_of_log;
  // Services that take mail pass it on in a string, and some the labels of its parts besides.
  for (const std::string_view label : {"TLS-Report-Domain:", "tlsrpt+gzip", "tlsrpt+json"})
    if (text.find(label) != text.npos) return tlsrpt::errc::mail_in_json;
  return tlsrpt::errc::ok;
}

/// Whether one of these is found where a name of several words stands for a domain.
bool is_about_domain_of_sender(tlsrpt::errc code) {
  using enum tlsrpt::errc;
  constexpr tlsrpt::errc codes[] = {several_domains,          file_name_domain,
                                    subject_domain,           text_around_subject,
                                    report_id_characters,     header_submitter_differs,
                                    file_name_sender_differs, subject_submitter_differs};
  return std::find(std::begin(codes), std::end(codes), code) != std::end(codes);
}

/// Puts one finding in the place of all that come of the organization's name where the domain of
/// the submitter belongs.
void put_together(findings& found, std::string_view organization) {
  constexpr std::string_view whitespace = " \t";
  if (organization.find_first_of(whitespace) == organization.npos) return;
  const auto is_of_name = [organization](const finding& each) {
    const std::string_view text = each.what.subject;
    return is_about_domain_of_sender(each.what.code) && !text.empty() &&
           (organization.find(text) != organization.npos || text.find(organization) != text.npos);
  };
  findings others;
  others.add(found, [&](const finding& each) { return !is_of_name(each); });
  if (others.kept().size() == found.kept().size()) return;
  others.add({tlsrpt::errc::organization_as_domain, {}, organization}, "mail");
  found = std::move(others);
}

}  // namespace

tlsrpt::rules rules_of(bool strict) {
  return strict ? tlsrpt::rules(tlsrpt::strict{}) : tlsrpt::rules(tlsrpt::lenient{});
}

reader::reader(bool strict, std::optional<std::int64_t> now)
    : conformance_(rules_of(strict)), parser_(limits_, conformance_) {
  if (now) consistency_.emplace(*now);
}

std::optional<tlsrpt::diagnostic> reader::read_part(std::string_view octets,
                                                    const input_place& place,
                                                    const mail_context& mail, const taker& take) {
  return read_texts(octets, place, &mail, take);
}

bool reader::read_if_report(std::string_view octets, const input_place& place, const taker& take) {
  const std::size_t text_left = text_left_;
  if (!read_texts(octets, place, nullptr, take)) return true;
  text_left_ = text_left;  // it is read again, as something else
  return false;
}

void reader::read_file(std::string_view octets, const input_place& place, const taker& take) {
  auto error = read_texts(octets, place, nullptr, take);
  if (!error) return;
  if (error->code == tlsrpt::errc::dmarc_report) return take({place, no_report{true}});
  std::string following;
  // A strict reader refuses them all for there being several.
  const bool is_for_others = error->code == tlsrpt::errc::trailing_bytes;
  if (!is_for_others && begins_like_report(parser_.text())) following = parser_.text();
  if (is_of_no_known_kind(*error, parser_.text())) error->code = tlsrpt::errc::unknown_format;
  take({place, *error, &found_});
  json_texts texts(following);
  if (!texts.empty()) texts.next();
  read_following(texts.rest(), octets.size(), place, nullptr, take);
}

void reader::read_line(std::string_view octets, const input_place& place, const taker& take) {
  places_.clear();
  const auto report = parse(octets);
  if (!report) return take({place, report.error(), &found_});
  // Which of several reports is meant, nobody can say.
  if (const std::string_view following = text_after(found_); begins_like_report(following))
    return take({place, tlsrpt::diagnostic{tlsrpt::errc::trailing_bytes, {}, following}, &found_});
  take_report(*report, place, nullptr, take);
}

/// Reads a report, and what follows it. The error is that of the report: nothing was given.
std::optional<tlsrpt::diagnostic> reader::read_texts(std::string_view octets,
                                                     const input_place& place,
                                                     const mail_context* mail, const taker& take) {
  const auto report = parse(octets);
  if (!report) return report.error();
  const std::string following(text_after(found_));
  take_report(*report, place, mail, take);
  read_following(following, octets.size(), place, mail, take);
  return {};
}

/// Reads what follows the first text of an input, which has `size` octets.
void reader::read_following(std::string_view text, std::size_t size, input_place place,
                            const mail_context* mail, const taker& take) {
  std::size_t broken = 0;
  for (json_texts texts(text); !texts.empty();) {
    const json_text piece = texts.next();
    if (!piece.text.starts_with('{')) continue;
    ++place.document;
    if (!piece.is_whole) ++broken;
    if (place.document > max_documents(size) || broken > max_broken_documents)
      return take({place, unreadable{"it has too many texts; this one and the rest are not read"},
                   nullptr, mail});
    const auto report = parse(piece.text);
    if (!texts.empty())
      found_({tlsrpt::errc::trailing_bytes, {.offset = piece.text.size()}, texts.rest()});
    if (report)
      take_report(*report, place, mail, take);
    else
      take({place, report.error(), &found_, mail});
  }
}

/// Parses a text. An error at its beginning quotes it.
tlsrpt::result<tlsrpt::report_view> reader::parse(std::string_view octets) {
  found_.clear();
  if (text_left_ == 0) return tlsrpt::diagnostic{tlsrpt::errc::too_much_text};
  const auto report = parser_.parse(octets, found_);
  spend(octets.size(), report.has_value());
  if (report) return report;
  tlsrpt::diagnostic error = report.error();
  if (is_ours(error.code)) throw std::runtime_error(std::string(message(error.code)));
  if (error.code == tlsrpt::errc::gzip_corrupt) error = exact_error(octets, error);
  if (error.code == tlsrpt::errc::not_a_report)
    error.hint = what_else_it_is(parser_.text(), found_);
  if (error.where.offset == 0 && error.subject.empty())
    error.subject = beginning(parser_.text().empty() ? octets : parser_.text());
  return error;
}

/// What is wrong with damaged gzip data: libdeflate knows neither where the fault is nor whether
/// they are only cut off.
tlsrpt::diagnostic reader::exact_error(std::string_view octets, const tlsrpt::diagnostic& error) {
  if constexpr (!std::is_same_v<program_inflater, tlsrpt::zlib_inflater>) {
    tlsrpt::report_parser<tlsrpt::rules> exact(limits_, conformance_);
    if (const auto report = exact.parse(octets); !report) return report.error();
  }
  return error;
}

/// Takes a text off what may be read. One that could not be read counts as the longest that its
/// octets may hold.
void reader::spend(std::size_t octets, bool is_read) {
  const std::size_t longest =
      std::min(limits_.max_text_bytes,
               std::max(limits_.expansion_free_bytes, limits_.max_expansion * octets));
  text_left_ -= std::min(text_left_, is_read ? parser_.text().size() : longest);
}

void reader::take_report(const tlsrpt::report_view& report, const input_place& place,
                         const mail_context* mail, const taker& take) {
  if (consistency_) consistency_->check(report, found_);
  if (!mail) return take({place, judged(report, place, nullptr), &found_});
  mail_context context = *mail;
  const shown_report shown = judged(report, place, &context);
  take({place, shown, &found_, &context});
}

shown_report reader::judged(const tlsrpt::report_view& report, const input_place& place,
                            mail_context* mail) {
  const tlsrpt::digest digest = digest_of(report);
  const bool is_repeated = consistency_ && was_there(digest, place);
  if (!is_repeated && mail && reports_of_mail_ != 0)
    mail->found.add({tlsrpt::errc::mail_several_reports}, "mail");
  ++reports_of_mail_;
  return {.report = report,
          .digest = digest,
          .inferred = compare(report, place, mail),
          .is_repeated = is_repeated,
          .is_partial = has_skipped(found_),
          .is_returned = mail && mail->part && mail->part->is_returned};
}

/// Whether the same report came before; if so, that is remarked upon.
bool reader::was_there(const tlsrpt::digest& digest, const input_place& place) {
  const auto [first, is_new] = places_.try_emplace(digest, place.text());
  if (!is_new) found_({tlsrpt::errc::repeated_report, {}, first->second});
  return !is_new;
}

/// Compares the report with what is around it.
tlsrpt::inferred_domain reader::compare(const tlsrpt::report_view& report, const input_place& place,
                                        mail_context* mail) {
  if (!wants_remarks() && has_all_domains(report)) return {};
  if (mail) {
    tlsrpt::envelope_view says = mail->header.fields().says;
    if (mail->part) says.file_name = mail->part->labels().name_says;
    const auto inferred = tlsrpt::compare_envelope(says, report, mail->found);
    put_together(mail->found, report.organization_name);
    return inferred;
  }
  // Whoever has a file may have renamed it: its name fills in, but contradicts nothing.
  tlsrpt::envelope_view says;
  const std::string_view path = place.entry.empty() ? place.file : std::string_view(place.entry);
  const std::string_view name = path.substr(path.rfind('/') + 1);
  if (const auto read = tlsrpt::parse_file_name(name)) says.file_name = *read;
  return tlsrpt::compare_envelope(says, report, [this](const tlsrpt::diagnostic& found) {
    if (found.code == tlsrpt::errc::inferred_policy_domain) found_(found);
  });
}

}  // namespace cli
