/// @file
/// The values of Authentication-Results (RFC 8601, section 2.2) and of DKIM-Signature (RFC 6376,
/// section 3.5) fields, as far as signatures are concerned.

#ifndef TLSRPT_HPP_DETAIL_MAIL_AUTHENTICATION
#define TLSRPT_HPP_DETAIL_MAIL_AUTHENTICATION

#include <cstddef>
#include <string_view>

#include <tlsrpt/detail/mail/comment.hpp>
#include <tlsrpt/detail/mail/message/parameters.hpp>
#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/fold.hpp>
#include <tlsrpt/detail/text/split.hpp>
#include <tlsrpt/detail/text/trim.hpp>

namespace tlsrpt::detail {

/// One result: a method, what came of it, and the properties of it that tell signatures apart.
struct authentication_result {
  std::string_view method{}, value{};
  std::string_view domain{};     ///< header.d, else the domain of header.i.
  std::string_view selector{};   ///< header.s
  std::string_view signature{};  ///< header.b, the beginning.
};

/// Reads the value of an Authentication-Results field. What keeps no grammar is skipped, and takes
/// the result with it that it is part of.
class authentication_reader {
 public:
  constexpr authentication_reader() = default;
  explicit constexpr authentication_reader(std::string_view field) noexcept : rest_(field) {
    server_ = take_value();
    // A version may follow, then the results.
    skip_to_semicolon();
  }

  /// Whose results these are.
  constexpr std::string_view server() const noexcept { return server_; }

  /// The next result; false at the end.
  constexpr bool next(authentication_result& result) noexcept {
    while (rest_.starts_with(';')) {
      rest_.remove_prefix(1);
      result = {};
      if (read(result)) return true;
      skip_to_semicolon();
    }
    return false;
  }

 private:
  static constexpr charset word_end_octet = blank_octet | charset("=;(\"");
  static constexpr charset value_end_octet = blank_octet | charset(";(\"");

  /// Reads "method=value property=value .." up to the semicolon.
  constexpr bool read(authentication_result& result) noexcept {
    if (!take_pair(result.method, result.value)) return false;
    result.method = until(result.method, charset("/"));
    std::string_view name, value, user;
    while (skip(), !rest_.empty() && rest_.front() != ';') {
      if (!take_pair(name, value)) return false;
      if (equals_folded(name, "header.d")) result.domain = value;
      if (equals_folded(name, "header.i")) user = value;
      if (equals_folded(name, "header.s")) result.selector = value;
      if (equals_folded(name, "header.b")) result.signature = value;
    }
    // The domain of the user is that of the signer or below it.
    if (result.domain.empty()) result.domain = user.substr(user.rfind('@') + 1);
    return true;
  }

  constexpr bool take_pair(std::string_view& name, std::string_view& value) noexcept {
    skip();
    name = until(rest_, word_end_octet);
    rest_.remove_prefix(name.size());
    skip();
    if (name.empty() || !rest_.starts_with('=')) return false;
    rest_.remove_prefix(1);
    value = take_value();
    return true;
  }

  /// A word, or what is in quotation marks.
  constexpr std::string_view take_value() noexcept {
    skip();
    if (!rest_.starts_with('"')) {
      const std::string_view word = until(rest_, value_end_octet);
      rest_.remove_prefix(word.size());
      return word;
    }
    const std::size_t size = quoted_size();
    const std::string_view word = rest_.substr(1, size < 2 ? 0 : size - 2);
    rest_.remove_prefix(size);
    return word;
  }

  /// Octets of the quoted string in front; all of the rest when it does not end.
  constexpr std::size_t quoted_size() const noexcept {
    for (std::size_t i = 1; i < rest_.size(); ++i) {
      if (rest_[i] == '"') return i + 1;
      if (rest_[i] == '\\') ++i;
    }
    return rest_.size();
  }

  /// Skips whitespace and comments. After a comment that does not end there is nothing: it may be
  /// text of a sender.
  constexpr void skip() noexcept {
    for (;;) {
      rest_ = trim_front(rest_, blank_octet);
      if (!rest_.starts_with('(')) return;
      const std::size_t comment = comment_size(rest_);
      rest_.remove_prefix(comment == 0 ? rest_.size() : comment);
    }
  }

  constexpr void skip_to_semicolon() noexcept {
    while (skip(), !rest_.empty() && rest_.front() != ';')
      rest_.remove_prefix(rest_.front() == '"' ? quoted_size() : 1);
  }

  std::string_view rest_{}, server_{};
};

/// Whether two values are the same, whitespace aside, as far as the shorter one goes.
constexpr bool begin_alike(std::string_view a, std::string_view b) noexcept {
  while (true) {
    a = trim_front(a, blank_octet);
    b = trim_front(b, blank_octet);
    if (a.empty() || b.empty()) return true;
    if (a.front() != b.front()) return false;
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
}

/// The value of a tag of a DKIM-Signature field; null when there is none.
constexpr std::string_view signature_tag(std::string_view field, std::string_view tag) noexcept {
  while (!field.empty()) {
    std::string_view value = take_part(field, ";");
    const std::string_view name = trim(until(value, charset("=")), blank_octet);
    if (name != tag) continue;
    const std::size_t equals = value.find('=');
    if (equals != std::string_view::npos) return trim(value.substr(equals + 1), blank_octet);
  }
  return {};
}

}  // namespace tlsrpt::detail

#endif
