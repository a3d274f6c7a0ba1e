#include <tlsrpt/domain_field.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/file_name.hpp>
#include <tlsrpt/subject.hpp>

#include "mail/checks.hpp"

namespace {

using tlsrpt::errc;

/// The values of all fields and parameters of the headers in a mail that are about reports.
struct mail_words {
  std::vector<std::string> subjects, file_names, domains;
};

/// A simple scan of lines: fields anywhere, with their folded lines.
mail_words scan_mail(const std::string& bytes) {
  std::string mail;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const bool is_cr = bytes[i] == '\r';
    if (is_cr && i + 1 < bytes.size() && bytes[i + 1] == '\n') continue;
    mail += is_cr ? '\n' : bytes[i];
  }
  std::vector<std::string> fields;
  std::istringstream lines(mail);
  for (std::string line; std::getline(lines, line);) {
    const bool is_continued = line.starts_with(' ') || line.starts_with('\t');
    if (is_continued && !fields.empty())
      fields.back() += "\r\n" + line;
    else
      fields.push_back(line);
  }
  mail_words words;
  for (const std::string& field : fields) {
    const std::size_t colon = field.find(':');
    if (colon == std::string::npos) continue;
    std::string label = field.substr(0, colon);
    for (char& c : label) c = tlsrpt::detail::lower_case(c);
    const std::string value = field.substr(colon + 1);
    if (label == "subject") words.subjects.push_back(value);
    if (label == "tls-report-domain" || label == "tls-report-submitter")
      words.domains.push_back(value);
    if (label != "content-type" && label != "content-disposition") continue;
    std::size_t at = value.find("name");
    for (; at != std::string::npos; at = value.find("name", at + 1)) {
      std::size_t first = value.find_first_not_of(" \t", at + 4);
      if (first == std::string::npos || value[first] != '=') continue;
      first = value.find_first_not_of(" \t", first + 1);
      if (first == std::string::npos) continue;
      const bool is_quoted = value[first] == '"';
      const std::size_t begin = is_quoted ? first + 1 : first;
      const std::size_t end = value.find_first_of(is_quoted ? "\"" : "; \t\r\n", begin);
      words.file_names.push_back(value.substr(begin, end - begin));
    }
  }
  return words;
}

std::vector<std::string> split_words(const std::string& text) {
  std::istringstream words(text);
  return {std::istream_iterator<std::string>(words), {}};
}

}  // namespace

TEST_CASE("the mails beside the repository, if there are some") {
  namespace fs = std::filesystem;
  const fs::path mails = fs::path(TLSRPT_SOURCE_ROOT) / "../shared/corpus/mail";
  if (!fs::exists(mails)) {
    MESSAGE("no mails here, nothing to do");
    return;
  }
  std::size_t subjects_read = 0, names_read = 0, domains_read = 0;
  for (const auto& entry : fs::directory_iterator(mails)) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(file), {});
    const mail_words words = scan_mail(bytes.substr(0, 200'000));
    CAPTURE(entry.path().filename().string());

    for (const std::string& subject : words.subjects) {
      CAPTURE(subject);
      const auto found = tlsrpt::parse_subject(subject);
      if (subject.find("Report Domain:") == std::string::npos &&
          subject.find("Domain: ") == std::string::npos) {
        CHECK(found.error().code == errc::not_a_report_subject);
        continue;
      }
      REQUIRE(found.has_value());
      ++subjects_read;
      // What a person reads: the word after each label.
      const std::vector<std::string> parts = split_words(subject);
      for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
        if (parts[i] == "Domain:") CHECK(found->domain == parts[i + 1]);
        if (parts[i] == "Submitter:") CHECK(found->submitter == parts[i + 1]);
        if (parts[i] != "Report-ID:") continue;
        const std::string& id = parts[i + 1];
        CHECK(found->report_id == (id[0] == '<' ? id.substr(1, id.size() - 2) : id));
      }
    }

    for (const std::string& written_name : words.file_names) {
      CAPTURE(written_name);
      std::string plain;
      for (char c : written_name)
        if (c > ' ' || c < 0) plain += c;
      plain = plain.substr(plain.rfind('/') + 1);
      std::string unfolded;
      tlsrpt::unfold_file_name(unfolded, written_name);
      const auto found = tlsrpt::parse_file_name(unfolded);
      if (std::count(plain.begin(), plain.end(), '!') < 3) {
        CHECK(found.error().code == errc::not_a_report_file_name);
        continue;
      }
      if (plain.starts_with("=?")) continue;  // an encoded word: the mail reader's
      REQUIRE(found.has_value());
      ++names_read;
      std::vector<std::string> parts{""};
      for (char c : plain) {
        if (c == '!')
          parts.emplace_back();
        else
          parts.back() += c;
      }
      CHECK(found->sender == parts[0]);
      CHECK(found->policy_domain == parts[1]);
      CHECK(found->begin.text == parts[2]);
      CHECK(std::to_string(found->begin.seconds) == parts[2]);
      CHECK(found->end.text == parts[3].substr(0, parts[3].find('.')));
      CHECK(std::to_string(found->end.seconds) == found->end.text);
      if (parts.size() == 5)
        CHECK(found->unique_id == parts[4].substr(0, parts[4].find('.')));
      else
        CHECK(found->unique_id.empty());
    }

    for (const std::string& value : words.domains) {
      CAPTURE(value);
      const auto found = tlsrpt::parse_domain_field(value);
      REQUIRE(found.has_value());
      ++domains_read;
      std::string word = split_words(value).at(0);
      if (word.ends_with('.')) word.pop_back();
      CHECK(*found == word);
    }
  }
  MESSAGE(subjects_read << " Subjects, " << names_read << " file names, " << domains_read
                        << " domains read");
  CHECK(subjects_read > 0);
  CHECK(names_read > 0);
  CHECK(domains_read > 0);
}
