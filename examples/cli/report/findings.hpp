/// @file
/// What is remarked upon besides a result.

#ifndef TLSRPT_EXAMPLES_CLI_REPORT_FINDINGS
#define TLSRPT_EXAMPLES_CLI_REPORT_FINDINGS

#include <cstddef>
#include <string_view>
#include <vector>

#include <tlsrpt/diagnostic.hpp>

namespace cli {

/// A diagnostic, and the name of the text that it is about: "json", "subject", "tls-report-domain".
struct finding {
  tlsrpt::diagnostic what;
  std::string_view in;
};

/// A sink that keeps diagnostics, so many that no honest input has more.
class findings {
 public:
  void operator()(const tlsrpt::diagnostic& found) { add(found, name(found.where.in)); }

  void add(const tlsrpt::diagnostic& found, std::string_view in) {
    if (kept_.size() < max_kept)
      kept_.push_back({found, in});
    else
      ++left_out_;
  }
  void add(const findings& others) {
    for (const finding& other : others.kept_) add(other.what, other.in);
  }
  /// Adds those for which `is_wanted` is true, and how many were left out.
  template <class Predicate>
  void add(const findings& others, Predicate is_wanted) {
    for (const finding& other : others.kept_)
      if (is_wanted(other)) add(other.what, other.in);
    left_out_ += others.left_out_;
  }

  const std::vector<finding>& kept() const { return kept_; }
  std::size_t left_out() const { return left_out_; }
  void clear() {
    kept_.clear();
    left_out_ = 0;
  }

 private:
  static constexpr std::size_t max_kept = 10'000;

  std::vector<finding> kept_;
  std::size_t left_out_ = 0;
};

}  // namespace cli

#endif
