/// @file
/// Bodies of domain_field.hpp.

#ifndef TLSRPT_HPP_IMPL_MAIL_DOMAIN_FIELD
#define TLSRPT_HPP_IMPL_MAIL_DOMAIN_FIELD

#include <cstddef>
#include <cstdint>

#include <tlsrpt/detail/core/gate.hpp>
#include <tlsrpt/detail/mail/comment.hpp>
#include <tlsrpt/detail/mail/domain.hpp>
#include <tlsrpt/detail/mail/text_gate.hpp>
#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/trim.hpp>
#include <tlsrpt/hostname.hpp>

namespace tlsrpt {

namespace detail {

/// What ends a domain in the value of a field.
inline constexpr charset domain_end_octet = whitespace_octet | charset("(,;");

template <class Conformance, class Sink>
class domain_field_reader {
 public:
  constexpr domain_field_reader(std::string_view text, std::uint32_t element,
                                const Conformance& conformance, Sink& sink) noexcept
      : text_(text), rest_(text), gate_(source::header_field, text, element, conformance, sink) {}

  /// False: see error().
  constexpr bool read() {
    std::string_view word;
    if (!next_word(word)) return false;
    if (word.empty()) return gate_.stop(errc::domain_field_value, text_);
    found_ = stripped(word);
    const std::size_t host = found_.rfind('@') + 1;  // npos + 1 is 0
    const bool is_address = host != 0;
    found_.remove_prefix(host);
    const errc fault = domain_fault(found_, errc::domain_field_value);
    if (fault == errc::domain_field_value) return gate_.stop(fault, word);
    if (is_address) {
      if (!gate_.pass(errc::domain_field_value, word)) return false;
    } else if (found_.size() != word.size() && !gate_.pass(errc::domain_field_decorated, word)) {
      return false;
    }
    if (fault != errc::ok && !gate_.pass(fault, found_)) return false;
    for (;;) {
      if (!next_word(word)) return false;
      if (word.empty()) return true;
      const std::string_view other = stripped(word);
      const errc code = other.empty()              ? errc::domain_field_decorated
                        : !may_be_domain(other)    ? errc::domain_field_value
                        : same_host(other, found_) ? errc::domain_field_decorated
                                                   : errc::several_domains;
      if (!gate_.pass(code, word)) return false;
    }
  }

  constexpr std::string_view found() const noexcept { return found_; }
  constexpr const diagnostic& error() const noexcept { return gate_.error(); }

 private:
  /// The next word outside of comments; empty at the end. False means stop.
  constexpr bool next_word(std::string_view& word) {
    word = {};
    for (;;) {
      rest_ = trim_front(rest_, whitespace_octet);
      if (rest_.empty()) return true;
      if (!rest_.starts_with('(')) break;
      const std::size_t comment = comment_size(rest_);
      if (comment == 0) {  // It does not end, so neither does what is not a domain.
        word = rest_;
        rest_ = {};
        return true;
      }
      if (!gate_.pass(errc::domain_field_decorated, rest_.substr(0, comment))) return false;
      rest_.remove_prefix(comment);
    }
    word = rest_.substr(0, 1 + until(rest_.substr(1), domain_end_octet).size());
    rest_.remove_prefix(word.size());
    return true;
  }

  static constexpr std::string_view stripped(std::string_view word) noexcept {
    return without_trailing_dot(trim(word, domain_decoration_octet));
  }

  std::string_view text_, rest_;
  text_gate<Conformance, Sink> gate_;
  std::string_view found_{};
};

}  // namespace detail

template <conformance C, diagnostic_sink S>
constexpr result<std::string_view> parse_domain_field(
    std::string_view value, S&& sink, C conformance) noexcept(detail::is_nothrow_sink<S>) {
  detail::domain_field_reader<C, std::remove_reference_t<S>> reader(value, location::npos,
                                                                    conformance, sink);
  if (!reader.read()) return reader.error();
  return reader.found();
}

template <conformance C>
requires(!diagnostic_sink<C>) constexpr result<std::string_view> parse_domain_field(
    std::string_view value, const C& conformance) noexcept {
  return parse_domain_field(value, ignore_diagnostics(), conformance);
}

template <conformance C, diagnostic_sink S>
constexpr result<std::string_view> select_domain_field(
    std::span<const std::string_view> values, S&& sink,
    C conformance) noexcept(detail::is_nothrow_sink<S>) {
  using sink_type = std::remove_reference_t<S>;
  detail::deviation_gate<C, sink_type> gate(conformance, sink, source::header_field);
  std::string_view chosen;
  diagnostic first_error{errc::domain_field_value, {.in = source::header_field}};
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto element = static_cast<std::uint32_t>(i);
    detail::domain_field_reader<C, sink_type> reader(values[i], element, conformance, sink);
    if (!reader.read()) {
      const diagnostic& error = reader.error();
      if (!gate.pass(error.code, error.where, error.subject)) return gate.error();
      if (first_error.where.element == location::npos) first_error = error;
    } else if (chosen.empty()) {
      chosen = reader.found();
    } else if (!same_host(chosen, reader.found()) &&
               !gate.pass(errc::several_domains, {.element = element}, values[i])) {
      return gate.error();
    }
  }
  if (chosen.empty()) return first_error;
  return chosen;
}

template <conformance C>
requires(!diagnostic_sink<C>) constexpr result<std::string_view> select_domain_field(
    std::span<const std::string_view> values, const C& conformance) noexcept {
  return select_domain_field(values, ignore_diagnostics(), conformance);
}

}  // namespace tlsrpt

#endif
