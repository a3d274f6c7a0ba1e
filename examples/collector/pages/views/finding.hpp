/// @file
/// A finding as a block of a page.

#ifndef TLSRPT_EXAMPLES_COLLECTOR_PAGES_VIEWS_FINDING
#define TLSRPT_EXAMPLES_COLLECTOR_PAGES_VIEWS_FINDING

#include <functional>
#include <string_view>

#include "../html.hpp"
#include "kept.hpp"

namespace collector {

/// Which names have a page of their own.
struct page_names {
  std::function<bool(std::string_view)> has_domain{}, has_reporter{};
};

/// In HTML: a domain or reporter, as a link where it has a page.
std::string domain_link(const html_page& page, std::string_view domain, const page_names& names);
/// In HTML: a mail host that has a page.
std::string host_link(const html_page& page, std::string_view host);
std::string reporter_link(const html_page& page, std::string_view reporter,
                          const page_names& names);

/// Adds a finding under a heading of the third level.
void add_finding(html_page& page, const kept_finding& one, const page_names& names);

}  // namespace collector

#endif
