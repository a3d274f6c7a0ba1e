/// @file
/// The file in which reports are kept: SQLite, in the few ways that the programs here use it.

#ifndef TLSRPT_EXAMPLES_COLLECTOR_STORE_DATABASE
#define TLSRPT_EXAMPLES_COLLECTOR_STORE_DATABASE

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace collector {

/// What SQLite says when something cannot be done: a full disk, a lock, a damaged file.
class store_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// One statement, prepared once. Errors are store_error.
class statement {
 public:
  statement(sqlite3* db, std::string_view sql);

  /// Sets the parameter of this number, from 1. Texts and blobs have to live until the next step().
  statement& bind(int number, std::int64_t value);
  statement& bind(int number, std::string_view text);
  statement& bind_blob(int number, std::span<const std::uint8_t> octets);
  statement& bind_blob(int number, std::string_view octets);
  statement& bind_null(int number);

  /// The next row; false after the last one, when it can be run again.
  bool step();
  /// Runs a statement that gives no rows.
  void run();
  /// Ends it before its last row.
  void reset();

  // Columns of the row, from 0. Views live until the next step().

  std::int64_t number(int column) const;
  std::string_view text(int column) const;
  std::string_view blob(int column) const;
  bool is_null(int column) const;

 private:
  struct finalizer {
    void operator()(sqlite3_stmt* of) const { sqlite3_finalize(of); }
  };
  [[noreturn]] void fail() const;
  void check(int code) const {
    if (code != SQLITE_OK) fail();
  }

  std::unique_ptr<sqlite3_stmt, finalizer> statement_;
};

/// Whether a program reads, or writes, too.
enum class access : std::uint8_t { read, write };

/// The tables of a file. Its version, which is never 0, says which columns they have: a change of
/// these is a new version, and the file keeps it as its PRAGMA user_version.
struct table_set {
  const char* sql = "";
  std::int64_t version = 0;
  /// What to do about a file of another version.
  const char* advice = "keep the file elsewhere, and begin with a new one";
};

/// The tables of the collector.
extern const table_set report_tables;

/// A file, and how long to wait for it while another program has it locked.
struct database_file {
  std::string path{};
  std::chrono::seconds patience{10};
};

/// The file. Who writes makes it, with its tables. A file of any other version is an error.
class database {
 public:
  database(const database_file& file, access wanted, const table_set& tables = report_tables);

  statement prepare(std::string_view sql) { return {db_.get(), sql}; }
  void run(const char* sql);
  /// Whether a transaction was begun and is not over: an error may have ended it.
  bool in_transaction() const { return sqlite3_get_autocommit(db_.get()) == 0; }
  std::int64_t last_id() const { return sqlite3_last_insert_rowid(db_.get()); }
  /// Gives at most so many pages that hold nothing back to the file system.
  void give_back(std::int64_t pages);
  /// Refuses to grow beyond this.
  void limit_size(std::int64_t octets);

 private:
  void check_version(const std::string& path, access wanted, const table_set& tables);
  std::int64_t number(std::string_view sql);

  struct closer {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
  };
  std::unique_ptr<sqlite3, closer> db_;
};

/// Writes all or nothing: what was not committed at its end is taken back.
class transaction {
 public:
  explicit transaction(database& db) : db_(db) { db_.run("BEGIN IMMEDIATE"); }
  transaction(const transaction&) = delete;
  transaction& operator=(const transaction&) = delete;
  ~transaction();

  /// Returns when it is durable.
  void commit() { db_.run("COMMIT"); }

 private:
  database& db_;
};

}  // namespace collector

#endif
