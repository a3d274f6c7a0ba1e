#include "check.hpp"

#include <curl/curl.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
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
    const std::string& folder = options_.folder;
    std::error_code no_access;
    if (!std::filesystem::is_directory(folder, no_access))
      return missing("the folder " + folder + ": make it, and give it to tlsrpt-tallyd, too");
    if (access(folder.c_str(), R_OK | W_OK | X_OK) != 0)
      return missing("the right to write in " + folder +
                     ": run this as the user of tlsrpt-tallyd, who owns the folder");
    std::vector<day_journals> days = find_days(folder);
    const tlsrpt::day today = tlsrpt::day_of(options_.time());
    std::erase_if(days, [&](const day_journals& one) { return one.day > today; });
    if (days.empty())
      return missing("journals in " + folder + ": start tlsrpt-tallyd with --dir " + folder +
                     ", and have the mail server write to its socket");
    const std::string last(to_text(days.back().day));
    if (today - days.back().day > 1)
      return missing("journals since " + last +
                     ": see whether tlsrpt-tallyd runs, and the mail server writes to its socket");
    // The last one before today: another program writes into that of today.
    std::erase_if(days,
                  [&](const day_journals& one) { return !is_sealed(one.day, options_.time()); });
    try {
      if (!days.empty()) read_day(days.back());
      good("the last journal in " + folder + " is of " + last);
    } catch (const std::exception& error) {
      missing("a sound journal of " + std::string(to_text(days.back().day)) + ": " + error.what() +
              "; move it out of the folder");
    }
  }

  static bool is_file(const std::string& path, int right) {
    std::error_code no_access;
    return std::filesystem::is_regular_file(path, no_access) && access(path.c_str(), right) == 0;
  }

  void sendmail() {
    if (is_file(options_.sendmail, X_OK))
      good("mails go to " + options_.sendmail);
    else
      missing(options_.sendmail +
              ", which takes mails: install a mail server, or name its program by --sendmail");
  }

  void authorities() {
    if (!options_.ca_file.empty()) {
      if (!is_file(options_.ca_file, R_OK))
        missing(options_.ca_file + ", a file that can be read, for --ca-file");
      return;
    }
    const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(),
                                                                   &curl_easy_cleanup);
    const char *file = nullptr, *folder = nullptr;
    curl_easy_getinfo(curl.get(), CURLINFO_CAINFO, &file);
    curl_easy_getinfo(curl.get(), CURLINFO_CAPATH, &folder);
    if (file != nullptr && !is_file(file, R_OK) && (folder == nullptr || is_empty(folder)))
      missing(file +
              std::string(", the authorities of certificates: install ca-certificates, or name a "
                          "file by --ca-file"));
  }

  static bool is_empty(const char* folder) {
    std::error_code error;
    return std::filesystem::directory_iterator(folder, error) ==
           std::filesystem::directory_iterator();
  }

  /// By the record of the own domain, which is good to have, too.
  void names() {
    const std::string domain = options_.contact.substr(options_.contact.rfind('@') + 1);
    std::string name;
    if (!tlsrpt::query_name(name, domain)) return missing("a domain in the contact");
    txt_answer answer;
    try {
      answer = resolver(options_.lookup()).txt(name);
    } catch (const std::exception& error) {
      return missing(std::string("a name server, as ADDRESS or ADDRESS:PORT: ") + error.what());
    }
    if (answer.end == lookup_end::failed)
      missing("a name server that answers: " +
              (options_.name_server.empty() ? "see /etc/resolv.conf, or name one by --resolver"
                                            : "nobody does at " + options_.name_server));
    else
      good(answer.end == lookup_end::found
               ? "the DNS answers"
               : "the DNS answers; " + domain + " gets no reports itself without a record at " +
                     name);
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
