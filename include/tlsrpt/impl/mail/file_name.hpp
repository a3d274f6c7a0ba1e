/// @file
/// Bodies of file_name.hpp.

#ifndef TLSRPT_HPP_IMPL_MAIL_FILE_NAME
#define TLSRPT_HPP_IMPL_MAIL_FILE_NAME

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include <tlsrpt/detail/mail/domain.hpp>
#include <tlsrpt/detail/mail/extension.hpp>
#include <tlsrpt/detail/mail/text_gate.hpp>
#include <tlsrpt/detail/mail/words.hpp>
#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/number.hpp>
#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/detail/text/split.hpp>
#include <tlsrpt/detail/text/trim.hpp>
#include <tlsrpt/hostname.hpp>

namespace tlsrpt {

namespace detail {

/// What may follow a unique-id besides an extension: copies are called "001 (1).json".
inline constexpr charset after_unique_id_octet = file_name_decoration_octet | charset("(");
/// What may follow a time: also "1_2.json" and "1.json.2" are names of copies.
inline constexpr charset after_timestamp_octet = after_unique_id_octet | charset("._-");

/// What a name has, but not the way to its file.
inline constexpr charset bare_file_name_octet = any_octet - charset("/\\");

/// The part of a file name after its last "!": the end or the unique-id, and the extension.
struct file_name_tail {
  std::string_view value{}, extension{};
};

/// A time ends where its digits do.
constexpr file_name_tail split_end_timestamp(std::string_view tail) noexcept {
  std::size_t size = tail.size() - trim_front(tail, digit_octet).size();
  if (size == 0 || (size < tail.size() && !after_timestamp_octet(tail[size])))
    size = tail.substr(0, tail.find('.')).size();
  return {tail.substr(0, size), tail.substr(size)};
}

constexpr file_name_tail split_unique_id(std::string_view tail) noexcept {
  const std::size_t known = report_extension_size(tail);
  const std::size_t dot = known != 0 ? tail.size() - known : tail.find('.');
  const std::size_t size = until(tail.substr(0, dot), after_unique_id_octet).size();
  return {tail.substr(0, size), tail.substr(size)};
}

template <class Conformance, class Sink>
class file_name_reader {
 public:
  constexpr file_name_reader(std::string_view text, const Conformance& conformance,
                             Sink& sink) noexcept
      : text_(text), gate_(source::file_name, text, location::npos, conformance, sink) {}

  /// False: see error().
  constexpr bool read() {
    const std::size_t name = trim_back(text_, bare_file_name_octet).size();
    if (!split(text_.substr(name))) return stop();
    const std::string_view begin = parts_[2], end = count_ == 4 ? tail_.value : parts_[3];
    const bool has_time = (!begin.empty() && consists_of(begin, digit_octet)) ||
                          (!end.empty() && consists_of(end, digit_octet));
    if (!has_time) return stop();

    if (name != 0 && !gate_.pass(errc::file_name_path, text_.substr(0, name))) return false;
    if (!decorated_.empty() && !gate_.pass(errc::file_name_decorated, decorated_)) return false;
    return domain(parts_[0], found_.sender) && domain(parts_[1], found_.policy_domain) &&
           time(begin, found_.begin) && time(end, found_.end) && unique_id() && extension();
  }

  constexpr const file_name_view& found() const noexcept { return found_; }
  constexpr const diagnostic& error() const noexcept { return gate_.error(); }

 private:
  constexpr bool stop() { return gate_.stop(errc::not_a_report_file_name, text_); }

  /// False when there are not four or five parts.
  constexpr bool split(std::string_view name) noexcept {
    const auto separators = static_cast<std::size_t>(std::count(name.begin(), name.end(), '!'));
    if (separators != 3 && separators != 4) return false;
    while (count_ <= separators) parts_[count_++] = strip(take_part(name, "!"));
    tail_ = count_ == 4 ? split_end_timestamp(parts_[3]) : split_unique_id(parts_[4]);
    tail_.value = strip(tail_.value);
    tail_.extension = strip(tail_.extension);
    return true;
  }

  /// Takes off what does not belong to a part, and remembers the first part that had it.
  constexpr std::string_view strip(std::string_view part) noexcept {
    const std::string_view bare = trim(part, file_name_decoration_octet);
    if (bare.size() != part.size() && decorated_.empty()) decorated_ = part;
    return bare;
  }

  constexpr bool domain(std::string_view part, std::string_view& found) {
    if (!part.empty()) found = part;
    if (!gate_.cares(errc::file_name_domain) && !gate_.cares(errc::u_label)) return true;
    const errc fault =
        part.ends_with('.') ? errc::file_name_domain : domain_fault(part, errc::file_name_domain);
    return fault == errc::ok || gate_.pass(fault, part);
  }

  constexpr bool time(std::string_view part, timestamp& found) {
    if (!part.empty()) found.text = part;
    const auto seconds = read_number<std::int64_t>(part);
    if (!seconds) return gate_.pass(errc::file_name_timestamp, part);
    found.seconds = *seconds;
    found.known = true;
    return true;
  }

  constexpr bool unique_id() {
    if (count_ == 4) return true;
    if (!tail_.value.empty()) found_.unique_id = tail_.value;
    return (!tail_.value.empty() && consists_of(tail_.value, alphanumeric_octet)) ||
           gate_.pass(errc::file_name_unique_id, tail_.value);
  }

  constexpr bool extension() {
    found_.is_gzip = has_word(tail_.extension, "gz");
    const std::size_t known = report_extension_size(tail_.extension);
    return (known != 0 && known == tail_.extension.size()) ||
           gate_.pass(errc::file_name_extension, tail_.extension);
  }

  std::string_view text_;
  text_gate<Conformance, Sink> gate_;
  std::array<std::string_view, 5> parts_{};
  std::size_t count_ = 0;
  file_name_tail tail_{};
  std::string_view decorated_{};
  file_name_view found_{};
};

}  // namespace detail

template <conformance C, diagnostic_sink S>
constexpr result<file_name_view> parse_file_name(
    std::string_view text, S&& sink, C conformance) noexcept(detail::is_nothrow_sink<S>) {
  detail::file_name_reader<C, std::remove_reference_t<S>> reader(text, conformance, sink);
  if (!reader.read()) return reader.error();
  return reader.found();
}

template <conformance C>
requires(!diagnostic_sink<C>) constexpr result<file_name_view> parse_file_name(
    std::string_view text, const C& conformance) noexcept {
  return parse_file_name(text, ignore_diagnostics(), conformance);
}

template <text_output Out>
constexpr void unfold_file_name(Out&& out,
                                std::string_view text) noexcept(detail::is_nothrow_output<Out>) {
  for (char c : text)
    if (!detail::whitespace_octet(c)) detail::put(out, c);
}

template <text_output Out>
constexpr result<void> write_file_name(Out&& out, const file_name_view& name) noexcept(
    detail::is_nothrow_output<Out>) {
  const diagnostic fault = detail::find_unwritable_domain(
      name.sender, name.policy_domain, false, errc::file_name_domain, source::file_name);
  if (fault.code != errc::ok) return fault;
  std::uint32_t element = 0;
  for (const timestamp* time : {&name.begin, &name.end}) {
    if (!time->known || time->seconds < 0)
      return diagnostic{
          errc::file_name_timestamp, {.element = element, .in = source::file_name}, time->text};
    ++element;
  }
  if (!detail::consists_of(name.unique_id, detail::alphanumeric_octet))
    return diagnostic{errc::file_name_unique_id, {.in = source::file_name}, name.unique_id};

  detail::put(out, detail::without_trailing_dot(name.sender));
  detail::put(out, '!');
  detail::put(out, detail::without_trailing_dot(name.policy_domain));
  for (const timestamp* time : {&name.begin, &name.end}) {
    detail::put(out, '!');
    detail::put_number(out, time->seconds);
  }
  if (!name.unique_id.empty()) {
    detail::put(out, '!');
    detail::put(out, name.unique_id);
  }
  detail::put(out, name.is_gzip ? detail::gzip_extension : detail::json_extension);
  return {};
}

}  // namespace tlsrpt

#endif
