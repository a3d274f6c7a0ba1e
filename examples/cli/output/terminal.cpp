#include "terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <system_error>

namespace cli {

namespace {

bool is_counter_shown = false;

void hide_counter() {
  if (is_counter_shown) std::fprintf(stderr, "\r%*s\r", 50, "");
  is_counter_shown = false;
}

bool begins_character(char octet) { return (octet & 0xc0) != 0x80; }

[[noreturn]] void fail_out(int error) {
  if (error == EPIPE) {
    std::signal(SIGPIPE, SIG_DFL);
    std::raise(SIGPIPE);
    std::_Exit(128 + SIGPIPE);  // it is blocked
  }
  throw std::system_error(error, std::generic_category(), "standard output");
}

}  // namespace

std::string printable(std::string_view text, std::size_t max_characters) {
  std::string shown;
  tlsrpt::escape::terminal(shown, text, max_characters);
  return shown;
}

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

bool wants_colour() {
  const char* const no_colour = std::getenv("NO_COLOR");
  const char* const terminal = std::getenv("TERM");
  return isatty(STDOUT_FILENO) != 0 && (no_colour == nullptr || *no_colour == '\0') &&
         (terminal == nullptr || std::string_view(terminal) != "dumb");
}

std::size_t terminal_width() {
  constexpr std::size_t usual = output_style{}.width;
  winsize size{};
  const bool is_known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col != 0;
  return is_known ? size.ws_col : usual;
}

void page::styled(std::string_view text, style how) {
  constexpr std::string_view codes[] = {"", "1", "32", "31", "33", "2"};
  const std::string_view code = codes[static_cast<std::size_t>(how)];
  if (!colour_ || code.empty() || text.empty()) {
    text_ += text;
    return;
  }
  ((((text_ += "\x1b[") += code) += 'm') += text) += "\x1b[0m";
}

void page::line(std::string_view text, style how) {
  styled(text, how);
  text_ += '\n';
}

void page::fill(std::string_view label, std::size_t indent, std::string_view text, style how) {
  text_ += label;
  if (const std::size_t column = columns(label); column < indent)
    text_.append(indent - column, ' ');
  constexpr std::size_t least_room = 20;
  const std::size_t room = width_ > indent + least_room ? width_ - indent : least_room;
  std::string part;
  std::size_t used = 0;
  bool first = true;
  const auto flush = [&] {
    if (!first) text_.append(indent, ' ');
    first = false;
    styled(part, how);
    text_ += '\n';
    part.clear();
    used = 0;
  };
  while (!text.empty()) {
    const std::size_t blank = text.find(' ');
    std::string_view word = text.substr(0, blank);
    text.remove_prefix(blank == std::string_view::npos ? text.size() : blank + 1);
    std::size_t width = columns(word);
    if (used != 0 && used + 1 + width > room) flush();
    if (used != 0) {
      part += ' ';
      ++used;
    }
    for (; width > room; width = columns(word)) {
      std::size_t end = 0;
      for (std::size_t i = 0; i < room; ++i) do
          ++end;
        while (!begins_character(word[end]));
      part = word.substr(0, end);
      word.remove_prefix(end);
      flush();
    }
    part += word;
    used += width;
  }
  if (!part.empty() || first) flush();
}

void write_out(std::string_view text) {
  hide_counter();
  static const bool is_seen_at_once = [] {
    static char buffer[std::size_t{1} << 16];
    std::setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    return isatty(STDOUT_FILENO) != 0;
  }();
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) fail_out(errno);
  if (is_seen_at_once) flush_out();
}

void flush_out() {
  if (std::fflush(stdout) != 0) fail_out(errno);
}

void write_err(std::string_view text) {
  flush_out();
  std::fwrite(text.data(), 1, text.size(), stderr);
}

void finish_out() {
  flush_out();
  const int copy = dup(STDOUT_FILENO);  // the stream itself is still to be flushed by others
  if (copy >= 0 && close(copy) != 0)
    throw std::system_error(errno, std::generic_category(), "standard output");
}

progress::progress(std::size_t total)
    : total_(total),
      wanted_(total >= 100 && isatty(STDERR_FILENO) != 0 && isatty(STDOUT_FILENO) != 0) {}

progress::~progress() { hide_counter(); }

void progress::step() {
  ++done_;
  if (!wanted_ || done_ % 50 != 0) return;
  std::fprintf(stderr, "\r%zu of %zu", done_, total_);
  is_counter_shown = true;
}

}  // namespace cli
