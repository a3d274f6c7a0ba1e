/// @file
/// Bodies of mail_header.hpp.

#ifndef TLSRPT_HPP_IMPL_MAIL_MAIL_HEADER
#define TLSRPT_HPP_IMPL_MAIL_MAIL_HEADER

#include <cstddef>

#include <tlsrpt/detail/mail/message/encoded_words.hpp>
#include <tlsrpt/detail/text/fold.hpp>

namespace tlsrpt {

template <text_output Out>
constexpr void header_field::unfold_to(Out&& out) const noexcept(detail::is_nothrow_output<Out>) {
  detail::put_unfolded(out, value, false);
}

template <text_output Out>
constexpr void header_field::decode_to(Out&& out) const noexcept(detail::is_nothrow_output<Out>) {
  detail::put_unfolded(out, value, true);
}

namespace detail {

constexpr bool header_field_step::next(header_field& field) noexcept {
  while (at_ < header_.size()) {
    const std::size_t begin = at_;
    message_line line = line_at(header_, begin);
    at_ = line.next;
    const field_start start = find_field_start(line.text);
    if (start.name == 0) continue;
    std::size_t end = begin + line.text.size();
    while (at_ < header_.size()) {
      line = line_at(header_, at_);
      // An empty line is the rest of a line end of several CRs.
      if (!line.text.empty() && !is_continuation(line.text)) break;
      if (!line.text.empty()) end = at_ + line.text.size();
      at_ = line.next;
    }
    field.name = header_.substr(begin, start.name);
    if (!name_.empty() && !equals_folded(field.name, name_)) continue;
    field.value = header_.substr(begin + start.value, end - begin - start.value);
    return true;
  }
  return false;
}

}  // namespace detail

constexpr header_field_range mail_header::fields() const noexcept { return fields({}); }

constexpr header_field_range mail_header::fields(std::string_view name) const noexcept {
  return header_field_range(detail::header_field_step(text_, name));
}

constexpr header_field mail_header::field(std::string_view name) const noexcept {
  const header_field_range found = fields(name);
  const auto first = found.begin();
  return first == found.end() ? header_field{} : *first;
}

}  // namespace tlsrpt

#endif
