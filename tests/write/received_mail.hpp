/// @file
/// What a receiver makes of a mail.

#ifndef TLSRPT_TESTS_WRITE_RECEIVED_MAIL
#define TLSRPT_TESTS_WRITE_RECEIVED_MAIL

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>

#include <tlsrpt/domain_field.hpp>
#include <tlsrpt/envelope.hpp>
#include <tlsrpt/mail.hpp>
#include <tlsrpt/report.hpp>
#include <tlsrpt/write_mail.hpp>

#include "support.hpp"

namespace received_mail {

inline std::string unfolded(const tlsrpt::header_field& field) {
  std::string value;
  field.unfold_to(value);
  return value;
}

/// A receiver makes the same report of the mail, and finds nothing.
inline void check(std::string_view mail, std::string_view octets, std::string_view json,
                  std::string_view about) {
  support::findings found;
  const auto read = tlsrpt::read_mail(mail, found, tlsrpt::strict{});
  REQUIRE(read.has_value());
  CHECK(read->claim() == tlsrpt::mail_claim::label);
  CHECK(read->shortage() == tlsrpt::errc::ok);
  std::size_t candidates = 0;
  for (const tlsrpt::mail_part_view part : read->candidates()) {
    ++candidates;
    std::string buffer, media_type, file_name;
    const auto content = part.decode(buffer, found, tlsrpt::strict{});
    REQUIRE(content.has_value());
    CHECK(*content == octets);
    part.media_type_to(media_type);
    part.file_name_to(file_name);
    CHECK(media_type == tlsrpt::media_type_of_report(octets));
    CHECK(part.labels().evidence == tlsrpt::evidence::media_type);
    tlsrpt::examine_part(media_type, file_name, *content, found);
    std::string wrapper_type;
    part.wrapper_type_to(wrapper_type);
    tlsrpt::check_wrapper(wrapper_type, "tlsrpt", found);

    tlsrpt::report_parser<tlsrpt::strict> parser;
    const auto report = parser.parse(*content, found);
    REQUIRE(report.has_value());
    CHECK(parser.text() == json);

    const tlsrpt::mail_header header = part.header();
    const std::string domain = unfolded(*header.report_domains().begin());
    const std::string submitter = unfolded(*header.report_submitters().begin());
    const std::string subject = unfolded(header.subject());
    tlsrpt::envelope_view envelope;
    envelope.report_domain = tlsrpt::parse_domain_field(domain, found).value();
    envelope.report_submitter = tlsrpt::parse_domain_field(submitter, found).value();
    envelope.file_name = tlsrpt::parse_file_name(file_name, found).value();
    envelope.subject = tlsrpt::parse_subject(subject, found).value();
    CHECK(envelope.report_domain == about);
    CHECK(envelope.file_name.policy_domain == about);
    tlsrpt::compare_envelope(envelope, *report, found);
  }
  CHECK(candidates == 1);
  CHECK(found.names() == "");
}

}  // namespace received_mail

#endif
