/// @file
/// Sessions by day, as a chart and as a table.

#ifndef TLSRPT_EXAMPLES_COLLECTOR_PAGES_VIEWS_CHART
#define TLSRPT_EXAMPLES_COLLECTOR_PAGES_VIEWS_CHART

#include <map>
#include <string_view>

#include <tlsrpt/summary.hpp>

#include "../html.hpp"

namespace collector {

/// Days that charts show.
inline constexpr std::int32_t days_shown = 90;

/// Sessions of one kind of policy on one day.
struct day_figures {
  std::uint64_t ok = 0, failed = 0;
  bool is_bound = false;  ///< There may be more.
};
using day_map = std::map<tlsrpt::day, day_figures>;

/// Adds a chart of the days of one kind of policy, as kind_name() calls it, up to yesterday, and a
/// table of them. There is a day at least.
void add_chart(html_page& page, std::string_view kind, const day_map& days, tlsrpt::day today);

/// In HTML: which of the last 28 days have a report, as reporter_line::days says.
std::string strip(std::uint32_t days, tlsrpt::day today);

}  // namespace collector

#endif
