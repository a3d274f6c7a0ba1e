#include <tlsrpt/error.hpp>
#include <tlsrpt/schema.hpp>

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace {

using tlsrpt::errc;
using tlsrpt::field;

// Each row is at the place that its code says. Evaluated here and not in the header, where every
// program would pay for it.
static_assert([] {
  for (errc code : tlsrpt::all_codes())
    if (tlsrpt::detail::row_of(code).code != code) return false;
  return true;
}());

}  // namespace

TEST_CASE("every code has a stable name, a sentence, and a requirement") {
  std::set<std::string_view> names;
  for (errc code : tlsrpt::all_codes()) {
    INFO(name(code));
    CHECK(names.insert(name(code)).second);
    CHECK(name(code).find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") ==
          std::string_view::npos);
    CHECK(message(code).ends_with('.'));
    // Limits have no paragraph, except that of TXT records.
    const bool is_limit =
        static_cast<unsigned>(code) >> 8 == static_cast<unsigned>(errc::compressed_too_long) >> 8;
    const bool is_limit_of_mails = code >= errc::mail_nested_too_deep && !is_limit;
    if (is_limit || is_limit_of_mails) continue;
    // APPNOTE is what there is about ZIP.
    CHECK((requirement(code).starts_with("RFC ") || requirement(code).starts_with("APPNOTE, ")));
  }
  CHECK(name(errc::missing_time_zone) == "missing-time-zone");
  CHECK(grade_of(errc::missing_time_zone) == tlsrpt::grade::violation);
  CHECK(grade_of(errc::gzip_truncated) == tlsrpt::grade::fatal);
  CHECK(name(tlsrpt::grade::warning) == "warning");
}

TEST_CASE("each topic has a block of numbers, and the list has every code once") {
  const auto codes = tlsrpt::all_codes();
  std::set<errc> seen;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    CHECK(seen.insert(codes[i]).second);
    if (i != 0) CHECK(codes[i - 1] < codes[i]);
  }
  CHECK_FALSE(seen.contains(errc::ok));
  for (errc first :
       {errc::no_txt_record, errc::u_label, errc::empty_input, errc::not_an_object,
        errc::unreadable_date_time, errc::gzip_truncated, errc::policy_line_end, errc::tlsa_fields,
        errc::failures_without_details, errc::mail_line_ends, errc::compressed_too_long})
    CHECK((static_cast<unsigned>(first) & 0xff) == 0);
}

TEST_CASE("numbers that are no code have a name, too") {
  for (unsigned number : {1u, 250u, 0x01feu, 0x0fffu, 0xffffu}) {
    const auto code = static_cast<errc>(number);
    CAPTURE(number);
    CHECK(name(code) == "unknown-code");
    CHECK(grade_of(code) == tlsrpt::grade::fatal);
    CHECK(message(code).ends_with('.'));
    CHECK(requirement(code).empty());
  }
  CHECK(name(errc::ok) == "ok");
  CHECK(grade_of(errc::ok) == tlsrpt::grade::note);
  CHECK(name(static_cast<tlsrpt::grade>(4)).empty());
  CHECK(name(static_cast<tlsrpt::grade>(255)).empty());
  CHECK(name(static_cast<field>(25)).empty());
  CHECK(name(field::failure_reason_code) == "failure-reason-code");
  CHECK(name(static_cast<tlsrpt::source>(14)).empty());
  CHECK(name(tlsrpt::source::json) == "json");
  CHECK(name(tlsrpt::source::mail) == "mail");
  CHECK(name(tlsrpt::source::ledger) == "ledger");
  CHECK(name(tlsrpt::source::datagram) == "datagram");
}
