/// @file
/// Bodies of write_record.hpp.

#ifndef TLSRPT_HPP_IMPL_WRITE_RECORD
#define TLSRPT_HPP_IMPL_WRITE_RECORD

#include <cstddef>
#include <cstdint>

#include <tlsrpt/detail/core/remark.hpp>
#include <tlsrpt/detail/record/uri.hpp>
#include <tlsrpt/detail/text/ascii.hpp>
#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/field_name.hpp>
#include <tlsrpt/detail/text/fold.hpp>
#include <tlsrpt/limits.hpp>

namespace tlsrpt {

namespace detail {

/// Adds `uri`, which can be written, in canonical form.
template <class Out>
constexpr void put_canonical_uri(Out& out, std::string_view uri) noexcept(is_nothrow_output<Out>) {
  const std::size_t scheme_size = scheme_of(uri).size();
  for (std::size_t i = 0; i < uri.size(); ++i) {
    switch (uri[i]) {
      case ',':
        put(out, "%2C");
        break;
      case '!':
        put(out, "%21");
        break;
      case ';':
        put(out, "%3B");
        break;
      case ' ':
      case '\t':
        break;  // What can be written has whitespace after its scheme at most.
      default:
        if (equals_folded(uri.substr(i, 3), "%2c")) {
          put(out, "%2C");
          i += 2;
        } else if (equals_folded(uri.substr(i, 3), "%3b")) {
          put(out, "%3B");
          i += 2;
        } else {
          put(out, i < scheme_size ? lower_case(uri[i]) : uri[i]);
        }
    }
  }
}

/// Adds a record of parts that can be written.
template <class Out>
constexpr void put_record(
    Out& out, std::span<const std::string_view> uris,
    std::span<const extension_view> extensions) noexcept(is_nothrow_output<Out>) {
  put(out, record_version);
  std::string_view before = "; rua=";
  for (std::string_view uri : uris) {
    put(out, before);
    put_canonical_uri(out, uri);
    before = ",";
  }
  for (const extension_view& extension : extensions) {
    put(out, "; ");
    put(out, extension.name);
    put(out, '=');
    put(out, extension.value);
  }
}

/// What forbids writing `uri`; errc::ok when nothing does. "," "!" ";" will be encoded.
constexpr remark find_unwritable(std::string_view uri) noexcept {
  char encodable[max_record_bytes];
  if (uri.size() > sizeof encodable) return {errc::record_too_long, 0};
  for (std::size_t i = 0; i < uri.size(); ++i)
    encodable[i] = uri[i] == ',' || uri[i] == '!' || uri[i] == ';' ? '$' : uri[i];
  const uri_examination found = examine_uri({encodable, uri.size()});
  if (found.fault.code != errc::ok) return found.fault;
  if (found.scheme == uri_scheme::other) return {errc::no_supported_endpoint, 0};
  return {};
}

/// What forbids writing `extension`, with the offset in its name or its value.
constexpr remark find_unwritable(const extension_view& extension) noexcept {
  const std::size_t in_name = find_name_fault(extension.name);
  if (in_name != std::string_view::npos) return {errc::extension_name, in_name};
  if (equals_folded(extension.name, "rua")) return {errc::extension_name, extension.name.size()};
  const std::size_t in_value = find_value_fault(extension.value);
  if (in_value != std::string_view::npos) return {errc::extension_value, in_value};
  return {};
}

/// The first of `parts` that cannot be written.
template <class Part>
constexpr result<void> check_writable(std::span<const Part> parts) noexcept {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const remark found = find_unwritable(parts[i]);
    if (found.code != errc::ok)
      return diagnostic{
          found.code,
          {.offset = found.offset, .element = static_cast<std::uint32_t>(i), .in = source::record}};
  }
  return {};
}

/// Adds an octet of a quoted string in a zone file.
template <class Out>
constexpr void put_zone_octet(Out& out, char octet) noexcept(is_nothrow_output<Out>) {
  if (octet == '"' || octet == '\\') put(out, '\\');
  if (!control_octet(octet) && !octet_above_ascii(octet)) return put(out, octet);
  const auto number = static_cast<std::uint8_t>(octet);
  put(out, '\\');
  for (const int digit : {number / 100, number / 10 % 10, number % 10})
    put(out, static_cast<char>('0' + digit));
}

}  // namespace detail

template <text_output Out>
constexpr result<void> write_record(
    Out&& out, std::span<const std::string_view> uris,
    std::span<const extension_view> extensions) noexcept(detail::is_nothrow_output<Out>) {
  if (uris.empty()) return diagnostic{errc::missing_rua, {.in = source::record}};
  if (const auto checked = detail::check_writable(uris); !checked) return checked;
  if (const auto checked = detail::check_writable(extensions); !checked) return checked;
  span_output counted({});
  detail::put_record(counted, uris, extensions);
  if (counted.size() > max_record_bytes)
    return diagnostic{errc::record_too_long, {.offset = max_record_bytes, .in = source::record}};
  detail::put_record(out, uris, extensions);
  return {};
}

template <text_output Out>
constexpr void write_zone_strings(Out&& out, std::string_view record) noexcept(
    detail::is_nothrow_output<Out>) {
  constexpr std::size_t longest = 255;
  do {
    const std::string_view piece = record.substr(0, longest);
    record.remove_prefix(piece.size());
    detail::put(out, '"');
    for (const char c : piece) detail::put_zone_octet(out, c);
    detail::put(out, record.empty() ? "\"" : "\" ");
  } while (!record.empty());
}

}  // namespace tlsrpt

#endif
