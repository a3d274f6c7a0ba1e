/// @file
/// What a code means: its grade, its stable name, a sentence, and the paragraph it comes from.

#ifndef TLSRPT_HPP_ERROR
#define TLSRPT_HPP_ERROR

#include <cstdint>
#include <span>
#include <string_view>

#include <tlsrpt/errc.hpp>

namespace tlsrpt {

/// Every code except errc::ok, in the order of the enumeration.
constexpr std::span<const errc> all_codes() noexcept;

/// How grave `code` is; grade::fatal for a number that is not a code. Constant time.
constexpr grade grade_of(errc code) noexcept;

/// A stable kebab-case name such as "missing-time-zone", for logs and for programs; "unknown-code"
/// for a number that is not a code. Like all texts of this header it is a literal: it lives as long
/// as the program, and a NUL follows it.
constexpr std::string_view name(errc code) noexcept;

/// One sentence for a person, without the offending text.
constexpr std::string_view message(errc code) noexcept;

/// The paragraph that the code comes from, such as "RFC 8460, 4.4"; empty for codes that no RFC
/// causes.
constexpr std::string_view requirement(errc code) noexcept;

/// "note", "warning", "violation" or "fatal"; empty for another value.
constexpr std::string_view name(grade g) noexcept;

}  // namespace tlsrpt

#include <tlsrpt/impl/error.hpp>

#endif
