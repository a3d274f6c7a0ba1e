/// @file
/// What findings are called, and what they say.

#ifndef TLSRPT_HPP_DETAIL_ADVICE_SENTENCES
#define TLSRPT_HPP_DETAIL_ADVICE_SENTENCES

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <string_view>

#include <tlsrpt/detail/core/buffer.hpp>
#include <tlsrpt/detail/text/ascii.hpp>
#include <tlsrpt/ledger_row.hpp>
#include <tlsrpt/reason.hpp>

namespace tlsrpt::detail {

/// A text that grows, and remembers when there was no memory for it.
class growing_text {
 public:
  void append(std::string_view text) noexcept {
    if (!octets_.make_room(text.size())) has_memory_ = false;
    if (has_memory_)
      for (char c : text) octets_.push(c);
  }
  void add(std::initializer_list<std::string_view> parts) noexcept {
    for (std::string_view part : parts) append(part);
  }

  void clear() noexcept { octets_.clear(); }
  bool empty() const noexcept { return octets_.size() == 0; }
  std::string_view view() const noexcept { return {octets_.data(), octets_.size()}; }
  bool has_memory() const noexcept { return has_memory_; }

 private:
  arena<char> octets_;
  bool has_memory_ = true;
};

/// Adds a sentence of reasons.hpp with the names of a host and of a domain. A host that is more
/// than one word begins a sentence in upper case.
inline void add_sentence(growing_text& text, std::string_view sentence, std::string_view host,
                         std::string_view domain) noexcept {
  bool is_first = true;
  while (!sentence.empty()) {
    const std::size_t open = std::min(sentence.find('<'), sentence.size());
    text.append(sentence.substr(0, open));
    is_first = is_first && open == 0;
    sentence.remove_prefix(open);
    const std::size_t close = sentence.find('>');
    if (close == std::string_view::npos) break;
    std::string_view name = sentence.substr(0, close + 1) == "<host>" ? host : domain;
    if (is_first && host.find(' ') != std::string_view::npos && name.front() >= 'a') {
      const char upper = static_cast<char>(name.front() - 'a' + 'A');
      text.append({&upper, 1});
      name.remove_prefix(1);
    }
    text.append(name);
    is_first = false;
    sentence.remove_prefix(close + 1);
  }
  text.append(sentence);
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

/// What is to be mended first where one host has several reasons (RC-33): the certificate and its
/// chain, its name, TLSA records, the rest.
constexpr int rank_of(reason_id reason) noexcept {
  if (reason == reason_id::x509_host_mismatch || reason == reason_id::x509_ip_mismatch) return 1;
  if (reason >= reason_id::x509_expired && reason <= reason_id::x509_ocsp) return 0;
  const bool is_dane = reason == reason_id::x509_dane_no_match ||
                       reason == reason_id::tlsa_unusable || reason == reason_id::tlsa_missing;
  return is_dane ? 2 : 3;
}

/// Adds a name of a ledger, or what stands for none. What is no name of the DNS is in quotation
/// marks: it is what a sender wrote.
inline void add_name(growing_text& text, std::string_view name, std::string_view none) noexcept {
  constexpr std::string_view organization = "org:";
  const std::size_t mark = name.starts_with(organization) ? organization.size()
                           : name.starts_with('!')        ? 1
                                                          : 0;
  if (name == absent_domain) return text.append(none);
  if (name == any_name) return text.append("all others");
  if (mark == 0) return text.append(name);
  text.append("\"");
  for (char c : name.substr(mark)) {
    if (c == '"') c = '\'';  // it would end the quotation
    text.append({&c, 1});
  }
  text.append("\"");
}

/// Adds the parts with dots between them, as printable ASCII without spaces and "#".
inline void add_key(growing_text& key, std::initializer_list<std::string_view> parts) noexcept {
  for (std::string_view part : parts) {
    if (!key.empty()) key.append(".");
    for (char c : part) {
      const char safe = c > ' ' && c < '\x7f' && c != '#' ? lower_case(c) : '_';
      key.append({&safe, 1});
    }
  }
}

}  // namespace tlsrpt::detail

#endif
