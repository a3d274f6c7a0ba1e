#include <tlsrpt/path.hpp>

#include <doctest/doctest.h>

#include <string>

namespace {

using tlsrpt::field;
using tlsrpt::location;
using tlsrpt::source;

std::string pointer(const location& where) { return std::string(path(where)); }

}  // namespace

TEST_CASE("a location is written as an RFC 6901 pointer") {
  static_assert(path(location{}).empty());
  static_assert(path(location{.member = field{tlsrpt::detail::schema_rows.size()}}).empty());
  CHECK(pointer({.member = field::organization_name}) == "/organization-name");
  CHECK(pointer({.member = field::start_datetime}) == "/date-range/start-datetime");
  CHECK(pointer({.policy = 0}) == "/policies/0");
  CHECK(pointer({.policy = 2, .member = field::policy}) == "/policies/2/policy");
  CHECK(pointer({.policy = 2, .element = 7, .member = field::mx_host}) ==
        "/policies/2/policy/mx-host/7");
  CHECK(pointer({.policy = 2, .member = field::total_failure_session_count}) ==
        "/policies/2/summary/total-failure-session-count");
  CHECK(pointer({.policy = 0, .failure = 3, .member = field::sending_mta_ip}) ==
        "/policies/0/failure-details/3/sending-mta-ip");
  const std::string longest = pointer({.policy = 4294967294u,
                                       .failure = 4294967294u,
                                       .element = 4294967294u,
                                       .member = field::additional_information});
  CHECK(longest ==
        "/policies/4294967294/failure-details/4294967294/additional-information/4294967294");
}

TEST_CASE("the text of a location says in which text an offset counts") {
  CHECK(to_text(location{.offset = 5}) == "octet 5");
  CHECK(to_text(location{}) == "octet 0");
  CHECK(to_text(location{.offset = 312, .policy = 0, .member = field::policy_domain}) ==
        "/policies/0/policy/policy-domain, octet 312");
  CHECK(to_text(location{.member = field::report_id}) == "/report-id");
  CHECK(to_text(location{.policy = 3}) == "/policies/3");
  CHECK(to_text(location{.offset = 12, .in = source::record}) == "record, octet 12");
  CHECK(to_text(location{.offset = 12, .element = 0, .in = source::record}) ==
        "record 0, octet 12");
  CHECK(to_text(location{.element = 1, .in = source::header_field}) == "header-field 1, octet 0");
  CHECK(to_text(location{.offset = 2, .member = field::contact_info, .in = source::file_name}) ==
        "file-name, /contact-info, octet 2");
  // The longest has room.
  const auto longest = to_text(location{.offset = std::string::npos,
                                        .policy = 4294967294u,
                                        .failure = 4294967294u,
                                        .element = 4294967294u,
                                        .member = field::additional_information,
                                        .in = source::header_field});
  CHECK(longest ==
        "header-field, /policies/4294967294/failure-details/4294967294/additional-information/"
        "4294967294, octet " +
            std::to_string(std::string::npos));
}
