/// @file
/// Pages of HTML 5, without scripts and with one stylesheet.

#ifndef TLSRPT_EXAMPLES_COLLECTOR_PAGES_HTML
#define TLSRPT_EXAMPLES_COLLECTOR_PAGES_HTML

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

namespace collector {

/// Text for any place of a page but URLs, escaped; at most 200 characters.
std::string escaped(std::string_view text);

/// One page. What is given as text is escaped, what is given as html is not.
class html_page {
 public:
  /// The folder of the first page is `root`: "" or "../".
  html_page(std::string_view title, std::string_view root, std::string_view foot);

  html_page& add(std::string_view html) {
    body_ += html;
    return *this;
  }
  html_page& element(std::string_view name, std::string_view text);
  html_page& code(std::string_view text);

  /// A table; the first `text_columns` columns are texts, the others numbers.
  void begin_table(std::string_view caption, std::initializer_list<std::string_view> columns,
                   std::size_t text_columns);
  /// A row of cells in HTML, the first of which is its heading.
  void row(std::initializer_list<std::string> cells);
  void end_table() { body_ += "</tbody></table></div>\n"; }

  /// The whole page.
  std::string text() const;

 private:
  std::string title_, root_, foot_, body_;
  std::size_t text_columns_ = 0;
};

}  // namespace collector

#endif
