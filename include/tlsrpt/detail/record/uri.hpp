/// @file
/// One element of a rua list: what it is and what is wrong with it (RFC 8460, section 3; RFC 3986,
/// 6068, 9110).

#ifndef TLSRPT_HPP_DETAIL_RECORD_URI
#define TLSRPT_HPP_DETAIL_RECORD_URI

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tlsrpt/detail/core/remark.hpp>
#include <tlsrpt/detail/text/addr_spec.hpp>
#include <tlsrpt/detail/text/ascii.hpp>
#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/fold.hpp>
#include <tlsrpt/detail/text/number.hpp>
#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/detail/text/trim.hpp>
#include <tlsrpt/detail/text/words.hpp>
#include <tlsrpt/error.hpp>
#include <tlsrpt/ip_address.hpp>
#include <tlsrpt/limits.hpp>
#include <tlsrpt/output.hpp>
#include <tlsrpt/uri_scheme.hpp>

namespace tlsrpt::detail {

/// What makes an endpoint: the mail address, undecoded, or the URL without its fragment.
struct endpoint {
  uri_scheme scheme = uri_scheme::other;
  std::string_view target{};
};

/// What an element of a rua list is. It can be used when it has no fault and a supported scheme.
struct uri_examination : endpoint {
  std::string_view scheme_text{};
  remark fault{};
  std::array<remark, 7> remarks{};  ///< Warnings and notes, all there may be; then errc::ok.

  constexpr bool is_deliverable() const noexcept {
    return fault.code == errc::ok && scheme != uri_scheme::other;
  }
  constexpr void add(errc code, std::size_t offset) noexcept {
    for (remark& r : remarks)
      if (r.code == errc::ok) {
        r = {code, offset};
        return;
      }
  }
};

/// The scheme at the front of a URI, without its colon; empty when there is none.
constexpr std::string_view scheme_of(std::string_view uri) noexcept {
  const std::size_t colon = uri.find(':');
  if (colon == std::string_view::npos || colon == 0 || !letter_octet(uri[0])) return {};
  for (char c : uri.substr(1, colon - 1))
    if (!scheme_rest_octet(c)) return {};
  return uri.substr(0, colon);
}

/// The code for an octet that is not allowed in a record.
constexpr errc illegal_octet_code(std::string_view text, std::size_t at) noexcept {
  return text.substr(at).starts_with("\xc2\xa0") ? errc::no_break_space : errc::illegal_octet;
}

/// Whether a DMARC size limit such as "!10m" ends `text`, from the "!" on.
constexpr bool is_size_suffix(std::string_view text) noexcept {
  text.remove_prefix(1);
  const std::string_view unit = trim_front(text, digit_octet);
  if (unit.size() == text.size()) return false;
  return unit.empty() ||
         (unit.size() == 1 && std::string_view("kmgt").find(lower_case(unit[0])) != unit.npos);
}

/// The first octet that is not allowed in a URI of a record.
constexpr remark find_uri_fault(std::string_view uri) noexcept {
  for (std::size_t i = 0; i < uri.size(); ++i) {
    const char c = uri[i];
    if (c == '%') {
      if (i + 2 >= uri.size() || hex_value(uri[i + 1]) < 0 || hex_value(uri[i + 2]) < 0)
        return {errc::percent_encoding, i};
    } else if (c == '!') {
      return {is_size_suffix(uri.substr(i)) ? errc::size_suffix : errc::reserved_octet_in_uri, i};
    } else if (!uri_octet(c)) {
      if (wsp_octet(c)) return {errc::whitespace_in_uri, i};
      if (control_octet(c)) return {errc::illegal_octet, i};
      return {octet_above_ascii(c) ? illegal_octet_code(uri, i) : errc::invalid_uri, i};
    }
  }
  return {};
}

/// An octet of a URI, as it is or in a percent triplet. A "%" that begins no triplet, as in
/// elements that are not usable, is itself.
struct encoded_octet {
  char octet = 0;
  bool is_triplet = false;
};

/// Takes the first octet of a text that is not empty.
constexpr encoded_octet take_encoded(std::string_view& text) noexcept {
  const bool is_triplet =
      text.size() > 2 && text[0] == '%' && hex_value(text[1]) >= 0 && hex_value(text[2]) >= 0;
  const char octet =
      is_triplet ? static_cast<char>(hex_value(text[1]) << 4 | hex_value(text[2])) : text[0];
  text.remove_prefix(is_triplet ? 3 : 1);
  return {octet, is_triplet};
}

/// Adds a text with its percent triplets decoded.
template <class Out>
constexpr void put_decoded(Out& out, std::string_view text) noexcept(is_nothrow_output<Out>) {
  while (!text.empty()) put(out, take_encoded(text).octet);
}

/// Looks at a host that is well formed, without its square brackets; `begin` is its offset in the
/// URI.
constexpr void examine_host(std::string_view host, bool has_brackets, std::size_t begin,
                            uri_examination& found) noexcept {
  if (host.ends_with('.')) host.remove_suffix(1);
  bool is_local = host.find('.') == std::string_view::npos;
  const bool is_number = consists_of(host, [](char c) { return digit_octet(c) || c == '.'; });
  if (has_brackets || is_number) {
    const auto address = ip_address::parse(host);
    const bool is_mail = found.scheme == uri_scheme::mailto;
    if (!address || (address->is_v4() ? has_brackets != is_mail : !has_brackets)) {
      found.fault = {errc::invalid_address_literal, begin};
      return;
    }
    is_local = address->is_loopback() || address->is_private() || address->is_link_local();
  }
  if (is_local) found.add(errc::local_host, begin);
}

/// The address of a mailto URI whose octets are right; `begin` is its offset in the URI.
constexpr void examine_mail_address(std::string_view address, std::size_t begin,
                                    uri_examination& found) noexcept {
  for (std::size_t i = 0; i + 2 < address.size(); ++i)
    if (address[i] == '%') {
      const int octet = hex_value(address[i + 1]) << 4 | hex_value(address[i + 2]);
      if (octet < 0x20 || octet == 0x7f) {
        found.fault = {errc::control_in_address, begin + i};
        return;
      }
    }
  const std::size_t at = address.rfind('@');
  const std::string_view local = address.substr(0, at);
  // RFC 6068, section 2: "/" and a second "@" must be encoded.
  if (at == std::string_view::npos || local.empty() ||
      local.find_first_of("@/") != std::string_view::npos) {
    found.fault = {errc::mail_address, begin};
    return;
  }
  std::string_view domain = address.substr(at + 1);
  char room[max_record_bytes];
  if (domain.find('%') != std::string_view::npos) {
    span_output decoded(room);
    put_decoded(decoded, domain);
    domain = decoded.text();
  }
  if (!is_mail_domain(domain)) {
    found.fault = {errc::mail_address, begin + at + 1};
    return;
  }
  const bool has_brackets = domain.starts_with('[');
  if (domain.ends_with('.')) found.add(errc::mail_domain_trailing_dot, begin + address.size() - 1);
  if (has_brackets) domain = domain.substr(1, domain.size() - 2);
  constexpr std::string_view ipv6_tag = "ipv6:";  // RFC 5321, section 4.1.3
  const bool has_tag = has_brackets && equals_folded(domain.substr(0, ipv6_tag.size()), ipv6_tag);
  if (has_tag) domain.remove_prefix(ipv6_tag.size());
  examine_host(domain, has_brackets, begin + at + 1, found);
  if (found.fault.code != errc::ok) return;
  for (char c : domain)
    if (octet_above_ascii(c)) {
      found.add(errc::encoded_u_label, begin + at + 1);
      break;
    }
  for (std::size_t i = 0; i + 2 < local.size(); ++i)
    if (local[i] == '%' && hex_value(local[i + 1]) >= 8) {
      found.add(errc::smtputf8_address, begin + i);
      break;
    }
}

/// An authority of RFC 3986, section 3.2, in parts.
struct uri_authority {
  std::string_view host, port;
  bool is_valid = false;
};

constexpr uri_authority split_authority(std::string_view authority) noexcept {
  uri_authority parts;
  std::size_t host_size = 0;
  if (authority.starts_with('[')) {
    host_size = authority.find(']');
    if (host_size == std::string_view::npos || host_size < 2) return parts;
    ++host_size;
    for (char c : authority.substr(1, host_size - 2))
      if (!reg_name_octet(c) && c != ':') return parts;
  } else {
    host_size = std::min(authority.find(':'), authority.size());
    for (char c : authority.substr(0, host_size))
      if (!reg_name_octet(c)) return parts;
  }
  parts.host = authority.substr(0, host_size);
  const std::string_view rest = authority.substr(host_size);
  if (!rest.empty()) parts.port = rest.substr(1);
  parts.is_valid = (rest.empty() || rest.front() == ':') &&
                   (parts.port.empty() || read_number<std::uint16_t>(parts.port));
  return parts;
}

/// The authority of an https URI; empty when it lacks "//".
constexpr std::string_view authority_of(std::string_view https_uri) noexcept {
  constexpr std::size_t begin = std::string_view("https://").size();
  if (https_uri.size() < begin || https_uri.substr(5, 3) != "://") return {};
  const std::string_view rest = https_uri.substr(begin);
  return rest.substr(0, rest.find_first_of("/?#"));
}

constexpr void examine_https(std::string_view uri, uri_examination& found) noexcept {
  constexpr std::size_t begin = std::string_view("https://").size();
  const std::string_view authority = authority_of(uri);
  if (uri.substr(5, 3) != "://") {
    found.fault = {errc::invalid_uri, 6};
  } else if (authority.find('@') != std::string_view::npos) {
    found.fault = {errc::userinfo, begin};
  } else if (const uri_authority parts = split_authority(authority); !parts.is_valid) {
    found.fault = {errc::invalid_uri, begin};
  } else if (parts.host.empty()) {
    found.fault = {errc::empty_host, begin};
  } else {
    const bool has_brackets = parts.host.starts_with('[');
    examine_host(has_brackets ? parts.host.substr(1, parts.host.size() - 2) : parts.host,
                 has_brackets, begin, found);
  }
}

/// Whether a text is a URI as far as its octets and its scheme show (RFC 3986).
constexpr bool is_uri(std::string_view text) noexcept {
  if (scheme_of(text).empty()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!uri_octet(text[i])) return false;
    if (text[i] == '%' &&
        (i + 2 >= text.size() || hex_value(text[i + 1]) < 0 || hex_value(text[i + 2]) < 0))
      return false;
  }
  return true;
}

inline constexpr std::string_view usual_mailto = "mailto:";
inline constexpr std::string_view usual_https = "https://";

/// Where an element would deliver to, whether or not it is usable. Linear.
constexpr endpoint endpoint_of(std::string_view uri) noexcept {
  const bool is_usual_mail = begins_with<usual_mailto>(uri);
  if (!is_usual_mail) {
    const std::string_view url = uri.substr(0, uri.find('#'));
    if (begins_with<usual_https>(uri)) return {uri_scheme::https, url};
    const std::string_view scheme_text = scheme_of(uri);
    if (equals_folded(scheme_text, "https")) return {uri_scheme::https, url};
    if (!equals_folded(scheme_text, "mailto")) return {uri_scheme::other, url};
  }
  std::size_t begin = usual_mailto.size(), end = begin;
  while (end < uri.size() && uri[end] != '?' && uri[end] != '#') ++end;
  // Whitespace after "mailto:" belongs to no address, so the address is sound without it (F-14).
  while (begin < end && wsp_octet(uri[begin])) ++begin;
  return {uri_scheme::mailto, {uri.data() + begin, end - begin}};
}

/// Where `text` has a name between `open` and `close`, as templates have it; npos for nowhere.
constexpr std::size_t find_placeholder(std::string_view text, char open, char close) noexcept {
  // Not sets: compilers take long to make one.
  const auto begins_name = [](char c) {
    return letter_octet(c) || octet_above_ascii(c) || c == '_';
  };
  const auto is_of_name = [begins_name](char c) {
    return begins_name(c) || digit_octet(c) || c == '-' || c == '.' || c == ' ';
  };
  const auto is_padding = [](char c) { return c == '{' || c == ' '; };
  constexpr std::size_t shortest = 3;  // "%c3%" is a triplet and the beginning of another
  for (std::size_t i = text.find(open); i != text.npos; i = text.find(open, i + 1)) {
    const std::string_view rest = text.substr(i + 1);
    const std::size_t size = rest.find(close);
    if (size == rest.npos) break;
    const std::string_view name = trim(rest.substr(0, size), is_padding);
    if (name.size() >= shortest && begins_name(name[0]) && consists_of(name, is_of_name)) return i;
  }
  return text.npos;
}

/// The code for a letter outside ASCII, which depends on where in the URI it is.
constexpr errc foreign_letter_code(std::string_view uri, const uri_examination& found) noexcept {
  const std::size_t offset = found.fault.offset, at = uri.find('@');
  if (found.scheme == uri_scheme::https) {
    const std::string_view authority = authority_of(uri);
    const auto begin = static_cast<std::size_t>(authority.data() - uri.data());
    const bool is_inside = offset >= begin && offset - begin < authority.size();
    return !authority.empty() && is_inside ? errc::u_label : errc::illegal_octet;
  }
  if (at == uri.npos || offset > uri.find('?')) return errc::illegal_octet;
  return offset < at ? errc::non_ascii_local_part : errc::u_label;
}

/// Whether a text is a scheme of endpoints.
constexpr bool is_scheme(std::string_view text) noexcept {
  return equals_folded(text, "mailto") || equals_folded(text, "https");
}

/// The fault of an element, or the slip that it comes from where that shows.
constexpr remark explain_fault(std::string_view uri, const uri_examination& found) noexcept {
  const remark& fault = found.fault;
  for (const std::string_view brackets : {"<>", "{}", "%%"}) {
    if (brackets == "%%" && fault.code != errc::percent_encoding) continue;
    const std::size_t at = find_placeholder(uri, brackets[0], brackets[1]);
    if (at != uri.npos)
      return {errc::unfilled_template, at != 0 && uri[at - 1] == '$' ? at - 1 : at};
  }
  if (const std::size_t equals = uri.find('=');
      equals != uri.npos && is_scheme(uri.substr(0, equals)))
    return {errc::scheme_without_colon, equals};
  constexpr std::string_view slashes = "mailto://";
  if (equals_folded(uri.substr(0, slashes.size()), slashes))
    return {errc::mailto_slashes, slashes.size() - 2};
  if (fault.code == errc::illegal_octet && octet_above_ascii(uri[fault.offset]))
    return {foreign_letter_code(uri, found), fault.offset};
  return fault;
}

/// Finds the fault of an element as the grammar has it, and what is to be remarked.
constexpr uri_examination examine_parts(std::string_view uri) noexcept {
  uri_examination found{endpoint_of(uri)};
  found.scheme_text = scheme_of(uri);
  const std::size_t fragment = uri.find('#');
  std::size_t query = std::string_view::npos, begin = 0;
  if (found.scheme == uri_scheme::mailto) {
    query = uri.substr(0, fragment).find('?');
    const std::size_t after_scheme = found.scheme_text.size() + 1;
    begin = static_cast<std::size_t>(found.target.data() - uri.data());
    if (begin != after_scheme) found.add(errc::whitespace_in_uri, after_scheme);
  }
  found.fault = find_uri_fault(uri.substr(begin));
  found.fault.offset += begin;
  if (found.scheme_text.empty() && found.fault.code == errc::ok)
    found.fault = {
        uri.find(':') == std::string_view::npos ? errc::missing_scheme : errc::invalid_uri, 0};
  if (found.fault.code != errc::ok) return found;

  switch (found.scheme) {
    case uri_scheme::mailto:
      examine_mail_address(found.target, begin, found);
      break;
    case uri_scheme::https:
      examine_https(uri, found);
      break;
    default:
      found.add(
          equals_folded(found.scheme_text, "http") ? errc::http_endpoint : errc::unsupported_scheme,
          0);
      return found;
  }
  if (query != std::string_view::npos) found.add(errc::mailto_header_fields, query);
  if (fragment != std::string_view::npos) found.add(errc::uri_fragment, fragment);
  return found;
}

/// Examines an element that is not empty and has no whitespace around it. Linear.
constexpr uri_examination examine_uri(std::string_view uri) noexcept {
  uri_examination found = examine_parts(uri);
  if (found.fault.code != errc::ok) found.fault = explain_fault(uri, found);
  return found;
}

/// Whether an element may be the rest of the element to its left, cut off by a comma that should
/// have been encoded (A-60): it has neither a scheme nor "@".
constexpr bool may_be_cut_off(std::string_view element) noexcept {
  return !element.empty() && scheme_of(element).empty() &&
         element.find('@') == std::string_view::npos;
}

/// Whether two texts mean the same octets. Those of `same` may be in percent triplets or not.
constexpr bool equal_encoded(std::string_view a, std::string_view b, const charset& same) noexcept {
  while (!a.empty() && !b.empty()) {
    const encoded_octet x = take_encoded(a), y = take_encoded(b);
    if (x.octet != y.octet || (x.is_triplet != y.is_triplet && !same(x.octet))) return false;
  }
  return a.empty() && b.empty();
}

/// Whether two mail addresses are the same: a program decodes them before it uses them (RFC 6068,
/// section 2), so that it does not matter which of their octets are in triplets.
constexpr bool same_mailbox(std::string_view a, std::string_view b) noexcept {
  const std::size_t at_a = a.rfind('@'), at_b = b.rfind('@');
  return equals_folded(a.substr(at_a), b.substr(at_b)) &&
         equal_encoded(a.substr(0, at_a), b.substr(0, at_b), any_octet);
}

/// Whether two deliverable elements mean the same endpoint (A-41).
constexpr bool same_endpoint(const endpoint& a, const endpoint& b) noexcept {
  if (a.scheme != b.scheme) return false;
  if (a.scheme == uri_scheme::mailto) return same_mailbox(a.target, b.target);
  const auto parts = [](const endpoint& e) {
    const std::string_view authority = authority_of(e.target);
    struct {
      uri_authority authority;
      std::string_view rest;
    } split{split_authority(authority),
            e.target.substr(std::string_view("https://").size() + authority.size())};
    if (split.authority.port == "443") split.authority.port = {};
    if (split.authority.host.ends_with('.')) split.authority.host.remove_suffix(1);
    if (split.rest.empty()) split.rest = "/";
    return split;
  };
  const auto x = parts(a), y = parts(b);
  return equals_folded(x.authority.host, y.authority.host) &&
         x.authority.port == y.authority.port && equal_encoded(x.rest, y.rest, unreserved_octet);
}

}  // namespace tlsrpt::detail

#endif
