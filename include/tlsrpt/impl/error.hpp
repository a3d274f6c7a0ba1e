/// @file
/// Bodies of error.hpp: looks codes up in the tables of detail/codes, one for each topic.

#ifndef TLSRPT_HPP_IMPL_ERROR
#define TLSRPT_HPP_IMPL_ERROR

#include <array>
#include <cstddef>

#include <tlsrpt/detail/codes/consistency.hpp>
#include <tlsrpt/detail/codes/envelope.hpp>
#include <tlsrpt/detail/codes/gzip.hpp>
#include <tlsrpt/detail/codes/host.hpp>
#include <tlsrpt/detail/codes/json.hpp>
#include <tlsrpt/detail/codes/ledger.hpp>
#include <tlsrpt/detail/codes/limit.hpp>
#include <tlsrpt/detail/codes/mail.hpp>
#include <tlsrpt/detail/codes/record.hpp>
#include <tlsrpt/detail/codes/report.hpp>
#include <tlsrpt/detail/codes/sts_policy.hpp>
#include <tlsrpt/detail/codes/tally.hpp>
#include <tlsrpt/detail/codes/tlsa.hpp>
#include <tlsrpt/detail/codes/value.hpp>

namespace tlsrpt {

namespace detail {

/// A table of codes. Compilers evaluate pointers in less time than spans.
struct code_table {
  const code_row* rows = nullptr;
  std::size_t size = 0;
  std::size_t before = 0;  ///< How many codes the topics before this one have.

  constexpr code_table() noexcept = default;
  template <std::size_t Size>
  constexpr code_table(const code_row (&table)[Size]) noexcept : rows(table), size(Size) {}
};

/// The tables, each at the place that the high octet of its codes says.
inline constexpr auto code_tables = [] {
  std::array tables = {code_table(),
                       code_table(record_codes),
                       code_table(host_codes),
                       code_table(json_codes),
                       code_table(report_codes),
                       code_table(value_codes),
                       code_table(gzip_codes),
                       code_table(envelope_codes),
                       code_table(sts_policy_codes),
                       code_table(tlsa_codes),
                       code_table(consistency_codes),
                       code_table(mail_codes),
                       code_table(limit_codes),
                       code_table(ledger_codes),
                       code_table(tally_codes)};
  std::size_t count = 0;
  for (code_table& table : tables) {
    table.before = count;
    count += table.size;
  }
  return tables;
}();
inline constexpr std::size_t code_count = code_tables.back().before + code_tables.back().size;

inline constexpr code_row no_error{errc::ok, grade::note, "ok", "", "No error."};
inline constexpr code_row no_code{errc::ok, grade::fatal, "unknown-code", "",
                                  "This number is not a code of this version of the library."};

constexpr const code_row& row_of(errc code) noexcept {
  const auto number = static_cast<std::size_t>(code);
  const std::size_t topic = number >> 8, index = number & 0xff;
  if (topic < code_tables.size() && index < code_tables[topic].size)
    return code_tables[topic].rows[index];
  return code == errc::ok ? no_error : no_code;
}

/// All codes one after the other.
struct all_of_codes {
  errc codes[code_count]{};
};
inline constexpr all_of_codes code_list = [] {
  all_of_codes list;
  errc* next = list.codes;
  std::uint16_t first = 0;
  for (const code_table& table : code_tables) {
    for (std::size_t i = 0; i < table.size; ++i) *next++ = static_cast<errc>(first + i);
    first += 0x100;
  }
  return list;
}();

/// The place of `code` in all_codes(); code_count for a number that is not a code, and for
/// errc::ok.
constexpr std::size_t place_of(errc code) noexcept {
  const auto number = static_cast<std::size_t>(code);
  const std::size_t topic = number >> 8, index = number & 0xff;
  if (topic >= code_tables.size() || index >= code_tables[topic].size) return code_count;
  return code_tables[topic].before + index;
}

}  // namespace detail

constexpr std::span<const errc> all_codes() noexcept {
  return {detail::code_list.codes, detail::code_count};
}

constexpr grade grade_of(errc code) noexcept { return detail::row_of(code).how_grave; }

constexpr std::string_view name(errc code) noexcept { return detail::row_of(code).name; }

constexpr std::string_view message(errc code) noexcept { return detail::row_of(code).message; }

constexpr std::string_view requirement(errc code) noexcept {
  return detail::row_of(code).requirement;
}

constexpr std::string_view name(grade g) noexcept {
  constexpr std::string_view names[] = {"note", "warning", "violation", "fatal"};
  const auto place = static_cast<std::size_t>(g);
  return place < std::size(names) ? names[place] : std::string_view();
}

}  // namespace tlsrpt

#endif
