/// @file
/// Pages of HTML 5, without scripts and with one stylesheet.

#ifndef TLSRPT_EXAMPLES_COLLECTOR_PAGES_HTML
#define TLSRPT_EXAMPLES_COLLECTOR_PAGES_HTML

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace collector {

/// Text for any place of a page but URLs, escaped; at most 200 characters.
std::string escaped(std::string_view text);
/// The same, of any length.
std::string escaped_whole(std::string_view text);

/// The policy of contents that all pages have, as browsers read it.
const std::string& content_policy();

/// One page. What is given as text is escaped, what is given as html is not.
class html_page {
 public:
  /// `name` is the file, below the folder of the site; `foot` is html.
  html_page(std::string_view name, std::string_view title, std::string_view foot);

  html_page& add(std::string_view html) {
    body_ += html;
    return *this;
  }
  html_page& element(std::string_view name, std::string_view text);
  /// A text that is longer than others.
  html_page& paragraph(std::string_view text);
  html_page& code(std::string_view text);

  /// A table; the first `text_columns` columns are texts, the others numbers.
  void begin_table(std::string_view caption, std::initializer_list<std::string_view> columns,
                   std::size_t text_columns);
  /// A row of cells in HTML, the first of which is its heading.
  void row(std::initializer_list<std::string> cells);
  void end_table() { body_ += "</tbody></table></div>\n"; }

  /// A link to a file of the site, in HTML.
  std::string link(std::string_view file, std::string_view text) const;
  const std::string& name() const { return name_; }

  /// The whole page.
  std::string text() const;

 private:
  std::string name_, title_, root_, foot_, body_;
  std::vector<std::string> columns_{};
  std::size_t text_columns_ = 0;
};

}  // namespace collector

#endif
