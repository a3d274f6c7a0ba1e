#include "chart.hpp"

#include <algorithm>
#include <bit>

#include "words.hpp"

namespace collector {

namespace {

/// Days after which reports about one still come.
constexpr std::int32_t days_to_come = 3;

std::string_view title_of(std::string_view kind) {
  if (kind == "sts") return "Under MTA-STS";
  if (kind == "tlsa") return "Under DANE";
  if (kind == "none") return "Without a policy";
  return "Under other policies";
}

std::string rect(std::string_view paint, int x, int y, int wide, int tall) {
  return "<rect " + std::string(paint) + " x=\"" + std::to_string(x) + "\" y=\"" +
         std::to_string(y) + "\" width=\"" + std::to_string(wide) + "\" height=\"" +
         std::to_string(tall) + "\"/>";
}

}  // namespace

void add_chart(html_page& page, std::string_view kind_of, const day_map& days, tlsrpt::day today) {
  constexpr int bar = 10, gap = 2, height = 120, top = 4;
  constexpr std::int32_t fewest_days = 28;
  const std::string kind(kind_of), title(title_of(kind));
  const std::int32_t shown_days = std::clamp(today - days.begin()->first, fewest_days, days_shown);
  const tlsrpt::day first = today - shown_days;
  std::uint64_t most = 1, ok = 0, failed = 0;
  std::size_t count = 0;
  bool is_bound = false;
  for (const auto& [day, of] : days) {
    if (day < first || day >= today) continue;
    most = std::max(most, of.ok + of.failed);
    ok += of.ok;
    failed += of.failed;
    is_bound = is_bound || of.is_bound;
    ++count;
  }
  const std::string bound = is_bound ? "at least " : "";
  const std::string sentence = counted(count, "day") + " with data of the last " +
                               std::to_string(shown_days) + ": " + bound + std::to_string(ok) +
                               " sessions with TLS, " + bound + std::to_string(failed) +
                               " failed; at most " + std::to_string(most) + " on a day.";
  page.element("h3", title).element("p", sentence);
  const std::string width = std::to_string(shown_days * bar);
  std::string svg = "<svg role=\"img\" viewBox=\"0 0 " + width + ' ' + std::to_string(height + 2) +
                    "\" aria-labelledby=\"t-" + kind + " d-" + kind + "\"><title id=\"t-" + kind +
                    "\">" + title + "</title><desc id=\"d-" + kind + "\">" + sentence +
                    "</desc><defs><pattern id=\"h-" + kind +
                    "\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\"><rect "
                    "class=\"failed\" width=\"5\" height=\"5\"/><path class=\"hatch\" "
                    "d=\"M0 5L5 0\"/></pattern><pattern id=\"p-" +
                    kind +
                    "\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\"><rect "
                    "class=\"ok\" width=\"5\" height=\"5\"/><path class=\"hatch\" "
                    "d=\"M0 0L5 5\"/></pattern></defs>";
  const auto tall = [most](std::uint64_t sessions) {
    if (sessions == 0) return 0;
    const double part = static_cast<double>(sessions) / static_cast<double>(most);
    return std::max(2, static_cast<int>(part * (height - top)));
  };
  for (const auto& [day, of] : days) {
    if (day < first || day >= today) continue;
    const int x = (day - first) * bar, good = tall(of.ok), bad = tall(of.failed);
    const bool is_provisional = today < day + days_to_come;
    if (good > 0)
      svg += rect(is_provisional ? "fill=\"url(#p-" + kind + ")\"" : "class=\"ok\"", x,
                  height - good, bar - gap, good);
    if (bad > 0)
      svg += rect("fill=\"url(#h-" + kind + ")\"", x, std::max(0, height - good - bad), bar - gap,
                  bad);
  }
  svg += "<path class=\"axis\" d=\"M0 " + std::to_string(height) + 'H' + width + "\"/></svg>\n";
  page.add(svg)
      .add("<p class=\"ends\"><span>" + date(first) + "</span><span>" + date(today - 1) +
           "</span></p>\n<p class=\"key\"><span class=\"ok\"></span> with TLS "
           "<span class=\"late\"></span> with TLS, provisional "
           "<span class=\"failed\"></span> failed</p>\n")
      .add("<details><summary>" + title + " as a table</summary>");
  page.begin_table(title + ", by day", {"Day", "With TLS", "Failed", "Share failed"}, 1);
  for (auto at = days.rbegin(); at != days.rend(); ++at) {
    const auto& [day, of] = *at;
    const std::string at_least = of.is_bound ? "at least " : "";
    page.row({time_element(day) + (today < day + days_to_come ? " (provisional)" : ""),
              at_least + std::to_string(of.ok), at_least + std::to_string(of.failed),
              share(of.failed, of.ok + of.failed)});
  }
  page.end_table();
  page.add("</details>\n");
}

std::string strip(std::uint32_t days, tlsrpt::day today) {
  constexpr int count = 28, bar = 10, gap = 2, height = 20, low = 3;
  const std::string sentence =
      "A report about " + std::to_string(std::popcount(days)) + " of the last 28 days";
  std::string svg = "<svg class=\"strip\" role=\"img\" viewBox=\"0 0 " +
                    std::to_string(count * bar) + ' ' + std::to_string(height) +
                    "\" aria-label=\"" + sentence + "\">";
  for (int i = 0; i < count; ++i) {
    const bool has = (days >> (count - 1 - i) & 1) != 0;
    svg += rect(has ? "class=\"ok\"" : "class=\"none\"", i * bar, has ? 0 : height - low, bar - gap,
                has ? height : low);
  }
  return svg + "</svg>\n<p class=\"ends\"><span>" + date(today - count) + "</span><span>" +
         date(today - 1) + "</span></p>\n<p>" + sentence + ".</p>\n";
}

}  // namespace collector
