#include "words.hpp"

#include <tlsrpt/escape.hpp>
#include <tlsrpt/submission.hpp>

#include "../html.hpp"
#include "../unicode_name.hpp"

namespace collector {

namespace {

constexpr std::size_t most_shown = 200, most_opened = 4096;
/// At first, with the words about how much more there is.
constexpr std::size_t few_characters = 50, many_characters = 175;

/// What a ledger writes before a text that is no name, no result or no reason that is known.
constexpr std::string_view marks = "!?~";

/// What a text takes where it is shown: what steers or hides text is shown as a number.
std::size_t octets_shown(std::string_view text, std::size_t most_characters) {
  tlsrpt::span_output counter({});
  tlsrpt::escape::terminal(counter, text, most_characters);
  return counter.size();
}

/// In HTML: a text, or its first characters with the whole of it folded away, each in an element.
std::string folded(std::string_view text, std::size_t at_first, std::string_view begin = {},
                   std::string_view end = {}) {
  const auto element = [&](std::size_t most) {
    std::string html(begin);
    tlsrpt::escape::html_text(html, text, most);
    return html += end;
  };
  if (octets_shown(text, text.size()) <= most_shown) return element(text.size());
  while (octets_shown(text, at_first) > most_shown) at_first /= 2;
  return "<details><summary>" + element(at_first) + "</summary>" + element(most_opened) +
         "</details>";
}

/// A name of a file for what a stranger has named.
std::string hashed(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  constexpr std::size_t octets = 8;
  const auto hash = tlsrpt::hash_of_token(text);
  std::string name;
  for (std::size_t i = 0; i < octets; ++i) {
    name += digits[hash[i] >> 4];
    name += digits[hash[i] & 15];
  }
  return name;
}

}  // namespace

std::string shown(const tlsrpt::session_bounds& sessions) {
  std::string text = sessions.unknown != 0 ? "at least " : "";
  text += std::to_string(sessions.at_least);
  if (sessions.at_most != sessions.at_least) text += " to " + std::to_string(sessions.at_most);
  return text;
}

std::string shown(const tlsrpt::session_sum& sessions) {
  return (sessions.unknown != 0 ? "at least " : "") + std::to_string(sessions.sessions);
}

tlsrpt::session_bounds sum(const tlsrpt::session_bounds& a, const tlsrpt::session_bounds& b) {
  return {tlsrpt::sum_of_sessions(a.at_least, b.at_least),
          tlsrpt::sum_of_sessions(a.at_most, b.at_most),
          tlsrpt::sum_of_sessions(a.unknown, b.unknown)};
}

std::string share(std::uint64_t some, std::uint64_t all) {
  constexpr std::uint64_t few = 20;
  if (all == 0) return "-";
  if (all < few) return std::to_string(some) + " of " + std::to_string(all);
  const unsigned per_mille = tlsrpt::per_mille(some, all);
  if (some != 0 && per_mille == 0) return "under 0.1 %";
  return std::to_string(per_mille / 10) + '.' + std::to_string(per_mille % 10) + " %";
}

std::string counted(std::uint64_t number, std::string_view what) {
  return std::to_string(number) + ' ' + std::string(what) + (number == 1 ? "" : "s");
}

std::string date(tlsrpt::day day) { return std::string(to_text(day)); }

std::string time_element(tlsrpt::day day) { return "<time>" + date(day) + "</time>"; }

std::string time_elements(tlsrpt::day first, tlsrpt::day last) {
  return time_element(first) + (first == last ? "" : "&nbsp;to<br>" + time_element(last));
}

std::string moment(std::int64_t seconds) {
  constexpr std::int64_t minute = 60, hour = 60 * minute;
  const tlsrpt::day day = tlsrpt::day_of(seconds);
  const std::int64_t rest = seconds - first_second_of(day);
  const auto two = [](std::int64_t number) {
    std::string text = number < 10 ? "0" : "";
    return text += std::to_string(number);
  };
  return date(day) + ' ' + two(rest / hour) + ':' + two(rest % hour / minute);
}

std::string_view words_for(tlsrpt::policy_type kind) {
  switch (kind) {
    case tlsrpt::policy_type::sts:
      return "MTA-STS";
    case tlsrpt::policy_type::tlsa:
      return "DANE";
    case tlsrpt::policy_type::no_policy_found:
      return "no policy";
    default:
      return "another kind";
  }
}

std::string_view words_for(tlsrpt::impact impact) {
  switch (impact) {
    case tlsrpt::impact::refused:
      return "Mail is held back, and bounces in the end.";
    case tlsrpt::impact::clear:
      return "Mail arrives in clear text.";
    case tlsrpt::impact::unprotected:
      return "Mail arrives, but unprotected.";
    case tlsrpt::impact::fallback:
      return "Mail arrives by the policy from before.";
    default:
      return "Mail arrives.";
  }
}

std::string cell(std::string_view text) { return folded(text, few_characters); }

std::string code_cell(std::string_view text) {
  return folded(text, few_characters, "<code>", "</code>");
}

std::string sentence_cell(std::string_view text) { return folded(text, many_characters); }

std::string in_words(std::string_view text) {
  if (text.empty() || text == "-" || text == tlsrpt::absent_domain) return "not said";
  if (text == tlsrpt::any_name) return "all others";
  constexpr std::string_view organization = "org:";
  if (text.starts_with(organization))
    text.remove_prefix(organization.size());
  else if (marks.find(text[0]) != std::string_view::npos)
    text.remove_prefix(1);
  else
    return std::string(text);
  return '"' + std::string(text) + '"';
}

std::string said(std::string_view text) { return cell(in_words(text)); }

std::string said_code(std::string_view text) {
  const std::string words = in_words(text);
  return words == text ? code_cell(text) : cell(words);
}

std::string in_unicode(std::string_view name) {
  const std::string read = unicode_name(name);
  return read.empty() ? read : " (<bdi>" + escaped(read) + "</bdi>)";
}

std::string domain_file(std::string_view domain) {
  // File systems have names of up to 255 octets.
  constexpr std::size_t longest = 200;
  return "domain/" + (domain.size() > longest ? hashed(domain) : std::string(domain)) + ".html";
}

std::string host_file(std::string_view host) { return "host/" + hashed(host) + ".html"; }
std::string reporter_file(std::string_view reporter) {
  return "reporter/" + hashed(reporter) + ".html";
}
std::string report_file(const tlsrpt::digest& report) {
  return "report/" + std::string(to_text(report)) + ".html";
}

}  // namespace collector
