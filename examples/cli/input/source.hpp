/// @file
/// What octets are read from, piece by piece.

#ifndef TLSRPT_EXAMPLES_CLI_INPUT_SOURCE
#define TLSRPT_EXAMPLES_CLI_INPUT_SOURCE

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include <tlsrpt/diagnostic.hpp>

#include "../report/unreadable.hpp"

namespace cli {

/// Why no more can be read; std::monostate when nothing went wrong.
using source_error = std::variant<std::monostate, tlsrpt::diagnostic, unreadable>;

class source {
 public:
  source() = default;
  source(const source&) = delete;
  source& operator=(const source&) = delete;
  virtual ~source() = default;

  /// Appends to `content` until it has `size` octets, or there are no more.
  virtual void fill(std::string& content, std::size_t size) = 0;
  /// Whether there are no more, for whatever reason.
  virtual bool ended() const = 0;
  virtual source_error error() const { return {}; }
};

/// Octets that are in memory.
class memory_source final : public source {
 public:
  explicit memory_source(std::string_view octets) : rest_(octets) {}

  void fill(std::string& content, std::size_t size) override {
    if (content.size() >= size) return;
    const std::string_view taken = rest_.substr(0, size - content.size());
    content += taken;
    rest_.remove_prefix(taken.size());
  }
  bool ended() const override { return rest_.empty(); }

 private:
  std::string_view rest_;
};

/// Octets that were taken from a source already, and then what it still has.
class resumed_source final : public source {
 public:
  resumed_source(std::string_view taken, source& rest) : taken_(taken), rest_(rest) {}

  void fill(std::string& content, std::size_t size) override {
    taken_.fill(content, size);
    rest_.fill(content, size);
  }
  bool ended() const override { return taken_.ended() && rest_.ended(); }
  source_error error() const override { return rest_.error(); }

 private:
  memory_source taken_;
  source& rest_;
};

}  // namespace cli

#endif
