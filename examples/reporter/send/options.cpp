#include "options.hpp"

#include <charconv>
#include <ctime>
#include <functional>
#include <map>
#include <string_view>

#include <tlsrpt/detail/text/utf8.hpp>
#include <tlsrpt/timestamp.hpp>

namespace reporter {

const char* const usage = R"(usage:
  tlsrpt-send --dir DIR --organization NAME --contact ADDRESS [OPTION...]

  tlsrpt-send --dir DIR --bounced ADDRESS < MAIL

Makes the reports of the days that tlsrpt-tallyd counted into DIR, and delivers those that are due.
To be started every five minutes; what is not delivered is tried again for a day. With --bounced it
takes a mail that came back to such an address, and sends nothing to its endpoint for some days.

  --day YYYY-MM-DD      reports of this day only
  --dry-run --out DIR   write reports, mails and a list of destinations there, and send nothing
  --check               say what is missing in the set-up
  --host-reports        to mail hosts with DANE, too, if they have a record of their own
  --bounces ADDRESS     envelope sender of mails; the contact without it
  --verp                each mail has one of its own, as in bounces+17.0123abcd@example.net
  --sendmail PATH       takes mails, /usr/sbin/sendmail without it
  --resolver ADDRESS[:PORT]  asks this name server
  --ca-file FILE        certificates of authorities
  --verify always       never deliver to a host whose certificate is wrong
  --allow CIDR          connect to addresses that are not public, too; may be repeated
  --timeout SECONDS     for one attempt, 120 without it
  --max-size OCTETS     of a compressed report, 10000000 without it
  --now DATE-TIME       replaces the clock; reports of a day that is over are sent at once

Exit status: 0: done; 1: something could not be done here; 2: usage; 75: a mail of --bounced has to
come again.
)";

namespace {

template <class Number>
Number read_number(const char* option, std::string_view text, Number most) {
  Number number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || number == 0 ||
      number > most)
    throw usage_error(std::string(option) + " needs a number");
  return number;
}

tlsrpt::ip_network read_network(std::string_view text) {
  const auto network = tlsrpt::ip_network::parse(text);
  if (!network) throw usage_error("--allow needs a range such as 192.0.2.0/24");
  return *network;
}

std::int64_t read_time(std::string_view text) {
  const auto time = tlsrpt::read_date_time(text);
  if (!time.known) throw usage_error("--now needs a time such as 2026-11-24T06:00:00Z");
  return time.seconds;
}

tlsrpt::day read_day(std::string_view text) {
  const auto day = tlsrpt::day::parse(text);
  if (!day) throw usage_error("--day needs a day such as 2026-11-23");
  return *day;
}

}  // namespace

std::int64_t options::time() const {
  return now ? *now : static_cast<std::int64_t>(std::time(nullptr));
}

options read_options(int count, char** words) {
  options read;
  bool is_dry_run = false;
  const std::map<std::string_view, std::function<void(std::string_view)>> takers = {
      {"--dir", [&](std::string_view value) { read.folder = value; }},
      {"--organization", [&](std::string_view value) { read.organization = value; }},
      {"--contact", [&](std::string_view value) { read.contact = value; }},
      {"--bounces", [&](std::string_view value) { read.bounces = value; }},
      {"--bounced", [&](std::string_view value) { read.bounced = value; }},
      {"--resolver", [&](std::string_view value) { read.name_server = value; }},
      {"--ca-file", [&](std::string_view value) { read.ca_file = value; }},
      {"--sendmail", [&](std::string_view value) { read.sendmail = value; }},
      {"--out", [&](std::string_view value) { read.out = value; }},
      {"--allow", [&](std::string_view value) { read.allowed.push_back(read_network(value)); }},
      {"--day", [&](std::string_view value) { read.day = read_day(value); }},
      {"--now", [&](std::string_view value) { read.now = read_time(value); }},
      {"--max-size",
       [&](std::string_view value) {
         read.most_octets = read_number("--max-size", value, std::size_t{1} << 30);
       }},
      {"--timeout",
       [&](std::string_view value) { read.seconds = read_number("--timeout", value, 3600u); }},
      {"--verify", [&](std::string_view value) {
         if (value != "always") throw usage_error("--verify is always, or is not there");
         read.verification = tlsrpt::verification::always;
       }}};
  for (int i = 1; i < count; ++i) {
    const std::string_view word = words[i];
    if (word == "--dry-run") {
      is_dry_run = true;
    } else if (word == "--check") {
      read.is_check = true;
    } else if (word == "--host-reports") {
      read.has_host_reports = true;
    } else if (word == "--verp") {
      read.has_own_senders = true;
    } else if (const auto found = takers.find(word); found == takers.end()) {
      throw usage_error("there is no option " + std::string(word));
    } else if (++i == count || *words[i] == '\0') {
      throw usage_error(std::string(word) + " needs a value");
    } else {
      found->second(words[i]);
    }
  }
  if (!read.folder.empty() && !read.bounced.empty()) return read;
  if (read.folder.empty() || read.organization.empty() || read.contact.empty())
    throw usage_error("--dir, --organization and --contact are needed");
  if (!tlsrpt::detail::is_utf8(read.organization))
    throw usage_error("--organization needs a text in UTF-8");
  if (is_dry_run == read.out.empty()) throw usage_error("--dry-run and --out go together");
  if (!tlsrpt::is_mail_endpoint(read.contact))
    throw usage_error("--contact needs a mail address with a domain of two labels or more");
  if (read.bounces.empty()) read.bounces = read.contact;
  if (!tlsrpt::is_mail_endpoint(read.bounces)) throw usage_error("--bounces needs a mail address");
  return read;
}

}  // namespace reporter
