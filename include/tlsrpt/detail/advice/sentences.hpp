/// @file
/// What findings are called, and what they say.

#ifndef TLSRPT_HPP_DETAIL_ADVICE_SENTENCES
#define TLSRPT_HPP_DETAIL_ADVICE_SENTENCES

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

#include <tlsrpt/detail/text/ascii.hpp>
#include <tlsrpt/reason.hpp>

namespace tlsrpt::detail {

/// A sentence of reasons.hpp with the names of a host and of a domain.
inline std::string with_names(std::string_view sentence, std::string_view host,
                              std::string_view domain) {
  std::string text;
  while (!sentence.empty()) {
    const std::size_t open = std::min(sentence.find('<'), sentence.size());
    text += sentence.substr(0, open);
    sentence.remove_prefix(open);
    const std::size_t close = sentence.find('>');
    if (close == std::string_view::npos) break;
    const bool is_first = text.empty();
    text += sentence.substr(0, close + 1) == "<host>" ? host : domain;
    if (is_first && host.find(' ') != std::string_view::npos && text.front() >= 'a')
      text.front() = static_cast<char>(text.front() - 'a' + 'A');
    sentence.remove_prefix(close + 1);
  }
  return text += sentence;
}

/// The short word for whose part a reason is.
constexpr std::string_view code_of(party party) noexcept {
  switch (party) {
    case party::certificate:
      return "cert";
    case party::mail_host:
      return "tls";
    case party::dns:
      return "dns";
    case party::policy_host:
      return "web";
    case party::policy_text:
      return "policy";
    case party::sender:
      return "sender";
    case party::network:
      return "path";
    default:
      return "info";
  }
}

/// The parts with dots between them, as printable ASCII without spaces and "#".
inline std::string key_of(std::initializer_list<std::string_view> parts) {
  std::string key;
  for (std::string_view part : parts) {
    if (!key.empty()) key += '.';
    for (char c : part) key += c > ' ' && c < '\x7f' && c != '#' ? lower_case(c) : '_';
  }
  return key;
}

}  // namespace tlsrpt::detail

#endif
