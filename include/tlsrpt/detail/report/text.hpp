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

#include <tlsrpt/detail/core/any_gate.hpp>
#include <tlsrpt/detail/core/buffer.hpp>
#include <tlsrpt/detail/core/reset_on_move.hpp>
#include <tlsrpt/detail/text/utf8.hpp>
#include <tlsrpt/detail/text/words.hpp>
#include <tlsrpt/detail/json/fault.hpp>
#include <tlsrpt/detail/json/index.hpp>
#include <tlsrpt/detail/json/walk.hpp>
#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/detail/report/gunzip.hpp>
#include <tlsrpt/limits.hpp>
#include <tlsrpt/padded.hpp>
#include <tlsrpt/payload.hpp>
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

  /// Copies or inflates `bytes`, which may lie in these buffers, into a padded one. False: the gate
  /// has the error, about gzip, other containers or limits.
  template <class Inflater, class Gate>
  bool load(std::span<const std::byte> bytes, Inflater& inflater, const limits& limits,
            Gate& gate) {
    recycle_for(bytes);
    if (is_gzip(bytes)) return inflate(bytes, inflater, limits, gate);
    if (!may_be_json(bytes, limits, gate)) return false;
    if (!buffer_.assign(bytes)) return gate.stop(errc::out_of_memory, {});
    text_.value = {buffer_.data(), bytes.size()};
    return true;
  }

  /// Borrows a padded text, which may lie in these buffers. False: the gate has the error.
  template <class Gate>
  bool borrow(padded_view json, const limits& limits, Gate& gate) noexcept {
    const auto octets = std::as_bytes(std::span(json.text()));
    recycle_for(octets);
    if (!json.is_padded()) return gate.stop(errc::insufficient_padding, {});
    if (is_gzip(octets)) return gate.stop(errc::gzip_in_place, {});
    if (!may_be_json(octets, limits, gate)) return false;
    text_.value = json.text();
    return true;
  }

  /// Indexes the text, which keeps the attainable `limits`. A fault after the end of the first JSON
  /// value does not concern the report: then only the value is indexed, and cut_at() says where it
  /// ends. False: the gate has the error.
  template <class Gate>
  bool index(const limits& limits, Gate& gate) noexcept {
    const std::string_view text = this->text();
    max_depth_ = limits.max_depth;
    cut_at_ = text.size();
    index_status status = index_.build(text.data(), text.size());
    if (status == index_status::fault) {
      const json_fault fault = first_fault();
      if (fault.code != errc::ok) return gate.stop(fault.code, {.offset = fault.offset});
      cut_at_ = fault.offset;
      status = index_.build(text.data(), cut_at_);
    }
    if (status != index_status::ok) return gate.stop(code_of(status), {});
    const bool has_escapes = std::memchr(text.data(), '\\', text.size()) != nullptr;
    // Once for the strings, once more for those that hold an array.
    if (has_escapes && !unescaped_.reserve(2 * text.size(), 0))
      return gate.stop(errc::out_of_memory, {});
    walk_ = json_walk(text.data(), has_escapes, max_depth_);
    return true;
  }

  /// The first fault of the whole text, or the end of its first value; offsets in the whole text.
  json_fault first_fault() const noexcept {
    const std::size_t begin = has_byte_order_mark() ? byte_order_mark.size() : 0;
    json_fault fault = json_fault_finder(text().substr(begin), max_depth_).find();
    fault.offset += begin;
    return fault;
  }

  std::string_view text() const noexcept { return text_.value; }
  bool has_byte_order_mark() const noexcept { return begins_with<byte_order_mark>(text()); }
  std::size_t cut_at() const noexcept { return cut_at_; }
  const json_walk& walk() const noexcept { return walk_; }
  const json_index& tokens() const noexcept { return index_; }
  /// Room for unescaped strings: twice the text's size when it has any escape.
  padded_buffer& unescaped() noexcept { return unescaped_; }

  void release() noexcept {
    text_.value = {};
    buffer_.release();
    unescaped_.release();
    aside_.release();
    index_.release();
  }

 private:
  template <class Inflater, class Gate>
  [[gnu::noinline]] bool inflate(std::span<const std::byte> gzip, Inflater& inflater,
                                 const limits& limits, Gate& gate) {
    any_sink sink(gate.sink());
    const result<std::size_t> size =
        gunzip(gzip, buffer_, inflater, limits, any_conformance(gate.conformance()), sink);
    if (!size) return gate.stop(size.error());
    text_.value = {buffer_.data(), *size};
    const auto inflated = std::as_bytes(std::span(text()));
    const errc foreign =
        is_gzip(inflated) ? errc::nested_gzip : refusal_of(classify_payload(inflated));
    return foreign == errc::ok || gate.stop(foreign, {});
  }

  template <class Gate>
  static bool may_be_json(std::span<const std::byte> octets, const limits& limits,
                          Gate& gate) noexcept {
    if (octets.size() > limits.max_text_bytes)
      return gate.stop(errc::text_too_long, {.offset = limits.max_text_bytes});
    const errc foreign = refusal_of(classify_payload(octets));
    return foreign == errc::ok || gate.stop(foreign, {});
  }

  static constexpr errc code_of(index_status status) noexcept {
    switch (status) {
      case index_status::out_of_memory:
        return errc::out_of_memory;
      case index_status::unusable:
        return errc::simdjson_unusable;
      default:
        return errc::json_expected_value;
    }
  }

  /// Makes the buffers ready for another text, which is read from `input`. A buffer in which the
  /// input lies is set aside, so that nothing is written to it before the next call.
  void recycle_for(std::span<const std::byte> input) noexcept {
    text_.value = {};
    if (buffer_.holds(input))
      std::swap(buffer_, aside_);
    else if (unescaped_.holds(input))
      std::swap(unescaped_, aside_);
    else if (!aside_.holds(input))
      aside_.recycle();
    buffer_.recycle();
    unescaped_.recycle();
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
