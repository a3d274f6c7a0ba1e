/// @file
/// What the commands have to say besides their result: diagnostics, and why there is no result.

#ifndef TLSRPT_EXAMPLES_CLI_FINDINGS
#define TLSRPT_EXAMPLES_CLI_FINDINGS

#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/error.hpp>

namespace cli {

enum class output_format : unsigned char { text, json };

/// What is written, and whether text has colour.
struct output_style {
  output_format format = output_format::text;
  bool colour = false;
};

/// A sink that keeps diagnostics, so many that no honest input has more.
class findings {
 public:
  void operator()(const tlsrpt::diagnostic& found) {
    if (kept_.size() < most)
      kept_.push_back(found);
    else
      ++left_out_;
  }

  const std::vector<tlsrpt::diagnostic>& kept() const { return kept_; }
  std::size_t left_out() const { return left_out_; }
  void clear() {
    kept_.clear();
    left_out_ = 0;
  }

 private:
  static constexpr std::size_t most = 10'000;

  std::vector<tlsrpt::diagnostic> kept_;
  std::size_t left_out_ = 0;
};

/// Why an input is of no use.
struct failure {
  std::string_view code;
  tlsrpt::grade how_grave = tlsrpt::grade::fatal;
  tlsrpt::location where{};
  std::string message;
  tlsrpt::errc hint = tlsrpt::errc::ok;
};

inline failure to_failure(const tlsrpt::diagnostic& error) {
  return {name(error.code), grade_of(error.code), error.where, std::string(message(error.code)),
          error.hint};
}

/// The one failure that the library does not know.
inline failure cannot_read(std::error_code error) {
  return {.code = "cannot-read", .message = "The input cannot be read: " + error.message() + "."};
}

}  // namespace cli

#endif
