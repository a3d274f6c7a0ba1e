#include <tlsrpt/error.hpp>

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace {

using tlsrpt::errc;
using tlsrpt::field;
using tlsrpt::location;

constexpr auto codes = static_cast<std::size_t>(errc::end_of_list);

std::string pointer(const location& where) { return std::string(path(where).view()); }

}  // namespace

TEST_CASE("every code has a stable name, a sentence, and a requirement") {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < codes; ++i) {
    const auto code = static_cast<errc>(i);
    INFO(name(code));
    CHECK(names.insert(name(code)).second);
    CHECK(name(code).find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") ==
          std::string_view::npos);
    CHECK(message(code).ends_with('.'));
    if (code != errc::ok && code != errc::buffer_too_small && code != errc::insufficient_padding &&
        code != errc::gzip_in_place && code != errc::out_of_memory &&
        code != errc::stopped_by_visitor)
      CHECK(requirement(code).starts_with("RFC "));
  }
  CHECK(name(errc::missing_time_zone) == "missing-time-zone");
  CHECK(grade_of(errc::missing_time_zone) == tlsrpt::grade::violation);
  CHECK(grade_of(errc::gzip_truncated) == tlsrpt::grade::fatal);
  CHECK(name(tlsrpt::grade::warning) == "warning");
}

TEST_CASE("a location is written as an RFC 6901 pointer") {
  static_assert(path(location{}).view().empty());
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
