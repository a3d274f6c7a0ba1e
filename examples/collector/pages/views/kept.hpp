/// @file
/// What is kept of a part of all reports when its ledger is gone, for the pages about all of them.

#ifndef TLSRPT_EXAMPLES_COLLECTOR_PAGES_VIEWS_KEPT
#define TLSRPT_EXAMPLES_COLLECTOR_PAGES_VIEWS_KEPT

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/finding.hpp>
#include <tlsrpt/summary.hpp>

namespace collector {

/// Texts, each of them once. What is in it stays where it is.
class text_store {
 public:
  std::string_view keep(std::string_view text) {
    const auto found = texts_.find(text);
    return found != texts_.end() ? *found : *texts_.emplace(text).first;
  }

 private:
  std::set<std::string, std::less<>> texts_{};
};

/// A finding with texts of its own.
struct kept_finding {
  explicit kept_finding(const tlsrpt::finding& from);

  /// Takes in what another part says of the same thing.
  void join(const kept_finding& more);

  bool is_over() const { return change == tlsrpt::change::gone && code != "stopped"; }
  bool is_to_do() const { return severity <= 3 && !is_over(); }

  std::string code{}, key{}, host{}, text{}, do_first{};
  int severity = 5;
  tlsrpt::impact impact{};
  std::vector<std::string> domains{}, reporters{}, others{};
  tlsrpt::day since{}, last{};
  tlsrpt::change change{};
  bool is_spike = false, is_verified = true;
  std::uint64_t noted = 0, failed_at_least = 0;
  std::vector<tlsrpt::digest> evidence{};
};

/// Sorts findings as advice does: what is worst comes first.
void sort_findings(std::vector<kept_finding>& findings);

/// A domain in all its reports.
struct domain_line {
  std::string_view name{};
  tlsrpt::session_figures in{};
  tlsrpt::day last{};
  bool has_data = false;  ///< Of the last days.
};

/// How a reporter reports about a domain.
enum class rhythm : std::uint8_t { silent, expected, regular, now_and_then };

/// A reporter and a domain.
struct reporter_line {
  std::string_view reporter{}, domain{};
  tlsrpt::day last{};
  collector::rhythm rhythm = rhythm::now_and_then;
  bool is_verified = false;  ///< Somebody vouches for it.
  std::uint32_t days = 0;    ///< A bit for each of the last 28 complete days with a report.
  tlsrpt::session_bounds ok{}, failed{};
};

/// Failures at a mail host.
struct host_line {
  std::string_view host{}, domain{}, result{}, reason{}, node{};
  tlsrpt::day first{}, last{};
  tlsrpt::session_sum noted{};
};

/// Sessions of the last complete day.
struct day_line {
  std::string_view domain{}, kind{};
  tlsrpt::trust trust{};
  tlsrpt::session_sum ok{}, failed{};
};

/// Failures that are mentioned on the last complete day.
struct mention_line {
  std::string_view domain{}, result{};
  tlsrpt::session_sum noted{};
};

/// A sender that is silent.
struct silent_line {
  std::string_view reporter{}, domain{};
  tlsrpt::day last{};
  std::int32_t days = 0;
};

/// All of a part.
struct part_figures {
  std::vector<kept_finding> findings{};
  std::vector<domain_line> domains{};
  std::vector<reporter_line> reporters{};
  std::vector<host_line> hosts{};
  std::vector<day_line> days{};
  std::vector<mention_line> mentions{};
  std::vector<silent_line> silent{};
  std::vector<tlsrpt::digest> reports{};  ///< Those that get a page.
  std::size_t left_out = 0;               ///< Findings that were too many.
};

}  // namespace collector

#endif
