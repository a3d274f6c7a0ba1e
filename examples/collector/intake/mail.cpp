#include "mail.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include <tlsrpt/error.hpp>
#include <tlsrpt/mail.hpp>
#include <tlsrpt/submitter.hpp>

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
        reader_(limits_of_reports(cli::max_mail_bytes)) {}

  void take(std::string_view octets) {
    now_ = now_in_seconds();
    transaction all(db_);
    const cli::mail_contents contents = cli::read_mail(octets);
    const auto mail = tlsrpt::read_mail(octets);
    if (!mail) return end(all, name(mail.error().code), octets);
    bool has_report = false;
    tlsrpt::errc fault = contents.shortage;
    for (const cli::mail_part& part : contents.parts) {
      if (part.is_returned) continue;
      const tlsrpt::errc of_part = take_part(*mail, part);
      has_report |= of_part == tlsrpt::errc::ok;
      if (fault == tlsrpt::errc::ok) fault = of_part;
    }
    if (has_report) {
      all.commit();
      return;
    }
    end(all, fault == tlsrpt::errc::ok ? "no-report" : name(fault), octets);
  }

 private:
  void end(transaction& all, std::string_view why, std::string_view octets) {
    store_.add_bad(now_, "", why, octets);
    store_.count(tlsrpt::day_of(now_), "mail-without-report", 1);
    all.commit();
  }

  /// errc::ok when the part is a report, stored or refused for who sent it.
  tlsrpt::errc take_part(const tlsrpt::mail_view& mail, const cli::mail_part& part) {
    tlsrpt::submitter_verdict verdict;
    const auto receipt_for = [&](const tlsrpt::report_view& report) {
      verdict = submitter_of(mail, part, report);
      tlsrpt::envelope_view says = part.header->says;
      says.file_name = part.name_says;
      return tlsrpt::receipt{verdict.submitter, tlsrpt::channel::mail, now_,
                             tlsrpt::compare_envelope(says, report).policy_domain};
    };
    const reading read = reader_.read(part.content, ours_, receipt_for);
    if (read.fault == tlsrpt::errc::out_of_memory || read.fault == tlsrpt::errc::ledger_full)
      throw store_error(std::string(message(read.fault)));
    if (read.fault != tlsrpt::errc::ok) return read.fault;
    if (read.content != tlsrpt::payload::json && read.content != tlsrpt::payload::gzip)
      return tlsrpt::refusal_of(read.content) == tlsrpt::errc::ok
                 ? tlsrpt::errc::not_a_report
                 : tlsrpt::refusal_of(read.content);
    const tlsrpt::day today = tlsrpt::day_of(now_);
    if (!read.is_ours) {
      store_.count(today, "mail-other-domain", 1);
    } else if (!verdict && !options_.authserv_id.empty() && !options_.keeps_claimed) {
      store_.add_bad(now_, "", "dkim-" + std::string(name(verdict.fault)), part.content);
      store_.count(today, "mail-not-authenticated", 1);
    } else {
      const bool is_known = store_.add(read.report, part.content, {});
      store_.count(today, is_known ? "mail-known" : "mail-stored", 1);
    }
    return tlsrpt::errc::ok;
  }

  tlsrpt::submitter_verdict submitter_of(const tlsrpt::mail_view& mail, const cli::mail_part& part,
                                         const tlsrpt::report_view& report) const {
    const auto facts = tlsrpt::read_authentication_results(
        mail.header(), {options_.authserv_id, options_.own_received});
    return judge_submitter(facts,
                           tlsrpt::contact_domain(report.contact_info, mail.header().from().value,
                                                  part.header->says.report_submitter));
  }

  const mail_options& options_;
  const domain_set ours_;
  database db_;
  report_store store_;
  report_reader reader_;
  std::int64_t now_ = 0;
};

std::string read_mail_file(const std::string& name) {
  std::string octets;
  cli::source_file from(name);
  from.fill(octets, cli::max_mail_bytes + 1);
  if (from.code()) throw std::system_error(from.code(), name);
  return octets;
}

/// Files of a folder in sorted order.
std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder))
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

void take_mail(const mail_options& options) {
  mail_taker taker(options);
  if (options.maildir.empty()) return taker.take(read_mail_file("-"));
  const fs::path folder = options.maildir;
  for (const fs::path& file : files_in(folder / "new")) {
    taker.take(read_mail_file(file.native()));
    // Seen, as whoever reads the Maildir says it.
    fs::rename(file, folder / "cur" / (file.filename().native() + ":2,S"));
  }
}

}  // namespace collector
