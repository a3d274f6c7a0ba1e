/// @file
/// Receives TLS reports (RFC 8460) by HTTPS and by mail, and keeps them.

#include <sysexits.h>

#include <cstdio>
#include <exception>
#include <string>

#include <tlsrpt/error.hpp>
#include <tlsrpt/ip_address.hpp>
#include <tlsrpt/version.hpp>

#include "../store/arguments.hpp"
#include "mail.hpp"
#include "server.hpp"
#include "tokens.hpp"

namespace {

using collector::usage_error;

constexpr const char* usage = R"(usage:
  tlsrpt-intake serve --db FILE --listen ADDRESS:PORT|unix:PATH [--domains FILE] [--open]
      [--rate off] [--proxy ADDRESS] [--clients FILE] [--max-size GIB] [--keep-raw DAYS]
      [--keep DAYS]
  tlsrpt-intake mail --db FILE [--maildir DIR] [--authserv-id NAME] [--own-received N]
      [--claimed] [--domains FILE]
  tlsrpt-intake export --db FILE
  tlsrpt-intake token add DOMAIN --db FILE --url https://HOST
  tlsrpt-intake token disable TOKEN --db FILE
Each takes --wait SECONDS, for which it waits while another program has the file locked: 10.

serve takes reports by POST at the URLs of tokens, behind a web server that has the certificate;
--open takes them at /v1/report, too, without token and rates, for trying out. --clients has in each
line a submitter and the subject of a certificate, which the web server has verified and passes in
the field X-Client-Name: reports of such a client are verified. The web server has to set this field
in every request, for whoever can connect to the Unix socket, or from the address of --proxy, is
believed. mail takes one mail on standard input, or those in a Maildir, each once; --authserv-id is the name that your mail server
writes into Authentication-Results: without it, reports count as claimed. export writes a ledger for
"tlsrpt advise". token add prints the line for the zone of a domain.

Exit status 0: done; 1: not done; 64: usage; 75: try again, for mails.
)";

collector::database_file file_of(collector::arguments& given) {
  return {given.needed("--db"), given.patience()};
}

void serve(collector::arguments& given) {
  collector::serve_options options;
  options.store.file = file_of(given);
  options.listen = given.value("--listen", "127.0.0.1:8460");
  options.domains = given.value("--domains");
  if (const std::string proxy = given.value("--proxy"); !proxy.empty()) {
    options.proxy = tlsrpt::read_ip_address(proxy).address;
    if (!options.proxy) throw usage_error("--proxy needs an address");
  }
  options.clients = given.value("--clients");
  options.is_open = given.has("--open");
  const std::string rate = given.value("--rate", "on");
  if (rate != "on" && rate != "off") throw usage_error("--rate is on or off");
  options.has_rates = rate == "on";
  options.store.max_octets = given.number("--max-size", std::int64_t{16}) << 30;
  options.store.kept.raw = given.number("--keep-raw", options.store.kept.raw);
  options.store.kept.facts = given.number("--keep", options.store.kept.facts);
  given.end(1);
  collector::serve(options);
}

void mail(collector::arguments& given) {
  collector::mail_options options;
  options.file = file_of(given);
  options.maildir = given.value("--maildir");
  options.authserv_id = given.value("--authserv-id");
  options.own_received = given.number("--own-received", std::size_t{0});
  options.keeps_claimed = given.has("--claimed");
  options.domains = given.value("--domains");
  given.end(1);
  collector::take_mail(options);
}

void write_ledger(collector::arguments& given) {
  const collector::database_file file = file_of(given);
  given.end(1);
  collector::database db(file, collector::access::read);
  const tlsrpt::ledger ledger = read_ledger(db, tlsrpt::day{std::numeric_limits<int>::min()});
  std::string text;
  if (const auto written = ledger.write(text); !written)
    throw std::runtime_error(std::string(message(written.error().code)));
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
    throw std::runtime_error("cannot write to standard output");
}

void change_tokens(collector::arguments& given) {
  const collector::database_file file = file_of(given);
  const std::string url = given.value("--url");
  given.end(3);
  const std::string what = given.words()[1], name = given.words()[2];
  if (what == "add" && url.empty()) throw usage_error("--url is needed");
  if (what != "add" && what != "disable") throw usage_error("token add, or token disable");
  collector::database db(file, collector::access::write);
  if (what == "add")
    std::fputs(add_token(db, name, url).c_str(), stdout);
  else if (!disable_token(db, name))
    throw std::runtime_error("there is no such token");
}

int run(int count, char** words) {
  const bool is_mail = count > 1 && std::string_view(words[1]) == "mail";
  try {
    collector::arguments given(count, words, {"--open", "--claimed", "--help", "--version"});
    const std::string what = given.words().empty() ? "" : given.words().front();
    if (given.has("--help")) {
      std::fputs(usage, stdout);
    } else if (given.has("--version")) {
      std::puts("tlsrpt-intake " TLSRPT_HPP_VERSION_STRING);
    } else if (what == "serve") {
      serve(given);
    } else if (what == "mail") {
      mail(given);
    } else if (what == "export") {
      write_ledger(given);
    } else if (what == "token") {
      change_tokens(given);
    } else {
      throw usage_error("serve, mail, export or token");
    }
    return 0;
  } catch (const usage_error& error) {
    std::fprintf(stderr, "tlsrpt-intake: %s\n%s", error.what(), usage);
    return EX_USAGE;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "tlsrpt-intake: %s\n", error.what());
    // A mail server keeps the mail then, and tries again.
    return is_mail ? EX_TEMPFAIL : 1;
  }
}

}  // namespace

int main(int count, char** words) { return run(count, words); }
