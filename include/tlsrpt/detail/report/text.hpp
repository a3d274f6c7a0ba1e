/// @file
/// From the octets of a report to a padded JSON text and its structural index.

#ifndef TLSRPT_HPP_DETAIL_REPORT_TEXT
#define TLSRPT_HPP_DETAIL_REPORT_TEXT

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>

#include <tlsrpt/conformance.hpp>
#include <tlsrpt/detail/core/buffer.hpp>
#include <tlsrpt/detail/core/reset_on_move.hpp>
#include <tlsrpt/detail/text/container.hpp>
#include <tlsrpt/detail/text/utf8.hpp>
#include <tlsrpt/detail/json/fault.hpp>
#include <tlsrpt/detail/json/index.hpp>
#include <tlsrpt/detail/json/walk.hpp>
#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/detail/report/gunzip.hpp>
#include <tlsrpt/limits.hpp>
#include <tlsrpt/padded.hpp>
#include <tlsrpt/result.hpp>

namespace tlsrpt::detail {

/// The text of one report, with the buffers it lives in. They keep their memory from report to
/// report.
class report_text {
 public:
  /// The nesting that is possible at all: json_walk keeps a bit per level.
  static constexpr std::uint32_t deepest = 32;

  /// The limits, as far as they can be reached.
  static constexpr limits attainable(limits wanted) noexcept {
    wanted.max_text_bytes = std::min(wanted.max_text_bytes, json_index::largest_text);
    wanted.max_depth = std::min(wanted.max_depth, deepest);
    return wanted;
  }

  /// Copies or inflates `bytes`, which may lie in these buffers, into a padded one. Errors: gzip,
  /// other containers, limits.
  template <class Inflater, class Conformance, class Sink>
  diagnostic load(std::span<const std::byte> bytes, Inflater& inflater, const limits& limits,
                  const Conformance& conformance, Sink& sink) {
    recycle_for(bytes);
    if (is_gzip(bytes)) {
      const result<std::size_t> size = gunzip(bytes, buffer_, inflater, limits, conformance, sink);
      if (!size) return size.error();
      text_.value = {buffer_.data(), *size};
      const auto inflated = std::as_bytes(std::span(text()));
      if (is_gzip(inflated)) return {errc::nested_gzip};
      return {foreign_container(inflated)};
    }
    const errc foreign = foreign_container(bytes);
    if (foreign != errc::ok) return {foreign};
    if (bytes.size() > limits.max_text_bytes)
      return {errc::text_too_long, {.offset = limits.max_text_bytes}};
    if (!buffer_.assign(bytes)) return {errc::out_of_memory};
    text_.value = {buffer_.data(), bytes.size()};
    return {};
  }

  /// Borrows a padded text, which may lie in these buffers.
  diagnostic borrow(padded_view json, const limits& limits) noexcept {
    const auto octets = std::as_bytes(std::span(json.text()));
    recycle_for(octets);
    if (!json.is_padded()) return {errc::insufficient_padding};
    if (is_gzip(octets)) return {errc::gzip_in_place};
    if (octets.size() > limits.max_text_bytes)
      return {errc::text_too_long, {.offset = limits.max_text_bytes}};
    const errc foreign = foreign_container(octets);
    if (foreign != errc::ok) return {foreign};
    text_.value = json.text();
    return {};
  }

  /// Indexes the text, which keeps the attainable `limits`. A fault after the end of the first JSON
  /// value does not concern the report: then only the value is indexed, and cut_at() says where it
  /// ends.
  diagnostic index(const limits& limits) noexcept {
    const std::string_view text = this->text();
    max_depth_ = limits.max_depth;
    cut_at_ = text.size();
    index_status status = index_.build(text.data(), text.size());
    if (status == index_status::fault) {
      const json_fault fault = first_fault();
      if (fault.code != errc::ok) return {fault.code, {.offset = fault.offset}};
      cut_at_ = fault.offset;
      status = index_.build(text.data(), cut_at_);
    }
    switch (status) {
      case index_status::ok:
        break;
      case index_status::fault:
        return {errc::json_expected_value};
      case index_status::out_of_memory:
        return {errc::out_of_memory};
      case index_status::unusable:
        return {errc::simdjson_unusable};
    }
    const bool has_escapes = std::memchr(text.data(), '\\', text.size()) != nullptr;
    // Once for the strings, once more for those that hold an array.
    if (has_escapes && !unescaped_.reserve(2 * text.size(), 0)) return {errc::out_of_memory};
    walk_ = json_walk(text.data(), has_escapes, max_depth_);
    return {};
  }

  /// The first fault of the whole text, or the end of its first value; offsets in the whole text.
  json_fault first_fault() const noexcept {
    const std::size_t begin = has_byte_order_mark() ? byte_order_mark.size() : 0;
    json_fault fault = json_fault_finder(text().substr(begin), max_depth_).find();
    fault.offset += begin;
    return fault;
  }

  std::string_view text() const noexcept { return text_.value; }
  bool has_byte_order_mark() const noexcept { return text().starts_with(byte_order_mark); }
  std::size_t cut_at() const noexcept { return cut_at_; }
  const json_walk& walk() const noexcept { return walk_; }
  const json_index& tokens() const noexcept { return index_; }
  /// Room for unescaped strings: twice the text's size when it has any escape.
  padded_buffer& unescaped() noexcept { return unescaped_; }
  const char* unescaped_limit() const noexcept { return unescaped_.data() + unescaped_.capacity(); }

  void release() noexcept {
    text_.value = {};
    buffer_.release();
    unescaped_.release();
    aside_.release();
    index_.release();
  }

 private:
  /// Makes the buffers ready for another text, which is read from `input`. A buffer in which the
  /// input lies is set aside, so that nothing is written to it before the next call.
  void recycle_for(std::span<const std::byte> input) noexcept {
    text_.value = {};
    for (padded_buffer* const buffer : {&buffer_, &unescaped_}) {
      if (buffer->holds(input)) [[unlikely]]
        std::swap(*buffer, aside_);
    }
    buffer_.recycle();
    unescaped_.recycle();
    if (!aside_.holds(input)) aside_.recycle();
  }

  reset_on_move<std::string_view> text_;
  std::size_t cut_at_ = 0;
  std::uint32_t max_depth_ = 0;
  padded_buffer buffer_;
  padded_buffer unescaped_;
  padded_buffer aside_;
  json_index index_;
  json_walk walk_;
};

}  // namespace tlsrpt::detail

#endif
