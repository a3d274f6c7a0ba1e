/// @file
/// The text of a journal: tallies one after the other, of which a crash may have cut some.

#ifndef TLSRPT_EXAMPLES_REPORTER_JOURNAL
#define TLSRPT_EXAMPLES_REPORTER_JOURNAL

#include <algorithm>
#include <string_view>

#include <tlsrpt/tally.hpp>

namespace reporter {

/// Limits of all tallies of a day together. The program that counts adds up a journal with the ones
/// that the sender has, so that neither loses what the other would keep.
inline constexpr tlsrpt::tally_limits limits_of_day{.policies_per_domain = 4096};

/// Takes the next tally off the beginning of `journal`, which is not empty. Empty for one that was
/// cut.
inline std::string_view take_tally(std::string_view& journal) {
  constexpr std::string_view begin = "\n{\"_tally\"";
  const std::size_t end = std::min(journal.find(begin), journal.size() - 1) + 1;
  const std::string_view one = tlsrpt::first_tally(journal.substr(0, end));
  journal.remove_prefix(end);
  return one;
}

}  // namespace reporter

#endif
