/// @file
/// Figures that contradict each other.

#include <tlsrpt/consistency.hpp>

#include <doctest/doctest.h>

#include "sample.hpp"

using namespace consistency;

TEST_CASE("there is nothing odd about an ordinary report") {
  CHECK(sample().odd().empty());
  sample s;
  s.policies = {tlsa_policy()};
  CHECK(s.odd().empty());
  s.policies = {no_policy()};
  CHECK(s.odd().empty());
  s.policies = {};
  CHECK(s.odd().empty());
  report_view nothing;
  tlsrpt::diagnostic_list<1> found;
  tlsrpt::find_inconsistencies(nothing, found);
  CHECK(found.empty());
}

TEST_CASE("the codes of the checks are notes and warnings: the report conforms") {
  for (auto i = static_cast<int>(tlsrpt::errc::failures_without_details);
       i <= static_cast<int>(tlsrpt::errc::comparison_left_out); ++i) {
    CAPTURE(name(static_cast<tlsrpt::errc>(i)));
    CHECK(grade_of(static_cast<tlsrpt::errc>(i)) <= tlsrpt::grade::warning);
  }
  static_assert(grade_of(tlsrpt::errc::details_above_total) == tlsrpt::grade::note);
}

TEST_CASE("B-103: failures without details") {
  CHECK(counts(1, {}).odd() == "failures-without-details /policies/0/failure-details");
  CHECK(counts(0, {}).odd().empty());
  CHECK(counts(unknown, {}).odd().empty());
  CHECK(counts(1, {1}).odd().empty());
}

TEST_CASE("B-104: details despite a total of 0") {
  const char* const odd =
      "failures-despite-zero-total /policies/0/summary/total-failure-session-count";
  CHECK(counts(0, {1}).odd() == odd);
  CHECK(counts(0, {unknown, 1}).odd() == odd);
  CHECK(counts(0, {most, most}).odd() == odd);
  CHECK(counts(0, {unknown}).odd().empty());
  CHECK(counts(unknown, {1}).odd().empty());
  CHECK(counts(0, {0}).names() == "failed-count-zero");
}

TEST_CASE("B-105: details that add up to less than the total") {
  const char* const odd = "details-below-total /policies/0/summary/total-failure-session-count";
  CHECK(counts(3, {2}).odd() == odd);
  CHECK(counts(4, {2, 1}).odd() == odd);
  CHECK(counts(3, {2, 1}).odd().empty());
  CHECK(counts(3, {2, unknown}).odd().empty());
  CHECK(counts(unknown, {2}).odd().empty());
  CHECK(counts(most, {most - 1}).odd() == odd);
  CHECK(counts(most, {most - 1, 1}).odd().empty());
}

TEST_CASE("B-106: details that add up to more than the total are overlap, a note") {
  const char* const odd = "details-above-total /policies/0/summary/total-failure-session-count";
  CHECK(counts(2, {2, 1}).odd() == odd);
  CHECK(counts(2, {2, 1, unknown}).odd() == odd);
  CHECK(counts(3, {2, 1}).odd().empty());
  // E-05: the sum saturates instead of becoming 1.
  CHECK(counts(most - 1, {most - 1, 3}).odd() == odd);
  CHECK(counts(most, {most, 3}).odd().empty());
}

TEST_CASE("B-107: a detail above the total") {
  CHECK(counts(2, {1, 3}).odd() ==
        "failed-count-above-total /policies/0/failure-details/1/failed-session-count");
  CHECK(counts(2, {3, 3}).names() == "failed-count-above-total,failed-count-above-total");
  CHECK(counts(2, {2}).odd().empty());
  CHECK(counts(unknown, {3}).odd().empty());
  CHECK(counts(1, {most}).names() == "failed-count-above-total");
}

TEST_CASE("B-108: a detail that counts nothing") {
  CHECK(counts(1, {1, 0}).odd() ==
        "failed-count-zero /policies/0/failure-details/1/failed-session-count");
  CHECK(counts(1, {1, unknown}).odd().empty());
}

TEST_CASE("B-109: an element without sessions") {
  sample s = counts(0, {});
  s.first().successful = 0;
  CHECK(s.odd() == "no-sessions /policies/0/summary");
  s.first().successful = 1;
  CHECK(s.odd().empty());
  s.first().successful = unknown;
  CHECK(s.odd().empty());
  s = counts(unknown, {});
  s.first().successful = 0;
  CHECK(s.odd().empty());
  s = counts(1, {1});
  s.first().successful = 0;
  CHECK(s.odd().empty());
  // Details that count something contradict the totals; those of unknown count may.
  s = counts(0, {1});
  s.first().successful = 0;
  CHECK(s.names() == "failures-despite-zero-total");
  s = counts(0, {unknown});
  s.first().successful = 0;
  CHECK(s.odd().empty());
}

TEST_CASE("B-122: counts above 2^53-1 are reported by the reader") {
  CHECK(counts(std::uint64_t{1} << 53, {std::uint64_t{1} << 53}).odd().empty());
}
