#include "state.hpp"

#include <algorithm>
#include <random>
#include <utility>

namespace reporter {

namespace {

constexpr collector::table_set tables = {R"(
-- One row; seen is the latest time.
CREATE TABLE IF NOT EXISTS sender(salt BLOB NOT NULL, seen INTEGER NOT NULL);
-- The last four are about names that the DNS had no answer about.
CREATE TABLE IF NOT EXISTS day(day INTEGER PRIMARY KEY, octets INTEGER NOT NULL,
  first INTEGER NOT NULL, next INTEGER NOT NULL, made INTEGER NOT NULL, names INTEGER NOT NULL);
-- Of each domain and day whose reports were made; without report_id when it wants none.
CREATE TABLE IF NOT EXISTS report(id INTEGER PRIMARY KEY, day INTEGER NOT NULL,
  domain TEXT NOT NULL, report_id TEXT, gzip BLOB, cut_gzip BLOB, json_size INTEGER);
CREATE INDEX IF NOT EXISTS report_day ON report(day, domain);
CREATE TABLE IF NOT EXISTS delivery(id INTEGER PRIMARY KEY,
  report INTEGER NOT NULL REFERENCES report(id) ON DELETE CASCADE,
  address TEXT NOT NULL, scheme INTEGER NOT NULL, mail BLOB,
  phase INTEGER NOT NULL, first INTEGER NOT NULL, next INTEGER NOT NULL, hash INTEGER NOT NULL,
  made INTEGER NOT NULL, certificate_failures INTEGER NOT NULL,
  is_cut INTEGER NOT NULL, is_uncompressed INTEGER NOT NULL,
  word TEXT NOT NULL, changed INTEGER NOT NULL, UNIQUE(report, address));
CREATE INDEX IF NOT EXISTS delivery_next ON delivery(phase, next);
CREATE TABLE IF NOT EXISTS endpoint(address TEXT PRIMARY KEY, last_gone INTEGER NOT NULL,
  days_gone INTEGER NOT NULL, bounces INTEGER NOT NULL, off_until INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS host(name TEXT NOT NULL, day INTEGER NOT NULL,
  given_up INTEGER NOT NULL, PRIMARY KEY(name, day)) WITHOUT ROWID;
)",
                                         2,
                                         "keep the file elsewhere, together with the journals of "
                                         "all days that were reported, or these are reported once "
                                         "more; and begin with a new one"};

std::int64_t number_of(phase of) { return static_cast<std::int64_t>(of); }

tlsrpt::day day_in(const collector::statement& row, int column) {
  return {static_cast<std::int32_t>(row.number(column))};
}

}  // namespace

state::state(const std::string& folder)
    : db_({folder + "/deliveries.db"}, collector::access::write, tables) {
  collector::transaction made(db_);
  collector::statement read = db_.prepare("SELECT salt FROM sender");
  if (read.step()) {
    const std::string_view kept = read.blob(0);
    std::copy_n(kept.begin(), std::min(kept.size(), salt_.size()), salt_.begin());
    read.reset();
  } else {
    std::random_device random;
    for (std::uint8_t& octet : salt_) octet = static_cast<std::uint8_t>(random());
    db_.prepare("INSERT INTO sender VALUES(?1, 0)").bind_blob(1, salt_).run();
  }
  made.commit();
}

std::optional<std::int64_t> state::read_octets(tlsrpt::day day) {
  const std::lock_guard lock(mutex_);
  collector::statement read = db_.prepare("SELECT octets FROM day WHERE day = ?1");
  if (!read.bind(1, day.number).step()) return std::nullopt;
  return read.number(0);
}

day_lookups state::lookups(tlsrpt::day day) {
  const std::lock_guard lock(mutex_);
  collector::statement read =
      db_.prepare("SELECT first, next, made, names FROM day WHERE day = ?1");
  if (!read.bind(1, day.number).step()) return {};
  return {read.number(0), read.number(1), static_cast<unsigned>(read.number(2)), read.number(3)};
}

void state::note_made(tlsrpt::day day, std::int64_t octets, const day_lookups& unanswered) {
  const std::lock_guard lock(mutex_);
  db_.prepare(
         "INSERT INTO day VALUES(?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET "
         "first = ?3, next = ?4, made = ?5, names = ?6")
      .bind(1, day.number)
      .bind(2, octets)
      .bind(3, unanswered.first)
      .bind(4, unanswered.next)
      .bind(5, std::int64_t{unanswered.made})
      .bind(6, unanswered.names)
      .run();
}

bool state::is_made(tlsrpt::day day, std::string_view domain) {
  const std::lock_guard lock(mutex_);
  collector::statement read =
      db_.prepare("SELECT 1 FROM report WHERE day = ?1 AND domain = ?2 LIMIT 1");
  return read.bind(1, day.number).bind(2, domain).step();
}

void state::add(tlsrpt::day day, std::string_view domain, const std::vector<made_report>& reports,
                const std::vector<destination>& destinations, std::int64_t now, bool is_at_once) {
  const std::lock_guard lock(mutex_);
  collector::transaction all(db_);
  if (reports.empty())
    db_.prepare("INSERT INTO report(day, domain) VALUES(?1, ?2)")
        .bind(1, day.number)
        .bind(2, domain)
        .run();
  for (const made_report& report : reports) {
    db_.prepare(
           "INSERT INTO report(day, domain, report_id, gzip, cut_gzip, json_size) "
           "VALUES(?1, ?2, ?3, ?4, ?5, ?6)")
        .bind(1, day.number)
        .bind(2, domain)
        .bind(3, report.id)
        .bind_blob(4, std::string_view(report.gzip))
        .bind_blob(5, std::string_view(report.cut_gzip))
        .bind(6, static_cast<std::int64_t>(report.json.size()))
        .run();
    const std::int64_t id = db_.last_id();
    for (std::size_t i = 0; i < destinations.size(); ++i) {
      const destination& to = destinations[i];
      const std::uint64_t hash = tlsrpt::delivery_hash(salt_, to.address, report.id);
      const std::int64_t first = is_at_once ? now : std::max(now, tlsrpt::first_attempt(day, hash));
      db_.prepare(
             "INSERT INTO delivery(report, address, scheme, mail, phase, first, next, hash, made, "
             "certificate_failures, is_cut, is_uncompressed, word, changed) "
             "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, 0, 0, 0, 0, ?8, ?9)")
          .bind(1, id)
          .bind(2, to.address)
          .bind(3, static_cast<std::int64_t>(to.scheme))
          .bind_blob(4, std::string_view(report.mails[i]))
          .bind(5, number_of(to.fault.empty() ? phase::waiting : phase::given_up))
          .bind(6, first)
          .bind(7, static_cast<std::int64_t>(hash))
          .bind(8, to.fault)
          .bind(9, now)
          .run();
    }
  }
  all.commit();
}

std::vector<delivery> state::read(collector::statement& statement) {
  std::vector<delivery> list;
  while (statement.step()) {
    delivery& one = list.emplace_back();
    one.id = statement.number(0);
    one.day = day_in(statement, 1);
    one.domain = statement.text(2);
    one.address = statement.text(3);
    one.scheme = static_cast<tlsrpt::uri_scheme>(statement.number(4));
    one.attempts.phase = static_cast<phase>(statement.number(5));
    one.attempts.first = statement.number(6);
    one.attempts.next = statement.number(7);
    one.attempts.hash = static_cast<std::uint64_t>(statement.number(8));
    one.attempts.made = static_cast<unsigned>(statement.number(9));
    one.attempts.certificate_failures = static_cast<unsigned>(statement.number(10));
    one.attempts.is_cut = statement.number(11) != 0;
    one.attempts.is_uncompressed = statement.number(12) != 0;
  }
  return list;
}

namespace {

constexpr const char* delivery_columns =
    "SELECT delivery.id, day, domain, address, scheme, phase, first, next, hash, made, "
    "certificate_failures, is_cut, is_uncompressed FROM delivery JOIN report "
    "ON report.id = delivery.report ";

}  // namespace

void state::note_time(std::int64_t now) {
  constexpr std::int64_t longest = std::int64_t{8} * 3600;
  const std::lock_guard lock(mutex_);
  collector::transaction all(db_);
  db_.prepare(
         "UPDATE delivery SET next = min(next, ?2) WHERE phase = 0 AND "
         "?1 < (SELECT seen FROM sender)")
      .bind(1, now)
      .bind(2, now + longest)
      .run();
  db_.prepare(
         "UPDATE day SET next = min(next, ?2) WHERE names != 0 AND ?1 < (SELECT seen FROM sender)")
      .bind(1, now)
      .bind(2, now + longest)
      .run();
  db_.prepare("UPDATE sender SET seen = ?1").bind(1, now).run();
  all.commit();
}

std::vector<delivery> state::recover(std::int64_t now) {
  std::vector<delivery> cut;
  {
    const std::lock_guard lock(mutex_);
    collector::statement select =
        db_.prepare(std::string(delivery_columns) + "WHERE phase = ?1 ORDER BY delivery.id");
    select.bind(1, number_of(phase::started));
    cut = read(select);
  }
  for (delivery& one : cut) {
    one.attempts.recover();
    save(one, now, "stopped before the answer came");
  }
  return cut;
}

std::optional<delivery> state::find(std::int64_t id) {
  const std::lock_guard lock(mutex_);
  collector::statement select =
      db_.prepare(std::string(delivery_columns) + "WHERE delivery.id = ?1");
  std::vector<delivery> found = read(select.bind(1, id));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<delivery> state::due(std::int64_t now, std::optional<tlsrpt::day> day) {
  const std::lock_guard lock(mutex_);
  collector::statement select =
      db_.prepare(std::string(delivery_columns) +
                  "WHERE phase = ?1 AND next <= ?2 AND (?3 IS NULL OR day = ?3) "
                  "ORDER BY next, delivery.id");
  select.bind(1, number_of(phase::waiting)).bind(2, now);
  if (day) select.bind(3, day->number);
  return read(select);
}

std::string state::mail(const delivery& of) {
  const std::lock_guard lock(mutex_);
  collector::statement select = db_.prepare("SELECT mail FROM delivery WHERE id = ?1");
  select.bind(1, of.id).step();
  return std::string(select.blob(0));
}

report_octets state::octets(const delivery& of) {
  const std::lock_guard lock(mutex_);
  collector::statement select = db_.prepare(
      "SELECT gzip, cut_gzip, json_size FROM report "
      "WHERE id = (SELECT report FROM delivery WHERE id = ?1)");
  select.bind(1, of.id).step();
  return {std::string(select.blob(0)), std::string(select.blob(1)),
          static_cast<std::size_t>(select.number(2))};
}

void state::save(const delivery& of, std::int64_t now, std::string_view word) {
  const std::lock_guard lock(mutex_);
  collector::transaction all(db_);
  const attempts& how = of.attempts;
  db_.prepare(
         "UPDATE delivery SET phase = ?2, next = ?3, made = ?4, certificate_failures = ?5, "
         "is_cut = ?6, is_uncompressed = ?7, word = ?8, changed = ?9 WHERE id = ?1")
      .bind(1, of.id)
      .bind(2, number_of(how.phase))
      .bind(3, how.next)
      .bind(4, std::int64_t{how.made})
      .bind(5, std::int64_t{how.certificate_failures})
      .bind(6, std::int64_t{how.is_cut})
      .bind(7, std::int64_t{how.is_uncompressed})
      .bind(8, word)
      .bind(9, now)
      .run();
  if (how.phase != phase::waiting && how.phase != phase::started) {
    db_.prepare("UPDATE delivery SET mail = NULL WHERE id = ?1").bind(1, of.id).run();
    db_.prepare(
           "UPDATE report SET gzip = NULL, cut_gzip = NULL "
           "WHERE id = (SELECT report FROM delivery WHERE id = ?1) AND NOT EXISTS "
           "(SELECT 1 FROM delivery WHERE report = report.id AND phase IN (0, 1))")
        .bind(1, of.id)
        .run();
  }
  all.commit();
}

tlsrpt::endpoint_health state::endpoint(const std::string& address) {
  const std::lock_guard lock(mutex_);
  collector::statement select = db_.prepare(
      "SELECT last_gone, days_gone, bounces, off_until FROM endpoint WHERE address = ?1");
  if (!select.bind(1, address).step()) return {};
  return {day_in(select, 0), static_cast<unsigned>(select.number(1)),
          static_cast<unsigned>(select.number(2)), day_in(select, 3)};
}

void state::save(const std::string& address, const tlsrpt::endpoint_health& health) {
  const std::lock_guard lock(mutex_);
  if (health == tlsrpt::endpoint_health{}) {
    db_.prepare("DELETE FROM endpoint WHERE address = ?1").bind(1, address).run();
    return;
  }
  db_.prepare("INSERT OR REPLACE INTO endpoint VALUES(?1, ?2, ?3, ?4, ?5)")
      .bind(1, address)
      .bind(2, health.last_gone.number)
      .bind(3, std::int64_t{health.days_gone})
      .bind(4, std::int64_t{health.bounces})
      .bind(5, health.off_until.number)
      .run();
}

tlsrpt::host_health state::host(const std::string& name) {
  const std::lock_guard lock(mutex_);
  collector::statement select =
      db_.prepare("SELECT day, given_up FROM host WHERE name = ?1 ORDER BY day DESC");
  tlsrpt::host_health health;
  bool is_first = true;
  for (select.bind(1, name); select.step();) {
    if (std::exchange(is_first, false)) health.last = day_in(select, 0);
    const auto age = static_cast<std::size_t>(health.last - day_in(select, 0));
    if (age < health.days.size()) health.days[age] = static_cast<std::uint32_t>(select.number(1));
  }
  return health;
}

void state::save(const std::string& name, const tlsrpt::host_health& health) {
  const std::lock_guard lock(mutex_);
  collector::transaction all(db_);
  db_.prepare("DELETE FROM host WHERE name = ?1").bind(1, name).run();
  for (std::size_t age = 0; age < health.days.size(); ++age)
    if (health.days[age] != 0)
      db_.prepare("INSERT INTO host VALUES(?1, ?2, ?3)")
          .bind(1, name)
          .bind(2, health.last.number - static_cast<std::int32_t>(age))
          .bind(3, std::int64_t{health.days[age]})
          .run();
  all.commit();
}

delivery_counts state::count() {
  const std::lock_guard lock(mutex_);
  collector::statement select = db_.prepare("SELECT phase, count(*) FROM delivery GROUP BY phase");
  delivery_counts counts;
  while (select.step()) {
    const auto number = static_cast<std::uint64_t>(select.number(1));
    switch (static_cast<phase>(select.number(0))) {
      case phase::waiting:
      case phase::started:
        counts.waiting += number;
        break;
      case phase::done:
        counts.done += number;
        break;
      case phase::given_up:
        counts.given_up += number;
        break;
      case phase::unknown:
        counts.unknown += number;
        break;
    }
  }
  collector::statement names = db_.prepare("SELECT sum(names) FROM day");
  if (names.step()) counts.unanswered = static_cast<std::uint64_t>(names.number(0));
  return counts;
}

std::vector<tlsrpt::day> state::over(std::int64_t now) {
  const std::lock_guard lock(mutex_);
  std::vector<tlsrpt::day> over;
  // Names that should have been looked up a day ago have no journal any more.
  collector::statement select = db_.prepare(
      "SELECT day FROM day WHERE day < ?1 AND (names = 0 OR next < ?2) AND NOT EXISTS (SELECT 1 "
      "FROM delivery JOIN report ON report.id = delivery.report WHERE report.day = day.day AND "
      "phase IN (0, 1)) ORDER BY day");
  constexpr std::int64_t seconds_of_day = 86'400;
  select.bind(1, tlsrpt::day_of(now).number - days_kept).bind(2, now - seconds_of_day);
  while (select.step()) over.push_back(day_in(select, 0));
  return over;
}

void state::forget(tlsrpt::day day) {
  const std::lock_guard lock(mutex_);
  collector::transaction all(db_);
  db_.prepare("DELETE FROM report WHERE day = ?1").bind(1, day.number).run();
  db_.prepare("DELETE FROM day WHERE day = ?1").bind(1, day.number).run();
  all.commit();
}

void state::forget_health(std::int64_t now) {
  const std::lock_guard lock(mutex_);
  collector::transaction all(db_);
  // So old it says nothing any more.
  constexpr std::int32_t days_of_health = 60;
  const std::int32_t first = tlsrpt::day_of(now).number - days_of_health;
  db_.prepare("DELETE FROM endpoint WHERE last_gone < ?1 AND off_until < ?1").bind(1, first).run();
  db_.prepare("DELETE FROM host WHERE day < ?1").bind(1, first).run();
  all.commit();
}

}  // namespace reporter
