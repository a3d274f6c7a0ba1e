/// @file
/// The pages of some domains, from a ledger with all reports about them.

#ifndef TLSRPT_EXAMPLES_COLLECTOR_PAGES_VIEWS_PART
#define TLSRPT_EXAMPLES_COLLECTOR_PAGES_VIEWS_PART

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include <tlsrpt/advice.hpp>
#include <tlsrpt/ledger.hpp>

#include "finding.hpp"
#include "kept.hpp"

namespace collector {

/// Takes a file of the site: its name below the folder, and its text.
using page_sink = std::function<void(const std::string& name, std::string_view text)>;

/// A policy that senders applied of late, the newest of its kind.
struct seen_policy {
  tlsrpt::policy_type kind = tlsrpt::policy_type::unknown;
  std::string_view text{};  ///< As ledger::policy_text().
};

/// Adds what is published for a domain, what is wrong with it, and how it differs from what senders
/// saw.
using set_up_writer = std::function<void(html_page& page, std::string_view domain,
                                         std::span<const seen_policy> seen)>;

/// Whether a finding about a domain looks mended by what is published.
using mending_question =
    std::function<bool(const tlsrpt::finding& found, tlsrpt::day today, std::string_view domain,
                       std::span<const seen_policy> seen)>;

/// What all parts have in common.
struct part_options {
  std::int64_t now = 0;
  std::span<const tlsrpt::known_finding> known{};
  tlsrpt::scope scope = tlsrpt::scope::all;
  page_names names{};
  std::size_t reports_of_domain = 0;  ///< The newest reports of each domain get a page.
  std::string foot{};                 ///< The last lines of all pages, in HTML.
  set_up_writer add_set_up{};
  mending_question looks_mended{};
};

/// Writes the pages of `names`, which are sorted. What is kept has its texts in `texts`.
/// Throws std::runtime_error when memory is short.
part_figures write_part(const tlsrpt::ledger& ledger, std::span<const std::string_view> names,
                        const part_options& options, text_store& texts, const page_sink& sink);

}  // namespace collector

#endif
