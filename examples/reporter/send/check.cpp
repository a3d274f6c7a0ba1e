#include "check.hpp"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/record.hpp>

#include "lookup.hpp"
#include "reports/days.hpp"

namespace reporter {

namespace {

class checker {
 public:
  checker(const options& options, std::ostream& out) : options_(options), out_(out) {}

  bool run() {
    journals();
    sendmail();
    authorities();
    names();
    postfix();
    return is_complete_;
  }

 private:
  void good(const std::string& what) { out_ << "ok: " << what << '\n'; }
  void missing(const std::string& what) {
    out_ << "missing: " << what << '\n';
    is_complete_ = false;
  }

  void journals() {
    if (access(options_.folder.c_str(), R_OK | W_OK | X_OK) != 0)
      return missing("the right to write in " + options_.folder);
    const std::vector<day_journals> days = find_days(options_.folder);
    if (days.empty())
      return missing("journals in " + options_.folder + ": tlsrpt-tallyd has to write them there");
    const std::string last(to_text(days.back().day));
    if (tlsrpt::day_of(options_.time()) - days.back().day > 1)
      return missing("journals since " + last + ": tlsrpt-tallyd may not run");
    good("the last journal in " + options_.folder + " is of " + last);
  }

  void sendmail() {
    if (access(options_.sendmail.c_str(), X_OK) == 0)
      good("mails go to " + options_.sendmail);
    else
      missing(options_.sendmail + ", which is to take mails; see --sendmail");
  }

  void authorities() {
    if (!options_.ca_file.empty() && access(options_.ca_file.c_str(), R_OK) != 0)
      missing(options_.ca_file + ", which is to have the certificates of authorities");
  }

  /// By the record of the own domain, which is good to have, too.
  void names() {
    const std::string domain = options_.contact.substr(options_.contact.rfind('@') + 1);
    std::string name;
    if (!tlsrpt::query_name(name, domain)) return missing("a domain in the contact");
    const txt_answer answer = resolver(options_.lookup()).txt(name);
    if (answer.end == lookup_end::failed)
      missing("a name server that answers; see --resolver");
    else
      good(answer.end == lookup_end::found
               ? "the DNS answers"
               : "the DNS answers; " + domain + " itself has no record at " + name);
  }

  /// Reports about the mails with reports would never end (RFC 8460, section 5.5).
  void postfix() {
    const auto enabled = output_of("postconf -h smtp_tlsrpt_enable 2>&1");
    if (!enabled.starts_with("yes")) return;
    if (output_of("postconf -P 2>&1").find("smtp_tlsrpt_enable = no") == std::string::npos)
      missing("a transport of Postfix with smtp_tlsrpt_enable=no for " + options_.bounces +
              ": mails with reports are counted, and cause reports again");
    else
      good("a transport of Postfix does not count its sessions; reports have to go there");
  }

  static std::string output_of(const char* command) {
    struct closer {
      void operator()(std::FILE* file) const { pclose(file); }
    };
    std::string text;
    const std::unique_ptr<std::FILE, closer> output(popen(command, "r"));
    std::array<char, 4096> part{};
    while (output) {
      const std::size_t size = std::fread(part.data(), 1, part.size(), output.get());
      if (size == 0) break;
      text.append(part.data(), size);
    }
    return text;
  }

  const options& options_;
  std::ostream& out_;
  bool is_complete_ = true;
};

}  // namespace

bool check_setup(const options& options, std::ostream& out) { return checker(options, out).run(); }

}  // namespace reporter
