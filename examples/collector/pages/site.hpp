/// @file
/// All pages about the reports of a database. They are a function of it, the options and the day.

#ifndef TLSRPT_EXAMPLES_COLLECTOR_PAGES_SITE
#define TLSRPT_EXAMPLES_COLLECTOR_PAGES_SITE

#include <functional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <tlsrpt/advice.hpp>

#include "../store/database.hpp"
#include "views/kept.hpp"
#include "views/part.hpp"

namespace collector {

struct site_options {
  std::int64_t now = 0;
  std::set<std::string, std::less<>> domains{};  ///< Ours; else those with a token, or all.
  std::span<const tlsrpt::known_finding> known{};
  set_up_writer add_set_up{};
  mending_question looks_mended{};
  /// Learns which domains are ours, before the first page, and whether that is only guessed.
  std::function<void(const std::set<std::string, std::less<>>& domains, bool is_guessed)> prepare{};
};

/// Days that pages are about: so many are needed to tell what is new, and what is back.
inline constexpr std::int32_t days_read = 120;

/// Makes all pages and the file of metrics, a part of the domains at a time, so that memory does
/// not grow with the number of reports. Returns the findings, the worst first.
/// Throws store_error, and std::runtime_error when memory is short.
std::vector<kept_finding> make_site(database& db, const site_options& options,
                                    const page_sink& sink);

}  // namespace collector

#endif
