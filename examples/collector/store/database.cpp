#include "database.hpp"

namespace collector {

namespace {

/// What went wrong last, and with which file.
store_error error_of(sqlite3* db) {
  const char* const file = sqlite3_db_filename(db, "main");
  return store_error((file ? std::string(file) + ": " : std::string()) + sqlite3_errmsg(db));
}

}  // namespace

const table_set report_tables = {R"(
CREATE TABLE IF NOT EXISTS report(id INTEGER PRIMARY KEY,
  digest BLOB NOT NULL UNIQUE CHECK(length(digest) = 16),
  day INTEGER NOT NULL, days INTEGER NOT NULL, about TEXT NOT NULL, reporter TEXT NOT NULL,
  trust INTEGER NOT NULL, first_seen INTEGER NOT NULL,
  facts TEXT NOT NULL,  -- a ledger with this report alone
  raw BLOB);            -- as it came; dropped before the facts are
CREATE INDEX IF NOT EXISTS report_day ON report(day, about);
CREATE TABLE IF NOT EXISTS receipt(report INTEGER NOT NULL REFERENCES report(id) ON DELETE CASCADE,
  via INTEGER NOT NULL, submitter TEXT, received INTEGER NOT NULL, peer TEXT, token BLOB);
CREATE INDEX IF NOT EXISTS receipt_report ON receipt(report);
CREATE TABLE IF NOT EXISTS bad(id INTEGER PRIMARY KEY AUTOINCREMENT, received INTEGER NOT NULL,
  peer TEXT, code TEXT NOT NULL,
  source TEXT NOT NULL,   -- whose share of the table it takes
  size INTEGER NOT NULL,  -- of the head, for the index
  head BLOB);
CREATE INDEX IF NOT EXISTS bad_source ON bad(source, size);
CREATE TABLE IF NOT EXISTS taken(folder TEXT NOT NULL, mail TEXT NOT NULL, seen INTEGER NOT NULL,
  PRIMARY KEY(folder, mail)) WITHOUT ROWID;  -- mails in Maildirs, with the day they were last seen
CREATE TABLE IF NOT EXISTS token(hash BLOB PRIMARY KEY, domain TEXT NOT NULL,
  created INTEGER NOT NULL, disabled INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS health(day INTEGER NOT NULL, what TEXT NOT NULL, n INTEGER NOT NULL,
  PRIMARY KEY(day, what)) WITHOUT ROWID;
)",
                                 2};

statement::statement(sqlite3* db, std::string_view sql) {
  sqlite3_stmt* made = nullptr;
  const int code = sqlite3_prepare_v3(db, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &made, nullptr);
  statement_.reset(made);
  if (code != SQLITE_OK) throw error_of(db);
}

void statement::fail() const {
  const store_error why = error_of(sqlite3_db_handle(statement_.get()));
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
  throw why;
}

statement& statement::bind(int number, std::int64_t value) {
  check(sqlite3_bind_int64(statement_.get(), number, value));
  return *this;
}

statement& statement::bind(int number, std::string_view text) {
  check(sqlite3_bind_text64(statement_.get(), number, text.data() ? text.data() : "", text.size(),
                            SQLITE_STATIC, SQLITE_UTF8));
  return *this;
}

statement& statement::bind_blob(int number, std::span<const std::uint8_t> octets) {
  check(sqlite3_bind_blob64(statement_.get(), number, octets.data(), octets.size(), SQLITE_STATIC));
  return *this;
}

statement& statement::bind_blob(int number, std::string_view octets) {
  check(sqlite3_bind_blob64(statement_.get(), number, octets.data(), octets.size(), SQLITE_STATIC));
  return *this;
}

statement& statement::bind_null(int number) {
  check(sqlite3_bind_null(statement_.get(), number));
  return *this;
}

bool statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) fail();
  reset();
  return false;
}

void statement::run() {
  while (step()) {
  }
}

void statement::reset() {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
}

std::int64_t statement::number(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string_view statement::text(int column) const {
  const auto* const octets = sqlite3_column_text(statement_.get(), column);
  return {reinterpret_cast<const char*>(octets),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

std::string_view statement::blob(int column) const {
  const void* const octets = sqlite3_column_blob(statement_.get(), column);
  return {static_cast<const char*>(octets),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

bool statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

database::database(const database_file& file, access wanted, const table_set& tables) {
  sqlite3* opened = nullptr;
  const int mode =
      wanted == access::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const int code = sqlite3_open_v2(file.path.c_str(), &opened, mode, nullptr);
  db_.reset(opened);
  if (code != SQLITE_OK)
    throw store_error(file.path + ": " + (opened ? sqlite3_errmsg(opened) : "no memory"));
  sqlite3_busy_timeout(opened, static_cast<int>(std::chrono::milliseconds(file.patience).count()));
  check_version(file.path, wanted, tables);
  if (wanted == access::read) return;
  // Before there are tables: later it has no effect.
  run("PRAGMA auto_vacuum = INCREMENTAL");
  run("PRAGMA journal_mode = WAL");
  run("PRAGMA synchronous = FULL");
  run("PRAGMA foreign_keys = ON");
  run("PRAGMA journal_size_limit = 67108864");
  transaction made(*this);
  run(tables.sql);
  run(("PRAGMA user_version = " + std::to_string(tables.version)).c_str());
  made.commit();
}

/// Throws for tables of another version, before anything is changed.
void database::check_version(const std::string& path, access wanted, const table_set& tables) {
  const std::int64_t version = number("PRAGMA user_version");
  if (version == tables.version) return;
  if (version != 0)
    throw store_error(path + ": its tables are of version " + std::to_string(version) +
                      ", and this program wants version " + std::to_string(tables.version) + ": " +
                      tables.advice);
  if (wanted == access::read || number("SELECT count(*) FROM sqlite_master") != 0)
    throw store_error(path + ": this program did not make its tables");
}

/// The one number that a statement gives.
std::int64_t database::number(std::string_view sql) {
  statement one = prepare(sql);
  one.step();
  return one.number(0);
}

transaction::~transaction() {
  if (!db_.in_transaction()) return;
  try {
    db_.run("ROLLBACK");
  } catch (const store_error&) {
    // The next BEGIN fails then, and says so.
  }
}

void database::run(const char* sql) {
  if (sqlite3_exec(db_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    throw error_of(db_.get());
}

void database::give_back(std::int64_t pages) {
  run(("PRAGMA incremental_vacuum(" + std::to_string(pages) + ")").c_str());
}

void database::limit_size(std::int64_t octets) {
  const std::int64_t pages = octets / number("PRAGMA page_size");
  run(("PRAGMA max_page_count = " + std::to_string(pages)).c_str());
}

}  // namespace collector
