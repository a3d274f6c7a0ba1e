/// @file
/// How numbers, days and names are said on pages.

#ifndef TLSRPT_EXAMPLES_COLLECTOR_PAGES_VIEWS_WORDS
#define TLSRPT_EXAMPLES_COLLECTOR_PAGES_VIEWS_WORDS

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include <tlsrpt/finding.hpp>
#include <tlsrpt/summary.hpp>

namespace collector {

/// "7", "7 to 14" where sessions may be counted twice, "at least 7" where some are not known.
std::string shown(const tlsrpt::session_bounds& sessions);
std::string shown(const tlsrpt::session_sum& sessions);

/// Sessions of different days, domains or reporters together.
tlsrpt::session_bounds sum(const tlsrpt::session_bounds& a, const tlsrpt::session_bounds& b);

/// A percentage; of few sessions the fraction, which says more.
std::string share(std::uint64_t some, std::uint64_t all);

/// "1 report", "2 reports".
std::string counted(std::uint64_t number, std::string_view what);

/// The first names, and how many more there are.
template <class Names>
std::string listed(const Names& names) {
  constexpr std::size_t most = 5;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), most); ++i)
    (text += i == 0 ? "" : ", ") += names[i];
  if (names.size() > most) text += " and " + std::to_string(names.size() - most) + " more";
  return text;
}

std::string date(tlsrpt::day day);
/// In HTML: a date that no line is broken in.
std::string time_element(tlsrpt::day day);
/// Both days, in two lines where they differ, for columns that are not wide.
std::string time_elements(tlsrpt::day first, tlsrpt::day last);
/// Seconds since 1970 as a date and a time.
std::string moment(std::int64_t seconds);

/// Which kind of policy a sender applied.
std::string_view words_for(tlsrpt::policy_type kind);
/// What a failure does to mail, in a sentence.
std::string_view words_for(tlsrpt::impact impact);

/// In HTML: a text of a stranger for a table, the whole of it to be opened where it is long.
std::string cell(std::string_view text);
/// The same of an identifier.
std::string code_cell(std::string_view text);
/// The same of a sentence, which is cut later.
std::string sentence_cell(std::string_view text);

/// A name, result or reason of a ledger in words. What is none, or is not known, is in quotation
/// marks, as is the name of an organization that stands for its domain: it is what the sender
/// wrote, or the beginning of it.
std::string in_words(std::string_view text);
/// In HTML: the same for a table.
std::string said(std::string_view text);
/// In HTML: the same of a result or reason, which has a name of its own where it is known.
std::string said_code(std::string_view text);

/// In HTML: a name of the DNS as its owner reads it, to stand after it; empty where that is the
/// same, or might be mistaken.
std::string in_unicode(std::string_view name);

/// The page of a domain, mail host, reporter or report, from the folder of the site. Only domains
/// give it their name: the others are named by strangers.
std::string domain_file(std::string_view domain);
std::string host_file(std::string_view host);
std::string reporter_file(std::string_view reporter);
std::string report_file(const tlsrpt::digest& report);

}  // namespace collector

#endif
