#include "mail.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include <tlsrpt/error.hpp>
#include <tlsrpt/hostname.hpp>
#include <tlsrpt/mail.hpp>
#include <tlsrpt/submission.hpp>
#include <tlsrpt/submitter.hpp>
#include <tlsrpt/zip.hpp>

#include "../../cli/input/files.hpp"
#include "../../cli/mail/judgement.hpp"
#include "../../cli/mail/mail.hpp"
#include "writer.hpp"

namespace collector {

namespace {

namespace fs = std::filesystem;

/// What is stored in one transaction, so that a mail counts as a whole or comes again.
class mail_taker {
 public:
  explicit mail_taker(const mail_options& options)
      : options_(options),
        ours_(options.domains.empty() ? domain_set() : read_domains(options.domains)),
        db_(options.file, access::write),
        store_(db_),
        reader_(limits_of_reports(cli::max_mail_bytes)),
        zip_(limits_of_reports(cli::max_mail_bytes)) {}

  /// Takes a mail; what else is to be written is written in the same transaction.
  template <class Also>
  void take(std::string_view octets, const Also& also) {
    now_ = now_in_seconds();
    has_report_ = false;
    unread_.clear();
    transaction all(db_);
    const cli::mail_contents contents = cli::read_mail(octets);
    const auto mail = tlsrpt::read_mail(octets);
    from_ = {};
    if (mail) {
      from_.source = signer_of(*mail);
      for (const cli::mail_part& part : contents.parts)
        if (!part.is_returned) take_part(*mail, part);
    }
    // A mail in it that cannot be read is kept, too, with the mail around it.
    if (has_report_ && contents.refused) keep_bad(name(*contents.refused), octets);
    if (has_report_)
      keep_unread(contents.claim);
    else
      keep_bad(why_no_report(contents), octets);
    if (!has_report_) store_.count(tlsrpt::day_of(now_), "mail-without-report", 1);
    also();
    all.commit();
  }

  database& db() { return db_; }

 private:
  /// A part, or an entry of an archive, from which no report could be read.
  struct unread {
    cli::unread_part why;
    tlsrpt::errc code;
    std::string begins;  ///< As much as is kept.
  };

  void keep_bad(std::string_view why, std::string_view octets) {
    store_.add_bad(now_, from_, why, octets);
  }

  /// Beside a report, other parts are nobody's fault, unless they were to be reports.
  void keep_unread(tlsrpt::mail_claim claim) {
    for (const unread& part : unread_) {
      if (!cli::was_to_be_report(part.why, claim, true)) continue;
      keep_bad(name(part.code), part.begins);
      store_.count(tlsrpt::day_of(now_), "mail-part-unreadable", 1);
    }
  }

  std::string_view why_no_report(const cli::mail_contents& contents) const {
    if (contents.refused) return name(*contents.refused);
    if (contents.shortage != tlsrpt::errc::ok) return name(contents.shortage);
    for (const unread& part : unread_)
      if (cli::was_to_be_report(part.why, contents.claim, false)) return name(part.code);
    return unread_.empty() ? "no-report" : name(unread_.front().code);
  }

  void take_part(const tlsrpt::mail_view& mail, const cli::mail_part& part) {
    if (part.kind != tlsrpt::part_kind::archive) return take_text(mail, part, part.content);
    const auto entries = zip_.open(part.content);
    if (!entries) return fail(part, entries.error().code, part.content);
    for (const tlsrpt::zip_entry& entry : *entries) {
      // What macOS notes about the other entries.
      if (entry.name.starts_with("__MACOSX/")) continue;
      if (const auto content = zip_.read(entry))
        take_text(mail, part, *content);
      else
        fail(part, content.error().code, part.content);
    }
  }

  void fail(const cli::mail_part& part, tlsrpt::errc code, std::string_view octets) {
    // The mail server keeps the mail then, for a time with more memory.
    if (code == tlsrpt::errc::out_of_memory) throw store_error(std::string(message(code)));
    constexpr std::size_t most_unread = 1000;
    if (unread_.size() == most_unread) return;
    unread_.push_back({{part.labels().says.evidence, cli::is_something_else(code)},
                       code,
                       std::string(octets.substr(0, tlsrpt::max_kept_octets))});
  }

  /// Takes the report in a part or in an entry of an archive: it is stored, or refused for who sent
  /// it.
  void take_text(const tlsrpt::mail_view& mail, const cli::mail_part& part,
                 std::string_view octets) {
    tlsrpt::submitter_verdict verdict;
    const auto receipt_for = [&](const tlsrpt::report_view& report) {
      verdict = submitter_of(mail, part, report);
      tlsrpt::envelope_view says = part.header->fields().says;
      says.file_name = part.labels().name_says;
      return tlsrpt::receipt{verdict.submitter, tlsrpt::channel::mail, now_,
                             tlsrpt::compare_envelope(says, report).policy_domain};
    };
    const reading read = reader_.read(octets, ours_, receipt_for);
    if (read.fault != tlsrpt::errc::ok) return fail(part, read.fault, octets);
    if (read.content != tlsrpt::payload::json && read.content != tlsrpt::payload::gzip) {
      const tlsrpt::errc refusal = tlsrpt::refusal_of(read.content);
      return fail(part, refusal == tlsrpt::errc::ok ? tlsrpt::errc::not_a_report : refusal, octets);
    }
    has_report_ = true;
    const tlsrpt::day today = tlsrpt::day_of(now_);
    if (!read.is_ours) {
      store_.count(today, "mail-other-domain", 1);
    } else if (!verdict && !options_.authserv_id.empty() && !options_.keeps_claimed) {
      keep_bad("dkim-" + std::string(name(verdict.fault)), octets);
      store_.count(today, "mail-not-authenticated", 1);
    } else {
      const bool is_known = store_.add(read.report, octets, {});
      store_.count(today, is_known ? "mail-known" : "mail-stored", 1);
      if (read.has_more && !is_known) keep_bad(name(tlsrpt::errc::trailing_bytes), octets);
    }
  }

  tlsrpt::submitter_verdict submitter_of(const tlsrpt::mail_view& mail, const cli::mail_part& part,
                                         const tlsrpt::report_view& report) const {
    return judge_submitter(facts_of(mail),
                           tlsrpt::contact_domain(report.contact_info, mail.header().from().value,
                                                  part.header->fields().says.report_submitter));
  }

  tlsrpt::dkim_fact_range facts_of(const tlsrpt::mail_view& mail) const {
    return tlsrpt::read_authentication_results(mail.header(),
                                               {options_.authserv_id, options_.own_received});
  }

  /// Whose signature is good, whatever it is about; nobody's without one. Everybody can have many
  /// names below a domain, so its last two labels count.
  std::string signer_of(const tlsrpt::mail_view& mail) const {
    for (const tlsrpt::dkim_fact& fact : facts_of(mail)) {
      if (!fact.is_pass) continue;
      const tlsrpt::host_text name = tlsrpt::canonical_host(fact.domain);
      const std::size_t last = name.view().rfind('.');
      if (last == 0 || last == name.view().npos) return std::string(name);
      return std::string(name.view().substr(name.view().rfind('.', last - 1) + 1));
    }
    return {};
  }

  const mail_options& options_;
  const domain_set ours_;
  database db_;
  report_store store_;
  report_reader reader_;
  tlsrpt::zip_reader<> zip_;
  std::int64_t now_ = 0;
  bool has_report_ = false;       ///< In the mail that is read.
  origin from_{};                 ///< Of that mail.
  std::vector<unread> unread_{};  ///< Of that mail.
};

std::string read_mail_file(const std::string& name) {
  std::string octets;
  cli::source_file from(name);
  from.fill(octets, cli::max_mail_bytes + 1);
  if (from.code()) throw std::system_error(from.code(), name);
  return octets;
}

/// However it was written, and whatever links lead there.
fs::path whole_path(const fs::path& folder) {
  std::error_code error;
  fs::path whole = fs::canonical(folder, error);
  if (error) throw std::runtime_error(folder.native() + ": " + error.message());
  return whole;
}

/// Takes the mails of a Maildir that were not taken yet, while others deliver, read and move them.
class maildir_taker {
 public:
  maildir_taker(mail_taker& taker, const fs::path& folder)
      : taker_(taker),
        folder_(whole_path(folder)),
        find_(taker.db().prepare("SELECT seen FROM taken WHERE folder = ?1 AND mail = ?2")),
        note_(taker.db().prepare("INSERT INTO taken(folder, mail, seen) VALUES(?1, ?2, ?3)"
                                 " ON CONFLICT(folder, mail) DO UPDATE SET seen = ?3")) {}

  void take_all() {
    // A mail that moves while it is looked for is found where it is next time.
    constexpr int most_passes = 10;
    for (int i = 0; i < most_passes && take_those_in_sight(); ++i) {
    }
    forget();
    if (failure_) throw *failure_;
  }

 private:
  /// Whether one had moved.
  bool take_those_in_sight() {
    failure_.reset();
    bool has_moved = false;
    // In this order: mails go from new/ to cur/, never back.
    for (const char* const part : {"new", "cur"})
      for (const fs::path& file : files_in(folder_ / part)) has_moved = !take(file) || has_moved;
    return has_moved;
  }

  /// In sorted order.
  static std::vector<fs::path> files_in(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
      std::error_code gone;
      if (entry.is_regular_file(gone)) files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
  }

  /// The name of a mail, which stays when flags change: before ":2,S", and before ",S=1234", which
  /// some servers add.
  static std::string name_of(const fs::path& file) {
    const std::string name = file.filename();
    return name.substr(0, name.find_first_of(":,", 1));
  }

  /// False when it is no longer there.
  bool take(const fs::path& file) {
    const std::string name = name_of(file);
    const std::int64_t today = tlsrpt::day_of(now_in_seconds()).number;
    const std::optional<std::int64_t> seen = last_seen(name);
    if (!seen) {
      std::string octets;
      try {
        octets = read_mail_file(file.native());
      } catch (const std::system_error& error) {
        if (error.code() == std::errc::no_such_file_or_directory) return false;
        // The other mails need not wait for this one.
        failure_ = error;
        return true;
      }
      taker_.take(octets, [&] { note(name, today); });
    } else if (*seen != today) {
      transaction all(taker_.db());
      note(name, today);
      all.commit();
    }
    if (file.parent_path().filename() == "new") {
      // Seen, as whoever reads the Maildir says it. Somebody else may have moved it.
      std::error_code ignored;
      fs::rename(file, folder_ / "cur" / (file.filename().native() + ":2,S"), ignored);
    }
    return true;
  }

  std::optional<std::int64_t> last_seen(const std::string& name) {
    std::optional<std::int64_t> seen;
    find_.bind(1, folder_.native()).bind(2, name);
    if (find_.step()) seen = find_.number(0);
    find_.reset();
    return seen;
  }

  void note(const std::string& name, std::int64_t today) {
    note_.bind(1, folder_.native()).bind(2, name).bind(3, today).run();
  }

  /// Forgets mails that are gone, but not those that a listing has missed while they moved.
  void forget() {
    constexpr std::int64_t days = 30;
    transaction all(taker_.db());
    taker_.db()
        .prepare("DELETE FROM taken WHERE folder = ?1 AND seen < ?2")
        .bind(1, folder_.native())
        .bind(2, tlsrpt::day_of(now_in_seconds()).number - days)
        .run();
    all.commit();
  }

  mail_taker& taker_;
  const fs::path folder_;
  statement find_, note_;
  std::optional<std::system_error> failure_{};
};

}  // namespace

void take_mail(const mail_options& options) {
  mail_taker taker(options);
  if (options.maildir.empty()) return taker.take(read_mail_file("-"), [] {});
  maildir_taker(taker, options.maildir).take_all();
}

}  // namespace collector
