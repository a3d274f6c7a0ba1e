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

/// The tables, each at the place that the high octet of its codes says.
inline constexpr std::span<const code_row> code_tables[] = {
    {},          record_codes,   host_codes,       json_codes, report_codes,      value_codes,
    gzip_codes,  envelope_codes, sts_policy_codes, tlsa_codes, consistency_codes, mail_codes,
    limit_codes, ledger_codes,   tally_codes,
};

inline constexpr code_row no_error{errc::ok, grade::note, "ok", "", "No error."};
inline constexpr code_row no_code{errc::ok, grade::fatal, "unknown-code", "",
                                  "This number is not a code of this version of the library."};

constexpr const code_row& row_of(errc code) noexcept {
  const auto number = static_cast<std::size_t>(code);
  const std::size_t topic = number >> 8, index = number & 0xff;
  if (topic < std::size(code_tables) && index < code_tables[topic].size())
    return code_tables[topic][index];
  return code == errc::ok ? no_error : no_code;
}

inline constexpr std::size_t code_count = [] {
  std::size_t count = 0;
  for (const auto& table : code_tables) count += table.size();
  return count;
}();

/// All codes one after the other, and whether each row is at the place that its code says.
inline constexpr std::array<errc, code_count> code_list = [] {
  std::array<errc, code_count> list{};
  std::size_t size = 0;
  for (const auto& table : code_tables)
    for (const code_row& row : table) list[size++] = row.code;
  return list;
}();
static_assert([] {
  for (errc code : code_list)
    if (row_of(code).code != code) return false;
  return true;
}());

/// How many codes the topics before that of `code` have.
constexpr std::size_t codes_before_topic(std::size_t topic) noexcept {
  std::size_t count = 0;
  for (std::size_t t = 0; t < topic && t < std::size(code_tables); ++t)
    count += code_tables[t].size();
  return count;
}

/// The place of `code` in all_codes(); code_count for a number that is not a code, and for
/// errc::ok.
constexpr std::size_t place_of(errc code) noexcept {
  constexpr auto before = [] {
    std::array<std::uint16_t, std::size(code_tables)> counts{};
    for (std::size_t topic = 0; topic < counts.size(); ++topic)
      counts[topic] = static_cast<std::uint16_t>(codes_before_topic(topic));
    return counts;
  }();
  const auto number = static_cast<std::size_t>(code);
  const std::size_t topic = number >> 8, index = number & 0xff;
  if (topic >= std::size(code_tables) || index >= code_tables[topic].size()) return code_count;
  return before[topic] + index;
}

}  // namespace detail

constexpr std::span<const errc> all_codes() noexcept { return detail::code_list; }

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
