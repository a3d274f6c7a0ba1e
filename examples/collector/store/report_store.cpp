#include "report_store.hpp"

#include <limits>
#include <utility>

#include <tlsrpt/canonical.hpp>
#include <tlsrpt/error.hpp>

namespace collector {

namespace {

/// Receipts that are kept of a report: who posts one a thousand times fills no disk.
constexpr std::int64_t most_receipts = 32;
constexpr std::int64_t most_bad = 1000, most_bad_octets = std::int64_t{16} << 20;

/// Takes what is stored of the one report of a ledger. The texts are those of the ledger.
void describe(const tlsrpt::ledger& ledger, stored_report& to) {
  const tlsrpt::ledger_entry entry = *ledger.entries().begin();
  to.digest = entry.digest;
  to.first = entry.first;
  to.days = entry.days;
  to.about = entry.about;
  to.reporter = entry.reporter;
  to.trust = entry.trust;
  to.facts.clear();
  if (const auto written = ledger.write(to.facts); !written)
    throw store_error(std::string(message(written.error().code)));
}

void merge_line(tlsrpt::ledger& ledger, std::string_view facts) {
  if (const auto read = ledger.read(facts); !read)
    throw store_error(std::string(message(read.error().code)));
}

}  // namespace

tlsrpt::result<void> reduce(const tlsrpt::report_view& report, const tlsrpt::receipt& receipt,
                            stored_report& to) {
  tlsrpt::ledger ledger;
  if (const auto added = ledger.add(report, receipt); !added) return added.error();
  describe(ledger, to);
  to.submitter = receipt.authenticated_submitter;
  to.via = receipt.via;
  to.received = receipt.received;
  return {};
}

report_store::report_store(database& db)
    : db_(db),
      find_(db.prepare("SELECT id, facts FROM report WHERE digest = ?1")),
      insert_(db.prepare("INSERT INTO report(digest, day, days, about, reporter, trust, first_seen,"
                         " facts, raw) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")),
      join_(db.prepare("UPDATE report SET reporter = ?2, trust = ?3, facts = ?4,"
                       " first_seen = min(first_seen, ?5) WHERE id = ?1")),
      receipts_(db.prepare("SELECT count(*) FROM receipt WHERE report = ?1")),
      add_receipt_(db.prepare("INSERT INTO receipt(report, via, submitter, received, peer, token)"
                              " VALUES(?1, ?2, ?3, ?4, ?5, ?6)")),
      add_bad_(db.prepare("INSERT INTO bad(received, peer, code, source, size, head)"
                          " VALUES(?1, ?2, ?3, ?4, length(?5), ?5)")),
      bad_size_(db.prepare("SELECT count(*), sum(size) FROM bad")),
      // A row weighs as much as its octets, and no less than its share of the table.
      drop_bad_(db.prepare("DELETE FROM bad WHERE id = (SELECT min(id) FROM bad GROUP BY source"
                           " ORDER BY max(count(*) * ?1, sum(size)) DESC, min(id)"
                           " LIMIT 1)")),
      count_(db.prepare("INSERT INTO health(day, what, n) VALUES(?1, ?2, ?3)"
                        " ON CONFLICT(day, what) DO UPDATE SET n = n + ?3")),
      drop_raw_(db.prepare("UPDATE report SET raw = NULL WHERE day < ?1 AND raw IS NOT NULL")),
      drop_facts_(db.prepare("DELETE FROM report WHERE day < ?1")) {}

bool report_store::add(const stored_report& report, std::string_view raw, const origin& from) {
  find_.bind_blob(1, report.digest.octets());
  const bool is_known = find_.step();
  std::int64_t id = is_known ? find_.number(0) : 0;
  const std::string facts(is_known ? find_.text(1) : "");
  find_.reset();
  if (is_known) {
    tlsrpt::ledger both;
    merge_line(both, facts);
    merge_line(both, report.facts);
    stored_report joined;
    describe(both, joined);
    if (joined.facts != facts)
      join_.bind(1, id)
          .bind(2, joined.reporter)
          .bind(3, std::int64_t{joined.trust == tlsrpt::trust::verified})
          .bind(4, joined.facts)
          .bind(5, report.received)
          .run();
  } else {
    insert_.bind_blob(1, report.digest.octets())
        .bind(2, std::int64_t{report.first.number})
        .bind(3, std::int64_t{report.days})
        .bind(4, report.about)
        .bind(5, report.reporter)
        .bind(6, std::int64_t{report.trust == tlsrpt::trust::verified})
        .bind(7, report.received)
        .bind(8, report.facts)
        .bind_blob(9, raw)
        .run();
    id = db_.last_id();
  }
  receipts_.bind(1, id).step();
  const bool has_room = receipts_.number(0) < most_receipts;
  receipts_.reset();
  if (!has_room) return is_known;
  add_receipt_.bind(1, id).bind(2, static_cast<std::int64_t>(report.via)).bind(4, report.received);
  if (!report.submitter.empty()) add_receipt_.bind(3, report.submitter);
  if (!from.peer.empty()) add_receipt_.bind(5, from.peer);
  if (from.token) add_receipt_.bind_blob(6, *from.token);
  add_receipt_.run();
  return is_known;
}

void report_store::add_bad(std::int64_t received, const origin& from, std::string_view code,
                           std::string_view octets) {
  add_bad_.bind(1, received)
      .bind(2, from.peer)
      .bind(3, code)
      .bind(4, from.source)
      .bind_blob(5, octets.substr(0, tlsrpt::max_kept_octets))
      .run();
  for (;;) {
    bad_size_.step();
    const bool is_too_much =
        bad_size_.number(0) > most_bad || bad_size_.number(1) > most_bad_octets;
    bad_size_.reset();
    if (!is_too_much) return;
    drop_bad_.bind(1, most_bad_octets / most_bad).run();
  }
}

void report_store::count(tlsrpt::day day, std::string_view what, std::int64_t times) {
  count_.bind(1, std::int64_t{day.number}).bind(2, what).bind(3, times).run();
}

void report_store::forget(tlsrpt::day today, const retention& kept) {
  drop_raw_.bind(1, std::int64_t{(today - kept.raw).number}).run();
  drop_facts_.bind(1, std::int64_t{(today - kept.facts).number}).run();
}

tlsrpt::ledger read_ledger(database& db, tlsrpt::day since) {
  tlsrpt::ledger_limits limits;
  limits.entries = 10'000'000;
  tlsrpt::ledger ledger(limits);
  statement all = db.prepare("SELECT facts FROM report WHERE day >= ?1 ORDER BY day, digest");
  all.bind(1, std::int64_t{since.number});
  while (all.step()) merge_line(ledger, all.text(0));
  return ledger;
}

}  // namespace collector
