/// @file
/// Writes the text form of a tally.

#ifndef TLSRPT_HPP_DETAIL_TALLY_WRITER
#define TLSRPT_HPP_DETAIL_TALLY_WRITER

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <tlsrpt/day.hpp>
#include <tlsrpt/detail/core/buffer.hpp>
#include <tlsrpt/detail/json/writer.hpp>
#include <tlsrpt/detail/tally/keys.hpp>
#include <tlsrpt/detail/tally/parts.hpp>
#include <tlsrpt/detail/tally/rows.hpp>
#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/output.hpp>

namespace tlsrpt::detail {

/// What a tally has, and its text.
struct tally_text {
  tlsrpt::day day;
  const tally_parts& parts;
  std::uint64_t lost, carried_reports;
  const tally_rows &domains, &records, &policies, &failures;

  /// False when there is no memory; then nothing is written.
  template <class Out>
  bool write(Out& out) const noexcept(is_nothrow_output<Out>) {
    // All have room before anything is written.
    sorted_rows rows;
    std::size_t most_policies = 0, most_records = 0, most_failures = 0, lines = 0;
    for (std::uint32_t row = 0; row < domains.size(); ++row) {
      most_policies = std::max<std::size_t>(most_policies, domains[row].below[0]);
      most_records = std::max<std::size_t>(most_records, domains[row].below[1]);
      if (domains[row].is_counted()) ++lines;
    }
    for (std::uint32_t row = 0; row < policies.size(); ++row) {
      most_failures = std::max<std::size_t>(most_failures, policies[row].below[0]);
      if (policies[row].is_counted()) ++lines;
    }
    if (!rows.domains.reserve(domains.size()) || !rows.records.reserve(most_records) ||
        !rows.policies.reserve(most_policies) || !rows.failures.reserve(most_failures))
      return false;
    for (std::uint32_t row = 0; row < domains.size(); ++row)
      if (domains[row].is_counted()) rows.domains.push(row);
    std::sort(rows.domains.data(), rows.domains.data() + rows.domains.size(),
              [this](std::uint32_t a, std::uint32_t b) { return domains[a].key < domains[b].key; });
    write_header(out, lines);
    for (const std::uint32_t row : span_of(rows.domains)) write_domain(out, domains[row], rows);
    return true;
  }

 private:
  struct sorted_rows {
    arena<std::uint32_t> domains, records, policies, failures;
  };

  static std::span<const std::uint32_t> span_of(const arena<std::uint32_t>& rows) noexcept {
    return {rows.data(), rows.size()};
  }

  template <class Out>
  void write_header(Out& out, std::uint64_t lines) const noexcept(is_nothrow_output<Out>) {
    json_writer<Out> json(out);
    json.begin_object();
    number(json, "_tally", 1);
    json.key("day");
    const day_text date = to_text(day);
    json.string(date);
    json.key("parts");
    json.begin_array();
    for (const tally_part& part : parts.all()) {
      json.begin_array();
      write_clean(json, part.host, part.host.size());
      json.number(part.first);
      json.number(part.last);
      json.end_array();
    }
    json.end_array();
    number(json, "lost", lost);
    number(json, "reports", carried_reports);
    number(json, "lines", lines);
    json.end_object();
    put(out, '\n');
  }

  template <class Out>
  void write_domain(Out& out, const tally_row& domain, sorted_rows& rows) const
      noexcept(is_nothrow_output<Out>) {
    static_cast<void>(sort_below(domain, records, 1, rows.records));
    static_cast<void>(sort_below(domain, policies, 0, rows.policies));
    json_writer<Out> json(out);
    json.begin_object();
    json.key("domain");
    json.string(domain.key);
    number(json, "sessions", domain.counts[0]);
    json.key("records");
    json.begin_array();
    for (const std::uint32_t row : span_of(rows.records)) json.string(records[row].key);
    json.end_array();
    json.end_object();
    put(out, '\n');
    for (const std::uint32_t row : span_of(rows.policies)) write_policy(out, policies[row], rows);
  }

  template <class Out>
  void write_policy(Out& out, const tally_row& policy, sorted_rows& rows) const
      noexcept(is_nothrow_output<Out>) {
    put(out, "{\"policy\":");
    put(out, policy.key);
    put(out, ",\"ok\":");
    put_number(out, policy.counts[0]);
    put(out, ",\"failed\":");
    put_number(out, policy.counts[1]);
    put(out, ",\"failures\":[");
    static_cast<void>(sort_below(policy, failures, 0, rows.failures));
    const char* before = "[";
    for (const std::uint32_t row : span_of(rows.failures)) {
      put(out, before);
      put(out, failures[row].key);
      for (const std::uint64_t count : failures[row].counts) {
        put(out, ',');
        put_number(out, count);
      }
      put(out, ']');
      before = ",[";
    }
    put(out, "]}\n");
  }

  template <class Out>
  static void number(json_writer<Out>& json, std::string_view key,
                     std::uint64_t value) noexcept(is_nothrow_output<Out>) {
    json.key(key);
    json.number(value);
  }
};

}  // namespace tlsrpt::detail

#endif
