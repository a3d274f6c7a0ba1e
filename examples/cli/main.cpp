/// @file
/// tlsrpt: shows SMTP TLS reports and checks TLSRPT records (RFC 8460).

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>

#include <tlsrpt/error.hpp>
#include <tlsrpt/timestamp.hpp>

#include "answers/advise.hpp"
#include "answers/list.hpp"
#include "answers/merge.hpp"
#include "answers/sum.hpp"
#include "check/check.hpp"
#include "explain.hpp"
#include "output/terminal.hpp"
#include "show.hpp"

namespace {

enum exit_status {
  all_usable = 0,
  some_unusable = 1,
  usage_error = 2,
  program_failed = 3,
  something_to_do = 4
};

constexpr const char* description = "Shows SMTP TLS reports and checks TLSRPT records (RFC 8460).";

constexpr const char* examples =
    "Examples:\n"
    "  tlsrpt show report.json.gz          one report, for reading\n"
    "  tlsrpt show --format json reports/  a directory, one line of JSON per file\n"
    "  tlsrpt show mail.eml mbox Maildir/  the reports in mails\n"
    "  curl -s $URL | tlsrpt show -        standard input\n"
    "  tlsrpt check 'v=TLSRPTv1; rua=mailto:tls@example.com'\n"
    "  dig TXT _smtp._tls.example.com | tlsrpt check\n"
    "  tlsrpt check --sts mta-sts.txt      a policy of MTA-STS\n"
    "  tlsrpt sum Maildir/                 sessions and failures of all reports\n"
    "  tlsrpt list --failures Maildir/     the reports that speak of failures\n"
    "  tlsrpt advise Maildir/              what to do, since when, who sees it\n"
    "  tlsrpt explain self-signed_certificate    what a reason in a report means\n"
    "  tlsrpt write mail.eml > report.json    the report alone, as it should be\n"
    "\n"
    "Exit status: 0 when all inputs are usable, 1 when one is not, 2 for wrong\n"
    "usage, 3 when the program fails, as on a full disk, 4 for what --fail-on names.";

/// CLI11 takes an argument in brackets for a list. A mark in front keeps it whole; marked arguments
/// are marked as well, so that taking the mark off gives back what was there.
constexpr char mark = '\x1f';

std::vector<std::string> marked_arguments(int argc, char** argv) {
  std::vector<std::string> arguments(argv + 1, argv + argc);
  for (std::string& argument : arguments)
    if (argument.starts_with('[') || argument.starts_with(mark))
      argument.insert(argument.begin(), mark);
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
  return arguments;
}

void take_mark_off(std::string& argument) {
  if (argument.starts_with(mark)) argument.erase(argument.begin());
}

/// The time that `text` names, or the clock's when it is empty.
std::int64_t present_time(const std::string& text) {
  if (!text.empty()) return tlsrpt::read_date_time(text).seconds;
  using namespace std::chrono;
  return duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
}

/// What is wrong with an argument that should be a date-time; empty when nothing is.
std::string refuse_date_time(const std::string& text) {
  const tlsrpt::date_time_reading read = tlsrpt::read_date_time(text);
  if (read.known && read.remarks == decltype(read.remarks){}) return {};
  return "not a date-time such as 2026-11-23T08:00:00Z";
}

/// What is wrong with an argument that should be a day; empty when nothing is.
std::string refuse_day(const std::string& text) {
  return tlsrpt::day::parse(text) ? "" : "not a day such as 2026-11-23";
}

std::optional<tlsrpt::day> day_named(const std::string& text) {
  return text.empty() ? std::nullopt : tlsrpt::day::parse(text);
}

/// What is wrong with an argument that should be a list of parts.
std::string refuse_parts(const std::string& text) {
  return cli::parts_named(text) ? "" : "not of domain,host,reason,reporter,result,policy,day";
}

int refuse(const CLI::App& app, std::string_view what) {
  std::string command = app.get_name();
  for (const CLI::App* sub : app.get_subcommands()) command += ' ' + sub->get_name();
  std::fprintf(stderr, "tlsrpt: %s\nTry '%s --help'.\n", cli::printable(what).c_str(),
               command.c_str());
  return usage_error;
}

int run(int argc, char** argv) {
  CLI::App app(description, "tlsrpt");
  app.footer(examples);
  app.require_subcommand(1);
  app.set_version_flag("--version", cli::version_line, "Print the version and exit");

  std::vector<std::string> arguments;
  bool strict = false;
  std::string format = "text";
  std::string colour = "auto";
  std::string now, since, until, policy;
  cli::advise_options advice;
  cli::sum_options figures;
  std::string by;
  bool is_verbose = false;
  const auto command = [&](const char* name, const char* about, const char* placeholder,
                           const char* about_arguments, const char* more_formats = "") {
    CLI::App* const sub = app.add_subcommand(name, about);
    const std::string formats = std::string("text|json") + more_formats;
    sub->add_option("--format", format, "What to write; text by default")
        ->check(CLI::IsMember(CLI::detail::split(formats, '|')))
        ->option_text(formats);
    sub->add_option("--color", colour, "Colour in text: auto (default: on a terminal)")
        ->check(CLI::IsMember({"auto", "always", "never"}))
        ->option_text("auto|always|never");
    sub->add_option(placeholder, arguments, about_arguments)->type_name("");
    sub->footer(examples);
    return sub;
  };
  const auto add_strict = [&strict](CLI::App* sub) {
    sub->add_flag("--strict", strict, "Refuse whatever breaks the RFC");
  };
  CLI::App* const show = command("show", "Show reports, plain, gzipped or in mails", "PATH",
                                 "Files and directories; standard input by default");
  add_strict(show);
  const auto add_now = [&now](CLI::App* sub, const char* about) {
    sub->add_option("--now", now, about)
        ->check(refuse_date_time)
        ->type_name("")
        ->option_text("DATE-TIME");
  };
  add_now(show, "Judge periods as of this time, not the clock's");
  show->add_flag("-v,--verbose", is_verbose, "Explain the failures in each report, not once");
  bool has_lines = false;
  show->add_flag("--lines", has_lines, "Read each line as a report");
  CLI::App* const check = command("check", "Check a TXT record, or all TXT records of a name",
                                  "TXT", "Records, or texts with some; else standard input");
  add_strict(check);
  check->add_option("--sts", policy, "Check the MTA-STS policy in this file instead")
      ->type_name("")
      ->option_text("FILE");
  constexpr const char* about_paths = "Files and directories; standard input by default";
  CLI::App* const advise =
      command("advise", "Say what to do, from many reports", "PATH", about_paths);
  CLI::App* const sum = command("sum", "Add up the sessions and failures of many reports", "PATH",
                                about_paths, "|csv|openmetrics");
  sum->add_option("--by", by, "What a row is about: domain,host,reason,reporter,result,policy,day")
      ->check(refuse_parts)
      ->type_name("")
      ->option_text("PARTS");
  sum->add_flag("--failures", figures.only_failures, "Only failures");
  cli::list_options lines;
  CLI::App* const list =
      command("list", "List reports, one on a line", "PATH", about_paths, "|csv");
  list->add_option("--reporter", lines.reporters, "Only reports of this sender; may be repeated")
      ->type_name("")
      ->option_text("REPORTER")
      ->allow_extra_args(false);
  list->add_flag("--failures", lines.only_failures, "Only reports that speak of failures");
  std::vector<std::string> domains;
  std::string known;
  for (CLI::App* sub : {advise, sum, list})
    sub->add_option("--domain", domains, "Only what is about this domain; may be repeated")
        ->type_name("")
        ->option_text("DOMAIN")
        ->allow_extra_args(false);
  for (CLI::App* sub : {advise, sum}) {
    add_now(sub, "As of then, not the day after the newest report");
    sub->add_option("--known", known, "A list of what is known until some day")
        ->type_name("")
        ->option_text("FILE");
  }
  advise->add_option("--fail-on", advice.fail_on, "Exit by 4 for this severity or a worse one")
      ->check(CLI::Range(1, 5))
      ->type_name("")
      ->option_text("SEVERITY");
  CLI::App* const merge = app.add_subcommand("merge", "Write a ledger of reports and ledgers");
  merge->add_option("PATH", arguments, about_paths)->type_name("");
  bool is_claimed = false;
  merge->add_flag("--claimed", is_claimed,
                  "Take all reports of ledgers as claimed, whatever these say");
  merge->footer(examples);
  std::size_t jobs = std::max(1u, std::thread::hardware_concurrency());
  constexpr std::size_t most_jobs = 256;
  for (CLI::App* sub : {advise, sum, merge})
    sub->add_option("--jobs", jobs,
                    "Read on so many threads; as many as the machine has by default")
        ->check(CLI::Range(std::size_t{1}, most_jobs))
        ->type_name("")
        ->option_text("NUMBER");
  for (CLI::App* sub : {advise, sum, list, merge}) {
    add_strict(sub);
    sub->add_option("--since", since, "Only reports about this day and later ones")
        ->check(refuse_day)
        ->type_name("")
        ->option_text("DAY");
    sub->add_option("--until", until, "Only reports about this day and earlier ones")
        ->check(refuse_day)
        ->type_name("")
        ->option_text("DAY");
  }
  CLI::App* const explain = command("explain", "Explain reasons of failures, as reports have them",
                                    "REASON", "Reasons; standard input by default, one on a line");
  cli::report_form form;
  CLI::App* const write = app.add_subcommand("write", "Write reports anew, as they should be");
  write->add_flag("--faithful", form.faithful, "Write what was read, with the faults it has");
  write->add_flag("--pretty", form.pretty, "Lay reports out for people");
  write->add_flag("--gzip", form.gzip, "Compress them");
  write->add_option("PATH", arguments, "Files and directories; standard input by default")
      ->type_name("");
  write->footer(examples);
  try {
    app.parse(marked_arguments(argc, argv));
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() != 0) return refuse(app, error.what());
    std::ostringstream asked_for;  // help, or the version
    app.exit(error, asked_for, asked_for);
    cli::write_out(asked_for.str());
    return all_usable;
  }
  for (std::string& argument : arguments) take_mark_off(argument);
  take_mark_off(policy);
  if (has_lines && format != "json") return refuse(app, "--lines needs --format json");
  const bool has_policy = check->count("--sts") != 0;
  if (has_policy && !arguments.empty())
    return refuse(app, "--sts names a policy, so there can be no TXT records");
  if (arguments.empty() && !has_policy) {
    if (isatty(STDIN_FILENO) != 0)
      return refuse(app, "nothing to read: no argument, and standard input is a terminal");
    arguments = {"-"};
  }
  const cli::output_style output = {
      .format = write->parsed()           ? cli::output_format::reports
                : format == "json"        ? cli::output_format::json
                : format == "csv"         ? cli::output_format::csv
                : format == "openmetrics" ? cli::output_format::openmetrics
                                          : cli::output_format::text,
      .colour = colour == "always" || (colour == "auto" && cli::wants_colour()),
      .is_verbose = is_verbose,
      .width = cli::terminal_width(),
      .form = form};
  std::optional<tlsrpt::day> today;
  if (!now.empty()) today = tlsrpt::day_of(present_time(now));
  advice.from = {
      arguments,        strict, day_named(since),
      day_named(until), jobs,   is_claimed ? tlsrpt::trust::claimed : tlsrpt::trust::verified};
  advice.domains = domains;
  advice.known = known;
  if (sum->parsed()) {
    figures.from = advice.from;
    figures.domains = domains;
    figures.known = known;
    figures.today = today;
    if (!by.empty()) figures.by = cli::parts_named(by);
    return cli::sum(figures, output) ? all_usable : some_unusable;
  }
  if (list->parsed()) {
    lines.from = advice.from;
    lines.domains = domains;
    return cli::list(lines, output) ? all_usable : some_unusable;
  }
  if (advise->parsed()) {
    advice.today = today;
    const cli::advise_outcome outcome = cli::advise(advice, output);
    if (!outcome.is_usable) return some_unusable;
    return outcome.has_something_to_do ? something_to_do : all_usable;
  }
  const bool is_about_reports = show->parsed() || write->parsed();
  const bool usable = is_about_reports
                          ? cli::show(arguments, strict, output, present_time(now), today,
                                      has_lines ? cli::input_form::lines : cli::input_form::any)
                      : merge->parsed()   ? cli::merge(advice.from)
                      : explain->parsed() ? cli::explain(arguments, output)
                      : has_policy        ? cli::check_policy(policy, strict, output)
                                          : cli::check_records(arguments, strict, output);
  return usable ? all_usable : some_unusable;
}

/// Ends the program at once: to unwind takes memory, too, as destructors of JSON values do.
[[noreturn]] void run_out_of_memory() {
  std::fflush(stdout);
  std::fprintf(stderr, "tlsrpt: %s\n", message(tlsrpt::errc::out_of_memory).data());
  std::_Exit(program_failed);
}

}  // namespace

int main(int argc, char** argv) {
  std::set_new_handler(run_out_of_memory);
  try {
    const int status = run(argc, argv);
    cli::finish_out();
    return status;
  } catch (const std::exception& error) {
    std::fflush(stdout);
    std::fprintf(stderr, "tlsrpt: %s\n", cli::printable(error.what()).c_str());
    return program_failed;
  }
}
