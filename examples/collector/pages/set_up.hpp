/// @file
/// What a domain publishes about reports, what is wrong with it, and what it should publish.

#ifndef TLSRPT_EXAMPLES_COLLECTOR_PAGES_SET_UP
#define TLSRPT_EXAMPLES_COLLECTOR_PAGES_SET_UP

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/policy_advice.hpp>

#include "html.hpp"
#include "policy_fetch.hpp"
#include "views/part.hpp"

namespace collector {

/// What domains publish about reports and policies, as it was pasted or looked up.
class set_up {
 public:
  using domain_names = std::set<std::string, std::less<>>;

  /// Reads what is published from a text: lines of a zone file, or what dig and others print.
  void read(std::string_view text);

  /// Reads MTA-STS policies of domains from a folder that has them as DOMAIN.txt.
  void read_policies(const std::filesystem::path& folder);

  /// Looks up the records of domains that were in no text, and the TXT records of their MTA-STS
  /// policies, their mail hosts and TLSA records, and whether DNSSEC protects these, and fetches
  /// policies that no folder has, where this is built with libcurl: 200 names at most, for a minute
  /// at most, so that pages are made even when nobody answers. `resolver` is "ADDRESS" or
  /// "ADDRESS:PORT"; those of the system when empty. Throws std::runtime_error.
  void look_up(const domain_names& domains, const std::string& resolver, const fetch_rules& rules);

  /// Adds what is known of a domain to its page, and how it differs from what senders saw.
  void add(html_page& page, std::string_view domain, std::span<const seen_policy> seen) const;

  /// Whether a finding about a domain looks mended.
  bool looks_mended(const tlsrpt::finding& found, tlsrpt::day today, std::string_view domain,
                    std::span<const seen_policy> seen) const;

 private:
  struct published {
    std::vector<std::string> records{};
    bool is_failure = false;  ///< There was no answer.
  };

  struct mail_host {
    std::string name{};
    std::optional<std::vector<std::string>> tlsa{};  ///< Nothing without an answer.
    std::optional<bool> is_secure{};                 ///< Nothing without a resolver that validates.
  };
  struct policies {
    std::optional<std::vector<std::string>> records{};  ///< Nothing without an answer, as below.
    std::optional<std::vector<mail_host>> hosts{};
    fetched_policy fetched{};
  };

  /// Calls f(published, reported) with what the library compares.
  template <class F>
  void with_policies(std::string_view domain, std::span<const seen_policy> seen, const F& f) const;
  void add_record(html_page& page, std::string_view domain) const;
  void add_policies(html_page& page, std::string_view domain,
                    std::span<const seen_policy> seen) const;

  std::map<std::string, published, std::less<>> published_{};
  std::map<std::string, policies, std::less<>> policies_{};
  std::map<std::string, std::string, std::less<>> policy_texts_{};
};

}  // namespace collector

#endif
