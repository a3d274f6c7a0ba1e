/// @file
/// Standard output and standard error: colour, line filling, progress, early closing.

#ifndef TLSRPT_EXAMPLES_CLI_OUTPUT_TERMINAL
#define TLSRPT_EXAMPLES_CLI_OUTPUT_TERMINAL

#include <cstddef>
#include <string>
#include <string_view>

#include <tlsrpt/escape.hpp>

#include "report_text.hpp"

namespace cli {

/// What is written: text about reports, or data for programs, or the reports themselves.
enum class output_format : unsigned char { text, json, csv, openmetrics, reports };

/// What is written; the rest is about text.
struct output_style {
  output_format format = output_format::text;
  bool colour = false;
  bool is_verbose = false;
  std::size_t width = 80;  ///< Columns of a line.
  report_form form{};      ///< Of reports themselves.
};

enum class style : unsigned char { plain, heading, good, bad, caution, quiet };

/// Whether standard output is a terminal that wants colour: NO_COLOR is unset or empty, and TERM is
/// not "dumb".
bool wants_colour();

/// The columns of the terminal that standard output is; 80 when it is none or does not say.
std::size_t terminal_width();

/// `text` as tlsrpt::escape::terminal() writes it.
std::string printable(std::string_view text,
                      std::size_t max_characters = tlsrpt::escape::shown_characters);

/// Columns that a printable() text takes, when no character is wide.
std::size_t columns(std::string_view text);

/// Collects lines of text.
class page {
 public:
  explicit page(const output_style& output) : colour_(output.colour), width_(output.width) {}

  /// Columns of a line.
  std::size_t width() const { return width_; }

  /// One line as it is; `text` is printable().
  void line(std::string_view text = {}, style how = style::plain);

  /// `text` filled to width(): the first line begins with `label`, the others are indented by
  /// `indent` columns. Words that are too long for a line are broken.
  void fill(std::string_view label, std::size_t indent, std::string_view text,
            style how = style::plain);

  const std::string& text() const { return text_; }

 private:
  void styled(std::string_view text, style how);

  std::string text_;
  bool colour_;
  std::size_t width_;
};

/// Writes to standard output, to a terminal at once. When the reader has gone the program ends as
/// by SIGPIPE, also where that signal is ignored; any other failure is thrown as std::system_error.
void write_out(std::string_view text);

/// Hands on what was written so far: before the program waits for input, say. Fails as write_out().
void flush_out();

/// Writes to standard error, after all that was written out before.
void write_err(std::string_view text);

/// Flushes, and makes file systems that know only when a file is closed report whether all was
/// written; if not, that is thrown as std::system_error.
void finish_out();

/// A counter on standard error for long work; silent unless both standard error and standard output
/// are a terminal. What is written out takes its place.
class progress {
 public:
  explicit progress(std::size_t total);
  ~progress();
  progress(const progress&) = delete;
  progress& operator=(const progress&) = delete;

  void step();

 private:
  std::size_t total_, done_ = 0;
  bool wanted_;
};

}  // namespace cli

#endif
