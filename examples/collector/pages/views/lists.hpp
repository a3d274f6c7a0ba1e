/// @file
/// The pages about all domains.

#ifndef TLSRPT_EXAMPLES_COLLECTOR_PAGES_VIEWS_LISTS
#define TLSRPT_EXAMPLES_COLLECTOR_PAGES_VIEWS_LISTS

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "kept.hpp"
#include "part.hpp"

namespace collector {

/// A domain in reports that is not one of ours.
struct foreign_line {
  std::string name{};
  std::int64_t reports = 0;
  tlsrpt::day last{};
};

/// What reporters never say, in a sentence, by their names.
struct reporter_limit {
  std::string_view text{};   ///< Empty where nothing is known.
  bool is_verified = false;  ///< Somebody vouches for a report that it comes from.
};
using reporter_limits = std::map<std::string, reporter_limit, std::less<>>;

/// All that there is to say.
struct site_figures {
  tlsrpt::day today{};
  std::set<std::string, std::less<>> names{};  ///< The domains with a page.
  bool is_guessed = false;                     ///< Nobody said which domains are ours.
  part_figures all{};                          ///< Findings are in their order.
  std::vector<foreign_line> foreign{};
  std::int64_t foreign_names = 0;  ///< How many there are, those that are not listed included.
  std::int64_t reports = 0, verified = 0;
  std::int64_t reports_of_last_day = 0, usual_reports = 0;  ///< Of the 14 days before: the median.
  std::int64_t newest = 0;                                  ///< When the last report came.
  std::int64_t quarantined = 0;                  ///< What could not be read, and is kept.
  std::map<std::string, std::int64_t> health{};  ///< What intake counted in all.
  reporter_limits limits{};
  page_names links{};
  std::string foot{};
};

/// A list on several pages: NAME.html, NAME-2.html and so on.
struct page_list {
  std::string name{}, title{};
  std::size_t size = 0, most = 0;  ///< All, and those on one page.
};
/// Adds what is from a first place on to a page, and before a last one.
using page_filler = std::function<void(html_page& page, std::size_t first, std::size_t last)>;

/// Writes a list, each page with links to the others by the first and last name on them.
void write_paged(const page_list& list, const site_figures& site,
                 const std::function<std::string_view(std::size_t)>& name_of,
                 const page_filler& fill, const page_sink& sink);

/// Each writes all pages of its kind.
void write_today(const site_figures& site, const page_sink& sink);
void write_domains(const site_figures& site, const page_sink& sink);
void write_hosts(const site_figures& site, const page_sink& sink);
void write_reporters(const site_figures& site, const page_sink& sink);
void write_set_up(const site_figures& site, const part_options& options, const page_sink& sink);

/// Gauges about the last complete day, and what intake counted (OpenMetrics).
std::string metrics_of(const site_figures& site);

}  // namespace collector

#endif
