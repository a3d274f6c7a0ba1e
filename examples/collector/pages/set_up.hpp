/// @file
/// What a domain publishes about reports, what is wrong with it, and what it should publish.

#ifndef TLSRPT_EXAMPLES_COLLECTOR_PAGES_SET_UP
#define TLSRPT_EXAMPLES_COLLECTOR_PAGES_SET_UP

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "html.hpp"

namespace collector {

/// The TXT records of domains, as they were pasted or looked up.
class set_up {
 public:
  using domain_names = std::set<std::string, std::less<>>;

  /// Reads what is published from a text: lines of a zone file, or what dig and others print.
  void read(std::string_view text);

  /// Looks the records of domains up that were in no text: 200 at most, for a minute at most, so
  /// that pages are made even when nobody answers. `resolver` is "ADDRESS" or "ADDRESS:PORT"; those
  /// of the system when empty. Throws std::runtime_error.
  void look_up(const domain_names& domains, const std::string& resolver);

  /// Adds what is known of a domain to its page.
  void add(html_page& page, std::string_view domain) const;

 private:
  struct published {
    std::vector<std::string> records{};
    bool is_failure = false;  ///< There was no answer.
  };

  std::map<std::string, published, std::less<>> published_{};
};

}  // namespace collector

#endif
