/// @file
/// Bodies of write_report.hpp.

#ifndef TLSRPT_HPP_IMPL_WRITE_REPORT
#define TLSRPT_HPP_IMPL_WRITE_REPORT

#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

#include <tlsrpt/detail/text/ascii.hpp>
#include <tlsrpt/detail/text/number.hpp>
#include <tlsrpt/detail/write/report_fault.hpp>
#include <tlsrpt/hostname.hpp>
#include <tlsrpt/schema.hpp>
#include <tlsrpt/tlsa_record.hpp>

namespace tlsrpt {

namespace detail {

/// Writes the values of a report without fault.
template <class Out>
class strict_values : faithful_values<Out> {
 public:
  using faithful_values<Out>::faithful_values;

  /// Writes the value of a member of `view`.
  template <class Member, class View, class Value>
  constexpr void put(const Member& member, const View& view,
                     const Value& value) noexcept(is_nothrow_output<Out>) {
    if constexpr (std::is_same_v<Value, std::string_view>)
      put_text(member.id, value);
    else if constexpr (std::is_same_v<Value, std::span<const std::string_view>>)
      put_texts(member.id, value, view.policy_type.value);
    else
      put_value(value);
  }

 private:
  using faithful_values<Out>::json_;
  using faithful_values<Out>::put_value;

  constexpr void put_text(field member, std::string_view text) noexcept(is_nothrow_output<Out>) {
    if (member == field::policy_domain || member == field::receiving_mx_hostname)
      put_name(text);
    else
      put_value(text);
  }

  constexpr void put_texts(field member, std::span<const std::string_view> texts,
                           policy_type type) noexcept(is_nothrow_output<Out>) {
    if (member == field::policy_string && type != policy_type::tlsa) return put_value(texts);
    json_.begin_array();
    if (member == field::mx_host) {
      for (std::string_view pattern : texts) put_name(pattern);
    } else {
      sorted_tlsa_set records(texts);
      for (std::string_view text; records.next(text);) put_tlsa_record(text);
    }
    json_.end_array();
  }

  /// A host name, or a pattern of names; other texts are written as they are.
  constexpr void put_name(std::string_view text) noexcept(is_nothrow_output<Out>) {
    const std::size_t first = text.starts_with(any_label) ? any_label.size() : 0;
    if (!is_host_name(text.substr(first))) return json_.string(text);
    const host_text host = canonical_host(text.substr(first));
    json_.begin_string();
    json_.add(text.substr(0, first));
    json_.add(host);
    json_.end_string();
  }

  constexpr void put_tlsa_record(std::string_view text) noexcept(is_nothrow_output<Out>) {
    const tlsa_record_view record = read_tlsa_record(text);
    if (!record.readable()) return json_.string(text);
    json_.begin_string();
    put_field(static_cast<std::uint8_t>(record.usage));
    put_field(static_cast<std::uint8_t>(record.selector));
    put_field(static_cast<std::uint8_t>(record.matching_type));
    for (char digit : record.data) {
      const char lower = lower_case(digit);
      json_.add({&lower, 1});
    }
    json_.end_string();
  }
  constexpr void put_field(std::uint8_t number) noexcept(is_nothrow_output<Out>) {
    short_text<4> field;
    put_number(field, number);
    field.append(" ");
    json_.add(field);
  }
};

}  // namespace detail

template <text_output Out>
result<void> write_report(Out&& out, const report_view& report,
                          json_layout layout) noexcept(detail::is_nothrow_output<Out>) {
  const diagnostic fault = detail::report_inspector().find_fault(report);
  if (fault.code != errc::ok) return fault;
  detail::report_writer<std::remove_reference_t<Out>, detail::strict_values> writer(out, layout);
  writer.object(schema::report, report);
  return {};
}

inline result<std::size_t> report_size(const report_view& report, json_layout layout) noexcept {
  span_output counter({});
  const result<void> written = write_report(counter, report, layout);
  if (!written) return written.error();
  return counter.size();
}

}  // namespace tlsrpt

#endif
