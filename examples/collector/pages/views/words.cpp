#include "words.hpp"

#include <tlsrpt/escape.hpp>
#include <tlsrpt/submission.hpp>

#include "../html.hpp"
#include "../unicode_name.hpp"

namespace collector {

namespace {

constexpr std::size_t most_shown = 200, most_opened = 4096;

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

std::string cell(std::string_view text) {
  if (text.size() <= most_shown) return escaped(text);
  std::string html = "<details><summary>";
  tlsrpt::escape::html_text(html, text, most_shown / 4);
  html += "</summary>";
  tlsrpt::escape::html_text(html, text, most_opened);
  return html + "</details>";
}

std::string said(std::string_view text) { return text == "-" ? "not said" : cell(text); }

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
