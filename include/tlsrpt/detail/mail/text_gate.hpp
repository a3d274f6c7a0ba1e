/// @file
/// The gate of texts from a mail.

#ifndef TLSRPT_HPP_DETAIL_MAIL_TEXT_GATE
#define TLSRPT_HPP_DETAIL_MAIL_TEXT_GATE

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tlsrpt/detail/core/gate.hpp>
#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/location.hpp>

namespace tlsrpt::detail {

/// The deviations of a text; their subjects are parts of it.
template <class Conformance, class Sink>
class text_gate {
 public:
  constexpr text_gate(source in, std::string_view text, std::uint32_t element,
                      const Conformance& conformance, Sink& sink) noexcept
      : text_(text), element_(element), gate_(conformance, sink, in) {}

  /// As that of deviation_gate.
  constexpr bool cares(errc code) const noexcept { return gate_.cares(code); }

  /// False means stop.
  constexpr bool pass(errc code, std::string_view subject) {
    return gate_.pass(code, where(subject), subject);
  }
  constexpr bool stop(errc code, std::string_view subject) noexcept {
    return gate_.stop(code, where(subject), subject);
  }

  constexpr const diagnostic& error() const noexcept { return gate_.error(); }

 private:
  constexpr location where(std::string_view subject) const noexcept {
    return {.offset = static_cast<std::size_t>(subject.data() - text_.data()), .element = element_};
  }

  std::string_view text_;
  std::uint32_t element_;
  deviation_gate<Conformance, Sink> gate_;
};

}  // namespace tlsrpt::detail

#endif
