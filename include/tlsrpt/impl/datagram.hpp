/// @file
/// Bodies of datagram.hpp.

#ifndef TLSRPT_HPP_IMPL_DATAGRAM
#define TLSRPT_HPP_IMPL_DATAGRAM

#include <algorithm>
#include <cstring>
#include <span>

#include <tlsrpt/detail/tally/failure_codes.hpp>
#include <tlsrpt/detail/text/number.hpp>
#include <tlsrpt/detail/text/utf8.hpp>
#include <tlsrpt/hostname.hpp>

namespace tlsrpt {

namespace detail {

/// Octets of "libtlsrpt-" and a number of 32 bits.
inline constexpr std::size_t longest_unknown_reason = 20;

}  // namespace detail

/// Keeps the first error. False, so that callers can return it.
inline bool datagram_reader::stop(errc code, std::string_view subject) noexcept {
  if (error_.code == errc::ok) error_ = {code, {.in = source::datagram}, subject};
  return false;
}

/// Keeps the first note of each kind.
inline void datagram_reader::note(errc code, std::string_view subject) noexcept {
  if (std::ranges::none_of(notes_.kept(), [code](const diagnostic& d) { return d.code == code; }))
    notes_({code, {.in = source::datagram}, subject});
}

/// Copies the datagram, with U+FFFD for octets that are not UTF-8.
inline bool datagram_reader::copy(std::string_view datagram) noexcept {
  constexpr std::string_view replacement = "\xef\xbf\xbd";
  const auto octets_of = [](std::string_view text) { return std::as_bytes(std::span(text)); };
  std::size_t bad = 0;
  for (std::string_view rest = datagram; !rest.empty();) {
    const std::size_t size = detail::read_utf8(rest).size;
    if (size == 0) ++bad;
    rest.remove_prefix(std::max<std::size_t>(size, 1));
  }
  size_ = datagram.size() + bad * (replacement.size() - 1);
  if (bad == 0) return text_.assign(octets_of(datagram)) || stop(errc::out_of_memory);
  note(errc::datagram_utf8);
  if (!text_.reserve(size_, 0)) return stop(errc::out_of_memory);
  char* to = text_.data();
  while (!datagram.empty()) {
    const std::size_t size = detail::read_utf8(datagram).size;
    const std::string_view character = size == 0 ? replacement : datagram.substr(0, size);
    to = std::copy_n(character.data(), character.size(), to);
    datagram.remove_prefix(std::max<std::size_t>(size, 1));
  }
  text_.terminate(size_);
  return true;
}

/// Walks an object; calls token member(name, value), which gives the token after the value.
template <class Member>
detail::json_token datagram_reader::for_each_member(token value, std::uint32_t depth,
                                                    Member&& member) noexcept {
  using state = detail::json_walk::object_state;
  const auto broken = [this]() -> token {
    stop(errc::datagram_syntax);
    return nullptr;
  };
  if (walk_.at(value) != '{') return broken();
  for (state at = walk_.enter_object(value, depth);; at = walk_.next_member(value)) {
    if (at == state::ended) return value;
    if (at == state::broken || !walk_.is_name(value)) return broken();
    const std::string_view name = walk_.name_text(value);
    value = member(name, value + 2);
    if (value == nullptr) return broken();
  }
}

inline detail::json_token datagram_reader::read_string(token value,
                                                       std::string_view& text) noexcept {
  if (walk_.at(value) != '"' || !walk_.is_string(value)) {
    stop(errc::datagram_member);
    return nullptr;
  }
  text = walk_.string_text(value);
  if (text.find('\\') != std::string_view::npos) {
    char* const to = unescaped_.data() + unescaped_size_;
    const auto size = static_cast<std::size_t>(detail::unescape(text, to).end - to);
    unescaped_size_ += size;
    text = {to, size};
  }
  return value + 1;
}

inline detail::json_token datagram_reader::read_number(token value,
                                                       std::uint32_t& number) noexcept {
  const auto read = detail::read_number<std::uint32_t>(walk_.token_text(value));
  if (!read) {
    stop(errc::datagram_member);
    return nullptr;
  }
  number = *read;
  return value + 1;
}

inline detail::json_token datagram_reader::read_strings(token value, std::size_t& count) noexcept {
  if (walk_.at(value) != '[') {
    stop(errc::datagram_member);
    return nullptr;
  }
  constexpr std::uint32_t depth = 4;
  return walk_.for_each_element(value, depth, [&](token element) -> token {
    std::string_view text;
    const token next = read_string(element, text);
    if (next == nullptr) return nullptr;
    if (strings_.size() >= limits_.policy_strings) {
      stop(errc::datagram_limit);
      return nullptr;
    }
    if (!strings_.push(text)) {
      stop(errc::out_of_memory);
      return nullptr;
    }
    ++count;
    return next;
  });
}

inline void datagram_reader::set_result_type(std::uint32_t number,
                                             failure_details_view& failure) noexcept {
  failure.result_type.value = detail::type_of_failure(number);
  if (failure.result_type.known()) return;
  note(errc::datagram_result_type);
  failure.result_type.value = result_type::validation_failure;
  short_text<detail::longest_unknown_reason> reason;
  reason.append("libtlsrpt-");
  detail::put_number(reason, number);
  char* const to = unescaped_.data() + unescaped_size_;
  std::copy_n(reason.view().data(), reason.size(), to);
  unescaped_size_ += reason.size();
  failure.failure_reason_code = {to, reason.size()};
}

inline detail::json_token datagram_reader::read_failure(token value) noexcept {
  constexpr std::uint32_t depth = 5;
  if (failures_.size() >= limits_.failures) {
    stop(errc::datagram_limit);
    return nullptr;
  }
  failure_details_view failure;
  std::uint32_t number = 0;
  bool has_number = false;
  const token next = for_each_member(value, depth, [&](std::string_view name, token member) {
    if (name == "c") {
      has_number = true;
      return read_number(member, number);
    }
    if (name == "s") return read_string(member, failure.sending_mta_ip.text);
    if (name == "n") return read_string(member, failure.receiving_mx_hostname);
    if (name == "h") return read_string(member, failure.receiving_mx_helo);
    if (name == "r") return read_string(member, failure.receiving_ip.text);
    if (name == "a") return read_string(member, failure.additional_information);
    if (name == "f") return read_string(member, failure.failure_reason_code);
    return walk_.skip(member, depth);
  });
  if (next == nullptr) return nullptr;
  if (!has_number) {
    stop(errc::datagram_member);
    return nullptr;
  }
  set_result_type(number, failure);
  if (!failures_.push(failure)) {
    stop(errc::out_of_memory);
    return nullptr;
  }
  return next;
}

inline detail::json_token datagram_reader::read_policy(token value) noexcept {
  constexpr std::uint32_t depth = 3;
  session_policy policy;
  policy_extent extent;
  std::uint32_t type = 0, failed = 0, count = 0;
  bool has_type = false, has_outcome = false, has_count = false;
  // Strings and patterns come one after the other, whichever is first.
  std::size_t patterns_begin = 0, strings_begin = 0;
  const std::size_t first_failure = failures_.size();
  const token next = for_each_member(value, depth, [&](std::string_view name, token member) {
    if (name == "policy-type") {
      has_type = true;
      return read_number(member, type);
    }
    if (name == "policy-domain") return read_string(member, policy.domain);
    if (name == "policy-string") {
      strings_begin = strings_.size();
      extent.strings = 0;
      return read_strings(member, extent.strings);
    }
    if (name == "mx-host") {
      patterns_begin = strings_.size();
      extent.patterns = 0;
      return read_strings(member, extent.patterns);
    }
    if (name == "failure-details") {
      if (walk_.at(member) != '[') return token(nullptr);
      return walk_.for_each_element(member, depth + 1,
                                    [this](token element) { return read_failure(element); });
    }
    if (name == "t") {
      has_count = true;
      return read_number(member, count);
    }
    if (name == "f") {
      has_outcome = true;
      return read_number(member, failed);
    }
    return walk_.skip(member, depth);
  });
  if (next == nullptr) return nullptr;
  extent.failures = failures_.size() - first_failure;
  if (!has_type || !has_outcome) {
    stop(errc::datagram_member);
    return nullptr;
  }
  if (!has_count || count != extent.failures) note(errc::datagram_failure_count);
  policy.type = detail::type_of_policy(type);
  policy.outcome = failed != 0 ? session_outcome::failed : session_outcome::ok;
  if (policy.type == policy_type::unknown) {
    note(errc::datagram_policy_type);
    policy.outcome = session_outcome::not_counted;
  }
  extent.strings_begin = strings_begin;
  extent.patterns_begin = patterns_begin;
  extent.failures_begin = first_failure;
  if (policies_.size() >= limits_.policies) {
    stop(errc::datagram_limit);
    return nullptr;
  }
  if (!policies_.push(policy) || !extents_.push(extent)) {
    stop(errc::out_of_memory);
    return nullptr;
  }
  return next;
}

inline detail::json_token datagram_reader::read_policies(token value) noexcept {
  constexpr std::uint32_t depth = 2;
  if (walk_.at(value) != '[') {
    stop(errc::datagram_member);
    return nullptr;
  }
  return walk_.for_each_element(value, depth,
                                [this](token element) { return read_policy(element); });
}

inline bool datagram_reader::read_session(std::string_view datagram) noexcept {
  constexpr std::uint32_t depth = 1, deepest = 5;
  if (datagram.size() > limits_.octets) return stop(errc::text_too_long);
  if (!copy(datagram)) return false;
  // What comes out of escapes is shorter than they are; and there are reasons that are added.
  const std::size_t added = std::min(limits_.failures, size_) * detail::longest_unknown_reason;
  if (!unescaped_.reserve(size_ + added, 0)) return stop(errc::out_of_memory);
  const detail::index_status status = index_.build(text_.data(), size_);
  if (status == detail::index_status::out_of_memory) return stop(errc::out_of_memory);
  if (status == detail::index_status::unusable) return stop(errc::simdjson_unusable);
  if (status != detail::index_status::ok) return stop(errc::datagram_syntax);
  walk_ = detail::json_walk(text_.data(), true, deepest);
  bool has_policies = false, has_version = false;
  const token end =
      for_each_member(index_.begin(), depth, [&](std::string_view name, token member) {
        if (name == "dpv") {
          has_version = true;
          return read_string(member, version_);
        }
        if (name == "d") return read_string(member, session_.recipient_domain);
        if (name == "pr") return read_string(member, session_.record);
        if (name == "policies") {
          if (has_policies) return token(nullptr);
          has_policies = true;
          return read_policies(member);
        }
        return walk_.skip(member, depth);
      });
  if (has_version && version_ != "1") {
    error_ = {};
    return stop(errc::datagram_version, version_);
  }
  if (end == nullptr) return false;
  if (end != index_.end()) return stop(errc::datagram_syntax);
  if (!has_version) note(errc::missing_datagram_version);
  if (!has_policies || policies_.size() == 0) return stop(errc::datagram_member);
  if (!is_host_name(session_.recipient_domain))
    return stop(errc::session_domain, session_.recipient_domain);
  return true;
}

template <diagnostic_sink S>
result<session_view> datagram_reader::read(std::string_view datagram, std::int64_t time,
                                           S&& sink) noexcept(detail::is_nothrow_sink<S>) {
  session_ = {.time = time};
  version_ = {};
  unescaped_size_ = 0;
  policies_.clear();
  extents_.clear();
  failures_.clear();
  strings_.clear();
  notes_.clear();
  error_ = {};
  if (!read_session(datagram)) return error_;
  for (std::size_t i = 0; i < policies_.size(); ++i) {
    const policy_extent& extent = extents_.data()[i];
    session_policy& policy = policies_.data()[i];
    policy.policy_string = {strings_.data() + extent.strings_begin, extent.strings};
    policy.mx_host = {strings_.data() + extent.patterns_begin, extent.patterns};
    policy.failures = {failures_.data() + extent.failures_begin, extent.failures};
  }
  session_.policies = {policies_.data(), policies_.size()};
  for (const diagnostic& note : notes_) sink(note);
  return session_;
}

}  // namespace tlsrpt

#endif
