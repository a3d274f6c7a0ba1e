#include <tlsrpt/ledger.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/sample.hpp"

namespace {

using sample::add;
using sample::element;
using sample::made_up;
using sample::merge;
using sample::report;
using sample::written;
using tlsrpt::ledger;
using tlsrpt::receipt;

/// Reports and receipts of a small world, in which much meets.
class world {
 public:
  explicit world(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t size) { return random_() % size; }
  template <class T, std::size_t N>
  T any_of(const T (&values)[N]) {
    return values[below(N)];
  }

  report any_report() {
    report r;
    r.contact = any_of({"tls@a.example", "tls@sub.a.example", "tls@b.example", "", "x"});
    r.organization = any_of({"A", "B  b", ""});
    r.id = any_of({"1", "2", ""});
    r.start += static_cast<std::int64_t>(below(3)) * 43'200;
    r.end = r.start + static_cast<std::int64_t>(1 + below(3)) * 86'400 - 1;
    r.has_period = below(4) != 0;
    r.elements.resize(below(4));
    for (element& e : r.elements) {
      e.domain = any_of({"example.com", "example.net", ""});
      e.kind = any_of({"sts", "tlsa", "no-policy-found"});
      e.policy[1] = any_of({"mode: enforce", "mode: testing"});
      e.ok = below(3) == 0 ? tlsrpt::session_count() : tlsrpt::session_count(below(3));
      e.failures.resize(below(3));
      for (sample::failure& f : e.failures) {
        f.host = any_of({"mx1.example.com", "mx2.example.com", ""});
        f.reason = any_of({"", "certificate has expired", "it says: certificate has expired"});
        f.sessions = below(5);
      }
    }
    return r;
  }

  receipt any_receipt() {
    receipt how;
    how.authenticated_submitter =
        any_of<std::string_view>({"", "", "a.example", "b.example", "c.example", "d.example",
                                  "e.example", "f.example", "no host name"});
    how.via = any_of({tlsrpt::channel::file, tlsrpt::channel::mail, tlsrpt::channel::https});
    how.received = sample::second_of_2026_11_23 + static_cast<std::int64_t>(below(4)) * 50'000;
    how.report_domain = any_of<std::string_view>({"", "x.example", "y.example"});
    return how;
  }

 private:
  std::mt19937 random_;
};

ledger copy_of(const ledger& other) {
  ledger copy;
  merge(copy, other);
  return copy;
}

ledger sum_of(const ledger& a, const ledger& b) {
  ledger sum = copy_of(a);
  merge(sum, b);
  return sum;
}

void read(ledger& into, const std::string& text, tlsrpt::trust most = tlsrpt::trust::verified) {
  const auto outcome = into.read(text, most);
  REQUIRE_MESSAGE(outcome.has_value(), name(outcome.error().code));
}

ledger claimed(const ledger& other) {
  ledger copy;
  read(copy, written(other), tlsrpt::trust::claimed);
  return copy;
}

/// The numbers of an entry.
std::string figures_of(const tlsrpt::ledger_entry& entry) {
  std::string text;
  const auto put = [&text](const auto& row, const tlsrpt::session_sum& sum) {
    text += std::string(row.domain) + ' ' + std::to_string(static_cast<int>(row.kind)) + ' ' +
            std::to_string(sum.sessions) + ' ' + std::to_string(sum.unknown) + '\n';
  };
  for (const tlsrpt::ledger_total& row : entry.totals) {
    put(row, row.ok);
    put(row, row.failed);
    text += std::to_string(static_cast<std::uint64_t>(row.policy)) + '\n';
  }
  for (const tlsrpt::ledger_failure& row : entry.failures) {
    text += std::string(row.host) + ' ' + std::string(row.reason) + ' ';
    put(row, row.noted);
  }
  return text;
}

}  // namespace

TEST_CASE(
    "merging is commutative, associative and idempotent, and equality is that of octets (AG-11)") {
  for (unsigned seed = 0; seed < 100; ++seed) {
    CAPTURE(seed);
    world w(seed);
    std::vector<report> reports;
    reports.reserve(6);
    for (int i = 0; i < 6; ++i) reports.push_back(w.any_report());
    std::vector<ledger> parts(3);
    ledger all;
    for (int i = 0; i < 40; ++i) {
      const report& r = reports[w.below(reports.size())];
      const receipt how = w.any_receipt();
      add(parts[w.below(parts.size())], r, how);
      add(all, r, how);
    }
    const ledger &a = parts[0], &b = parts[1], &c = parts[2];
    const std::string expected = written(all);
    CHECK(written(sum_of(sum_of(a, b), c)) == expected);
    CHECK(written(sum_of(a, sum_of(b, c))) == expected);
    CHECK(written(sum_of(c, sum_of(b, a))) == expected);
    CHECK(written(sum_of(b, a)) == written(sum_of(a, b)));
    CHECK(written(sum_of(a, a)) == written(a));
    merge(parts[0], parts[0]);
    CHECK(written(a) == written(copy_of(a)));
    merge(all, parts[1]);
    CHECK(written(all) == expected);

    // The same by files.
    ledger read;
    for (std::size_t i : {2u, 0u, 1u, 0u}) CHECK(read.read(written(parts[i])).has_value());
    CHECK(written(read) == expected);
  }
}

TEST_CASE("lines that are sorted and taken once are the union, where receipts agree (AG-40)") {
  world w(1);
  ledger a, b, both;
  for (int i = 0; i < 60; ++i) {
    report r = w.any_report();
    r.id = std::to_string(i % 40);
    const receipt how = {"a.example", tlsrpt::channel::mail, 100, {}};
    add(i % 2 == 0 ? a : b, r, how);
    if (i % 5 == 0) add(i % 2 == 0 ? b : a, r, how);
    add(both, r, how);
  }
  std::vector<std::string> lines;
  for (const std::string& text : {written(a), written(b)})
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = text.find('\n', begin) + 1;
      lines.push_back(text.substr(begin, end - begin));
      begin = end;
    }
  std::ranges::sort(lines);
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  std::string text;
  for (const std::string& line : lines) text += line;
  CHECK(text == written(both));
}

TEST_CASE("merging keeps its laws where ledgers disagree about a report (AG-11)") {
  int disagreements = 0;
  for (unsigned seed = 0; seed < 150; ++seed) {
    CAPTURE(seed);
    world w(seed);
    std::vector<report> reports;
    for (int i = 0; i < 3; ++i) reports.push_back(w.any_report());
    std::vector<ledger> parts(3);
    ledger all;
    for (int i = 0; i < 20; ++i) {
      const report &r = reports[w.below(3)], &other = reports[w.below(3)];
      const receipt how = w.any_receipt();
      ledger& part = parts[w.below(3)];
      if (w.below(2) == 0) {
        add(part, r, how);
        add(all, r, how);
      } else {
        const auto most = w.any_of({tlsrpt::trust::claimed, tlsrpt::trust::verified});
        const std::string text = made_up(r, other, how);
        if (digest_of(r.view()) != digest_of(other.view())) ++disagreements;
        read(part, text, most);
        read(all, text, most);
      }
    }
    const ledger &a = parts[0], &b = parts[1], &c = parts[2];
    const std::string expected = written(all);
    CHECK(written(sum_of(sum_of(a, b), c)) == expected);
    CHECK(written(sum_of(a, sum_of(b, c))) == expected);
    CHECK(written(sum_of(c, sum_of(b, a))) == expected);
    CHECK(written(sum_of(a, a)) == written(a));
    ledger from_text;
    for (std::size_t i : {2u, 0u, 1u, 0u}) read(from_text, written(parts[i]));
    CHECK(written(from_text) == expected);
  }
  CHECK(disagreements > 100);
}

TEST_CASE("nothing that a stranger's ledger says changes what is verified (AG-11)") {
  for (unsigned seed = 0; seed < 100; ++seed) {
    CAPTURE(seed);
    world w(seed);
    std::vector<report> reports;
    for (int i = 0; i < 4; ++i) reports.push_back(w.any_report());
    ledger mine, mixed, before, after;
    for (const report& r : reports) {
      receipt how = w.any_receipt();
      how.authenticated_submitter = "a.example";
      std::string lies = made_up(r, reports[w.below(4)], w.any_receipt());
      add(mine, r, how);
      read(before, lies, tlsrpt::trust::claimed);
      read(mixed, lies, tlsrpt::trust::claimed);
      add(mixed, r, how);
      add(after, r, how);
    }
    for (const report& r : reports)
      read(after, made_up(r, reports[w.below(4)], w.any_receipt()), tlsrpt::trust::claimed);
    const ledger strangers = sum_of(before, after);
    merge(before, mine);
    for (const ledger* l :
         std::initializer_list<const ledger*>{&mixed, &before, &after, &strangers}) {
      REQUIRE(l->size() == mine.size());
      for (const tlsrpt::ledger_entry& expected : mine.entries()) {
        const tlsrpt::ledger_entry found = *l->find(expected.digest);
        CHECK(found.trust == tlsrpt::trust::verified);
        CHECK(found.first == expected.first);
        CHECK(found.reporter == expected.reporter);
        CHECK(found.about == expected.about);
        CHECK(found.domain_or_inferred("?") == expected.domain_or_inferred("?"));
        CHECK(figures_of(found) == figures_of(expected));
      }
      // No policy is left that was only made up.
      ledger again;
      read(again, written(*l));
      CHECK(written(again) == written(*l));
    }
  }
}

TEST_CASE("making claimed and merging commute where ledgers agree about reports (AG-11)") {
  for (unsigned seed = 0; seed < 50; ++seed) {
    CAPTURE(seed);
    world w(seed);
    std::vector<report> reports;
    for (int i = 0; i < 4; ++i) reports.push_back(w.any_report());
    ledger a, b;
    for (int i = 0; i < 20; ++i) {
      receipt how = w.any_receipt();
      how.report_domain = {};
      add(i % 2 == 0 ? a : b, reports[w.below(4)], how);
    }
    CHECK(written(claimed(sum_of(a, b))) == written(sum_of(claimed(a), claimed(b))));
  }
}
