/// @file
/// Names in the normal forms of a ledger.

#ifndef TLSRPT_HPP_DETAIL_LEDGER_NAMES
#define TLSRPT_HPP_DETAIL_LEDGER_NAMES

#include <algorithm>
#include <cstddef>
#include <string_view>

#include <tlsrpt/detail/ledger/blocks.hpp>
#include <tlsrpt/detail/ledger/policy_normal.hpp>
#include <tlsrpt/detail/ledger/reason.hpp>
#include <tlsrpt/detail/ledger/steps.hpp>
#include <tlsrpt/detail/text/ascii.hpp>
#include <tlsrpt/detail/text/utf8.hpp>
#include <tlsrpt/hostname.hpp>
#include <tlsrpt/ip_address.hpp>
#include <tlsrpt/model.hpp>

namespace tlsrpt::detail {

inline constexpr std::string_view absent_name = "-";

/// Whether a text is what canonical_host() makes of it, unless it is absent or no host name.
constexpr bool is_canonical_host_name(std::string_view text) noexcept {
  return form_of_host(text) == host_form::canonical;
}

/// Makes names for one entry. A null view means that there is no memory.
class name_maker {
 public:
  /// Whether a text was shortened since the last clear(); the names made before end with it.
  void clear() noexcept {
    texts_.clear();
    cut_ = 0;
  }
  std::uint64_t cut() const noexcept { return cut_; }

  std::string_view host(std::string_view text, std::string_view absent = absent_name) noexcept {
    if (text.empty()) return absent;
    if (is_canonical_host_name(text)) return text;
    const host_text canonical = canonical_host(text);
    return clean(canonical);
  }

  /// The same of a host name; empty for another text.
  std::string_view host_name(std::string_view text) noexcept {
    const host_form form = form_of_host(text);
    if (form == host_form::other) return "";
    if (form == host_form::canonical) return text;
    const host_text canonical = canonical_host(text);
    return texts_.copy(canonical);
  }

  /// The receiving address, else what the machine called itself.
  std::string_view node(const failure_details_view& failure) noexcept {
    const std::string_view written = failure.receiving_ip.text;
    if (is_ipv4(written)) return written;
    if (const auto address = failure.receiving_ip.address()) {
      const ip_text text = to_text(*address);
      return text == written ? written : texts_.copy(text);
    }
    return host(helo_name(failure.receiving_mx_helo));
  }

  token<result_type> result(const token<result_type>& token) noexcept {
    if (token.known()) return {token.value, name(token.value)};
    if (token.text.empty()) return {result_type::unknown, absent_name};
    constexpr std::size_t most_octets = 64;
    short_text<most_octets + 1> text;
    text.append("?");
    text.append(cut_at_character(token.text, most_octets));
    return {result_type::unknown, clean(text)};
  }

  /// With the cause of known_reason().
  std::string_view reason(const reason_match& known, const failure_details_view& failure) noexcept {
    if (!is_called_by_text(known, failure)) return name(known.id);
    const reason_name_text text = folded_reason(failure.failure_reason_code);
    return clean(text);
  }

  /// A text of the report, shortened to what an entry has room for.
  std::string_view text(std::string_view text) noexcept {
    if (text.empty()) return "";
    if (text.size() > longest_entry_text) ++cut_;
    text = cut_at_character(text, longest_entry_text);
    return is_utf8(text) ? text : clean(text);
  }

  /// Whom a report names as its sender: the domain of `contact-info`, or the organization.
  std::string_view contact(std::string_view contact_info, std::string_view organization) noexcept {
    const std::size_t at = contact_info.rfind('@');
    if (at != std::string_view::npos) {
      const std::string_view domain = host_name(contact_info.substr(at + 1));
      if (domain.data() == nullptr || !domain.empty()) return domain;
    }
    const organization_text name = organization_name(organization);
    return name.empty() ? absent_domain : texts_.copy(name);
  }

  /// "org:" and the name in lower case, with one space for whitespace and nothing around it.
  using organization_text = short_text<132>;
  static constexpr organization_text organization_name(std::string_view organization) noexcept {
    organization_text name;
    constexpr std::size_t most_octets = 128;
    std::string_view rest = cut_at_character(organization, most_octets);
    while (true) {
      rest = trim_front(rest, whitespace_octet);
      if (rest.empty()) return name;
      const std::string_view word = until(rest, whitespace_octet);
      name.append(name.empty() ? "org:" : " ");
      for (char c : word) put(name, lower_case(c));
      rest.remove_prefix(word.size());
    }
  }

  /// A copy that lives until clear(), with "?" for octets that are not UTF-8.
  std::string_view clean(std::string_view text) noexcept {
    char* const room = texts_.room(text.size());
    if (room == nullptr) return {};
    std::copy_n(text.data(), text.size(), room);
    make_utf8(room, text.size());
    texts_.keep(text.size());
    return {room, text.size()};
  }

 private:
  block_store texts_;
  std::uint64_t cut_ = 0;
};

}  // namespace tlsrpt::detail

#endif
